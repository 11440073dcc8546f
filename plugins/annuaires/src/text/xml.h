// Text between tags.
#pragma once

#include <string>
#include <string_view>

namespace annuaires {

/// With entities for & < > " and without the characters that XML 1.0 does not know.
[[nodiscard]] inline std::string xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

}  // namespace annuaires
