// Aim: a reader is shown the language she named first, once; a language that somebody chose is never guessed over.
// Method: a real store; documents of a space with their translations.

#include "server/domain/testing.h"
#include "server/domain/twins/preferred.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain {
namespace {

constexpr const char* kGerman =
    "Die Steuerungsgruppe tagt zweimal im Jahr. Verhinderte Mitglieder erteilen eine schriftliche Vollmacht, und das "
    "Sekretariat stellt das Protokoll innert zehn Tagen zu.\n";

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

class LanguagesTest : public testing::Test {
 protected:
  void SetUp() override {
    domain.join(space, reader, Role::reader);
    NewDocument fresh{space, "Convention", DocumentKind::document, {}, "fr-FR", {}};
    source = domain.run(domain.services->documents.add(admin, fresh))->id;
    german = domain.run(domain.services->twins.create(admin, source, {"de-CH", "Vereinbarung", false}))->id;
    swiss = domain.run(domain.services->twins.create(admin, source, {"fr-CH", "Convention (CH)", false}))->id;
  }
  void name(std::vector<std::string> languages) {
    ProfileChange change;
    change.content_languages = std::move(languages);
    ASSERT_TRUE(domain.run(domain.services->people.change_profile(reader, change)));
  }
  std::vector<Document> found(const std::string& query) {
    return domain.run(domain.services->finder.find(reader, query))->documents;
  }
  Result<Document> import(const std::string& text, std::optional<std::string> language = {}) {
    return domain.run(domain.services->exchange.import_file(
        admin, {space, ImportFormat::text, "notes.txt", {}, std::move(language), bytes_of(text)}));
  }

  TestDomain domain;
  Actor admin = domain.administrator();
  Actor reader = domain.person("Élue, Neuchâtel", "elue@example.org", "CH");
  Id space = domain.workspace();
  Id source, german, swiss;
};

TEST_F(LanguagesTest, OneEntryStandsForAllTwinsAndOpensTheLanguageThatWasNamedFirst) {
  auto home = domain.run(domain.services->finder.home(reader));
  ASSERT_EQ(home->recent.size(), 1U);
  ASSERT_EQ(home->recent[0].versions.size(), 3U);
  EXPECT_EQ(home->recent[0].versions[0].id, source);

  name({"de-CH", "fr"});
  home = domain.run(domain.services->finder.home(reader));
  ASSERT_EQ(home->recent.size(), 1U);
  EXPECT_EQ(home->recent[0].id, german);
  EXPECT_EQ(found("convention").at(0).id, german) << "found by the title of a twin";
  EXPECT_EQ(found("convention").size(), 1U);

  name({"it", "fr-CH"});
  EXPECT_EQ(found("vereinbarung").at(0).id, swiss);
  name({"de"});
  EXPECT_EQ(found("convention").at(0).id, german) << "de-CH is nearly de";
  name({});
  EXPECT_EQ(found("vereinbarung").at(0).id, german) << "nobody said: what was looked for";
}

TEST_F(LanguagesTest, ATwinInTheTrashIsShownToNobody) {
  name({"de-CH"});
  ASSERT_TRUE(domain.run(domain.services->documents.remove(admin, german)));
  ASSERT_EQ(found("convention").size(), 1U);
  EXPECT_NE(found("convention")[0].id, german);
  EXPECT_EQ(found("convention")[0].versions.size(), 2U);
}

TEST_F(LanguagesTest, WhatAPersonNamesIsCheckedAndKeptInOrder) {
  name({"fr-CH", "de", "fr-CH"});
  const auto profile = domain.run(domain.services->people.profile(reader));
  EXPECT_EQ(profile->content_languages, (std::vector<std::string>{"fr-CH", "de"}));
  ProfileChange change;
  change.content_languages = std::vector<std::string>{"not a language"};
  EXPECT_EQ(domain.run(domain.services->people.change_profile(reader, change)).error().field, "content_languages");
  change.content_languages = std::vector<std::string>(kContentLanguagesMax + 1, "de");
  EXPECT_EQ(domain.run(domain.services->people.change_profile(reader, change)).error().code, "field_too_long");
  EXPECT_EQ(domain.run(domain.services->people.profile(reader))->content_languages.size(), 2U);
}

TEST_F(LanguagesTest, AnImportedTextSaysItsLanguageUnlessSomebodyChoseOne) {
  const auto told = import(kGerman);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->language, "de");
  EXPECT_EQ(told->language_origin, LanguageOrigin::detected);
  const auto chosen = import(kGerman, "fr-CH");
  EXPECT_EQ(chosen->language, "fr-CH");
  EXPECT_EQ(chosen->language_origin, LanguageOrigin::chosen);
  const auto brief = import("Protokoll\n");
  EXPECT_EQ(brief->language, "fr") << "too short to tell: the language of the space";
  EXPECT_EQ(brief->language_origin, LanguageOrigin::assumed);
}

TEST_F(LanguagesTest, ATypedTextIsToldOnceItIsLongEnoughAndAChoiceWins) {
  auto& documents = domain.services->documents;
  const auto fresh = domain.run(documents.add(admin, {space, "Notes", DocumentKind::document, {}, {}, {}}));
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->language_origin, LanguageOrigin::assumed);
  EXPECT_EQ(domain.run(documents.detect_language(admin, fresh->id))->language_origin, LanguageOrigin::assumed);

  const Id text = import(kGerman)->id;
  const auto copy = [text, to = fresh->id](storage::Transaction& tx) -> Result<void> {
    tx.run(
        "INSERT INTO collab_update (room, sequence, bytes) SELECT ?, sequence, bytes FROM collab_update WHERE room = ?",
        {to, text});
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(copy));
  domain.join(space, reader, Role::reader);
  EXPECT_EQ(domain.run(documents.detect_language(reader, fresh->id)).error().code, "denied");
  const auto told = domain.run(documents.detect_language(admin, fresh->id));
  EXPECT_EQ(told->language, "de");
  EXPECT_EQ(told->language_origin, LanguageOrigin::detected);

  ASSERT_TRUE(domain.run(documents.change(admin, fresh->id, {std::nullopt, "fr-CH"})));
  const auto after = domain.run(documents.detect_language(admin, fresh->id));
  EXPECT_EQ(after->language, "fr-CH");
  EXPECT_EQ(after->language_origin, LanguageOrigin::chosen);
}

}  // namespace
}  // namespace cluse::domain
