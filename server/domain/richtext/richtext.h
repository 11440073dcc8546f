// Documents in and out: Markdown, HTML and plain text to the nodes of docs/document-schema.md, and back.
// Pure functions without clock, disk or network. Everything that comes in is hostile until it has been through here.
// Thread: any (they use a few milliseconds a megabyte: call them on a worker, not on a shard).
#pragma once

#include "server/base/result.h"
#include "server/crdt/crdt.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::richtext {

using crdt::XmlNode;

/// Past one of these an import answers Errc::too_large, "body_too_large".
inline constexpr std::size_t kImportBytesMax = 10U << 20;      ///< of the file
inline constexpr std::size_t kImportNodesMax = 200'000;        ///< elements and runs of text it may turn into
inline constexpr std::size_t kImportTextBytesMax = 40U << 20;  ///< text and attributes it may turn into

/// Elements nested deeper than this are opened up and leave their text: nobody reads a list in 20 lists. Twice this (a
/// stray item gets a list of its own) stays within the engine's nesting limit.
inline constexpr std::size_t kDepthMax = 40;

/// The three imports. What the schema does not know is opened up and leaves its text; links that are not http, https,
/// mailto or relative lose the link and keep the words; images that are neither ours nor https leave their alternative
/// text. Codes: "import_not_text" (not UTF-8, or holds a NUL), "body_too_large".
/// CommonMark with tables, task lists, strikethrough and bare links. HTML in it is shown as text, but for `<br>`, `<u>`
/// and comments.
[[nodiscard]] Result<std::vector<XmlNode>> from_markdown(std::string_view markdown);
[[nodiscard]] Result<std::vector<XmlNode>> from_html(std::string_view html);
/// Blank lines separate paragraphs. Lists, titles in capitals and addresses of pages are recognised; lines that a mail
/// programme has wrapped are joined again, other single line ends stay.
[[nodiscard]] Result<std::vector<XmlNode>> from_text(std::string_view text);

/// Before an export: what plugins draw will be there as a link, with the words that the plugin left in the document
/// (else its id), to the page of the plugin that it named, else to the document. `origin`: "https://cluse.example";
/// `document`: the path of the document's screen.
void link_extension_blocks(std::vector<XmlNode>& nodes, const std::string& origin, const std::string& document);

/// Markdown that `from_markdown` reads back as the same nodes, as far as Markdown can say it: a table cell becomes one
/// paragraph, merged cells become empty ones, a table without a header gets an empty one.
[[nodiscard]] std::string to_markdown(const std::vector<XmlNode>& nodes);

struct HtmlOptions {
  std::string title;     ///< of the document: the page's <title> and its only <h1>
  std::string language;  ///< BCP 47
};

/// A complete page of its own: UTF-8, no script, nothing loaded but the images of the document.
[[nodiscard]] std::string to_html(const std::vector<XmlNode>& nodes, const HtmlOptions& options);

/// The words alone, a line a block: for search and for previews. Of a block that a plugin draws, those it left.
[[nodiscard]] std::string to_plain_text(const std::vector<XmlNode>& nodes);

}  // namespace cluse::domain::richtext
