#include "server/realtime/awareness.h"

#include "server/realtime/wire.h"

#include <algorithm>

namespace cluse::realtime {
namespace {

constexpr BytesView kGone = "null";

}  // namespace

std::optional<std::vector<AwarenessEntry>> read_awareness(BytesView body) {
  Reader reader(body);
  const auto count = reader.unsigned_int();
  if (!count || *count > body.size()) return std::nullopt;  // an entry takes at least three bytes
  std::vector<AwarenessEntry> entries;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto client = reader.unsigned_int();
    const auto clock = reader.unsigned_int();
    const auto state = reader.bytes();
    if (!client || !clock || !state || !is_utf8(*state)) return std::nullopt;
    entries.push_back({*client, *clock, Bytes(*state)});
  }
  return entries;
}

Bytes write_awareness(const std::vector<AwarenessEntry>& entries) {
  Bytes out;
  write_unsigned(out, entries.size());
  for (const AwarenessEntry& entry : entries) {
    write_unsigned(out, entry.client);
    write_unsigned(out, entry.clock);
    write_bytes(out, entry.state);
  }
  return out;
}

std::vector<std::uint64_t> Awareness::receive(std::uint64_t member, const std::vector<AwarenessEntry>& entries,
                                              Instant now) {
  std::vector<std::uint64_t> news;
  for (const AwarenessEntry& entry : entries) {
    const auto known = known_.find(entry.client);
    const bool gone = entry.state == kGone;
    if (known == known_.end()) {
      // An unknown client's clock counts as 0, so a first state must have moved past it.
      if (gone || entry.clock == 0) continue;
      known_[entry.client] = {member, entry.clock, entry.state, now};
      news.push_back(entry.client);
      continue;
    }
    Known& mine = known->second;
    if (mine.member != member) {
      // The same client on a new connection (its old one is not yet noticed dead) speaks with a newer clock.
      if (entry.clock <= mine.clock) continue;
      mine.member = member;
    }
    const bool newer = entry.clock > mine.clock || (entry.clock == mine.clock && gone && mine.state != kGone);
    if (!newer) continue;
    mine = {member, entry.clock, entry.state, now};
    news.push_back(entry.client);
  }
  return news;
}

std::vector<AwarenessEntry> Awareness::leave(std::uint64_t member) {
  std::vector<AwarenessEntry> gone;
  for (auto it = known_.begin(); it != known_.end();) {
    if (it->second.member != member) {
      ++it;
      continue;
    }
    if (it->second.state != kGone) gone.push_back({it->first, it->second.clock, Bytes(kGone)});
    it = known_.erase(it);
  }
  return gone;
}

std::vector<AwarenessEntry> Awareness::expire(Instant now) {
  std::vector<AwarenessEntry> gone;
  for (auto it = known_.begin(); it != known_.end();) {
    if (now < it->second.renewed + kLifetime) {
      ++it;
      continue;
    }
    if (it->second.state != kGone) gone.push_back({it->first, it->second.clock, Bytes(kGone)});
    it = known_.erase(it);
  }
  return gone;
}

std::vector<AwarenessEntry> Awareness::states() const {
  std::vector<AwarenessEntry> all;
  for (const auto& [client, known] : known_) {
    if (known.state != kGone) all.push_back({client, known.clock, known.state});
  }
  return all;
}

std::vector<AwarenessEntry> Awareness::states(const std::set<std::uint64_t>& clients) const {
  std::vector<AwarenessEntry> some;
  for (const std::uint64_t client : clients) {
    const auto known = known_.find(client);
    if (known != known_.end()) some.push_back({client, known->second.clock, known->second.state});
  }
  return some;
}

std::size_t Awareness::clients_of(std::uint64_t member) const {
  return static_cast<std::size_t>(
      std::count_if(known_.begin(), known_.end(), [&](const auto& k) { return k.second.member == member; }));
}

}  // namespace cluse::realtime
