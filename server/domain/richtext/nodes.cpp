#include "server/domain/richtext/nodes.h"

#include "server/base/bytes.h"

#include <gumbo.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace cluse::domain::richtext {

namespace {

constexpr std::size_t kAddressBytesMax = 2048;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

// Browsers ignore tabs and line ends anywhere in an address and blanks around it: so must the check. What Markdown
// would trip over (blanks, bars) is encoded.
std::string as_browsers_read(std::string_view address) {
  std::string plain;
  for (const char c : address)
    if (static_cast<unsigned char>(c) > 0x20 || c == ' ')
      if (c != 0x7f) plain += c;
  const auto begin = plain.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  plain = plain.substr(begin, plain.find_last_not_of(' ') - begin + 1);
  std::string encoded;
  for (const char c : plain) {
    if (c == ' ') {
      encoded += "%20";
    } else if (c == '|') {
      encoded += "%7C";
    } else {
      encoded += c;
    }
  }
  return encoded;
}

// The scheme in lower case, or nothing for a relative address.
std::optional<std::string> scheme_of(std::string_view address) {
  const auto colon = address.find(':');
  if (colon == std::string_view::npos || address.find_first_of("/?#") < colon) return std::nullopt;
  std::string scheme;
  for (const char c : address.substr(0, colon)) scheme += lower(c);
  return scheme;
}

}  // namespace

XmlNode element(std::string_view name, Nodes children) {
  XmlNode node;
  node.name = name;
  node.children = std::move(children);
  return node;
}

XmlNode run(std::string text, Marks marks) {
  XmlNode node;
  node.text = std::move(text);
  node.attributes = std::move(marks);
  return node;
}

bool is_inline(const XmlNode& node) {
  return node.name.empty() || node.name == "hardBreak";
}

crdt::Value value_of(std::string_view text) {
  return crdt::Value{std::string(text)};
}

crdt::Value value_of(double number) {
  return crdt::Value{number};
}

std::string text_attribute(const Marks& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) return {};
  const auto* text = std::get_if<std::string>(&found->second.data);
  return text == nullptr ? std::string() : *text;
}

int number_attribute(const Marks& attributes, const std::string& name, int otherwise) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) return otherwise;
  if (const auto* number = std::get_if<double>(&found->second.data)) {
    return std::isfinite(*number) ? static_cast<int>(std::clamp(*number, 0.0, 999'999'999.0)) : otherwise;
  }
  const std::string text = text_attribute(attributes, name);
  int parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  return error == std::errc() && end == text.data() + text.size() && parsed >= 0 ? parsed : otherwise;
}

bool flag_attribute(const Marks& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  if (found == attributes.end()) return false;
  const auto* flag = std::get_if<bool>(&found->second.data);
  return flag != nullptr ? *flag : text_attribute(attributes, name) == "true";
}

std::optional<std::string> safe_link(std::string_view address) {
  std::string plain = as_browsers_read(address);
  if (plain.empty() || plain.size() > kAddressBytesMax) return std::nullopt;
  // "//elsewhere" and its disguises with backslashes lead to another host without saying so.
  if (plain.size() > 1 && (plain[0] == '/' || plain[0] == '\\') && (plain[1] == '/' || plain[1] == '\\')) {
    return std::nullopt;
  }
  const auto scheme = scheme_of(plain);
  if (scheme && *scheme != "http" && *scheme != "https" && *scheme != "mailto") return std::nullopt;
  return plain;
}

std::optional<std::string> safe_image(std::string_view address) {
  auto plain = safe_link(address);
  if (!plain) return std::nullopt;
  const auto scheme = scheme_of(*plain);
  if (scheme) return *scheme == "https" ? plain : std::nullopt;
  const bool ours = plain->starts_with("/api/v1/documents/") && plain->find("/images/") != std::string::npos;
  return ours && plain->find("..") == std::string::npos ? plain : std::nullopt;
}

std::string safe_language(std::string_view name) {
  constexpr std::size_t kLanguageBytesMax = 40;
  const auto fits = [](char c) { return is_alnum(c) || c == '_' || c == '+' || c == '-' || c == '.' || c == '#'; };
  if (name.size() > kLanguageBytesMax || !std::ranges::all_of(name, fits)) return {};
  return std::string(name);
}

Result<std::string> readable(std::string_view file) {
  if (file.size() > kImportBytesMax) return fail(Errc::too_large, "body_too_large", "an import is at most 10 MiB");
  if (file.starts_with("\xEF\xBB\xBF")) file.remove_prefix(3);
  if (file.find('\0') != std::string_view::npos || !is_utf8(file)) {
    return fail(Errc::unsupported, "import_not_text", "not UTF-8 text");
  }
  std::string text;
  text.reserve(file.size());
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (file[i] != '\r') {
      text += file[i];
    } else if (i + 1 == file.size() || file[i + 1] != '\n') {
      text += '\n';
    }
  }
  return text;
}

