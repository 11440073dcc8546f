// Aim: every reason can be said in French and in German, with numbers, dates and amounts as the reader writes them.
// Method: the ids are taken from the sources; a few whole sentences; every other test says its verdicts too
// (testing.h).

#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace cluse::domain::rules {
namespace {

std::string sources() {
  std::string all;
  const std::filesystem::path folder = std::filesystem::path(CLUSE_SOURCE_DIR) / "server/domain/rules";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".cpp") || name.ends_with("_test.cpp") || name == "testing.cpp") continue;
    std::ifstream file(entry.path());
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

TEST(Catalogue, HasExactlyTheSentencesThatTheSourcesUse) {
  const std::string text = sources();
  const std::regex used(
      R"re("((?:ceiling|share|envelope|place|partners|closing|notice|quorum|substitution|attendance|proxy|vote)re"
      R"re(|seats|scope|frequency|composition|postponement|summary|pack|fact|facts|rate|amount)_[a-z_]+)")re");
  std::set<std::string> ids;
  for (std::sregex_iterator it(text.begin(), text.end(), used), end; it != end; ++it) ids.insert((*it)[1]);
  for (const char* other : {"seats_impossible", "share_max"}) ids.erase(other);  // an error's code, a kind of rule
  ids.insert({"ceiling_met_strict", "ceiling_broken_strict"});                   // put together from two parts
  EXPECT_GT(ids.size(), 60U) << "the search still finds them";
  for (const std::string& id : ids) EXPECT_TRUE(sentences().has(id)) << id;
  for (const auto& [id, arguments] : sentences().arguments()) EXPECT_TRUE(ids.contains(id)) << id << " is used nowhere";
}

TEST(Catalogue, SaysAmountsAndDatesAsTheReaderWritesThem) {
  const Reason ceiling{"ceiling_broken_strict",
                       {{"what", Label{"fact.total_cost"}}, {"amount", eur(35'000'00)}, {"limit", chf(1'234'567'89)}}};
  EXPECT_EQ(sentences().sentence(ceiling, Locale::fr_fr),
            "Coût total du projet\u202F: 35\u202F000,00\u00A0€, alors qu’il faut rester en dessous de "
            "1\u202F234\u202F567,89\u00A0CHF.");
  EXPECT_EQ(sentences().sentence(ceiling, Locale::de_ch),
            "Gesamtkosten des Projekts: EUR\u00A035’000.00, verlangt ist weniger als CHF\u00A01’234’567.89.");
  const Reason closing{"closing_met", {{"submitted", day("2026-03-01")}, {"closes", day("2026-04-15")}}};
  EXPECT_EQ(sentences().sentence(closing, Locale::fr_ch),
            "Déposé le 1 mars 2026, à temps pour l’appel qui se clôt le 15 avril 2026.");
  EXPECT_EQ(sentences().sentence(closing, Locale::de_ch),
            "Eingereicht am 1. März 2026, rechtzeitig für den Aufruf, der am 15. April 2026 schliesst.");
}

TEST(Catalogue, SaysAVerdictWithItsPackItsConventionAndItsSource) {
  const Pack& pack = pack_on("pole-nord-franche-comte", "2026-02-25");
  const Verdict verdict = judged(pack, Facts{.sendings = {{"dates", day("2026-01-11"), day("2026-02-25")}}});
  const VerdictWords fr = sentences().words(pack, verdict, Locale::fr_fr);
  EXPECT_EQ(fr.summary, "Au moins une règle n’est pas respectée.");
  EXPECT_EQ(fr.pack, "Pôle métropolitain Nord Franche-Comté, version 2020, en vigueur depuis le 24 janvier 2020");
  ASSERT_EQ(fr.rules.size(), 1U);
  EXPECT_EQ(fr.rules[0].sentences[0],
            "Annonce des dates\u202F: l’envoi du 11 janvier 2026 permet une séance à partir du 26 février 2026 "
            "seulement\u202F; celle du 25 février 2026 est trop tôt. Il aurait fallu envoyer le 10 janvier 2026 au "
            "plus tard.");
  EXPECT_NE(fr.rules[0].convention.find("un mois du calendrier plus 15 jours"), std::string::npos);
  EXPECT_NE(fr.jurist.find("juriste"), std::string::npos);
  const VerdictWords de = sentences().words(pack, verdict, Locale::de_ch);
  EXPECT_EQ(de.rules[0].title, "Ankündigung der Daten des Comité");
  EXPECT_EQ(de.rules[0].source.words, fr.rules[0].source.words) << "the source stays in its own language";
  EXPECT_EQ(de.rules[0].source.language, "fr");
}

TEST(Catalogue, FollowsTheTypographyOfEachLanguage) {
  std::ifstream file(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules/messages.toml");
  std::string line;
  int seen = 0;
  for (; std::getline(file, line); ++seen) {
    if (line.starts_with("fr = ")) {
      EXPECT_FALSE(std::regex_search(line, std::regex(" [;:!?»]|« |'"))) << line;
    }
    if (line.starts_with("de = ")) {
      EXPECT_EQ(line.find("ß"), std::string::npos) << line;
    }
  }
  EXPECT_GT(seen, 300);
}

TEST(Catalogue, RefusesASentenceThatCannotBeSaid) {
  const std::pair<const char*, const char*> cases[] = {
      {"[[message]]\nid = 'a'\nfr = 'x {n}'\nde = 'y {n}'\n", ""},
      {"[[message]]\nid = 'a'\nfr = 'x {n}'\nde = 'y'\n", "wants other arguments than fr"},
      {"[[message]]\nid = 'a'\nfr = 'x {n'\nde = 'y {n}'\n", "is not a pattern"},
      {"[[message]]\nid = 'a'\nfr = 'x'\n", "de: is missing"},
      {"[[message]]\nid = 'a'\nfr = 'x'\nde = 'y'\nit = 'z'\n", "there is no such key"},
      {"[[label]]\nkey = 'a'\nfr = 'x'\nde = 'y'\n[[label]]\nkey = 'a'\nfr = 'x'\nde = 'y'\n", "stands twice"},
  };
  for (const auto& [text, expected] : cases) {
    const auto read = Catalogue::read({"m.toml", text});
    const std::string words = read ? "" : read.error().detail;
    EXPECT_TRUE(*expected == '\0' ? words.empty() : words.find(expected) != std::string::npos) << text << words;
    if (!read) {
      EXPECT_EQ(read.error().code, "rule_messages_malformed");
    }
  }
}

TEST(Catalogue, SaysTheIdWhereASentenceIsMissing) {
  EXPECT_EQ(sentences().sentence({"nothing_of_the_kind"}, Locale::fr_fr), "nothing_of_the_kind");
}

}  // namespace
}  // namespace cluse::domain::rules
