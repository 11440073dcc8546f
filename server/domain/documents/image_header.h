// What an image says of itself in its first bytes. Nothing is decoded.
#pragma once

#include "server/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cluse::domain {

struct ImageHeader {
  std::string_view type;  ///< "image/png", "image/jpeg", "image/gif" or "image/webp"
  std::uint32_t width = 0, height = 0;
};

/// Nothing for other formats, damaged headers and images without a pixel. Thread: any.
[[nodiscard]] std::optional<ImageHeader> read_image_header(BytesView bytes);

}  // namespace cluse::domain
