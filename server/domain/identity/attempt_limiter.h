// AttemptLimiter: at most so many tries a key within a sliding window. Limits expire by themselves: nobody is locked
// out.
#pragma once

#include "server/base/time.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace cluse::domain {

/// Thread: any. Memory is bounded: past `keys_max` keys the one that was tried longest ago is forgotten.
class AttemptLimiter {
 public:
  AttemptLimiter(std::size_t tries_max, std::chrono::milliseconds window, std::size_t keys_max = 50'000);

  /// Counts one try and answers zero, or counts nothing and answers how long to wait.
  [[nodiscard]] std::chrono::seconds try_once(const std::string& key, Instant now);
  /// Takes the latest try back (it was a good one).
  void refund(const std::string& key);
  /// Forgets every try of `key`.
  void forget(const std::string& key);

 private:
  struct Entry {
    std::deque<Instant> tries;
    std::list<std::string>::iterator place;
  };

  // Fixed at construction
  const std::size_t tries_max_;
  const std::chrono::milliseconds window_;
  const std::size_t keys_max_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> order_;  ///< front: tried longest ago
};

}  // namespace cluse::domain
