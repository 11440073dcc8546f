// Aim: a link by mail lets its owner in, once and in time, and tells nobody who has an account (reliability B14, B15).
// Method: real services on a real database; the outbox writes down what it is given.

#include "server/domain/noted_outbox.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <vector>

namespace cluse::domain {
namespace {

using namespace std::chrono_literals;

const Place kHome{"198.51.100.7", "Firefox, Linux"};
constexpr const char* kNewPassword = "another good password";

Settings settings_with(mail::Outbox& outbox) {
  Settings settings = cheap_settings();
  settings.letters.outbox = &outbox;
  settings.letters.public_url = "https://cluse.example";
  return settings;
}

std::string token_of(const mail::Message& message) {
  const std::size_t at = message.text.find("/lien#") + 6;
  return message.text.substr(at, message.text.find('\n', at) - at);
}

class RecoveryTest : public testing::Test {
 protected:
  std::string ask(const std::string& email = "paul@example.org", LinkPurpose purpose = LinkPurpose::password,
                  const Place& place = kHome) {
    const auto asked = domain.services->recovery.ask(email, purpose, place);
    return asked ? "ok" : std::string(asked.error().error.code);
  }
  Guarded<SignedIn> use(const std::string& token, const std::string& password = kNewPassword) {
    return domain.run(domain.services->recovery.use(token, password, kHome, ""));
  }
  std::string code_of(const std::string& token, const std::string& password = kNewPassword) {
    const auto used = use(token, password);
    return used ? "ok" : std::string(used.error().error.code);
  }
  bool is_signed_in(const std::string& token) {
    return domain.run(domain.services->sessions.authenticate(token)).has_value();
  }
  std::string sign_in(const std::string& password) {
    const auto opened = domain.run(domain.services->accounts.sign_in({"paul@example.org", password}, kHome, ""));
    return opened ? opened->token : std::string(opened.error().error.code);
  }

