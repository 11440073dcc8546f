#include "server/domain/identity/one_time_code.h"

#include "server/base/bytes.h"
#include "server/domain/identity/tokens.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace cluse::domain {
namespace {

constexpr std::string_view kRecoveryLetters = "0123456789abcdefghjkmnpqrstvwxyz";

}  // namespace

std::string one_time_code(std::string_view secret, std::int64_t counter, int digits) {
  std::array<unsigned char, 8> message{};
  for (std::size_t i = 0; i < message.size(); ++i)
    message[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(counter) >> (56 - 8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), message.data(), message.size(), mac.data(), &size);
  const std::size_t offset = mac[19] & 15U;
  const std::uint32_t value = (mac[offset] & 0x7fU) << 24 | static_cast<std::uint32_t>(mac[offset + 1]) << 16 |
                              static_cast<std::uint32_t>(mac[offset + 2]) << 8 | mac[offset + 3];
  std::string code(static_cast<std::size_t>(digits), '0');
  std::uint32_t rest = value;
  for (auto at = code.rbegin(); at != code.rend(); ++at, rest /= 10) *at = static_cast<char>('0' + rest % 10);
  return code;
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code, Instant now,
                                          std::int64_t last_step) {
  const std::int64_t current = now.ms / 1000 / kCodeStepSeconds;
  std::optional<std::int64_t> found;
  // All are computed, whichever fits.
  for (std::int64_t step = current - kCodeStepsOff; step <= current + kCodeStepsOff; ++step)
    if (same_secret(one_time_code(secret, step), code) && step > last_step) found = step;
  return found;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8 | static_cast<unsigned char>(c)) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) out += kDigits[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) out += kDigits[buffer << (5 - bits) & 31];
  return out;
}

std::string new_recovery_code() {
  std::array<unsigned char, 16> random{};
  fill_random(random);
  std::string code;
  for (std::size_t i = 0; i < random.size(); ++i) {
    if (i > 0 && i % 4 == 0) code += '-';
    code += kRecoveryLetters[random[i] & 31U];
  }
  return code;
}

std::string folded_recovery_code(std::string_view typed) {
  std::string folded;
  for (char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    if (c == 'o') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    folded += c;
  }
  return folded;
}

}  // namespace cluse::domain
