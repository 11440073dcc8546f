// Entries in the database, with all that is derived from them. Everything runs in the caller's transaction.
#pragma once

#include "../model/entry.h"

#include <cluse/plugin.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace annuaires {

using cluse::Tx;

/// What one statement may carry: parameters of at most this many octets.
inline constexpr std::size_t kBatchOctets = 400U << 10;

[[nodiscard]] std::vector<Entry> load_entries(Tx& tx,
                                              std::span<const Id> ids);  ///< in that order; absent ones left out
[[nodiscard]] Entry load_entry(Tx& tx, Id id);                           ///< throws NotFound
[[nodiscard]] std::optional<Id> entry_of_uid(Tx& tx, std::string_view uid);

/// What happened to one entry, for its history.
struct Event {
  std::string action;
  Value changes = Value::array();
  std::string note;
};

/// Who does it, when, as part of which import or merge.
struct Author {
  std::string by;
  Moment at = 0;
  std::optional<Id> batch;
};

/// Writes entries and everything derived: new ones (id 0) get id and uid. Each change gets a new version and sequence.
/// `events` stands beside `entries`; an empty action writes no history.
void save_entries(Tx& tx, const Directory& directory, const Reference& reference, std::span<Entry> entries,
                  std::span<const Event> events, const Author& author);
void save_entry(Tx& tx, const Directory& directory, const Reference& reference, Entry& entry, const Event& event,
                const Author& author);
/// Puts them away and tells their histories of `action`. Nothing that is derived changes by that, and none of it is
/// made again.
void archive_entries(Tx& tx, std::span<const Id> ids, std::string_view action, const Author& author);
/// Derives everything anew, without a version: after fields, visibility or territories have changed.
void project_again(Tx& tx, const Directory& directory, const Reference& reference, std::span<const Entry> entries);

/// {id, name, kind, directory} of each that a reader of that audience may see.
[[nodiscard]] std::map<Id, Value> refs_of(Tx& tx, std::span<const Id> ids, Audience audience);

}  // namespace annuaires
