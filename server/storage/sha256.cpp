#include "server/storage/sha256.h"

#include "server/base/assert.h"

#include <openssl/evp.h>

#include <memory>

namespace cluse::storage {
namespace {

// Fetched once: EVP_sha256() looks the algorithm up by its name at each use, which costs more than to hash a short
// text.
const EVP_MD* algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

std::string sha256_hex(BytesView bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> kContext(EVP_MD_CTX_new());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const bool ok = EVP_DigestInit_ex2(kContext.get(), algorithm(), nullptr) == 1 &&
                  EVP_DigestUpdate(kContext.get(), bytes.data(), bytes.size()) == 1 &&
                  EVP_DigestFinal_ex(kContext.get(), digest, &size) == 1;
  CLUSE_ASSERT(ok && size == 32, "SHA-256 is always available");
  return to_hex(BytesView(reinterpret_cast<const char*>(digest), size));
}

}  // namespace cluse::storage
