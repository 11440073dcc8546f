// Aim: suspending ends access at once and leaves nothing without somebody who answers for it; two secretaries can
// always replace each other; pages of people hold still.
// Method: the services over a real store.

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

class StandingTest : public testing::Test {
 protected:
  void make_secretary(const Actor& actor) {
    const rights::NewGrant grant{
        rights::Role::secretary, {rights::HolderKind::person, actor.person_id}, rights::kInstance, {}, {}};
    ASSERT_TRUE(domain.run(domain.services->grants.give(admin, grant)));
  }
  std::string sign_in(const std::string& email) {
    const auto in = domain.run(domain.services->accounts.sign_in({email, kTestPassword}, {"192.0.2.9", "Firefox"}, ""));
    return in ? "" : std::string(in.error().error.code);
  }

  TestDomain domain;
  const Actor admin = domain.administrator();
  const Actor first = domain.person("Secrétaire générale F", "first@example.org");
  const Actor second = domain.person("Secrétaire générale CH", "second@example.org", "CH");
  Standing& standing = domain.services->standing;
};

TEST_F(StandingTest, ASuspensionEndsSessionsAndSignInsUntilItIsLifted) {
  EXPECT_EQ(sign_in("first@example.org"), "");
  ASSERT_TRUE(domain.run(standing.suspend(admin, first.person_id, "Départ")));
  EXPECT_EQ(domain.live.count("session_ended", first.session_id), 1);
  EXPECT_EQ(sign_in("first@example.org"), "account_suspended");
  EXPECT_EQ(domain.run(standing.find(admin, first.person_id))->suspended_reason, "Départ");
  ASSERT_TRUE(domain.run(standing.reactivate(admin, first.person_id)));
  EXPECT_EQ(sign_in("first@example.org"), "");
  EXPECT_EQ(domain.run(standing.suspend(admin, first.person_id, " ")).error().code, "field_missing");
}

TEST_F(StandingTest, NobodyActsOnWhoMayMoreOrOnHerself) {
  make_secretary(first);
  EXPECT_EQ(domain.run(standing.suspend(first, admin.person_id, "Non")).error().code, "denied");
  EXPECT_EQ(domain.run(standing.suspend(first, first.person_id, "Non")).error().code, "suspend_oneself");
  EXPECT_EQ(domain.run(standing.suspend(second, first.person_id, "Non")).error().code, "denied");
  EXPECT_EQ(domain.run(standing.hand_over(first, admin.person_id, first.person_id, {})).error().code, "denied");
}

TEST_F(StandingTest, TheLastManagerHandsOverBeforeSheGoes) {
  const Id workspace = domain.workspace();
  domain.join(workspace, first, Role::manager);
  ASSERT_TRUE(domain.run(domain.services->workspaces.remove_member(admin, workspace, admin.person_id)));
  EXPECT_EQ(domain.run(standing.suspend(admin, first.person_id, "Départ")).error().code, "last_manager");
  const auto before = domain.run(standing.responsibilities(admin, first.person_id));
  ASSERT_EQ(before->workspaces.size(), 1U);
  EXPECT_TRUE(before->workspaces[0].is_last);
  const auto after = domain.run(standing.hand_over(admin, first.person_id, second.person_id, {}));
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->workspaces[0].is_last);
  EXPECT_TRUE(domain.run(standing.suspend(admin, first.person_id, "Départ")));
  EXPECT_EQ(domain.run(domain.services->workspaces.remove_member(second, workspace, second.person_id)).error().code,
            "last_manager")
      << "who is suspended does not count";
}

TEST_F(StandingTest, HandingOverMovesGroupsInvitationsAndEndsMandates) {
  make_secretary(first);
  const Id group = domain.run(domain.services->groups.add(first, "Bureau", std::nullopt))->group.id;
  Actor again = first;  // as of her next request
  again.instance = rights::permissions_of(rights::Role::secretary);
  ASSERT_TRUE(domain.run(domain.services->invitations.invite(again, {})));
  const auto organisation = domain.run(domain.services->people.add_organisation(admin, {"Pôle", "", "F", ""}))->id;
  ASSERT_TRUE(
      domain.run(domain.services->mandates.add(admin, first.person_id, {organisation, "Secrétaire", {}, {}, {}, {}})));
  const auto left = domain.run(standing.hand_over(admin, first.person_id, second.person_id, "2026-09-30"));
  ASSERT_TRUE(left);
  EXPECT_TRUE(left->groups.empty());
  EXPECT_EQ(left->invitations, 0);
  EXPECT_EQ(domain.run(domain.services->groups.find(admin, group))->group.responsible->id, second.person_id);
  EXPECT_EQ(domain.run(standing.responsibilities(admin, second.person_id))->invitations, 1);
  EXPECT_EQ(domain.run(domain.services->mandates.list(admin, first.person_id))->front().last_day, "2026-09-30");
  EXPECT_EQ(domain.run(standing.hand_over(admin, first.person_id, first.person_id, {})).error().code,
            "hand_over_oneself");
}

TEST_F(StandingTest, TwoSecretariesCanAlwaysReplaceEachOther) {
  make_secretary(first);
  make_secretary(second);
  const Id workspace = domain.workspace();
  domain.join(workspace, first, Role::manager);
  ASSERT_TRUE(domain.run(domain.services->workspaces.remove_member(admin, workspace, admin.person_id)));
  ASSERT_TRUE(domain.run(standing.hand_over(second, first.person_id, second.person_id, {})));
  ASSERT_TRUE(domain.run(standing.suspend(second, first.person_id, "Relais")));
  ASSERT_TRUE(domain.run(standing.reactivate(second, first.person_id)));
  ASSERT_TRUE(domain.run(standing.hand_over(first, second.person_id, first.person_id, {})));
  ASSERT_TRUE(domain.run(standing.suspend(first, second.person_id, "Relais")));
}

TEST_F(StandingTest, TheLastAdministratorStays) {
  ASSERT_TRUE(domain.run(domain.services->people.set_administrator(admin, first.person_id, true)));
  ASSERT_TRUE(domain.run(standing.suspend(first, admin.person_id, "Relais")));
  EXPECT_EQ(domain.run(domain.services->people.set_administrator(first, first.person_id, false)).error().code,
            "last_administrator")
      << "who is suspended does not count";
}

TEST_F(StandingTest, PagesHoldStillWhilePeopleCome) {
  const auto one =
      domain.run(standing.list(admin, {.words = {}, .organisation = {}, .suspended = {}, .after = {}, .max = 2}));
  ASSERT_EQ(one->people.size(), 2U);
  ASSERT_TRUE(one->after);
  domain.person("Aaa, tout devant", "aaa@example.org");
  const auto two = domain.run(
      standing.list(admin, {.words = {}, .organisation = {}, .suspended = {}, .after = *one->after, .max = 2}));
  ASSERT_EQ(two->people.size(), 1U);
  EXPECT_NE(two->people[0].person.id, one->people[1].person.id);
  EXPECT_FALSE(two->after);
  EXPECT_EQ(
      domain
          .run(standing.list(admin, {.words = "second@", .organisation = {}, .suspended = {}, .after = {}, .max = 9}))
          ->people.size(),
      1U);
  EXPECT_EQ(domain.run(standing.list(admin, {.words = {}, .organisation = {}, .suspended = {}, .after = "x", .max = 9}))
                .error()
                .code,
            "field_invalid");
}

}  // namespace
}  // namespace cluse::domain
