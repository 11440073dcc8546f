// SQLite in WAL mode: one connection writes and checkpoints (SQLite 3.40.1 can corrupt a WAL with two), readers are
// query_only.
#pragma once

#include "server/base/metrics.h"
#include "server/base/result.h"
#include "server/storage/database.h"

#include <filesystem>
#include <memory>

namespace cluse::storage {

struct SqliteOptions {
  std::filesystem::path file;
  std::size_t readers = 2;
  std::size_t write_queue_max = 10'000;  ///< closures waiting; past it Errc::unavailable, code "overloaded"
  std::size_t batch_max = 512;           ///< closures in one commit
  int cache_kib = 4096;                  ///< page cache of each connection
};

/// Opens or creates the database (synchronous=FULL, foreign keys on) and starts the writer and the readers.
/// A second process on the same file is refused ("database_in_use").
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options, Metrics& metrics);

/// A consistent copy into `target` (which must not exist) while the database is in use. Thread: not a shard.
[[nodiscard]] Result<void> backup_sqlite(Database& database, const std::filesystem::path& target);

/// `PRAGMA integrity_check` and `foreign_key_check`: the complaints, empty if none. Thread: not a shard.
[[nodiscard]] Result<std::vector<std::string>> check_sqlite(const std::filesystem::path& file);

}  // namespace cluse::storage
