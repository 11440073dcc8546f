#include "server/domain/richtext/inline_markdown.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cluse::domain::richtext {

namespace {

// What a line is made of before it is put together. Delimiters of emphasis only count for a CommonMark parser if their
// neighbours let them; text pieces are escaped already, and `first` and `last` are their characters as written.
struct Piece {
  enum class Kind { kText, kOpen, kClose, kOther } kind;
  std::string written;
  std::string raw;  // of a text piece: before escaping
};

// From the outside in. Underline is written as HTML; code is not here, it is a text of its own kind.
constexpr std::array<std::string_view, 5> kOrder{"link", "underline", "bold", "strike", "italic"};

bool is_ascii_punctuation(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
}

bool is_ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_alnum(char c) {
  return is_ascii_alnum(c) || static_cast<unsigned char>(c) > 0x7f;
}

std::string_view first_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return text.substr(0, size);
}

std::string_view last_character(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return text.substr(begin);
}

bool is_unicode_space(std::string_view c) {
  constexpr std::array<std::string_view, 17> kSpaces{"\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                     "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                                     "\u200A", "\u202F", "\u205F", "\u3000", " "};
  return std::ranges::find(kSpaces, c) != kSpaces.end();
}

std::string as_entity(std::string_view c) {
  char32_t code_point = static_cast<unsigned char>(c[0]);
  if (c.size() > 1) {
    code_point &= 0xFFU >> (c.size() + 1);
    for (std::size_t i = 1; i < c.size(); ++i)
      code_point = (code_point << 6) | (static_cast<unsigned char>(c[i]) & 0x3F);
  }
  return "&#" + std::to_string(static_cast<std::uint32_t>(code_point)) + ";";
}

// Would a parser see a bare address or a mail address around position `i`? Then its key character is escaped.
bool starts_address(std::string_view text, std::size_t i) {
  const std::string_view before = text.substr(0, i);
  if (text[i] == ':') return text.substr(i).starts_with("://");
  if (text[i] == '.') return before.ends_with("www") || before.ends_with("WWW");
  return text[i] == '@' && i > 0 && i + 1 < text.size();
}

// `underscores`: also those inside words, which only matter to a parser beside real emphasis.
std::string escaped(std::string_view text, bool in_table, bool underscores) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool edge = i == 0 || i + 1 == text.size();
    const char next = i + 1 < text.size() ? text[i + 1] : 'a';
    bool escape = std::string_view("\\`*[]<~").find(c) != std::string_view::npos;
    escape = escape || (c == '_' && (underscores || edge || !is_ascii_alnum(text[i - 1]) || !is_ascii_alnum(next)));
    escape = escape || (c == '&' && (next == '#' || is_alnum(next)));
    escape = escape || (c == '!' && i + 1 == text.size());
    escape = escape || (c == '|' && in_table);
    escape = escape || ((c == ':' || c == '.' || c == '@') && starts_address(text, i));
    if (escape) out += '\\';
    out += c;
  }
  return out;
}

// At the beginning of a line some words are the sign of a block.
std::string escaped_line_start(std::string line) {
  if (line.empty()) return line;
  const char next = line.size() > 1 ? line[1] : ' ';
  const auto next_is = [next](std::string_view set) { return set.find(next) != std::string_view::npos; };
  const char c = line[0];
  const bool escape = c == '#' || c == '>' || c == '|' || (c == '-' && next_is(" -|:")) || (c == '+' && next_is(" ")) ||
                      (c == '=' && next_is(" =")) || (c == ':' && next_is("-"));
  if (escape) return "\\" + line;
  const std::size_t digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || (line[digits] != '.' && line[digits] != ')')) return line;
  if (digits + 1 == line.size() || line[digits + 1] == ' ') line.insert(digits, "\\");
  return line;
}

