// The lock beside a database: one process at a time, as SQLite's own locks would let a second writer in.
#pragma once

#include "server/base/result.h"
#include "server/storage/file.h"

#include <filesystem>

namespace cluse::storage {

/// Takes `<file>.lock` for as long as the descriptor lives (a killed process lets go of it). The file itself stays.
/// Errc::conflict, code "database_in_use", if somebody holds it. Thread: any.
[[nodiscard]] Result<Fd> lock_database(const std::filesystem::path& file);

}  // namespace cluse::storage
