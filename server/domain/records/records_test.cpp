// Aim: what people do is in the journal, in the transaction of what they did; a person can have everything about her,
// and after her erasure nothing names her any more while the chain stays intact.
// Method: real services on a real database; the files of the store are searched for her name.

#include "server/domain/journal/lookup.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cluse::domain {
namespace {

constexpr const char* kCanary = "Zyxomma Kanarienvogel";
constexpr const char* kAddress = "zyxomma@kanarien.example";

class RecordsTest : public testing::Test {
 protected:
  std::string verbs(JournalQuery query = {}) {
    std::string all;
    const auto page = domain.run(domain.services->records.page(domain.administrator(), query)).value();
    for (const auto& entry : page.entries) all = entry.verb + " " + all;
    return all;
  }
  JournalEntry latest() {
    return domain.run(domain.services->records.page(domain.administrator(), {})).value().entries.front();
  }
  journal::Verdict verdict() {
    return domain.run(domain.services->records.verify(domain.administrator(), std::nullopt)).value();
  }

  TestDomain domain;
};

TEST_F(RecordsTest, ADocumentsLifeIsToldInOrder) {
  const Id workspace = domain.workspace();
  const Actor admin = domain.administrator();
  auto& documents = domain.services->documents;
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Budget";
  const Id id = domain.run(documents.add(admin, fresh)).value().id;
  ASSERT_TRUE(domain.run(documents.change(admin, id, {"Budget 2027", "de"})));
  ASSERT_TRUE(domain.run(documents.move(admin, id, {})));
  for (int keystroke = 0; keystroke < 3; ++keystroke)
    ASSERT_TRUE(domain.database->write_now([&](storage::Transaction& tx) -> Result<void> {
      mark_edited(tx, id, admin.person_id, admin.mandate_id, domain.clock.now());
      return {};
    }));
  ASSERT_TRUE(domain.run(domain.services->exchange.export_file(admin, id, ExportFormat::markdown, {})));
  ASSERT_TRUE(domain.run(documents.remove(admin, id)));
  ASSERT_TRUE(domain.run(documents.restore(admin, id)));
  ASSERT_TRUE(domain.run(documents.remove(admin, id)));
  ASSERT_TRUE(domain.run(documents.purge(admin, id)));
  JournalQuery query;
  query.object = id;
  EXPECT_EQ(
      verbs(query),
      "document.created document.renamed document.language_changed document.moved document.edited document.exported "
      "document.trashed document.restored document.trashed document.purged ");
  EXPECT_EQ(latest().details, R"({"title":"Budget 2027"})");
  EXPECT_FALSE(verdict().finding);
}

// The lookup holds the older half: pages go on from what is read event by event to what is looked up.
TEST_F(RecordsTest, PagesOfAPersonAndAThingLackNothing) {
  const Id workspace = domain.workspace();
  const Actor admin = domain.administrator();
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Budget";
  const Id id = domain.run(domain.services->documents.add(admin, fresh)).value().id;
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(domain.run(domain.services->documents.move(admin, id, {})));
  JournalQuery everything;
  everything.limit = kJournalPageMax;
  const auto all = domain.run(domain.services->records.page(admin, everything)).value().entries;
  const auto paged = [&](JournalQuery query) {
    std::vector<std::int64_t> found;
    for (query.limit = 3;;) {
      const auto page = domain.run(domain.services->records.page(admin, query)).value();
      for (const auto& entry : page.entries) found.push_back(entry.sequence);
      if (!page.before) return found;
      query.before = page.before;
    }
  };
  JournalQuery of_person, of_thing;
  of_person.person = admin.person_id;
  of_thing.object = id;
  of_thing.verb = journal::Verb::document_moved;
  std::vector<std::int64_t> persons, things;
  for (const auto& entry : all) {
    if ((entry.actor && entry.actor->id == admin.person_id) || entry.object == admin.person_id)
      persons.push_back(entry.sequence);
    if (entry.verb == "document.moved") things.push_back(entry.sequence);
  }
  for (int half = 0; half < 3; ++half) {
    EXPECT_EQ(paged(of_person), persons);
    EXPECT_EQ(paged(of_thing), things);
    ASSERT_TRUE(domain.database->write_now([](storage::Transaction& tx) -> Result<void> {
      EXPECT_GT(journal::enter(tx, 8), 0);
      return {};
    }));
  }
}

TEST_F(RecordsTest, PeopleSessionsAndRolesAreTold) {
  const Id workspace = domain.workspace();
  const Actor person = domain.person("Nina Blanc", "nina@example.org");
  domain.join(workspace, person, Role::reader);
  domain.join(workspace, person, Role::editor);
  domain.join(workspace, person, Role::editor);
  ASSERT_TRUE(
      domain.run(domain.services->workspaces.remove_member(domain.administrator(), workspace, person.person_id)));
  ASSERT_TRUE(domain.run(domain.services->people.change_profile(person, {"Nina Noir", {}, {}, {}, {}})));
  ASSERT_TRUE(domain.run(domain.services->accounts.change_password(person, kTestPassword, "another long password")));
  ASSERT_TRUE(domain.run(domain.services->sessions.end(person, person.session_id)));
  JournalQuery query;
  query.person = person.person_id;
  EXPECT_EQ(verbs(query),
            "person.added invitation.accepted session.started member.added member.role_changed member.removed "
            "profile.changed password.changed session.ended ");
}

TEST_F(RecordsTest, WhatIsRefusedLeavesNoEvent) {
  const Id workspace = domain.workspace();
  const Actor person = domain.person("Nina Blanc", "nina@example.org");
  const auto before = verdict().events;
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Budget";
  EXPECT_FALSE(domain.run(domain.services->documents.add(person, fresh)));
  EXPECT_FALSE(
      domain.run(domain.services->accounts.sign_in({"nina@example.org", "wrong password"}, {"192.0.2.9", ""}, "")));
  EXPECT_EQ(domain.run(domain.services->records.page(person, {})).error().code, "denied");
  EXPECT_EQ(domain.run(domain.services->records.export_lines(person)).error().code, "denied");
  EXPECT_EQ(verdict().events, before);
}

TEST_F(RecordsTest, PagesFollowEachOther) {
  domain.person("Nina Blanc", "nina@example.org");
  JournalQuery query;
  query.limit = 2;
  std::int64_t expected = verdict().events;
  for (bool more = true; more;) {
    const auto page = domain.run(domain.services->records.page(domain.administrator(), query)).value();
    for (const auto& entry : page.entries) EXPECT_EQ(entry.sequence, expected--);
    query.before = page.before;
    more = page.before.has_value();
  }
  EXPECT_EQ(expected, 0);
  query.limit = kJournalPageMax + 1;
  EXPECT_EQ(domain.run(domain.services->records.page(domain.administrator(), query)).error().code, "field_invalid");
}

TEST_F(RecordsTest, EverythingAboutHerIsHers) {
  const Id workspace = domain.workspace("Atelier");
  const Actor person = domain.person(kCanary, kAddress);
  domain.join(workspace, person, Role::editor);
  const std::string all = domain.run(domain.services->personal_data.export_mine(person)).value();
  for (const char* word : {"cluse.person.1", kCanary, kAddress, "Atelier", "Firefox, Linux", "member.added"})
    EXPECT_NE(all.find(word), std::string::npos) << word;
  for (const char* secret : {"password_hash", "token_hash", "anne@example.org"})
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  EXPECT_EQ(latest().verb, "person.exported");
}

// reliability.md B30: the canary is gone from database, blobs and the next backup; the chain still verifies.
TEST_F(RecordsTest, AfterHerErasureNothingNamesHer) {
  const Id workspace = domain.workspace();
  const Actor admin = domain.administrator();
  NewInvitation invitation;
  invitation.email = kAddress;
  ASSERT_TRUE(domain.run(domain.services->invitations.invite(admin, invitation)));
  const Actor person = domain.person(kCanary, kAddress);
  domain.join(workspace, person, Role::editor);
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Compte rendu";
  const Id document = domain.run(domain.services->documents.add(person, fresh)).value().id;
  ASSERT_TRUE(domain.run(domain.services->people.change_profile(person, {std::string(kCanary), {}, {}, {}, {}})));

  EXPECT_EQ(domain.run(domain.services->personal_data.erase(person, admin.person_id)).error().code, "denied");
  EXPECT_EQ(domain.run(domain.services->personal_data.erase(admin, admin.person_id)).error().code, "erase_oneself");
  EXPECT_EQ(domain.run(domain.services->personal_data.erase(admin, document)).error().code, "person_not_found");
  ASSERT_TRUE(domain.run(domain.services->personal_data.erase(admin, person.person_id)));
  ASSERT_TRUE(domain.run(domain.services->personal_data.erase(admin, person.person_id))) << "again changes nothing";

  const auto found = verdict();
  EXPECT_FALSE(found.finding);
  EXPECT_GE(found.erased, 4);
  const auto written = domain.run(domain.services->documents.find(admin, document)).value();
  EXPECT_EQ(written.created_by->name, kErasedName);
  EXPECT_TRUE(domain.run(domain.services->people.find(admin, "Zyxomma")).value().empty());
  EXPECT_EQ(
      domain.run(domain.services->workspaces.set_member(admin, workspace, person.person_id, Role::reader)).error().code,
      "person_not_found");
  for (const char* sql : {"SELECT COUNT(*) FROM person WHERE name LIKE '%Zyxomma%' OR name_folded LIKE '%zyxomma%'",
                          "SELECT COUNT(*) FROM account WHERE email LIKE '%kanarien%'",
                          "SELECT COUNT(*) FROM invitation WHERE email LIKE '%kanarien%'",
                          "SELECT COUNT(*) FROM journal WHERE body LIKE '%anarien%' OR body LIKE '%Zyxomma%'"})
    EXPECT_EQ(domain.count(sql), 0) << sql;
  // Closing empties the log; then no page of any file may hold her name: nothing is left for the next backup either.
  domain.database.reopen(domain.metrics);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(domain.directory.path())) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    for (const char* word : {"Zyxomma", "zyxomma", "anarienvogel", "kanarien.example"})
      EXPECT_EQ(bytes.str().find(word), std::string::npos) << word << " in " << entry.path();
  }
}

}  // namespace
}  // namespace cluse::domain