  NotedOutbox outbox;
  TestDomain domain{settings_with(outbox)};
  Actor paul = domain.person("Paul Rochat", "paul@example.org");
};

TEST_F(RecoveryTest, ALinkSetsAPasswordOnceAndEndsEverySession) {
  const std::string before = sign_in(kTestPassword);
  ASSERT_EQ(ask(" Paul@Example.org "), "ok");
  const mail::Message letter = outbox.take();
  EXPECT_EQ(letter.to, "paul@example.org");
  EXPECT_EQ(letter.expires_at, domain.clock.now() + 30min);
  const std::string token = token_of(letter);
  EXPECT_EQ(token.size(), 22U) << "128 bits in base64url";
  EXPECT_EQ(domain.count("SELECT COUNT(*) FROM sign_in_link WHERE token_hash LIKE '%" + token + "%'"), 0);
  const auto found = domain.run(domain.services->recovery.find(token, kHome));
  ASSERT_TRUE(found) << "looking at it (a mail scanner) does not use it up";
  const auto used = use(token);
  ASSERT_TRUE(used);
  EXPECT_TRUE(is_signed_in(used->token));
  EXPECT_FALSE(is_signed_in(before));
  EXPECT_EQ(code_of(token), "link_over");
  EXPECT_EQ(sign_in(kTestPassword), "sign_in_failed");
  EXPECT_TRUE(is_signed_in(sign_in(kNewPassword)));
  EXPECT_NE(outbox.take().key.find("password "), std::string::npos) << "the owner is told";
}

TEST_F(RecoveryTest, UsingOneLinkEndsTheOthersOfThatPerson) {
  ASSERT_EQ(ask(), "ok");
  const std::string first = token_of(outbox.take());
  ASSERT_EQ(ask(), "ok");
  const std::string second = token_of(outbox.take());
  EXPECT_EQ(code_of(second), "ok");
  EXPECT_EQ(code_of(first), "link_over");
}

TEST_F(RecoveryTest, ALinkIsOverAfterHalfAnHour) {
  ASSERT_EQ(ask(), "ok");
  const std::string token = token_of(outbox.take());
  domain.clock.advance(30min);
  EXPECT_EQ(code_of(token), "link_over");
  EXPECT_EQ(code_of("nonsense"), "link_not_found");
}

TEST_F(RecoveryTest, AWeakPasswordDoesNotUseTheLinkUp) {
  ASSERT_EQ(ask(), "ok");
  const std::string token = token_of(outbox.take());
  EXPECT_EQ(code_of(token, "short"), "password_weak");
  EXPECT_EQ(code_of(token), "ok");
}

TEST_F(RecoveryTest, ASignInLinkLeavesPasswordAndSessionsAlone) {
  const std::string before = sign_in(kTestPassword);
  ASSERT_EQ(ask("paul@example.org", LinkPurpose::sign_in), "ok");
  const auto used = use(token_of(outbox.take()), "");
  ASSERT_TRUE(used);
  EXPECT_EQ(used->actor.person_id, paul.person_id);
  EXPECT_TRUE(is_signed_in(before));
  EXPECT_TRUE(is_signed_in(sign_in(kTestPassword)));
}

TEST_F(RecoveryTest, AnswersTheSameForAnAddressThatNobodyHas) {
  EXPECT_EQ(ask("nobody@example.org"), "ok");
  EXPECT_EQ(ask("paul@example.org"), "ok");
  EXPECT_EQ(outbox.take().to, "paul@example.org");
  EXPECT_EQ(outbox.count(), 1U);
  EXPECT_EQ(ask("not an address"), "field_invalid");
}

TEST_F(RecoveryTest, SendsOnePersonFiveLettersAQuarterOfAnHourAndLocksNobodyOut) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(ask(), "ok") << "the answer never tells";
  std::string token;
  for (int i = 0; i < 5; ++i) token = token_of(outbox.take());
  domain.clock.advance(15min);
  EXPECT_EQ(ask(), "ok");
  EXPECT_EQ(outbox.take().to, "paul@example.org");
  EXPECT_EQ(outbox.count(), 6U);
  EXPECT_EQ(code_of(token), "ok") << "what others asked for in her name did not take hers away";
}

TEST_F(RecoveryTest, OnePlaceAsksAHundredTimesAtMost) {
  for (int i = 0; i < 100; ++i) ASSERT_EQ(ask("person" + std::to_string(i) + "@example.org"), "ok");
  EXPECT_EQ(ask("another@example.org"), "too_many_attempts");
  EXPECT_EQ(ask("another@example.org", LinkPurpose::password, {"203.0.113.9", ""}), "ok");
}

TEST_F(RecoveryTest, AnAdministratorMakesALinkToPassOnByHand) {
  EXPECT_EQ(domain.run(domain.services->recovery.make(paul, paul.person_id)).error().code, "denied");
  const auto made = domain.run(domain.services->recovery.make(domain.administrator(), paul.person_id));
  ASSERT_TRUE(made);
  EXPECT_EQ(code_of(made->token), "ok");
  EXPECT_EQ(domain.run(domain.services->recovery.make(domain.administrator(), Id{})).error().code, "person_not_found");
}

TEST(RecoveryWithoutMail, SaysSo) {
  TestDomain domain;
  const auto asked = domain.services->recovery.ask("anne@example.org", LinkPurpose::password, kHome);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().error.code, "mail_off");
}

TEST_F(RecoveryTest, LettersSpeakTheLanguageOfTheirReaderAndEscapeWhatPeopleWrite) {
  const Invitation invitation{Id{}, std::nullopt, "R&D <b>", std::nullopt, std::nullopt, "a@b.ch", domain.clock.now()};
  const auto fr = domain.services->letters.invitation_letter(invitation, "token", "fr");
  const auto de = domain.services->letters.invitation_letter(invitation, "token", "de");
  EXPECT_NE(fr.text.find("vous invite"), std::string::npos);
  EXPECT_NE(de.text.find("lädt Sie"), std::string::npos);
  EXPECT_NE(de.html.find("<html lang=\"de\">"), std::string::npos);
  EXPECT_NE(fr.html.find("R&amp;D &lt;b&gt;"), std::string::npos);
  EXPECT_NE(fr.text.find("https://cluse.example/invitation/token\n"), std::string::npos);
}

}  // namespace
}  // namespace cluse::domain
