// What the rules say of facts, for whoever has no request: plugins.
#pragma once

#include "server/api/call.h"

#include <boost/json/object.hpp>

#include <string>

namespace cluse::api {

/// As POST /api/v1/rules/{pack}/evaluate answers `body` ({facts, on?, version?}, JSON) to a reader of `locale`. Codes:
/// those of the route.
[[nodiscard]] Result<boost::json::object> judge_rules(const Backend& backend, const std::string& pack, std::string body,
                                                      const std::string& locale);

}  // namespace cluse::api
