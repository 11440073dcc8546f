#include "server/domain/richtext/testing.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cluse::domain::richtext {

namespace {

std::string shown_value(const crdt::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  if (const auto* number = std::get_if<double>(&value.data)) return std::to_string(static_cast<int>(*number));
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return "?";
}

std::string shown(const XmlNode& node) {
  if (node.name.empty()) {
    std::string out = "\"" + node.text + "\"";
    for (const auto& [name, value] : node.attributes) {
      out += "^" + name;
      const auto* attributes = std::get_if<crdt::ValueMap>(&value.data);
      if (name == "link" && attributes != nullptr) out += "=" + shown_value(attributes->at("href"));
    }
    return out;
  }
  std::string out = node.name;
  if (!node.attributes.empty()) {
    out += "{";
    for (const auto& [name, value] : node.attributes) {
      out += (out.ends_with("{") ? "" : ",") + name + "=" + shown_value(value);
    }
    out += "}";
  }
  return node.children.empty() ? out : out + "(" + richtext::shown(node.children) + ")";
}

// Words that Markdown could take for something else, and the French and German ones it should leave alone.
constexpr std::array kWords{
    "Delle",
    "l’Ajoie",
    "«\u00A0oui\u00A0»",
    "18\u202F400,00\u00A0€",
    "1'234.50",
    "ä",
    "1.",
    "2)",
    "-",
    "+",
    "#",
    "##",
    ">",
    "|",
    "---",
    "===",
    "*",
    "**",
    "_",
    "__",
    "snake_case_word",
    "`",
    "``",
    "~",
    "~~",
    "[",
    "]",
    "(x)",
    "[x]",
    "[a](b)",
    "![a](b)",
    "<b>",
    "<br>",
    "<u>",
    "</u>",
    "<!-- x -->",
    "&amp;",
    "&#65;",
    "&",
    "\\",
    "\\\\",
    "!",
    "https://exemple.test/a_b",
    "www.exemple.test",
    "nom@exemple.test",
    ":",
    ":-:",
    "|---|",
    "é",
    "Ü.",
    "…",
    "“a”",
    "a*b",
    "a_b",
    "$x$",
    "1.a",
    "\"",
    "'",
    "a\\",
    "日本",
    "🚲",
    "- [ ]",
    "~~~",
    "```",
    "___",
    "&eacute;",
    "http://",
    "@",
    "a|b",
};

constexpr std::array kLanguages{"c++", "c#", "f#", "objective-c++", "x86_64-asm", ".env", "-", "#", "_a_", "1.", "+x"};

constexpr std::array kImages{
    "https://exemple.test/plan_(1).png",
    "https://exemple.test/a b (2.png",
    "https://exemple.test/)x|y<z>\"'\\.png?a=1&copy;=2&#65;",
    "https://exemple.test/é 日本/*a*_b_~c~`d`[e]!.svg#f",
    "/api/v1/documents/1/images/2",
};

constexpr std::array kMarkNames{"bold", "italic", "strike", "underline", "code", "link"};

}  // namespace

std::string shown(const Nodes& nodes) {
  std::string out;
  for (const XmlNode& node : nodes) out += (out.empty() ? "" : " ") + shown(node);
  return out;
}

std::string difference(const Nodes& actual, const Nodes& expected) {
  constexpr std::size_t kContext = 80;
  const std::string a = shown(actual);
  const std::string b = shown(expected);
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const std::size_t from = at - std::min(at, kContext);
  return "is     " + a.substr(from, 2 * kContext) + "\nshould " + b.substr(from, 2 * kContext);
}

Nodes RandomDocument::make() {
  return fit_to_schema(blocks(0));
}

std::string RandomDocument::words() {
  std::string text;
  for (int i = pick(4); i >= 0; --i) {
    text += one_of(kWords);
    if (pick(2) == 0) text += pick(8) == 0 ? "\u00A0" : " ";
  }
  return text;
}

Nodes RandomDocument::line(bool breaks) {
  Nodes nodes;
  for (int i = pick(5); i >= 0; --i) {
    Marks marks;
    while (pick(3) == 0) {
      const std::string name(one_of(kMarkNames));
      marks[name] = crdt::Value{crdt::ValueMap{}};
      if (name == "link") {
        const std::string href = pick(2) == 0 ? "https://exemple.test/?a=1&b_c=(2)" : "/espaces/*x*#[y]";
        marks[name] = crdt::Value{crdt::ValueMap{{"href", value_of(href)}}};
      }
    }
    nodes.push_back(run(words(), std::move(marks)));
    if (breaks && pick(6) == 0) nodes.push_back(element("hardBreak"));
  }
  return nodes;
}

XmlNode RandomDocument::list(int depth) {
  constexpr std::array kLists{"bulletList", "orderedList", "taskList"};
  XmlNode node = element(kLists[static_cast<std::size_t>(pick(3))]);
  if (node.name == "orderedList" && pick(3) == 0) node.attributes["start"] = value_of(double(pick(40)));
  for (int i = pick(4); i >= 0; --i) {
    XmlNode item = element(node.name == "taskList" ? "taskItem" : "listItem");
    if (item.name == "taskItem") item.attributes["checked"] = value_of(pick(2) == 0);
    if (pick(8) != 0) item.children.push_back(element("paragraph", line(true)));
    if (depth < 4 && pick(3) == 0) {
      for (XmlNode& child : blocks(depth + 1)) item.children.push_back(std::move(child));
    }
    node.children.push_back(std::move(item));
  }
  return node;
}

XmlNode RandomDocument::image() {
  XmlNode node = element("image");
  node.attributes["src"] = value_of(one_of(kImages));
  if (pick(2) == 0) node.attributes["alt"] = value_of(words());
  if (pick(3) == 0) node.attributes["title"] = value_of(words());
  return node;
}

XmlNode RandomDocument::table() {
  XmlNode node = element("table");
  const int columns = pick(4) + 1;
  for (int y = pick(4); y >= 0; --y) {
    XmlNode row = element("tableRow");
    for (int x = 0; x < columns; ++x) {
      row.children.push_back(element(node.children.empty() ? "tableHeader" : "tableCell"));
      Nodes& cell = row.children.back().children;
      while (pick(5) == 0) cell.push_back(image());
      if (pick(8) != 0) cell.push_back(element("paragraph", line(true)));
      while (pick(8) == 0) cell.push_back(image());
    }
    node.children.push_back(std::move(row));
  }
  return node;
}

XmlNode RandomDocument::block(int depth) {
  switch (pick(10)) {
    case 0: {
      XmlNode node = element("heading", line(false));
      node.attributes["level"] = value_of(double(pick(4) + 1));
      return node;
    }
    case 1:
    case 2: return list(depth);
    case 3: return depth < 4 ? element("blockquote", blocks(depth + 1)) : element("paragraph", line(true));
    case 4: {
      XmlNode node = element("codeBlock");
      if (pick(2) == 0) node.attributes["language"] = value_of(one_of(kLanguages));
      std::string text = words();
      while (pick(3) != 0) text += "\n" + (pick(3) == 0 ? std::string() : "  " + words());
      node.children.push_back(run(std::move(text)));
      return node;
    }
    case 5: return element("horizontalRule");
    case 6: return table();
    case 7: return image();
    default: return element("paragraph", line(true));
  }
}

Nodes RandomDocument::blocks(int depth) {
  Nodes nodes;
  for (int i = pick(4); i >= 0; --i) nodes.push_back(block(depth));
  return nodes;
}

}  // namespace cluse::domain::richtext
