#include "server/api/route.h"

#include <optional>

namespace cluse::api {
namespace {

// Takes the next segment off `path`, which starts with '/'.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

std::optional<std::vector<std::string>> parameters_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = next_segment(pattern);
    if (expected.ends_with("*}")) {
      parameters.emplace_back(path.substr(1));
      return parameters;
    }
    const std::string_view found = next_segment(path);
    const auto brace = expected.find('{');
    if (brace != std::string_view::npos) {
      if (found.size() <= brace || found.substr(0, brace) != expected.substr(0, brace)) return std::nullopt;
      parameters.emplace_back(found.substr(brace));
    } else if (expected != found) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

void add_allowed(std::string& allowed, std::string_view method) {
  if (!allowed.empty()) allowed += ", ";
  allowed += method;
  if (method == "GET") allowed += ", HEAD";
}

}  // namespace

const std::vector<Route>& all_routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    for (const auto table :
         {session_routes(),     people_routes(),       organisation_routes(), recovery_routes(), identity_routes(),
          factor_routes(),      workspace_routes(),    document_routes(),     file_routes(),     journal_routes(),
          operation_routes(),   rule_routes(),         rate_routes(),         atlas_routes(),    privacy_routes(),
          rights_routes(),      standing_routes(),     batch_routes(),        twin_routes(),     term_routes(),
          translation_routes(), search_routes(),       notification_routes(), request_routes(),  role_routes(),
          extension_routes(),   plugin_admin_routes(), plugin_routes(),       text_routes(),     app_password_routes()})
      all.insert(all.end(), table.begin(), table.end());
    return all;
  }();
  return routes;
}

Match match_route(std::string_view method, std::string_view path) {
  Match match;
  if (!path.starts_with('/')) return match;
  const auto& routes = all_routes();
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    auto parameters = parameters_of(routes[i].pattern, path);
    if (!parameters) continue;
    add_allowed(match.allowed, routes[i].method);
    if (routes[i].method != wanted) continue;
    match.route = &routes[i];
    match.index = i;
    match.parameters = std::move(*parameters);
    return match;
  }
  return match;
}

}  // namespace cluse::api
