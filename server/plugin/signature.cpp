#include "server/plugin/signature.h"

#include "server/base/assert.h"
#include "server/storage/file.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kKeyFileBytesMax = 64U << 10;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Memory = std::unique_ptr<BIO, Free>;

std::string public_key(const EVP_PKEY* key) {
  std::array<unsigned char, kKeyBytes> raw{};
  std::size_t size = raw.size();
  const int ok = EVP_PKEY_get_raw_public_key(key, raw.data(), &size);
  CLUSE_ASSERT(ok == 1 && size == raw.size(), "an Ed25519 key has 32 octets");
  return to_hex(BytesView(reinterpret_cast<const char*>(raw.data()), raw.size()));
}

std::optional<unsigned char> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  return std::nullopt;
}

// What to_hex wrote, exactly so many octets; nothing otherwise.
template <std::size_t N>
std::optional<std::array<unsigned char, N>> from_hex(std::string_view text) {
  if (text.size() != 2 * N) return std::nullopt;
  std::array<unsigned char, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    const auto high = digit(text[2 * i]);
    const auto low = digit(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    out[i] = static_cast<unsigned char>(*high << 4 | *low);
  }
  return out;
}

// A key with a password is refused rather than asked for: nobody may sit before a command that packs.
int no_password(char*, int, int, void*) {
  return -1;
}

Result<Key> read_key(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error || size > kKeyFileBytesMax)
    return fail(Errc::invalid, "plugin_key_wrong", file.string() + " cannot be read as a key");
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  const std::string pem = text.str();
  const Memory bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return fail(Errc::invalid, "plugin_key_wrong", file.string() + " holds no Ed25519 key without a password");
  return key;
}

}  // namespace

Result<std::string> make_key(const fs::path& file) {
  std::error_code error;
  if (fs::exists(file, error)) return fail(Errc::conflict, "plugin_key_wrong", file.string() + " is there already");
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const Memory bio(BIO_new(BIO_s_mem()));
  const int ok = key ? PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) : 0;
  CLUSE_ASSERT(ok == 1, "Ed25519 is always available");
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio.get(), &text));
  // Private before there is anything in it.
  CLUSE_CHECK(storage::create_private(file));
  std::ofstream stream(file, std::ios::binary | std::ios::app);
  stream.write(text, static_cast<std::streamsize>(size));
  stream.close();
  if (!stream) return fail(Errc::unavailable, "storage_error", file.string() + " cannot be written");
  return public_key(key.get());
}

Result<Signature> sign(BytesView message, const fs::path& key_file) {
  CLUSE_TRY(key, read_key(key_file));
  const Context context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureBytes> raw{};
  std::size_t size = raw.size();
  const bool ok = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                  EVP_DigestSign(context.get(), raw.data(), &size,
                                 reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  CLUSE_ASSERT(ok && size == raw.size(), "Ed25519 signs whatever it is given");
  return Signature{public_key(key.get()), to_hex(BytesView(reinterpret_cast<const char*>(raw.data()), raw.size()))};
}

bool is_signed(BytesView message, const Signature& signature) {
  const auto raw_key = from_hex<kKeyBytes>(signature.signer);
  const auto raw = from_hex<kSignatureBytes>(signature.value);
  if (!raw_key || !raw) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_key->data(), raw_key->size()));
  const Context context(EVP_MD_CTX_new());
  return key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw->data(), raw->size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

}  // namespace cluse::plugin
