#include "server/domain/richtext/html_guard.h"
#include "server/domain/richtext/nodes.h"

#include <gumbo.h>
#include <array>
#include <memory>
#include <string>
#include <utility>

namespace cluse::domain::richtext {

namespace {

// Deeper than anything the guard lets through; a second lock on the recursion.
constexpr int kWalkDepthMax = 2'000;

struct Mapping {
  GumboTag tag;
  std::string_view name;
};

constexpr std::array<Mapping, 12> kMarkOf{{
    {GUMBO_TAG_B, "bold"},
    {GUMBO_TAG_STRONG, "bold"},
    {GUMBO_TAG_I, "italic"},
    {GUMBO_TAG_EM, "italic"},
    {GUMBO_TAG_U, "underline"},
    {GUMBO_TAG_INS, "underline"},
    {GUMBO_TAG_S, "strike"},
    {GUMBO_TAG_STRIKE, "strike"},
    {GUMBO_TAG_DEL, "strike"},
    {GUMBO_TAG_CODE, "code"},
    {GUMBO_TAG_KBD, "code"},
    {GUMBO_TAG_SAMP, "code"},
}};

constexpr std::array<Mapping, 10> kElementOf{{
    {GUMBO_TAG_P, "paragraph"},
    {GUMBO_TAG_UL, "bulletList"},
    {GUMBO_TAG_OL, "orderedList"},
    {GUMBO_TAG_LI, "listItem"},
    {GUMBO_TAG_BLOCKQUOTE, "blockquote"},
    {GUMBO_TAG_TABLE, "table"},
    {GUMBO_TAG_TR, "tableRow"},
    {GUMBO_TAG_TH, "tableHeader"},
    {GUMBO_TAG_TD, "tableCell"},
    {GUMBO_TAG_MENU, "bulletList"},
}};

// Elements that mean nothing to the schema, but after which a new line begins.
constexpr std::array<GumboTag, 24> kBoundaries{
    GUMBO_TAG_ADDRESS,  GUMBO_TAG_ARTICLE,    GUMBO_TAG_ASIDE,  GUMBO_TAG_CAPTION, GUMBO_TAG_CENTER,
    GUMBO_TAG_DD,       GUMBO_TAG_DETAILS,    GUMBO_TAG_DIV,    GUMBO_TAG_DL,      GUMBO_TAG_DT,
    GUMBO_TAG_FIELDSET, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE, GUMBO_TAG_FOOTER,  GUMBO_TAG_FORM,
    GUMBO_TAG_HEADER,   GUMBO_TAG_HGROUP,     GUMBO_TAG_MAIN,   GUMBO_TAG_NAV,     GUMBO_TAG_SECTION,
    GUMBO_TAG_SUMMARY,  GUMBO_TAG_BODY,       GUMBO_TAG_HTML,   GUMBO_TAG_DIR};

constexpr std::array<GumboTag, 13> kDropped{
    GUMBO_TAG_SCRIPT,   GUMBO_TAG_STYLE,  GUMBO_TAG_HEAD,   GUMBO_TAG_TITLE, GUMBO_TAG_TEMPLATE,
    GUMBO_TAG_NOSCRIPT, GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT, GUMBO_TAG_SVG,   GUMBO_TAG_MATH,
    GUMBO_TAG_TEXTAREA, GUMBO_TAG_SELECT, GUMBO_TAG_XMP};

std::string attribute(const GumboElement& from, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&from.attributes, name);
  return found == nullptr ? std::string() : std::string(found->value);
}

void collect_text(const GumboNode& node, std::string& text, int depth) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE) text += node.v.text.text;
  if (node.type != GUMBO_NODE_ELEMENT || depth > kWalkDepthMax) return;
  if (node.v.element.tag == GUMBO_TAG_BR) text += '\n';
  const GumboVector& children = node.v.element.children;
  for (unsigned i = 0; i < children.length; ++i) {
    collect_text(*static_cast<const GumboNode*>(children.data[i]), text, depth + 1);
  }
}

template <std::size_t N>
std::string_view mapped(const std::array<Mapping, N>& mappings, GumboTag tag) {
  for (const Mapping& mapping : mappings)
    if (mapping.tag == tag) return mapping.name;
  return {};
}

template <std::size_t N>
bool holds(const std::array<GumboTag, N>& tags, GumboTag tag) {
  for (const GumboTag one : tags)
    if (one == tag) return true;
  return false;
}

class HtmlReader {
 public:
  void node(const GumboNode& node, int depth) {
    if (depth > kWalkDepthMax || builder_.full()) return;
    switch (node.type) {
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_WHITESPACE:
      case GUMBO_NODE_CDATA: builder_.text(node.v.text.text, marks_); break;
      case GUMBO_NODE_ELEMENT: element_node(node.v.element, depth); break;
      default: break;
    }
  }

  Result<Nodes> finish() { return builder_.finish(); }

