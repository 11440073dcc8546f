// Latency: how long the last calls of one plugin took, from the moment they came to their answer. A value; the owner
// guards it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kLatencyCalls = 1'000;  ///< that it remembers

struct Percentiles {
  std::uint32_t p50_us = 0, p95_us = 0, p99_us = 0;
};

class Latency {
 public:
  void add(std::chrono::steady_clock::duration time) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    const auto kept = static_cast<std::uint32_t>(std::clamp<std::int64_t>(us, 0, UINT32_MAX));
    if (calls_.size() < kLatencyCalls) calls_.push_back(kept);
    else calls_[next_++ % kLatencyCalls] = kept;
  }
  [[nodiscard]] Percentiles percentiles() const {
    if (calls_.empty()) return {};
    auto sorted = calls_;
    std::ranges::sort(sorted);
    const auto at = [&](std::size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
    return {at(50), at(95), at(99)};
  }

 private:
  std::vector<std::uint32_t> calls_;  ///< grows with use: an idle plugin costs nothing
  std::size_t next_ = 0;
};

}  // namespace cluse::plugin
