#include "server/base/id.h"

#include "server/base/bytes.h"

#include <cstring>
#include <mutex>

namespace cluse {

std::string Id::to_string() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kDigits[octets[i] >> 4];
    text[at++] = kDigits[octets[i] & 15];
  }
  return text;
}

std::optional<Id> Id::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Id id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (c == '-')) return std::nullopt;
    if (dash) continue;
    unsigned digit = 0;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
    else return std::nullopt;
    auto& octet = id.octets[nibble / 2];
    octet = static_cast<std::uint8_t>(nibble % 2 == 0 ? digit << 4 : octet | digit);
    ++nibble;
  }
  return id;
}

Id new_id(Instant now) {
  // 48 bits of milliseconds, 12 bits of a counter that only ascends within its millisecond, 62 random bits.
  static std::mutex mutex;
  static std::int64_t last_ms = 0;
  static unsigned counter = 0;

  Id id;
  fill_random({id.octets.data() + 8, 8});
  const std::lock_guard lock(mutex);
  if (now.ms > last_ms) {
    last_ms = now.ms;
    counter = 0;
  } else if (++counter > 0xfff) {
    ++last_ms;
    counter = 0;
  }
  for (int i = 0; i < 6; ++i) id.octets[i] = static_cast<std::uint8_t>(last_ms >> (40 - 8 * i));
  id.octets[6] = static_cast<std::uint8_t>(0x70 | counter >> 8);
  id.octets[7] = static_cast<std::uint8_t>(counter);
  id.octets[8] = static_cast<std::uint8_t>(0x80 | (id.octets[8] & 0x3f));
  return id;
}

}  // namespace cluse

std::size_t std::hash<cluse::Id>::operator()(const cluse::Id& id) const noexcept {
  std::size_t low = 0;
  std::memcpy(&low, id.octets.data() + 8, sizeof low);  // the random half
  std::size_t high = 0;
  std::memcpy(&high, id.octets.data(), sizeof high);
  return low ^ high * 0x9e3779b97f4a7c15U;
}
