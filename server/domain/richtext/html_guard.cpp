// The HTML parsing algorithm has corners whose cost grows with the square of the input, or with its depth on the call
// stack: elements nested by the million, unclosed formatting that is opened again in every paragraph. The guard keeps a
// stack of its own that is at least as deep as the parser's will be (closing tags it is not sure of are dropped, which
// leaves it deeper) and lets no tag through that would pass the limit. Formatting loses its attributes, because the
// parser then remembers at most three of a kind.
#include "server/domain/richtext/html_guard.h"

#include "server/domain/richtext/nodes.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cluse::domain::richtext {

namespace {

enum class Kind { kVoid, kFormat, kBlock };

struct Known {
  std::string_view name;
  Kind kind;
  std::string_view attributes;  // those that may pass, separated by blanks
};

constexpr auto kKnown = std::to_array<Known>({
    {"a", Kind::kFormat, "href"},
    {"address", Kind::kBlock, ""},
    {"article", Kind::kBlock, ""},
    {"aside", Kind::kBlock, ""},
    {"b", Kind::kFormat, ""},
    {"big", Kind::kFormat, ""},
    {"blockquote", Kind::kBlock, ""},
    {"br", Kind::kVoid, ""},
    {"caption", Kind::kBlock, ""},
    {"center", Kind::kBlock, ""},
    {"cite", Kind::kBlock, ""},
    {"code", Kind::kFormat, "class"},
    {"dd", Kind::kBlock, ""},
    {"del", Kind::kBlock, ""},
    {"details", Kind::kBlock, ""},
    {"dfn", Kind::kBlock, ""},
    {"div", Kind::kBlock, ""},
    {"dl", Kind::kBlock, ""},
    {"dt", Kind::kBlock, ""},
    {"em", Kind::kFormat, ""},
    {"fieldset", Kind::kBlock, ""},
    {"figcaption", Kind::kBlock, ""},
    {"figure", Kind::kBlock, ""},
    {"footer", Kind::kBlock, ""},
    {"form", Kind::kBlock, ""},
    {"h1", Kind::kBlock, ""},
    {"h2", Kind::kBlock, ""},
    {"h3", Kind::kBlock, ""},
    {"h4", Kind::kBlock, ""},
    {"h5", Kind::kBlock, ""},
    {"h6", Kind::kBlock, ""},
    {"header", Kind::kBlock, ""},
    {"hgroup", Kind::kBlock, ""},
    {"hr", Kind::kVoid, ""},
    {"i", Kind::kFormat, ""},
    {"img", Kind::kVoid, "src alt title"},
    {"input", Kind::kVoid, "type checked"},
    {"ins", Kind::kBlock, ""},
    {"kbd", Kind::kBlock, ""},
    {"li", Kind::kBlock, "data-checked"},
    {"main", Kind::kBlock, ""},
    {"nav", Kind::kBlock, ""},
    {"ol", Kind::kBlock, "start"},
    {"p", Kind::kBlock, ""},
    {"pre", Kind::kBlock, "class"},
    {"s", Kind::kFormat, ""},
    {"samp", Kind::kBlock, ""},
    {"section", Kind::kBlock, ""},
    {"small", Kind::kFormat, ""},
    {"strike", Kind::kFormat, ""},
    {"strong", Kind::kFormat, ""},
    {"summary", Kind::kBlock, ""},
    {"table", Kind::kBlock, ""},
    {"tbody", Kind::kBlock, ""},
    {"td", Kind::kBlock, "colspan rowspan"},
    {"tfoot", Kind::kBlock, ""},
    {"th", Kind::kBlock, "colspan rowspan"},
    {"thead", Kind::kBlock, ""},
    {"tr", Kind::kBlock, ""},
    {"tt", Kind::kFormat, ""},
    {"u", Kind::kFormat, ""},
    {"ul", Kind::kBlock, ""},
    {"var", Kind::kBlock, ""},
    {"wbr", Kind::kVoid, ""},
    {"dir", Kind::kBlock, ""},
    {"menu", Kind::kBlock, ""},
});

// Dropped together with everything up to their closing tag.
constexpr std::array<std::string_view, 16> kDropped{"script",  "style",    "title", "textarea", "noscript", "iframe",
                                                    "noembed", "noframes", "xmp",   "template", "svg",      "math",
                                                    "object",  "select",   "audio", "video"};

const Known* known(std::string_view name) {
  const auto found = std::ranges::find(kKnown, name, &Known::name);
  return found == kKnown.end() ? nullptr : &*found;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f';
}

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

class Guard {
 public:
  explicit Guard(std::string_view html) : html_(html) {}

  Result<std::string> run() {
    while (at_ < html_.size()) {
      const auto next = std::min(html_.find('<', at_), html_.size());
      out_ += html_.substr(at_, next - at_);
      at_ = next;
      if (at_ < html_.size()) markup();
      if (elements_ > kImportNodesMax) return fail(Errc::too_large, "body_too_large", "too many HTML elements");
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }

  void skip_past(std::string_view mark) {
    const auto found = html_.find(mark, at_);
    at_ = found == std::string_view::npos ? html_.size() : found + mark.size();
  }

  void markup() {
    if (html_.substr(at_).starts_with("<!--")) {
      at_ += 2;
      return skip_past("-->");
    }
    if (is_letter(peek(1))) return start_tag();
    if (peek(1) == '/' && is_letter(peek(2))) return end_tag();
    if (peek(1) == '!' || peek(1) == '?' || peek(1) == '/') return skip_past(">");
    out_ += "&lt;";
    ++at_;
  }

  std::string name() {
    std::string read;
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') {
      read += lower(html_[at_++]);
    }
    return read;
  }

