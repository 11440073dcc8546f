// Shards: one thread and one io_context(1) each. What lives on a shard is touched by that shard alone, and needs no
// lock.
#pragma once

#include "server/async/task.h"
#include "server/base/metrics.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace cluse {

/// One event loop. Thread: `post` and `executor` any; the rest its own.
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
  /// Starts a coroutine on this shard. An exception out of it is logged with `name` and swallowed.
  void spawn(const char* name, Task<void> task);

 private:
  friend class Shards;
  // Fixed at construction
  const std::size_t index_;
  boost::asio::io_context context_{1};
};

/// All shards of a process. `run()` starts the threads, `stop()` lets them finish what is posted and joins them.
class Shards {
 public:
  explicit Shards(std::size_t count);
  ~Shards();

  [[nodiscard]] std::size_t size() const { return shards_.size(); }
  [[nodiscard]] Shard& at(std::size_t index) { return *shards_[index]; }
  /// The home of whatever hashes to `hash`.
  [[nodiscard]] Shard& home(std::size_t hash) { return *shards_[hash % shards_.size()]; }

  void run();
  void stop();

 private:
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>> work_;
  std::vector<std::thread> threads_;
};

}  // namespace cluse
