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

/// What a way in answers with: `{me}` and the session's cookie, or `{second: {code, passkey}}` and that of the step.
[[nodiscard]] net::Response entered(const Backend& backend, const Call& call, const domain::SignedIn& signed_in);

/// The step of `kind` that the browser carries, or empty.
[[nodiscard]] std::string step_of(const Call& call, std::string_view kind);

void set_session_cookie(net::Response& response, const Backend& backend, const Call& call, std::string_view token);

}  // namespace cluse::api
