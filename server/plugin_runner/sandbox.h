// Sandbox: what the runner takes on before any code of a plugin runs. Each layer that the kernel lacks is named.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace cluse::plugin {

/// Limits, no_new_privs, Landlock (read below `folder` and the system's libraries, nothing else; no TCP; no signals to
/// others) and seccomp I. Words for the layer that could not be had; empty: all is on.
[[nodiscard]] std::string enter_sandbox(const std::filesystem::path& folder, std::size_t memory_bytes);

/// seccomp II, once everything is loaded: no files, and no memory that becomes executable.
[[nodiscard]] std::string close_sandbox();

}  // namespace cluse::plugin
