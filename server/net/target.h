// The request target: what stands between the method and the version.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::net {

struct Target {
  std::string path;                          ///< decoded, no dot segments, valid UTF-8
  std::map<std::string, std::string> query;  ///< decoded; the last of a repeated key
};

/// Origin form only. Nothing for what is malformed, and for what two readers could understand differently: dot
/// segments, an escaped slash or control character, octets that are not UTF-8.
[[nodiscard]] std::optional<Target> parse_target(std::string_view raw);

/// The path as the log may show it: secrets that travel in paths are masked.
[[nodiscard]] std::string loggable_path(std::string_view path);

}  // namespace cluse::net
