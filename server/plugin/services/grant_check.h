// Whether a plugin was granted what it asks a service: everything that plugin.toml alone decides. Thread: any.
#pragma once

#include "server/plugin/manifest.h"

#include <cluse/value.hpp>

#include <string>
#include <string_view>

namespace cluse::plugin {

/// Empty, or what was not granted, for the log: "core people".
[[nodiscard]] std::string not_granted(const Manifest& manifest, std::string_view service, std::string_view operation,
                                      const Value& body);

}  // namespace cluse::plugin
