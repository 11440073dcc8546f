// The tables of the core, as numbered migrations.
#pragma once

#include "server/storage/migrations.h"

#include <span>

namespace cluse::domain {

/// In order, for storage::migrate. Thread: any.
[[nodiscard]] std::span<const storage::Migration> migrations();

}  // namespace cluse::domain
