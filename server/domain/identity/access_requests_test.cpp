// Aim: whoever has no account asks for one, proves her address, and is let in or refused; nobody learns by it who has
// an account (reliability B14, B15). Whose account others try to get into hears of it, once. Method: real services on a
// real database; the outbox writes down what it is given; a clock that moves when told.

#include "server/domain/noted_outbox.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using namespace std::chrono_literals;

const Place kHome{"198.51.100.7", "Firefox, Linux"};

Settings settings_with(mail::Outbox* outbox) {
  Settings settings = cheap_settings();
  settings.letters.outbox = outbox;
  settings.letters.public_url = "https://cluse.example";
  settings.access_requests.waiting_max = 4;
  return settings;
}

std::string token_after(const mail::Message& message, const std::string& path) {
  const std::size_t at = message.text.find(path + "#") + path.size() + 1;
  return message.text.substr(at, message.text.find('\n', at) - at);
}

class AccessRequestsTest : public testing::Test {
 protected:
  explicit AccessRequestsTest(bool has_mail = true) : domain(settings_with(has_mail ? &outbox : nullptr)) {}

  std::string submit(AccessForm form) {
    const auto done = domain.run(requests.submit(std::move(form), kHome));
    return done ? "ok" : std::string(done.error().error.code);
  }
  std::string ask(const std::string& email, const std::string& language = "fr") {
    return submit({"Nina Maillard", email, std::nullopt, "Ville test", "Pour la mobilité", language});
  }
  std::string confirm(const std::string& token) {
    const auto done = domain.run(requests.confirm(token, kHome));
    return done ? "ok" : std::string(done.error().error.code);
  }
  std::vector<AccessRequest> waiting() { return *domain.run(requests.list(admin)); }
  AccessRequest confirmed(const std::string& email) {
    EXPECT_EQ(ask(email), "ok");
    EXPECT_EQ(confirm(token_after(outbox.take(), "/demande")), "ok");
    return waiting().back();
  }

  NotedOutbox outbox;
  TestDomain domain;
  AccessRequests& requests = domain.services->access_requests;
  const Actor admin = domain.administrator();
};

class WithoutMail : public AccessRequestsTest {
 protected:
  WithoutMail() : AccessRequestsTest(false) {}
};

TEST_F(AccessRequestsTest, WaitsOnlyOnceItsAddressHasAnswered) {
  ASSERT_EQ(ask("nina@example.org"), "ok");
  EXPECT_TRUE(waiting().empty());
  const std::string token = token_after(outbox.take(), "/demande");
  EXPECT_EQ(confirm("other"), "link_not_found");
  EXPECT_EQ(confirm(token), "ok");
  EXPECT_EQ(confirm(token), "ok") << "twice is once";
  ASSERT_EQ(waiting().size(), 1U);
  EXPECT_TRUE(waiting()[0].email_confirmed);
  EXPECT_EQ(waiting()[0].message, "Pour la mobilité");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM journal WHERE verb = 'access.requested'"), 1);
}

TEST_F(AccessRequestsTest, ALinkIsOverAfterTwoDaysAndTheRequestGoes) {
  ASSERT_EQ(ask("nina@example.org"), "ok");
  domain.clock.advance(48h);
  EXPECT_EQ(confirm(token_after(outbox.take(), "/demande")), "link_over");
  ASSERT_EQ(ask("other@example.org"), "ok");
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM access_request WHERE subject = 'nina@example.org'"), 0);
}

TEST_F(AccessRequestsTest, AnswersTheSameForAnAccountAndTellsItsOwnerAlone) {
  domain.person("Paul Rochat", "paul@example.org");
  EXPECT_EQ(ask("Paul@Example.org", "de"), "ok");
  const auto letter = outbox.take();
  EXPECT_EQ(letter.subject, "Sie haben schon ein Konto");
  EXPECT_EQ(letter.text.find("/demande#"), std::string::npos);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM access_request WHERE is_waiting = 0"), 1) << "the same work";
  EXPECT_TRUE(waiting().empty());
}

TEST_F(AccessRequestsTest, WhoeverWaitsIsNotGivenOtherWords) {
  confirmed("nina@example.org");
  ASSERT_EQ(submit({"Quelqu’un d’autre", "nina@example.org", std::nullopt, "Ailleurs", "", "fr"}), "ok");
  EXPECT_EQ(waiting().size(), 1U);
  EXPECT_EQ(waiting()[0].name, "Nina Maillard");
  EXPECT_EQ(outbox.take().subject, "Votre demande d’accès attend déjà");
}

