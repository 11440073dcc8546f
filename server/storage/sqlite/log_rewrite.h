// What a failed fsync leaves behind, and how the next start makes it good.
#pragma once

#include "server/storage/sqlite/sqlite_database.h"

namespace cluse::storage {

/// Writes the write-ahead log over itself, byte for byte, and syncs it.
///
/// After a failed fsync the kernel may hold pages of the log in memory, marked as clean, that are not on the disk. A
/// new process reads them, and its fsync succeeds without writing them: a power cut during the checkpoint would then
/// find the database new in part and the log old. Pages that are written again are dirty again, and a sync means what
/// it says. Requires: the lock of the database is held, and no connection is open. Throws SqlError.
void rewrite_log(const SqliteOptions& options);

}  // namespace cluse::storage
