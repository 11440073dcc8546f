// Requests, responses and WebSockets as the layers above see them: no Boost.Beast here.
#pragma once

#include "server/async/shard.h"
#include "server/async/task.h"
#include "server/base/bytes.h"
#include "server/base/id.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cluse::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;                        ///< "GET", "POST", …
  std::string path;                          ///< percent-decoded, starts with '/', no "." or ".." segments, valid UTF-8
  std::map<std::string, std::string> query;  ///< decoded; the last of a repeated key
  Headers headers;                           ///< names as received
  Bytes body;
  std::string peer;        ///< address of the client (of the last trusted proxy's X-Forwarded-For)
  std::string id;          ///< request id, in the log and in X-Request-Id
  bool tls = false;        ///< this connection, or the trusted proxy's, is encrypted
  Shard* shard = nullptr;  ///< where it is handled

  /// First value of the header, any case; empty if absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// Value of the cookie, or empty.
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  Bytes body;

  static Response json(int status, std::string body);
  static Response empty(int status) { return {status, {}, {}}; }
  Response& with(std::string name, std::string value);
};

/// One open WebSocket. Thread: its shard. `send` after the end is ignored.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  /// Queues one message (binary, or text if the Upgrade says so); all that one turn of the shard queues goes out
  /// together. Past the byte limit of the queue, in which the largest message does not count, the connection is closed
  /// with 1013.
  virtual void send(SharedBytes message) = 0;
  /// Sends what is queued, then a close frame.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  [[nodiscard]] virtual Shard& shard() = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
  /// Keeps the connection alive from elsewhere: `lock()` on its shard before use.
  [[nodiscard]] virtual std::weak_ptr<WebSocket> weak() = 0;
};

/// What a route makes of a WebSocket. Owned by the connection; called on its shard; destroyed when the connection is
/// gone.
class WebSocketHandler {
 public:
  virtual ~WebSocketHandler() = default;
  virtual void on_message(Bytes message) = 0;
  virtual void on_closed() = 0;
};

/// A handshake that was accepted: the subprotocol to answer with (or empty) and who takes over.
struct Upgrade {
  std::string subprotocol;
  std::move_only_function<std::unique_ptr<WebSocketHandler>(WebSocket&)> attach;
  std::size_t message_bytes_max = 16U << 20;
  bool text = false;  ///< messages are UTF-8 text, both ways, instead of binary
};

/// What the server serves. Called on the shard of the connection. Thread: any shard, concurrently.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Bytes of body that this route accepts; 413 past it, before the body is read.
  [[nodiscard]] virtual std::size_t body_bytes_max(std::string_view method, std::string_view path) const = 0;
  /// HEAD arrives as GET: net leaves the body out. An answer without Cache-Control gets `no-store`.
  virtual Task<Response> handle(Request request) = 0;
  /// A WebSocket handshake: refuse with a response or accept.
  virtual Task<std::variant<Response, Upgrade>> upgrade(Request request) = 0;
  /// The answer to what net itself refuses (400, 408, 413, 414, 417, 426, 429, 431, 500, 501, 503, 505): `code` as in
  /// docs/api.md. The request is as far as it was understood.
  [[nodiscard]] virtual Response refusal(int status, std::string_view code, const Request& request) const = 0;
};

}  // namespace cluse::net
