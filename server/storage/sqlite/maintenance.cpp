// Backup and check: each opens a read-only connection of its own, and so never breaks the rule of the one writer.
#include "server/storage/sqlite/maintenance.h"

#include "server/storage/file.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/sqlite/views.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <SQLiteCpp/Backup.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>

namespace cluse::storage {
namespace {

namespace fs = std::filesystem;

Error sqlite_error(const SQLite::Exception& e) {
  const bool full = e.getErrorCode() == SQLITE_FULL;
  return to_error(SqlError(full ? SqlError::Kind::full : SqlError::Kind::other, e.what()));
}

/// All pages in one step: a snapshot of the log, which neither waits for the writer nor holds it up.
Result<void> copy(const ConnectionOptions& source_options, const fs::path& target) {
  try {
    Connection source(source_options);
    SQLite::Database copied(target.string(), SQLite::OPEN_READWRITE);
    copied.exec("PRAGMA synchronous=FULL");
    {
      SQLite::Backup backup(copied, source.database());
      const int code = backup.executeStep(-1);
      if (code != SQLITE_DONE) return fail(Errc::unavailable, "storage_busy", "the database is locked");
    }
    copied.exec("PRAGMA journal_mode=DELETE");  // so that the copy is one file, readable where nothing can be written
    return {};
  } catch (const SQLite::Exception& e) {
    return std::unexpected(sqlite_error(e));
  } catch (const SqlError& e) {
    return std::unexpected(to_error(e));
  }
}

Result<void> sync_file(const fs::path& file) {
  const Fd fd(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd || ::fsync(fd.number()) != 0) return std::unexpected(io_error(errno, file.string()));
  return {};
}

Result<void> move_into_place(const fs::path& partial, const fs::path& target) {
  CLUSE_CHECK(sync_file(partial));
  if (::renameat2(AT_FDCWD, partial.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return fail(Errc::conflict, "target_exists", target.string());
    return std::unexpected(io_error(errno, target.string()));
  }
  return sync_directory(target.has_parent_path() ? target.parent_path() : fs::path("."));
}

}  // namespace

Result<void> backup_sqlite(Database& database, const fs::path& target) {
  const auto* inspectable = dynamic_cast<const Inspectable*>(&database);
  if (!inspectable) return fail(Errc::unsupported, "backup_unsupported", "not an SQLite database");
  if (fs::exists(target)) return fail(Errc::conflict, "target_exists", target.string());
  auto partial = target;
  partial += ".partial";
  std::error_code ignored;
  fs::remove(partial, ignored);  // left by a backup that was killed
  auto outcome = create_private(partial);
  if (outcome) outcome = copy(inspectable->inspector(), partial);
  if (outcome) outcome = move_into_place(partial, target);
  if (!outcome) fs::remove(partial, ignored);
  return outcome;
}

Result<std::vector<std::string>> check_sqlite(const fs::path& file) {
  try {
    Connection connection({file, ConnectionOptions::Role::inspector, 4096, {}});
    std::vector<std::string> complaints;
    for (const Row& row : connection.all("PRAGMA integrity_check")) {
      if (row.text(0) != "ok") complaints.push_back(row.text(0));
    }
    for (const Row& row : connection.all("PRAGMA foreign_key_check")) {
      complaints.push_back("a row of " + row.text(0) + " refers to a missing row of " + row.text(2));
    }
    return complaints;
  } catch (const SqlError& e) {
    if (e.kind == SqlError::Kind::corrupt) return std::vector<std::string>{e.what()};
    return std::unexpected(to_error(e));
  }
}

}  // namespace cluse::storage
