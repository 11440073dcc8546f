// Names that a manifest may use. Thread: any.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cluse::plugin {

inline constexpr std::size_t kIdBytesMax = 100;

/// Small letters, digits and the characters of `also`; not empty.
[[nodiscard]] inline bool is_word(std::string_view text, std::string_view also) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

/// Reverse DNS, "org.example.polls": it names files, addresses and metrics.
[[nodiscard]] inline bool is_plugin_id(std::string_view id) {
  if (id.size() > kIdBytesMax || id.find('.') == std::string_view::npos) return false;
  for (std::size_t at = 0; at <= id.size();) {
    const auto dot = std::min(id.find('.', at), id.size());
    const auto part = id.substr(at, dot - at);
    if (!is_word(part, "-") || part.front() == '-' || part.back() == '-') return false;
    at = dot + 1;
  }
  return true;
}

}  // namespace cluse::plugin
