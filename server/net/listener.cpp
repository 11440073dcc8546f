#include "server/net/listener.h"

#include "server/base/log.h"
#include "server/base/time.h"
#include "server/net/response_head.h"
#include "server/net/session.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>

namespace cluse::net {
namespace {

constexpr int kBacklog = 4096;
constexpr std::size_t kSeeingOffMax = 64;
constexpr std::size_t kOtherDescriptors = 64;  // database, static files, logs, event loops
constexpr std::chrono::milliseconds kPause{50};
constexpr std::chrono::milliseconds kSeeOff{500};

/// The limit of the operator, or what the process may open if that is less.
std::size_t connections_that_fit(std::size_t connections_max) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) return connections_max;
  const std::size_t soft = descriptors.rlim_cur;
  const std::size_t fit = soft > 2 * kOtherDescriptors ? soft - kOtherDescriptors : soft / 2;
  if (fit < connections_max) {
    log_warning("connections_limited", {{"by", "open files"}, {"connections_max", std::to_string(fit)}});
  }
  return std::min(fit, connections_max);
}

bool is_out_of_descriptors(const ErrorCode& error) {
  return error == boost::system::errc::too_many_files_open ||
         error == boost::system::errc::too_many_files_open_in_system || error == boost::system::errc::no_buffer_space ||
         error == boost::system::errc::not_enough_memory;
}

int open_spare() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace

Listener::Listener(std::shared_ptr<Services> services)
    : services_(std::move(services)),
      acceptor_(services_->shards.at(0).executor()),
      pause_(services_->shards.at(0).executor()) {}

Listener::~Listener() {
  if (spare_descriptor_ >= 0) ::close(spare_descriptor_);
}

Result<void> Listener::open() {
  const ServerOptions& options = services_->options;
  ErrorCode error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(Errc::invalid, "address_invalid", options.address);
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kBacklog, error);
  const std::string where = options.address + " port " + std::to_string(options.port);
  if (error == asio::error::address_in_use) return fail(Errc::conflict, "address_in_use", where);
  if (error == asio::error::access_denied) return fail(Errc::denied, "address_denied", where);
  if (error) return fail(Errc::unavailable, "listen_failed", where + ": " + error.message());
  port_ = acceptor_.local_endpoint(error).port();
  connections_max_ = connections_that_fit(options.limits.connections_max);
  spare_descriptor_ = open_spare();
  return {};
}

Task<void> Listener::run(std::shared_ptr<Listener> self, [[maybe_unused]] Living::Token token) {
  std::size_t turn = 0;
  while (self->acceptor_.is_open()) {
    Shard& shard = self->services_->shards.at(turn++ % self->services_->shards.size());
    const asio::any_io_executor executor = shard.executor();
    auto [error, socket] = co_await self->acceptor_.async_accept(executor, kAwait);
    if (!error) {
      self->admit(std::move(socket), shard);
    } else if (is_out_of_descriptors(error)) {
      self->relieve_descriptors();
      co_await self->pause();
    } else if (error != asio::error::operation_aborted && self->acceptor_.is_open()) {
      // The peer was quicker, or a passing fault of the network stack.
      if (error != asio::error::connection_aborted) co_await self->pause();
    }
  }
}

Task<void> Listener::pause() {
  pause_.expires_after(kPause);
  static_cast<void>(co_await pause_.async_wait(kAwait));
}

void Listener::close() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

void Listener::admit(tcp::socket socket, Shard& shard) {
  ErrorCode error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;
  const asio::ip::address peer = unmapped(endpoint.address());
  const auto open = static_cast<std::size_t>(std::max<std::int64_t>(services_->metrics.connections.value(), 0));
  if (open >= connections_max_) return refuse(std::move(socket), Limit::connections);
  Addresses::Seat seat = services_->addresses->sit_down(peer);
  if (!seat) return refuse(std::move(socket), Limit::connections_per_address);
  socket.set_option(tcp::no_delay(true), error);
  shard.post([services = services_, &shard, socket = std::move(socket), peer,
              admission = Admission(std::move(seat), services_->living, services_->metrics.connections)]() mutable {
    if (services->is_stopping) return;
    auto session = std::make_shared<Session>(services, shard, std::move(socket), peer, std::move(admission));
    shard.spawn("connection", Session::run(std::move(session)));
  });
}

void Listener::refuse(tcp::socket socket, Limit limit) {
  services_->metrics.refused(limit);
  if (services_->certificates || services_->is_stopping) return;  // over TLS nobody could read the words
  Request request;
  request.id = new_id(SystemClock().now()).to_string();
  request.shard = &services_->shards.at(0);
  Response response = services_->handler.refusal(503, "unavailable", request);
  if (!has_header(response.headers, "Retry-After")) response.with("Retry-After", "5");
  HeadOptions options;
  options.content_length = response.body.size();
  options.keep_alive = false;
  options.request_id = request.id;
  const std::string answer = response_head(response.status, response.headers, options) + response.body;
  // A new socket has room for a kilobyte: what does not go out at once does not go out.
  ErrorCode ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(answer), ignored);
  services_->metrics.answered("", 503, 0);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  char scratch[4096];
  socket.read_some(asio::buffer(scratch), ignored);
  if (seeing_off_ >= kSeeingOffMax || limit == Limit::descriptors) return;
  services_->shards.at(0).spawn("refused connection",
                                see_off(shared_from_this(), std::move(socket), Living::Token(services_->living)));
}

/// Reads what a refused peer still sends: closing before would reset the connection and destroy the answer.
Task<void> Listener::see_off(std::shared_ptr<Listener> self, tcp::socket socket, [[maybe_unused]] Living::Token token) {
  const auto transport = std::make_shared<Transport>(std::move(socket));
  ++self->seeing_off_;
  co_await transport->finish(kSeeOff);
  --self->seeing_off_;
}

void Listener::relieve_descriptors() {
  // One descriptor is kept back, so that peers in the queue get an answer and do not hang in it.
  if (spare_descriptor_ < 0) {
    spare_descriptor_ = open_spare();
    services_->metrics.refused(Limit::descriptors);
    return;
  }
  ::close(spare_descriptor_);
  spare_descriptor_ = -1;
  ErrorCode error;
  acceptor_.non_blocking(true, error);
  for (std::size_t i = 0; i < kSeeingOffMax && !error; ++i) {
    tcp::socket socket = acceptor_.accept(error);
    if (!error) refuse(std::move(socket), Limit::descriptors);
  }
  spare_descriptor_ = open_spare();
}

}  // namespace cluse::net
