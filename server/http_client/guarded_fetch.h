// guarded_fetch: a request that somebody else words (a plugin), sent only where an administrator has accepted. Blocks:
// for lanes and workers.
//
// https alone; the host of the address must be on the list, and so must that of each redirect; what the name stands
// for is checked at the moment of connecting, so that no name leads into the network of the server.
#pragma once

#include "server/base/result.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluse::http_client {

inline constexpr std::size_t kFetchBodyBytesMax = 1U << 20;  ///< of a request, and of an answer
inline constexpr std::size_t kFetchHeadersMax = 50;
inline constexpr std::size_t kFetchHeaderBytesMax = 8U << 10;  ///< of a name and its value
inline constexpr std::size_t kFetchUrlBytesMax = 4'000;
inline constexpr int kFetchRedirectsMax = 3;
inline constexpr std::chrono::milliseconds kFetchTimeMax{10'000};

using FetchHeaders = std::vector<std::pair<std::string, std::string>>;

struct FetchRequest {
  std::string method;  ///< GET, HEAD, POST, PUT, PATCH or DELETE
  std::string url;
  FetchHeaders headers;
  std::string body;
};

struct FetchPolicy {
  std::vector<std::string> hosts;  ///< "api.example.org" (port 443), "api.example.org:8443"
  std::chrono::milliseconds total = kFetchTimeMax;
  /// For tests alone: where names lead ("name:port:address", as curl has it), private addresses and http allowed.
  std::vector<std::string> resolve = {};
  bool allow_private = false, allow_plain = false;
};

struct FetchAnswer {
  int status = 0;
  FetchHeaders headers;  ///< of the last answer; names in small letters
  std::string body;
};

/// Redirects of GET and HEAD are followed within the list; of others they are the answer. Codes: "address_refused"
/// (denied: scheme, host, or a private address), "request_wrong" (invalid), "server_unreachable" (with why in
/// `detail`). Thread: any, concurrently; no shard.
[[nodiscard]] Result<FetchAnswer> guarded_fetch(const FetchRequest& request, const FetchPolicy& policy);

/// True for an address that is not of the public network: loopback, private, link-local, multicast, documentation, and
/// IPv6 addresses that stand for such a one. `octets`: 4 or 16, in the order of the network.
[[nodiscard]] bool is_private_address(std::string_view octets);

}  // namespace cluse::http_client
