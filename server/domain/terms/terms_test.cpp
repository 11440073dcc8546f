// Aim: everybody finds the terms, false friends first; the secretariat adds, changes and withdraws, and what is shipped
// can be had back; wrong words leave nothing behind. Method: a real store; the glossary that the product ships.

#include "server/domain/terms/terms.h"

#include "server/domain/testing.h"
#include "server/domain/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cluse::domain::terms {
namespace {

std::shared_ptr<const Glossary> shipped() {
  static const auto glossary = Glossary::load(CLUSE_SOURCE_DIR "/config/terms");
  EXPECT_TRUE(glossary) << glossary.error().detail;
  return *glossary;
}

Settings with_terms() {
  Settings settings = cheap_settings();
  settings.terms = shipped();
  return settings;
}

TermContent proxy_of_a_deputy() {
  TermContent content;
  content.field = "people";
  content.wordings = {{"de-CH", "Stellvertretung im Gemeinderat", {"Stellvertretungen"}, false, "Wer vertritt.", "OV"},
                      {"fr-CH", "suppléance au conseil", {}, false, "Qui remplace.", "OV"}};
  return content;
}

class TermsTest : public testing::Test {
 protected:
  Result<std::vector<Term>> find(const std::string& words, const std::string& language = "", bool withdrawn = false) {
    return domain.run(domain.services->terms.list(withdrawn ? admin : reader, {words, language, withdrawn}));
  }
  std::vector<std::string> ids(const std::string& words, const std::string& language = "") {
    const auto terms = find(words, language);
    std::vector<std::string> found;
    for (const auto& each : *terms) found.push_back(each.id);
    return found;
  }
  std::int64_t noted(const std::string& verb) {
    return domain.count("SELECT COUNT(*) FROM journal WHERE verb = '" + verb + "'");
  }

  TestDomain domain{with_terms()};
  Actor admin = domain.administrator();
  Actor reader = domain.person("Technicien, mobilité", "technique@example.org");
};

TEST_F(TermsTest, TheShippedGlossaryIsWholeOnBothSides) {
  const auto& terms = shipped()->terms();
  EXPECT_GE(terms.size(), 40U);
  std::set<std::pair<std::string, std::string>> words;
  for (const auto& term : terms) {
    std::set<std::string> countries;
    for (const auto& wording : term.wordings) {
      countries.insert(wording.language.substr(3));
      EXPECT_TRUE(words.emplace(wording.language, fold(wording.word)).second) << wording.language << wording.word;
    }
    EXPECT_EQ(countries.size(), 2U) << term.id << ": a notion is named on both sides, if only by a rendering";
    for (const auto& other : term.confused_with) EXPECT_TRUE(term.is_false_friend()) << term.id << " and " << other;
  }
  EXPECT_GE(std::ranges::count_if(terms, &Term::is_false_friend), 8);
}

TEST_F(TermsTest, EverybodyFindsThemWithoutAccentsAndFalseFriendsStandFirst) {
  const auto all = find("");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), shipped()->terms().size());
  EXPECT_TRUE(std::ranges::is_sorted(*all, {}, [](const Term& term) { return !term.is_false_friend(); }));
  const auto councils = ids("CONSEIL general");
  EXPECT_EQ(councils.size(), 2U) << "the one of a département and the one of a commune";
  EXPECT_TRUE(std::ranges::all_of(*find("", "de-CH"), [](const Term& term) {
    return std::ranges::any_of(term.wordings, [](const Wording& each) { return each.language == "de-CH"; });
  }));
  EXPECT_EQ(ids("gemeindeprasident", "de").size(), 1U);
  EXPECT_TRUE(ids("gemeindeprasident", "fr").empty());
}

TEST_F(TermsTest, TheSecretariatAddsChangesWithdrawsAndGetsBackWhatWasShipped) {
  const auto added = domain.run(domain.services->terms.add(admin, proxy_of_a_deputy()));
  ASSERT_TRUE(added) << added.error().detail;
  EXPECT_FALSE(added->is_shipped);
  EXPECT_EQ(added->wordings.front().language, "fr-CH") << "in the order in which they are shown";
  EXPECT_EQ(ids("suppleance conseil"), std::vector{added->id});

  const std::string known = ids("CONSEIL general").front();
  TermContent other = proxy_of_a_deputy();
  other.wordings = {{"fr-FR", "conseil départemental d’aujourd’hui", {}, false, "Une autre définition.", "S"}};
  const auto changed = domain.run(domain.services->terms.change(admin, known, other));
  ASSERT_TRUE(changed) << changed.error().detail;
  EXPECT_TRUE(changed->is_shipped && changed->is_changed);

  ASSERT_TRUE(domain.run(domain.services->terms.withdraw(admin, known)));
  ASSERT_TRUE(domain.run(domain.services->terms.withdraw(admin, known))) << "a second time changes nothing";
  EXPECT_TRUE(ids("aujourd’hui definition").empty());
  const auto kept = find("aujourd’hui definition", "", true);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_TRUE(kept->front().withdrawn_at);

  EXPECT_TRUE(domain.run(domain.services->terms.restore(admin, known))->is_changed) << "first it is shown again";
  const auto back = domain.run(domain.services->terms.restore(admin, known));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, *shipped()->find(known)) << "then it says what is shipped";
  EXPECT_EQ(noted("term.added") + noted("term.changed"), 2);
  EXPECT_EQ(noted("term.withdrawn"), 1);
  EXPECT_EQ(noted("term.restored"), 2);
}

