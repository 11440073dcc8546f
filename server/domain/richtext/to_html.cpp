#include "server/domain/richtext/nodes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cluse::domain::richtext {

namespace {

// The page has the title as its only <h1>: the document's own headings begin below it.
constexpr int kHeadingShift = 1;

constexpr std::string_view kStyle =
    "body{margin:2rem auto;max-width:44rem;padding:0 1rem;font:1.0625rem/1.55 Georgia,serif;color:#1d2521}"
    "h1,h2,h3,h4,h5{line-height:1.25}table{border-collapse:collapse}"
    "th,td{border:1px solid #9aa39d;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    "blockquote{margin-left:0;padding-left:1rem;border-left:3px solid #9aa39d}"
    "img{max-width:100%}ul.tasks{list-style:none;padding-left:.5rem}";

// Outside in. `element` of a mark; links are written by hand.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kMarkElements{{
    {"bold", "strong"},
    {"italic", "em"},
    {"underline", "u"},
    {"strike", "s"},
    {"code", "code"},
}};

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : without_controls(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

class HtmlWriter {
 public:
  std::string blocks(const Nodes& nodes) {
    for (const XmlNode& node : nodes) block(node);
    return std::move(out_);
  }

 private:
  void tag(std::string_view name, const std::string& attributes = {}) {
    out_ += '<';
    out_ += name;
    out_ += attributes + ">";
  }

  void end(std::string_view name) {
    out_ += "</";
    out_ += name;
    out_ += ">\n";
  }

  void children(std::string_view name, const XmlNode& node, const std::string& attributes = {}) {
    tag(name, attributes);
    out_ += '\n';
    for (const XmlNode& child : node.children) block(child);
    end(name);
  }

  void line(const Nodes& content) {
    for (const XmlNode& node : content) {
      if (node.name == "hardBreak") {
        out_ += "<br>\n";
      } else {
        text_run(node);
      }
    }
  }

  void text_run(const XmlNode& node) {
    const auto link = node.attributes.find("link");
    if (link != node.attributes.end()) {
      const std::string href = text_attribute(std::get<crdt::ValueMap>(link->second.data), "href");
      tag("a", " href=\"" + escape(href) + "\" rel=\"noopener noreferrer\"");
    }
    for (const auto& [mark, name] : kMarkElements) {
      if (node.attributes.contains(std::string(mark))) tag(name);
    }
    out_ += escape(node.text);
    for (auto mark = kMarkElements.rbegin(); mark != kMarkElements.rend(); ++mark) {
      if (node.attributes.contains(std::string(mark->first))) out_ += "</" + std::string(mark->second) + ">";
    }
    if (link != node.attributes.end()) out_ += "</a>";
  }

  void textblock(std::string_view name, const XmlNode& node) {
    tag(name);
    line(node.children);
    end(name);
  }

  void block(const XmlNode& node) {
    if (node.name == "paragraph") return textblock("p", node);
    if (node.name == "heading") {
      return textblock("h" + std::to_string(number_attribute(node.attributes, "level", 1) + kHeadingShift), node);
    }
    if (node.name == "bulletList") return children("ul", node);
    if (node.name == "orderedList") {
      const int start = number_attribute(node.attributes, "start", 1);
      return children("ol", node, start == 1 ? std::string() : " start=\"" + std::to_string(start) + "\"");
    }
    if (node.name == "taskList") return children("ul", node, " class=\"tasks\"");
    if (node.name == "listItem") return item(node);
    if (node.name == "taskItem") return task(node);
    if (node.name == "blockquote") return children("blockquote", node);
    if (node.name == "codeBlock") return code(node);
    if (node.name == "horizontalRule") return tag("hr");
    if (node.name == "image") return image(node);
    if (node.name == "table") return table(node);
  }

  // The paragraph of a simple item needs no <p>.
  void item(const XmlNode& node) {
    if (node.children.size() != 1) return children("li", node);
    tag("li");
    line(node.children.front().children);
    end("li");
  }

  void task(const XmlNode& node) {
    tag("li");
    tag("label");
    tag("input", flag_attribute(node.attributes, "checked") ? " type=\"checkbox\" disabled checked"
                                                            : " type=\"checkbox\" disabled");
    out_ += ' ';
    line(node.children.front().children);
    end("label");
    for (std::size_t i = 1; i < node.children.size(); ++i) block(node.children[i]);
    end("li");
  }

  void code(const XmlNode& node) {
    const std::string language = text_attribute(node.attributes, "language");
    tag("pre");
    tag("code", language.empty() ? std::string() : " class=\"language-" + escape(language) + "\"");
    const std::string text = node.children.empty() ? std::string() : node.children.front().text;
    out_ += escape(text);
    // Readers drop one line end before </pre>.
    if (text.ends_with('\n')) out_ += '\n';
    out_ += "</code>";
    end("pre");
  }

  void image(const XmlNode& node) {
    std::string attributes = " src=\"" + escape(text_attribute(node.attributes, "src")) + "\" alt=\"" +
                             escape(text_attribute(node.attributes, "alt")) + "\"";
    const std::string title = text_attribute(node.attributes, "title");
    if (!title.empty()) attributes += " title=\"" + escape(title) + "\"";
    out_ += "<p>";
    tag("img", attributes);
    end("p");
  }

  void table(const XmlNode& node) {
    const auto is_header = [](const XmlNode& cell) { return cell.name == "tableHeader"; };
    tag("table");
    out_ += '\n';
    bool in_head = true;
    for (std::size_t y = 0; y < node.children.size(); ++y) {
      const XmlNode& row = node.children[y];
      const bool head = in_head && std::ranges::all_of(row.children, is_header);
      if (y == 0) tag(head ? "thead" : "tbody");
      if (y > 0 && in_head && !head) out_ += "</thead>\n<tbody>";
      if (y == 0 || in_head != head) out_ += '\n';
      in_head = head;
      tag("tr");
      for (const XmlNode& one : row.children) cell(one, head);
      end("tr");
    }
    end(in_head ? "thead" : "tbody");
    end("table");
  }

  void cell(const XmlNode& node, bool in_head) {
    const bool header = node.name == "tableHeader";
    std::string attributes = !header ? "" : in_head ? " scope=\"col\"" : " scope=\"row\"";
    for (const char* span : {"colspan", "rowspan"}) {
      const int cells = number_attribute(node.attributes, span, 1);
      if (cells != 1) attributes += std::string(" ") + span + "=\"" + std::to_string(cells) + "\"";
    }
    const std::string_view name = header ? "th" : "td";
    tag(name, attributes);
    if (node.children.size() == 1 && node.children.front().name == "paragraph") {
      line(node.children.front().children);
    } else {
      for (const XmlNode& child : node.children) block(child);
    }
    end(name);
  }

  std::string out_;
};

void append_words(const XmlNode& node, std::string& out) {
  out += node.text;
  if (node.name == "hardBreak") out += '\n';
  if (node.name == "image") out += text_attribute(node.attributes, "alt");
  if (node.name == kExtensionBlock) out += words_of_extension(node);
  for (const XmlNode& child : node.children) append_words(child, out);
  const bool holds_lines = !node.name.empty() && node.name != "hardBreak";
  if (holds_lines && !out.empty() && out.back() != '\n') out += '\n';
}

}  // namespace

std::string to_html(const std::vector<XmlNode>& nodes, const HtmlOptions& options) {
  const std::string title = escape(options.title);
  std::string page = "<!DOCTYPE html>\n<html lang=\"" + escape(options.language) + "\">\n<head>\n";
  page += "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page += "<title>" + title + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<main>\n";
  if (!title.empty()) page += "<h1>" + title + "</h1>\n";
  page += HtmlWriter().blocks(fit_to_schema(nodes));
  return page + "</main>\n</body>\n</html>\n";
}

std::string to_plain_text(const std::vector<XmlNode>& nodes) {
  std::string text;
  for (const XmlNode& node : nodes) append_words(node, text);
  return text;
}

}  // namespace cluse::domain::richtext
