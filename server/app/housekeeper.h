// Housekeeper: a thread that ends what is past its time, at the start and every few hours.
#pragma once

#include "server/domain/privacy/retention.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace cluse::app {

/// Requires: `retention` outlives it. The destructor waits for a sweep that is under way. Thread: make and destroy from
/// the main thread.
class Housekeeper {
 public:
  explicit Housekeeper(const domain::Retention& retention, std::chrono::milliseconds every = std::chrono::hours(6));

 private:
  void run(const std::stop_token& stop);

  const domain::Retention& retention_;
  const std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable_any rest_;
  std::jthread thread_;  ///< last: it stands on the others
};

}  // namespace cluse::app
