#include "server/crdt/utf16.h"

#include <cstring>

namespace cluse::crdt {

namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint8_t octet(BytesView text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

/// Length in bytes of the character at `at`; 0 if there is none that is well-formed (Unicode 15, table 3-7).
std::size_t character_bytes(BytesView text, std::size_t at) {
  const std::uint8_t lead = octet(text, at);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (size <= 1) return size;
  if (text.size() - at < size) return 0;
  const std::uint8_t second = octet(text, at + 1);
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if (!is_continuation(octet(text, at + i))) return 0;
  }
  return size;
}

}  // namespace

std::optional<std::uint64_t> utf16_length(BytesView text) {
  std::uint64_t units = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && (word_at(text.data() + at) & kHighBits) == 0) {
      at += 8;
      units += 8;
      continue;
    }
    const std::size_t size = character_bytes(text, at);
    if (size == 0) return std::nullopt;
    at += size;
    units += size == 4 ? 2 : 1;
  }
  return units;
}

Utf16Cut utf16_cut(BytesView text, std::uint64_t units) {
  std::size_t at = 0;
  while (units > 0 && at < text.size()) {
    if (units >= 8 && text.size() - at >= 8 && (word_at(text.data() + at) & kHighBits) == 0) {
      at += 8;
      units -= 8;
      continue;
    }
    const std::uint8_t lead = octet(text, at);
    if (lead >= 0xF0) {
      if (units == 1) return {at, true};
      at += 4;
      units -= 2;
    } else {
      at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3;
      --units;
    }
  }
  return {at, false};
}

}  // namespace cluse::crdt
