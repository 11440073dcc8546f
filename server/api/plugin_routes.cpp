// Plugins: their routes below /x/<id>, and the administrator's list of them.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/plugin/host.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace cluse::api {
namespace {

// What a plugin is shown of a request's head. Cookies and tokens never are.
constexpr std::array<std::string_view, 5> kShownHeaders = {"accept", "accept-language", "content-type", "if-none-match",
                                                           "range"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

plugin::HttpRequest request_of(Call& call) {
  plugin::HttpRequest request;
  request.plugin = call.parameters[0];
  request.method = call.request.method == "HEAD" ? "GET" : call.request.method;
  request.path = "/" + call.parameters[1];
  request.query = std::move(call.request.query);
  for (const auto& [name, value] : call.request.headers)
    if (const std::string small = lower(name); std::ranges::find(kShownHeaders, small) != kShownHeaders.end())
      request.headers.emplace(small, value);
  request.body = std::move(call.request.body);
  return request;
}

Task<Reply> call_plugin(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  const domain::Actor actor = *call.actor;
  plugin::HttpRequest request = request_of(call);
  auto answered = co_await backend.plugins->handle(actor, std::move(request));
  if (!answered) co_return std::unexpected(std::move(answered).error());
  net::Response response{answered->status, {}, std::move(answered->body)};
  for (auto& [name, value] : answered->headers) response.with(name, value);
  // Whatever it is, it is no page of ours: it runs nothing and is framed by nobody.
  response.with("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
  response.with("X-Content-Type-Options", "nosniff");
  co_return response;
}

boost::json::object to_json(const plugin::Overview& one) {
  boost::json::object name;
  for (const auto& [language, words] : one.name) name[language] = words;
  boost::json::array grants;
  for (const auto& grant : one.grants) grants.emplace_back(grant);
  boost::json::array not_asked;
  for (const auto& hook : one.not_asked) not_asked.emplace_back(hook);
  const plugin::Health& health = one.health;
  return {{"id", one.id},
          {"version", one.version},
          {"name", name},
          {"grants", grants},
          {"host", one.host == plugin::HostKind::direct ? "direct" : "child"},
          {"enabled", one.enabled},
          {"refused", one.refused},
          {"not_asked", not_asked},
          {"state", std::string(plugin::to_text(health.state))},
          {"calls", health.calls},
          {"failures", health.failures},
          {"timeouts", health.timeouts},
          {"deaths", health.deaths},
          {"dropped_lines", health.dropped_lines},
          {"passed_over", health.passed_over},
          {"memory_bytes", health.memory_bytes},
          {"ui", one.has_ui},
          {"signer", one.signer},
          {"trusted_ui", one.is_trusted},
          {"trusted_by_operator", one.is_operators},
          {"last_error", health.last_error}};
}

Task<Reply> list_plugins(Backend backend, Call) {
  boost::json::array all;
  const bool safe_mode = backend.plugins != nullptr && backend.plugins->is_safe_mode();
  if (backend.plugins != nullptr) {
    // It reads files: not on a shard.
    auto work = [plugins = backend.plugins]() -> Result<std::vector<plugin::Overview>> { return plugins->list(); };
    auto listed = co_await backend.services->environment.workers.run(std::move(work));
    if (!listed) co_return std::unexpected(std::move(listed).error());
    for (const auto& one : *listed) all.push_back(to_json(one));
  }
  const boost::json::object body{{"plugins", std::move(all)}, {"safe_mode", safe_mode}};
  co_return answer(200, body);
}

Task<Reply> switch_plugin(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto enabled = fields.flag_if("enabled");
  const auto trusted = fields.flag_if("trusted_ui");
  if (!enabled && !trusted) fields.refuse("field_missing", "enabled");
  CLUSE_CO_CHECK(fields.check());
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  // It waits for the plugin to stop: not on a shard.
  auto work = [plugins = backend.plugins, id = call.parameters[0], enabled, trusted]() -> Result<void> {
    if (trusted) CLUSE_CHECK(plugins->set_trusted(id, *trusted));
    if (enabled) CLUSE_CHECK(plugins->set_enabled(id, *enabled));
    return {};
  };
  auto done = co_await backend.services->environment.workers.run(std::move(work));
  if (!done) co_return std::unexpected(std::move(done).error());
  auto listed = co_await list_plugins(backend, std::move(call));
  co_return listed;
}

constexpr std::string_view kPattern = "/x/{plugin}/{path*}";

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/plugins", Access::administrator, 0, list_plugins},
    {"PUT", "/api/v1/plugins/{id}", Access::administrator, kJsonBytesMax, switch_plugin},
    {"GET", kPattern, Access::signed_in, 0, call_plugin},
    {"POST", kPattern, Access::signed_in, kJsonBytesMax, call_plugin},
    {"PUT", kPattern, Access::signed_in, kJsonBytesMax, call_plugin},
    {"PATCH", kPattern, Access::signed_in, kJsonBytesMax, call_plugin},
    {"DELETE", kPattern, Access::signed_in, kJsonBytesMax, call_plugin},
};

}  // namespace

std::span<const Route> plugin_routes() {
  return kRoutes;
}

bool is_asked(const Backend& backend, std::string_view hook) {
  return backend.plugins != nullptr && backend.plugins->is_asked(hook);
}

Task<Result<std::string>> ask_for_title(Backend backend, domain::Actor actor, std::string hook, std::string title,
                                        std::string workspace) {
  Value body = {{"title", title}, {"workspace", workspace}};
  auto answered = co_await backend.plugins->ask(std::move(hook), std::move(actor), std::move(body));
  if (!answered) co_return std::unexpected(std::move(answered).error());
  co_return (*answered)["title"].get_or<std::string>(title);
}

}  // namespace cluse::api