TEST_F(AccessRequestsTest, IsLetInWithOrganisationMandateAndWorkspaces) {
  const auto organisation = domain.run(domain.services->people.add_organisation(admin, {"Ville test", "", "CH", ""}));
  const Id workspace = domain.workspace();
  const auto request = confirmed("nina@example.org");
  AccessDecision decision;
  decision.organisation_id = organisation->id;
  decision.function = "Cheffe de projet";
  decision.spaces = {{workspace, Role::editor}};
  const auto in = domain.run(requests.grant(admin, request.id, decision));
  ASSERT_TRUE(in);
  EXPECT_TRUE(in->was_sent);
  EXPECT_TRUE(in->token.empty()) << "a letter carries the link";
  const auto opened = domain.run(
      domain.services->recovery.use(token_after(outbox.take(), "/lien"), "another good password", kHome, ""));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->profile.person.organisation->id, organisation->id);
  EXPECT_EQ(domain.run(domain.services->workspaces.find(opened->actor, workspace))->my_role, Role::editor);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM mandate WHERE function = 'Cheffe de projet'"), 1);
  EXPECT_EQ(domain.run(requests.grant(admin, request.id, {})).error().code, "access_request_not_found");
}

TEST_F(AccessRequestsTest, IsRefusedWithWordsInHerLanguage) {
  ASSERT_EQ(ask("nina@example.org", "de"), "ok");
  ASSERT_EQ(confirm(token_after(outbox.take(), "/demande")), "ok");
  ASSERT_TRUE(domain.run(requests.refuse(admin, waiting()[0].id, "Bitte wenden Sie sich an Ihre Gemeinde.")));
  const auto letter = outbox.take();
  EXPECT_EQ(letter.subject, "Ihre Zugangsanfrage");
  EXPECT_NE(letter.text.find("Bitte wenden Sie sich an Ihre Gemeinde."), std::string::npos);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(AccessRequestsTest, OnlyTheSecretariatReadsAndDecides) {
  const auto request = confirmed("nina@example.org");
  const Actor paul = domain.person("Paul Rochat", "paul@example.org");
  EXPECT_EQ(domain.run(requests.list(paul)).error().code, "denied");
  EXPECT_EQ(domain.run(requests.grant(paul, request.id, {})).error().code, "denied");
  EXPECT_EQ(domain.run(requests.refuse(paul, request.id, "")).error().code, "denied");
  ASSERT_TRUE(domain.run(domain.services->grants.give(
      admin, {rights::Role::secretary, {rights::HolderKind::person, paul.person_id}, rights::kInstance, {}, {}})));
  EXPECT_EQ(domain.run(requests.list(paul))->size(), 1U);
}

TEST_F(AccessRequestsTest, HasLimits) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ask("n" + std::to_string(i) + "@example.org"), "ok");
  EXPECT_EQ(ask("n4@example.org"), "too_many_requests") << "as many as may stand unanswered";
  EXPECT_EQ(submit({"Nina", "n@example.org", std::nullopt, "Ville", std::string(2001, 'x'), "fr"}), "field_too_long");
  EXPECT_EQ(submit({"Nina", "n@example.org", std::nullopt, "", "", "fr"}), "field_missing");
  EXPECT_EQ(submit({"Nina", "n@example.org", new_id(domain.clock.now()), "", "", "fr"}), "field_invalid");
}

TEST_F(AccessRequestsTest, AnAddressGetsThreeLettersADayAndAPlaceAsksTwentyTimesInAQuarterOfAnHour) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask("nina@example.org"), "ok");
  EXPECT_EQ(ask("nina@example.org"), "too_many_attempts");
  for (int i = 0; i < 3; ++i) outbox.take();
  EXPECT_EQ(outbox.count(), 3U);
}

TEST_F(WithoutMail, WaitsAtOnceAndTheLinkIsPassedOnByHand) {
  ASSERT_EQ(ask("nina@example.org"), "ok");
  ASSERT_EQ(waiting().size(), 1U);
  EXPECT_FALSE(waiting()[0].email_confirmed);
  const auto in = domain.run(requests.grant(admin, waiting()[0].id, {}));
  ASSERT_TRUE(in);
  EXPECT_FALSE(in->was_sent);
  EXPECT_TRUE(domain.run(domain.services->recovery.use(in->token, "another good password", kHome, "")));
}

TEST_F(WithoutMail, SaysOfWhomWaitsWhetherTheAddressHasAnAccount) {
  domain.person("Paul Rochat", "paul@example.org");
  ASSERT_EQ(ask("paul@example.org"), "ok");
  EXPECT_TRUE(waiting()[0].has_account);
  EXPECT_EQ(domain.run(requests.grant(admin, waiting()[0].id, {})).error().code, "email_taken");
}

TEST_F(AccessRequestsTest, ClosedItSaysSo) {
  Settings settings = settings_with(&outbox);
  settings.access_requests.is_open = false;
  TestDomain closed(settings);
  EXPECT_EQ(closed.run(closed.services->access_requests.submit({}, kHome)).error().error.code, "access_requests_off");
  EXPECT_EQ(closed.run(closed.services->access_requests.form_organisations()).error().code, "access_requests_off");
}

