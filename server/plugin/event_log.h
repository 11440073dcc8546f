// The log of what plugins tell one another, in the core's database (decision 0050): an event is there until every
// plugin that takes its name has it, at most kEventAgeMax, and of one plugin at most kEventsKeptMax.
//
// Names are "<plugin>:<topic>". A taker begins where the log ends and keeps its place by name, whether it is on or off.
// Every function runs inside a closure of the core's store, and may run again.
#pragma once

#include "server/base/time.h"
#include "server/storage/database.h"
#include "server/storage/sqlite/plugin_store.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::chrono::hours kEventAgeMax{30 * 24};
inline constexpr std::int64_t kEventsKeptMax = 10'000;  ///< of one plugin; past it the oldest go

/// One event, as a taker finds it.
struct LoggedEvent {
  std::int64_t sequence = 0;
  Instant at;
  std::string plugin, name, actor;  ///< `actor`: empty for the plugin itself
  Bytes body;                       ///< CBOR
};

/// Appends, in order, what somebody takes; what is there already (by its id) is left as it is. How many were appended,
/// and how many old ones had to go.
struct Appended {
  std::int64_t kept = 0, dropped = 0;
};
[[nodiscard]] Appended append_events(storage::Transaction& tx, const std::string& plugin,
                                     std::span<const storage::PluginEmission> events);

/// The names that `plugin` takes now.
[[nodiscard]] std::set<std::string> taken_names(storage::Snapshot& snapshot, const std::string& plugin);
/// Takes one more, from here on; no change where it does already.
void take_name(storage::Transaction& tx, const std::string& plugin, const std::string& name);
/// Takes it no more, and drops what nobody takes then.
void leave_name(storage::Transaction& tx, const std::string& plugin, const std::string& name);
/// Plugins that are not `installed` take nothing; without a change nothing is written.
[[nodiscard]] std::int64_t leave_all_but(storage::Transaction& tx, const std::set<std::string>& installed);

/// The next that `plugin` was not told of.
[[nodiscard]] std::optional<LoggedEvent> next_event(storage::Snapshot& snapshot, const std::string& plugin);
/// It was, or will never be; gone once nobody else takes it.
void event_told(storage::Transaction& tx, const std::string& plugin, const std::string& name, std::int64_t sequence);
/// Those that are older go, told or not. How many went.
[[nodiscard]] std::int64_t drop_events_before(storage::Transaction& tx, Instant before);

}  // namespace cluse::plugin
