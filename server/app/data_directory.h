// What lies in a data directory, and how it is opened, copied, brought back, checked and moved to another database.
#pragma once

#include "server/app/config.h"
#include "server/base/metrics.h"
#include "server/base/result.h"
#include "server/storage/copy_tables.h"
#include "server/storage/postgres/postgres_database.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cluse::app {

struct DataDirectory {
  std::filesystem::path path;
  /// Where the tables are, if not in `database()`. Files are in `blobs()` either way, and a backup is always SQLite: it
  /// can be brought back into either.
  std::optional<storage::PostgresOptions> postgres = {};
  [[nodiscard]] std::filesystem::path database() const { return path / "cluse.db"; }
  [[nodiscard]] std::filesystem::path blobs() const { return path / "blobs"; }
  /// What secrets in the database are sealed with (docs/decisions/0027-second-factors.md): goes into every backup.
  [[nodiscard]] std::filesystem::path key() const { return path / "secret.key"; }
  /// What search compares, made from the database: in no backup.
  [[nodiscard]] std::filesystem::path search() const { return path / "search.db"; }
  /// What plugins are installed, and their databases.
  [[nodiscard]] std::filesystem::path plugins() const { return path / "plugins"; }
  /// Mail that waits: of this server alone, and in no backup.
  [[nodiscard]] std::filesystem::path mail() const { return path / "mail"; }
};

[[nodiscard]] DataDirectory store_of(const Config& config);

/// The database, made if need be and brought up to date. Codes: those of open_sqlite, open_postgres and migrate,
/// "data_directory". Thread: not a shard.
[[nodiscard]] Result<std::unique_ptr<storage::Database>> open_store(
    const DataDirectory& data, Metrics& metrics, const std::function<void(const Error&)>& on_failed = {});

/// Runs `body` on one moment of the database, also while a server uses it. Thread: not a shard.
[[nodiscard]] Result<void> inspect(const DataDirectory& data,
                                   const std::function<Result<void>(storage::Snapshot&)>& body);

struct BackupReport {
  std::size_t blobs = 0;
  std::uintmax_t bytes = 0;
};

/// A consistent copy into `target` (made; must not exist), also while the server runs: the database first, then the
/// files it names. Codes "backup_exists", "data_missing", "storage_full". Thread: not a shard.
[[nodiscard]] Result<BackupReport> backup(const DataDirectory& source, const std::filesystem::path& target);

/// Checks a backup and brings it into `target`, which must be empty or absent. Codes "backup_damaged",
/// "data_not_empty", "target_not_empty".
[[nodiscard]] Result<BackupReport> restore(const std::filesystem::path& backup, const DataDirectory& target);

struct CheckReport {
  std::size_t documents = 0, blobs = 0;
  std::vector<std::string> complaints;  ///< empty: everything is in order
};

/// SQLite's own checks, every document replayed, every file hashed, every row's file present. Works on a running
/// instance's directory too. Code "data_missing".
[[nodiscard]] Result<CheckReport> check(const DataDirectory& data);

/// Copies every row to the other `engine` ("postgres": the one that `data` names; "sqlite": the file in its directory),
/// and compares. The server must be stopped; what is copied stays where it was. Codes: "postgres_not_configured",
/// "data_missing", "database_in_use", those of copy_tables. Thread: not a shard.
[[nodiscard]] Result<storage::CopyReport> migrate_to(const DataDirectory& data, const std::string& engine);

}  // namespace cluse::app
