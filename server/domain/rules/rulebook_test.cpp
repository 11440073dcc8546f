// Aim: every shipped rule can be read by people (parameters with labels and values) and every pack can be tried by a
// form whose questions have words. Method: the packs that ship, in every locale; a label without words shows its key,
// which no word looks like.

#include "server/domain/rules/rulebook.h"
#include "server/domain/rules/parameters.h"
#include "server/domain/rules/questions.h"
#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::rules {
namespace {

constexpr Locale kLocales[] = {Locale::fr_fr, Locale::fr_ch, Locale::de_ch};

bool is_key(const std::string& text) {
  return text.find('_') != std::string::npos || text.starts_with("parameter.") || text.starts_with("fact.");
}

TEST(Rulebook, LoadsWhatShipsAndNamesWhatIsInForce) {
  const auto book = Rulebook::load(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules");
  ASSERT_TRUE(book) << book.error().detail;
  const auto names = (*book)->in_force(day("2017-06-01"));
  EXPECT_NE(std::ranges::find(names, "fppt 2017"), names.end());
  EXPECT_EQ(std::ranges::find(names, "fppt 2016"), names.end());
  EXPECT_EQ((*book)->version("fppt", "2016").value()->stamp.version, "2016");
  EXPECT_EQ((*book)->version("fppt", "1999").error().code, "rule_pack_unknown");
}

TEST(Rulebook, RefusesAFolderThatIsNotThere) {
  const auto book = Rulebook::load("/nowhere/rules");
  ASSERT_FALSE(book);
  EXPECT_FALSE(book.error().detail.empty());
}

TEST(Parameters, OfEveryShippedRuleHaveWords) {
  for (const Pack& pack : shipped().packs()) {
    for (const Rule& rule : pack.rules) {
      for (const Locale locale : kLocales) {
        const auto listed = parameters(rule, sentences(), locale);
        EXPECT_FALSE(listed.empty()) << pack.stamp.id << ' ' << rule.id;
        for (const auto& [key, label, value] : listed) {
          EXPECT_FALSE(is_key(label)) << pack.stamp.id << ' ' << rule.id << ' ' << label;
          EXPECT_FALSE(is_key(value) || value.empty()) << pack.stamp.id << ' ' << rule.id << ' ' << value;
        }
      }
    }
  }
}

TEST(Parameters, SayTheCeilingOf2017InTheReadersLanguage) {
  // domain.md row 4: strictly less than 35 000 €.
  const auto of = [](Locale locale) { return parameters(pack_on("fppt", "2017-06-01").rules[0], sentences(), locale); };
  EXPECT_EQ(of(Locale::fr_fr)[2].value, "strictement moins");
  EXPECT_EQ(of(Locale::de_ch)[2].value, "streng weniger");
  EXPECT_NE(of(Locale::fr_fr)[1].value.find("35"), std::string::npos);
}

TEST(Questions, OfEveryShippedPackHaveWordsAndAreAskedOnce) {
  for (const Pack& pack : shipped().packs()) {
    for (const Locale locale : kLocales) {
      std::vector<std::string> paths;
      for (const Question& question : questions(pack, sentences(), locale)) {
        EXPECT_EQ(std::ranges::find(paths, question.path), paths.end()) << question.path;
        paths.push_back(question.path);
        EXPECT_FALSE(is_key(question.label)) << question.label;
        for (const auto& [value, words] : question.options) EXPECT_FALSE(words.empty()) << value;
      }
    }
  }
}

TEST(Questions, OfTheFundOf2017AskForWhatItsRulesLookAt) {
  std::vector<std::string> paths;
  for (const Question& question : questions(pack_on("fppt", "2017-06-01"), sentences(), Locale::fr_fr))
    paths.push_back(question.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"application.total_cost", "application.territories", "application.grant",
                                             "application.awarded_before", "settings.endowment"}));
}

}  // namespace
}  // namespace cluse::domain::rules
