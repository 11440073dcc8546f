// Whom a service acts for, as the core wants to know it. Blocking: the lane.
#pragma once

#include "server/domain/identity/actor.h"
#include "server/plugin/services/service.h"
#include "server/storage/database.h"

namespace cluse::plugin {

/// Requires: the caller is a person. Code "not_signed_in": she is gone or suspended.
[[nodiscard]] Result<domain::Actor> actor_of(storage::Snapshot& snapshot, const Caller& caller);

/// The plugin itself, or nobody: no person and no rights.
[[nodiscard]] domain::Actor no_actor(const Caller& caller);

}  // namespace cluse::plugin
