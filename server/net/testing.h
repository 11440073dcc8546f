// What the tests of net share: a server on loopback with a small handler, and a client that writes octets by hand, so
// that the server is not judged by its own library. Every wait of the client ends after ten seconds.
#pragma once

#include "server/net/server.h"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::net::testing {

/// Routes: see testing.cpp. Everything is counted, so that tests can tell what has reached the handler.
class TestHandler final : public Handler {
 public:
  static constexpr std::size_t kBodyBytesMax = 64U << 10;
  static constexpr std::size_t kMessageBytesMax = 256U << 10;
  static constexpr std::size_t kBigBytes = 32U << 20;

  [[nodiscard]] std::size_t body_bytes_max(std::string_view method, std::string_view path) const override;
  Task<Response> handle(Request request) override;
  Task<std::variant<Response, Upgrade>> upgrade(Request request) override;
  [[nodiscard]] Response refusal(int status, std::string_view code, const Request& request) const override;

  /// Lets the requests to /api/v1/held go on. Thread: any.
  void release();
  /// Waits until `n` requests have reached the handler.
  void wait_for_requests(int n);
  /// Waits until `n` WebSockets have been told that they are closed.
  void wait_for_closed(int n);

  std::atomic<int> requests = 0;
  std::atomic<int> attached = 0;
  std::atomic<int> closed = 0;

 private:
  Task<Response> held(Request request);

  // Guarded by mutex_
  std::mutex mutex_;
  std::vector<std::pair<Shard*, std::shared_ptr<boost::asio::steady_timer>>> held_;
};

/// Two shards and a server. Requires nothing else: port 0.
class TestServer {
 public:
  explicit TestServer(ServerOptions options = small());
  ~TestServer();

  /// Limits as they are, but for waits: those are short.
  static ServerOptions small();

  [[nodiscard]] std::uint16_t port() const { return server.port(); }
  [[nodiscard]] std::string metrics_text() const { return metrics.expose(); }
  /// The value of `cluse_net_refused_total` for that limit.
  [[nodiscard]] std::uint64_t refused(const std::string& limit);
  [[nodiscard]] std::int64_t connections();
  void wait_for_connections(std::int64_t n);

  Metrics metrics;
  TestHandler handler;
  Workers workers{1, 10};
  Shards shards{2};
  Server server;
};

struct Answer {
  int status = 0;                              ///< 0: the connection ended instead
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// One blocking connection. `Encryption` speaks TLS below it.
class Client {
 public:
  enum class Tls { none, v12, v13 };
  explicit Client(std::uint16_t port, Tls tls = Tls::none, int receive_buffer = 0);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False if TLS could not be agreed upon.
  [[nodiscard]] bool is_open() const { return open_; }
  bool send(std::string_view octets);
  /// One answer; `head_only` for the answer to HEAD.
  Answer read_answer(bool head_only = false);
  /// A GET on this connection.
  Answer get(const std::string& target, const std::string& headers = {});
  /// True if the peer has ended the connection, after whatever it still sent.
  bool is_ended();
  /// All octets until the end.
  std::string read_all();
  void end_sending();
  /// Exactly that many octets, or fewer at the end.
  std::string read(std::size_t bytes);
  /// Protocol and serial number of the certificate.
  [[nodiscard]] std::string tls_version() const;
  [[nodiscard]] std::string certificate_name() const;
  /// Tries a TLS handshake of that version and those ciphers on a connection that is plain so far.
  bool agrees_on(int version, const char* ciphers);

 private:
  bool fill();
  struct Encryption;
  int descriptor_ = -1;
  bool open_ = false;
  std::unique_ptr<Encryption> tls_;
  std::string input_;
};

struct Frame {
  int opcode = -1;  ///< -1: the connection ended
  bool final = true;
  std::string payload;
  [[nodiscard]] int close_code() const;
};

/// A WebSocket client over a Client.
class SocketClient {
 public:
  explicit SocketClient(std::uint16_t port, const std::string& path = "/collab/echo",
                        Client::Tls tls = Client::Tls::none, const std::string& headers = {}, int receive_buffer = 0);
  bool send(int opcode, std::string_view payload, bool final = true);
  Frame read();
  /// The next frame that is neither ping nor pong.
  Frame read_data();

  Client connection;
  Answer handshake;
};

inline constexpr int kText = 1;
inline constexpr int kBinary = 2;
inline constexpr int kClose = 8;
inline constexpr int kPing = 9;
inline constexpr int kPong = 10;

std::string websocket_request(const std::string& path, const std::string& headers = {});

/// A folder that is gone at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view octets) const;

 private:
  std::filesystem::path path_;
};

/// Writes a self-signed certificate for `name` into certificate.pem and key.pem of the folder.
void write_certificate(const TemporaryFolder& folder, const std::string& name);

}  // namespace cluse::net::testing
