// Routes: declared once, in tables, one a feature. The table decides who may call, how much body is read, and 404 and
// 405; a handler only does its work.
#pragma once

#include "server/api/call.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::api {

enum class Access {
  anyone,         ///< the handler decides; `actor` is set if there is a session
  signed_in,      ///< else "not_signed_in"
  administrator,  ///< else "denied"
};

inline constexpr std::size_t kJsonBytesMax = 1U << 20;
inline constexpr std::size_t kImageBytesMax = 25U << 20;
inline constexpr std::size_t kImportBytesMax = 10U << 20;

struct Route {
  std::string_view method;
  std::string_view pattern;  ///< "/api/v1/documents/{id}"; a last "{path*}" takes all that is left
  Access access;
  std::size_t body_bytes_max;
  Task<Reply> (*handler)(Backend backend, Call call);
  bool before_factor = false;  ///< open to whoever must set up a second factor first
};

[[nodiscard]] std::span<const Route> session_routes();
[[nodiscard]] std::span<const Route> people_routes();
[[nodiscard]] std::span<const Route> recovery_routes();
[[nodiscard]] std::span<const Route> identity_routes();
[[nodiscard]] std::span<const Route> app_password_routes();
[[nodiscard]] std::span<const Route> request_routes();
[[nodiscard]] std::span<const Route> factor_routes();
[[nodiscard]] std::span<const Route> organisation_routes();
[[nodiscard]] std::span<const Route> batch_routes();
[[nodiscard]] std::span<const Route> rights_routes();
[[nodiscard]] std::span<const Route> role_routes();
[[nodiscard]] std::span<const Route> standing_routes();
[[nodiscard]] std::span<const Route> workspace_routes();
[[nodiscard]] std::span<const Route> document_routes();
[[nodiscard]] std::span<const Route> file_routes();
[[nodiscard]] std::span<const Route> search_routes();
[[nodiscard]] std::span<const Route> notification_routes();
[[nodiscard]] std::span<const Route> text_routes();
[[nodiscard]] std::span<const Route> twin_routes();
[[nodiscard]] std::span<const Route> term_routes();
[[nodiscard]] std::span<const Route> translation_routes();
[[nodiscard]] std::span<const Route> journal_routes();
[[nodiscard]] std::span<const Route> operation_routes();
[[nodiscard]] std::span<const Route> privacy_routes();
[[nodiscard]] std::span<const Route> rule_routes();
[[nodiscard]] std::span<const Route> rate_routes();
[[nodiscard]] std::span<const Route> atlas_routes();
[[nodiscard]] std::span<const Route> extension_routes();
[[nodiscard]] std::span<const Route> plugin_admin_routes();
[[nodiscard]] std::span<const Route> plugin_routes();

/// Every route there is, in the order of the tables.
[[nodiscard]] const std::vector<Route>& all_routes();

struct Match {
  const Route* route = nullptr;  ///< null: no such path, or not with this method
  std::size_t index = 0;         ///< of the route in all_routes()
  std::vector<std::string> parameters;
  std::string allowed;  ///< "GET, HEAD, POST": the methods of the path; empty: no such path
};

/// Thread: any.
[[nodiscard]] Match match_route(std::string_view method, std::string_view path);

}  // namespace cluse::api
