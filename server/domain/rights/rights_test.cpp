// Aim: grants and groups open and close what they say, at once and in time; the cache never outlives a change; nobody
// gives more than she holds.
// Method: the services over a real store; the cache is filled by reading, then each kind of change is made.

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain::rights {
namespace {

using namespace std::chrono_literals;

class RightsTest : public testing::Test {
 protected:
  /// "reader", … or "" for a stranger; asked twice, so that the second answer comes from the cache.
  std::string role_of(const Actor& actor, Id in) {
    for (int i = 0; i < 2; ++i) {
      auto body = [&, this](storage::Snapshot& snapshot) -> Result<domain::Role> {
        return access(snapshot, actor, in);
      };
      const auto role = domain.services->environment.database.read_now(body);
      last_ = role ? std::string(domain::to_text(*role)) : "";
    }
    return last_;
  }
  Grant give(Role role, Holder holder, Object scope, std::optional<std::string> last_day = {}) {
    return *domain.run(domain.services->grants.give(admin, {role, holder, scope, {}, std::move(last_day)}));
  }
  std::string refused(const Actor& actor, const NewGrant& grant) {
    const auto given = domain.run(domain.services->grants.give(actor, grant));
    return given ? "" : std::string(given.error().code);
  }
  Holder holder(const Actor& actor) { return {HolderKind::person, actor.person_id}; }
  Id organisation(const std::string& name) {
    return domain.run(domain.services->people.add_organisation(admin, {name, "", "F", ""}))->id;
  }
  Id mandate(const Actor& actor, Id in, std::optional<std::string> last_day = {}) {
    return domain
        .run(domain.services->mandates.add(admin, actor.person_id,
                                           {in, "Déléguée", Quality::elected, Seat::titular, {}, std::move(last_day)}))
        ->id;
  }

  TestDomain domain;
  const Actor admin = domain.administrator();
  const Actor guest = domain.person("Invitée", "guest@example.org");
  const Id workspace = domain.workspace();
  const Object here{ScopeKind::workspace, workspace};
  std::string last_;
};

TEST_F(RightsTest, AGrantOpensAndItsWithdrawalCloses) {
  EXPECT_EQ(role_of(guest, workspace), "");
  const Grant grant = give(Role::editor, holder(guest), here);
  EXPECT_EQ(role_of(guest, workspace), "editor");
  EXPECT_TRUE(domain.run(domain.services->grants.withdraw(admin, grant.id)));
  EXPECT_EQ(role_of(guest, workspace), "");
}

TEST_F(RightsTest, AGrantEndsAfterItsLastDay) {
  // The clock of the tests stands at 2026-09-21, in the afternoon.
  give(Role::reader, holder(guest), here, "2026-09-22");
  EXPECT_EQ(role_of(guest, workspace), "reader");
  domain.clock.advance(24h);
  EXPECT_EQ(role_of(guest, workspace), "reader");
  domain.clock.advance(24h);
  EXPECT_EQ(role_of(guest, workspace), "") << "also from the cache";
  domain.clock.advance(-48h);
  EXPECT_EQ(role_of(guest, workspace), "reader") << "a clock that steps back finds its own day";
}

TEST_F(RightsTest, AMandateOpensWhileItRuns) {
  const Id body = organisation("Pôle");
  const Id id = mandate(guest, body, "2026-09-22");
  give(Role::commenter, {HolderKind::mandate, id}, here);
  EXPECT_EQ(role_of(guest, workspace), "commenter");
  domain.clock.advance(48h);
  EXPECT_EQ(role_of(guest, workspace), "");
}

TEST_F(RightsTest, AChangedMandateIsSeenAtOnce) {
  const Id body = organisation("Pôle");
  const Id id = mandate(guest, body);
  give(Role::reader, {HolderKind::organisation, body}, here);
  EXPECT_EQ(role_of(guest, workspace), "reader");
  const NewMandate over{body, "Déléguée", Quality::elected, Seat::titular, "2026-01-01", "2026-02-01"};
  ASSERT_TRUE(domain.run(domain.services->mandates.change(admin, id, over)));
  EXPECT_EQ(role_of(guest, workspace), "");
}

TEST_F(RightsTest, AnOrganisationThatSheTypedHerselfOpensNothing) {
  const Id typed = domain.run(domain.services->people.person(admin, guest.person_id))->organisation->id;
  give(Role::reader, {HolderKind::organisation, typed}, here);
  EXPECT_EQ(role_of(guest, workspace), "");
  ASSERT_TRUE(domain.run(domain.services->standing.set_organisation(admin, guest.person_id, typed)));
  EXPECT_EQ(role_of(guest, workspace), "reader");
  ASSERT_TRUE(domain.run(domain.services->standing.set_organisation(admin, guest.person_id, std::nullopt)));
  EXPECT_EQ(role_of(guest, workspace), "");
}

TEST_F(RightsTest, AGroupOpensForItsMembersAndClosesWithThem) {
  auto& groups = domain.services->groups;
  const Id group = domain.run(groups.add(admin, "Bureau", std::nullopt))->group.id;
  give(Role::editor, {HolderKind::group, group}, here);
  EXPECT_EQ(role_of(guest, workspace), "");
  EXPECT_EQ(domain.run(groups.add_member(admin, group, holder(guest)))->people, 1);
  EXPECT_EQ(role_of(guest, workspace), "editor");
  ASSERT_TRUE(domain.run(groups.remove_member(admin, group, guest.person_id)));
  EXPECT_EQ(role_of(guest, workspace), "");
  const Id body = organisation("Pôle");
  mandate(guest, body);
  ASSERT_TRUE(domain.run(groups.add_member(admin, group, {HolderKind::organisation, body})));
  EXPECT_EQ(role_of(guest, workspace), "editor") << "by the organisation of her mandate";
  EXPECT_EQ(domain.run(groups.find(admin, group))->grants.size(), 1U) << "what goes with it";
  ASSERT_TRUE(domain.run(groups.remove(admin, group)));
  EXPECT_EQ(role_of(guest, workspace), "");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM access_grant"), 0);
}

TEST_F(RightsTest, MembershipAdministrationAndSuspensionAreSeenAtOnce) {
  EXPECT_EQ(role_of(guest, workspace), "");
  domain.join(workspace, guest, domain::Role::reader);
  EXPECT_EQ(role_of(guest, workspace), "reader");
  ASSERT_TRUE(domain.run(domain.services->people.set_administrator(admin, guest.person_id, true)));
  EXPECT_EQ(role_of(guest, workspace), "manager");
  ASSERT_TRUE(domain.run(domain.services->people.set_administrator(admin, guest.person_id, false)));
  EXPECT_EQ(role_of(guest, workspace), "reader");
  ASSERT_TRUE(domain.run(domain.services->standing.suspend(admin, guest.person_id, "Départ")));
  EXPECT_EQ(role_of(guest, workspace), "");
  ASSERT_TRUE(domain.run(domain.services->standing.reactivate(admin, guest.person_id)));
  EXPECT_EQ(role_of(guest, workspace), "reader");
  ASSERT_TRUE(domain.run(domain.services->workspaces.remove_member(admin, workspace, guest.person_id)));
  EXPECT_EQ(role_of(guest, workspace), "");
}

TEST_F(RightsTest, AFolderOpensWhatLiesInItAndNothingElse) {
  auto& documents = domain.services->documents;
  const Id folder = domain.run(documents.add(admin, {workspace, "Dossier", DocumentKind::folder, {}, {}, {}}))->id;
  const Id inside = domain.run(documents.add(admin, {workspace, "Note", DocumentKind::document, folder, {}, {}}))->id;
  const Id outside = domain.run(documents.add(admin, {workspace, "Autre", DocumentKind::document, {}, {}, {}}))->id;
  give(Role::editor, holder(guest), {ScopeKind::document, folder});
  EXPECT_EQ(role_of(guest, workspace), "");
  EXPECT_TRUE(domain.run(documents.find(guest, inside)));
  EXPECT_EQ(domain.run(documents.find(guest, outside)).error().code, "document_not_found");
  EXPECT_EQ(domain.run(domain.services->finder.find(guest, "note"))->documents.size(), 1U);
  EXPECT_EQ(domain.run(domain.services->finder.find(guest, "autre"))->documents.size(), 0U);
  EXPECT_EQ(domain.run(domain.services->finder.home(guest))->recent.size(), 1U);
  // It leaves the folder, and with it what the folder opened.
  ASSERT_TRUE(domain.run(documents.move(admin, inside, {std::nullopt, std::nullopt})));
  EXPECT_EQ(domain.run(documents.find(guest, inside)).error().code, "document_not_found");
}

TEST_F(RightsTest, ATerritoryOpensItsWorkspaces) {
  const Id territory = domain.run(domain.services->workspaces.find(admin, workspace))->territory.id;
  give(Role::secretary, holder(guest), {ScopeKind::territory, territory});
  EXPECT_EQ(role_of(guest, workspace), "manager");
  EXPECT_EQ(domain.run(domain.services->workspaces.list(guest))->size(), 1U);
  EXPECT_TRUE(domain.run(domain.services->workspaces.add(guest, {"Tourisme", "", territory, "fr"})));
  EXPECT_EQ(domain.run(domain.services->standing.list(guest, {})).error().code, "denied") << "not on the instance";
}

TEST_F(RightsTest, NobodyGivesMoreThanSheHolds) {
  domain.join(workspace, guest, domain::Role::manager);
  EXPECT_EQ(refused(guest, {Role::manager, holder(guest), here, {}, {}}), "");
  EXPECT_EQ(refused(guest, {Role::reader, holder(guest), kInstance, {}, {}}), "denied");
  EXPECT_EQ(refused(guest, {Role::secretary, holder(guest), here, {}, {}}), "role_scope");
  give(Role::secretary, holder(guest), kInstance);
  EXPECT_EQ(refused(guest, {Role::administrator, holder(guest), kInstance, {}, {}}), "denied");
  const Id body = organisation("Pôle");
  EXPECT_EQ(refused(admin, {Role::administrator, {HolderKind::organisation, body}, kInstance, {}, {}}),
            "role_for_persons");
  EXPECT_EQ(refused(admin, {Role::auditor, holder(guest), here, {}, {}}), "role_scope");
  EXPECT_EQ(refused(admin, {Role::reader, {HolderKind::person, body}, here, {}, {}}), "holder_not_found");
  EXPECT_EQ(refused(admin, {Role::reader, holder(guest), here, "2026-05-02", "2026-05-01"}), "dates_reversed");
}

TEST_F(RightsTest, AGroupGivesNobodyMoreThanWhoFillsIt) {
  auto& groups = domain.services->groups;
  const Id territory = domain.run(domain.services->workspaces.find(admin, workspace))->territory.id;
  const Id group = domain.run(groups.add(admin, "Comité", territory))->group.id;
  give(Role::reader, {HolderKind::group, group}, kInstance);
  give(Role::secretary, holder(guest), {ScopeKind::territory, territory});
  EXPECT_EQ(domain.run(groups.add_member(guest, group, holder(guest))).error().code, "denied");
  EXPECT_EQ(domain.run(groups.add_member(admin, group, {HolderKind::group, group})).error().code, "group_in_group");
  EXPECT_EQ(domain.run(groups.add(admin, "COMITE", std::nullopt)).error().code, "group_taken");
}

TEST_F(RightsTest, ExplainsByWhichPathAndUntilWhen) {
  auto& groups = domain.services->groups;
  const Id group = domain.run(groups.add(admin, "Bureau", std::nullopt))->group.id;
  const Id body = organisation("Pôle");
  mandate(guest, body, "2026-10-31");
  ASSERT_TRUE(domain.run(groups.add_member(admin, group, {HolderKind::organisation, body})));
  give(Role::editor, {HolderKind::group, group}, here, "2026-12-31");
  give(Role::manager, holder(guest), here, "2026-01-31");
  const auto why = domain.run(domain.services->grants.explain(admin, guest.person_id, here));
  ASSERT_TRUE(why);
  ASSERT_EQ(why->reasons.size(), 2U);
  const auto& first = why->reasons[0];
  EXPECT_EQ(first.source.state, Source::State::holds);
  EXPECT_EQ(first.source.last_day, "2026-10-31") << "the mandate ends first";
  ASSERT_EQ(first.path.size(), 3U);
  EXPECT_EQ(first.path[0].name, "Bureau");
  EXPECT_EQ(first.path[1].name, "Pôle");
  EXPECT_EQ(why->reasons[1].source.state, Source::State::ended);
  EXPECT_TRUE(why->judgement.permissions.has(Permission::content_write));
  EXPECT_EQ(domain.run(domain.services->grants.explain(guest, admin.person_id, here)).error().code, "denied");
}

TEST_F(RightsTest, EveryChangeIsInTheJournal) {
  const Grant grant = give(Role::reader, holder(guest), here);
  give(Role::reader, holder(guest), here, "2027-01-01");
  ASSERT_TRUE(domain.run(domain.services->grants.withdraw(admin, grant.id)));
  for (const char* verb : {"grant.added", "grant.changed", "grant.removed"})
    EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = '" + std::string(verb) + "'"), 1) << verb;
}

TEST(ConcernsRights, ReadsTheStatementsOfTheDomain) {
  for (const char* sql :
       {"INSERT INTO access_grant (id) VALUES (?)", "DELETE FROM mandate", "UPDATE mandate SET last_day = ?",
        "UPDATE person SET is_admin = ? WHERE id = ?", "UPDATE document SET parent_id = NULL WHERE id = ?",
        "DELETE FROM document WHERE id = ?", "INSERT INTO workspace_member (a) VALUES (1)", "PRAGMA x"})
    EXPECT_TRUE(concerns_rights(sql)) << sql;
  for (const char* sql :
       {"SELECT 1 FROM access_grant", "UPDATE document SET updated_at = ? WHERE parent_id = ?",
        "UPDATE person SET name = ? WHERE is_admin = 1", "INSERT INTO document (id) VALUES (?)",
        "WITH RECURSIVE up (id) AS (SELECT 1) SELECT id FROM up", "UPDATE session SET last_seen_at = ?"})
    EXPECT_FALSE(concerns_rights(sql)) << sql;
}

}  // namespace
}  // namespace cluse::domain::rights
