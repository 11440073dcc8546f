#include "server/domain/identity/tokens.h"

#include "server/base/bytes.h"

#include <sodium.h>

#include <array>

namespace cluse::domain {
namespace {

std::string sha256(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return digest;
}

}  // namespace

std::string new_token() {
  std::array<unsigned char, 16> bits{};
  fill_random(bits);
  return to_base64url(BytesView(reinterpret_cast<const char*>(bits.data()), bits.size()));
}

std::string hash_token(std::string_view token) {
  return to_hex(sha256(token));
}

bool same_secret(std::string_view left, std::string_view right) {
  // Hashing first makes the lengths equal, so that neither length nor content shows in the time.
  const std::string a = sha256(left), b = sha256(right);
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cluse::domain
