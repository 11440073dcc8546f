#include "server/api/api.h"

#include "server/api/client_words.h"
#include "server/api/cookies.h"
#include "server/api/origin.h"
#include "server/api/problem.h"
#include "server/base/log.h"
#include "server/domain/records/personal_data.h"
#include "server/plugin/host.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace cluse::api {
namespace {

constexpr std::string_view kCollabPrefix = "/collab/";
constexpr std::string_view kLive = "/live";

bool changes_state(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

bool is_collab_path(std::string_view path) {
  return path.size() > kCollabPrefix.size() && path.starts_with(kCollabPrefix) &&
         path.find('/', kCollabPrefix.size()) == std::string_view::npos;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A browser that comes to sign in or out gets its cookie from the route.
bool may_rotate(const Call& call, const Route& route) {
  return call.actor && call.actor->token_is_due &&
         (route.access != Access::anyone || !changes_state(call.request.method));
}

bool sets_session(const net::Response& response, bool tls) {
  const std::string start = std::string(cookie_name(tls)) + "=";
  return std::ranges::any_of(response.headers, [&](const auto& header) {
    return header.first == "Set-Cookie" && header.second.starts_with(start);
  });
}

// Who is gone stands in the rows under a name in both languages; whoever reads it has one. What is verified elsewhere
// (the export of the journal) is not JSON of ours and stays as it is.
void name_erased(net::Response& response, Language language) {
  constexpr std::string_view kName = domain::kErasedName;
  constexpr std::string_view kBar = " / ";
  const bool is_json = std::ranges::any_of(response.headers, [](const auto& header) {
    return header.first == "Content-Type" && header.second.starts_with("application/json");
  });
  if (!is_json) return;
  const auto bar = kName.find(kBar);
  const auto name = language == Language::de ? kName.substr(bar + kBar.size()) : kName.substr(0, bar);
  for (auto at = response.body.find(kName); at != Bytes::npos; at = response.body.find(kName, at + name.size()))
    response.body.replace(at, kName.size(), name);
}

}  // namespace

Api::Api(domain::Services& services, Metrics& metrics, Settings settings, Collab collab)
    : services_(services), metrics_(metrics), settings_(std::move(settings)), collab_(std::move(collab)) {
  for (const auto& route : all_routes()) {
    const std::string labels = "route=\"" + std::string(route.method) + " " + std::string(route.pattern) + "\"";
    route_metrics_.push_back(
        {&metrics.histogram("cluse_api_request_seconds", "Time from the request to its answer.", labels),
         &metrics.counter("cluse_api_refused_total", "Answers 400 to 499.", labels),
         &metrics.counter("cluse_api_failed_total", "Answers 500 to 599.", labels)});
  }
}

std::size_t Api::body_bytes_max(std::string_view method, std::string_view path) const {
  const Match match = match_route(method, path);
  return match.route == nullptr ? kJsonBytesMax : match.route->body_bytes_max;
}

Task<Result<std::optional<domain::Actor>>> Api::actor_of(std::string token) {
  if (token.empty()) co_return std::optional<domain::Actor>();
  auto actor = co_await services_.sessions.authenticate(std::move(token));
  if (actor) co_return std::optional<domain::Actor>(std::move(*actor));
  if (actor.error().kind == Errc::unauthenticated) co_return std::optional<domain::Actor>();
  co_return std::unexpected(std::move(actor).error());
}

Task<void> Api::rotate(const Call& call, std::string* cookie) {
  auto fresh = co_await services_.sessions.rotate(*call.actor, call.session_token());
  // The old one still works, and the next request tries again.
  if (!fresh) log_warning("session_not_rotated", {{"why", fresh.error().detail}});
  else if (*fresh) {
    const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(services_.sessions.policy().absolute);
    *cookie = session_cookie(**fresh, call.request.tls, lifetime);
  }
}

Task<Reply> Api::dispatch(Call call, const Route* route, std::string* cookie) {
  if (changes_state(call.request.method) && !is_from_our_origin(call.request, settings_))
    co_return fail(Errc::denied, "cross_origin");
  auto actor = co_await actor_of(call.session_token());
  if (!actor) co_return std::unexpected(std::move(actor).error());
  call.actor = std::move(*actor);
  if (call.actor) call.actor->request_id = call.request.id;
  if (route->access != Access::anyone && !call.actor) co_return fail(Errc::unauthenticated, "not_signed_in");
  if (route->access == Access::administrator && !call.actor->is_admin) co_return fail(Errc::denied, "denied");
  if (route->access != Access::anyone && call.actor->must_add_factor && !route->before_factor)
    co_return fail(Errc::denied, "second_factor_required");
  if (may_rotate(call, *route)) co_await rotate(call, cookie);
  const Backend backend{&services_, &settings_, &metrics_, &ready_, plugins_};
  auto reply = co_await route->handler(backend, std::move(call));
  co_return reply;
}

Task<Reply> Api::run_guarded(Call call, const Route* route, std::string* cookie) {
  const std::string id = call.request.id;
  std::string why;
  try {
    auto reply = co_await dispatch(std::move(call), route, cookie);
    co_return reply;
  } catch (const std::exception& e) {
    why = e.what();
  }
  log_error("request_failed", {{"request", id}, {"route", std::string(route->pattern)}, {"why", why}});
  co_return fail(Errc::internal, "internal");
}

Task<net::Response> Api::handle(net::Request request) {
  const auto start = std::chrono::steady_clock::now();
  Match match = match_route(request.method, request.path);
  if (match.allowed.empty()) co_return problem(request, 404, "route_not_found");
  if (match.route == nullptr) {
    auto refused = problem(request, 405, "method_not_allowed");
    refused.with("Allow", match.allowed);
    co_return refused;
  }
  // What a problem needs of the request, without its body.
  net::Request asked;
  asked.id = request.id;
  asked.headers = request.headers;
  asked.tls = request.tls;
  Call call;
  call.request = std::move(request);
  call.parameters = std::move(match.parameters);
  std::string cookie;
  auto reply = co_await run_guarded(std::move(call), match.route, &cookie);
  net::Response response;
  if (reply) {
    response = std::move(*reply);
    name_erased(response, choose_language(asked.header("Accept-Language")));
  } else {
    if (reply.error().error.kind == Errc::internal || reply.error().error.kind == Errc::storage_full)
      log_error("request_refused", {{"request", asked.id},
                                    {"code", std::string(reply.error().error.code)},
                                    {"detail", reply.error().error.detail}});
    response = problem(asked, reply.error());
  }
  // Plugins hear of it soon: they look at the journal.
  if (plugins_ != nullptr && response.status < 400 && changes_state(match.route->method)) plugins_->wake();
  if (!cookie.empty() && !sets_session(response, asked.tls)) response.with("Set-Cookie", cookie);
  const RouteMetrics& measured = route_metrics_[match.index];
  measured.seconds->observe(seconds_since(start));
  if (response.status >= 500) measured.failed->add();
  else if (response.status >= 400) measured.refused->add();
  co_return response;
}

Task<std::variant<net::Response, net::Upgrade>> Api::upgrade(net::Request request) {
  const bool is_live = request.path == kLive && live_;
  if (!is_live && !is_collab_path(request.path)) co_return problem(request, 404, "route_not_found");
  if (!is_from_our_origin(request, settings_)) co_return problem(request, 403, "cross_origin");
  Call call;
  call.request = std::move(request);
  std::string token = call.session_token();
  auto actor = co_await actor_of(token);
  if (!actor) co_return problem(call.request, domain::Refusal(std::move(actor).error()));
  if (is_live) {
    auto upgraded = co_await live_(std::move(call.request), std::move(*actor));
    co_return upgraded;
  }
  if (*actor && (*actor)->must_add_factor) actor->reset();
  auto answer = co_await collab_(std::move(call.request), std::move(*actor), std::move(token));
  co_return answer;
}

net::Response Api::refusal(int status, std::string_view code, const net::Request& request) const {
  auto response = problem(request, status, code);
  if (status == 503 || status == 429) response.with("Retry-After", "5");
  return response;
}

}  // namespace cluse::api
