// One WebSocket, from its 101 to its end. Beast reads, and speaks for the protocol (handshake, ping, pong, close);
// messages go out by Transport's queue, which also carries what Beast writes, so frames never interleave.
#pragma once

#include "server/async/task.h"
#include "server/net/http.h"
#include "server/net/services.h"
#include "server/net/transport.h"

#include <memory>

namespace cluse::net {

/// Thread: its shard.
class WebSocketSession : public WebSocket {
 public:
  /// Requires: the request has passed `check_handshake`.
  [[nodiscard]] static std::shared_ptr<WebSocketSession> make(std::shared_ptr<Services> services, Shard& shard,
                                                              std::shared_ptr<Transport> transport, Upgrade upgrade);

  /// Answers the handshake of `request`, with the headers `extra`, and serves until the WebSocket is gone; `on_closed`
  /// has been called then.
  virtual Task<void> run(Headers request, std::string target, Headers extra) = 0;
};

/// 0 if the request is a handshake that can be accepted, else the status that refuses it.
[[nodiscard]] int check_handshake(const Request& request);

}  // namespace cluse::net
