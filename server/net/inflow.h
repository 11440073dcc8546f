// Inflow: how fast one WebSocket may send. Two buckets, of messages and of octets, which an honest burst (a long text
// pasted, a day of edits made in a train) does not empty. Whoever empties them is read more slowly, so that the network
// itself holds him up; whoever goes on and on is told to leave.
#pragma once

#include "server/net/asio.h"
#include "server/net/server.h"

#include <chrono>
#include <cstddef>

namespace cluse::net {

/// Thread: one at a time.
class Inflow {
 public:
  Inflow(const Limits& limits, TimePoint now);

  /// Takes one message of `bytes`, overdrawing if need be; how long nothing more should be read, zero as a rule.
  [[nodiscard]] std::chrono::milliseconds take(std::size_t bytes, TimePoint now);
  /// True once it has been slowed for `slowed_timeout` in all without a rest in which half of the bursts came back, or
  /// has overdrawn a whole burst: then what it sends cannot be slowed.
  [[nodiscard]] bool is_spent() const;

 private:
  struct Bucket {
    double burst;
    double per_second;
    double tokens;
    void fill(double seconds);
    [[nodiscard]] double owed_seconds() const { return tokens < 0 ? -tokens / per_second : 0; }
  };

  const std::chrono::milliseconds slowed_max_;
  const std::chrono::milliseconds pause_max_;
  Bucket messages_;
  Bucket bytes_;
  TimePoint filled_at_;
  std::chrono::milliseconds slowed_{0};
};

}  // namespace cluse::net
