#include "server/domain/rights/cache.h"

namespace cluse::domain::rights {

std::size_t Cache::Hash::operator()(const Key& key) const noexcept {
  const std::hash<Id> hash;
  return hash(key.person) * 0x9e3779b97f4a7c15ULL + hash(key.object);
}

std::optional<Permissions> Cache::find(const Key& key, std::uint64_t version, Instant now) const {
  const Part& part = part_of(key);
  const std::lock_guard lock(part.mutex);
  const auto found = part.entries.find(key);
  if (found == part.entries.end()) return std::nullopt;
  const Entry& entry = found->second;
  if (entry.version != version || now < entry.from || entry.until <= now) return std::nullopt;
  return entry.permissions;
}

void Cache::put(const Key& key, const Entry& entry) {
  auto& part = const_cast<Part&>(part_of(key));  // NOLINT(cppcoreguidelines-pro-type-const-cast): of a non-const this
  const std::lock_guard lock(part.mutex);
  // Entries of old versions are never asked for again by themselves: a full part starts anew.
  if (part.entries.size() >= kEntriesPerPartMax) part.entries.clear();
  const auto [at, is_new] = part.entries.try_emplace(key, entry);
  // A slow reader must not put an older answer over a newer one.
  if (!is_new && at->second.version <= entry.version) at->second = entry;
}

}  // namespace cluse::domain::rights
