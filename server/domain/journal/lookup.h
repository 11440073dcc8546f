// The lookup: which events a person or a thing is in. It is entered behind the commits, many events at once, since an
// index would write two more pages with each event. What is not entered yet is read where it stands, so that nothing is
// ever missing from an answer; the lookup is a way to events and proves nothing.
#pragma once

#include "server/storage/database.h"

#include <cstdint>
#include <string_view>

namespace cluse::domain::journal {

/// As many events are left unentered, and read one by one by whoever asks.
inline constexpr std::int64_t kUnenteredMax = 256;
/// As many are entered in one transaction, so that nobody's own waits long for it.
inline constexpr int kEnteredAtOnce = 512;

/// The last event that is entered, 0 for none.
[[nodiscard]] std::int64_t entered_up_to(storage::Snapshot& snapshot);

/// Events that are not entered.
[[nodiscard]] std::int64_t unentered(storage::Snapshot& snapshot);

/// Enters the next events, at most `max`; how many it were.
std::int64_t enter(storage::Transaction& tx, int max = kEnteredAtOnce);

/// Enters while more than kUnenteredMax are left, each time in a transaction of its own. Blocks: see `write_now`.
Result<std::int64_t> enter_behind(storage::Database& database);

/// A subquery: the numbers of the events that one id is in, which is to be given three times.
inline constexpr std::string_view kEventsOf =
    "(SELECT sequence FROM journal_lookup WHERE id = ? UNION SELECT sequence FROM journal WHERE sequence > "
    "COALESCE((SELECT sequence FROM journal_lookup_end), 0) AND (actor_id = ? OR object_id = ?))";

}  // namespace cluse::domain::journal
