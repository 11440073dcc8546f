// From one engine to another: every table of a store, row by row, and the proof that nothing was lost.
#pragma once

#include "server/storage/database.h"

namespace cluse::storage {

struct CopyReport {
  std::size_t tables = 0, rows = 0;
};

/// Fills `target`, whose schema is the same and whose tables hold nothing but `schema_migrations`, with what one moment
/// of `source` holds, then reads both again and compares every value. Codes: "schema_differs", "target_not_empty",
/// "copy_differs" (nothing was kept then). The rows of `target` come in one transaction. Thread: not a shard (blocks).
[[nodiscard]] Result<CopyReport> copy_tables(Database& source, Database& target);
/// The same between two closures.
[[nodiscard]] Result<CopyReport> copy_tables(Snapshot& source, Transaction& target);

}  // namespace cluse::storage
