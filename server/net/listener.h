// The listening socket: takes connections and deals them out to the shards in turn.
#pragma once

#include "server/async/task.h"
#include "server/net/services.h"

#include <cstdint>
#include <memory>

namespace cluse::net {

/// Thread: `open` before the shards run or from any; the rest on shard 0.
class Listener : public std::enable_shared_from_this<Listener> {
 public:
  explicit Listener(std::shared_ptr<Services> services);
  ~Listener();

  /// Binds and listens. Codes: "address_invalid", "address_in_use", "address_denied", "listen_failed".
  [[nodiscard]] Result<void> open();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Takes connections until `close`.
  static Task<void> run(std::shared_ptr<Listener> self, Living::Token token);
  void close();

 private:
  void admit(tcp::socket socket, Shard& shard);
  void refuse(tcp::socket socket, Limit limit);
  static Task<void> see_off(std::shared_ptr<Listener> self, tcp::socket socket, Living::Token token);
  void relieve_descriptors();
  Task<void> pause();

  const std::shared_ptr<Services> services_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::size_t connections_max_ = 0;
  std::size_t seeing_off_ = 0;
  int spare_descriptor_ = -1;
};

}  // namespace cluse::net
