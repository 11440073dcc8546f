// Aim: the tree of a workspace stays a tree, keeps its order, and what goes into the trash comes back as it was.
// Method: real services on a real database.

#include "server/domain/content/content.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cluse::domain {
namespace {

class Tree : public testing::Test {
 protected:
  Tree() : Tree(cheap_settings()) {}
  explicit Tree(const Settings& settings) : domain(settings) { domain.join(workspace, writer, Role::editor); }

  Result<Document> try_add(const std::string& title, std::optional<Id> parent = {}, std::optional<Id> after = {}) {
    NewDocument document{workspace, title, DocumentKind::document, parent, std::nullopt, after};
    return domain.run(documents().add(writer, document));
  }
  Id add(const std::string& title, std::optional<Id> parent = {}, std::optional<Id> after = {}) {
    return try_add(title, parent, after).value().id;
  }
  std::string move(Id document, std::optional<Id> parent, std::optional<Id> after) {
    const auto moved = domain.run(documents().move(writer, document, {parent, after}));
    return moved ? "ok" : std::string(moved.error().code);
  }
  std::string children(std::optional<Id> parent = {}) {
    std::string titles;
    const auto listed = domain.run(documents().list(writer, workspace)).value();
    for (const auto& document : listed)
      if (document.parent_id == parent) titles += document.title;
    return titles;
  }
  std::string find_code(Id document) {
    const auto found = domain.run(documents().find(writer, document));
    return found ? "ok" : std::string(found.error().code);
  }
  std::string trash() {
    std::string titles;
    const auto listed = domain.run(documents().trash(writer, workspace)).value();
    for (const auto& document : listed) titles += document.title;
    return titles;
  }
  void remove(Id document) { ASSERT_TRUE(domain.run(documents().remove(writer, document)).has_value()); }
  Document restore(Id document) { return domain.run(documents().restore(writer, document)).value(); }
  Documents& documents() { return domain.services->documents; }

  TestDomain domain;
  Id workspace = domain.workspace();
  Actor writer = domain.person("Paul Rochat", "paul@example.org");
};

TEST_F(Tree, PutsNewDocumentsLastOrBehindASibling) {
  const Id a = add("a");
  add("b");
  add("c", {}, a);
  EXPECT_EQ(children(), "acb");
}

TEST_F(Tree, MovesToTheFrontBetweenAndToTheEnd) {
  const Id a = add("a"), b = add("b"), c = add("c");
  EXPECT_EQ(move(c, {}, {}), "ok");
  EXPECT_EQ(children(), "cab");
  EXPECT_EQ(move(c, {}, a), "ok");
  EXPECT_EQ(children(), "acb");
  EXPECT_EQ(move(a, {}, b), "ok");
  EXPECT_EQ(children(), "cba");
}

TEST_F(Tree, KeepsItsOrderAfterHundredsOfMovesIntoTheSameGap) {
  const Id a = add("a"), b = add("b"), c = add("c");
  add("d");
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(move(i % 2 == 0 ? c : b, {}, a), "ok");
    ASSERT_EQ(children(), i % 2 == 0 ? "acbd" : "abcd") << i;
  }
}

TEST_F(Tree, AgreesWithAListAfterRandomMoves) {
  std::mt19937 random(20261122);
  std::vector<std::pair<Id, std::string>> model;
  for (char c = 'a'; c <= 'h'; ++c) model.emplace_back(add(std::string(1, c)), std::string(1, c));
  for (int i = 0; i < 200; ++i) {
    const auto from = random() % model.size();
    const auto moved = model[from];
    model.erase(model.begin() + static_cast<std::ptrdiff_t>(from));
    const auto to = random() % (model.size() + 1);
    const auto after = to == 0 ? std::nullopt : std::optional(model[to - 1].first);
    ASSERT_EQ(move(moved.first, {}, after), "ok");
    model.insert(model.begin() + static_cast<std::ptrdiff_t>(to), moved);
    std::string expected;
    for (const auto& entry : model) expected += entry.second;
    ASSERT_EQ(children(), expected) << i;
  }
}

TEST_F(Tree, RefusesCyclesAndForeignPlaces) {
  const Id a = add("a"), b = add("b", a), c = add("c", b);
  EXPECT_EQ(move(a, a, {}), "move_into_itself");
  EXPECT_EQ(move(a, c, {}), "move_into_itself");
  EXPECT_EQ(move(c, {}, b), "field_invalid") << "b is no sibling at the top";
  EXPECT_EQ(move(c, {}, c), "field_invalid");
  EXPECT_EQ(move(c, new_id(domain.clock.now()), {}), "field_invalid");
  const Id elsewhere = domain.workspace("Santé");
  domain.join(elsewhere, writer, Role::editor);
  const auto foreign = domain.run(documents().add(writer, {elsewhere, "x", {}, {}, {}, {}})).value();
  EXPECT_EQ(move(c, foreign.id, {}), "field_invalid");
  remove(a);
  const Id d = add("d");
  EXPECT_EQ(move(d, a, {}), "field_invalid") << "the parent is in the trash";
  EXPECT_FALSE(try_add("e", a).has_value());
}

