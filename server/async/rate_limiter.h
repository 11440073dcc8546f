// RateLimiter: token buckets, one a key (an address, an account), in a bounded amount of memory.
#pragma once

#include "server/base/time.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cluse {

/// `burst` at once, then `per_second` on average.
struct Rate {
  double burst = 10;
  double per_second = 1;
};

/// Invariant: `order_` holds every bucket of `buckets_` once, the most recently used first, and never more than
/// `keys_max`. Past that the bucket unused for longest is forgotten, which favours its owner: size the bound so that an
/// attacker needs more keys than he has. Thread: any.
class RateLimiter {
 public:
  /// Requires: `clock` outlives this. A clock that steps back adds no tokens.
  RateLimiter(const Clock& clock, Rate rate, std::size_t keys_max);

  /// Takes `tokens` from the bucket of `key`, or nothing and false if it holds less.
  [[nodiscard]] bool take(std::string_view key, double tokens = 1);
  /// How long until `take(key, tokens)` would succeed: what Retry-After says. Zero if it would now.
  [[nodiscard]] std::chrono::milliseconds wait_for(std::string_view key, double tokens = 1) const;
  /// Forgets `key`: a sign-in that succeeded.
  void forget(std::string_view key);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Bucket {
    std::string key;
    double tokens = 0;
    Instant filled_at;
  };
  using Order = std::list<Bucket>;

  [[nodiscard]] double tokens_now(const Bucket& bucket, Instant now) const;
  Bucket& bucket_of(std::string_view key, Instant now);

  // Fixed at construction
  const Clock& clock_;
  const Rate rate_;
  const std::size_t keys_max_;

  // Guarded by mutex_
  mutable std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> buckets_;  // the keys live in order_
};

}  // namespace cluse
