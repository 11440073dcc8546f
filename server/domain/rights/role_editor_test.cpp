// Aim: a role that is made here gives what it says, at once and to everyone it was given to; no change of one locks the
// last administrator out.
// Method: the services over a real store.

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain::rights {
namespace {

class RoleEditorTest : public testing::Test {
 protected:
  GivenRole make(Permissions permissions, const std::string& name = "Référent") {
    return domain.run(roles.add(admin, {name, name + " DE", permissions}))->role;
  }
  std::string change(const GivenRole& role, Permissions permissions, const Actor& by) {
    const auto changed = domain.run(roles.change(by, role.id, {role.name_fr, role.name_de, permissions}));
    return changed ? "" : std::string(changed.error().code);
  }
  std::string give(const GivenRole& role, Holder holder, Object scope) {
    const auto given = domain.run(domain.services->grants.give(admin, {role, holder, scope, {}, {}}));
    return given ? "" : std::string(given.error().code);
  }
  Permissions held(const Actor& actor, Object on) {
    auto body = [&](storage::Snapshot& snapshot) { return permissions(snapshot, actor.person_id, on); };
    return *domain.services->environment.database.read_now(body);
  }
  Holder holder(const Actor& actor) { return {HolderKind::person, actor.person_id}; }

  TestDomain domain;
  RoleEditor& roles = domain.services->roles;
  const Actor admin = domain.administrator();
  const Actor guest = domain.person("Invitée", "guest@example.org");
  const Object here{ScopeKind::workspace, domain.workspace()};
};

TEST_F(RoleEditorTest, ARoleGivesWhatItSaysAndAChangeReachesEverybodyAtOnce) {
  const auto role = make({Permission::content_read});
  ASSERT_EQ(give(role, holder(guest), here), "");
  EXPECT_EQ(held(guest, here), Permissions{Permission::content_read});
  EXPECT_EQ(change(role, {Permission::content_write}, admin), "");
  EXPECT_EQ(held(guest, here), permissions_of(Role::editor)) << "who writes also comments and reads";
  EXPECT_EQ(domain.run(roles.remove(admin, role.id)).error().code, "role_in_use");
}

TEST_F(RoleEditorTest, APreviewSaysWhoGainsAndLosesWithAllElseCounted) {
  const auto role = make({Permission::content_write});
  ASSERT_EQ(give(role, holder(guest), here), "");
  const Actor other = domain.person("Autre", "other@example.org");
  ASSERT_EQ(give(role, holder(other), here), "");
  ASSERT_EQ(give(Role::editor, holder(other), here), "");
  const auto preview = domain.run(roles.preview(admin, role.id, {Permission::content_read}));
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->grants, 2);
  ASSERT_EQ(preview->effects.size(), 1U) << "the other keeps all by another way";
  EXPECT_EQ(preview->effects[0].person.id, guest.person_id);
  EXPECT_EQ(preview->effects[0].loses, (Permissions{Permission::content_comment, Permission::content_write}));
  EXPECT_TRUE(preview->effects[0].gains.is_empty());
  EXPECT_EQ(held(guest, here), permissions_of(Role::editor)) << "nothing has changed";
}

TEST_F(RoleEditorTest, APreviewReachesThroughGroupsOrganisationsAndMandates) {
  const auto role = make({Permission::content_read});
  const Id organisation = domain.run(domain.services->people.add_organisation(admin, {"Agence", "", "F", ""}))->id;
  ASSERT_TRUE(domain.run(domain.services->mandates.add(
      admin, guest.person_id, {organisation, "Déléguée", Quality::elected, Seat::titular, {}, {}})));
  const auto group = domain.run(domain.services->groups.add(admin, "Référents", std::nullopt));
  ASSERT_TRUE(
      domain.run(domain.services->groups.add_member(admin, group->group.id, {HolderKind::organisation, organisation})));
  ASSERT_EQ(give(role, {HolderKind::group, group->group.id}, here), "");
  const auto preview = domain.run(roles.preview(admin, role.id, {Permission::content_comment}));
  ASSERT_EQ(preview->effects.size(), 1U);
  EXPECT_EQ(preview->effects[0].gains, Permissions{Permission::content_comment});
}

TEST_F(RoleEditorTest, RolesOfEveryInstanceStayWhatTheyAre) {
  EXPECT_EQ(change(Role::secretary, {Permission::content_read}, admin), "role_fixed");
  EXPECT_EQ(domain.run(roles.remove(admin, "reader")).error().code, "role_fixed");
  EXPECT_EQ(domain.run(roles.list())->size(), 7U);
}

TEST_F(RoleEditorTest, NobodyLocksOutTheAdministrationNorHerself) {
  const auto role = make(Permissions::all(), "Direction");
  ASSERT_EQ(give(role, holder(guest), kInstance), "");
  EXPECT_EQ(change(role, {Permission::people_manage}, guest), "role_locks_out");
  EXPECT_TRUE(held(guest, kInstance).has(Permission::administrators_manage));
  EXPECT_EQ(change(role, {Permission::people_manage}, admin), "") << "another administrator may";
  EXPECT_EQ(change(role, Permissions::all(), guest), "denied");
}

TEST_F(RoleEditorTest, WhatReachesOverEverybodyIsGivenToPersonsOnTheInstance) {
  const auto journal = make({Permission::journal_read}, "Contrôle local");
  EXPECT_EQ(give(journal, holder(guest), here), "role_scope");
  const auto role = make({Permission::content_read});
  ASSERT_EQ(give(role, holder(guest), here), "");
  EXPECT_EQ(change(role, {Permission::journal_read}, admin), "role_scope") << "a grant of it would not fit";
}

TEST_F(RoleEditorTest, NobodyGivesMoreThanSheHolds) {
  const auto role = make({Permission::content_write, Permission::grants_manage});
  ASSERT_EQ(give(role, holder(guest), here), "");
  const auto more = make({Permission::content_purge}, "Nettoyage");
  const NewGrant grant{more, holder(guest), here, {}, {}};
  EXPECT_EQ(domain.run(domain.services->grants.give(guest, grant)).error().code, "denied");
  const NewGrant none{GivenRole::named("0"), holder(guest), here, {}, {}};
  EXPECT_EQ(domain.run(domain.services->grants.give(admin, none)).error().code, "role_not_found");
}

TEST_F(RoleEditorTest, HasLimitsAndWritesTheJournal) {
  make({Permission::content_read});
  EXPECT_EQ(domain.run(roles.add(admin, {"RÉFÉRENT", "x", {Permission::content_read}})).error().code, "role_taken");
  EXPECT_EQ(domain.run(roles.add(admin, {"Vide", "Leer", {}})).error().code, "role_empty");
  EXPECT_EQ(domain.run(roles.add(guest, {"a", "b", {Permission::content_read}})).error().code, "denied");
  for (std::size_t i = 1; i < kRolesMax; ++i) make({Permission::content_read}, "Rôle " + std::to_string(i));
  EXPECT_EQ(domain.run(roles.add(admin, {"a", "b", {Permission::content_read}})).error().code, "too_many_roles");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = 'role.added'"), 100);
}

}  // namespace
}  // namespace cluse::domain::rights
