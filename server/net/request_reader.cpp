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

// The last two are of WebDAV: address books ask with them.
constexpr std::array<std::string_view, 9> kMethods = {"GET",    "HEAD",    "POST",     "PUT",   "PATCH",
                                                      "DELETE", "OPTIONS", "PROPFIND", "REPORT"};
constexpr std::size_t kLineRestBytes = 32;            // of a request line besides its target
constexpr std::size_t kExtensionBytesMax = 4U << 10;  // of a chunked body: what is read and forgotten
constexpr std::size_t kSizeDigitsMax = 8;

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

namespace {

/// Beast judges the grammar of the head a second time. (Not of bodies: Beast 1.81 asserts on a last chunk that arrives
/// octet by octet.)
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(Head& head) : head_(head) { body_limit(boost::none); }

 private:
  using View = beast::string_view;
  using Error = beast::error_code;

  void on_request_impl(http::verb, View method, View target, int, Error&) override {
    head_.method = method;
    head_.target = target;
  }
  void on_response_impl(int, View, int, Error&) override {}
  void on_field_impl(http::field, View name, View value, Error&) override {
    head_.headers.emplace_back(std::string(name), std::string(value));
  }
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
  std::size_t on_body_impl(View, Error&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, Error&) override { return 0; }
  void on_finish_impl(Error&) override {}

  Head& head_;
};

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

std::expected<Head, Refused> RequestReader::head(std::string_view raw) {
  auto head = check_framing(raw, limits_);
  if (!head) return head;
  HeadParser parser(*head);
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max + 1));
  beast::error_code error;
  const std::size_t used = parser.put(asio::buffer(raw), error);
  if (error || used != raw.size() || !parser.is_header_done()) return malformed();
  chunked_ = head->chunked;
  left_ = head->content_length.value_or(0);
  return head;
}

std::expected<std::size_t, Refused> RequestReader::feed(std::string_view input) {
  if (chunked_) return chunks_.feed(input, body_bytes_max_, body_);
  if (left_ + body_.size() > body_bytes_max_) return refused(413, "body_too_large", Limit::body_bytes);
  const std::size_t used = std::min<std::uint64_t>(left_, input.size());
  body_.append(input.substr(0, used));
  left_ -= used;
  return used;
}

bool RequestReader::is_done() const {
  return chunked_ ? chunks_.is_done() : left_ == 0;
}

std::expected<std::size_t, Refused> ChunkDecoder::feed(std::string_view input, std::size_t bytes_max, Bytes& body) {
  std::size_t used = 0;
  while (used < input.size() && !is_done()) {
    if (state_ == State::data) {
      const std::size_t piece = std::min<std::uint64_t>(left_, input.size() - used);
      body.append(input.substr(used, piece));
      used += piece;
      left_ -= piece;
      if (left_ == 0) state_ = State::data_cr;
      continue;
    }
    if (!take(input[used++])) return malformed();
    if (extension_ > kExtensionBytesMax) return malformed();
    if (left_ > bytes_max - body.size()) return refused(413, "body_too_large", Limit::body_bytes);
  }
  return used;
}

bool ChunkDecoder::take(char c) {
  const auto code = static_cast<unsigned char>(c);
  switch (state_) {
    case State::size:
      if (c == '\r' || c == ';') {
        state_ = c == '\r' ? State::size_end : State::extension;
        return digits_ > 0;
      }
      left_ = left_ * 16 + static_cast<std::uint64_t>(std::max(hex_value(c), 0));
      return hex_value(c) >= 0 && ++digits_ <= kSizeDigitsMax;
    case State::extension:
      ++extension_;
      if (c == '\r') state_ = State::size_end;
      return c == '\r' || c == '\t' || (code >= 0x20 && code != 0x7f);
    case State::size_end:
      digits_ = 0;
      state_ = left_ > 0 ? State::data : State::trailer;
      return c == '\n';
    case State::data_cr: state_ = State::data_lf; return c == '\r';
    case State::data_lf: state_ = State::size; return c == '\n';
    case State::trailer:
      ++extension_;
      if (c == '\r') state_ = State::trailer_lf;
      if (c != '\r') line_ += c;
      return c == '\r' || c == '\t' || (code >= 0x20 && code != 0x7f);
    case State::trailer_lf: return c == '\n' && end_trailer_line();
    default: return false;
  }
}

bool ChunkDecoder::end_trailer_line() {
  state_ = line_.empty() ? State::done : State::trailer;
  if (line_.empty()) return true;
  // Trailers are forgotten, as nothing of ours needs one; but one that frames is meant for somebody else.
  const std::string_view name = std::string_view(line_).substr(0, line_.find(':'));
  const bool frames = iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding") || iequals(name, "Host");
  const bool is_field = name.size() < line_.size() && is_token(name);
  line_.clear();
  return is_field && !frames;
}

}  // namespace cluse::net
