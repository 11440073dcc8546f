#include "server/domain/twins/units.h"

#include "server/domain/richtext/nodes.h"
#include "server/domain/text.h"
#include "server/storage/sha256.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cluse::domain::twins {
namespace {

using crdt::XmlNode;

constexpr std::size_t kHashDigits = 16;

// Bold and italic change nothing for who translates; a passage that is struck out, or a link that leads elsewhere,
// does.
constexpr char kStruckFrom = '\x01', kStruckTo = '\x02', kLinkFrom = '\x03', kLinkTo = '\x04';

// Typography (narrow and no-break spaces) is not a change of the text either.
constexpr std::array<std::string_view, 8> kBlanks = {" ", "\t", "\n", "\r", "\u00A0", "\u2009", "\u2028", "\u202F"};

std::string one_line(std::string_view raw) {
  std::string line;
  bool blank = false;
  for (std::size_t i = 0; i < raw.size();) {
    const auto found = std::ranges::find_if(kBlanks, [&](auto each) { return raw.substr(i).starts_with(each); });
    if (found != kBlanks.end()) {
      blank = true;
      i += found->size();
      continue;
    }
    if (blank && !line.empty()) line += ' ';
    blank = false;
    line += raw[i++];
  }
  return compose(line);
}

/// What one unit says, line by line: as people read it, and as it is hashed.
class Reading {
 public:
  void take(const XmlNode& node) {
    if (node.name == "image") return add(richtext::text_attribute(node.attributes, "alt"), {});
    if (std::ranges::any_of(node.children, richtext::is_inline)) take_line(node);
    for (const XmlNode& child : node.children)
      if (!richtext::is_inline(child)) take(child);
  }
  [[nodiscard]] Unit finish(const XmlNode& node) const {
    return {richtext::text_attribute(node.attributes, "block"), text_,
            storage::sha256_hex(hashed_).substr(0, kHashDigits)};
  }

 private:
  void take_line(const XmlNode& node) {
    std::string text, hashed, href;
    bool struck = false;
    const auto turn = [&](bool strike, const std::string& link) {
      if (href != link && !href.empty()) hashed += kLinkFrom + href + kLinkTo;
      if (struck != strike) hashed += strike ? kStruckFrom : kStruckTo;
      struck = strike;
      href = link;
    };
    for (const XmlNode& run : node.children) {
      if (!richtext::is_inline(run)) continue;
      const std::string piece = run.name.empty() ? run.text : " ";
      if (run.name.empty()) turn(run.attributes.contains("strike"), link_of(run));
      text += piece;
      hashed += piece;
    }
    turn(false, {});
    add(text, hashed);
  }
  static std::string link_of(const XmlNode& run) {
    const auto found = run.attributes.find("link");
    if (found == run.attributes.end()) return {};
    const auto* attributes = std::get_if<crdt::ValueMap>(&found->second.data);
    return attributes == nullptr ? std::string() : richtext::text_attribute(*attributes, "href");
  }
  void add(std::string_view text, std::string_view hashed) {
    const std::string line = one_line(text);
    if (line.empty()) return;
    if (!text_.empty()) text_ += '\n', hashed_ += '\n';
    text_ += line;
    hashed_ += hashed.empty() ? line : one_line(hashed);
  }

  std::string text_, hashed_;
};

bool is_list(const XmlNode& node) {
  return node.name == "bulletList" || node.name == "orderedList" || node.name == "taskList";
}

Unit unit_of(const XmlNode& node) {
  Reading reading;
  reading.take(node);
  return reading.finish(node);
}

}  // namespace

std::vector<Unit> units_of(const std::vector<XmlNode>& nodes) {
  std::vector<Unit> units;
  for (const XmlNode& node : nodes) {
    if (node.name == "horizontalRule" || node.name == "extensionBlock" || node.name.empty()) continue;
    if (!is_list(node)) {
      units.push_back(unit_of(node));
      continue;
    }
    for (const XmlNode& item : node.children) units.push_back(unit_of(item));
  }
  return units;
}

}  // namespace cluse::domain::twins
