#include "server/storage/sqlite/sqlite_copy.h"

#include "server/storage/closure.h"
#include "server/storage/file.h"
#include "server/storage/sqlite/connection.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

namespace cluse::storage {
namespace fs = std::filesystem;

Result<void> copy_sqlite(const fs::path& file, const fs::path& target) {
  if (fs::exists(target)) return fail(Errc::conflict, "target_exists", target.string());
  try {
    Connection source({file, ConnectionOptions::Role::inspector});
    source.run("VACUUM INTO ?", {target.string()});
  } catch (const SqlError& error) {
    std::error_code ignored;
    fs::remove(target, ignored);
    return std::unexpected(to_error(error));
  }
  const Fd fd(::open(target.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd || ::fsync(fd.number()) != 0) return std::unexpected(io_error(errno, target.string()));
  return sync_directory(target.has_parent_path() ? target.parent_path() : fs::path("."));
}

Result<void> inspect_sqlite(const fs::path& file, const std::function<Result<void>(Snapshot&)>& body) {
  try {
    Connection connection({file, ConnectionOptions::Role::inspector});
    ClosureSnapshot snapshot(connection);
    return body(snapshot);
  } catch (...) {
    return std::unexpected(error_of_current_exception());
  }
}

}  // namespace cluse::storage