 private:
  void children(const GumboElement& from, int depth) {
    for (unsigned i = 0; i < from.children.length; ++i) {
      node(*static_cast<const GumboNode*>(from.children.data[i]), depth + 1);
    }
  }

  void element_node(const GumboElement& from, int depth) {
    if (holds(kDropped, from.tag)) return;
    if (const auto name = mapped(kElementOf, from.tag); !name.empty()) return block(name, from, depth);
    if (const auto mark = mapped(kMarkOf, from.tag); !mark.empty()) return marked(mark, {}, from, depth);
    switch (from.tag) {
      case GUMBO_TAG_H1:
      case GUMBO_TAG_H2:
      case GUMBO_TAG_H3:
      case GUMBO_TAG_H4:
      case GUMBO_TAG_H5:
      case GUMBO_TAG_H6: return block("heading", from, depth);
      case GUMBO_TAG_A: {
        const auto href = safe_link(attribute(from, "href"));
        if (!href) return children(from, depth);
        return marked("link", {{"href", value_of(*href)}}, from, depth);
      }
      case GUMBO_TAG_BR: return builder_.leaf(element("hardBreak"));
      case GUMBO_TAG_HR: return builder_.leaf(element("horizontalRule"));
      case GUMBO_TAG_PRE: return code(from);
      case GUMBO_TAG_IMG: return image(from);
      case GUMBO_TAG_INPUT: return checkbox(from);
      default: break;
    }
    const bool boundary = holds(kBoundaries, from.tag);
    if (boundary) builder_.leaf(element(kBoundary));
    children(from, depth);
    if (boundary) builder_.leaf(element(kBoundary));
  }

  void block(std::string_view name, const GumboElement& from, int depth) {
    Marks attributes;
    if (name == "heading") attributes["level"] = value_of(double(from.tag - GUMBO_TAG_H1 + 1));
    for (const char* kept : {"start", "colspan", "rowspan"}) {
      if (const std::string value = attribute(from, kept); !value.empty()) attributes[kept] = value_of(value);
    }
    const std::string checked = attribute(from, "data-checked");
    if (name == "listItem" && !checked.empty()) {
      name = "taskItem";
      attributes["checked"] = value_of(checked == "true");
    }
    builder_.open(name, std::move(attributes));
    children(from, depth);
    builder_.close();
  }

  // The mark holds for the content, and what it replaces (a link in a link) comes back afterwards.
  void marked(std::string_view mark, crdt::ValueMap attributes, const GumboElement& from, int depth) {
    const Marks outside = marks_;
    marks_[std::string(mark)] = crdt::Value{std::move(attributes)};
    children(from, depth);
    marks_ = outside;
  }

  void code(const GumboElement& from) {
    std::string text;
    std::string classes = attribute(from, "class");
    for (unsigned i = 0; i < from.children.length; ++i) {
      const auto& child = *static_cast<const GumboNode*>(from.children.data[i]);
      collect_text(child, text, 0);
      if (child.type == GUMBO_NODE_ELEMENT) classes += " " + attribute(child.v.element, "class");
    }
    if (text.ends_with('\n')) text.pop_back();
    constexpr std::string_view kPrefix = "language-";
    const auto found = classes.find(kPrefix);
    std::string language;
    if (found != std::string::npos) {
      language = classes.substr(found + kPrefix.size());
      language = language.substr(0, language.find(' '));
    }
    builder_.open("codeBlock", {{"language", value_of(language)}});
    builder_.text(text);
    builder_.close();
  }

  void image(const GumboElement& from) {
    XmlNode node = element("image");
    for (const char* name : {"src", "alt", "title"}) {
      const std::string value = attribute(from, name);
      if (!value.empty()) node.attributes[name] = value_of(without_controls(value));
    }
    const std::string source = text_attribute(node.attributes, "src");
    if (safe_image(source)) return builder_.leaf(std::move(node));
    builder_.text(text_attribute(node.attributes, "alt"), marks_);
  }

  // A box makes a task of the item it stands in.
  void checkbox(const GumboElement& from) {
    if (attribute(from, "type") != "checkbox") return;
    XmlNode* item = builder_.innermost("listItem");
    if (item == nullptr) return;
    item->name = "taskItem";
    const bool checked = gumbo_get_attribute(&from.attributes, "checked") != nullptr;
    item->attributes["checked"] = value_of(checked);
  }

  Builder builder_;
  Marks marks_;
};

}  // namespace

Result<std::vector<XmlNode>> from_html(std::string_view html) {
  CLUSE_TRY(text, readable(html));
  CLUSE_TRY(guarded, guarded_html(text));
  const auto destroy = [](GumboOutput* output) { gumbo_destroy_output(&kGumboDefaultOptions, output); };
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const std::unique_ptr<GumboOutput, decltype(destroy)> output(
      gumbo_parse_with_options(&options, guarded.data(), guarded.size()), destroy);
  HtmlReader reader;
  reader.node(*output->root, 0);
  return reader.finish();
}

}  // namespace cluse::domain::richtext