std::string code_span(std::string_view text, bool in_table) {
  std::size_t longest = 0;
  std::size_t length = 0;
  std::string inside;
  for (const char c : text) {
    length = c == '`' ? length + 1 : 0;
    longest = std::max(longest, length);
    if (c == '|' && in_table) inside += '\\';
    inside += c;
  }
  const std::string fence(longest + 1, '`');
  const bool blank = inside.find_first_not_of(' ') == std::string::npos;
  const bool pad =
      !blank && (inside.front() == '`' || inside.back() == '`' || inside.front() == ' ' || inside.back() == ' ');
  return fence + (pad ? " " + inside + " " : inside) + fence;
}

class LineWriter {
 public:
  explicit LineWriter(LineKind kind) : kind_(kind) {}

  std::string write(const Nodes& content) {
    marked_ = std::ranges::any_of(content, [](const XmlNode& node) { return !node.attributes.empty(); });
    for (const XmlNode& node : content) {
      if (node.name == "hardBreak") {
        change_marks({});
        pieces_.push_back({Piece::Kind::kOther, kind_ == LineKind::kCell ? "<br>" : "\\\n", {}});
        continue;
      }
      change_marks(node.attributes);
      add_run(node);
    }
    change_marks({});
    settle_delimiters();
    return joined();
  }

 private:
  void add_run(const XmlNode& node) {
    const bool in_table = kind_ == LineKind::kCell;
    if (node.attributes.contains("code")) {
      pieces_.push_back({Piece::Kind::kOther, code_span(node.text, in_table), {}});
      return;
    }
    std::string written = escaped(node.text, in_table, marked_);
    const bool starts_line = pieces_.empty() || pieces_.back().written == "\\\n";
    if (starts_line && kind_ == LineKind::kParagraph) written = escaped_line_start(std::move(written));
    pieces_.push_back({Piece::Kind::kText, std::move(written), node.text});
  }

  // Closes what the next run does not carry (and what stands inside it), then opens what is new.
  void change_marks(const Marks& wanted) {
    std::size_t keep = 0;
    while (keep < open_.size()) {
      const auto found = wanted.find(open_[keep].first);
      if (found == wanted.end() || found->second != open_[keep].second) break;
      ++keep;
    }
    // A mark further out that begins now cannot begin inside those that go on.
    for (const std::string_view name : kOrder) {
      const auto found = wanted.find(std::string(name));
      if (found == wanted.end()) continue;
      const auto at = std::ranges::find(open_, found->first, &std::pair<std::string, crdt::Value>::first);
      if (at != open_.end()) continue;
      std::size_t outer = 0;
      while (outer < open_.size() && rank(open_[outer].first) < rank(name)) ++outer;
      keep = std::min(keep, outer);
    }
    while (open_.size() > keep) {
      pieces_.push_back(delimiter(open_.back().first, open_.back().second, false));
      open_.pop_back();
    }
    for (const std::string_view name : kOrder) {
      const auto found = wanted.find(std::string(name));
      if (found == wanted.end()) continue;
      if (std::ranges::find(open_, found->first, &std::pair<std::string, crdt::Value>::first) != open_.end()) continue;
      pieces_.push_back(delimiter(found->first, found->second, true));
      open_.emplace_back(found->first, found->second);
    }
  }

