// Aim: documents are linked as people said, counted as they stand, and nothing of it outlives its document.
// Method: real services on a real database; texts are written into the log as a room would.

#include "server/domain/content/content.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

Settings settings_with(std::size_t recounts_max) {
  Settings settings = cheap_settings();
  settings.twins.recounts_max = recounts_max;
  return settings;
}

class Links : public testing::Test {
 protected:
  explicit Links(std::size_t recounts_max = TwinLimits{}.recounts_max) : domain(settings_with(recounts_max)) {
    domain.join(workspace, writer, Role::editor);
  }

  Id add(const std::string& title, const std::string& language) {
    NewDocument document{workspace, title, DocumentKind::document, {}, language, {}};
    return domain.run(domain.services->documents.add(writer, document)).value().id;
  }
  std::string code(Result<void> result) { return result ? "ok" : std::string(result.error().code); }
  std::string link(Id document, Id source) { return code(domain.run(twins().link(writer, document, source))); }
  Result<Document> create(Id source, const std::string& language, bool copy = false) {
    return domain.run(twins().create(writer, source, {language, "", copy}));
  }
  std::vector<TwinSet> sets() { return domain.run(twins().list(writer, workspace)).value(); }
  void write(Id document, const Bytes& update) {
    auto body = [document, update](storage::Transaction& tx) -> Result<void> {
      content::append(tx, document.to_string(), update);
      return {};
    };
    ASSERT_TRUE(domain.run(domain.database->write(std::move(body))).has_value());
  }
  /// A paragraph with an id, as one update; and what confirms it.
  static Bytes paragraph(std::uint32_t client, const std::string& id, const std::string& words) {
    crdt::XmlNode text, block;
    text.text = words;
    block.name = "paragraph";
    block.attributes["block"] = {id};
    block.children = {text};
    crdt::Document document;
    return document.append_xml(client, "default", {block}).value();
  }
  Bytes confirmation(std::uint32_t client, const std::string& id, const std::string& source, const std::string& own) {
    const auto hash = [](const std::string& words) {
      crdt::Document document;
      EXPECT_TRUE(document.apply(paragraph(9, "x", words)).has_value());
      return twins::units_of(document.xml("default")).front().hash;
    };
    crdt::Document document;
    const crdt::ValueMap mark{{"source", {hash(source)}}, {"own", {hash(own)}}, {"review", {false}}};
    return document.set_map(client, "twins", id, {mark}).value();
  }
  Twins& twins() { return domain.services->twins; }

  TestDomain domain;
  Id workspace = domain.workspace();
  Actor writer = domain.person("Rédactrice", "redaction@example.org");
};

TEST_F(Links, ATranslationStandsBehindItsSourceWithItsText) {
  const Id source = add("Note", "fr-FR");
  add("Autre", "fr-FR");
  write(source, paragraph(1, "a", "Un pont"));
  crdt::XmlNode drawn;
  drawn.name = "extensionBlock";
  drawn.attributes = {{"plugin", {"org.example.polls"}}, {"data", {"7"}}, {"text", {"Quel jour ?"}}, {"path", {"/7"}}};
  write(source, crdt::Document().append_xml(2, "default", {drawn}).value());
  const auto copy = create(source, "de-CH", true);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->language, "de-CH");
  const auto file = domain.run(
      domain.services->exchange.export_file(writer, copy->id, ExportFormat::markdown, "https://cluse.example"));
  EXPECT_EQ(file.value().bytes, "Un pont\n\n[Quel jour ?](https://cluse.example/e/org.example.polls/7)\n");
  const auto listed = domain.run(domain.services->documents.list(writer, workspace)).value();
  EXPECT_EQ(listed[1].id, copy->id);
  ASSERT_EQ(sets().size(), 1U);
  EXPECT_EQ(sets()[0].source_id, source);
  EXPECT_EQ(sets()[0].documents[1].counts.value().review, 1U)
      << "a copy keeps the ids: paired, and confirmed by nobody";
}

