// Breaker: stops asking a plugin that does not answer in time, so that people do not wait its budget each time. Three
// asks of one hook that time out within a minute open it; a minute later it is asked again.
//
// A value; the owner guards it. Times come from the caller.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace cluse::plugin {

inline constexpr std::size_t kBreakerTimeouts = 3;
inline constexpr std::chrono::seconds kBreakerWithin{60};
inline constexpr std::chrono::seconds kBreakerOpen{60};

class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] bool is_open(Time now) const { return now < open_until_; }
  /// An ask timed out. True if that opens it.
  bool timed_out(Time now) {
    if (is_open(now)) return false;  // one that was under way already
    at_.push_back(now);
    while (now - at_.front() >= kBreakerWithin) at_.pop_front();
    if (at_.size() < kBreakerTimeouts) return false;
    at_.clear();
    open_until_ = now + kBreakerOpen;
    return true;
  }

 private:
  std::deque<Time> at_;
  Time open_until_ = Time::min();
};

}  // namespace cluse::plugin
