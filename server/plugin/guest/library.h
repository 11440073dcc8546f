// Library: the shared object of a plugin: looked at as a file before any code of it runs, then loaded.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"

#include <cluse/plugin.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kLibraryBytesMax = 256U << 20;

/// The oldest minor version of the ABI that is still run.
inline constexpr std::uint32_t kAbiMinorFirst = 1;
[[nodiscard]] bool is_offered_abi(std::uint32_t major, std::uint32_t minor);
/// "0.1 to 0.2"
[[nodiscard]] std::string offered_abis();

/// What the file says of itself.
struct LibraryFacts {
  std::uint32_t abi_major = 0, abi_minor = 0;
  std::vector<std::string> exports;  ///< of the plugin's own; linkers add none
};

/// Reads the ELF file without loading it. Code "plugin_library_wrong": it is no shared object for this machine, does
/// not export cluse_plugin_entry, exports something else besides, or was built for an ABI that this host does not offer
/// (`detail` names both).
[[nodiscard]] Result<LibraryFacts> inspect_library(BytesView file);

/// Loads it for good: nothing is ever unloaded. Code "plugin_library_wrong". Runs the constructors of the plugin.
[[nodiscard]] Result<const cluse_entry*> load_library(const std::filesystem::path& file);

}  // namespace cluse::plugin
