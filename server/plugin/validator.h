// Validator: runs a plugin against hosts that are harder to live with than a server, each case in a sandboxed process
// and over a database of its own. What an author finds out before anybody installs it.
//
// Thread: the caller's (blocking).
#pragma once

#include "server/plugin/installed.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kModuleBytesMax = 512U << 10;  ///< of one module of a user interface

struct Finding {
  std::string name;     ///< of the case
  std::string trouble;  ///< in words; empty: nothing is wrong
};

/// Requires: `package` is of check_folder(`folder`).
[[nodiscard]] std::vector<Finding> validate(const std::filesystem::path& folder, const Package& package,
                                            const std::filesystem::path& runner, bool allow_unsandboxed);

}  // namespace cluse::plugin
