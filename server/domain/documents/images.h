// Images of documents: checked by content, kept as blobs.
#pragma once

#include "server/domain/documents/documents.h"

#include <cstdint>
#include <string>

namespace cluse::domain {

struct ImageLimits {
  std::size_t bytes_max = 25U << 20;
  std::uint32_t side_max = 20'000;         ///< pixels
  std::uint64_t pixels_max = 100'000'000;  ///< what a browser can decode without harm
};

struct Image {
  Id id, document_id;
  std::string blob;  ///< 64 hexadecimal digits: the name in the address
  std::string type;
  std::uint32_t width = 0, height = 0;
  std::size_t bytes = 0;
};

struct ImageContent {
  std::string type;
  Bytes bytes;
};

/// Thread: any. Codes of documents, and those named.
class Images {
 public:
  Images(Environment environment, ImageLimits limits) : environment_(environment), limits_(limits) {}

  /// Editors. The same bytes in the same document are one image. Codes: "image_unsupported", "body_too_large".
  Task<Result<Image>> add(Actor actor, Id document, Bytes bytes);
  /// Members. Code: "image_not_found".
  Task<Result<ImageContent>> content(Actor actor, Id document, std::string blob);

 private:
  const Environment environment_;
  const ImageLimits limits_;
};

}  // namespace cluse::domain
