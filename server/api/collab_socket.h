// The WebSocket of one document: joins net's connection to realtime's room.
#pragma once

#include "server/net/http.h"
#include "server/realtime/rooms.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cluse::api {

/// The subprotocol that adds durable acknowledgements (docs/api.md).
inline constexpr std::string_view kAcknowledgingProtocol = "cluse.ack.1";

/// True if the handshake offers cluse.ack.1.
[[nodiscard]] bool offers_acknowledgements(const net::Request& request);

/// Accepts the handshake and enters `room`. `about` is the JSON of message 65, sent first to those who understand it.
[[nodiscard]] net::Upgrade open_room(realtime::Rooms& rooms, std::string room, realtime::Participant participant,
                                     std::string about);

/// Accepts the handshake only to close it with `code`: a browser shows a page the close code, and never the HTTP
/// status.
[[nodiscard]] net::Upgrade refuse_room(const net::Request& request, std::uint16_t code, std::string reason);

}  // namespace cluse::api
