// NotedOutbox: for tests, an outbox that writes down what it is given.
#pragma once

#include "server/mail/message.h"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace cluse::domain {

/// Thread: any.
class NotedOutbox final : public mail::Outbox {
 public:
  bool is_on() const override { return true; }
  Result<void> put(const mail::Message& message) override {
    const std::scoped_lock lock(mutex_);
    messages_.push_back(message);
    changed_.notify_all();
    return {};
  }
  /// Waits for the message after those that were taken before.
  mail::Message take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return messages_.size() > taken_; });
    return messages_[taken_++];
  }
  std::size_t count() {
    const std::scoped_lock lock(mutex_);
    return messages_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<mail::Message> messages_;
  std::size_t taken_ = 0;
};

}  // namespace cluse::domain
