#include "server/domain/identity/vault.h"

#include "server/base/bytes.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cluse::domain {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::unexpected<Error> unreadable(const std::filesystem::path& file, const std::string& why) {
  return fail(Errc::internal, "key_unreadable", file.string() + ": " + why);
}

}  // namespace

Vault::Vault() {
  fill_random(key_);
}

Result<Vault> Vault::open(const std::filesystem::path& file) {
  Vault vault;
  // Made under another name and moved: a crash on the way leaves no half of a key.
  const std::string fresh = file.string() + ".new";
  if (!std::filesystem::exists(file)) {
    const int made = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (made < 0) return unreadable(file, std::strerror(errno));
    const bool kept = ::write(made, vault.key_.data(), vault.key_.size()) == static_cast<ssize_t>(vault.key_.size()) &&
                      ::fsync(made) == 0;
    ::close(made);
    // link, not rename: whoever was faster keeps hers.
    if (!kept || (::link(fresh.c_str(), file.c_str()) != 0 && errno != EEXIST))
      return unreadable(file, "cannot be made");
    ::unlink(fresh.c_str());
  }
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return unreadable(file, std::strerror(errno));
  struct stat about {};
  const bool is_ours = ::fstat(opened, &about) == 0 && (about.st_mode & 077) == 0;
  const bool is_whole = ::read(opened, vault.key_.data(), vault.key_.size()) == static_cast<ssize_t>(vault.key_.size());
  ::close(opened);
  if (!is_ours) return unreadable(file, "others can read it: chmod 600");
  if (!is_whole) return unreadable(file, "not a key");
  return vault;
}

std::string Vault::seal(std::string_view purpose, std::string_view text) const {
  std::array<unsigned char, kNonceBytes> nonce{};
  fill_random(nonce);
  std::string sealed(reinterpret_cast<const char*>(nonce.data()), nonce.size());
  sealed.resize(kNonceBytes + text.size() + kTagBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(sealed.data()) + kNonceBytes, nullptr,
                                             bytes_of(text), text.size(), bytes_of(purpose), purpose.size(), nullptr,
                                             nonce.data(), key_.data());
  return to_base64url(sealed);
}

std::optional<std::string> Vault::unseal(std::string_view purpose, std::string_view sealed) const {
  const auto bytes = from_base64url(sealed);
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return std::nullopt;
  std::string text(bytes->size() - kNonceBytes - kTagBytes, '\0');
  const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, bytes_of(*bytes) + kNonceBytes,
      bytes->size() - kNonceBytes, bytes_of(purpose), purpose.size(), bytes_of(*bytes), key_.data());
  return failed != 0 ? std::nullopt : std::optional(std::move(text));
}

}  // namespace cluse::domain
