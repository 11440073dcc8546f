// Backup and check: each opens a read-only connection of its own, and so never breaks the rule of the one writer.
#include "server/storage/sqlite/maintenance.h"

#include "server/storage/closure.h"
#include "server/storage/file.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>

namespace cluse::storage {
namespace {

namespace fs = std::filesystem;

Result<void> copy(const ConnectionOptions& source_options, const fs::path& target) {
  try {
    Connection source(source_options);
    Connection copied({target, ConnectionOptions::Role::copy, 4096, {}});
    copied.copy_from(source);
    copied.script("PRAGMA journal_mode=DELETE");  // one file, readable where nothing can be written
    return {};
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
