#include "server/domain/richtext/nodes.h"
#include "server/domain/richtext/steady_lines.h"

#include <md4c.h>
#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cluse::domain::richtext {

namespace {

// Not the parser's own bare links: release 0.4.8 can corrupt memory on crafted ones. `add_words` finds them instead.
constexpr unsigned kFlags =
    MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTMLBLOCKS | MD_FLAG_NOINDENTEDCODEBLOCKS;

// One pass over the parser's events. Inline HTML arrives as text of its own kind, of which only line ends, underlines
// and comments mean something; the rest stays text.
class MarkdownReader {
 public:
  Result<Nodes> read(const std::string& markdown) {
    MD_PARSER parser{};
    parser.flags = kFlags;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) { return of(self).enter(type, detail); };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) { return of(self).leave(type); };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) { return of(self).enter(type, detail); };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) { return of(self).leave(type); };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      return of(self).words(type, std::string_view(text, size));
    };
    const int status = md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, this);
    if (status != 0 && !builder_.full()) return fail(Errc::internal, "internal", "the Markdown parser gave up");
    return builder_.finish();
  }

 private:
  static MarkdownReader& of(void* self) { return *static_cast<MarkdownReader*>(self); }

  [[nodiscard]] int verdict() const { return builder_.full() ? -1 : 0; }

  int enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_QUOTE: builder_.open("blockquote"); break;
      case MD_BLOCK_UL: builder_.open("bulletList"); break;
      case MD_BLOCK_OL: {
        const double start = static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start;
        builder_.open("orderedList", {{"start", value_of(start)}});
        break;
      }
      case MD_BLOCK_LI: {
        const auto& item = *static_cast<MD_BLOCK_LI_DETAIL*>(detail);
        if (item.is_task != 0) {
          builder_.open("taskItem", {{"checked", value_of(item.task_mark != ' ')}});
        } else {
          builder_.open("listItem");
        }
        break;
      }
      case MD_BLOCK_HR: builder_.leaf(element("horizontalRule")); break;
      case MD_BLOCK_H: {
        const double level = static_cast<MD_BLOCK_H_DETAIL*>(detail)->level;
        builder_.open("heading", {{"level", value_of(level)}});
        break;
      }
      case MD_BLOCK_CODE: {
        const std::string language = decoded(static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang);
        builder_.open("codeBlock", {{"language", value_of(language)}});
        code_.clear();
        in_code_block_ = true;
        break;
      }
      case MD_BLOCK_P: builder_.open("paragraph"); break;
      case MD_BLOCK_TABLE:
        builder_.open("table");
        in_table_ = true;
        break;
      case MD_BLOCK_TR: builder_.open("tableRow"); break;
      case MD_BLOCK_TH: builder_.open("tableHeader"); break;
      case MD_BLOCK_TD: builder_.open("tableCell"); break;
      case MD_BLOCK_DOC:
      case MD_BLOCK_HTML:
      case MD_BLOCK_THEAD:
      case MD_BLOCK_TBODY: break;
    }
    return verdict();
  }

  int leave(MD_BLOCKTYPE type) {
    underline_ = 0;
    switch (type) {
      case MD_BLOCK_DOC:
      case MD_BLOCK_HTML:
      case MD_BLOCK_THEAD:
      case MD_BLOCK_TBODY:
      case MD_BLOCK_HR: break;
      case MD_BLOCK_TABLE:
        in_table_ = false;
        builder_.close();
        break;
      case MD_BLOCK_CODE:
        // The parser ends every line, also the last.
        if (code_.ends_with('\n')) code_.pop_back();
        builder_.text(code_);
        in_code_block_ = false;
        builder_.close();
        break;
      default: builder_.close(); break;
    }
    return verdict();
  }

  int enter(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) {
      if (image_depth_++ == 0) {
        const auto& image = *static_cast<MD_SPAN_IMG_DETAIL*>(detail);
        image_ = element("image");
        image_.attributes["src"] = value_of(decoded(image.src));
        image_.attributes["title"] = value_of(decoded(image.title));
        alternative_.clear();
      }
    } else if (type == MD_SPAN_A) {
      const std::string href = decoded(static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
      if (const auto safe = safe_link(href)) {
        marks_["link"] = crdt::Value{crdt::ValueMap{{"href", value_of(*safe)}}};
      }
    } else if (const char* mark = mark_of(type)) {
      ++depth_[mark];
      marks_[mark] = crdt::Value{crdt::ValueMap{}};
    }
    return verdict();
  }

  int leave(MD_SPANTYPE type) {
    if (type == MD_SPAN_IMG) {
      if (--image_depth_ == 0) end_image();
    } else if (type == MD_SPAN_A) {
      marks_.erase("link");
    } else if (const char* mark = mark_of(type)) {
      if (--depth_[mark] == 0) marks_.erase(mark);
    }
    return verdict();
  }

  // Of an image that may not be shown the words stay, in their sentence.
  void end_image() {
    if (!safe_image(text_attribute(image_.attributes, "src"))) return add(alternative_);
    image_.attributes["alt"] = value_of(alternative_);
    builder_.leaf(std::move(image_));
  }

  static const char* mark_of(MD_SPANTYPE type) {
    switch (type) {
      case MD_SPAN_EM: return "italic";
      case MD_SPAN_STRONG: return "bold";
      case MD_SPAN_CODE: return "code";
      case MD_SPAN_DEL: return "strike";
      default: return nullptr;
    }
  }

  int words(MD_TEXTTYPE type, std::string_view text) {
    switch (type) {
      case MD_TEXT_NULLCHAR: add("\uFFFD"); break;
      case MD_TEXT_BR: line_end(); break;
      case MD_TEXT_SOFTBR: add(" "); break;
      case MD_TEXT_ENTITY: add(entity(text)); break;
      case MD_TEXT_HTML: tag(text); break;
      case MD_TEXT_CODE: add(in_table_ ? without_escaped_bars(text) : std::string(text)); break;
      default: add_words(text); break;
    }
    return verdict();
  }

  // Bare addresses become links. An escaped character parts the text, and so keeps an address from being one.
  void add_words(std::string_view text) {
    const bool plain = !in_code_block_ && image_depth_ == 0 && !marks_.contains("link");
    for (auto address = plain ? find_address(text) : std::nullopt; address; address = find_address(text)) {
      add(text.substr(0, address->begin));
      marks_["link"] = crdt::Value{crdt::ValueMap{{"href", value_of(address->href)}}};
      add(text.substr(address->begin, address->size));
      marks_.erase("link");
      text.remove_prefix(address->begin + address->size);
    }
    add(text);
  }

  void add(std::string_view text) {
    if (in_code_block_) {
      code_ += text;
    } else if (image_depth_ > 0) {
      alternative_ += text;
    } else if (underline_ > 0) {
      Marks marks = marks_;
      marks["underline"] = crdt::Value{crdt::ValueMap{}};
      builder_.text(text, marks);
    } else {
      builder_.text(text, marks_);
    }
  }

  void line_end() {
    if (image_depth_ > 0) {
      alternative_ += ' ';
    } else {
      builder_.leaf(element("hardBreak"));
    }
  }

  void tag(std::string_view html) {
    // Underlining begun in the words of an image would go on behind it.
    if (image_depth_ > 0 && (html == "<u>" || html == "</u>")) return;
    if (html == "<br>" || html == "<br/>" || html == "<br />") return line_end();
    if (html == "<u>") return static_cast<void>(++underline_);
    if (html == "</u>" && underline_ > 0) return static_cast<void>(--underline_);
    if (!html.starts_with("<!--")) add(html);
  }

  // In a table a bar is escaped even inside code (GFM says so; the parser leaves the backslash to us).
  static std::string without_escaped_bars(std::string_view code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
      if (code.substr(i).starts_with("\\|")) ++i;
      out += code[i];
    }
    return out;
  }

  // Few names exist, and a text that invents thousands is left as it stands.
  std::string entity(std::string_view text) {
    constexpr std::size_t kNamesMax = 4096;
    if (text.size() > 2 && text[1] == '#') return decode_entity(text);
    const auto known = entities_.find(text);
    if (known != entities_.end()) return known->second;
    if (entities_.size() >= kNamesMax) return std::string(text);
    return entities_.emplace(std::string(text), decode_entity(text)).first->second;
  }

  std::string decoded(const MD_ATTRIBUTE& attribute) {
    std::string out;
    if (attribute.text == nullptr) return out;
    for (int i = 0; attribute.substr_offsets[i] < attribute.size; ++i) {
      const auto begin = attribute.substr_offsets[i];
      const std::string_view part(attribute.text + begin, attribute.substr_offsets[i + 1] - begin);
      out += attribute.substr_types[i] == MD_TEXT_ENTITY ? entity(part) : std::string(part);
    }
    return without_controls(out);
  }

  Builder builder_;
  Marks marks_;                                    // in force now, without underline
  std::map<std::string, int, std::less<>> depth_;  // of each mark, as emphasis can nest in itself
  std::map<std::string, std::string, std::less<>> entities_;
  int underline_ = 0;
  int image_depth_ = 0;
  XmlNode image_;
  std::string alternative_;
  bool in_code_block_ = false;
  bool in_table_ = false;
  std::string code_;
};

// What the parser of Debian 12 does in quadratic time: many reference definitions, and many references to a long one.
// No honest file comes near.
constexpr std::size_t kDefinitionsMax = 2'000;
constexpr std::size_t kReferenceCostMax = 500'000'000;

bool has_costly_references(std::string_view text) {
  std::size_t definitions = 0;
  std::size_t longest =
      0;  // paragraph that may hold a definition: destination and title may stand on lines of their own
  for (auto at = text.find("]:"); at != std::string_view::npos; at = text.find("]:", at + 2)) {
    ++definitions;
    const auto end = std::min(text.find("\n\n", at), text.size());
    longest = std::max(longest, end - at);
    if (definitions > kDefinitionsMax) return true;
  }
  const auto references = static_cast<std::size_t>(std::count(text.begin(), text.end(), '['));
  return longest > 0 && references > kReferenceCostMax / longest;
}

}  // namespace

Result<std::vector<XmlNode>> from_markdown(std::string_view markdown) {
  CLUSE_TRY(text, readable(markdown));
  if (has_costly_references(text)) {
    return fail(Errc::too_large, "body_too_large", "too many link reference definitions");
  }
  return MarkdownReader().read(steady_lines(text));
}

}  // namespace cluse::domain::richtext
