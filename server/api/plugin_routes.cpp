// Plugins: their routes below /x/<id>, and what they are asked before something is done.

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

constexpr std::string_view kPattern = "/x/{plugin}/{path*}";

constexpr Route kRoutes[] = {
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
