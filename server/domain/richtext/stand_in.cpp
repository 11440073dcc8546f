// What stands for a block that a plugin draws (docs/document-schema.md) where the plugin is not: a line of its own
// words.
#include "server/domain/richtext/nodes.h"

#include <algorithm>

namespace cluse::domain::richtext {
namespace {

constexpr std::size_t kPathBytesMax = 1000;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The document says it, so anybody who may write could have: only what stays below the plugin's own page.
bool is_own_path(std::string_view path) {
  const auto fits = [](char c) {
    return is_alnum(c) || std::string_view("/_.~?&=%:@,-#").find(c) != std::string::npos;
  };
  return path.starts_with('/') && path.size() <= kPathBytesMax && path.find("..") == std::string_view::npos &&
         std::ranges::all_of(path, fits);
}

bool is_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) { return is_alnum(c) || c == '.' || c == '-'; });
}

}  // namespace

void link_extension_blocks(Nodes& nodes, const std::string& origin, const std::string& document) {
  for (XmlNode& node : nodes) {
    link_extension_blocks(node.children, origin, document);
    if (node.name != kExtensionBlock) continue;
    const std::string plugin = text_attribute(node.attributes, "plugin");
    const std::string path = text_attribute(node.attributes, "path");
    const bool has_page = is_id(plugin) && is_own_path(path);
    std::string address = origin + document;
    if (has_page) address = origin + "/e/" + plugin + (path == "/" ? "" : path);
    node.attributes["href"] = value_of(address);
  }
}

std::string words_of_extension(const XmlNode& node) {
  return text_attribute(node.attributes, "text");
}

XmlNode stand_in(const XmlNode& node) {
  const std::string href = text_attribute(node.attributes, "href");
  std::string words = words_of_extension(node);
  if (words.empty() && !href.empty()) words = text_attribute(node.attributes, "plugin");
  Marks marks;
  if (!href.empty()) marks["link"] = crdt::Value{crdt::ValueMap{{"href", value_of(href)}}};
  Nodes line;
  line.push_back(run(std::move(words), std::move(marks)));
  return element("paragraph", std::move(line));
}

}  // namespace cluse::domain::richtext
