// Whether answers are packed where that helps, unpack to what they were, and are left alone elsewhere.
#include "server/net/compression.h"

#include "server/net/response_head.h"

#include <gtest/gtest.h>

#include <zlib.h>

namespace cluse::net {
namespace {

Bytes unpacked(const Bytes& packed, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  Bytes plain(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  plain.resize(stream.total_out);
  inflateEnd(&stream);
  return plain;
}

Response json_of(std::size_t size) {
  Bytes body = "{\"text\":\"";
  while (body.size() < size - 2) body += "Liaison cyclable "[body.size() % 17];
  return Response::json(200, body + "\"}");
}

bool is_packed(const Response& response) {
  return has_header(response.headers, "Content-Encoding");
}

TEST(Compression, PacksAndUnpacksToTheSame) {
  for (const std::size_t size : {kPackBytesMin, kPackBytesMin + 1, kPackBytesMax}) {
    Response response = json_of(size);
    const Bytes plain = response.body;
    ASSERT_EQ(plain.size(), size);
    pack(response, "gzip, deflate, br");
    ASSERT_TRUE(is_packed(response)) << size;
    EXPECT_LT(response.body.size(), size);
    EXPECT_EQ(unpacked(response.body, size), plain);
    EXPECT_TRUE(has_header(response.headers, "Vary"));
  }
}

TEST(Compression, LeavesAloneWhatItShould) {
  Response small = json_of(kPackBytesMin - 1), large = json_of(kPackBytesMax + 1);
  Response picture = json_of(5000), chosen = json_of(5000), tagged = json_of(5000), noise = json_of(5000);
  picture.headers = {{"Content-Type", "image/png"}};
  chosen.with("Content-Encoding", "br");
  tagged.with("ETag", "\"1\"");
  std::uint32_t random = 1;
  for (char& c : noise.body) c = static_cast<char>((random = random * 1664525U + 1013904223U) >> 24U);
  for (Response* each : {&small, &large, &picture, &tagged, &noise}) {
    const Bytes before = each->body;
    pack(*each, "gzip");
    EXPECT_EQ(each->body, before);
    EXPECT_FALSE(is_packed(*each));
  }
  pack(chosen, "gzip");
  EXPECT_EQ(chosen.body, json_of(5000).body);
}

TEST(Compression, AsksTheClient) {
  for (const char* refused : {"", "br", "identity", "gzip;q=0"}) {
    Response response = json_of(5000);
    pack(response, refused);
    EXPECT_FALSE(is_packed(response)) << refused;
    EXPECT_TRUE(has_header(response.headers, "Vary")) << refused;
  }
}

}  // namespace
}  // namespace cluse::net
