// SPDX-License-Identifier: Apache-2.0
//
// Aim: a vote that was counted stays counted, whatever else fails; a poll closes at its hour and goes with its
// document.
#include <cluse/test.hpp>

#include <gtest/gtest.h>

namespace {

using std::chrono::hours;

std::int64_t ms(std::chrono::system_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

class PollsTest : public ::testing::Test {
 protected:
  std::string open(const cluse::Value& body) {
    const auto made = host_.call("POST", "/polls", body);
    EXPECT_EQ(made.status, 201) << made.why;
    return "/polls/" + std::to_string(made.json()["poll"].as<std::int64_t>());
  }
  cluse::test::Host host_;
};

TEST_F(PollsTest, CountsOneVoteForEachPerson) {
  const auto poll = open({{"question", "Quel jour ?"}});
  host_.call("POST", poll + "/vote", {{"choice", "lundi"}});
  host_.call("POST", poll + "/vote", {{"choice", "mardi"}});
  const auto answer = host_.call("POST", poll + "/vote", {{"choice", "mardi"}}, {"person-2"});
  EXPECT_EQ(answer.json()["votes"].as<int>(), 2);
  EXPECT_EQ(host_.call("GET", poll).json()["votes"]["mardi"].as<int>(), 2);
}

TEST_F(PollsTest, RefusesWhatIsNoQuestion) {
  EXPECT_EQ(host_.call("POST", "/polls", {{"question", ""}}).status, 403);
  EXPECT_EQ(host_.call("POST", "/polls", {{"question", 7}}).status, 400);
  EXPECT_EQ(host_.call("GET", "/polls/12").status, 404);
  EXPECT_EQ(host_.call("GET", "/polls/nonsense").status, 404);
}

TEST_F(PollsTest, ClosesAtItsHour) {
  const auto poll = open({{"question", "Quel jour ?"}, {"closes_at", ms(host_.now() + hours(1))}});
  ASSERT_EQ(host_.jobs().size(), 1U);
  host_.advance(std::chrono::minutes(59));
  EXPECT_EQ(host_.call("POST", poll + "/vote", {{"choice", "lundi"}}).status, 200);
  host_.advance(std::chrono::minutes(1));
  EXPECT_TRUE(host_.jobs().empty());
  const auto late = host_.call("POST", poll + "/vote", {{"choice", "lundi"}});
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(late.why, "polls.closed");
}

TEST_F(PollsTest, GoesWithItsDocument) {
  const auto poll = open({{"question", "Quel jour ?"}, {"document", "d1"}});
  EXPECT_TRUE(host_.deliver("document.purged", {{"object", "d2"}}));
  EXPECT_EQ(host_.call("GET", poll).status, 200);
  EXPECT_TRUE(host_.deliver("document.purged", {{"object", "d1"}}));
  EXPECT_TRUE(host_.deliver("document.purged", {{"object", "d1"}})) << "it may come twice";
  EXPECT_EQ(host_.call("GET", poll).status, 404);
}

TEST_F(PollsTest, AsksForABetterTitle) {
  EXPECT_EQ(host_.ask("document.create", {{"title", "Sondage"}}).why, "polls.say_about_what");
  EXPECT_EQ(host_.ask("document.create", {{"title", "sondage de mai"}}).body["title"].as<std::string>(),
            "Sondage de mai");
}

TEST_F(PollsTest, WhereverTheHostFailsNothingIsHalfDone) {
  for (int n = 1;; ++n) {
    host_.fail_call(n);
    const auto made =
        host_.call("POST", "/polls", {{"question", "Quel jour ?"}, {"closes_at", ms(host_.now() + hours(1))}});
    const auto polls = host_.rows("SELECT count(*) FROM poll")[0].items()[0].as<std::size_t>();
    EXPECT_EQ(polls, host_.jobs().size());
    if (!host_.call_failed()) {
      EXPECT_EQ(made.status, 201);
      EXPECT_GT(n, 4);
      break;
    }
    EXPECT_EQ(made.status, 503);
    EXPECT_EQ(polls, 0U);
  }
}

}  // namespace
