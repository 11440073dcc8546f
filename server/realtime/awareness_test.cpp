// Awareness follows the rules of y-protocols 1.0.7: clocks decide, the departed are null with the clock they had.
#include "server/realtime/awareness.h"

#include <gtest/gtest.h>

namespace cluse::realtime {
namespace {

using std::chrono::seconds;

TEST(Awareness, AFirstStateCountsOnlyOnceItsClockHasMoved) {
  Awareness awareness;
  EXPECT_TRUE(awareness.receive(1, {{7, 0, "{}"}}, {0}).empty());
  EXPECT_EQ(awareness.receive(1, {{7, 1, "{\"a\":1}"}}, {0}), std::vector<std::uint64_t>{7});
  EXPECT_TRUE(awareness.receive(1, {{7, 1, "{\"a\":2}"}}, {0}).empty()) << "the same clock is no news";
  ASSERT_EQ(awareness.states().size(), 1U);
  EXPECT_EQ(awareness.states()[0].state, "{\"a\":1}");
}

TEST(Awareness, NullWithTheSameClockRemovesAState) {
  Awareness awareness;
  ASSERT_FALSE(awareness.receive(1, {{7, 4, "{}"}}, {0}).empty());
  EXPECT_FALSE(awareness.receive(1, {{7, 4, "null"}}, {0}).empty());
  EXPECT_TRUE(awareness.states().empty());
}

TEST(Awareness, ADepartedMemberIsGoneWithTheClockItHad) {
  Awareness awareness;
  ASSERT_FALSE(awareness.receive(1, {{7, 4, "{}"}, {8, 2, "{}"}}, {0}).empty());
  ASSERT_FALSE(awareness.receive(2, {{9, 1, "{}"}}, {0}).empty());
  const auto gone = awareness.leave(1);
  ASSERT_EQ(gone.size(), 2U);
  EXPECT_EQ(gone[0].clock, 4U);
  EXPECT_EQ(gone[0].state, "null");
  EXPECT_EQ(awareness.states().size(), 1U);
}

TEST(Awareness, NobodySpeaksForAnotherMembersClientWithAnOldClock) {
  Awareness awareness;
  ASSERT_FALSE(awareness.receive(1, {{7, 4, "{}"}}, {0}).empty());
  EXPECT_TRUE(awareness.receive(2, {{7, 4, "null"}}, {0}).empty());
  EXPECT_FALSE(awareness.receive(2, {{7, 5, "{\"back\":true}"}}, {0}).empty()) << "a reconnected client moves";
  EXPECT_TRUE(awareness.leave(1).empty());
  EXPECT_EQ(awareness.states().size(), 1U);
}

TEST(Awareness, WhatIsNotRenewedExpires) {
  Awareness awareness;
  ASSERT_FALSE(awareness.receive(1, {{7, 1, "{}"}}, {0}).empty());
  ASSERT_FALSE(awareness.receive(1, {{8, 1, "{}"}}, Instant{0} + seconds(20)).empty());
  const auto gone = awareness.expire(Instant{0} + seconds(30));
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].client, 7U);
}

TEST(Awareness, AMessageRoundTripsAndAMalformedOneIsRefused) {
  const std::vector<AwarenessEntry> entries = {{1, 2, "{\"name\":\"Élu\"}"}, {3, 4, "null"}};
  const Bytes body = write_awareness(entries);
  const auto read = read_awareness(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_awareness(*read), body);
  for (std::size_t cut = 0; cut < body.size(); ++cut) EXPECT_FALSE(read_awareness(body.substr(0, cut))) << cut;
  EXPECT_FALSE(read_awareness("\xff\xff\x03"));
  EXPECT_FALSE(read_awareness(Bytes("\x01\x01\x01\x01\xff", 5))) << "not UTF-8";
}

}  // namespace
}  // namespace cluse::realtime
