#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::rules {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules";

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::met: return "met";
    case Outcome::warned: return "warned";
    case Outcome::unknown: return "unknown";
    case Outcome::broken: break;
  }
  return "broken";
}

}  // namespace

const Library& shipped() {
  static const Library library = [] {
    auto read = Library::load(kFolder);
    if (!read) ADD_FAILURE() << read.error().detail;
    return std::move(read).value();
  }();
  return library;
}

const Catalogue& sentences() {
  static const Catalogue catalogue = [] {
    auto read = Catalogue::load(kFolder / "messages.toml");
    if (!read) ADD_FAILURE() << read.error().detail;
    return std::move(read).value();
  }();
  return catalogue;
}

Date day(std::string_view text) {
  return calendar::parse_date(text).value();
}

Amount eur(std::int64_t minor) {
  return {minor, Currency::eur};
}

Amount chf(std::int64_t minor) {
  return {minor, Currency::chf};
}

const Pack& pack_on(std::string_view id, std::string_view date) {
  return *shipped().in_force(id, day(date)).value();
}

Verdict judged(const Pack& pack, const Facts& facts) {
  Verdict verdict = evaluate(pack, facts, shipped().holidays());
  for (const Locale locale : {Locale::fr_fr, Locale::fr_ch, Locale::de_ch}) {
    const VerdictWords words = sentences().words(pack, verdict, locale);
    EXPECT_FALSE(words.summary.empty() || words.pack.empty() || words.jurist.empty());
    for (std::size_t i = 0; i < words.rules.size(); ++i) {
      for (std::size_t j = 0; j < words.rules[i].sentences.size(); ++j) {
        const std::string& sentence = words.rules[i].sentences[j];
        EXPECT_NE(sentence, verdict.rules[i].reasons[j].id) << "there is no such sentence";
        EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
        for (const char* raw : {"fact.", "office.", "what.", "method.", "country."}) {
          EXPECT_EQ(sentence.find(raw), std::string::npos) << sentence << ": a label without words";
        }
      }
    }
  }
  return verdict;
}

std::string said(const Verdict& verdict, std::string_view rule) {
  for (const RuleVerdict& judged : verdict.rules) {
    if (judged.rule->id != rule) continue;
    std::string out = std::string(name_of(judged.outcome)) + ":";
    for (const Reason& reason : judged.reasons) out += " " + reason.id;
    return out;
  }
  return "-";
}

std::string outcome(const Verdict& verdict, std::string_view rule) {
  const std::string words = said(verdict, rule);
  return words.substr(0, words.find(':'));
}

}  // namespace cluse::domain::rules
