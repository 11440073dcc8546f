// The head of an answer: status line, what net itself says on every answer, and the headers of the handler.
#pragma once

#include "server/net/http.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::net {

struct HeadOptions {
  std::optional<std::uint64_t> content_length;  ///< none: the status has no body
  bool keep_alive = true;
  bool tls = false;
  std::string_view request_id;
};

/// The security headers that every answer carries unless it says otherwise itself.
[[nodiscard]] const Headers& security_headers();

/// What is said over TLS besides.
[[nodiscard]] Headers::value_type strict_transport();

[[nodiscard]] bool has_header(const Headers& headers, std::string_view name);

/// True if answers of this status have no body, and no Content-Length.
[[nodiscard]] constexpr bool is_bodiless(int status) {
  return status < 200 || status == 204 || status == 304;
}

/// Framing headers in `headers` are ignored, since they are net's; one whose octets could break the framing is dropped
/// and logged.
[[nodiscard]] std::string response_head(int status, const Headers& headers, const HeadOptions& options);

}  // namespace cluse::net
