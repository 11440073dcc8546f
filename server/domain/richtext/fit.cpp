// From a loose tree to one of the schema. Two kinds of function: tidy_* work on a line of inline content, fit_* append
// the blocks that one loose node gives to `out`. Recursion is bounded by the depth of the loose tree (kDepthMax for
// imports, the engine's nesting limit for documents).
#include "server/domain/richtext/nodes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cluse::domain::richtext {

namespace {

constexpr std::array<std::string_view, 6> kMarks{"bold", "code", "italic", "link", "strike", "underline"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

bool is_list(const XmlNode& node) {
  return node.name == "bulletList" || node.name == "orderedList" || node.name == "taskList";
}

bool is_item(const XmlNode& node) {
  return node.name == "listItem" || node.name == "taskItem";
}

bool is_cell(const XmlNode& node) {
  return node.name == "tableCell" || node.name == "tableHeader";
}

bool is_blank(const XmlNode& node) {
  return node.name.empty() && std::ranges::all_of(node.text, is_space);
}

// Known marks only. Code stands alone, as in the editor; where it meets a link, the link is worth more.
Marks tidy_marks(const Marks& marks) {
  Marks kept;
  if (const auto link = marks.find("link"); link != marks.end()) {
    const auto* attributes = std::get_if<crdt::ValueMap>(&link->second.data);
    const auto href = attributes == nullptr ? std::nullopt : safe_link(text_attribute(*attributes, "href"));
    if (href) kept["link"] = crdt::Value{crdt::ValueMap{{"href", value_of(*href)}}};
  }
  if (marks.contains("code") && kept.empty()) return {{"code", crdt::Value{crdt::ValueMap{}}}};
  for (const std::string_view name : kMarks) {
    const auto found = marks.find(std::string(name));
    if (name == "link" || name == "code" || found == marks.end()) continue;
    if (!std::holds_alternative<std::nullptr_t>(found->second.data)) kept[found->first] = crdt::Value{crdt::ValueMap{}};
  }
  return kept;
}

// A line of inline content under construction: spaces collapse across runs, and none stands beside a line end.
class Line {
 public:
  void add(XmlNode node) {
    if (node.name == "hardBreak") {
      drop_trailing_space();
      if (!nodes_.empty()) nodes_.push_back(element("hardBreak"));
      return;
    }
    Marks marks = tidy_marks(node.attributes);
    std::string text = marks.contains("code") ? one_line(node.text) : collapsed(node.text);
    if (text.empty()) return;
    if (!nodes_.empty() && nodes_.back().name.empty() && nodes_.back().attributes == marks) {
      nodes_.back().text += text;
    } else {
      nodes_.push_back(run(std::move(text), std::move(marks)));
    }
  }

  Nodes take() {
    drop_trailing_space();
    while (!nodes_.empty() && nodes_.back().name == "hardBreak") {
      nodes_.pop_back();
      drop_trailing_space();
    }
    return std::exchange(nodes_, {});
  }

 private:
  static std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
  }

  [[nodiscard]] bool after_space() const {
    if (nodes_.empty() || nodes_.back().name == "hardBreak") return true;
    return !nodes_.back().attributes.contains("code") && nodes_.back().text.ends_with(' ');
  }

  [[nodiscard]] std::string collapsed(std::string_view text) const {
    std::string out;
    bool space = after_space();
    for (const char c : text) {
      if (!is_space(c)) {
        out += c;
        space = false;
      } else if (!space) {
        out += ' ';
        space = true;
      }
    }
    return out;
  }

  void drop_trailing_space() {
    if (nodes_.empty() || !nodes_.back().name.empty() || nodes_.back().attributes.contains("code")) return;
    if (nodes_.back().text.ends_with(' ')) nodes_.back().text.pop_back();
    if (nodes_.back().text.empty()) nodes_.pop_back();
  }

  Nodes nodes_;
};

Nodes fit_blocks(Nodes children);
void fit_block(XmlNode node, Nodes& out);

// A paragraph or heading; blocks inside it (an image, a list pasted into a <p>) cut it in two.
void fit_textblock(XmlNode node, Nodes& out) {
  const bool heading = node.name == "heading";
  Marks attributes;
  if (heading) attributes["level"] = value_of(double(std::clamp(number_attribute(node.attributes, "level", 1), 1, 4)));
  Line line;
  const auto flush = [&] {
    Nodes content = line.take();
    if (content.empty()) return;
    out.push_back(element(node.name, std::move(content)));
    out.back().attributes = attributes;
  };
  for (XmlNode& child : node.children) {
    if (heading && child.name == "hardBreak") {
      line.add(run(" "));
    } else if (is_inline(child)) {
      line.add(std::move(child));
    } else {
      flush();
      fit_block(std::move(child), out);
    }
  }
  flush();
}

XmlNode fit_item(XmlNode item) {
  Nodes blocks = fit_blocks(std::move(item.children));
  if (blocks.empty() || blocks.front().name != "paragraph") blocks.insert(blocks.begin(), element("paragraph"));
  XmlNode fitted = element(item.name, std::move(blocks));
  if (item.name == "taskItem") fitted.attributes["checked"] = value_of(flag_attribute(item.attributes, "checked"));
  return fitted;
}

// Whatever stands in a list becomes an item: a list in a list belongs to the item before it.
Nodes fit_items(Nodes children) {
  Nodes items;
  for (XmlNode& child : children) {
    if (is_item(child)) {
      items.push_back(std::move(child));
    } else if (is_list(child) && !items.empty()) {
      items.back().children.push_back(std::move(child));
    } else if (!is_blank(child) && child.name != kBoundary) {
      items.push_back(element("listItem"));
      items.back().children.push_back(std::move(child));
    }
  }
  return items;
}

// Tasks and plain items do not mix in one list: a list of both becomes several, in the same order.
void fit_list(XmlNode node, Nodes& out) {
  const std::string plain = node.name == "taskList" ? "bulletList" : node.name;
  int number = number_attribute(node.attributes, "start", 1);
  bool fresh = true;
  for (XmlNode& item : fit_items(std::move(node.children))) {
    const std::string name = item.name == "taskItem" ? "taskList" : plain;
    if (fresh || out.back().name != name) {
      out.push_back(element(name));
      if (name == "orderedList" && number != 1) out.back().attributes["start"] = value_of(double(number));
      fresh = false;
    }
    out.back().children.push_back(fit_item(std::move(item)));
    ++number;
  }
}

XmlNode fit_cell(XmlNode cell) {
  XmlNode fitted = element(cell.name, fit_blocks(std::move(cell.children)));
  if (fitted.children.empty()) fitted.children.push_back(element("paragraph"));
  for (const char* span : {"colspan", "rowspan"}) {
    const int cells = std::clamp(number_attribute(cell.attributes, span, 1), 1, 100);
    if (cells != 1) fitted.attributes[span] = value_of(double(cells));
  }
  return fitted;
}

void fit_table(XmlNode node, Nodes& out) {
  XmlNode table = element("table");
  for (XmlNode& row : node.children) {
    if (row.name != "tableRow") {
      if (row.name == "table" || !is_blank(row)) fit_block(std::move(row), out);
      continue;
    }
    XmlNode fitted = element("tableRow");
    for (XmlNode& cell : row.children) {
      if (is_cell(cell)) {
        fitted.children.push_back(fit_cell(std::move(cell)));
      } else if (!is_blank(cell) && cell.name != kBoundary) {
        Nodes content;
        content.push_back(std::move(cell));
        fitted.children.push_back(fit_cell(element("tableCell", std::move(content))));
      }
    }
    if (!fitted.children.empty()) table.children.push_back(std::move(fitted));
  }
  if (!table.children.empty()) out.push_back(std::move(table));
}

void collect_text(const XmlNode& node, std::string& text) {
  if (node.name == "hardBreak") text += '\n';
  text += node.text;
  for (const XmlNode& child : node.children) collect_text(child, text);
}

void fit_code(const XmlNode& node, Nodes& out) {
  std::string text;
  collect_text(node, text);
  XmlNode code = element("codeBlock");
  const std::string language = safe_language(text_attribute(node.attributes, "language"));
  if (!language.empty()) code.attributes["language"] = value_of(language);
  if (!text.empty()) code.children.push_back(run(std::move(text)));
  out.push_back(std::move(code));
}

void fit_image(const XmlNode& node, Nodes& out) {
  const auto source = safe_image(text_attribute(node.attributes, "src"));
  XmlNode alternative = run(text_attribute(node.attributes, "alt"));
  if (!source) {
    Nodes words;
    words.push_back(std::move(alternative));
    fit_textblock(element("paragraph", std::move(words)), out);
    return;
  }
  XmlNode image = element("image");
  image.attributes["src"] = value_of(*source);
  for (const char* name : {"alt", "title"}) {
    Line line;
    line.add(run(text_attribute(node.attributes, name)));
    Nodes words = line.take();
    if (!words.empty()) image.attributes[name] = value_of(words.front().text);
  }
  out.push_back(std::move(image));
}

void fit_block(XmlNode node, Nodes& out) {
  if (node.name == "paragraph" || node.name == "heading") return fit_textblock(std::move(node), out);
  if (is_list(node)) return fit_list(std::move(node), out);
  if (node.name == "table") return fit_table(std::move(node), out);
  if (node.name == "codeBlock") return fit_code(node, out);
  if (node.name == "image") return fit_image(node, out);
  if (node.name == kExtensionBlock) return fit_textblock(stand_in(node), out);
  if (node.name == "horizontalRule") return out.push_back(element("horizontalRule"));
  if (is_item(node)) {
    // An item outside a list; its neighbours join it in one list.
    const std::string list = node.name == "taskItem" ? "taskList" : "bulletList";
    Nodes items;
    items.push_back(std::move(node));
    return fit_list(element(list, std::move(items)), out);
  }
  Nodes blocks = fit_blocks(std::move(node.children));
  if (node.name == "blockquote") {
    if (!blocks.empty()) out.push_back(element("blockquote", std::move(blocks)));
    return;
  }
  std::ranges::move(blocks, std::back_inserter(out));
}

Nodes fit_blocks(Nodes children) {
  Nodes out;
  XmlNode paragraph = element("paragraph");
  const auto flush = [&] {
    if (!paragraph.children.empty()) fit_textblock(std::exchange(paragraph, element("paragraph")), out);
  };
  for (XmlNode& child : children) {
    if (is_inline(child)) {
      paragraph.children.push_back(std::move(child));
    } else {
      flush();
      fit_block(std::move(child), out);
    }
  }
  flush();
  return out;
}

}  // namespace

Nodes fit_to_schema(Nodes loose) {
  return fit_blocks(std::move(loose));
}

}  // namespace cluse::domain::richtext
