// The cookies: of a session, and of the steps on the way to one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace cluse::api {

/// Over TLS the prefix `__Host-` makes browsers refuse a cookie that another host or plain HTTP has set.
[[nodiscard]] std::string_view cookie_name(bool tls);

/// Value of Set-Cookie that stores `token` / that removes the cookie.
[[nodiscard]] std::string session_cookie(std::string_view token, bool tls, std::chrono::seconds lifetime);
[[nodiscard]] std::string removed_cookie(bool tls);

/// The same for a step of signing in (domain/identity/steps.h) of `kind`: gone with the browser, at the latest with the
/// step.
[[nodiscard]] std::string step_cookie_name(std::string_view kind, bool tls);
[[nodiscard]] std::string step_cookie(std::string_view kind, std::string_view sealed, bool tls);
[[nodiscard]] std::string removed_step_cookie(std::string_view kind, bool tls);

}  // namespace cluse::api
