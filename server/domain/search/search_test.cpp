// Whether the index follows the database, and shows each person what her rights open and nothing else.
#include "server/domain/search/search.h"

#include "server/domain/search/indexer.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <fstream>

namespace cluse::domain {
namespace {

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    space = domain.workspace("Mobilité");
    paul = domain.person("Paul", "paul@example.org");
    stranger = domain.person("Fremde", "fremde@example.org", "CH");
    domain.join(space, paul, Role::editor);
  }

  Id import(const std::string& title, const std::string& text, const std::string& language = "fr") {
    ImportFile file;
    file.workspace_id = space;
    file.format = ImportFormat::markdown;
    file.file_name = title + ".md";
    file.language = language;
    file.bytes = text;
    return domain.run(domain.services->exchange.import_file(paul, std::move(file)))->id;
  }
  std::size_t index() {
    search::Indexer indexer(domain.services->environment, *domain.services->search_index);
    const auto carried = indexer.step();
    EXPECT_TRUE(carried) << (carried ? "" : carried.error().detail);
    return carried.value_or(0);
  }
  SearchFindings find(const Actor& actor, SearchRequest request) {
    auto found = domain.run(domain.services->search.find(actor, std::move(request)));
    EXPECT_TRUE(found) << (found ? "" : std::string(found.error().code));
    return found.value_or(SearchFindings{});
  }
  std::vector<Id> documents(const Actor& actor, const std::string& text) {
    std::vector<Id> ids;
    for (const auto& each : find(actor, {text, "document", {}, 20, 0}).found) ids.push_back(each.id);
    return ids;
  }

  TestDomain domain;
  Id space;
  Actor paul, stranger;
};

using Ids = std::vector<Id>;

TEST_F(SearchTest, FindsWordsOfTitlesAndTextsInAnyForm) {
  const Id route = import("Liaison cyclable", "Une voie entre Delle et Porrentruy.\n\nLes communes l’ont décidée.");
  const Id german = import("Veloverbindung", "Die Gemeinden haben entschieden.", "de-CH");
  index();
  EXPECT_EQ(documents(paul, "liaisons cyclables"), Ids{route});
  EXPECT_EQ(documents(paul, "decidee COMMUNE"), Ids{route});
  EXPECT_EQ(documents(paul, "Gemeinde"), Ids{german});
  EXPECT_EQ(documents(paul, "velo"), Ids{german});
  EXPECT_EQ(documents(paul, "\"Delle et Porrentruy\""), Ids{route});
  EXPECT_EQ(documents(paul, "\"Porrentruy et Delle\""), Ids{});
  EXPECT_EQ(documents(paul, "cyclable Gemeinde"), Ids{});
}

TEST_F(SearchTest, TheTitleWeighsMore) {
  import("Note", "On y parle de santé, de santé et de santé.");
  const Id titled = import("Santé transfrontalière", "Un texte.");
  index();
  EXPECT_EQ(documents(paul, "santé").front(), titled);
}

TEST_F(SearchTest, SaysWhatItSearchedInsteadOfAMistake) {
  const Id route = import("Note", "Entre Delle et Porrentruy.");
  index();
  const auto found = find(paul, {"Porentruy", "", {}, 20, 0});
  ASSERT_EQ(found.found.size(), 1U);
  EXPECT_EQ(found.found[0].id, route);
  EXPECT_EQ(found.instead, "Porrentruy");
  EXPECT_EQ(find(paul, {"Porrentruy", "", {}, 20, 0}).instead, "");
  EXPECT_EQ(find(paul, {"Zxqwv", "", {}, 20, 0}).total, 0);
}

TEST_F(SearchTest, ShowsNothingToWhomItIsNotOpen) {
  const Id secret = import("Note", "Le montant confidentiel.");
  index();
  EXPECT_EQ(documents(paul, "confidentiel"), Ids{secret});
  EXPECT_EQ(documents(domain.administrator(), "confidentiel"), Ids{secret});
  const auto found = find(stranger, {"confidentiel", "", {}, 20, 0});
  EXPECT_TRUE(found.found.empty());
  EXPECT_EQ(found.total, 0);
  EXPECT_TRUE(find(stranger, {"mobilite", "workspace", {}, 20, 0}).found.empty());
  const auto inside = domain.run(domain.services->search.find(stranger, {"confidentiel", "", space, 20, 0}));
  EXPECT_EQ(inside.error().code, "workspace_not_found");
}

TEST_F(SearchTest, FollowsWhatChanges) {
  const Id note = import("Note", "Texte.");
  index();
  EXPECT_EQ(index(), 0U);
  domain.clock.advance(std::chrono::seconds(1));
  DocumentChange change;
  change.title = "Compte rendu";
  ASSERT_TRUE(domain.run(domain.services->documents.change(paul, note, change)));
  index();
  EXPECT_EQ(documents(paul, "compte"), Ids{note});
  EXPECT_EQ(documents(paul, "note"), Ids{});
  ASSERT_TRUE(domain.run(domain.services->documents.remove(paul, note)));
  EXPECT_EQ(documents(paul, "compte"), Ids{}) << "even before the index knows";
  index();
  EXPECT_EQ(find(paul, {"compte", "", {}, 20, 0}).total, 0);
  ASSERT_TRUE(domain.run(domain.services->documents.restore(paul, note)));
  index();
  EXPECT_EQ(documents(paul, "compte"), Ids{note});
}

TEST_F(SearchTest, AnErasedPersonIsGoneFromTheFileToo) {
  const Actor doomed = domain.person("Canari Introuvable", "canari@example.org");
  index();
  ASSERT_EQ(find(paul, {"introuvable", "person", {}, 20, 0}).found.size(), 1U);
  ASSERT_TRUE(domain.run(domain.services->personal_data.erase(domain.administrator(), doomed.person_id)));
  EXPECT_TRUE(find(paul, {"introuvable", "person", {}, 20, 0}).found.empty()) << "even before the index knows";
  index();
  for (const char* ending : {"", "-wal"}) {
    std::ifstream file(domain.directory / (std::string("search.db") + ending), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find("Introuvable"), bytes.npos) << ending;
    EXPECT_EQ(bytes.find("introuv"), bytes.npos) << ending;
  }
}

TEST_F(SearchTest, AnIndexOfAnotherDatabaseIsFilledAnew) {
  const Id note = import("Note", "Texte.");
  ASSERT_TRUE(domain.services->search_index->change({}, {}, {{"journal", "1"}, {"hash", "of another"}}));
  index();
  EXPECT_EQ(documents(paul, "texte"), Ids{note});
}

TEST(SearchIndexFile, ADamagedOneIsReplaced) {
  const storage::TemporaryDirectory directory;
  std::ofstream(directory / "search.db") << "no database at all, but long enough to be read as a page of one";
  auto index = storage::open_search_index(directory / "search.db");
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->mark("journal").value_or("?"), "");
}

}  // namespace
}  // namespace cluse::domain
