// Aim: mandates are dated, do not overlap, stay visible when they have ended, and one of those that run is worn as the
// hat (domain.md rows 3, 37, 45, 46, 64; peers.md section 3, row 40: no signing out to change the body).
// Method: the services over a real store, on a clock that stands still on 2026-09-21.

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using namespace std::chrono_literals;

class MandatesTest : public testing::Test {
 protected:
  NewMandate mandate(const std::string& function, const std::string& from = "2026-01-01",
                     std::optional<std::string> to = std::nullopt) {
    return {organisation, function, Quality::elected, Seat::titular, from, std::move(to)};
  }
  Result<Mandate> add(const NewMandate& fresh) { return domain.run(mandates.add(admin, paul.person_id, fresh)); }
  std::string code_of(const NewMandate& fresh) {
    const auto added = add(fresh);
    return added ? "" : std::string(added.error().code) + " " + added.error().field;
  }
  /// What the session of the actor is now.
  Actor again(const std::string& email = "paul@example.org") {
    auto opened = domain.run(domain.services->accounts.sign_in({email, kTestPassword}, {"192.0.2.9", ""}, ""));
    token = opened->token;
    return opened->actor;
  }

  TestDomain domain;
  Mandates& mandates = domain.services->mandates;
  Actor admin = domain.administrator();
  Actor paul = domain.person("Paul Rochat", "paul@example.org");
  Id organisation =
      domain.run(domain.services->people.add_organisation(admin, {"Grand Belfort", "", "F", "intercommunalité"}))->id;
  std::string token;
};

TEST_F(MandatesTest, OnePersonHoldsSeveralInSeveralBodies) {
  // Row 64: two agents of the Pôle are seconded to the syndicat mixte: one person, several bodies.
  ASSERT_TRUE(add(mandate("Conseiller communautaire")).has_value());
  const auto other = domain.run(domain.services->people.add_organisation(admin, {"Syndicat mixte", "", "F", ""}))->id;
  ASSERT_TRUE(add({other, "Budget et réunions", Quality::technician, Seat::titular, "2019-12-20", {}}).has_value());
  const auto listed = domain.run(mandates.list(paul, paul.person_id));
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_EQ(listed->front().function, "Conseiller communautaire");
  EXPECT_EQ(listed->back().first_day, "2019-12-20");
  EXPECT_FALSE(listed->back().last_day.has_value());
  EXPECT_EQ(domain.run(mandates.list(paul, organisation)).error().code, "person_not_found");
}

TEST_F(MandatesTest, TheSameFunctionIsNotHeldTwiceAtOnce) {
  ASSERT_TRUE(add(mandate("Délégué", "2020-07-01", "2026-03-31")).has_value());
  EXPECT_EQ(code_of(mandate("délégué", "2026-03-31")), "mandate_overlaps first_day") << "the last day counts";
  EXPECT_EQ(code_of(mandate("Délégué", "2019-01-01", "2020-07-01")), "mandate_overlaps first_day");
  EXPECT_EQ(code_of(mandate("Délégué", "2026-04-01")), "");
  EXPECT_EQ(code_of(mandate("Vice-président", "2026-04-01")), "") << "another function may run beside it";
}

TEST_F(MandatesTest, BadInputIsRefusedWithItsField) {
  EXPECT_EQ(code_of(mandate("")), "field_missing function");
  EXPECT_EQ(code_of(mandate(std::string(161, 'a'))), "field_too_long function");
  EXPECT_EQ(code_of(mandate("Délégué", "2026-02-30")), "date_malformed first_day");
  EXPECT_EQ(code_of(mandate("Délégué", "2026-02-01", "jamais")), "date_malformed last_day");
  EXPECT_EQ(code_of(mandate("Délégué", "2026-02-01", "2026-01-31")), "dates_reversed last_day");
  auto nowhere = mandate("Délégué");
  nowhere.organisation_id = paul.person_id;
  EXPECT_EQ(code_of(nowhere), "field_invalid organisation_id");
  EXPECT_EQ(domain.run(mandates.add(admin, organisation, mandate("Délégué"))).error().code, "person_not_found");
  EXPECT_EQ(domain.run(mandates.add(paul, paul.person_id, mandate("Délégué"))).error().code, "denied");
}

TEST_F(MandatesTest, APersonHasAtMostSoMany) {
  for (std::size_t i = 0; i < kMandatesPerPersonMax; ++i)
    ASSERT_TRUE(add(mandate("Fonction " + std::to_string(i))).has_value());
  EXPECT_EQ(code_of(mandate("Une de trop")), "too_many_mandates ");
}

TEST_F(MandatesTest, AnEndedMandateStaysVisible) {
  const auto made = add(mandate("Délégué"));
  auto ended = mandate("Délégué", "2026-01-01", "2026-08-31");
  ASSERT_TRUE(domain.run(mandates.change(admin, made->id, ended)).has_value());
  ASSERT_EQ(code_of(mandate("Déléguée aux transports", "2026-09-01")), "");
  const auto listed = domain.run(mandates.list(paul, paul.person_id));
  ASSERT_EQ(listed->size(), 2U);
  EXPECT_TRUE(listed->front().is_current);
  EXPECT_EQ(listed->back().last_day, "2026-08-31");
  EXPECT_FALSE(listed->back().is_current);
  EXPECT_EQ(domain.run(mandates.change(admin, organisation, ended)).error().code, "mandate_not_found");
}

