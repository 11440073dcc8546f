// Aim: a hash verifies its password and no other, an account that does not exist costs the same work, and the queue is
// bounded. Cost parameters are as low as libsodium takes.

#include "server/domain/identity/password_hasher.h"

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

TEST(PasswordHasher, VerifiesTheRightPasswordHoweverItWasTyped) {
  TestDomain domain;
  auto& hasher = domain.services->hasher;
  const auto hash = domain.run(hasher.hash("été à Neuchâtel"));
  ASSERT_TRUE(hash.has_value());
  EXPECT_TRUE(hash->starts_with("$argon2id$"));
  EXPECT_TRUE(*domain.run(hasher.verify(*hash, "e\u0301te\u0301 a\u0300 Neucha\u0302tel")));
  EXPECT_FALSE(*domain.run(hasher.verify(*hash, "ete a Neuchatel")));
}

TEST(PasswordHasher, NeverVerifiesAnAccountThatIsNotThere) {
  TestDomain domain;
  EXPECT_FALSE(*domain.run(domain.services->hasher.verify("", "")));
  EXPECT_FALSE(*domain.run(domain.services->hasher.verify("", "anything")));
}

TEST(PasswordHasher, RefusesOnceStopped) {
  TestDomain domain;
  domain.services->hasher.stop();
  const auto hash = domain.run(domain.services->hasher.hash("a password"));
  ASSERT_FALSE(hash.has_value());
  EXPECT_EQ(hash.error().kind, Errc::unavailable);
}

TEST(PasswordHasher, DefaultsToTheCostWeDocument) {
  const PasswordCost cost;
  EXPECT_EQ(cost.passes, 3U);
  EXPECT_EQ(cost.memory_bytes, 64U << 20);
  EXPECT_EQ(cost.parallel_max, 2U);
}

}  // namespace
}  // namespace cluse::domain
