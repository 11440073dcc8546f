// Aim: what is told reaches exactly the tabs it is for, on whatever shard, and a slow tab costs a bounded queue.
// Method: two shards polled by hand, outlets that write down what they are given.
#include "server/realtime/live_hub.h"

#include <gtest/gtest.h>

namespace cluse::realtime {
namespace {

class NotedOutlet final : public LiveOutlet {
 public:
  void send(SharedBytes frame) override {
    if (is_stuck) queued += frame->size();
    frames.push_back(*frame);
  }
  void close(std::uint16_t code, std::string) override { closed = code; }
  [[nodiscard]] std::size_t queued_bytes() const override { return queued; }

  std::vector<Bytes> frames;
  std::uint16_t closed = 0;
  std::size_t queued = 0;
  bool is_stuck = false;
};

class LiveHubTest : public testing::Test {
 protected:
  struct Seat {
    std::shared_ptr<NotedOutlet> outlet;
    std::shared_ptr<LiveTab> tab;
  };
  Seat enter(std::size_t shard, Id person, Id session) {
    auto outlet = std::make_shared<NotedOutlet>();
    auto tab = hub.enter(shards.at(shard), person, session, outlet);
    return {outlet, tab};
  }
  void poll() {
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < shards.size(); ++i) {
        shards.at(i).context().restart();
        shards.at(i).context().poll();
      }
  }

  Shards shards{2};
  Metrics metrics;
  LiveHub hub{shards, metrics, {100, 2, 2, std::chrono::seconds(25)}};
  const Id anne = new_id({1}), paul = new_id({2}), first = new_id({3}), second = new_id({4});
};

TEST_F(LiveHubTest, APersonIsToldInAllHerTabsAndNobodyElseIs) {
  const Seat one = enter(0, anne, first), two = enter(1, anne, second), other = enter(1, paul, first);
  hub.tell_person(anne, share("news"));
  poll();
  EXPECT_EQ(one.outlet->frames, std::vector<Bytes>{"news"});
  EXPECT_EQ(two.outlet->frames, std::vector<Bytes>{"news"});
  EXPECT_TRUE(other.outlet->frames.empty());
  hub.tell_all(share("all"));
  poll();
  EXPECT_EQ(other.outlet->frames, std::vector<Bytes>{"all"});
}

TEST_F(LiveHubTest, AChannelReachesThoseWhoJoinedItUntilTheyLeave) {
  const Seat one = enter(0, anne, first);
  Seat two = enter(1, paul, second);
  ASSERT_TRUE(one.tab->join("a"));
  ASSERT_TRUE(two.tab->join("a"));
  hub.tell_channel("a", share("1"));
  hub.tell_channel("b", share("2"));
  poll();
  EXPECT_EQ(one.outlet->frames, std::vector<Bytes>{"1"});
  one.tab->leave("a");
  two.tab.reset();
  hub.tell_channel("a", share("3"));
  poll();
  EXPECT_EQ(one.outlet->frames.size(), 1U);
  EXPECT_EQ(two.outlet->frames.size(), 1U);
}

TEST_F(LiveHubTest, ChannelsOfATabAndTabsOfAPersonAreBounded) {
  const Seat one = enter(0, anne, first);
  EXPECT_TRUE(one.tab->join("a"));
  EXPECT_TRUE(one.tab->join("b"));
  EXPECT_TRUE(one.tab->join("a")) << "again is no more";
  EXPECT_FALSE(one.tab->join("c"));
  const Seat two = enter(0, anne, first);
  EXPECT_NE(two.tab, nullptr);
  EXPECT_EQ(enter(0, anne, first).tab, nullptr);
  EXPECT_NE(enter(0, paul, first).tab, nullptr);
}

TEST_F(LiveHubTest, ASlowTabLosesFramesAndIsToldToAskAnewOnceItReadsAgain) {
  LiveHub beating{shards, metrics, {100, 2, 2, std::chrono::milliseconds(10)}};
  auto outlet = std::make_shared<NotedOutlet>();
  const auto tab = beating.enter(shards.at(0), anne, first, outlet);
  outlet->is_stuck = true;
  for (int i = 0; i < 10; ++i) beating.tell_person(anne, share(Bytes(40, 'x')));
  poll();
  EXPECT_EQ(outlet->frames.size(), 2U) << "and no more than the queue holds";
  outlet->is_stuck = false;
  outlet->queued = 0;
  beating.start();
  while (outlet->frames.size() == 2U) poll();
  EXPECT_EQ(outlet->frames[2], R"({"type":"resync"})");
}

TEST_F(LiveHubTest, TheTabsOfASessionCloseWithIt) {
  const Seat one = enter(0, anne, first), two = enter(1, anne, second);
  hub.close_session(first, 4401, "session_ended");
  poll();
  EXPECT_EQ(one.outlet->closed, 4401);
  EXPECT_EQ(two.outlet->closed, 0);
}

}  // namespace
}  // namespace cluse::realtime
