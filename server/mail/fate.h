// What became of a message that was put into the spool.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cluse::mail {

/// Nothing while it waits, or if this key is not known (any more); "" once it was sent; else why it was given up.
/// `folder`: the spool's. Reads whole files only, and needs no lock. Thread: any that may block.
[[nodiscard]] std::optional<std::string> fate_of(const std::filesystem::path& folder, const std::string& key);

}  // namespace cluse::mail
