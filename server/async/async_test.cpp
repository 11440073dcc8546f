// Shards, gates, workers and deadlines. Tests drive a shard's context from their own thread where order is the point,
// and use real threads with latches where threads are. Nothing sleeps in order to wait for something else.
#include "server/async/deadline.h"
#include "server/async/gate.h"
#include "server/async/shard.h"
#include "server/async/workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace cluse {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Task<void> fail_with(std::string words) {
  throw std::runtime_error(words);
  co_return;
}

void burn(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {}
}

TEST(Shard, RunsWhatIsPostedInTheOrderOfPosting) {
  Shard shard(0);
  std::vector<int> seen;
  for (int i = 0; i < 3; ++i) shard.post([&seen, i] { seen.push_back(i); });
  EXPECT_TRUE(seen.empty()) << "later, and not inside the call";
  shard.context().run();
  EXPECT_THAT(seen, ElementsAre(0, 1, 2));
}

TEST(Shard, TakesWorkThatCanOnlyBeMoved) {
  Shard shard(0);
  int seen = 0;
  shard.post([&seen, held = std::make_unique<int>(7)] { seen = *held; });
  shard.context().run();
  EXPECT_EQ(seen, 7);
}

TEST(Shard, LogsAnExceptionAndGoesOn) {
  Shard shard(3);
  bool went_on = false;
  shard.post([] { throw std::runtime_error("posted trouble"); });
  shard.spawn("troubled_task", fail_with("spawned trouble"));
  shard.post([&] { went_on = true; });
  testing::internal::CaptureStderr();
  shard.context().run();
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(went_on);
  EXPECT_THAT(logged, HasSubstr("posted trouble"));
  EXPECT_THAT(logged, HasSubstr("troubled_task"));
  EXPECT_THAT(logged, HasSubstr("spawned trouble"));
}

std::string logged_while_running(std::move_only_function<void()> work) {
  Shard shard(0);
  shard.post(std::move(work));
  testing::internal::CaptureStderr();
  shard.context().run();
  return testing::internal::GetCapturedStderr();
}

TEST(Shard, LogsWorkThatHoldsItUp) {
  EXPECT_THAT(logged_while_running([] { burn(kSlowWork + 2ms); }), HasSubstr("shard_slow_work"));
  // A busy machine may make quick work slow, but hardly each time.
  std::string logged = "shard_slow_work";
  for (int i = 0; i < 20 && !logged.empty(); ++i) logged = logged_while_running([] {});
  EXPECT_EQ(logged, "");
}

TEST(Shards, EachRunsInAThreadOfItsOwn) {
  Shards shards(2);
  shards.run();
  std::promise<std::thread::id> first;
  std::promise<std::thread::id> second;
  std::promise<bool> is_current;
  shards.at(0).post([&] {
    is_current.set_value(shards.at(0).is_current() && !shards.at(1).is_current());
    first.set_value(std::this_thread::get_id());
  });
  shards.at(1).post([&] { second.set_value(std::this_thread::get_id()); });
  EXPECT_NE(first.get_future().get(), second.get_future().get());
  EXPECT_TRUE(is_current.get_future().get());
  EXPECT_FALSE(shards.at(0).is_current());
  EXPECT_EQ(&shards.home(5), &shards.at(1));
}

TEST(Shards, StoppingFinishesWhatIsPostedAndWhatThatPosts) {
  std::atomic<int> done = 0;
  {
    Shards shards(2);
    shards.run();
    for (int i = 0; i < 100; ++i) {
      shards.at(0).post([&] { shards.at(1).post([&] { ++done; }); });
    }
    shards.stop();
    EXPECT_EQ(done, 100);
    shards.stop();
  }
}

Task<void> wait_for_ever(std::shared_ptr<int> held) {
  co_await sleep_for(std::chrono::hours(24 * 365));
  ADD_FAILURE() << "a year has passed for " << *held;
}

TEST(Shards, StoppingDoesNotWaitForCoroutinesThatWait) {
  const auto held = std::make_shared<int>(1);
  {
    Shards shards(1);
    shards.run();
    shards.at(0).spawn("waits", wait_for_ever(held));
    shards.stop();
  }
  EXPECT_EQ(held.use_count(), 1) << "the frame was destroyed";
}

Task<void> note_when_drained(Gate& gate, bool& drained) {
  co_await gate.drained();
  drained = true;
}

TEST(Gate, IsDrainedOnceClosedAndEmpty) {
  Shard shard(0);
  Gate gate;
  bool drained = false;
  {
    const auto pass = gate.enter();
    const auto other = gate.enter();
    EXPECT_TRUE(pass && other);
    EXPECT_EQ(gate.inside(), 2U);
    gate.close();
    EXPECT_TRUE(gate.is_closed());
    EXPECT_FALSE(gate.enter()) << "nobody enters a closed gate";
    shard.spawn("drain", note_when_drained(gate, drained));
    shard.context().poll();
    EXPECT_FALSE(drained) << "two are inside";
  }
  EXPECT_EQ(gate.inside(), 0U);
  shard.context().run();
  EXPECT_TRUE(drained);
}

