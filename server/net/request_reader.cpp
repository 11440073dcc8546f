#include "server/net/request_reader.h"

#include "server/net/asio.h"
#include "server/net/text.h"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <array>
#include <charconv>

namespace cluse::net {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::size_t kLineRestBytes = 32;  // of a request line besides its target
constexpr std::size_t kChunkExtensionBytesMax = 256;

std::unexpected<Refused> malformed() {
  return std::unexpected(Refused{400, "request_malformed", Limit::malformed});
}

std::unexpected<Refused> refused(int status, std::string_view code, Limit limit = Limit::malformed) {
  return std::unexpected(Refused{status, code, limit});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// How the octets of one head are framed, and the few fields that decide it.
struct Framing {
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t codings = 0;
  bool upgrade_named = false;
  bool connection_upgrade = false;
  bool upgrade_websocket = false;
  Head head;
};

std::expected<void, Refused> check_request_line(std::string_view line, std::size_t target_bytes_max) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return malformed();
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || target.empty() || target.find(' ') != std::string_view::npos) return malformed();
  if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.') return malformed();
  if (!is_digit(version[5]) || !is_digit(version[7])) return malformed();
  if (version != "HTTP/1.1") return refused(505, "version_unsupported");
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) return refused(501, "method_unknown");
  if (target.size() > target_bytes_max) return refused(414, "target_too_long", Limit::target_bytes);
  if (target.front() != '/') return malformed();
  return {};
}

std::expected<void, Refused> read_length(std::string_view raw, Framing& framing) {
  if (++framing.lengths > 1) return malformed();
  while (raw.starts_with(' ')) raw.remove_prefix(1);
  if (raw.empty() || !std::all_of(raw.begin(), raw.end(), is_digit)) return malformed();
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), length);
  if (error != std::errc()) return refused(413, "body_too_large", Limit::body_bytes);
  framing.head.content_length = length;
  return {};
}

std::expected<void, Refused> read_coding(std::string_view raw, Framing& framing) {
  if (++framing.codings > 1) return malformed();
  if (raw.starts_with(' ')) raw.remove_prefix(1);
  // A tab or a second space around the coding hides it from some readers, so it is not trimmed.
  if (!iequals(raw, "chunked")) return is_token(raw) ? refused(501, "coding_unknown") : malformed();
  framing.head.chunked = true;
  return {};
}

bool is_host(std::string_view value) {
  constexpr std::string_view kOthers = ".-_:[]";
  return !value.empty() && std::all_of(value.begin(), value.end(), [&](char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || kOthers.find(c) != kOthers.npos;
  });
}

std::expected<void, Refused> read_field(std::string_view line, Framing& framing) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return malformed();
  const std::string_view name = line.substr(0, colon);
  const std::string_view raw = line.substr(colon + 1);
  const std::string_view value = trimmed(raw);
  if (iequals(name, "Host")) {
    if (++framing.hosts > 1 || !is_host(value)) return malformed();
  } else if (iequals(name, "Content-Length")) {
    return read_length(raw, framing);
  } else if (iequals(name, "Transfer-Encoding")) {
    return read_coding(raw, framing);
  } else if (iequals(name, "Expect")) {
    if (!iequals(value, "100-continue")) return refused(417, "expectation_failed");
    framing.head.expects_continue = true;
  } else if (iequals(name, "Connection")) {
    if (list_has(value, "close")) framing.head.keep_alive = false;
    if (list_has(value, "upgrade")) framing.connection_upgrade = true;
  } else if (iequals(name, "Upgrade")) {
    framing.upgrade_named = true;
    if (list_has(value, "websocket")) framing.upgrade_websocket = true;
  }
  return {};
}

std::expected<Head, Refused> check_framing(std::string_view raw, const HeadLimits& limits) {
  Framing framing;
  std::size_t begin = raw.find("\r\n");
  if (auto ok = check_request_line(raw.substr(0, begin), limits.target_bytes_max); !ok) {
    return std::unexpected(ok.error());
  }
  for (begin += 2; begin + 2 < raw.size();) {
    const std::size_t end = raw.find("\r\n", begin);
    if (auto ok = read_field(raw.substr(begin, end - begin), framing); !ok) return std::unexpected(ok.error());
    begin = end + 2;
  }
  if (framing.hosts != 1) return malformed();
  if (framing.lengths > 0 && framing.codings > 0) return malformed();
  if (framing.upgrade_named && framing.head.has_body()) return malformed();
  framing.head.upgrades_to_websocket = framing.connection_upgrade && framing.upgrade_websocket;
  return std::move(framing.head);
}

}  // namespace

