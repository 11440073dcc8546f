// Twins in imported content: the ids of the blocks, and what was confirmed of each.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/crdt/crdt.h"
#include "server/storage/database.h"

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <vector>

namespace cluse::app {

/// Gives every block of a text that has twins its id: `p1`, `p2`, … in their order. In a translation `entry` may say in
/// `blocks`, for each of its blocks, the number of the one it translates; 0: none.
void name_blocks(std::vector<crdt::XmlNode>& nodes, const toml::table& entry);

struct ImportedTwin {
  Id document, source;
  std::optional<Id> translator;
  Instant at;
};

/// Links a translation to its source and confirms its blocks. `entry` may say `stale` (a list of `{block, before}`:
/// what the source said when it was translated) and `review` (a list of blocks), by their numbers in the source.
/// Requires: both texts are in the log. Thread: the one that runs the closure.
[[nodiscard]] Result<void> import_twin(storage::Transaction& tx, const toml::table& entry, const ImportedTwin& twin);

}  // namespace cluse::app
