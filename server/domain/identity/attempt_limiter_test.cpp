// Aim: the window slides, nobody is locked out, memory is bounded.

#include "server/domain/identity/attempt_limiter.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using namespace std::chrono_literals;

TEST(AttemptLimiter, RefusesPastTheLimitAndSaysHowLong) {
  AttemptLimiter limiter(3, 15min);
  FakeClock clock;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
    clock.advance(1min);
  }
  EXPECT_EQ(limiter.try_once("a", clock.now()), 12min);
  EXPECT_EQ(limiter.try_once("b", clock.now()), 0s);
}

TEST(AttemptLimiter, ExpiresByItselfEvenUnderConstantTrying) {
  AttemptLimiter limiter(2, 15min);
  FakeClock clock;
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
  for (int i = 0; i < 14; ++i) {
    clock.advance(1min);
    EXPECT_GT(limiter.try_once("a", clock.now()), 0s);
  }
  clock.advance(1min);
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
}

TEST(AttemptLimiter, GivesBackGoodTries) {
  AttemptLimiter limiter(1, 15min);
  FakeClock clock;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
    limiter.refund("a");
  }
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
  EXPECT_GT(limiter.try_once("a", clock.now()), 0s);
  limiter.forget("a");
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
}

TEST(AttemptLimiter, ForgetsTheKeyTriedLongestAgoWhenFull) {
  AttemptLimiter limiter(1, 15min, 2);
  FakeClock clock;
  EXPECT_EQ(limiter.try_once("a", clock.now()), 0s);
  EXPECT_EQ(limiter.try_once("b", clock.now()), 0s);
  EXPECT_GT(limiter.try_once("a", clock.now()), 0s);  // now b is the oldest
  EXPECT_EQ(limiter.try_once("c", clock.now()), 0s);
  EXPECT_GT(limiter.try_once("a", clock.now()), 0s);
  EXPECT_EQ(limiter.try_once("b", clock.now()), 0s);
}

}  // namespace
}  // namespace cluse::domain
