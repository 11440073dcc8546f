// The script of the frame that a plugin's module stands in where it is not trusted (frame.js).
#pragma once

#include <string_view>

namespace cluse::api {

/// An ES module. Thread: any.
[[nodiscard]] std::string_view frame_script();

}  // namespace cluse::api
