// Aim: an app password opens for its owner, until it is revoked, and guessing is limited like signing in. Method: the
// real services over a real store.
#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

class AppPasswordsTest : public ::testing::Test {
 protected:
  std::string code(const std::string& email, const std::string& secret, const std::string& from = "192.0.2.7") {
    const auto known = domain_.run(passwords_.authenticate(email, secret, {from, "DAVx5"}));
    return known ? known->person_id.to_string() : std::string(known.error().error.code);
  }
  NewAppPassword add(const Actor& actor, const std::string& name = "Téléphone") {
    auto made = domain_.run(passwords_.add(actor, name));
    EXPECT_TRUE(made) << made.error().code;
    return std::move(*made);
  }
  TestDomain domain_;
  AppPasswords& passwords_ = domain_.services->app_passwords;
  Actor her_ = [this] {
    Actor actor = domain_.person("Léa", "lea@example.org");
    actor.proven_at = domain_.clock.now();
    return actor;
  }();
};

TEST_F(AppPasswordsTest, OpensUntilItIsRevoked) {
  const auto made = add(her_);
  EXPECT_EQ(made.secret.size(), 24U);
  EXPECT_EQ(code("LEA@example.org", made.secret), her_.person_id.to_string());
  std::string typed = made.secret;
  for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(code("lea@example.org", typed), her_.person_id.to_string()) << "as a phone would write it";
  EXPECT_EQ(code("lea@example.org", "wrong"), "app_password_wrong");
  EXPECT_EQ(code("other@example.org", made.secret), "app_password_wrong") << "for nobody else";
  ASSERT_TRUE(domain_.run(passwords_.remove(her_, made.shown.id)));
  EXPECT_EQ(code("lea@example.org", made.secret), "app_password_wrong");
  EXPECT_EQ(domain_.run(passwords_.remove(her_, made.shown.id)).error().code, "app_password_not_found");
}

TEST_F(AppPasswordsTest, IsListedWithItsLastUseAndNeverWithItsSecret) {
  const auto made = add(her_, "  Thunderbird ");
  domain_.clock.advance(std::chrono::hours(1));
  ASSERT_EQ(code("lea@example.org", made.secret), her_.person_id.to_string());
  // Nobody waits for the mark but this test.
  auto listed = domain_.run(passwords_.list(her_));
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
       listed && !listed->empty() && !listed->front().last_used_at && std::chrono::steady_clock::now() < end;)
    listed = domain_.run(passwords_.list(her_));
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->front().name, "Thunderbird");
  EXPECT_EQ(listed->front().last_used_at, domain_.clock.now());
  auto kept = [](storage::Snapshot& snapshot) -> Result<std::string> {
    return snapshot.one("SELECT secret_hash FROM app_password")->text(0);
  };
  EXPECT_EQ(domain_.database->read_now(std::move(kept))->find(made.secret), std::string::npos);
}

TEST_F(AppPasswordsTest, BelongsToItsOwnerAlone) {
  const auto made = add(her_);
  Actor other = domain_.person("Autre", "autre@example.org");
  EXPECT_TRUE(domain_.run(passwords_.list(other))->empty());
  EXPECT_EQ(domain_.run(passwords_.remove(other, made.shown.id)).error().code, "app_password_not_found");
  other.proven_at = {};
  EXPECT_EQ(domain_.run(passwords_.add(other, "X")).error().code, "proof_needed");
}

TEST_F(AppPasswordsTest, ThereAreTwentyAtMost) {
  for (std::size_t i = 0; i < kAppPasswordsMax; ++i) add(her_, "N" + std::to_string(i));
  EXPECT_EQ(domain_.run(passwords_.add(her_, "more")).error().code, "too_many_app_passwords");
  EXPECT_EQ(domain_.run(passwords_.add(her_, "")).error().kind, Errc::invalid);
}

TEST_F(AppPasswordsTest, GuessingIsLimitedAndKeepsNobodyOut) {
  const auto made = add(her_);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(code("lea@example.org", "guess"), "app_password_wrong");
  EXPECT_EQ(code("lea@example.org", "guess"), "too_many_attempts");
  EXPECT_EQ(code("lea@example.org", made.secret, "198.51.100.9"), her_.person_id.to_string()) << "from where she is";
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(code("lea@example.org", made.secret, "198.51.100.9"), her_.person_id.to_string());
  domain_.clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(code("lea@example.org", made.secret), her_.person_id.to_string());
}

TEST_F(AppPasswordsTest, WhoIsSuspendedOrErasedIsNobody) {
  const auto made = add(her_);
  auto suspend = [her = her_.person_id, now = domain_.clock.now()](storage::Transaction& tx) -> Result<void> {
    tx.run("UPDATE person SET suspended_at = ? WHERE id = ?", {now, her});
    return {};
  };
  ASSERT_TRUE(domain_.database->write_now(std::move(suspend)));
  EXPECT_EQ(code("lea@example.org", made.secret), "app_password_wrong");
}

}  // namespace
}  // namespace cluse::domain
