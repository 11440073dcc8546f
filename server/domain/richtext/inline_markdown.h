// One line of inline content as Markdown. Internal to richtext.
#pragma once

#include "server/domain/richtext/nodes.h"

#include <string>
#include <string_view>

namespace cluse::domain::richtext {

enum class LineKind {
  kParagraph,  ///< its beginning may look like a list, a heading, a rule …
  kHeading,    ///< one line, whose end may look like closing signs
  kCell,       ///< of a table: line ends become <br>, bars are escaped
};

/// Requires: `content` is fitted to the schema.
[[nodiscard]] std::string inline_markdown(const Nodes& content, LineKind kind);

/// Text for the inside of brackets or quotes.
[[nodiscard]] std::string escaped_words(std::string_view text, bool in_table);

/// The address for a link's parentheses.
[[nodiscard]] std::string link_target(std::string_view address);

}  // namespace cluse::domain::richtext
