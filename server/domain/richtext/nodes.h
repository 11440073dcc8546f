// What the importers share: building a loose tree within limits, and fitting it to the schema. Internal to richtext.
#pragma once

#include "server/crdt/crdt.h"
#include "server/domain/richtext/richtext.h"

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::richtext {

using Nodes = std::vector<XmlNode>;
using Marks = std::map<std::string, crdt::Value>;

/// A loose node that ends the paragraph before it and begins another: what a `<div>` leaves behind.
inline constexpr std::string_view kBoundary = "boundary";

[[nodiscard]] XmlNode element(std::string_view name, Nodes children = {});
[[nodiscard]] XmlNode run(std::string text, Marks marks = {});
[[nodiscard]] bool is_inline(const XmlNode& node);

[[nodiscard]] crdt::Value value_of(std::string_view text);
[[nodiscard]] crdt::Value value_of(double number);
/// For a bool and nothing that turns into one: a plain overload would take every string literal, as `true`.
[[nodiscard]] crdt::Value value_of(std::same_as<bool> auto flag) {
  return crdt::Value{flag};
}
/// The attribute as text or number; `otherwise` if it is missing or of another type.
[[nodiscard]] std::string text_attribute(const Marks& attributes, const std::string& name);
[[nodiscard]] int number_attribute(const Marks& attributes, const std::string& name, int otherwise);
[[nodiscard]] bool flag_attribute(const Marks& attributes, const std::string& name);

/// The address as it may be stored and shown, or nothing: http, https, mailto and relative ones only.
[[nodiscard]] std::optional<std::string> safe_link(std::string_view address);

/// The first bare address of a page in running text; what closes the sentence after it does not belong to it.
struct Address {
  std::size_t begin = 0, size = 0;
  std::string href;
};
[[nodiscard]] std::optional<Address> find_address(std::string_view text);
/// The same for images: our own image route, or https.
[[nodiscard]] std::optional<std::string> safe_image(std::string_view address);
/// A language name fit for a class attribute and for Markdown's info string, or empty.
[[nodiscard]] std::string safe_language(std::string_view name);

/// The file as text to parse: checked for size and UTF-8, without byte order mark, line ends as '\n'.
[[nodiscard]] Result<std::string> readable(std::string_view file);
/// Without the control characters that no document holds (all of C0 but tab and newline, and DEL).
[[nodiscard]] std::string without_controls(std::string_view text);

/// Appends one code point as UTF-8; what is no scalar value becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);
/// Decodes one entity such as "&eacute;" or "&#233;"; an unknown one comes back as it was.
[[nodiscard]] std::string decode_entity(std::string_view entity);

/// A loose tree from a stream of openings, texts and closings.
class Builder {
 public:
  Builder();
  /// Every `open` has its `close`. Deeper than kDepthMax the element is not made and its children go to its parent.
  void open(std::string_view name, Marks attributes = {});
  void close();
  void text(std::string_view text, const Marks& marks = {});
  void leaf(XmlNode node);
  /// The innermost open element called `name`, or null. Valid until the next call that changes the tree.
  [[nodiscard]] XmlNode* innermost(std::string_view name);
  /// True once the input has produced more than the limits allow; nothing more is added from then on.
  [[nodiscard]] bool full() const { return full_; }
  /// Closes what is open and gives the tree, fitted to the schema.
  [[nodiscard]] Result<Nodes> finish();

 private:
  void count(std::size_t bytes);

  std::vector<XmlNode> open_;  // open_[0] is the root
  std::vector<bool> made_;     // for each `open`, whether it made an element
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

/// A block that a plugin draws. Its attributes `text` and `path` are what the plugin said for those who do not see it;
/// `href` is where an export leads (link_extension_blocks).
inline constexpr std::string_view kExtensionBlock = "extensionBlock";
[[nodiscard]] std::string words_of_extension(const XmlNode& node);
/// A paragraph in its place.
[[nodiscard]] XmlNode stand_in(const XmlNode& node);

/// A tree of the schema from a loose one: inline content gets its paragraph, lists hold items, items begin with a
/// paragraph, rows hold cells, headings hold no blocks, blank paragraphs go, spaces collapse outside code.
/// Applying it twice changes nothing.
[[nodiscard]] Nodes fit_to_schema(Nodes loose);

}  // namespace cluse::domain::richtext
