// SQLite in WAL mode: one connection writes and checkpoints (SQLite 3.40.1 can corrupt a WAL with two), readers are
// query_only. See docs/decisions/0003-sqlite-one-writer.md.
#pragma once

#include "server/base/metrics.h"
#include "server/base/result.h"
#include "server/storage/database.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace cluse::storage {

struct SqliteOptions {
  std::filesystem::path file = {};
  std::size_t readers = 2;
  std::size_t write_queue_max = 10'000;  ///< closures waiting; past it Errc::unavailable, code "overloaded"
  std::size_t read_queue_max = 10'000;   ///< the same for reads
  std::size_t batch_max = 512;           ///< closures in one commit
  /// A batch that has run for this long is committed as it is: those who came first need not wait for 500 slow ones.
  std::chrono::milliseconds batch_time_max{50};
  int cache_kib = 4096;                    ///< page cache of each connection
  int checkpoint_pages = 1000;             ///< pages in the WAL before an idle writer copies them into the database
  std::chrono::seconds read_time_max{30};  ///< past it a read is ended: Errc::unavailable, code "query_too_slow"
  std::string name = "main";               ///< the `database` label of its metrics
  std::string vfs = {};                    ///< SQLite's file layer, empty for the system's; tests name a failing one
  /// Called once, on the writer's thread, when the store has failed (see Database::failed): exit and be started again.
  std::function<void(const Error&)> on_failed = {};
};

/// Opens or creates the database (synchronous=FULL, foreign keys on) and starts the writer and the readers.
/// A second process on the same file is refused ("database_in_use").
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options, Metrics& metrics);

/// A consistent copy into `target` (which must not exist) while the database is in use: a single file, synced. The
/// write-ahead log cannot shrink meanwhile. Thread: not a shard.
[[nodiscard]] Result<void> backup_sqlite(Database& database, const std::filesystem::path& target);

/// `PRAGMA integrity_check` and `foreign_key_check`: the complaints, empty if none. Thread: not a shard.
[[nodiscard]] Result<std::vector<std::string>> check_sqlite(const std::filesystem::path& file);

}  // namespace cluse::storage
