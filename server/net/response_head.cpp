#include "server/net/response_head.h"

#include "server/base/log.h"
#include "server/net/text.h"

#include <array>
#include <ctime>

namespace cluse::net {
namespace {

std::string_view reason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return status < 400 ? "OK" : "Error";
  }
}

/// "Sun, 22 Nov 2026 09:30:00 GMT", made once a second for each thread.
const std::string& http_date() {
  thread_local std::time_t second = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now == second) return text;
  second = now;
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  char line[64];
  // strftime would follow the locale, which the protocol does not.
  std::snprintf(line, sizeof line, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  text = line;
  return text;
}

bool is_framing(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOurs = {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive",
                                                     "Date",           "X-Request-Id"};
  return std::any_of(kOurs.begin(), kOurs.end(), [&](std::string_view ours) { return iequals(ours, name); });
}

bool is_safe_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7f;
  });
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

const Headers& security_headers() {
  static const Headers headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
       "font-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
       "require-trusted-types-for 'script'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "same-origin"},
      {"Permissions-Policy",
       "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"}};
  return headers;
}

Headers::value_type strict_transport() {
  return {"Strict-Transport-Security", "max-age=63072000"};
}

bool has_header(const Headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& field) { return iequals(field.first, name); });
}

std::string response_head(int status, const Headers& headers, const HeadOptions& options) {
  std::string out;
  out.reserve(1024);
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason(status)).append("\r\n");
  append(out, "Date", http_date());
  for (const auto& [name, value] : headers) {
    if (is_framing(name)) continue;
    if (is_token(name) && is_safe_value(value)) {
      append(out, name, value);
    } else {
      log_warning("response_header_dropped", {{"header", name}});
    }
  }
  if (!is_bodiless(status) && options.content_length) {
    append(out, "Content-Length", std::to_string(*options.content_length));
  }
  if (!options.keep_alive) append(out, "Connection", "close");
  if (!options.request_id.empty()) append(out, "X-Request-Id", options.request_id);
  for (const auto& [name, value] : security_headers()) {
    if (!has_header(headers, name)) append(out, name, value);
  }
  if (options.tls && !has_header(headers, strict_transport().first)) {
    append(out, strict_transport().first, strict_transport().second);
  }
  return out.append("\r\n");
}

}  // namespace cluse::net
