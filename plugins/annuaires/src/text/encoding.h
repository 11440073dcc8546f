// Files from elsewhere: which encoding they are in, and as UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace annuaires {

/// "utf-8", "utf-16le" or "windows-1252": by its mark (BOM), else by whether it is well-formed UTF-8.
[[nodiscard]] std::string detect_encoding(std::string_view octets);
/// Without its mark; what is no character becomes U+FFFD. An unknown encoding is read as Windows-1252.
[[nodiscard]] std::string to_utf8(std::string_view octets, std::string_view encoding);
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace annuaires