TEST(Gate, WaitsForTheClosingToo) {
  Shard shard(0);
  Gate gate;
  bool first = false;
  bool second = false;
  shard.spawn("drain", note_when_drained(gate, first));
  shard.spawn("drain", note_when_drained(gate, second));
  shard.context().poll();
  EXPECT_FALSE(first || second);
  gate.close();
  shard.context().run();
  EXPECT_TRUE(first && second);
}

TEST(Gate, MayBeGoneBeforeItsPasses) {
  auto gate = std::make_unique<Gate>();
  const auto pass = gate->enter();
  auto moved = gate->enter();
  const auto into = std::move(moved);
  EXPECT_EQ(gate->inside(), 2U) << "a moved pass counts once";
  gate.reset();
  EXPECT_TRUE(pass && into);
}

template <class T>
Task<void> keep(Task<Result<T>> task, std::promise<Result<T>>& answer) {
  Result<T> result = co_await std::move(task);
  answer.set_value(std::move(result));
}

template <class T>
Result<T> run(Shard& shard, Task<Result<T>> task) {
  std::promise<Result<T>> answer;
  auto future = answer.get_future();
  shard.spawn("test", keep(std::move(task), answer));
  return future.get();
}

Task<Result<int>> square(Workers& workers, Shard& shard, int n) {
  const auto here = std::this_thread::get_id();
  std::thread::id there;
  const auto answer = co_await workers.run([&there, &n] {
    there = std::this_thread::get_id();
    return n * n;
  });
  EXPECT_NE(here, there);
  EXPECT_EQ(here, std::this_thread::get_id());
  EXPECT_TRUE(shard.is_current());
  co_return answer;
}

TEST(Workers, AnswerOnTheShardOfTheCaller) {
  Shards shards(2);
  shards.run();
  Workers workers(2, 10);
  const auto answer = run(shards.at(1), square(workers, shards.at(1), 12));
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, 144);
}

Task<Result<void>> run_throwing(Workers& workers) {
  co_return co_await workers.run([] { throw std::runtime_error("worn out"); });
}
Task<Result<std::unique_ptr<int>>> run_refusing(Workers& workers) {
  auto answer =
      co_await workers.run([]() -> Result<std::unique_ptr<int>> { return fail(Errc::not_found, "nothing_there"); });
  co_return std::move(answer);
}

TEST(Workers, TurnExceptionsIntoErrorsAndPassErrorsOn) {
  Shards shards(1);
  shards.run();
  Workers workers(1, 10);
  const auto thrown = run(shards.at(0), run_throwing(workers));
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().kind, Errc::internal);
  EXPECT_EQ(thrown.error().detail, "worn out");
  const auto refused = run(shards.at(0), run_refusing(workers));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "nothing_there");
}

TEST(Workers, RefuseWhatGoesPastTheirQueue) {
  Shards shards(1);
  shards.run();
  Workers workers(1, 1);
  std::latch started(1);
  std::latch go_on(1);
  ASSERT_TRUE(workers.submit([&] {
    started.count_down();
    go_on.wait();
  }));
  started.wait();
  ASSERT_TRUE(workers.submit([] {})) << "one may wait";
  EXPECT_FALSE(workers.submit([] {}));
  const auto refused = run(shards.at(0), run_throwing(workers));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Errc::unavailable);
  EXPECT_EQ(refused.error().code, "overloaded");
  go_on.count_down();
}

TEST(Workers, FinishWhatTheyAcceptedWhenStopped) {
  std::atomic<int> done = 0;
  Workers workers(2, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(workers.submit([&] { ++done; }));
  ASSERT_TRUE(workers.submit([] { throw std::runtime_error("worn out"); }));
  workers.stop();
  EXPECT_EQ(done, 50);
  EXPECT_FALSE(workers.submit([] {}));
}

Task<Result<int>> answer_after(std::chrono::milliseconds time) {
  co_await sleep_for(time);
  co_return 7;
}

TEST(Deadline, GivesTheAnswerThatComesInTime) {
  Shards shards(1);
  shards.run();
  const auto answer = run(shards.at(0), with_timeout(answer_after(0ms), 1h));
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, 7);
}

TEST(Deadline, CancelsWhatTakesLonger) {
  Shards shards(1);
  shards.run();
  const auto answer = run(shards.at(0), with_timeout(answer_after(1h), 1ms));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "deadline_exceeded");
}

Task<Result<int>> work_for(Workers& workers, std::latch& go_on, bool& ended) {
  auto answer = co_await workers.run([&go_on] {
    go_on.wait();
    return 7;
  });
  ended = true;
  co_return answer;
}

TEST(Deadline, LeavesNothingBehindThatCannotBeCancelled) {
  std::latch go_on(1);
  bool ended = false;
  std::promise<Result<int>> answer;
  Shards shards(1);
  shards.run();
  Workers workers(1, 1);
  shards.at(0).spawn("test", keep(with_timeout(work_for(workers, go_on, ended), 1ms), answer));
  shards.at(0).spawn("release", [](std::latch& latch) -> Task<void> {
    co_await sleep_for(5ms);
    latch.count_down();
  }(go_on));
  EXPECT_FALSE(answer.get_future().get());
  EXPECT_TRUE(ended) << "the frame had ended before the deadline was told";
}

}  // namespace
}  // namespace cluse
