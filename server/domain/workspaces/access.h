// Who may do what in a workspace: the one place that decides it.
#pragma once

#include "server/domain/identity/actor.h"
#include "server/storage/database.h"

#include <optional>
#include <string_view>

namespace cluse::domain {

/// Ascending: each role may do what the ones before it may.
enum class Role { reader, commenter, editor, manager };

[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

/// The role of `actor` in `workspace`; administrators are managers everywhere. Strangers get Errc::not_found, code
/// "workspace_not_found", as if there were none. Thread: the one that runs the closure.
[[nodiscard]] Result<Role> access(storage::Snapshot& snapshot, const Actor& actor, Id workspace);

/// The same, and Errc::denied, code "denied", for members whose role is below `needed`.
[[nodiscard]] Result<Role> require_role(storage::Snapshot& snapshot, const Actor& actor, Id workspace, Role needed);

}  // namespace cluse::domain
