// Workers: the small pool for what blocks or computes long (password hashing, text extraction, compaction).
#pragma once

#include "server/async/task.h"
#include "server/base/result.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace cluse {

/// A bounded pool of threads. Thread: any.
class Workers {
 public:
  /// `queue_max`: jobs waiting; past it `run` answers Errc::unavailable, code "overloaded".
  Workers(std::size_t threads, std::size_t queue_max);
  ~Workers();

  /// Runs `work` (returning T, or Result<T>) on a worker and resumes the caller on its own shard with Result<T>.
  /// An exception out of `work` becomes Errc::internal, code "internal".
  /// Once started it cannot be cancelled: `work` may therefore refer to the caller's frame.
  template <class F>
  auto run(F work);

  /// Lower level: false if the queue is full or the pool has stopped. `job` runs on a worker thread.
  bool submit(std::move_only_function<void()> job);

  /// Refuses new work, finishes what was accepted, joins. Thread: no worker.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cluse

#include "server/async/workers_inl.h"
