// Whether a request comes from our own pages.
#pragma once

#include "server/api/settings.h"
#include "server/net/http.h"

#include <string>

namespace cluse::api {

/// "https://host" as the request addressed us.
[[nodiscard]] std::string own_origin(const net::Request& request);

/// False if a browser says that another site made this request. Scripts say nothing and pass: they hold no cookie that
/// a page could ride on.
[[nodiscard]] bool is_from_our_origin(const net::Request& request, const Settings& settings);

}  // namespace cluse::api
