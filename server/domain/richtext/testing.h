// For the tests of richtext: nodes as one readable line, and a generator of random documents.
#pragma once

#include "server/domain/richtext/nodes.h"

#include <random>
#include <string>
#include <string_view>

namespace cluse::domain::richtext {

/// `paragraph("a" "b"^bold)` and the like; attributes in braces.
[[nodiscard]] std::string shown(const Nodes& nodes);

/// Where two documents begin to differ, shortened for reading; empty if they do not.
[[nodiscard]] std::string difference(const Nodes& actual, const Nodes& expected);

/// Random documents of the schema, fitted, that Markdown can express (no merged cells, one paragraph a cell).
class RandomDocument {
 public:
  explicit RandomDocument(std::uint32_t seed) : random_(seed) {}
  [[nodiscard]] Nodes make();

 private:
  Nodes blocks(int depth);
  XmlNode block(int depth);
  XmlNode list(int depth);
  XmlNode image();
  XmlNode table();
  Nodes line(bool breaks);
  std::string words();
  std::string_view one_of(const auto& choices) {
    return choices[static_cast<std::size_t>(pick(static_cast<int>(choices.size())))];
  }
  int pick(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }

  std::mt19937 random_;
};

}  // namespace cluse::domain::richtext
