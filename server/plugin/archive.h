// Archive: a plugin as one file, <id>-<version>.cluseplugin: a gzipped tar whose first entry lists all others with
// their sizes and hashes, whose second may sign that list. The same folder packs to the same octets.
//
//     cluse-plugin.list   "cluse-plugin 1", then "<sha256> <size> <path>" a file, by path
//     cluse-plugin.sig    "ed25519 <public key> <signature of the list>", if it is signed
//     …                   the files, in the order of the list
//
// Of the tar itself nothing is believed: an entry that is not the next of the list, is no plain file, or has another
// size or hash refuses the whole, before anything is written. Names of links, owners, modes and times are not used.
//
// Thread: any (blocking). Codes: "plugin_archive_wrong", "plugin_signature_wrong", "plugin_key_wrong".
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::string_view kArchiveEnd = ".cluseplugin";
inline constexpr std::size_t kArchiveFilesMax = 2'000;
inline constexpr std::uint64_t kArchiveBytesMax = 300U << 20;  ///< packed, and all files together unpacked
inline constexpr std::size_t kArchivePathMax = 100;            ///< octets
inline constexpr std::size_t kArchiveDepthMax = 6;

struct ListedFile {
  std::string sha256;
  std::uint64_t size = 0;
  std::string path;
};

struct Contents {
  std::vector<ListedFile> files;
  std::string signer;  ///< empty: not signed
};

/// A path that may stand in an archive: plain names below one another, none hidden, none "..".
[[nodiscard]] bool is_archive_path(std::string_view path);

struct Packed {
  Bytes archive;
  std::string name;                   ///< "org.example.polls-1.4.0.cluseplugin"
  std::string signer;                 ///< empty: not signed
  std::vector<std::string> left_out;  ///< what stands in the folder and is no part of a plugin
};

/// Checks the folder as check_folder does, and packs plugin.toml, the library, migrations/, i18n/ and web/. `key`: as
/// make_key wrote it.
[[nodiscard]] Result<Packed> pack(const std::filesystem::path& folder, const std::optional<std::filesystem::path>& key);

/// Reads all of it, writes nothing.
[[nodiscard]] Result<Contents> verify(const std::filesystem::path& archive);

/// Verifies all of it first, then makes `folder`, which must not exist.
[[nodiscard]] Result<Contents> unpack(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace cluse::plugin
