// The facts of a request (docs/api.md) as the rules take them.
#pragma once

#include "server/api/json_fields.h"
#include "server/domain/rules/facts.h"

namespace cluse::api {

/// Reads every group that is there; what is wrong is refused in `fields`.
[[nodiscard]] domain::rules::Facts facts_in(const JsonFields& fields);

}  // namespace cluse::api
