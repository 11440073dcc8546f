// Territories as they are on a day: found by code or name, with what is above and below them, their history and their
// populations. Thread: the one that runs the closure with the Snapshot.
#pragma once

#include "server/base/id.h"
#include "server/domain/territories/kinds.h"
#include "server/storage/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain::territories {

/// A unit on a day. A cooperation territory of this instance may have no code.
struct Unit {
  Id id;
  Kind kind = Kind::commune;
  std::optional<std::string> country;  ///< "F", "CH"; empty if it spans both
  std::string language;                ///< "fr", "de", "multiple" or empty
  std::string name;
  std::optional<Key> code;  ///< the main one
};

/// The unit that bears `key` on `on`.
[[nodiscard]] std::optional<Unit> find(storage::Snapshot& snapshot, const Key& key, CivilDate on);

/// The unit that bears `key` on `on`, or else the one that bore it last before, or first after: an old reference still
/// resolves. It is answered as it is on `on`, with the code of that day.
[[nodiscard]] std::optional<Unit> resolve(storage::Snapshot& snapshot, const Key& key, CivilDate on);

[[nodiscard]] std::optional<Unit> find(storage::Snapshot& snapshot, Id id, CivilDate on);

/// Units whose name on `on` holds the first four words of `text`, without regard to case and accents, by name.
[[nodiscard]] std::vector<Unit> search(storage::Snapshot& snapshot, const std::string& text, CivilDate on, int max);

struct Ancestor {
  Unit unit;
  int distance = 1;  ///< 1: parent; the shortest way up
};
/// Everything above, nearest first.
[[nodiscard]] std::vector<Ancestor> ancestors(storage::Snapshot& snapshot, Id id, CivilDate on);

/// What is right below, of one kind or of all, by name.
[[nodiscard]] std::vector<Unit> children(storage::Snapshot& snapshot, Id id, CivilDate on,
                                         std::optional<Kind> kind = std::nullopt);

/// A dated fact about a unit, with its source.
struct Event {
  enum class What { code, name, parent };
  What what = What::name;
  std::string value;         ///< the code with its scheme ("ofs 700"), the name, or the parent's latest name
  std::optional<Id> parent;  ///< of a parent
  Period period;
  std::string source;
};
/// All of them, the oldest first.
[[nodiscard]] std::vector<Event> history(storage::Snapshot& snapshot, Id id);

struct Population {
  Basis basis = Basis::municipale;
  int vintage = 0;    ///< the year of the census
  int perimeter = 0;  ///< the year of the borders it is counted on
  std::int64_t inhabitants = 0;
  std::optional<int> communes;
  std::string source;
};
/// By vintage and perimeter, the latest first.
[[nodiscard]] std::vector<Population> populations(storage::Snapshot& snapshot, Id id);

/// The sum over the units of `kind` below `id` on `on`: never a constant, always with where it is from (domain.md rows
/// 39, 40 and "Traps in the sources"). Of several perimeters each unit counts the latest.
struct PopulationSum {
  Basis basis = Basis::municipale;
  int vintage = 0;
  std::int64_t inhabitants = 0;
  std::int64_t communes = 0;         ///< of the units that say how many they have
  int units = 0;                     ///< that were counted
  std::vector<std::string> missing;  ///< names of the units without a figure of this vintage: then the sum is not whole
  std::vector<std::string> sources;  ///< each once
};
[[nodiscard]] PopulationSum total_population(storage::Snapshot& snapshot, Id id, Kind kind, CivilDate on, Basis basis,
                                             int vintage);

}  // namespace cluse::domain::territories
