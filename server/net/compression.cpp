#include "server/net/compression.h"

#include "server/net/response_head.h"
#include "server/net/static_files.h"

#include <algorithm>
#include <string>
#include <utility>

#include <zlib.h>

namespace cluse::net {

namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window, in gzip's wrapping
constexpr int kMemory = 8;

std::string_view type_of(const Response& response) {
  const auto found = std::ranges::find(response.headers, "Content-Type", &Headers::value_type::first);
  return found == response.headers.end() ? std::string_view() : std::string_view(found->second);
}

bool is_worth_packing(const Response& response) {
  if (response.body.size() < kPackBytesMin || response.body.size() > kPackBytesMax) return false;
  if (is_bodiless(response.status) || has_header(response.headers, "Content-Encoding")) return false;
  if (has_header(response.headers, "ETag")) return false;
  const std::string_view type = type_of(response);
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/problem+json");
}

// Empty if it did not work or saved nothing: the answer then goes as it is.
Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  Bytes packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  if (!whole || size >= plain.size()) return {};
  packed.resize(size);
  return packed;
}

}  // namespace

void pack(Response& response, std::string_view accept_encoding) {
  if (!is_worth_packing(response)) return;
  response.with("Vary", "Accept-Encoding");
  if (choose_encoding(accept_encoding, false, true) != "gzip") return;
  Bytes packed = gzip(response.body);
  if (packed.empty()) return;
  response.body = std::move(packed);
  response.with("Content-Encoding", "gzip");
}

}  // namespace cluse::net
