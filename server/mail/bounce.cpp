#include "server/mail/bounce.h"

#include "server/mail/spool.h"
#include "server/mail/token.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>

namespace cluse::mail {
namespace {

constexpr std::size_t kWordsMax = 500, kStatusMax = 11;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

void start_library() {
  static const bool kStarted = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(kStarted);
}

Owned<GMimeMessage> parse(std::string_view mail) {
  start_library();
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(mail.data(), mail.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string content_of(GMimeObject* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
  if (content == nullptr) return {};
  const Owned<GMimeStream> out(g_mime_stream_mem_new());
  if (g_mime_data_wrapper_write_to_stream(content, out.get()) < 0) return {};
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\r\n"), until = text.find_last_not_of(" \t\r\n");
  return from == std::string::npos ? "" : text.substr(from, until - from + 1);
}

// As it may be written to a log and shown: one line of printable words.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = ' ';
  if (text.size() > kWordsMax) text.resize(kWordsMax);
  return text;
}

bool is_status(std::string_view text) {
  return text.size() >= 5 && text.size() <= kStatusMax && text[1] == '.' &&
         std::ranges::all_of(text, [](unsigned char c) { return c == '.' || std::isdigit(c) != 0; });
}

// "Name: value" (continued on lines that begin with a space), in groups parted by empty lines (RFC 3464, section 2).
void take_fields(const std::string& text, Report& report) {
  std::string name, value;
  const auto settle = [&] {
    value = trimmed(value);
    if (name == "action" && lower(value) == "failed") report.is_final = true;
    // "5.1.1 (bad destination mailbox)": a comment may follow.
    if (const auto status = value.substr(0, value.find(' ')); name == "status" && is_status(status))
      report.status = status;
    if (name == "diagnostic-code") report.words = one_line(value);
    name.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && (line[0] == ' ' || line[0] == '\t') && !name.empty()) {
      value = trimmed(value) + ' ' + trimmed(line);
      continue;
    }
    settle();
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    name = lower(trimmed(line.substr(0, colon)));
    value = line.substr(colon + 1);
  }
  settle();
}

std::string token_in(GMimeMessage* message) {
  const char* id = message == nullptr ? nullptr : g_mime_message_get_message_id(message);
  const std::string_view text(id == nullptr ? "" : id);
  return std::string(text.substr(0, text.find('@')));
}

struct Found {
  Report report;
  bool has_status = false;
};

// A report has three parts: words for people, what happened, and the message or its head.
void look_at(GMimeObject* part, Found& found) {
  if (GMIME_IS_MESSAGE_PART(part)) {
    if (found.report.token.empty())
      found.report.token = token_in(g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)));
    return;
  }
  if (!GMIME_IS_PART(part)) return;
  GMimeContentType* type = g_mime_object_get_content_type(part);
  const auto is = [type](const char* first, const char* second) {
    return type != nullptr && g_mime_content_type_is_type(type, first, second) != 0;
  };
  if (is("message", "delivery-status") || is("message", "global-delivery-status")) {
    found.has_status = true;
    take_fields(content_of(part), found.report);
  } else if ((is("text", "rfc822-headers") || is("message", "global-headers")) && found.report.token.empty()) {
    found.report.token = token_in(parse(content_of(part)).get());
  }
}

}  // namespace

Result<Report> read_report(std::string_view mail) {
  if (mail.size() > kBounceBytesMax) return fail(Errc::too_large, "bounce_too_large");
  const auto message = parse(mail);
  Found found;
  // One level is all that a report has: what lies deeper is somebody's message.
  GMimeObject* root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
  if (root != nullptr && GMIME_IS_MULTIPART(root)) {
    const int count = std::min(g_mime_multipart_get_count(GMIME_MULTIPART(root)), 10);
    for (int i = 0; i < count; ++i) look_at(g_mime_multipart_get_part(GMIME_MULTIPART(root), i), found);
  }
  if (!found.has_status || found.report.token.empty()) return fail(Errc::invalid, "bounce_unreadable");
  return found.report;
}

Result<Taken> take_bounce(const std::filesystem::path& folder, std::string_view mail) {
  CLUSE_TRY(report, read_report(mail));
  CLUSE_TRY(secret, open_secret(folder));
  const auto name = name_in(secret, report.token);
  if (!name) return Taken::unknown;
  if (!report.is_final) return Taken::late;
  CLUSE_TRY(is_new, Spool::bounced(folder, *name, report.status + (report.words.empty() ? "" : " " + report.words)));
  return is_new ? Taken::noted : Taken::unknown;
}

}  // namespace cluse::mail