std::expected<std::size_t, Refused> HeadScanner::scan(std::string_view input) {
  for (; scanned_ < input.size(); ++scanned_) {
    const char c = input[scanned_];
    const auto code = static_cast<unsigned char>(c);
    const std::size_t column = scanned_ - line_begin_;
    if ((c == '\n') != (previous_ == '\r')) return malformed();      // a bare CR or a bare LF
    if (column == 0 && (c == ' ' || c == '\t')) return malformed();  // a folded line, or a request line that starts so
    if (code == 0x7f || (code < 0x20 && c != '\r' && c != '\n' && (c != '\t' || lines_ == 0))) return malformed();
    if (scanned_ >= limits_.header_bytes_max) return refused(431, "headers_too_large", Limit::header_bytes);
    if (lines_ == 0 && column > limits_.target_bytes_max + kLineRestBytes) {
      return refused(414, "target_too_long", Limit::target_bytes);
    }
    previous_ = c;
    if (c != '\n') continue;
    if (column == 1) {
      if (lines_ == 0) return malformed();
      return scanned_ + 1;
    }
    if (++lines_ > limits_.headers_max + 1) return refused(431, "headers_too_many", Limit::headers);
    line_begin_ = scanned_ + 1;
    previous_ = '\0';
  }
  return std::size_t{0};
}

/// Beast judges the grammar a second time and decodes bodies.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  std::string method;
  std::string target;
  Headers headers;
  Bytes body;

 private:
  using View = beast::string_view;
  using Error = beast::error_code;

  void on_request_impl(http::verb, View the_method, View the_target, int, Error&) override {
    method = the_method;
    target = the_target;
  }
  void on_response_impl(int, View, int, Error&) override {}
  void on_field_impl(http::field, View name, View value, Error&) override {
    // Trailers are read and forgotten: nothing of ours needs one, and they must not look like headers.
    if (!is_header_done()) headers.emplace_back(std::string(name), std::string(value));
  }
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(View piece, Error&) override {
    body.append(piece);
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, View extension, Error& error) override {
    if (extension.size() > kChunkExtensionBytesMax) error = http::error::bad_chunk_extension;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View piece, Error&) override {
    body.append(piece);
    return piece.size();
  }
  void on_finish_impl(Error&) override {}
};

RequestReader::RequestReader(const HeadLimits& limits) : limits_(limits), parser_(std::make_unique<Parser>()) {
  parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max + 1));
  parser_->body_limit(boost::none);
}

RequestReader::~RequestReader() = default;

std::expected<Head, Refused> RequestReader::head(std::string_view raw) {
  auto head = check_framing(raw, limits_);
  if (!head) return head;
  beast::error_code error;
  const std::size_t used = parser_->put(asio::buffer(raw), error);
  if (error || used != raw.size() || !parser_->is_header_done()) return malformed();
  head->method = std::move(parser_->method);
  head->target = std::move(parser_->target);
  head->headers = std::move(parser_->headers);
  parser_->eager(true);
  return head;
}

void RequestReader::limit_body(std::size_t bytes_max) {
  parser_->body_limit(bytes_max);
}

std::expected<std::size_t, Refused> RequestReader::feed(std::string_view input) {
  beast::error_code error;
  const std::size_t used = parser_->put(asio::buffer(input), error);
  if (error == http::error::body_limit) return refused(413, "body_too_large", Limit::body_bytes);
  if (error && error != http::error::need_more) return malformed();
  return used;
}

bool RequestReader::is_done() const {
  return parser_->is_done();
}

std::size_t RequestReader::body_bytes() const {
  return parser_->body.size();
}

Bytes RequestReader::take_body() {
  return std::move(parser_->body);
}

}  // namespace cluse::net
