// What stands between an HTML file and the HTML parser: known elements and attributes only, nested no deeper than
// kHtmlDepthMax, so that the parser's cost stays linear whatever the file holds. Internal to richtext.
#pragma once

#include "server/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace cluse::domain::richtext {

inline constexpr std::size_t kHtmlDepthMax = 120;

/// `html` rewritten. Comments, doctypes, scripts, styles and embedded documents go with their content; unknown elements
/// leave their content. This is no allow-list to trust for safety: from_html applies its own to the parsed tree.
/// Requires: UTF-8 without NUL. Code: "body_too_large" (too many elements).
[[nodiscard]] Result<std::string> guarded_html(std::string_view html);

}  // namespace cluse::domain::richtext
