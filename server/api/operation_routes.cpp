// For those who run the server: alive, ready, measured.

#include "server/api/route.h"
#include "server/domain/identity/tokens.h"

namespace cluse::api {
namespace {

net::Response plain(int status, std::string text) {
  net::Response response = net::Response::empty(status);
  response.with("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

// A proxy on this machine that is not declared as one makes strangers look local; it says so itself.
bool is_loopback(const net::Request& request) {
  const bool local = request.peer == "::1" || request.peer.starts_with("127.") || request.peer == "::ffff:127.0.0.1";
  return local && request.header("X-Forwarded-For").empty() && request.header("Forwarded").empty();
}

bool has_token(const net::Request& request, const std::string& token) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view header = request.header("Authorization");
  return !token.empty() && header.starts_with(kScheme) && domain::same_secret(header.substr(kScheme.size()), token);
}

Task<Reply> healthz(Backend, Call) {
  co_return plain(200, "ok\n");
}

Task<Reply> readyz(Backend backend, Call) {
  if (!backend.ready->load()) co_return fail(Errc::unavailable, "unavailable", "starting or stopping");
  co_return plain(200, "ready\n");
}

Task<Reply> metrics(Backend backend, Call call) {
  if (!is_loopback(call.request) && !has_token(call.request, backend.settings->metrics_token))
    co_return fail(Errc::denied, "denied");
  net::Response response = net::Response::empty(200);
  response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = backend.metrics->expose();
  co_return response;
}

constexpr Route kRoutes[] = {
    {"GET", "/healthz", Access::anyone, 0, healthz},
    {"GET", "/readyz", Access::anyone, 0, readyz},
    {"GET", "/metrics", Access::anyone, 0, metrics},
};

}  // namespace

std::span<const Route> operation_routes() {
  return kRoutes;
}

}  // namespace cluse::api
