#include "server/net/inflow.h"

#include <algorithm>
#include <cmath>

namespace cluse::net {
namespace {

using std::chrono::milliseconds;

// A pause for each message would be a timer for each message.
constexpr milliseconds kPauseMin{20};

}  // namespace

Inflow::Inflow(const Limits& limits, TimePoint now)
    : slowed_max_(limits.slowed_timeout),
      // Pongs are not read during a pause either, and a peer whose pong is missed would be taken for dead.
      pause_max_(std::max(milliseconds(1), limits.ping_interval / 2)),
      messages_{static_cast<double>(limits.messages_burst_max), static_cast<double>(limits.messages_per_second_max),
                static_cast<double>(limits.messages_burst_max)},
      bytes_{static_cast<double>(limits.received_bytes_burst_max),
             static_cast<double>(limits.received_bytes_per_second_max),
             static_cast<double>(limits.received_bytes_burst_max)},
      filled_at_(now) {}

void Inflow::Bucket::fill(double seconds) {
  tokens = std::min(burst, tokens + seconds * per_second);
}

milliseconds Inflow::take(std::size_t bytes, TimePoint now) {
  const double elapsed = std::chrono::duration<double>(now - filled_at_).count();
  filled_at_ = now;
  messages_.fill(elapsed);
  bytes_.fill(elapsed);
  if (messages_.tokens * 2 >= messages_.burst && bytes_.tokens * 2 >= bytes_.burst) slowed_ = milliseconds(0);
  messages_.tokens -= 1;
  bytes_.tokens -= static_cast<double>(bytes);
  const double owed = std::max(messages_.owed_seconds(), bytes_.owed_seconds());
  if (owed <= 0) return milliseconds(0);
  const milliseconds whole(static_cast<std::int64_t>(std::ceil(std::min(owed, 3600.0) * 1000)));
  const milliseconds pause = std::min(std::max(whole, kPauseMin), pause_max_);
  slowed_ += pause;
  return pause;
}

bool Inflow::is_spent() const {
  return slowed_ > slowed_max_ || messages_.tokens < -messages_.burst;
}

}  // namespace cluse::net