TEST_F(Tree, IsNoDeeperThanItsLimit) {
  std::optional<Id> parent;
  for (int depth = 1; depth <= 32; ++depth) parent = add(std::to_string(depth), parent);
  EXPECT_EQ(try_add("too deep", parent).error().code, "field_invalid");
  const Id a = add("a"), b = add("b", a);
  static_cast<void>(b);
  const auto all = domain.run(documents().list(writer, workspace)).value();
  const auto level_31 = std::find_if(all.begin(), all.end(), [](const Document& d) { return d.title == "31"; });
  EXPECT_EQ(move(a, level_31->id, {}), "field_invalid") << "its child would be at 33";
  EXPECT_EQ(move(b, level_31->id, {}), "ok");
}

TEST_F(Tree, TrashTakesTheSubtreeAndGivesItBack) {
  const Id a = add("a"), b = add("b", a), c = add("c", b);
  add("d");
  remove(a);
  EXPECT_EQ(children(), "d");
  EXPECT_EQ(trash(), "a");
  for (const Id id : {a, b, c}) {
    EXPECT_EQ(find_code(id), "document_trashed");
    EXPECT_EQ(domain.live.count("trashed", id), 1);
  }
  remove(a);
  EXPECT_EQ(domain.live.count("trashed", a), 1) << "twice is once";
  EXPECT_EQ(restore(a).parent_id, std::nullopt);
  EXPECT_EQ(children(), "ad");
  EXPECT_EQ(children(a), "b");
  EXPECT_EQ(children(b), "c");
  EXPECT_EQ(trash(), "");
  EXPECT_EQ(domain.live.count("about_changed", c), 1);
  EXPECT_EQ(restore(a).title, "a") << "twice is once";
}

TEST_F(Tree, RestoresWhatWentSeparatelySeparately) {
  const Id a = add("a"), b = add("b", a);
  add("c", a);
  remove(b);
  remove(a);
  EXPECT_EQ(trash().size(), 2U);
  restore(a);
  EXPECT_EQ(children(a), "c") << "b went before, and stays";
  EXPECT_EQ(trash(), "b");
  EXPECT_EQ(restore(b).parent_id, a);
}

TEST_F(Tree, RestoresToTheTopWhatHasLostItsParent) {
  const Id a = add("a"), b = add("b", a), c = add("c", b);
  remove(a);
  EXPECT_EQ(restore(b).parent_id, std::nullopt);
  EXPECT_EQ(children(), "b");
  EXPECT_EQ(children(b), "c");
  EXPECT_EQ(trash(), "a");
  remove(c);
  restore(a);
  EXPECT_EQ(children(), "ab") << "each stays where it was";
  EXPECT_EQ(find_code(c), "document_trashed");
}

TEST_F(Tree, PurgeRemovesContentImagesAndNothingElse) {
  const Id a = add("a"), b = add("b", a), kept = add("k", a);
  auto write = [a, b, kept](storage::Transaction& tx) -> Result<void> {
    for (const Id id : {a, b, kept}) content::append(tx, id.to_string(), "bytes");
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(write)).has_value());
  EXPECT_EQ(find_code(b), "ok");
  const Actor admin = domain.administrator();
  const auto code = [&](const Actor& actor) {
    const auto purged = domain.run(documents().purge(actor, a));
    return purged ? std::string("ok") : std::string(purged.error().code);
  };
  EXPECT_EQ(code(admin), "document_not_trashed");
  remove(kept);
  remove(a);
  EXPECT_EQ(code(writer), "denied");
  EXPECT_EQ(code(admin), "ok");
  EXPECT_EQ(code(admin), "document_not_found");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM collab_update"), 1);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM document"), 1);
  EXPECT_EQ(trash(), "k") << "went separately, and stays";
  EXPECT_EQ(restore(kept).parent_id, std::nullopt);
}

TEST_F(Tree, MarkEditedNeverGoesBackInTime) {
  const Id a = add("a");
  const Instant now = domain.clock.now();
  const Id person = domain.administrator().person_id;
  auto write = [=](storage::Transaction& tx) -> Result<void> {
    mark_edited(tx, a, person, std::nullopt, now + std::chrono::seconds(5));
    mark_edited(tx, a, person, std::nullopt, now);
    return {};
  };
  ASSERT_TRUE(domain.database->write_now(std::move(write)).has_value());
  const auto found = domain.run(documents().find(writer, a)).value();
  EXPECT_EQ(found.updated_at, now + std::chrono::seconds(5));
  EXPECT_EQ(found.updated_by->id, person);
}

class SmallTree : public Tree {
 protected:
  static Settings small() {
    Settings settings = cheap_settings();
    settings.documents.per_workspace_max = 3;
    return settings;
  }
  SmallTree() : Tree(small()) {}
};

TEST_F(SmallTree, HasALimitThatTheTrashCountsFor) {
  const Id a = add("a");
  add("b");
  add("c");
  remove(a);
  EXPECT_EQ(try_add("d").error().code, "too_many_documents");
  ASSERT_TRUE(domain.run(documents().purge(domain.administrator(), a)).has_value());
  EXPECT_TRUE(try_add("d").has_value());
}

}  // namespace
}  // namespace cluse::domain
