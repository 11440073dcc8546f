#include "server/mail/compose.h"

#include "server/base/bytes.h"
#include "server/storage/sha256.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace cluse::mail {
namespace {

constexpr std::size_t kAddressBytesMax = 254;
// "=?UTF-8?B?" + "?=" leave 63 of the 75 characters of an encoded word: 45 bytes in base64.
constexpr std::size_t kWordBytesMax = 45;
constexpr std::size_t kPlainHeaderMax = 60;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_plain(std::string_view text) {
  if (text.size() > kPlainHeaderMax) return false;
  for (const char c : text) {
    // Besides what is not ASCII: what means something in a header's phrase.
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
    if (std::string_view("()<>[]:;@\\,.\"=?_").find(c) != std::string_view::npos) return false;
  }
  return true;
}

std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

std::string domain_of(std::string_view address) {
  return std::string(address.substr(address.rfind('@') + 1));
}

std::string message_id(std::string_view key, const Sender& sender) {
  return '<' + storage::sha256_hex(key).substr(0, 40) + '@' + domain_of(sender.address) + '>';
}

std::string mailbox(const std::string& name, const std::string& address) {
  return name.empty() ? address : header_words(name) + " <" + address + '>';
}

void add(std::string& out, std::string_view name, const std::string& value) {
  out += std::string(name) + ": " + value + "\r\n";
}

void add_part(std::string& out, const std::string& boundary, std::string_view type, std::string_view content) {
  out += "--" + boundary + "\r\n";
  add(out, "Content-Type", std::string(type) + "; charset=utf-8");
  add(out, "Content-Transfer-Encoding", "quoted-printable");
  out += "\r\n" + quoted_printable(content) + "\r\n";
}

std::string headers(const Message& message, const Sender& sender, Instant now, const std::string& token) {
  std::string out;
  add(out, "From", mailbox(sender.name, sender.address));
  add(out, "To", mailbox(message.to_name, message.to));
  add(out, "Subject", header_words(message.subject));
  add(out, "Date", mail_date(now));
  add(out, "Message-ID",
      token.empty() ? message_id("message " + message.key, sender)
                    : '<' + token + '@' + domain_of(sender.address) + '>');
  if (!message.thread.empty()) {
    // The root need not exist: mail programs gather what names the same one.
    const std::string root = message_id("thread " + message.thread, sender);
    add(out, "In-Reply-To", root);
    add(out, "References", root);
  }
  // No holiday notice answers this (RFC 3834).
  add(out, "Auto-Submitted", "auto-generated");
  if (!message.unsubscribe_url.empty()) {
    add(out, "List-Unsubscribe", '<' + without_controls(message.unsubscribe_url) + '>');
    add(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  add(out, "Content-Language", message.language == "de" ? "de" : "fr");
  add(out, "MIME-Version", "1.0");
  return out;
}

}  // namespace

bool is_sendable(std::string_view address) {
  const auto at = address.find('@');
  if (address.size() > kAddressBytesMax || at == std::string_view::npos || at == 0 || at + 1 == address.size() ||
      at != address.rfind('@'))
    return false;
  for (const char c : address) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) > 0x7e) return false;
    if (std::string_view("<>\"(),;:\\[]").find(c) != std::string_view::npos) return false;
  }
  return true;
}

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

std::string header_words(std::string_view utf8) {
  const std::string text = without_controls(utf8);
  if (is_plain(text)) return text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    // An encoded word holds whole characters (RFC 2047, section 5).
    std::size_t end = std::min(at + kWordBytesMax, text.size());
    while (end < text.size() && end > at + 1 && is_continuation(text[end])) --end;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + to_base64(text.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

std::string quoted_printable(std::string_view utf8) {
  constexpr std::size_t kLineMax = 76;
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out, line;
  const auto put = [&](std::string_view token) {
    if (line.size() + token.size() > kLineMax - 1) {
      out += line + "=\r\n";
      line.clear();
    }
    line += token;
  };
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (c == '\n') {
      out += line + "\r\n";
      line.clear();
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const bool ends_line = i + 1 == utf8.size() || utf8[i + 1] == '\n';
    const bool literal =
        (byte > 0x20 && byte < 0x7f && c != '=' && !(c == '.' && line.empty())) || (c == ' ' && !ends_line);
    const char encoded[] = {'=', kHex[byte >> 4U], kHex[byte & 15U]};
    put(literal ? std::string_view(&utf8[i], 1) : std::string_view(encoded, 3));
  }
  return out + line;
}

std::string mail_date(Instant at) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_time<milliseconds> point{milliseconds(at.ms)};
  const auto midnight = floor<days>(point);
  const year_month_day date{midnight};
  const hh_mm_ss time{floor<seconds>(point - midnight)};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[weekday{midnight}.c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

Result<std::string> compose(const Message& message, const Sender& sender, Instant now, const std::string& token) {
  if (!is_sendable(message.to) || !is_sendable(sender.address))
    return fail(Errc::invalid, "mail_address_wrong", "not an address that a mail can be sent to or from");
  // No quoted-printable line can hold it: a literal "=" is always followed by two digits or the line's end.
  const std::string boundary = "=_" + storage::sha256_hex(message.key).substr(0, 32);
  std::string out = headers(message, sender, now, token);
  add(out, "Content-Type", "multipart/alternative; boundary=\"" + boundary + '"');
  out += "\r\n";
  add_part(out, boundary, "text/plain", message.text);
  add_part(out, boundary, "text/html", message.html);
  out += "--" + boundary + "--\r\n";
  return out;
}

}  // namespace cluse::mail
