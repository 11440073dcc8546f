#include "server/storage/file.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <system_error>

namespace cluse::storage {

Fd& Fd::operator=(Fd&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Fd::~Fd() {
  if (number_ >= 0) ::close(number_);
}

bool is_full(int error_number) {
  return error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
}

Error io_error(int error_number, const std::string& what) {
  const std::string words = what + ": " + std::generic_category().message(error_number);
  if (is_full(error_number)) return {Errc::storage_full, "storage_full", words, {}};
  return {Errc::unavailable, "storage_error", words, {}};
}

namespace {

Result<void> write_all(int fd, BytesView bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(io_error(errno, what));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  // A failed fsync is never tried again on the same descriptor: the kernel may have dropped the pages meanwhile.
  if (::fsync(fd) != 0) return std::unexpected(io_error(errno, what));
  return {};
}

}  // namespace

Result<void> write_synced(const std::filesystem::path& file, BytesView bytes) {
  const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return std::unexpected(io_error(errno, file.string()));
  auto written = write_all(fd.number(), bytes, file.string());
  if (!written) ::unlink(file.c_str());
  return written;
}

Result<void> create_private(const std::filesystem::path& file) {
  const Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return std::unexpected(io_error(errno, file.string()));
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return std::unexpected(io_error(errno, directory.string()));
  if (::fsync(fd.number()) != 0) return std::unexpected(io_error(errno, directory.string()));
  return {};
}

}  // namespace cluse::storage
