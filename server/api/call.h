// Call: one request on its way to a route, and what a route may use and answer.
#pragma once

#include "server/api/settings.h"
#include "server/base/metrics.h"
#include "server/domain/refusal.h"
#include "server/domain/services.h"
#include "server/net/http.h"

#include <atomic>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {
class Host;
}

namespace cluse::api {

/// A response, or a refusal that the boundary turns into problem+json in the reader's language.
using Reply = std::expected<net::Response, domain::Refusal>;

struct Call {
  net::Request request;
  std::vector<std::string> parameters;  ///< values of the pattern's `{…}`, in order
  std::optional<domain::Actor> actor;   ///< set wherever the route asks for a session

  /// Parameter `index` as an id; Errc::not_found with `code` if it is none.
  [[nodiscard]] Result<Id> id(std::size_t index, std::string_view code) const;
  /// The query parameter, or empty.
  [[nodiscard]] std::string query(const std::string& name) const;
  /// The query parameter as an id. Code "field_invalid".
  [[nodiscard]] Result<std::optional<Id>> query_id(const std::string& name) const;
  /// Address and device words of the client.
  [[nodiscard]] domain::Place place() const;
  /// The session token of the cookie, or empty.
  [[nodiscard]] std::string session_token() const;
};

/// What routes work with; copied into each. Everything outlives the requests.
struct Backend {
  domain::Services* services;
  const Settings* settings;
  const Metrics* metrics;
  const std::atomic<bool>* ready;
  plugin::Host* plugins = nullptr;  ///< null: there are none
};

/// True if a plugin wants to be asked before `hook` ("document.create").
[[nodiscard]] bool is_asked(const Backend& backend, std::string_view hook);
/// What the plugins make of a title before `hook` is done. Requires: is_asked; the actor may do it. Code
/// "plugin_refused".
Task<Result<std::string>> ask_for_title(Backend backend, domain::Actor actor, std::string hook, std::string title,
                                        std::string workspace);

}  // namespace cluse::api
