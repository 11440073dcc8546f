#include "server/crdt/wire.h"

#include "server/crdt/json.h"
#include "server/crdt/utf16.h"

#include <vector>

namespace cluse::crdt {

std::uint64_t Reader::var_uint_rest(std::uint64_t first) {
  std::uint64_t value = first & 0x7f;
  for (unsigned shift = 7; shift < 56; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) {
      if (value <= kIntegerMax) return value;
      break;
    }
  }
  fail();
  return 0;
}

BytesView Reader::var_string(std::uint64_t& units) {
  const BytesView text = var_bytes();
  const auto length = utf16_length(text);
  if (length) {
    units = *length;
    return text;
  }
  fail();
  units = 0;
  return {};
}

BytesView Reader::var_json(std::size_t nesting_max, bool allow_undefined) {
  const BytesView text = var_string();
  if (!ok() || (allow_undefined && text == "undefined")) return text;
  const Fault fault = check_json(text, nesting_max);
  if (fault != Fault::none) fail(fault);
  return ok() ? text : BytesView{};
}

void Reader::skip_any(std::size_t nesting_max) {
  struct Open {
    std::uint64_t left = 0;
    bool object = false;
  };
  std::vector<Open> open;
  while (true) {
    const std::uint8_t tag = byte();
    switch (tag) {
      case 127:  // undefined
      case 126:  // null
      case 121:  // false
      case 120:  // true
        break;
      case 125:  // a signed integer: continuation bits as in var_uint, one bit less in the first byte
        if (byte() >= 0x80) {
          for (unsigned more = 0; byte() >= 0x80;) {
            if (++more > 7) fail();
          }
        }
        break;
      case 124: take(4); break;
      case 123:
      case 122: take(8); break;
      case 119: var_string(); break;
      case 116: var_bytes(); break;
      case 118:
      case 117: {
        const std::uint64_t count = var_uint();
        if (count > remaining()) fail();
        if (ok() && open.size() >= nesting_max) fail(Fault::too_deep);
        open.push_back({count, tag == 118});
        break;
      }
      default: fail(); break;
    }
    while (!open.empty() && open.back().left == 0) open.pop_back();
    if (open.empty() || !ok()) return;
    --open.back().left;
    if (open.back().object) var_string();
  }
}

void Writer::var_int(bool negative, std::uint64_t magnitude) {
  byte(static_cast<std::uint8_t>((magnitude > 0x3f ? 0x80 : 0) | (negative ? 0x40 : 0) | (magnitude & 0x3f)));
  magnitude >>= 6;
  while (magnitude > 0) {
    byte(static_cast<std::uint8_t>((magnitude > 0x7f ? 0x80 : 0) | (magnitude & 0x7f)));
    magnitude >>= 7;
  }
}

}  // namespace cluse::crdt
