// How a WebSocket that sends too much is slowed, and when it is told to leave. No sockets and no clock: time is given.
#include "server/net/inflow.h"

#include <gtest/gtest.h>

namespace cluse::net {
namespace {

using std::chrono::milliseconds;

Limits small_limits() {
  Limits limits;
  limits.messages_per_second_max = 100;
  limits.messages_burst_max = 1'000;
  limits.received_bytes_per_second_max = 1'000;
  limits.received_bytes_burst_max = 10'000;
  limits.slowed_timeout = milliseconds(2'000);
  return limits;
}

TEST(Inflow, ABurstIsNotSlowed) {
  const TimePoint now;
  Inflow inflow(small_limits(), now);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(inflow.take(1, now), milliseconds(0));
  EXPECT_GT(inflow.take(1, now), milliseconds(0));
  EXPECT_FALSE(inflow.is_spent());
}

TEST(Inflow, BytesCountAsMessagesDo) {
  const TimePoint now;
  Inflow inflow(small_limits(), now);
  EXPECT_EQ(inflow.take(10'000, now), milliseconds(0));
  EXPECT_EQ(inflow.take(500, now), milliseconds(500));
}

TEST(Inflow, WhoObeysThePausesComesToTheRate) {
  TimePoint now;
  Limits limits = small_limits();
  limits.received_bytes_burst_max = 1'000'000;
  Inflow inflow(limits, now);
  int messages = 0;
  for (const TimePoint end = now + milliseconds(10'000); now < end; ++messages) now += inflow.take(1, now);
  EXPECT_GE(messages, 1'990);  // the burst, and ten seconds of the rate
  EXPECT_LE(messages, 2'010);
}

TEST(Inflow, GoingOnAndOnIsTheEndAndARestForgives) {
  TimePoint now;
  Inflow inflow(small_limits(), now);
  const auto flood = [&](milliseconds duration) {
    for (const TimePoint end = now + duration; now < end;) {
      const milliseconds pause = inflow.take(1, now);
      now += pause;
    }
  };
  for (int i = 0; i < 1'000; ++i) static_cast<void>(inflow.take(1, now));
  flood(milliseconds(1'500));
  EXPECT_FALSE(inflow.is_spent());
  now += milliseconds(6'000);  // more than half of the burst has come back
  for (int i = 0; i < 600; ++i) static_cast<void>(inflow.take(1, now));
  flood(milliseconds(1'500));
  EXPECT_FALSE(inflow.is_spent());
  flood(milliseconds(1'500));
  EXPECT_TRUE(inflow.is_spent());
}

TEST(Inflow, WhatCannotBeSlowedIsSpentAfterASecondBurst) {
  const TimePoint now;
  Limits limits = small_limits();
  limits.slowed_timeout = milliseconds(86'400'000);
  Inflow inflow(limits, now);
  for (int i = 0; i < 2'000; ++i) static_cast<void>(inflow.take(0, now));
  EXPECT_FALSE(inflow.is_spent());
  static_cast<void>(inflow.take(0, now));
  EXPECT_TRUE(inflow.is_spent());
}

TEST(Inflow, APauseIsShorterThanASilenceThatIsTakenForDeath) {
  const TimePoint now;
  Limits limits = small_limits();
  limits.ping_interval = milliseconds(400);
  Inflow inflow(limits, now);
  EXPECT_EQ(inflow.take(1'000'000, now), milliseconds(200));
}

}  // namespace
}  // namespace cluse::net