std::string without_controls(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7f) || c == '\t' || c == '\n') kept += c;
  }
  return kept;
}

void append_utf8(std::string& out, char32_t code_point) {
  if (code_point == 0 || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = 0xFFFD;
  const auto put = [&out](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::string decode_entity(std::string_view entity) {
  const bool closed = entity.size() > 3 && entity.front() == '&' && entity.back() == ';';
  if (!closed) return std::string(entity);
  if (entity[1] == '#') {
    const bool hexadecimal = lower(entity[2]) == 'x';
    const char* begin = entity.data() + (hexadecimal ? 3 : 2);
    std::uint32_t code_point = 0;
    const auto parsed = std::from_chars(begin, entity.data() + entity.size() - 1, code_point, hexadecimal ? 16 : 10);
    std::string text;
    append_utf8(text, parsed.ec == std::errc() ? static_cast<char32_t>(code_point) : U'\uFFFD');
    return text;
  }
  // The HTML parser owns the table of the 2231 names; it is asked with the entity as the whole document.
  GumboOutput* output = gumbo_parse_with_options(&kGumboDefaultOptions, entity.data(), entity.size());
  std::string text(entity);
  const GumboNode* node = output->root;
  while (node != nullptr && node->type == GUMBO_NODE_ELEMENT && node->v.element.children.length > 0) {
    const auto& children = node->v.element.children;
    node = static_cast<const GumboNode*>(children.data[children.length - 1]);
  }
  if (node != nullptr && node->type == GUMBO_NODE_TEXT) text = node->v.text.text;
  gumbo_destroy_output(&kGumboDefaultOptions, output);
  return text;
}

Builder::Builder() : open_(1) {}

void Builder::count(std::size_t bytes) {
  ++nodes_;
  bytes_ += bytes;
  if (nodes_ > kImportNodesMax || bytes_ > kImportTextBytesMax) full_ = true;
}

void Builder::open(std::string_view name, Marks attributes) {
  made_.push_back(!full_ && open_.size() <= kDepthMax);
  if (!made_.back()) return;
  count(0);
  open_.push_back(element(name));
  open_.back().attributes = std::move(attributes);
}

void Builder::close() {
  if (made_.empty()) return;
  const bool made = made_.back();
  made_.pop_back();
  if (!made) return;
  XmlNode node = std::move(open_.back());
  open_.pop_back();
  open_.back().children.push_back(std::move(node));
}

void Builder::text(std::string_view text, const Marks& marks) {
  if (full_ || text.empty()) return;
  auto& siblings = open_.back().children;
  if (!siblings.empty() && siblings.back().name.empty() && siblings.back().attributes == marks) {
    bytes_ += text.size();
    if (bytes_ > kImportTextBytesMax) full_ = true;
    siblings.back().text += without_controls(text);
    return;
  }
  count(text.size() + (marks.contains("link") ? kAddressBytesMax / 16 : 0));
  siblings.push_back(run(without_controls(text), marks));
}

void Builder::leaf(XmlNode node) {
  if (full_) return;
  count(text_attribute(node.attributes, "src").size());
  open_.back().children.push_back(std::move(node));
}

XmlNode* Builder::innermost(std::string_view name) {
  const auto found =
      std::find_if(open_.rbegin(), open_.rend(), [name](const XmlNode& node) { return node.name == name; });
  return found == open_.rend() ? nullptr : &*found;
}

Result<Nodes> Builder::finish() {
  while (!made_.empty()) close();
  if (full_) return fail(Errc::too_large, "body_too_large", "the text has too many parts");
  return fit_to_schema(std::move(open_.front().children));
}

namespace {

std::string_view address_at(std::string_view text) {
  const std::string_view scheme = text.starts_with("https://") ? "https://" : "http://";
  if (!text.starts_with(scheme)) return {};
  constexpr std::size_t kAddressMax = 1000;  // also bounds the cost of a line of addresses without end
  std::size_t end = scheme.size();
  while (end < text.size() && end <= kAddressMax &&
         std::string_view(" \t<>\"").find(text[end]) == std::string_view::npos &&
         !text.substr(end).starts_with("\u00A0") && !text.substr(end).starts_with("\u202F") &&
         !text.substr(end).starts_with("»")) {
    ++end;
  }
  if (end > kAddressMax) return {};
  while (end > 0 && std::string_view(".,;:!?)]'").find(text[end - 1]) != std::string_view::npos) --end;
  return end > scheme.size() ? text.substr(0, end) : std::string_view();
}

}  // namespace

std::optional<Address> find_address(std::string_view text) {
  for (auto begin = text.find("http"); begin != std::string_view::npos; begin = text.find("http", begin + 1)) {
    const std::string_view address = address_at(text.substr(begin));
    if (auto href = address.empty() ? std::nullopt : safe_link(address)) {
      return Address{begin, address.size(), std::move(*href)};
    }
  }
  return std::nullopt;
}

}  // namespace cluse::domain::richtext
