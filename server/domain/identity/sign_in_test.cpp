// Aim: who may sign in, how often she may try, and when a session is over (reliability B14, B15).
// Method: real services on a real database, a clock that moves only when told.

#include "server/domain/identity/tokens.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <thread>

namespace cluse::domain {
namespace {

using namespace std::chrono_literals;

const Place kOffice{"198.51.100.7", "Firefox, Linux"};
const Place kElsewhere{"203.0.113.9", "curl"};

class SignIn : public testing::Test {
 protected:
  Guarded<SignedIn> try_from(const Place& place, const std::string& password,
                             const std::string& email = "paul@example.org") {
    return domain.run(domain.services->accounts.sign_in({email, password}, place, ""));
  }
  std::string code_from(const Place& place, const std::string& password,
                        const std::string& email = "paul@example.org") {
    const auto answer = try_from(place, password, email);
    return answer ? "ok" : std::string(answer.error().error.code);
  }
  bool is_signed_in(const std::string& token) {
    return domain.run(domain.services->sessions.authenticate(token)).has_value();
  }
  /// The mark that a sign of life leaves is written behind our back.
  void wait_for_mark() {
    const std::string now = std::to_string(domain.clock.now().ms);
    while (domain.count("SELECT count(*) FROM session WHERE last_seen_at = " + now) == 0) std::this_thread::yield();
  }

  TestDomain domain;
  Actor paul = domain.person("Paul Rochat", "paul@example.org");
};

TEST_F(SignIn, TakesTheAddressInAnyCase) {
  EXPECT_EQ(code_from(kOffice, kTestPassword, " Paul@Example.org "), "ok");
}

TEST_F(SignIn, AnswersTheSameWhateverWasWrong) {
  EXPECT_EQ(code_from(kOffice, "wrong password"), "sign_in_failed");
  EXPECT_EQ(code_from(kOffice, kTestPassword, "nobody@example.org"), "sign_in_failed");
  EXPECT_EQ(code_from(kOffice, kTestPassword, "not an address"), "sign_in_failed");
  EXPECT_EQ(code_from(kOffice, std::string(5000, 'x')), "sign_in_failed");
}

TEST_F(SignIn, EndsTriesOnOneAccountAfterTenAndForgetsThemAfterAQuarterOfAnHour) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(code_from(kElsewhere, "wrong"), "sign_in_failed");
  const auto refused = try_from(kElsewhere, kTestPassword);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().error.code, "too_many_attempts");
  EXPECT_EQ(refused.error().retry_after, 15min);
  domain.clock.advance(15min);
  EXPECT_EQ(code_from(kElsewhere, kTestPassword), "ok");
}

TEST_F(SignIn, CountsTriesOnUnknownAccountsAlike) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(code_from(kElsewhere, "wrong", "ghost@example.org"), "sign_in_failed");
  EXPECT_EQ(code_from(kElsewhere, "wrong", "ghost@example.org"), "too_many_attempts");
}

TEST_F(SignIn, StaysOpenToThePersonAtHerUsualPlaceWhileSomeoneElseTries) {
  ASSERT_EQ(code_from(kOffice, kTestPassword), "ok");
  for (int i = 0; i < 30; ++i) code_from(kElsewhere, "wrong");
  EXPECT_EQ(code_from(kElsewhere, kTestPassword), "too_many_attempts");
  EXPECT_EQ(code_from(kOffice, kTestPassword), "ok");
}

TEST_F(SignIn, EndsTriesFromOneAddressAfterAHundred) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(code_from(kElsewhere, "wrong", "person" + std::to_string(i) + "@example.org"), "sign_in_failed");
  }
  EXPECT_EQ(code_from(kElsewhere, kTestPassword), "too_many_attempts");
  EXPECT_EQ(code_from(kOffice, kTestPassword), "ok");
}

TEST_F(SignIn, DoesNotCountGoodTries) {
  for (int i = 0; i < 150; ++i) ASSERT_EQ(code_from(kOffice, kTestPassword), "ok") << i;
}

TEST_F(SignIn, KeepsNoTokenAndNoPasswordInTheDatabase) {
  const auto opened = try_from(kOffice, kTestPassword);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->token.size(), 22U) << "128 bits in base64url";
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM session WHERE token_hash = '" + opened->token + "'"), 0);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM session WHERE token_hash = '" + hash_token(opened->token) + "'"), 1);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM account WHERE password_hash LIKE '$argon2id$%'"), 2);
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM session WHERE address = '198.51.100.7'"), 0) << "only its network";
}

