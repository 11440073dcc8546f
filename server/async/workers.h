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
  /// An exception out of `work` becomes Errc::internal.
  template <class F>
  auto run(F work);

  /// Lower level: false if the queue is full. `job` runs on a worker thread.
  bool submit(std::move_only_function<void()> job);

  /// Refuses new work, finishes what runs, joins.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cluse

#include "server/async/workers_inl.h"
