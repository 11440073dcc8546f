// PasswordHasher: argon2id, on threads of its own so that a flood of sign-ins takes neither all memory nor all workers.
#pragma once

#include "server/async/workers.h"
#include "server/base/result.h"

#include <cstddef>
#include <string>

namespace cluse::domain {

/// Cost of one hash. libsodium's argon2id has one lane.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = 64U << 20;
  std::size_t parallel_max = 2;  ///< hashes at a time: with `memory_bytes`, the memory that hashing can take
  std::size_t waiting_max = 128;
};

/// Thread: any. Past `waiting_max` waiting: Errc::unavailable, code "overloaded".
class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost);

  /// Hash of `password` with its salt and cost, as libsodium writes it.
  Task<Result<std::string>> hash(std::string password);
  /// Whether `password` is the one of `stored`. An empty `stored` (no such account) costs the same time and is false.
  Task<Result<bool>> verify(std::string stored, std::string password);
  /// The same, blocking: for the command line. Thread: not a shard.
  [[nodiscard]] Result<std::string> hash_now(const std::string& password) const;

  /// Finishes what runs and refuses the rest.
  void stop() { threads_.stop(); }

 private:
  // Fixed at construction
  const PasswordCost cost_;
  std::string dummy_;  ///< hash of a random password, verified where there is no account
  // Synchronises itself
  Workers threads_;
};

}  // namespace cluse::domain
