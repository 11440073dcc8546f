// The built web client: an index of the files below one directory, made at start and again after a build.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"
#include "server/net/http.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cluse::net {

/// One file as it is sent. Small ones stay in memory; of the others only the descriptor does, so that an idle server
/// is small and a file replaced during an upgrade keeps its octets.
class StaticFile {
 public:
  StaticFile(std::string etag, std::uint64_t size, Bytes memory, int descriptor)
      : etag_(std::move(etag)), size_(size), memory_(std::move(memory)), descriptor_(descriptor) {}
  StaticFile(const StaticFile&) = delete;
  StaticFile& operator=(const StaticFile&) = delete;
  ~StaticFile();

  [[nodiscard]] const std::string& etag() const { return etag_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// All octets, or nothing if they have to be read.
  [[nodiscard]] BytesView memory() const { return memory_; }
  /// Reads up to `bytes` at `offset`, from the page cache as a rule; empty on a failure.
  [[nodiscard]] Bytes read(std::uint64_t offset, std::size_t bytes) const;

 private:
  const std::string etag_;
  const std::uint64_t size_;
  const Bytes memory_;
  const int descriptor_;
};

struct StaticAnswer {
  int status = 200;
  Headers headers;
  std::shared_ptr<const StaticFile> file;  ///< null: no body (304)
};

/// Thread: any, once it is made and shared; it does not change then.
class StaticFiles {
 public:
  /// Every file below `directory`, links and hidden ones left out. Codes: "static_directory_invalid".
  [[nodiscard]] static Result<StaticFiles> load(const std::filesystem::path& directory);

  [[nodiscard]] bool is_empty() const { return entries_.empty(); }
  /// Keeps what `before` has under hashed names, for pages that were opened before a build. Only one build long.
  void keep_hashed_of(const StaticFiles& before);
  /// True if paths like this one belong to the handler and never to a file.
  [[nodiscard]] static bool is_reserved(std::string_view path);
  /// The file of that path; the client's start page for a path of the client's router; else nothing.
  [[nodiscard]] std::optional<StaticAnswer> find(std::string_view path, std::string_view accept_encoding,
                                                 std::string_view if_none_match) const;

 private:
  struct Entry {
    std::string content_type;
    std::string cache_control;
    std::shared_ptr<const StaticFile> plain, gzip, brotli;
    bool is_kept = false;  ///< of the build before
  };
  Result<void> add(const std::filesystem::path& file, std::string path, std::size_t& memory_left);

  std::unordered_map<std::string, Entry> entries_;
};

/// The files that are served now. An answer under way keeps the ones it began with, and a page of the build before
/// still finds its parts. Thread: any.
class StaticSite {
 public:
  /// Serves nothing until `load`, and never anything if `directory` is empty.
  explicit StaticSite(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// Reads the directory and serves what it holds from now on; on an error what was served before stays. Reads files:
  /// on a shard at start only. Codes: "static_directory_invalid".
  Result<void> load();
  /// True if there is a new build and nothing has been written to it since the call before. Five stats.
  [[nodiscard]] bool has_new_build();
  /// As in StaticFiles.
  [[nodiscard]] std::optional<StaticAnswer> find(std::string_view path, std::string_view accept_encoding,
                                                 std::string_view if_none_match) const;

 private:
  /// When the start page, its compressed forms and the folders were written last.
  using Stamp = std::array<std::filesystem::file_time_type, 5>;
  [[nodiscard]] Stamp stamp() const;

  // Fixed at construction
  const std::filesystem::path directory_;
  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::shared_ptr<const StaticFiles> files_ = std::make_shared<const StaticFiles>();
  Stamp loaded_{};
  Stamp seen_{};
};

/// The best of what is there by the q-values of Accept-Encoding: "br", "gzip" or "" for plain.
[[nodiscard]] std::string_view choose_encoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip);

}  // namespace cluse::net