TEST_F(AccessRequestsTest, OwnersHearOfTriesThatFailOnceADay) {
  domain.person("Paul Rochat", "paul@example.org");
  const auto fail_once = [&] {
    EXPECT_FALSE(domain.run(domain.services->accounts.sign_in({"paul@example.org", "wrong"}, kHome, "")));
  };
  for (int i = 0; i < 5; ++i) fail_once();
  EXPECT_EQ(outbox.count(), 0U) << "somebody who has forgotten her password is not told that she has";
  for (int i = 0; i < 5; ++i) fail_once();
  const auto letter = outbox.take();
  EXPECT_EQ(letter.to, "paul@example.org");
  EXPECT_EQ(letter.subject, "Des essais de connexion à votre compte ont échoué");
  domain.clock.advance(16min);
  for (int i = 0; i < 8; ++i) fail_once();
  EXPECT_EQ(outbox.count(), 1U);
  domain.clock.advance(24h);
  for (int i = 0; i < 6; ++i) fail_once();
  outbox.take();
}

TEST_F(AccessRequestsTest, ATokenIsReplacedWhenTheRightsOfItsAccountChange) {
  const Actor paul = domain.person("Paul Rochat", "paul@example.org");
  const auto opened = domain.run(domain.services->accounts.sign_in({"paul@example.org", kTestPassword}, kHome, ""));
  ASSERT_TRUE(opened);
  auto& sessions = domain.services->sessions;
  EXPECT_FALSE(domain.run(sessions.authenticate(opened->token))->token_is_due);
  ASSERT_TRUE(domain.run(domain.services->people.set_administrator(admin, paul.person_id, true)));
  const auto due = domain.run(sessions.authenticate(opened->token));
  ASSERT_TRUE(due && due->token_is_due);
  const auto fresh = domain.run(sessions.rotate(*due, opened->token));
  ASSERT_TRUE(fresh && *fresh);
  EXPECT_EQ(domain.run(sessions.rotate(*due, opened->token)).value(), std::nullopt) << "another request was first";
  EXPECT_FALSE(domain.run(sessions.authenticate(**fresh))->token_is_due);
  EXPECT_EQ(domain.run(sessions.authenticate(**fresh))->session_id, opened->actor.session_id);
  EXPECT_TRUE(domain.run(sessions.authenticate(opened->token))) << "what was on its way";
  domain.clock.advance(1min);
  EXPECT_FALSE(domain.run(sessions.authenticate(opened->token)));
  EXPECT_TRUE(domain.run(sessions.authenticate(**fresh)));
}

TEST_F(WithoutMail, AWholeOrganisationIsInvitedAtOnceAndTwiceIsOnce) {
  const Id body = domain.run(domain.services->people.add_organisation(admin, {"Agence", "", "F", ""}))->id;
  const Id workspace = domain.workspace();
  const Actor here = domain.person("Déjà là", "here@example.org");
  const auto mandate = [&](Id person) {
    return domain.run(
        domain.services->mandates.add(admin, person, {body, "Déléguée", Quality::elected, Seat::titular, {}, {}}));
  };
  ASSERT_TRUE(mandate(here.person_id));
  ASSERT_EQ(ask("waits@example.org"), "ok");
  const auto in = domain.run(requests.grant(admin, waiting()[0].id, {}));
  ASSERT_TRUE(mandate(in->person.id));
  auto& batch = domain.services->organisation_batch;
  const std::string csv = "email,organisme,fonction\ncsv@example.org,Agence,Chargée\n";
  ASSERT_TRUE(domain.run(domain.services->invitation_batch.run(admin, csv, {})));
  domain.clock.advance(24h * 20);
  const Actor now_admin =
      domain.run(domain.services->accounts.sign_in({"anne@example.org", kTestPassword}, kHome, ""))->actor;
  const auto outcomes = [&](bool preview) {
    const BatchTarget target{workspace, Role::editor};
    const auto rows =
        domain.run(preview ? batch.preview(now_admin, {body}, target) : batch.run(now_admin, {body}, target));
    std::string text;
    for (const auto& row : *rows)
      text += row.person.email.substr(0, row.person.email.find('@')) + "=" +
              std::to_string(static_cast<int>(row.outcome)) +
              (row.token.empty() ? ""
               : row.is_link     ? "+link"
                                 : "+invitation") +
              " ";
    return text;
  };
  using enum BatchRow::Outcome;
  const auto word = [](BatchRow::Outcome outcome) { return std::to_string(static_cast<int>(outcome)); };
  EXPECT_EQ(outcomes(true), "here=" + word(add) + " waits=" + word(invite) + " csv=" + word(renew) + " ");
  EXPECT_EQ(outcomes(false),
            "here=" + word(add) + " waits=" + word(invite) + "+link csv=" + word(renew) + "+invitation ");
  EXPECT_EQ(outcomes(true),
            "here=" + word(already_here) + " waits=" + word(already_invited) + " csv=" + word(already_invited) + " ");
  EXPECT_EQ(domain.run(batch.preview(here, {body}, {})).error().code, "denied");
  EXPECT_EQ(domain.run(batch.preview(now_admin, {}, {})).error().code, "field_missing");
}

}  // namespace
}  // namespace cluse::domain
