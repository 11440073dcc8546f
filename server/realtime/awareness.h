// Awareness: who is here and where their cursor stands. Ephemeral: never stored, gone 30 s after its last renewal.
#pragma once

#include "server/base/bytes.h"
#include "server/base/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace cluse::realtime {

/// One entry of an awareness message. `state` is JSON, passed through as bytes; "null" means gone.
struct AwarenessEntry {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  Bytes state;
};

/// The body of an awareness message, or nothing if it is malformed.
[[nodiscard]] std::optional<std::vector<AwarenessEntry>> read_awareness(BytesView body);
[[nodiscard]] Bytes write_awareness(const std::vector<AwarenessEntry>& entries);

/// The states of one room. Thread: the room's shard.
class Awareness {
 public:
  /// How long a state lives without renewal, as in y-protocols.
  static constexpr std::chrono::seconds kLifetime{30};

  /// Takes in what `member` sent; the clients whose state is news to the others. States of other members are refused:
  /// a client id belongs to the member that introduced it.
  std::vector<std::uint64_t> receive(std::uint64_t member, const std::vector<AwarenessEntry>& entries, Instant now);
  /// The member is gone: its clients become "null" with the clock they had. Returns them.
  std::vector<AwarenessEntry> leave(std::uint64_t member);
  /// Drops what was not renewed; returns it as "null".
  std::vector<AwarenessEntry> expire(Instant now);

  [[nodiscard]] std::vector<AwarenessEntry> states() const;
  [[nodiscard]] std::vector<AwarenessEntry> states(const std::set<std::uint64_t>& clients) const;
  [[nodiscard]] std::size_t clients_of(std::uint64_t member) const;
  [[nodiscard]] bool empty() const { return known_.empty(); }

 private:
  struct Known {
    std::uint64_t member = 0;
    std::uint64_t clock = 0;
    Bytes state;
    Instant renewed;
  };
  std::map<std::uint64_t, Known> known_;
};

}  // namespace cluse::realtime
