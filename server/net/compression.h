// Answers made at the moment they are asked for, packed for the way. Files of the site come packed already.
#pragma once

#include "server/net/http.h"

#include <cstddef>
#include <string_view>

namespace cluse::net {

/// Below this, packing saves no packet.
inline constexpr std::size_t kPackBytesMin = 1024;
/// Above this, packing would hold the shard for longer than a keystroke may wait (2 ms): such an answer goes as it is.
inline constexpr std::size_t kPackBytesMax = 256U << 10;

/// Packs the body with gzip where the client takes it (`accept_encoding`), the type is text or JSON, the size lies
/// within the two bounds, and the handler has not chosen an encoding or an ETag itself. Adds `Vary` wherever another
/// client might have been answered otherwise. What an answer reflects of its request cannot be probed by its length
/// from another site: the session's cookie does not travel with requests that other sites make.
/// Thread: any.
void pack(Response& response, std::string_view accept_encoding);

}  // namespace cluse::net
