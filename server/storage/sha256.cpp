#include "server/storage/sha256.h"

#include "server/base/assert.h"

#include <openssl/evp.h>

namespace cluse::storage {
namespace {

// Fetched once: EVP_sha256() looks the algorithm up by its name at each use.
const EVP_MD* algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

}  // namespace

std::string sha256_hex(BytesView bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const int ok = EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm(), nullptr);
  CLUSE_ASSERT(ok == 1 && size == 32, "SHA-256 is always available");
  return to_hex(BytesView(reinterpret_cast<const char*>(digest), size));
}

}  // namespace cluse::storage