TEST_F(TermsTest, OnlyThoseWhoHaveTheRightChangeAnything) {
  auto& terms = domain.services->terms;
  const std::string known = shipped()->terms().front().id;
  EXPECT_EQ(domain.run(terms.add(reader, proxy_of_a_deputy())).error().code, "denied");
  EXPECT_EQ(domain.run(terms.change(reader, known, proxy_of_a_deputy())).error().code, "denied");
  EXPECT_EQ(domain.run(terms.withdraw(reader, known)).error().code, "denied");
  EXPECT_EQ(domain.run(terms.restore(reader, known)).error().code, "denied");
  EXPECT_EQ(domain.run(terms.list(reader, {"", "", true})).error().code, "denied");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM term"), 0);
}

TEST_F(TermsTest, WhatIsWrongIsRefusedWithItsFieldAndLeavesNothing) {
  const auto refused = [&](auto spoil) {
    TermContent content = proxy_of_a_deputy();
    spoil(content);
    const auto answer = domain.run(domain.services->terms.add(admin, content));
    return answer ? std::string("taken in") : std::string(answer.error().code) + ' ' + answer.error().field;
  };
  EXPECT_EQ(refused([](TermContent& c) { c.field = "cuisine"; }), "field_invalid field");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings.clear(); }), "field_missing wordings");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].language = "it-CH"; }), "field_invalid wordings.it-CH");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[1].language = "de-CH"; }), "field_invalid wordings");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].word = " "; }), "field_missing de-CH.word");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].word = std::string(kWordMax + 1, 'a'); }),
            "field_too_long de-CH.word");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].definition = std::string(kDefinitionMax + 1, 'a'); }),
            "field_too_long de-CH.definition");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].forms.assign(kFormsMax + 1, "a"); }),
            "field_too_long de-CH.forms");
  EXPECT_EQ(refused([](TermContent& c) { c.warning_fr = "Attention."; }), "field_missing warning_de");
  EXPECT_EQ(refused([](TermContent& c) { c.confused_with = {"nothing"}; }), "field_invalid confused_with");
  EXPECT_EQ(refused([](TermContent& c) { c.confused_with.assign(kConfusedMax + 1, "a"); }),
            "field_too_long confused_with");
  EXPECT_EQ(refused([](TermContent& c) { c.wordings[0].word = "Gemeindepräsident"; }), "term_taken de-CH.word");
  EXPECT_EQ(domain.run(domain.services->terms.change(admin, "nothing", proxy_of_a_deputy())).error().code,
            "term_not_found");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM term"), 0);
}

TEST_F(TermsTest, TheBaseHasALimit) {
  ASSERT_TRUE(domain.run(domain.services->terms.add(admin, proxy_of_a_deputy())));
  const auto fill = [](storage::Transaction& tx) -> Result<void> {
    for (std::int64_t i = 1; i < kTermsMax; ++i)
      tx.run(
          "INSERT INTO term (id, field, confused_with, warning_fr, warning_de, updated_at) "
          "VALUES (?, 'sessions', '', '', '', 0)",
          {new_id({i})});
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(fill));
  TermContent last = proxy_of_a_deputy();
  last.wordings = {{"fr-FR", "de trop", {}, false, "Sens.", ""}};
  EXPECT_EQ(domain.run(domain.services->terms.add(admin, last)).error().code, "too_many_terms");
}

TEST(Glossary, AMalformedFileIsRefusedWithItsPlace) {
  const auto refusal = [](const std::string& text) {
    const auto read = Glossary::read({{"terms.toml", text}});
    return read ? std::string() : std::string(read.error().code) + ' ' + read.error().detail;
  };
  const std::string good =
      "[[term]]\nid = \"a\"\nfield = \"sessions\"\n[[term.wording]]\nlanguage = \"fr-FR\"\nword = \"mot\"\n"
      "definition = \"Sens.\"\nsource = \"S\"\n";
  EXPECT_EQ(refusal(good), "");
  EXPECT_NE(refusal(good + good).find("stands twice"), std::string::npos);
  EXPECT_NE(refusal(good + "colour = \"red\"\n").find("terms.toml, line 9"), std::string::npos);
  EXPECT_NE(refusal("[[term]]\nid = \"a\"\nfield = \"sessions\"\n").find("wording"), std::string::npos);
  EXPECT_NE(refusal("[[term]]\nconfused_with = [\"b\"]\n" + good.substr(9)).find("there is no term"),
            std::string::npos);
}

}  // namespace
}  // namespace cluse::domain::terms