TEST_F(Links, CountsFollowTheTexts) {
  const Id source = add("Note", "fr-FR");
  write(source, paragraph(1, "a", "Un pont"));
  const Id translation = create(source, "de-CH").value().id;
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.missing = 1}));
  write(translation, paragraph(2, "a", "Eine Brücke"));
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.review = 1}));
  write(translation, confirmation(3, "a", "Un pont", "Eine Brücke"));
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.current = 1}));
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.current = 1})) << "from the cache";
  write(source, paragraph(4, "b", "Deux ponts"));
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.current = 1, .missing = 1}));
  write(translation, confirmation(5, "a", "Un autre pont", "Eine Brücke"));
  EXPECT_EQ(sets()[0].documents[1].counts, (twins::Counts{.stale = 1, .missing = 1}));
}

class FewRecounts : public Links {
 protected:
  FewRecounts() : Links(2) {}
};

TEST_F(FewRecounts, AListingCountsSoManyAnewAndLeavesTheRestToTheNext) {
  for (int i = 0; i < 3; ++i) {
    const Id source = add("Note " + std::to_string(i), "fr-FR");
    write(source, paragraph(1, "a", "Un pont"));
    ASSERT_TRUE(create(source, "de-CH").has_value());
  }
  const auto counted = [&] {
    std::size_t count = 0;
    for (const auto& set : sets()) count += set.documents[1].counts.has_value() ? 1U : 0U;
    return count;
  };
  EXPECT_EQ(counted(), 2U);
  EXPECT_EQ(counted(), 3U);
}

TEST_F(Links, RefusesWhatMakesNoSense) {
  const Id source = add("Note", "fr-FR"), german = add("Notiz", "de-CH"), other = add("Zettel", "de-CH");
  EXPECT_EQ(link(source, source), "twin_elsewhere");
  EXPECT_EQ(link(german, source), "ok");
  EXPECT_EQ(link(german, source), "twin_exists");
  EXPECT_EQ(link(source, other), "twin_exists") << "a source is no translation";
  EXPECT_EQ(link(other, source), "twin_language_taken");
  EXPECT_EQ(create(german, "de-CH").error().code, std::string("twin_language_taken"));
  EXPECT_EQ(create(german, "fr-CH").value().language, "fr-CH") << "into the set of the source";
  EXPECT_EQ(sets().size(), 1U);
  const Id elsewhere = domain.workspace("Santé");
  domain.join(elsewhere, writer, Role::editor);
  const NewDocument far{elsewhere, "Loin", DocumentKind::document, {}, "it", {}};
  EXPECT_EQ(link(domain.run(domain.services->documents.add(writer, far)).value().id, source), "twin_elsewhere");
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(create(source, "x" + std::string(1, char('a' + i))).has_value());
  EXPECT_EQ(create(source, "en").error().code, std::string("too_many_twins"));
}

TEST_F(Links, TheBindingTextIsOneOfTheSet) {
  const Id source = add("Note", "fr-FR"), stranger = add("Autre", "fr-FR");
  const auto set = [&](const std::string& authentic) {
    return code(domain.run(twins().set_authentic(writer, source, authentic)));
  };
  EXPECT_EQ(set("all"), "twin_not_linked");
  const Id translation = create(source, "de-CH").value().id;
  EXPECT_EQ(sets()[0].authentic, "none");
  EXPECT_EQ(set(stranger.to_string()), "field_invalid");
  EXPECT_EQ(set(translation.to_string()), "ok");
  EXPECT_EQ(sets()[0].authentic, translation.to_string());
  EXPECT_EQ(code(domain.run(twins().unlink(writer, translation))), "ok");
  EXPECT_TRUE(sets().empty());
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM twin_set"), 0);
}

TEST_F(Links, GoesWithItsDocuments) {
  const Id source = add("Note", "fr-FR");
  const Id translation = create(source, "de-CH").value().id;
  auto& documents = domain.services->documents;
  ASSERT_TRUE(domain.run(documents.remove(writer, source)).has_value());
  EXPECT_TRUE(sets().empty()) << "while the source is in the trash";
  ASSERT_TRUE(domain.run(documents.restore(writer, source)).has_value());
  EXPECT_EQ(sets().size(), 1U);
  ASSERT_TRUE(domain.run(documents.remove(writer, source)).has_value());
  ASSERT_TRUE(domain.run(documents.purge(domain.administrator(), source)).has_value());
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM twin") + domain.count("SELECT COUNT(*) FROM twin_set"), 0);
  EXPECT_EQ(code(domain.run(twins().unlink(writer, translation))), "twin_not_linked");
}

}  // namespace
}  // namespace cluse::domain
