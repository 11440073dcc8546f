#include "server/domain/richtext/nodes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace cluse::domain::richtext {

namespace {

struct Item {
  std::string_view text;
  std::optional<int> number;  // of an ordered list
};

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\f\v";
  const auto begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// "- words", "• words", "12. words", "3) words".
std::optional<Item> item_of(std::string_view line) {
  if (line.ends_with(" -")) return std::nullopt;  // "- A TITLE BETWEEN DASHES -"
  for (const std::string_view bullet : {"- ", "* ", "+ ", "• ", "– ", "— ", "▪ ", "◦ ", "· ", "◊ ", "\uF0B7 "}) {
    if (!line.starts_with(bullet)) continue;
    const std::string_view words = trimmed(line.substr(bullet.size()));
    // Text taken from slides has its bullets twice.
    return Item{words.starts_with("◊ ") ? trimmed(words.substr(std::string_view("◊ ").size())) : words, std::nullopt};
  }
  const auto digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 3 || digits + 1 >= line.size()) return std::nullopt;
  if ((line[digits] != '.' && line[digits] != ')') || line[digits + 1] != ' ') return std::nullopt;
  int number = 0;
  for (const char c : line.substr(0, digits)) number = number * 10 + (c - '0');
  return Item{trimmed(line.substr(digits + 2)), number};
}

// A line alone in its paragraph, all in capitals, is how plain text writes a title.
bool is_title(std::string_view line) {
  constexpr std::size_t kTitleMax = 90;
  constexpr std::size_t kLettersMin = 4;
  if (characters(line) > kTitleMax || line.ends_with('.') || line.ends_with(',') || line.ends_with(';')) return false;
  std::size_t capitals = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte >= 'a' && byte <= 'z') return false;
    if (byte >= 'A' && byte <= 'Z') ++capitals;
    // Latin-1 letters in UTF-8: U+00DF to U+00FF (small) are C3 9F to C3 BF.
    if (byte == 0xC3 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) >= 0x9F) return false;
  }
  return capitals >= kLettersMin;
}

// Mail programmes and terminals break lines at a column: then all but the last line are about equally long.
bool is_wrapped(const std::vector<std::string_view>& lines) {
  constexpr std::size_t kShortest = 50;
  constexpr std::size_t kLongest = 100;
  constexpr std::size_t kSpread = 24;
  std::size_t shortest = kLongest;
  std::size_t longest = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    shortest = std::min(shortest, characters(lines[i]));
    longest = std::max(longest, characters(lines[i]));
  }
  return lines.size() > 1 && shortest >= kShortest && longest <= kLongest && longest - shortest <= kSpread &&
         characters(lines.back()) <= longest + 2;
}

class TextReader {
 public:
  Result<Nodes> read(std::string_view text) {
    std::vector<std::string_view> block;
    while (!text.empty()) {
      const auto end = std::min(text.find_first_of("\n\f"), text.size());
      const std::string_view line = trimmed(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (!line.empty()) block.push_back(line);
      if (line.empty()) flush(block);
    }
    flush(block);
    return builder_.finish();
  }

 private:
  void flush(std::vector<std::string_view>& block) {
    std::vector<std::string_view> lines;
    std::size_t i = 0;
    while (i < block.size()) {
      if (starts_list(block, i)) {
        paragraph(std::exchange(lines, {}), false);
        i = list(block, i);
      } else {
        lines.push_back(block[i++]);
      }
    }
    paragraph(lines, block.size() == 1);
    block.clear();
  }

  // A number alone may be a date or a chapter ("1. Introduction"): it takes two in a row to make a list.
  static bool starts_list(const std::vector<std::string_view>& block, std::size_t i) {
    const auto item = item_of(block[i]);
    if (!item || !item->number) return item.has_value();
    const auto next = i + 1 < block.size() ? item_of(block[i + 1]) : std::nullopt;
    return next && next->number == *item->number + 1;
  }

  std::size_t list(const std::vector<std::string_view>& block, std::size_t i) {
    const auto first = *item_of(block[i]);
    if (first.number) {
      builder_.open("orderedList", {{"start", value_of(double(*first.number))}});
    } else {
      builder_.open("bulletList");
    }
    for (int number = first.number.value_or(0); i < block.size(); ++i, ++number) {
      const auto item = item_of(block[i]);
      if (!item || item->number.has_value() != first.number.has_value()) break;
      if (item->number && *item->number != number) break;
      builder_.open("listItem");
      builder_.open("paragraph");
      words(item->text);
      builder_.close();
      builder_.close();
    }
    builder_.close();
    return i;
  }

  void paragraph(const std::vector<std::string_view>& lines, bool alone) {
    if (lines.empty()) return;
    if (alone && is_title(lines.front())) {
      builder_.open("heading", {{"level", value_of(2.0)}});
    } else {
      builder_.open("paragraph");
    }
    const bool wrapped = is_wrapped(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0 && wrapped) builder_.text(" ");
      if (i > 0 && !wrapped) builder_.leaf(element("hardBreak"));
      words(lines[i]);
    }
    builder_.close();
  }

  // Addresses of pages become links.
  void words(std::string_view text) {
    for (auto address = find_address(text); address; address = find_address(text)) {
      builder_.text(text.substr(0, address->begin));
      builder_.text(text.substr(address->begin, address->size),
                    {{"link", crdt::Value{crdt::ValueMap{{"href", value_of(address->href)}}}}});
      text.remove_prefix(address->begin + address->size);
    }
    builder_.text(text);
  }

  Builder builder_;
};

}  // namespace

Result<std::vector<XmlNode>> from_text(std::string_view text) {
  CLUSE_TRY(clean, readable(text));
  return TextReader().read(clean);
}

}  // namespace cluse::domain::richtext
