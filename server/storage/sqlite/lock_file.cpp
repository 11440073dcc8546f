#include "server/storage/sqlite/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <cerrno>

namespace cluse::storage {

Result<Fd> lock_database(const std::filesystem::path& file) {
  auto path = file;
  path += ".lock";
  // Closed on exec, or a plugin's process would keep the lock after the server has gone.
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return std::unexpected(io_error(errno, path.string()));
  if (::flock(fd.number(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) {
    return fail(Errc::conflict, "database_in_use", file.string() + " is in use by another process");
  }
  return std::unexpected(io_error(errno, path.string()));
}

}  // namespace cluse::storage
