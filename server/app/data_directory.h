// What lies in a data directory, and how it is copied, brought back and checked.
#pragma once

#include "server/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cluse::app {

struct DataDirectory {
  std::filesystem::path path;
  [[nodiscard]] std::filesystem::path database() const { return path / "cluse.db"; }
  [[nodiscard]] std::filesystem::path blobs() const { return path / "blobs"; }
};

struct BackupReport {
  std::size_t blobs = 0;
  std::uintmax_t bytes = 0;
};

/// A consistent copy into `target` (made; must not exist), also while the server runs: the database first, then the
/// files it names. Codes "backup_exists", "data_missing", "storage_full". Thread: not a shard.
[[nodiscard]] Result<BackupReport> backup(const DataDirectory& source, const std::filesystem::path& target);

/// Checks a backup and brings it into `target`, which must be empty or absent. Codes "backup_damaged",
/// "data_not_empty".
[[nodiscard]] Result<BackupReport> restore(const std::filesystem::path& backup, const DataDirectory& target);

struct CheckReport {
  std::size_t documents = 0, blobs = 0;
  std::vector<std::string> complaints;  ///< empty: everything is in order
};

/// SQLite's own checks, every document replayed, every file hashed, every row's file present. Works on a running
/// instance's directory too. Code "data_missing".
[[nodiscard]] Result<CheckReport> check(const DataDirectory& data);

}  // namespace cluse::app