  static std::size_t rank(std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(kOrder, name) - kOrder.begin());
  }

  [[nodiscard]] Piece delimiter(std::string_view mark, const crdt::Value& value, bool opening) const {
    if (mark == "link") {
      const auto* attributes = std::get_if<crdt::ValueMap>(&value.data);
      const std::string href = attributes == nullptr ? std::string() : text_attribute(*attributes, "href");
      return {Piece::Kind::kOther, opening ? "[" : "](" + link_target(href) + ")", {}};
    }
    if (mark == "underline") return {Piece::Kind::kOther, opening ? "<u>" : "</u>", {}};
    const auto kind = opening ? Piece::Kind::kOpen : Piece::Kind::kClose;
    return {kind, mark == "bold" ? "**" : mark == "strike" ? "~~" : "_", {}};
  }

  // CommonMark's flanking rules, met by encoding the character beside a delimiter where they would not hold. What is
  // encoded turns from a letter into a sign, which may ask for more of it: hence until nothing changes.
  void settle_delimiters() {
    for (bool changed = true; changed;) {
      const std::size_t before = encoded_;
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (pieces_[i].kind == Piece::Kind::kOpen) settle(i, i + 1, i - 1);
        if (pieces_[i].kind == Piece::Kind::kClose) settle(i, i - 1, i + 1);
      }
      changed = encoded_ != before;
    }
  }

  void settle(std::size_t at, std::size_t inside, std::size_t outside) {
    const bool before = outside < at || at == 0;  // the outside is before an opening delimiter
    bool inside_is_sign = true;
    Piece& in = pieces_[inside];
    if (in.kind == Piece::Kind::kText) {
      const std::string_view c = before ? first_character(in.raw) : last_character(in.raw);
      if (is_unicode_space(c)) {
        encode(in, before);
      } else {
        inside_is_sign = c.size() > 1 || is_ascii_punctuation(c[0]) || is_encoded(in, before);
        // Letters beyond ASCII are letters for everyone; signs beyond ASCII are not worth a table of their own.
        if (c.size() > 1 && is_latin_letter(c)) inside_is_sign = is_encoded(in, before);
      }
    }
    const bool strict = pieces_[at].written != "**";
    if (outside >= pieces_.size() || pieces_[outside].kind != Piece::Kind::kText || (!inside_is_sign && !strict))
      return;
    Piece& out = pieces_[outside];
    const std::string_view c = before ? last_character(out.raw) : first_character(out.raw);
    const bool quiet = is_unicode_space(c) || (c.size() == 1 && is_ascii_punctuation(c[0])) || is_encoded(out, !before);
    if (!quiet) encode(out, !before);
  }

  static bool is_latin_letter(std::string_view c) {
    return c >= "\u00C0" && c <= "\u024F" && c != "\u00D7" && c != "\u00F7";
  }

  static bool is_encoded(const Piece& piece, bool first) {
    const std::string_view c = first ? first_character(piece.raw) : last_character(piece.raw);
    const std::string entity = as_entity(c);
    return first ? piece.written.starts_with(entity) : piece.written.ends_with(entity);
  }

  void encode(Piece& piece, bool first) {
    if (is_encoded(piece, first)) return;
    ++encoded_;
    const std::string_view c = first ? first_character(piece.raw) : last_character(piece.raw);
    // Only letters, digits and blanks come here, and those are never escaped.
    if (first) {
      piece.written.replace(0, c.size(), as_entity(c));
    } else {
      piece.written.resize(piece.written.size() - c.size());
      piece.written += as_entity(c);
    }
  }

  std::string joined() const {
    std::string line;
    for (const Piece& piece : pieces_) line += piece.written;
    if (kind_ == LineKind::kHeading && line.ends_with('#')) line.insert(line.size() - 1, "\\");
    return line;
  }

  LineKind kind_;
  bool marked_ = false;  // somewhere in this line
  std::vector<Piece> pieces_;
  std::size_t encoded_ = 0;
  std::vector<std::pair<std::string, crdt::Value>> open_;
};

}  // namespace

std::string inline_markdown(const Nodes& content, LineKind kind) {
  return LineWriter(kind).write(content);
}

std::string escaped_words(std::string_view text, bool in_table) {
  std::string out;
  for (const char c : escaped(text, in_table, false)) out += c == '"' ? std::string("\\\"") : std::string(1, c);
  return out;
}

std::string link_target(std::string_view address) {
  std::string out;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    const bool entity = c == '&' && i + 1 < address.size() && (address[i + 1] == '#' || is_alnum(address[i + 1]));
    if (entity || std::string_view("\\`*_[]<>()~!\"'").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace cluse::domain::richtext
