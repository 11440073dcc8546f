// The HTTP/1.1 and WebSocket server: listener, TLS, limits, static files, graceful stop.
#pragma once

#include "server/async/shard.h"
#include "server/async/workers.h"
#include "server/base/metrics.h"
#include "server/base/result.h"
#include "server/net/http.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cluse::net {

/// Every limit has a name, a default, a metric and a test.
struct Limits {
  std::size_t header_bytes_max = 16U << 10;
  std::size_t connections_max = 10'000;
  std::size_t connections_per_address_max = 2'000;         ///< loopback is exempt; an office may share an address
  std::size_t handshakes_per_second_per_address_max = 50;  ///< WebSocket and TLS, after the burst; loopback is exempt
  std::size_t handshakes_burst_per_address_max = 500;      ///< at once: an office that comes back after a restart
  std::size_t send_queue_bytes_max = 8U << 20;             ///< of one WebSocket
  // What one WebSocket may send. Past the bursts it is read no faster than this; see inflow.h.
  std::size_t messages_per_second_max = 1'000;
  std::size_t messages_burst_max = 10'000;
  std::size_t received_bytes_per_second_max = 4U << 20;
  std::size_t received_bytes_burst_max = 32U << 20;
  std::chrono::milliseconds slowed_timeout{60'000};  ///< slowed for so long in all, without a rest: closed with 1008
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{60'000};   ///< and at least 1 KiB/s
  std::chrono::milliseconds idle_timeout{75'000};   ///< keep-alive
  std::chrono::milliseconds ping_interval{30'000};  ///< WebSocket ping; closed when the last one was not answered
  std::chrono::milliseconds stop_timeout{10'000};
  std::size_t target_bytes_max = 8U << 10;  ///< of the request target, still escaped
  std::size_t headers_max = 100;
  std::size_t body_bytes_per_second_min = 1024;  ///< after `body_grace`
  std::chrono::milliseconds body_grace{5'000};
  std::chrono::milliseconds send_timeout{30'000};          ///< a peer that takes nothing for so long is cut
  std::chrono::milliseconds close_timeout{5'000};          ///< of a closing handshake
  std::chrono::milliseconds linger_timeout{1'000};         ///< how long a closed connection may still read its answer
  std::chrono::milliseconds certificate_interval{10'000};  ///< how often a new certificate is looked for
  std::chrono::milliseconds static_interval{1'000};        ///< how often a new build of the client is looked for
  bool loopback_exempt = true;                             ///< false in tests of the limits by address
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;          ///< 0: any free port
  std::filesystem::path certificate;  ///< PEM chain; empty: no TLS. Reloaded when the file changes or on SIGHUP
  std::filesystem::path private_key;
  std::filesystem::path static_directory;    ///< the built client; empty: none. A new build is noticed
  std::vector<std::string> trusted_proxies;  ///< addresses whose X-Forwarded-For and -Proto are believed
  Limits limits;
};

/// Thread: make, `start` and `stop` from the main thread.
class Server {
 public:
  /// `workers` read files where a shard would have to wait for the disk.
  Server(ServerOptions options, Shards& shards, Workers& workers, Handler& handler, Metrics& metrics);
  ~Server();

  /// Binds and listens. Codes: "address_in_use", "address_invalid", "certificate_invalid", …
  [[nodiscard]] Result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  /// Reads the certificate again for new connections; keeps the old one if the new one is not usable.
  Result<void> reload_certificate();
  /// Two steps: no new connections and requests, WebSockets told 1012; after `stop_timeout` the rest is cut. Blocks.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace cluse::net
