#include "server/domain/identity/attempt_limiter.h"

#include <algorithm>

namespace cluse::domain {

AttemptLimiter::AttemptLimiter(std::size_t tries_max, std::chrono::milliseconds window, std::size_t keys_max)
    : tries_max_(tries_max), window_(window), keys_max_(keys_max) {}

std::chrono::seconds AttemptLimiter::try_once(const std::string& key, Instant now) {
  const std::scoped_lock lock(mutex_);
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= keys_max_) {
      entries_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(key);
    found = entries_.emplace(key, Entry{{}, std::prev(order_.end())}).first;
  } else {
    order_.splice(order_.end(), order_, found->second.place);
  }
  auto& tries = found->second.tries;
  while (!tries.empty() && tries.front() + window_ <= now) tries.pop_front();
  if (tries.size() >= tries_max_) {
    const auto wait_ms = (tries.front() + window_).ms - now.ms;
    return std::chrono::seconds(std::max<std::int64_t>(1, (wait_ms + 999) / 1000));
  }
  tries.push_back(now);
  return std::chrono::seconds(0);
}

void AttemptLimiter::refund(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && !found->second.tries.empty()) found->second.tries.pop_back();
}

void AttemptLimiter::forget(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  order_.erase(found->second.place);
  entries_.erase(found);
}

}  // namespace cluse::domain
