// Api: the HTTP interface of docs/api.md. Finds the route, checks origin and session, calls the handler, and turns
// every refusal into a problem in the reader's language.
#pragma once

#include "server/api/route.h"
#include "server/base/metrics.h"
#include "server/domain/services.h"
#include "server/net/http.h"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cluse::api {

/// Takes a WebSocket handshake over: by whom (nobody: not signed in) and with which session token.
using Collab = std::function<Task<std::variant<net::Response, net::Upgrade>>(net::Request, std::optional<domain::Actor>,
                                                                             std::string)>;

/// Requires: services, metrics and what `collab` refers to outlive this. Thread: any shard, concurrently.
class Api final : public net::Handler {
 public:
  Api(domain::Services& services, Metrics& metrics, Settings settings, Collab collab);

  /// Requires: outlives this; before the first request.
  void use_plugins(plugin::Host& plugins) { plugins_ = &plugins; }
  /// Takes the handshakes at /live over: by whom (nobody: not signed in). Before the first request.
  using Live =
      std::function<Task<std::variant<net::Response, net::Upgrade>>(net::Request, std::optional<domain::Actor>)>;
  void use_live(Live live) { live_ = std::move(live); }
  /// What GET /readyz answers; false at first.
  void set_ready(bool ready) { ready_ = ready; }

  [[nodiscard]] std::size_t body_bytes_max(std::string_view method, std::string_view path) const override;
  Task<net::Response> handle(net::Request request) override;
  /// `/live` and `/collab/{document}`: refuses other origins, finds out who it is and leaves the rest to `collab`. (A
  /// browser cannot read the status of a refused handshake, so it is `collab` that refuses people, with a close code.)
  Task<std::variant<net::Response, net::Upgrade>> upgrade(net::Request request) override;
  [[nodiscard]] net::Response refusal(int status, std::string_view code, const net::Request& request) const override;

 private:
  struct RouteMetrics {
    Histogram* seconds;
    Counter* refused;
    Counter* failed;
  };

  /// `cookie`: one to set with whatever is answered, or left empty.
  Task<Reply> dispatch(Call call, const Route* route, std::string* cookie);
  Task<void> rotate(const Call& call, std::string* cookie);
  /// Whose session `token` is; nobody's if there is none. Errors only when the store fails.
  Task<Result<std::optional<domain::Actor>>> actor_of(std::string token);
  /// Runs `handler` and catches what it throws: the boundary of a request.
  Task<Reply> run_guarded(Call call, const Route* route, std::string* cookie);

  // Fixed at construction
  domain::Services& services_;
  const Metrics& metrics_;
  const Settings settings_;
  const Collab collab_;
  plugin::Host* plugins_ = nullptr;
  Live live_;
  std::vector<RouteMetrics> route_metrics_;  ///< beside all_routes()
  // Synchronises itself
  std::atomic<bool> ready_ = false;
};

}  // namespace cluse::api
