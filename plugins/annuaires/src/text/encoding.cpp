#include "encoding.h"

#include <cluse/value.hpp>

#include <array>
#include <cstdint>

namespace annuaires {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf", kUtf16Mark = "\xff\xfe";

// 0x80 to 0x9f of Windows-1252 (the WHATWG's encoding standard); the five that have no sign are what they are.
constexpr std::array<std::uint16_t, 32> kWindows = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                                    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

void append(std::string& out, std::uint32_t point) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) out += static_cast<char>(point);
  else if (point < 0x800) out += static_cast<char>(0xc0 | point >> 6), tail(0);
  else if (point < 0x10000) out += static_cast<char>(0xe0 | point >> 12), tail(6), tail(0);
  else out += static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0);
}

std::string from_windows(std::string_view octets) {
  std::string out;
  out.reserve(octets.size() + octets.size() / 16);
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    append(out, octet >= 0x80 && octet < 0xa0 ? kWindows[octet - 0x80] : octet);
  }
  return out;
}

std::string from_utf16(std::string_view octets) {
  std::string out;
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(octets[i]) | static_cast<unsigned char>(octets[i + 1]) << 8;
  };
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    std::uint32_t point = unit(i);
    const bool leads = point >= 0xd800 && point < 0xdc00;
    const std::uint32_t next = leads && i + 3 < octets.size() ? unit(i + 2) : 0;
    if (next >= 0xdc00 && next < 0xe000) {
      point = 0x10000 + ((point - 0xd800) << 10) + (next - 0xdc00);
      i += 2;
    } else if (point >= 0xd800 && point < 0xe000) {
      point = 0xfffd;
    }
    append(out, point);
  }
  return out;
}

// Every well-formed stretch as it is; each octet that is part of none becomes U+FFFD.
std::string mended(std::string_view octets) {
  if (is_utf8(octets)) return std::string(octets);
  std::string out;
  for (std::size_t i = 0; i < octets.size();) {
    std::size_t bytes = 1;
    while (bytes <= 4 && i + bytes <= octets.size() && !is_utf8(octets.substr(i, bytes))) ++bytes;
    if (bytes <= 4 && i + bytes <= octets.size()) {
      out += octets.substr(i, bytes);
      i += bytes;
    } else {
      append(out, 0xfffd);
      ++i;
    }
  }
  return out;
}

}  // namespace

bool is_utf8(std::string_view text) {
  return cluse::value_detail::is_utf8(text);
}

std::string detect_encoding(std::string_view octets) {
  if (octets.starts_with(kUtf16Mark)) return "utf-16le";
  return octets.starts_with(kUtf8Mark) || is_utf8(octets) ? "utf-8" : "windows-1252";
}

std::string to_utf8(std::string_view octets, std::string_view encoding) {
  if (encoding == "utf-16le") return from_utf16(octets.starts_with(kUtf16Mark) ? octets.substr(2) : octets);
  if (encoding == "utf-8") return mended(octets.starts_with(kUtf8Mark) ? octets.substr(3) : octets);
  return from_windows(octets);
}

}  // namespace annuaires