  void start_tag() {
    ++at_;
    const std::string tag = name();
    const Known* element = known(tag);
    const std::string attributes = read_attributes(element == nullptr ? std::string_view() : element->attributes);
    if (std::ranges::find(kDropped, tag) != kDropped.end()) return skip_element(tag);
    if (element == nullptr) return;
    if (element->kind != Kind::kVoid) {
      close_implied(tag);
      if (stack_.size() >= kHtmlDepthMax) return;
      stack_.push_back(element);
    }
    ++elements_;
    out_ += "<" + tag + attributes + ">";
  }

  // Reads up to and past '>'; gives those named in `wanted` (blank-separated), written anew.
  std::string read_attributes(std::string_view wanted) {
    std::string kept;
    while (at_ < html_.size() && html_[at_] != '>') {
      if (is_space(html_[at_]) || html_[at_] == '/') {
        ++at_;
        continue;
      }
      const std::size_t begin = at_++;
      while (at_ < html_.size() && !is_space(html_[at_]) &&
             std::string_view("=/>").find(html_[at_]) == std::string_view::npos)
        ++at_;
      std::string attribute;
      for (const char c : html_.substr(begin, at_ - begin)) attribute += lower(c);
      const std::string_view value = read_value();
      if (!is_wanted(attribute, wanted)) continue;
      kept += " " + attribute + "=\"";
      for (const char c : value) kept += c == '"' ? std::string("&quot;") : std::string(1, c);
      kept += '"';
    }
    if (at_ < html_.size()) ++at_;
    return kept;
  }

  static bool is_wanted(std::string_view attribute, std::string_view wanted) {
    const auto found = attribute.empty() ? std::string_view::npos : wanted.find(attribute);
    if (found == std::string_view::npos) return false;
    const auto end = found + attribute.size();
    return (found == 0 || wanted[found - 1] == ' ') && (end == wanted.size() || wanted[end] == ' ');
  }

  std::string_view read_value() {
    std::size_t probe = at_;
    while (probe < html_.size() && is_space(html_[probe])) ++probe;
    if (probe >= html_.size() || html_[probe] != '=') return {};
    at_ = probe + 1;
    while (at_ < html_.size() && is_space(html_[at_])) ++at_;
    const char quote = peek(0);
    const bool quoted = quote == '"' || quote == '\'';
    if (quoted) ++at_;
    const std::size_t begin = at_;
    while (at_ < html_.size()) {
      const char c = html_[at_];
      if (quoted ? c == quote : (is_space(c) || c == '>')) break;
      ++at_;
    }
    const std::string_view value = html_.substr(begin, at_ - begin);
    if (quoted && at_ < html_.size()) ++at_;
    return value;
  }

  void skip_element(std::string_view tag) {
    for (;;) {
      skip_past("</");
      if (at_ >= html_.size()) return;
      const std::size_t begin = at_;
      if (name() == tag) return skip_past(">");
      at_ = begin;
    }
  }

  void end_tag() {
    at_ += 2;
    const std::string tag = name();
    read_attributes({});
    const Known* element = known(tag);
    if (element == nullptr || element->kind == Kind::kVoid) return;
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i] == element) {
        // The parser closes formatting alone and leaves open what it holds; other elements take their content along.
        if (element->kind == Kind::kFormat) {
          stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
          stack_.resize(i);
        }
        out_ += "</" + tag + ">";
        return;
      }
      if (bounds(stack_[i]->name, tag)) return;
    }
  }

  // The elements that an end tag or an implied end does not reach through.
  static bool bounds(std::string_view element, std::string_view tag) {
    if (element == "table") return true;
    if (one_of(tag, {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})) return false;
    if (one_of(element, {"td", "th", "caption"})) return true;
    return tag == "li" && one_of(element, {"ul", "ol", "menu", "dir"});
  }

  void close_implied(std::string_view tag) {
    if (tag == "li") return close_until({"li"}, false);
    if (tag == "dt" || tag == "dd") return close_until({"dt", "dd"}, false);
    if (tag == "td" || tag == "th") return close_until({"td", "th"}, true);
    if (tag == "tr") return close_until({"tr"}, true);
    if (one_of(tag, {"thead", "tbody", "tfoot"})) return close_until({"thead", "tbody", "tfoot"}, true);
    if (known(tag)->kind == Kind::kBlock && !one_of(tag, {"cite", "del", "dfn", "ins", "kbd", "samp", "var"})) {
      close_until({"p"}, true);
    }
  }

  // `far`: the parser looks as far as the table or cell around; otherwise any block but <p>, <div>, <address> stops it.
  void close_until(std::initializer_list<std::string_view> names, bool far) {
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::string_view open = stack_[i]->name;
      if (one_of(open, names)) return stack_.resize(i);
      if (open == "table" || (*names.begin() == "p" && one_of(open, {"td", "th", "caption"}))) return;
      if (!far && stack_[i]->kind == Kind::kBlock && !one_of(open, {"p", "div", "address"})) return;
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  std::string out_;
  std::vector<const Known*> stack_;
};

}  // namespace

Result<std::string> guarded_html(std::string_view html) {
  return Guard(html).run();
}

}  // namespace cluse::domain::richtext
