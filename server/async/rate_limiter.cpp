#include "server/async/rate_limiter.h"

#include "server/base/assert.h"

#include <algorithm>
#include <cmath>

namespace cluse {

RateLimiter::RateLimiter(const Clock& clock, Rate rate, std::size_t keys_max)
    : clock_(clock), rate_(rate), keys_max_(keys_max) {
  CLUSE_ASSERT(rate.burst > 0 && rate.per_second > 0, "a rate lets something through");
  CLUSE_ASSERT(keys_max > 0, "a limiter remembers at least one key");
}

double RateLimiter::tokens_now(const Bucket& bucket, Instant now) const {
  const auto elapsed_ms = std::max<std::int64_t>(0, now.ms - bucket.filled_at.ms);
  return std::min(rate_.burst, bucket.tokens + static_cast<double>(elapsed_ms) / 1000 * rate_.per_second);
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view key, Instant now) {
  if (const auto found = buckets_.find(key); found != buckets_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front();
  }
  if (order_.size() >= keys_max_) {
    buckets_.erase(order_.back().key);
    order_.pop_back();
  }
  order_.push_front({std::string(key), rate_.burst, now});
  buckets_.emplace(order_.front().key, order_.begin());
  return order_.front();
}

bool RateLimiter::take(std::string_view key, double tokens) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(key, now);
  bucket.tokens = tokens_now(bucket, now);
  bucket.filled_at = now;
  if (bucket.tokens < tokens) return false;
  bucket.tokens -= tokens;
  return true;
}

std::chrono::milliseconds RateLimiter::wait_for(std::string_view key, double tokens) const {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(key);
  const double held = found == buckets_.end() ? rate_.burst : tokens_now(*found->second, now);
  if (held >= tokens) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil((tokens - held) / rate_.per_second * 1000)));
}

void RateLimiter::forget(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(key);
  if (found == buckets_.end()) return;
  const auto bucket = found->second;
  buckets_.erase(found);
  order_.erase(bucket);
}

std::size_t RateLimiter::size() const {
  const std::lock_guard lock(mutex_);
  return order_.size();
}

}  // namespace cluse
