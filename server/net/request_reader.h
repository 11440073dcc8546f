// From octets to a request, strictly: what two servers in a row could understand differently is refused, so that
// nothing can be smuggled past a proxy. Pure: no socket, no clock.
#pragma once

#include "server/base/bytes.h"
#include "server/net/http.h"
#include "server/net/net_metrics.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cluse::net {

/// Why a request is not served. `status` 0: nobody is there to be told.
struct Refused {
  int status = 0;
  std::string_view code;  ///< a literal, as in docs/api.md
  Limit limit = Limit::none;
};

struct HeadLimits {
  std::size_t header_bytes_max = 16U << 10;
  std::size_t target_bytes_max = 8U << 10;
  std::size_t headers_max = 100;
};

/// Looks at a head octet by octet as it arrives, so that a bad one is refused before it is complete.
class HeadScanner {
 public:
  explicit HeadScanner(const HeadLimits& limits) : limits_(limits) {}

  /// `input`: all octets since the start of the request. The size of the head once it is complete; 0: more are needed.
  [[nodiscard]] std::expected<std::size_t, Refused> scan(std::string_view input);

 private:
  HeadLimits limits_;
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t lines_ = 0;
  char previous_ = '\n';
};

struct Head {
  std::string method;
  std::string target;
  Headers headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool upgrades_to_websocket = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// A chunked body, strictly: no sign, space or prefix in a size, no line without CR, no framing among the trailers.
class ChunkDecoder {
 public:
  /// Appends to `body`; answers how much of `input` was used, which is all of it unless the body has ended.
  [[nodiscard]] std::expected<std::size_t, Refused> feed(std::string_view input, std::size_t bytes_max, Bytes& body);
  [[nodiscard]] bool is_done() const { return state_ == State::done; }

 private:
  enum class State { size, extension, size_end, data, data_cr, data_lf, trailer, trailer_lf, done };
  [[nodiscard]] bool take(char c);
  [[nodiscard]] bool end_trailer_line();

  State state_ = State::size;
  std::uint64_t left_ = 0;     ///< of the chunk
  std::size_t digits_ = 0;     ///< of its size
  std::size_t extension_ = 0;  ///< octets of extensions and trailers so far, of all chunks
  std::string line_;           ///< of the trailers
};

/// One request: its head at once, then its body in pieces. Make a new one for the next.
class RequestReader {
 public:
  explicit RequestReader(const HeadLimits& limits) : limits_(limits) {}

  /// Requires: `raw` is what HeadScanner found complete.
  [[nodiscard]] std::expected<Head, Refused> head(std::string_view raw);
  /// Octets of body that are accepted; past it `feed` refuses with 413. Call between `head` and `feed`.
  void limit_body(std::size_t bytes_max) { body_bytes_max_ = bytes_max; }
  /// Reads body from `input`; answers how much was used, which is all of it unless the body has ended.
  [[nodiscard]] std::expected<std::size_t, Refused> feed(std::string_view input);
  [[nodiscard]] bool is_done() const;
  [[nodiscard]] Bytes take_body() { return std::move(body_); }

 private:
  const HeadLimits limits_;
  std::size_t body_bytes_max_ = 0;
  bool chunked_ = false;
  std::uint64_t left_ = 0;  ///< of a body of known length
  ChunkDecoder chunks_;
  Bytes body_;
};

}  // namespace cluse::net
