// Cache: answers of judge() that are still true. Bounded; thread: any.
#pragma once

#include "server/base/id.h"
#include "server/base/time.h"
#include "server/domain/rights/role.h"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace cluse::domain::rights {

class Cache {
 public:
  struct Key {
    Id person, object;
    bool operator==(const Key&) const = default;
  };
  /// True as long as the version is this one and the time lies in [from, until).
  struct Entry {
    Permissions permissions;
    std::uint64_t version = 0;
    Instant from, until;
  };

  [[nodiscard]] std::optional<Permissions> find(const Key& key, std::uint64_t version, Instant now) const;
  void put(const Key& key, const Entry& entry);

 private:
  static constexpr std::size_t kEntriesPerPartMax = 8192;
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Part {
    mutable std::mutex mutex;
    // Guarded by mutex
    std::unordered_map<Key, Entry, Hash> entries;
  };

  [[nodiscard]] const Part& part_of(const Key& key) const { return parts_[Hash()(key) % parts_.size()]; }
  std::array<Part, 16> parts_;
};

}  // namespace cluse::domain::rights
