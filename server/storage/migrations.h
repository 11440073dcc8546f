// Numbered migrations, each recorded with the hash of its text: a migration that changed after it ran stops the start.
#pragma once

#include "server/base/result.h"
#include "server/storage/database.h"

#include <span>
#include <string_view>

namespace cluse::storage {

struct Migration {
  int number = 0;         ///< 1, 2, 3, … without holes
  std::string_view name;  ///< "people_and_sessions"
  std::string_view sql;   ///< one or several statements
};

/// Brings the schema to the last migration, each in a transaction of its own. Codes: "schema_newer" (written by a later
/// release), "migration_changed". Thread: not a shard (blocks).
[[nodiscard]] Result<void> migrate(Database& database, std::span<const Migration> migrations);

}  // namespace cluse::storage
