#include "server/async/shard.h"

#include "server/base/assert.h"
#include "server/base/log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <pthread.h>
#include <chrono>
#include <exception>
#include <latch>
#include <string>

namespace cluse {
namespace {

using Ticks = std::chrono::steady_clock;

void log_exception(const char* event, std::string name, std::size_t shard, const std::exception_ptr& thrown) {
  std::string words = "not a std::exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    words = e.what();
  } catch (...) {  // the words above say it
  }
  log_error(event, {{"name", std::move(name)}, {"shard", std::to_string(shard)}, {"error", std::move(words)}});
}

}  // namespace

Shard::Shard(std::size_t index) : index_(index) {}

bool Shard::is_current() const {
  // get_executor() is not const, though asking it changes nothing.
  return const_cast<boost::asio::io_context&>(context_).get_executor().running_in_this_thread();
}

void Shard::post(std::move_only_function<void()> work) {
  boost::asio::post(context_, [this, work = std::move(work)]() mutable { run_posted(work); });
}

void Shard::run_posted(std::move_only_function<void()>& work) {
  const auto begin = Ticks::now();
  try {
    work();
  } catch (...) {
    log_exception("shard_work_failed", "posted", index_, std::current_exception());
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Ticks::now() - begin);
  if (took > kSlowWork) {
    log_warning("shard_slow_work", {{"shard", std::to_string(index_)}, {"ms", std::to_string(took.count())}});
  }
}

void Shard::spawn(const char* name, Task<void> task) {
  boost::asio::co_spawn(context_, std::move(task), [name, index = index_](std::exception_ptr thrown) {
    if (thrown) log_exception("shard_task_failed", name, index, thrown);
  });
}

Shards::Shards(std::size_t count) {
  CLUSE_ASSERT(count > 0, "a server has at least one shard");
  shards_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) shards_.push_back(std::make_unique<Shard>(i));
}

Shards::~Shards() {
  stop();
}

void Shards::run() {
  CLUSE_ASSERT(threads_.empty(), "the shards run already");
  for (const auto& shard : shards_) {
    work_.push_back(std::make_unique<WorkGuard>(shard->context().get_executor()));
    threads_.emplace_back([&context = shard->context(), index = shard->index()] {
      pthread_setname_np(pthread_self(), ("shard-" + std::to_string(index)).c_str());
      context.run();
    });
  }
}

void Shards::stop() {
  if (threads_.empty()) return;
  for (int round = 0; round < kStopRounds; ++round) {
    // What was posted before is done once every shard has come by here.
    std::latch passed(static_cast<std::ptrdiff_t>(shards_.size()));
    for (const auto& shard : shards_) {
      CLUSE_ASSERT(!shard->is_current(), "a shard cannot wait for itself");
      boost::asio::post(shard->context(), [&passed] { passed.count_down(); });
    }
    passed.wait();
  }
  work_.clear();
  for (const auto& shard : shards_) shard->context().stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace cluse
