#include "server/mail/token.h"

#include "server/base/assert.h"
#include "server/base/bytes.h"
#include "server/storage/file.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <fstream>
#include <iterator>

namespace cluse::mail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSecretBytes = 32, kNameDigits = 64, kProofDigits = 32;

std::string proof_of(const std::string& secret, const std::string& name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool ok =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(), &size) != nullptr;
  CLUSE_ASSERT(ok && size == 32, "HMAC with SHA-256 is always available");
  return to_hex(BytesView(reinterpret_cast<const char*>(digest.data()), size)).substr(0, kProofDigits);
}

}  // namespace

Result<std::string> open_secret(const fs::path& folder) {
  const fs::path file = folder / "secret";
  const auto read = [&file] {
    std::ifstream stream(file, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(stream), {}};
  };
  if (auto secret = read(); secret.size() == kSecretBytes) return secret;
  std::error_code error;
  fs::create_directories(folder, error);
  fs::remove(file, error);
  std::array<unsigned char, kSecretBytes> octets{};
  fill_random(octets);
  std::string secret(octets.begin(), octets.end());
  CLUSE_CHECK(storage::write_synced(file, secret));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  return secret;
}

std::string token_of(const std::string& secret, const std::string& name) {
  return name + '.' + proof_of(secret, name);
}

std::optional<std::string> name_in(const std::string& secret, std::string_view token) {
  if (secret.size() != kSecretBytes || token.size() != kNameDigits + 1 + kProofDigits || token[kNameDigits] != '.')
    return std::nullopt;
  std::string name(token.substr(0, kNameDigits));
  // It becomes a file's name.
  if (name.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  const std::string proof = proof_of(secret, name);
  if (CRYPTO_memcmp(proof.data(), token.data() + kNameDigits + 1, kProofDigits) != 0) return std::nullopt;
  return name;
}

}  // namespace cluse::mail
