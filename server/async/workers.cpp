#include "server/async/workers.h"

#include "server/base/assert.h"

#include <pthread.h>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cluse {

struct Workers::State {
  // Fixed at construction
  const std::size_t queue_max;
  std::vector<std::thread> threads;

  // Guarded by mutex
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::move_only_function<void()>> queue;
  bool stopping = false;

  explicit State(std::size_t max) : queue_max(max) {}

  void work() {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopping || !queue.empty(); });
      if (queue.empty()) return;
      auto job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      try {
        job();
      } catch (const std::exception& e) {
        log_error("worker_failed", {{"error", e.what()}});
      } catch (...) {
        log_error("worker_failed", {{"error", "not a std::exception"}});
      }
    }
  }
};

Workers::Workers(std::size_t threads, std::size_t queue_max) : state_(std::make_unique<State>(queue_max)) {
  CLUSE_ASSERT(threads > 0, "a pool has at least one thread");
  for (std::size_t i = 0; i < threads; ++i) {
    state_->threads.emplace_back([state = state_.get(), i] {
      pthread_setname_np(pthread_self(), ("worker-" + std::to_string(i)).c_str());
      state->work();
    });
  }
}

Workers::~Workers() {
  stop();
}

bool Workers::submit(std::move_only_function<void()> job) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopping || state_->queue.size() >= state_->queue_max) return false;
    state_->queue.push_back(std::move(job));
  }
  state_->changed.notify_one();
  return true;
}

void Workers::stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  for (auto& thread : state_->threads) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace cluse
