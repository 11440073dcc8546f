// Markdown from nodes. Blocks become lists of lines, which containers indent or prefix; inline content becomes pieces
// (text, delimiters), and the text around a delimiter is encoded where CommonMark would otherwise not see the
// delimiter.
#include "server/domain/richtext/inline_markdown.h"
#include "server/domain/richtext/nodes.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cluse::domain::richtext {

namespace {

using Lines = std::vector<std::string>;

Lines block_lines(const XmlNode& block, bool alternate);

Lines split_lines(std::string_view text) {
  Lines lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  lines.emplace_back(text.substr(begin));
  return lines;
}

void append(Lines& lines, Lines more) {
  std::ranges::move(more, std::back_inserter(lines));
}

bool is_empty_paragraph(const XmlNode& node) {
  return node.name == "paragraph" && node.children.empty();
}

bool is_bullets(const XmlNode& node) {
  return node.name == "bulletList" || node.name == "taskList";
}

// Two lists of the same kind in a row would be read as one: the second takes the other marker.
bool same_marker(const XmlNode& a, const XmlNode& b) {
  return (is_bullets(a) && is_bullets(b)) || (a.name == "orderedList" && b.name == "orderedList");
}

// A list may follow its item's paragraph without a blank line only if it can interrupt a paragraph.
bool may_interrupt(const XmlNode& node) {
  if (node.name == "orderedList") return false;
  return is_bullets(node) && !node.children.empty() && !node.children.front().children.front().children.empty();
}

Lines blocks_lines(const Nodes& blocks, bool in_item) {
  Lines lines;
  bool alternate = false;
  const XmlNode* previous = nullptr;
  for (const XmlNode& block : blocks) {
    if (is_empty_paragraph(block)) continue;
    if (previous != nullptr) {
      alternate = same_marker(*previous, block) && !alternate;
      const bool tight = in_item && previous->name == "paragraph" && may_interrupt(block);
      if (!tight) lines.emplace_back();
    }
    append(lines, block_lines(block, alternate));
    previous = &block;
  }
  return lines;
}

bool ends_in_quote(std::string_view line) {
  const auto begin = line.find_first_not_of(' ');
  return begin != std::string_view::npos && line[begin] == '>';
}

Lines list_lines(const XmlNode& list, bool alternate) {
  Lines lines;
  int number = number_attribute(list.attributes, "start", 1);
  for (const XmlNode& item : list.children) {
    std::string marker = alternate ? "* " : "- ";
    std::string indent(2, ' ');
    if (list.name == "orderedList") {
      marker = std::to_string(number++) + (alternate ? ") " : ". ");
      indent.assign(marker.size(), ' ');
    }
    if (item.name == "taskItem") marker += flag_attribute(item.attributes, "checked") ? "[x] " : "[ ] ";
    Lines content = blocks_lines(item.children, true);
    // An item that does not begin with words gets a comment, which no reader sees: md4c misreads several kinds of item
    // that begin with nothing or with another block.
    if (is_empty_paragraph(item.children.front())) {
      if (!content.empty()) content.insert(content.begin(), std::string());
      content.insert(content.begin(), "<!-- -->");
    }
    // md4c overlooks the box of a task that follows a quote line directly.
    if (item.name == "taskItem" && !lines.empty() && ends_in_quote(lines.back())) lines.emplace_back();
    for (std::size_t i = 0; i < content.size(); ++i) {
      if (i == 0) {
        lines.push_back(marker + content[i]);
      } else {
        lines.push_back(content[i].empty() ? std::string() : indent + content[i]);
      }
    }
  }
  return lines;
}

Lines quote_lines(const XmlNode& quote) {
  Lines lines;
  for (const std::string& line : blocks_lines(quote.children, false)) {
    lines.push_back(line.empty() ? ">" : "> " + line);
  }
  return lines;
}

Lines code_lines(const XmlNode& code) {
  const std::string text = code.children.empty() ? std::string() : code.children.front().text;
  std::size_t longest = 2;
  std::size_t length = 0;
  for (const char c : text) {
    length = c == '`' ? length + 1 : 0;
    longest = std::max(longest, length);
  }
  const std::string fence(longest + 1, '`');
  Lines lines{fence + text_attribute(code.attributes, "language")};
  if (!text.empty()) append(lines, split_lines(text));
  lines.push_back(fence);
  return lines;
}

std::string image_line(const XmlNode& image, bool in_table) {
  const std::string alternative = escaped_words(text_attribute(image.attributes, "alt"), in_table);
  const std::string title = text_attribute(image.attributes, "title");
  std::string line = "![" + alternative + "](" + link_target(text_attribute(image.attributes, "src"));
  if (!title.empty()) line += " \"" + escaped_words(title, in_table) + "\"";
  return line + ")";
}

void cell_parts(const Nodes& blocks, std::string& text) {
  for (const XmlNode& block : blocks) {
    std::string part;
    if (block.name == "image") {
      part = image_line(block, true);
    } else if (block.name == "paragraph" || block.name == "heading") {
      part = inline_markdown(block.children, LineKind::kCell);
    } else if (block.name == "codeBlock" && !block.children.empty()) {
      Nodes code{run(block.children.front().text, {{"code", crdt::Value{crdt::ValueMap{}}}})};
      std::ranges::replace(code.front().text, '\n', ' ');
      part = inline_markdown(code, LineKind::kCell);
    } else {
      cell_parts(block.children, text);
      continue;
    }
    if (!part.empty()) text += (text.empty() ? "" : "<br>") + part;
  }
}

// The table as a grid, in which a merged cell leaves empty ones.
std::vector<Lines> grid_of(const XmlNode& table) {
  constexpr std::size_t kColumnsMax = 500;
  std::vector<Lines> grid;
  std::set<std::pair<std::size_t, std::size_t>> taken;
  std::size_t width = 1;
  for (std::size_t y = 0; y < table.children.size(); ++y) {
    Lines& row = grid.emplace_back();
    for (const XmlNode& cell : table.children[y].children) {
      while (taken.contains({y, row.size()})) row.emplace_back();
      const auto columns = static_cast<std::size_t>(number_attribute(cell.attributes, "colspan", 1));
      const auto rows = static_cast<std::size_t>(number_attribute(cell.attributes, "rowspan", 1));
      if (row.size() + columns > kColumnsMax) break;
      for (std::size_t down = 1; down < std::min(rows, table.children.size() - y); ++down) {
        for (std::size_t right = 0; right < columns; ++right) taken.insert({y + down, row.size() + right});
      }
      std::string text;
      cell_parts(cell.children, text);
      row.push_back(std::move(text));
      row.resize(row.size() + columns - 1);
    }
    width = std::max(width, row.size());
  }
  for (Lines& row : grid) row.resize(width);
  return grid;
}

Lines table_lines(const XmlNode& table) {
  const auto is_header = [](const XmlNode& cell) { return cell.name == "tableHeader"; };
  std::vector<Lines> grid = grid_of(table);
  const bool headed = std::ranges::all_of(table.children.front().children, is_header);
  if (!headed) grid.insert(grid.begin(), Lines(grid.front().size()));
  Lines lines;
  for (const Lines& row : grid) {
    std::string line = "|";
    for (const std::string& cell : row) line += cell.empty() ? "  |" : " " + cell + " |";
    lines.push_back(std::move(line));
    if (lines.size() > 1) continue;
    std::string rule = "|";
    for (std::size_t i = 0; i < row.size(); ++i) rule += " --- |";
    lines.push_back(std::move(rule));
  }
  return lines;
}

Lines block_lines(const XmlNode& block, bool alternate) {
  if (block.name == "paragraph") return split_lines(inline_markdown(block.children, LineKind::kParagraph));
  if (block.name == "heading") {
    const std::string marker(static_cast<std::size_t>(number_attribute(block.attributes, "level", 1)), '#');
    return {marker + " " + inline_markdown(block.children, LineKind::kHeading)};
  }
  if (block.name == "blockquote") return quote_lines(block);
  if (block.name == "codeBlock") return code_lines(block);
  if (block.name == "horizontalRule") return {"___"};
  if (block.name == "image") return {image_line(block, false)};
  if (block.name == "table") return table_lines(block);
  return list_lines(block, alternate);
}

}  // namespace

std::string to_markdown(const std::vector<XmlNode>& nodes) {
  std::string markdown;
  for (const std::string& line : blocks_lines(fit_to_schema(nodes), false)) markdown += line + "\n";
  return markdown;
}

}  // namespace cluse::domain::richtext
