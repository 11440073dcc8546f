// A merge or an import taken back: what it made goes, what it changed is as before, save what was changed by hand
// since.
#pragma once

#include "../app.h"

namespace annuaires {

struct Undone {
  std::int64_t entries = 0;  ///< taken back
  std::int64_t kept = 0;     ///< entries of which something stays as somebody made it since
};

/// At most `max` steps of the history of `batch`, newest first, below history id `before` (0: from the newest); the id
/// to go on from, or 0 at the end.
Id undo_some(Context& context, Tx& tx, Id batch, Id before, std::size_t max, Undone& undone);

}  // namespace annuaires
