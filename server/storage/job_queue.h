// JobQueue: closures on their way to the threads that own a connection. Bounded; closing lets what is inside out.
#pragma once

#include "server/base/metrics.h"
#include "server/base/result.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace cluse::storage {

/// A closure and whom to tell; `done` is called exactly once.
template <class View>
struct Job {
  std::move_only_function<Result<void>(View&)> body;
  std::move_only_function<void(Result<void>)> done;
};

/// Thread: any.
template <class View>
class JobQueue {
 public:
  JobQueue(std::size_t max, Gauge& depth) : max_(max), depth_(depth) {}

  /// Takes `job` over, or leaves it alone and says why not.
  [[nodiscard]] Result<void> push(Job<View>& job) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return fail(Errc::unavailable, "stopping", "the database is stopping");
      if (jobs_.size() >= max_) return fail(Errc::unavailable, "overloaded", "the queue of the database is full");
      jobs_.push_back(std::move(job));
      depth_.add(1);
    }
    changed_.notify_one();
    return {};
  }

  /// Waits for work and moves up to `count` jobs to the end of `out`. False once the queue is closed and empty.
  bool take(std::deque<Job<View>>& out, std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return false;
    for (; count > 0 && !jobs_.empty(); --count) {
      out.push_back(std::move(jobs_.front()));
      jobs_.pop_front();
      depth_.add(-1);
    }
    return true;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  [[nodiscard]] bool is_empty() const {
    const std::lock_guard lock(mutex_);
    return jobs_.empty();
  }

 private:
  // Fixed at construction
  const std::size_t max_;
  Gauge& depth_;

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job<View>> jobs_;
  bool closed_ = false;
};

}  // namespace cluse::storage