TEST_F(MandatesTest, SubstitutesAreOfTheSameOrganisationAndNotNominative) {
  const auto other = domain.run(domain.services->people.add_organisation(admin, {"Sud Territoire", "", "F", ""}))->id;
  const Actor lea = domain.person("Léa", "lea@example.org"), eva = domain.person("Éva", "eva@example.org");
  const auto add_for = [&](const Actor& who, Id where, Seat seat) {
    return *domain.run(mandates.add(admin, who.person_id,
                                    {where, "Délégation au Pôle", Quality::elected, seat, "2026-01-01", std::nullopt}));
  };
  const auto titular = add_for(paul, organisation, Seat::titular);
  const auto substitute = add_for(lea, organisation, Seat::substitute);
  const auto foreign = add_for(eva, other, Seat::substitute);
  EXPECT_TRUE(may_stand_in(substitute, titular));
  EXPECT_FALSE(may_stand_in(foreign, titular)) << "row 45: not of another EPCI";
  EXPECT_FALSE(may_stand_in(titular, titular));
  EXPECT_FALSE(may_stand_in(titular, substitute));
  auto ended = substitute;
  ended.is_current = false;
  EXPECT_FALSE(may_stand_in(ended, titular));
}

TEST_F(MandatesTest, ASessionStartsWithTheLastHatOrTheOldestThatRuns) {
  EXPECT_FALSE(again().mandate_id.has_value()) << "no mandate: what she typed of herself stands";
  const auto young = add(mandate("Jeune", "2026-05-01")), old = add(mandate("Vieux", "2020-01-01"));
  ASSERT_TRUE(add(mandate("Passé", "2010-01-01", "2015-12-31")).has_value());
  Actor actor = again();
  EXPECT_EQ(actor.mandate_id, old->id);
  const auto profile = domain.run(mandates.wear(actor, young->id));
  EXPECT_EQ(profile->person.hat->function, "Jeune");
  EXPECT_EQ(profile->mandates.size(), 3U);
  EXPECT_EQ(domain.run(domain.services->sessions.authenticate(token))->mandate_id, young->id);
  EXPECT_EQ(again().mandate_id, young->id) << "the next session goes on with it";
}

TEST_F(MandatesTest, OnlyARunningMandateOfOnesOwnIsWorn) {
  const auto past = add(mandate("Passé", "2010-01-01", "2015-12-31")), future = add(mandate("Futur", "2030-01-01"));
  const auto now = add(mandate("Présent"));
  const Actor actor = again();
  EXPECT_EQ(domain.run(mandates.wear(actor, past->id)).error().code, "mandate_not_current");
  EXPECT_EQ(domain.run(mandates.wear(actor, future->id)).error().code, "mandate_not_current");
  EXPECT_EQ(domain.run(mandates.wear(admin, now->id)).error().code, "mandate_not_found") << "another's";
  EXPECT_EQ(domain.run(mandates.wear(actor, organisation)).error().code, "mandate_not_found");
}

TEST_F(MandatesTest, TheHatFallsWhenTheMandateEnds) {
  const auto made = add(mandate("Délégué", "2026-01-01", "2026-09-21"));
  const Actor actor = again();
  ASSERT_EQ(actor.mandate_id, made->id);
  domain.clock.advance(8h);  // from a quarter past four in the afternoon: the next day has begun
  const auto later = domain.run(domain.services->sessions.authenticate(token));
  ASSERT_TRUE(later.has_value()) << "she stays signed in";
  EXPECT_FALSE(later->mandate_id.has_value());
  EXPECT_FALSE(domain.run(domain.services->people.profile(*later))->person.hat.has_value());
}

TEST_F(MandatesTest, WhatIsWrittenRemembersTheHat) {
  const Id workspace = domain.workspace();
  const auto made = add(mandate("Délégué"));
  const Actor actor = again();
  domain.join(workspace, actor, Role::editor);
  NewDocument fresh;
  fresh.workspace_id = workspace;
  fresh.title = "Note";
  const auto document = domain.run(domain.services->documents.add(actor, fresh));
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->created_by->hat->id, made->id);
  ASSERT_TRUE(domain.run(mandates.change(admin, made->id, mandate("Délégué", "2026-01-01", "2026-02-01"))).has_value());
  const auto seen = domain.run(domain.services->documents.find(admin, document->id));
  EXPECT_EQ(seen->updated_by->hat->function, "Délégué") << "a hat that has ended was worn all the same";
  const auto changed = domain.run(domain.services->documents.change(admin, document->id, {"Autre", std::nullopt}));
  EXPECT_FALSE(changed->updated_by->hat.has_value());
  EXPECT_TRUE(changed->created_by->hat.has_value());
}

TEST_F(MandatesTest, AnInstanceKeepsAnAdministrator) {
  // Row 3: two secretaries general; neither is the single owner.
  auto& people = domain.services->people;
  EXPECT_EQ(domain.run(people.set_administrator(admin, admin.person_id, false)).error().code, "last_administrator");
  EXPECT_TRUE(domain.run(people.set_administrator(admin, paul.person_id, true))->is_admin);
  EXPECT_FALSE(domain.run(people.set_administrator(admin, admin.person_id, false))->is_admin);
  EXPECT_TRUE(again().is_admin);
  EXPECT_EQ(domain.run(people.set_administrator(admin, paul.person_id, false)).error().code, "denied");
  EXPECT_EQ(domain.run(people.set_administrator(again(), organisation, true)).error().code, "person_not_found");
}

}  // namespace
}  // namespace cluse::domain