TEST_F(SignIn, ReplacesTheSessionThatTheBrowserHeld) {
  const auto first = try_from(kOffice, kTestPassword);
  ASSERT_TRUE(first.has_value());
  const auto second =
      domain.run(domain.services->accounts.sign_in({"paul@example.org", kTestPassword}, kOffice, first->token));
  ASSERT_TRUE(second.has_value());
  EXPECT_NE(first->token, second->token);
  EXPECT_FALSE(is_signed_in(first->token));
  EXPECT_TRUE(is_signed_in(second->token));
  EXPECT_EQ(domain.live.count("session_ended", first->actor.session_id), 1);
}

TEST_F(SignIn, EndsSessionsThatAreIdle) {
  const auto opened = try_from(kOffice, kTestPassword);
  domain.clock.advance(12h - 1ms);
  EXPECT_TRUE(is_signed_in(opened->token));
  wait_for_mark();
  domain.clock.advance(12h - 1ms);
  EXPECT_TRUE(is_signed_in(opened->token));
  wait_for_mark();
  domain.clock.advance(12h);
  EXPECT_FALSE(is_signed_in(opened->token));
}

TEST_F(SignIn, EndsSessionsThatAreOldHoweverBusy) {
  const auto opened = try_from(kOffice, kTestPassword);
  for (int i = 0; i < 59; ++i) {
    domain.clock.advance(12h - 1ms);
    ASSERT_TRUE(is_signed_in(opened->token)) << i;
    wait_for_mark();
  }
  domain.clock.advance(12h + 1min);
  EXPECT_FALSE(is_signed_in(opened->token));
}

TEST_F(SignIn, KeepsAtMostFiftySessionsOfOnePerson) {
  const auto first = try_from(kOffice, kTestPassword);
  for (int i = 0; i < 60; ++i) {
    domain.clock.advance(1s);
    ASSERT_TRUE(try_from(kOffice, kTestPassword).has_value());
  }
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM session WHERE person_id = '" + paul.person_id.to_string() + "'"), 50);
  EXPECT_FALSE(is_signed_in(first->token));
}

TEST_F(SignIn, NewPasswordEndsTheOtherSessionsOnly) {
  const auto here = try_from(kOffice, kTestPassword);
  const auto there = try_from(kElsewhere, kTestPassword);
  const auto changed =
      domain.run(domain.services->accounts.change_password(here->actor, kTestPassword, "another good password"));
  ASSERT_TRUE(changed.has_value());
  EXPECT_TRUE(is_signed_in(here->token));
  EXPECT_FALSE(is_signed_in(there->token));
  EXPECT_EQ(domain.live.count("session_ended", there->actor.session_id), 1);
  EXPECT_EQ(domain.live.count("session_ended", here->actor.session_id), 0);
  EXPECT_EQ(code_from(kOffice, kTestPassword), "sign_in_failed");
  EXPECT_EQ(code_from(kOffice, "another good password"), "ok");
}

TEST_F(SignIn, NewPasswordNeedsTheCurrentOneAndCannotBeGuessed) {
  const auto change = [&](const std::string& current, const std::string& password) {
    const auto answer = domain.run(domain.services->accounts.change_password(paul, current, password));
    return answer ? std::string("ok") : std::string(answer.error().error.code);
  };
  EXPECT_EQ(change(kTestPassword, "éleven char"), "password_weak");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(change("wrong", "another good password"), "password_wrong");
  EXPECT_EQ(change(kTestPassword, "another good password"), "too_many_attempts");
  domain.clock.advance(15min);
  EXPECT_EQ(change(kTestPassword, "another good password"), "ok");
}

TEST(SetUp, WorksOnceAndWithTheTokenOnly) {
  TestDomain domain;
  auto& accounts = domain.services->accounts;
  EXPECT_EQ(accounts.setup_token(), kTestSetupToken);
  FirstAdministrator first{"wrong", "Anne", "anne@example.org", kTestPassword, "fr-FR", {"Région", "", "F", ""}};
  const auto refused = domain.run(accounts.set_up(first, kOffice));
  EXPECT_EQ(refused.error().error.code, "setup_token_wrong");
  first.token = kTestSetupToken;
  const auto opened = domain.run(accounts.set_up(first, kOffice));
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(opened->actor.is_admin);
  EXPECT_FALSE(accounts.needs_setup());
  EXPECT_EQ(accounts.setup_token(), std::nullopt);
  const auto again = domain.run(accounts.set_up(first, kOffice));
  EXPECT_EQ(again.error().error.code, "setup_done");
}

TEST(SetUp, DrawsATokenOfItsOwnForEachStart) {
  Settings settings = cheap_settings();
  settings.setup_token.clear();
  TestDomain one(settings), other(settings);
  ASSERT_TRUE(one.services->accounts.setup_token().has_value());
  EXPECT_NE(one.services->accounts.setup_token(), other.services->accounts.setup_token());
}

}  // namespace
}  // namespace cluse::domain
