// Membership inside a transaction, shared by workspaces and invitations.
#pragma once

#include "server/domain/journal/journal.h"
#include "server/domain/workspaces/access.h"

namespace cluse::domain {

/// Makes `person` a member of `workspace`; a member keeps the higher of the two roles.
void join(storage::Transaction& tx, Id workspace, Id person, Role role, Instant now, const journal::Author& by = {});
/// The same for exactly this role: higher or lower than the one held.
void set_role(storage::Transaction& tx, Id workspace, Id person, Role role, Instant now, const journal::Author& by);

/// "last_manager" if `person` is the only manager `workspace` has.
[[nodiscard]] Result<void> check_not_last_manager(storage::Snapshot& snapshot, Id workspace, Id person);

}  // namespace cluse::domain
