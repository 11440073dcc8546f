#include "server/net/server.h"

#include "server/base/log.h"
#include "server/net/listener.h"
#include "server/net/services.h"

namespace cluse::net {
namespace {

constexpr std::chrono::milliseconds kCutTimeout{2'000};

Task<void> watch_certificate(std::shared_ptr<Services> services, std::shared_ptr<asio::steady_timer> timer,
                             [[maybe_unused]] Living::Token token) {
  while (!services->is_stopping) {
    timer->expires_after(services->options.limits.certificate_interval);
    const auto [error] = co_await timer->async_wait(kAwait);
    if (error || !services->certificates->has_changed()) continue;
    const auto loaded = services->certificates->load();
    if (loaded) {
      log_info("certificate_loaded");
    } else {
      log_warning("certificate_kept", {{"words", loaded.error().detail}});
    }
  }
}

Task<void> watch_site(std::shared_ptr<Services> services, std::shared_ptr<asio::steady_timer> timer,
                      [[maybe_unused]] Living::Token token) {
  while (!services->is_stopping) {
    timer->expires_after(services->options.limits.static_interval);
    const auto [error] = co_await timer->async_wait(kAwait);
    if (error || !services->site.has_new_build()) continue;
    auto work = [&site = services->site] { return site.load(); };
    const Result<void> loaded = co_await services->workers.run(std::move(work));
    if (loaded) {
      log_info("static_files_loaded");
    } else {
      log_warning("static_files_kept", {{"words", loaded.error().detail}});
    }
  }
}

/// Tells every connection of every shard. A connection may end while it is told, so all are held meanwhile.
void tell_all(const std::shared_ptr<Services>& services, void (Stoppable::*what)()) {
  for (std::size_t i = 0; i < services->shards.size(); ++i) {
    services->shards.at(i).post([services, i, what] {
      std::vector<std::shared_ptr<Stoppable>> held;
      for (Stoppable* connection : services->connections_of_shard[i]) held.push_back(connection->hold());
      for (const auto& connection : held) ((*connection).*what)();
    });
  }
}

}  // namespace

struct Server::State {
  std::shared_ptr<Services> services;
  std::shared_ptr<Listener> listener;
  std::vector<std::shared_ptr<asio::steady_timer>> timers;  ///< what watches files waits on them
  bool is_running = false;
};

Server::Server(ServerOptions options, Shards& shards, Workers& workers, Handler& handler, Metrics& metrics)
    : state_(std::make_shared<State>()) {
  state_->services = std::make_shared<Services>(std::move(options), shards, workers, handler, metrics);
}

Server::~Server() {
  stop();
}

Result<void> Server::start() {
  Services& services = *state_->services;
  const ServerOptions& options = services.options;
  CLUSE_CHECK(services.site.load());
  if (!options.certificate.empty()) {
    auto certificates = std::make_unique<Certificates>(options.certificate, options.private_key);
    CLUSE_CHECK(certificates->load());
    services.certificates = std::move(certificates);
  }
  auto listener = std::make_shared<Listener>(state_->services);
  CLUSE_CHECK(listener->open());
  state_->listener = listener;
  state_->is_running = true;
  Shard& shard = services.shards.at(0);
  shard.spawn("listener", Listener::run(std::move(listener), Living::Token(services.living)));
  const auto new_timer = [&] {
    return state_->timers.emplace_back(std::make_shared<asio::steady_timer>(shard.executor()));
  };
  if (services.certificates) {
    shard.spawn("certificate", watch_certificate(state_->services, new_timer(), Living::Token(services.living)));
  }
  if (!options.static_directory.empty()) {
    shard.spawn("static files", watch_site(state_->services, new_timer(), Living::Token(services.living)));
  }
  log_info("listening", {{"address", options.address}, {"port", std::to_string(port())}});
  return {};
}

std::uint16_t Server::port() const {
  return state_->listener ? state_->listener->port() : 0;
}

Result<void> Server::reload_certificate() {
  if (!state_->services->certificates) return {};
  CLUSE_CHECK(state_->services->certificates->load());
  log_info("certificate_loaded");
  return {};
}

void Server::stop() {
  if (!state_->is_running) return;
  state_->is_running = false;
  Services& services = *state_->services;
  services.is_stopping = true;
  services.shards.at(0).post([listener = state_->listener, timers = state_->timers] {
    listener->close();
    for (const auto& timer : timers) timer->cancel();
  });
  tell_all(state_->services, &Stoppable::say_goodbye);
  if (services.living.wait_until_none(services.options.limits.stop_timeout)) return;
  log_warning("connections_cut", {{"count", std::to_string(services.living.count())}});
  tell_all(state_->services, &Stoppable::cut);
  if (services.living.wait_until_none(kCutTimeout)) return;
  log_error("connections_left", {{"count", std::to_string(services.living.count())}});
}

}  // namespace cluse::net
