// Blobs: a content-addressed store of files, named by the SHA-256 of their bytes.
// Written as file, fsync, rename, directory fsync; only then does the caller write the row that refers to it.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cluse::storage {

/// `<directory>/ab/ab12…` holds the bytes whose hash is ab12…; `<directory>/new/` what is being written.
/// Thread: any, but never a shard: every call blocks on the disk (use Workers).
class Blobs {
 public:
  /// Makes the directory if need be and clears away what a killed process left half written. One that cannot be made
  /// is told by the first `put`.
  explicit Blobs(std::filesystem::path directory);

  /// The name: 64 hexadecimal digits. Storing the same bytes twice is one file. Code "storage_full" when the disk is.
  [[nodiscard]] Result<std::string> put(BytesView bytes);
  /// Verifies the hash; a damaged file is Errc::internal, code "blob_damaged"; none is not_found, "blob_not_found".
  [[nodiscard]] Result<Bytes> get(std::string_view name) const;
  /// Empty for what is no name of a blob, so that a request cannot reach outside the store.
  [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;
  /// Every name in the store, and those whose bytes no longer match.
  struct Audit {
    std::vector<std::string> names, damaged;
  };
  [[nodiscard]] Audit audit() const;
  void remove(std::string_view name);

 private:
  const std::filesystem::path directory_;
};

}  // namespace cluse::storage
