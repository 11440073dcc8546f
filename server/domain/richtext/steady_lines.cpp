// md4c, up to the release of Debian 12, asks at a blank line whether the block before it is a list item that has only
// just begun, and looks at the wrong place when that block has lines: it takes the low byte of an offset in the file
// for the kind of the block. The offset is where the last line begins behind its signs, or where it ends in a code
// block. One offset in 256 says "list item", and what follows leaves the list. A carriage return before such a line
// moves it.
#include "server/domain/richtext/steady_lines.h"

#include <md4c.h>
#include <algorithm>

namespace cluse::domain::richtext {

namespace {

bool says_item(std::size_t offset) {
  return offset % 256 == MD_BLOCK_LI;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// The signs of lists, quotes, headings and tasks that the line begins with: the length of the first, 0 if none.
std::size_t sign_length(std::string_view line) {
  const auto followed = [line](std::size_t at) { return at == line.size() || is_blank(line[at]); };
  if (line.front() == '>') return 1;
  if (line.size() > 2 && line[0] == '[' && line[2] == ']') return 3;
  if (std::string_view("-+*").find(line.front()) != std::string_view::npos) return followed(1) ? 1 : 0;
  std::size_t size = std::min(line.find_first_not_of('#'), line.size());
  if (size > 0) return followed(size) ? size : 0;
  size = std::min(line.find_first_not_of("0123456789"), line.size());
  if (size == 0 || size == line.size()) return 0;
  return (line[size] == '.' || line[size] == ')') && followed(size + 1) ? size + 1 : 0;
}

// Whether the line, at `offset`, may begin where it must not: behind any of its signs.
bool may_mislead(std::string_view line, std::size_t offset) {
  for (std::size_t at = 0;;) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size()) return false;
    if (says_item(offset + at)) return true;
    const std::size_t sign = sign_length(line.substr(at));
    if (sign == 0) return false;
    at += sign;
  }
}

bool is_fence(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t>");
  if (begin == std::string_view::npos) return false;
  return line.substr(begin).starts_with("```") || line.substr(begin).starts_with("~~~");
}

std::string_view line_at(std::string_view text, std::size_t begin) {
  return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

std::string steady_lines(std::string_view markdown) {
  std::string out;
  out.reserve(markdown.size() + markdown.size() / 64 + 1);
  for (std::size_t begin = 0; begin < markdown.size();) {
    const std::string_view line = line_at(markdown, begin);
    begin += line.size() + 1;
    const bool ends_code = begin < markdown.size() && is_fence(line_at(markdown, begin));
    if (ends_code ? says_item(out.size() + line.size()) : may_mislead(line, out.size())) {
      out.insert(out.empty() ? 0 : out.size() - 1, 1, out.empty() ? '\n' : '\r');
    }
    out += line;
    if (begin <= markdown.size()) out += '\n';
  }
  return out;
}

}  // namespace cluse::domain::richtext
