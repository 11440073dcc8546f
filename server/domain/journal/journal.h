// The journal: one append-only, hash-chained log of everything that changes. An event is appended inside the
// transaction of the change it tells of: either both exist or neither. docs/journal.md describes the chain so that
// anyone can verify.
#pragma once

#include "server/base/id.h"
#include "server/base/time.h"
#include "server/domain/journal/verb.h"
#include "server/storage/database.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cluse::domain::journal {

/// On whose behalf something happens. Nobody: the system (the command line, a newcomer before she is somebody).
struct Author {
  std::optional<Id> person = {};
  std::optional<Id> hat = {};   ///< the mandate she acts under
  std::string request_id = {};  ///< what ties the events of one request together
};

/// What people typed, or what else names somebody: kept outside of the chain, where it can be erased. Flat: names from
/// the list in docs/journal.md, values as text.
using Details = std::vector<std::pair<std::string, std::string>>;

struct Event {
  Author by;
  Verb verb{};
  ObjectKind kind{};
  std::optional<Id> object = {};  ///< absent for the instance
  std::optional<Id> workspace = {};
  Instant at = {};
  Details details = {};
};

/// Appends `event` and answers its sequence number: 1, 2, 3, … without holes. On PostgreSQL closures that append at the
/// same time collide, and all but one run again. Thread: the one that runs the closure.
std::int64_t append(storage::Transaction& tx, const Event& event);

/// One event of editing a document stands for this long.
inline constexpr std::chrono::milliseconds kEditStep = std::chrono::minutes(10);

/// Appends document.edited unless `by` has one for this document that is younger than kEditStep. Requires: by.person.
void append_edit(storage::Transaction& tx, const Author& by, Id document, Id workspace, Instant at);

/// Empties the details of event `sequence` on behalf of the erasure that event `erased_by` tells of.
void erase_detail(storage::Transaction& tx, std::int64_t sequence, std::int64_t erased_by);

}  // namespace cluse::domain::journal
