// Aim: a size is read from each format we take, and nothing is believed of what is damaged or something else.
// Method: headers written out by hand, then cut at every length.

#include "server/domain/documents/image_header.h"

#include <gtest/gtest.h>

#include <string>

namespace cluse::domain {
namespace {

using std::string_literals::operator""s;

Bytes png(std::uint32_t width, std::uint32_t height) {
  const auto big = [](std::uint32_t n) { return Bytes{char(n >> 24), char(n >> 16), char(n >> 8), char(n)}; };
  return "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s + big(width) + big(height) + "\x08\x06\0\0\0"s;
}

const Bytes kGif = "GIF89a\x40\x01\xf0\x00\x80"s;
const Bytes kJpeg = "\xff\xd8\xff\xe0\x00\x04\x4a\x46\xff\xff\xc2\x00\x11\x08\x01\x02\x03\x04\x03"s;
const Bytes kWebpExtended = "RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1f\x03\0\x57\x02\0"s;
const Bytes kWebpLossless = "RIFF\x24\0\0\0WEBPVP8L\x10\0\0\0\x2f\x1f\xc3\x95\0\0\0\0\0\0"s;
const Bytes kWebpLossy = "RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x20\x03\x58\x02"s;

TEST(ImageHeader, TellsTypeAndSizeOfEachFormat) {
  const auto expect = [](const Bytes& bytes, std::string_view type, std::uint32_t width, std::uint32_t height) {
    const auto header = read_image_header(bytes);
    ASSERT_TRUE(header.has_value()) << type;
    EXPECT_EQ(header->type, type);
    EXPECT_EQ(header->width, width) << type;
    EXPECT_EQ(header->height, height) << type;
  };
  expect(png(800, 600), "image/png", 800, 600);
  expect(kGif, "image/gif", 320, 240);
  expect(kJpeg, "image/jpeg", 0x304, 0x102);
  expect(kWebpExtended, "image/webp", 800, 600);
  expect(kWebpLossless, "image/webp", 800, 600);
  expect(kWebpLossy, "image/webp", 800, 600);
}

TEST(ImageHeader, RefusesWhatIsNoneOfThem) {
  for (const Bytes& bytes : {""s, "<svg xmlns='http://www.w3.org/2000/svg'/>"s, "BM"s + std::string(60, '\0'),
                             "%PDF-1.7 "s + std::string(60, ' '), std::string(100, '\xff'), png(0, 600), png(800, 0)})
    EXPECT_FALSE(read_image_header(bytes).has_value());
}

TEST(ImageHeader, SurvivesBeingCutAnywhere) {
  for (const Bytes& whole : {png(8, 6), kGif, kJpeg, kWebpExtended, kWebpLossless, kWebpLossy})
    for (std::size_t length = 0; length < whole.size(); ++length) {
      // An exact copy on the heap, so that the sanitizer sees a read past the end.
      const std::string cut(whole.data(), length);
      static_cast<void>(read_image_header(std::string(cut.begin(), cut.end())));
    }
}

TEST(ImageHeader, DoesNotLoopOnJpegSegmentsOfNoLength) {
  EXPECT_FALSE(read_image_header("\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00"s).has_value());
  EXPECT_FALSE(read_image_header("\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"s).has_value());
  EXPECT_FALSE(read_image_header("\xff\xd8" + std::string(5000, '\xff')).has_value());
}

}  // namespace
}  // namespace cluse::domain
