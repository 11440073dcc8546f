// What the routes that open a session share.
#pragma once

#include "server/api/call.h"
#include "server/api/json_fields.h"

#include <optional>
#include <string>
#include <string_view>

namespace cluse::api {

/// The locale asked for, else the one that fits Accept-Language.
[[nodiscard]] std::string locale_or_default(const std::optional<std::string>& asked, const net::Request& request);

/// `{name, short_name?, country, kind?}`; call `check()` on the fields afterwards.
[[nodiscard]] domain::NewOrganisation organisation_in(const JsonFields& fields);

void set_session_cookie(net::Response& response, const Backend& backend, const Call& call, std::string_view token);

}  // namespace cluse::api
