// Files, as far as durability asks for them: an owned descriptor, whole writes, directories that are synced.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <filesystem>
#include <utility>

namespace cluse::storage {

/// Owns a descriptor. Thread: one.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// True for the errno values that mean "no room": disk, quota or size limit.
[[nodiscard]] bool is_full(int error_number);

/// errno as an Error: storage_full, or unavailable with the code "storage_error". `what` names the file for the log.
[[nodiscard]] Error io_error(int error_number, const std::string& what);

/// A whole new file, synced; it must not exist. On failure nothing is left behind.
[[nodiscard]] Result<void> write_synced(const std::filesystem::path& file, BytesView bytes);

/// Creates an empty file that only its owner may read, unless it exists.
[[nodiscard]] Result<void> create_private(const std::filesystem::path& file);

/// Makes the names in `directory` durable.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace cluse::storage
