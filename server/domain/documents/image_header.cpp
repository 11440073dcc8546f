#include "server/domain/documents/image_header.h"

namespace cluse::domain {
namespace {

std::uint32_t octet(BytesView bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::uint32_t big_endian_16(BytesView bytes, std::size_t at) {
  return octet(bytes, at) << 8 | octet(bytes, at + 1);
}

std::uint32_t big_endian_32(BytesView bytes, std::size_t at) {
  return big_endian_16(bytes, at) << 16 | big_endian_16(bytes, at + 2);
}

std::uint32_t little_endian_16(BytesView bytes, std::size_t at) {
  return octet(bytes, at) | octet(bytes, at + 1) << 8;
}

std::uint32_t little_endian_24(BytesView bytes, std::size_t at) {
  return little_endian_16(bytes, at) | octet(bytes, at + 2) << 16;
}

// Signature, then the chunk IHDR: length, name, width, height.
std::optional<ImageHeader> read_png(BytesView bytes) {
  if (bytes.size() < 24 || !bytes.starts_with("\x89PNG\r\n\x1a\n") || bytes.substr(12, 4) != "IHDR")
    return std::nullopt;
  return ImageHeader{"image/png", big_endian_32(bytes, 16), big_endian_32(bytes, 20)};
}

std::optional<ImageHeader> read_gif(BytesView bytes) {
  if (bytes.size() < 10 || (!bytes.starts_with("GIF87a") && !bytes.starts_with("GIF89a"))) return std::nullopt;
  return ImageHeader{"image/gif", little_endian_16(bytes, 6), little_endian_16(bytes, 8)};
}

// SOF0 to SOF15 hold the size, but for three markers in that range that mean something else.
bool is_start_of_frame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Segments one after another, each with its length, until the start of a frame.
std::optional<ImageHeader> read_jpeg(BytesView bytes) {
  if (!bytes.starts_with("\xFF\xD8\xFF")) return std::nullopt;
  std::size_t at = 2;
  while (at + 4 <= bytes.size()) {
    if (octet(bytes, at) != 0xFF) return std::nullopt;
    const std::uint32_t marker = octet(bytes, at + 1);
    if (marker == 0xFF) {  // padding
      ++at;
      continue;
    }
    if (is_start_of_frame(marker)) {
      if (at + 9 > bytes.size()) return std::nullopt;
      return ImageHeader{"image/jpeg", big_endian_16(bytes, at + 7), big_endian_16(bytes, at + 5)};
    }
    // Pixels (SOS) or the end before any frame: not an image we can place.
    if (marker == 0xDA || marker == 0xD9) return std::nullopt;
    const bool bare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
    const std::uint32_t length = bare ? 0 : big_endian_16(bytes, at + 2);
    if (!bare && length < 2) return std::nullopt;
    at += 2 + length;
  }
  return std::nullopt;
}

// RIFF container whose first chunk is lossy (VP8), lossless (VP8L) or extended (VP8X).
std::optional<ImageHeader> read_webp(BytesView bytes) {
  if (bytes.size() < 30 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WEBP") return std::nullopt;
  const BytesView chunk = bytes.substr(12, 4);
  if (chunk == "VP8X")
    return ImageHeader{"image/webp", little_endian_24(bytes, 24) + 1, little_endian_24(bytes, 27) + 1};
  if (chunk == "VP8L") {
    if (octet(bytes, 20) != 0x2F) return std::nullopt;
    const std::uint32_t bits = little_endian_16(bytes, 21) | little_endian_16(bytes, 23) << 16;
    return ImageHeader{"image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  if (chunk == "VP8 " && bytes.substr(23, 3) == "\x9D\x01\x2A")
    return ImageHeader{"image/webp", little_endian_16(bytes, 26) & 0x3FFF, little_endian_16(bytes, 28) & 0x3FFF};
  return std::nullopt;
}

}  // namespace

std::optional<ImageHeader> read_image_header(BytesView bytes) {
  for (const auto read : {read_png, read_jpeg, read_gif, read_webp}) {
    const auto header = read(bytes);
    if (header) return header->width > 0 && header->height > 0 ? header : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace cluse::domain
