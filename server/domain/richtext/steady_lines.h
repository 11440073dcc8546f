// A way round a fault of the Markdown parser. Internal to richtext.
#pragma once

#include <string>
#include <string_view>

namespace cluse::domain::richtext {

/// The same Markdown, with "\r\n" for some line ends (and perhaps an empty line before all), so that the parser does
/// not put out of their list the blocks that follow a title, a rule or a code block there.
[[nodiscard]] std::string steady_lines(std::string_view markdown);

}  // namespace cluse::domain::richtext
