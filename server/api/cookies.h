// The session cookie.
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

}  // namespace cluse::api
