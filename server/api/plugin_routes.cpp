// Plugins: their routes below /x/<id>, and what they are asked before something is done.

#include "server/api/client_words.h"
#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/plugin/host.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <expected>
#include <optional>
#include <utility>

namespace cluse::api {
namespace {

// What a plugin is shown of a request's head. Cookies and tokens never are.
constexpr std::array<std::string_view, 7> kShownHeaders = {"accept",   "accept-language", "content-type", "depth",
                                                           "if-match", "if-none-match",   "range"};
constexpr std::size_t kCredentialBytesMax = 1'000;

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
  request.locale = choose_language(call.request.header("Accept-Language")) == Language::de ? "de-CH" : "fr-FR";
  return request;
}

/// The two halves of `Authorization: Basic …`; nothing where there is none that can be read.
std::optional<std::pair<std::string, std::string>> basic_of(const net::Request& request) {
  constexpr std::string_view kScheme = "basic ";
  const std::string_view header = request.header("Authorization");
  if (header.size() > kCredentialBytesMax || lower(header.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  std::string coded(header.substr(kScheme.size()));
  while (coded.ends_with('=')) coded.pop_back();
  for (char& c : coded) c = c == '+' ? '-' : c == '/' ? '_' : c;
  const auto text = from_base64url(coded);
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(text->substr(0, colon), text->substr(colon + 1));
}

// What an address book shows as "password needed"; a browser never comes here without a session of its own.
net::Response ask_for_password() {
  net::Response response{401, {}, {}};
  response.with("WWW-Authenticate", "Basic realm=\"Cluse\", charset=\"UTF-8\"");
  return response;
}

using Who = std::expected<std::optional<domain::Actor>, domain::Refusal>;

/// Who asks for a route of that access. Codes "not_signed_in", "second_factor_required", those of AppPasswords.
Task<Who> who_asks(Backend backend, const Call* call, plugin::RouteAccess access) {
  const auto& actor = call->actor;
  const bool may_not_yet = actor && actor->must_add_factor;
  if (access == plugin::RouteAccess::everyone) co_return may_not_yet ? std::nullopt : actor;
  if (may_not_yet) co_return fail(Errc::denied, "second_factor_required");
  if (actor) co_return actor;
  auto basic = access == plugin::RouteAccess::password ? basic_of(call->request) : std::nullopt;
  if (!basic) co_return fail(Errc::unauthenticated, "not_signed_in");
  domain::Place place = call->place();
  auto known = co_await backend.services->app_passwords.authenticate(std::move(basic->first), std::move(basic->second),
                                                                     std::move(place));
  if (!known) co_return std::unexpected(std::move(known).error());
  co_return std::optional(std::move(*known));
}

Task<Reply> call_plugin(Backend backend, Call call) {
  std::optional<plugin::RouteAccess> access;
  if (backend.plugins != nullptr)
    access = backend.plugins->access_of(call.parameters[0], call.request.method, "/" + call.parameters[1]);
  // Strangers are not told which plugins there are.
  auto who = co_await who_asks(backend, &call, access.value_or(plugin::RouteAccess::session));
  if (!who && access == plugin::RouteAccess::password && who.error().error.kind == Errc::unauthenticated)
    co_return ask_for_password();
  if (!who) co_return std::unexpected(std::move(who).error());
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  plugin::HttpRequest request = request_of(call);
  auto answered = co_await backend.plugins->handle(std::move(*who), std::move(request));
  if (!answered) co_return std::unexpected(std::move(answered).error());
  net::Response response{answered->status, {}, std::move(answered->body)};
  for (auto& [name, value] : answered->headers) response.with(name, value);
  // Whatever it is, it is no page of ours: it runs nothing and is framed by nobody.
  response.with("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
  response.with("X-Content-Type-Options", "nosniff");
  co_return response;
}

Task<Reply> well_known(Backend backend, Call call) {
  const auto target = backend.plugins == nullptr ? std::nullopt : backend.plugins->well_known(call.parameters[0]);
  if (!target) co_return fail(Errc::not_found, "route_not_found");
  net::Response response{301, {}, {}};
  response.with("Location", *target).with("Cache-Control", "no-store");
  co_return response;
}

constexpr std::string_view kPattern = "/x/{plugin}/{path*}";
constexpr std::string_view kWellKnown = "/.well-known/{name}";
constexpr std::size_t kDavBytesMax = 64U << 10;  // a question of an address book, which names cards by the hundred

constexpr Route kRoutes[] = {
    // Who may is said by the plugin's manifest: who_asks.
    {"GET", kPattern, Access::anyone, 0, call_plugin},
    {"POST", kPattern, Access::anyone, kJsonBytesMax, call_plugin},
    {"PUT", kPattern, Access::anyone, kJsonBytesMax, call_plugin},
    {"PATCH", kPattern, Access::anyone, kJsonBytesMax, call_plugin},
    {"DELETE", kPattern, Access::anyone, kJsonBytesMax, call_plugin},
    {"OPTIONS", kPattern, Access::anyone, kDavBytesMax, call_plugin},
    {"PROPFIND", kPattern, Access::anyone, kDavBytesMax, call_plugin},
    {"REPORT", kPattern, Access::anyone, kDavBytesMax, call_plugin},
    {"GET", kWellKnown, Access::anyone, 0, well_known},
    {"OPTIONS", kWellKnown, Access::anyone, kDavBytesMax, well_known},
    {"PROPFIND", kWellKnown, Access::anyone, kDavBytesMax, well_known},
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
