// A database file from outside the process that writes it: a consistent copy, and a look inside. Read-only connections,
// which never break the rule of the one writer.
#pragma once

#include "server/base/result.h"
#include "server/storage/database.h"

#include <filesystem>
#include <functional>

namespace cluse::storage {

/// A compact, consistent copy of `file` into `target` (which must not exist), synced. Works while a server writes to
/// it. Codes "target_exists", "storage_full", "unavailable". Thread: not a shard.
[[nodiscard]] Result<void> copy_sqlite(const std::filesystem::path& file, const std::filesystem::path& target);

/// Runs `body` on a snapshot of `file`. Thread: not a shard.
[[nodiscard]] Result<void> inspect_sqlite(const std::filesystem::path& file,
                                          const std::function<Result<void>(Snapshot&)>& body);

}  // namespace cluse::storage
