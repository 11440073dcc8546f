// Notifier: a thread that turns the journal into notifications, and those into mails, a moment behind what people do.
#pragma once

#include "server/domain/notifications/post.h"
#include "server/domain/notifications/producer.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace cluse::app {

/// Requires: `environment`, `centre` and the outbox outlive it. The destructor waits for a round that is under way.
/// Thread: make and destroy from the main thread.
class Notifier {
 public:
  /// `settle_failed`: tells plugins of mails of theirs that failed; called now and then.
  Notifier(const domain::Environment& environment, const domain::Notifications& centre,
           const domain::notifications::PostSettings& settings, std::function<Result<void>()> settle_failed);

 private:
  using Steady = std::chrono::steady_clock;
  void run(const std::stop_token& stop);
  [[nodiscard]] Result<void> produce();
  [[nodiscard]] Result<void> remind_and_mail();
  void tell(const domain::notifications::Produced& produced) const;

  const domain::Environment environment_;
  domain::notifications::Producer producer_;
  domain::notifications::Post post_;
  const std::function<Result<void>()> settle_failed_;
  Steady::time_point mail_at_ = {}, remind_at_ = {}, settle_at_ = {};
  std::mutex mutex_;
  std::condition_variable_any rest_;
  std::jthread thread_;  ///< last: it stands on the others
};

}  // namespace cluse::app
