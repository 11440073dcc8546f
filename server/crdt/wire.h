// The lib0 encoding that Yjs's update format v1 is made of: a reader that trusts nothing, and its writer.
#pragma once

#include "server/base/bytes.h"

#include <cstdint>
#include <cstring>

namespace cluse::crdt {

/// The largest integer JavaScript holds exactly: nothing on the wire may be larger, sums of clocks and lengths
/// included.
inline constexpr std::uint64_t kIntegerMax = (1ULL << 53) - 1;

enum class Fault : std::uint8_t { none, malformed, too_deep };

/// Reads from bytes it does not own. The first fault sticks: from then on every read gives zero or nothing, so that a
/// caller may check once at the end of a group of reads.
class Reader {
 public:
  Reader() = default;
  explicit Reader(BytesView bytes, std::size_t position = 0) : bytes_(bytes), position_(position) {}

  [[nodiscard]] Fault fault() const { return fault_; }
  [[nodiscard]] bool ok() const { return fault_ == Fault::none; }
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] BytesView since(std::size_t start) const { return bytes_.substr(start, position_ - start); }

  void fail(Fault fault = Fault::malformed) {
    if (ok()) fault_ = fault;
    position_ = bytes_.size();
  }

  std::uint8_t byte() {
    if (position_ < bytes_.size()) return static_cast<std::uint8_t>(bytes_[position_++]);
    fail();
    return 0;
  }

  /// At most kIntegerMax.
  std::uint64_t var_uint() {
    const std::uint8_t first = byte();
    return first < 0x80 ? first : var_uint_rest(first);
  }

  BytesView take(std::uint64_t count) {
    if (count > remaining()) {
      fail();
      return {};
    }
    const BytesView taken = bytes_.substr(position_, count);
    position_ += count;
    return taken;
  }

  BytesView var_bytes() { return take(var_uint()); }

  /// Well-formed UTF-8; `units` becomes its length in UTF-16 units.
  BytesView var_string(std::uint64_t& units);
  BytesView var_string() {
    std::uint64_t units = 0;
    return var_string(units);
  }

  /// A string that holds one JSON value, or, if `allow_undefined`, the word "undefined" as Yjs writes it.
  BytesView var_json(std::size_t nesting_max, bool allow_undefined);

  /// Steps over one lib0 `any` value. Iterative, so that nesting costs no stack.
  void skip_any(std::size_t nesting_max);

 private:
  std::uint64_t var_uint_rest(std::uint64_t first);

  BytesView bytes_;
  std::size_t position_ = 0;
  Fault fault_ = Fault::none;
};

/// Appends to a string it owns.
class Writer {
 public:
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] Bytes take() { return std::move(bytes_); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  void reserve(std::size_t size) { bytes_.reserve(size); }

  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void raw(BytesView bytes) { bytes_.append(bytes); }
  void var_uint(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void var_bytes(BytesView bytes) {
    var_uint(bytes.size());
    raw(bytes);
  }
  /// lib0's signed integer: a sign bit and six bits in the first byte. The sign is apart, as zero has two of them.
  void var_int(bool negative, std::uint64_t magnitude);

 private:
  Bytes bytes_;
};

}  // namespace cluse::crdt
