// Shards: one thread and one io_context(1) each. What lives on a shard is touched by that shard alone, and needs no
// lock.
#pragma once

#include "server/async/task.h"
#include "server/base/metrics.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace cluse {

/// Posted work that runs longer is logged as "shard_slow_work": every room of the shard has waited for it.
inline constexpr std::chrono::milliseconds kSlowWork{20};

/// One event loop. Thread: `post`, `spawn` and `executor` any; the rest its own.
class Shard {
 public:
  explicit Shard(std::size_t index);

  [[nodiscard]] std::size_t index() const { return index_; }
  [[nodiscard]] boost::asio::any_io_executor executor() { return context_.get_executor(); }
  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  [[nodiscard]] bool is_current() const;

  /// Runs `work` on this shard, later, in the order of posting per posting thread. An exception out of it is logged and
  /// swallowed.
  void post(std::move_only_function<void()> work);
  /// Starts a coroutine on this shard. An exception out of it is logged with `name` (a string literal) and swallowed.
  void spawn(const char* name, Task<void> task);

 private:
  void run_posted(std::move_only_function<void()>& work);

  // Fixed at construction
  const std::size_t index_;
  boost::asio::io_context context_{1};
};

/// All shards of a process. `run()` starts the threads, `stop()` lets them finish what is posted and joins them.
/// Without `run()` nothing runs by itself: a simulation polls the contexts from its own thread.
/// Thread: the one that made it, which is no shard; `at`, `home` and `size` any.
class Shards {
 public:
  explicit Shards(std::size_t count);
  ~Shards();

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  [[nodiscard]] Shard& at(std::size_t index) { return *shards_[index]; }
  /// The home of whatever hashes to `hash`.
  [[nodiscard]] Shard& home(std::size_t hash) { return *shards_[hash % shards_.size()]; }

  void run();
  /// What was posted before is done, and so is what that posted, on whatever shard. Coroutines that still wait are
  /// dropped when the shards are destroyed: close the gates first, and stop whoever resumes them (Database, Workers).
  void stop();

 private:
  using WorkGuard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  static constexpr int kStopRounds = 3;  // the deepest chain of posts that stop() promises to see through

  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<WorkGuard>> work_;
  std::vector<std::thread> threads_;
};

}  // namespace cluse
