// Token buckets against a clock that stands still until told otherwise.
#include "server/async/rate_limiter.h"

#include <gtest/gtest.h>

#include <string>

namespace cluse {
namespace {

using namespace std::chrono_literals;

TEST(RateLimiter, LetsABurstThroughAndThenTheRate) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 3, .per_second = 2}, 10);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take("a")) << i;
  EXPECT_FALSE(limiter.take("a"));
  EXPECT_EQ(limiter.wait_for("a"), 500ms);
  clock.advance(499ms);
  EXPECT_FALSE(limiter.take("a"));
  clock.advance(1ms);
  EXPECT_EQ(limiter.wait_for("a"), 0ms);
  EXPECT_TRUE(limiter.take("a"));
  EXPECT_FALSE(limiter.take("a"));
}

TEST(RateLimiter, NeverHoldsMoreThanTheBurst) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 2, .per_second = 100}, 10);
  EXPECT_TRUE(limiter.take("a", 2));
  clock.advance(24h);
  EXPECT_FALSE(limiter.take("a", 3)) << "and what is refused takes nothing";
  EXPECT_TRUE(limiter.take("a", 2));
}

TEST(RateLimiter, KeepsKeysApart) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 1, .per_second = 1}, 10);
  EXPECT_TRUE(limiter.take("a"));
  EXPECT_FALSE(limiter.take("a"));
  EXPECT_TRUE(limiter.take("b"));
}

TEST(RateLimiter, ForgivesAKeyThatIsForgotten) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 1, .per_second = 1}, 10);
  EXPECT_TRUE(limiter.take("a"));
  limiter.forget("a");
  limiter.forget("never seen");
  EXPECT_EQ(limiter.size(), 0U);
  EXPECT_TRUE(limiter.take("a"));
}

TEST(RateLimiter, StaysWithinItsMemoryAndForgetsTheLeastRecentlyUsed) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 1, .per_second = 0.001}, 100);
  EXPECT_TRUE(limiter.take("kept"));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(limiter.take("key " + std::to_string(i)));
    EXPECT_FALSE(limiter.take("kept")) << "a key in use is not forgotten";
    ASSERT_LE(limiter.size(), 100U);
  }
  EXPECT_FALSE(limiter.take("key 999"));
  EXPECT_TRUE(limiter.take("key 0")) << "forgotten, and so full again";
}

TEST(RateLimiter, GivesNothingForAClockThatStepsBack) {
  FakeClock clock;
  RateLimiter limiter(clock, {.burst = 1, .per_second = 1}, 10);
  EXPECT_TRUE(limiter.take("a"));
  clock.advance(-1h);
  EXPECT_FALSE(limiter.take("a"));
  clock.advance(1s);
  EXPECT_TRUE(limiter.take("a")) << "from the new time on";
}

}  // namespace
}  // namespace cluse
