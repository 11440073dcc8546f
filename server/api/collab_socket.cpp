#include "server/api/collab_socket.h"

#include "server/realtime/wire.h"

namespace cluse::api {
namespace {

/// Realtime's way to one WebSocket. Holds it weakly: the connection owns its handler, which owns this.
class SocketOutlet final : public realtime::Outlet {
 public:
  explicit SocketOutlet(std::weak_ptr<net::WebSocket> socket) : socket_(std::move(socket)) {}

  void send(SharedBytes frame) override {
    if (const auto socket = socket_.lock()) socket->send(std::move(frame));
  }
  void close(std::uint16_t code, std::string reason) override {
    if (const auto socket = socket_.lock()) socket->close(code, std::move(reason));
  }

 private:
  const std::weak_ptr<net::WebSocket> socket_;
};

class CollabSocket final : public net::WebSocketHandler {
 public:
  CollabSocket(net::WebSocket& socket, realtime::Rooms& rooms, std::string room, realtime::Participant participant,
               const std::string& about) {
    const bool acknowledging = participant.wants_acknowledgements;
    if (acknowledging && !about.empty()) socket.send(share(realtime::about_frame(about)));
    auto outlet = std::make_shared<SocketOutlet>(socket.weak());
    membership_ = rooms.join(std::move(room), std::move(participant), socket.shard(), std::move(outlet));
  }

  void on_message(Bytes message) override {
    if (membership_) membership_->receive(std::move(message));
  }
  void on_closed() override { membership_.reset(); }

 private:
  std::unique_ptr<realtime::Membership> membership_;
};

class ClosingSocket final : public net::WebSocketHandler {
 public:
  void on_message(Bytes) override {}
  void on_closed() override {}
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool offers_acknowledgements(const net::Request& request) {
  std::string_view offered = request.header("Sec-WebSocket-Protocol");
  while (!offered.empty()) {
    const std::size_t comma = std::min(offered.find(','), offered.size());
    if (trimmed(offered.substr(0, comma)) == kAcknowledgingProtocol) return true;
    offered.remove_prefix(std::min(comma + 1, offered.size()));
  }
  return false;
}

net::Upgrade open_room(realtime::Rooms& rooms, std::string room, realtime::Participant participant, std::string about) {
  net::Upgrade upgrade;
  if (participant.wants_acknowledgements) upgrade.subprotocol = kAcknowledgingProtocol;
  upgrade.message_bytes_max = rooms.limits().message_bytes_max;
  upgrade.attach = [&rooms, room = std::move(room), participant = std::move(participant), about = std::move(about)](
                       net::WebSocket& socket) mutable -> std::unique_ptr<net::WebSocketHandler> {
    return std::make_unique<CollabSocket>(socket, rooms, std::move(room), std::move(participant), about);
  };
  return upgrade;
}

net::Upgrade refuse_room(const net::Request& request, std::uint16_t code, std::string reason) {
  net::Upgrade upgrade;
  if (offers_acknowledgements(request)) upgrade.subprotocol = kAcknowledgingProtocol;
  upgrade.attach = [code,
                    reason = std::move(reason)](net::WebSocket& socket) -> std::unique_ptr<net::WebSocketHandler> {
    socket.close(code, reason);
    return std::make_unique<ClosingSocket>();
  };
  return upgrade;
}

}  // namespace cluse::api
