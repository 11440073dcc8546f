// SPDX-License-Identifier: Apache-2.0
//
// cluse::Value: one structured value, and its two forms on the wire: CBOR (across the boundary) and JSON (to browsers).
// Header-only C++20, no dependencies. The server reads with the same code as plugins: there is one reading of bytes.
//
//     cluse::Value votes = {{"poll", "lunch"}, {"count", 3}};
//     votes["count"].as<std::int64_t>();
//
// Readers take nothing on trust: definite lengths, no tags, keys are text and stand once, integers within int64, strict
// UTF-8, limits on depth, bytes and items. What breaks a rule is no value at all (std::nullopt), never half of one.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cluse {

/// Octets that are not text.
struct Octets {
  std::string data;
  bool operator==(const Octets&) const = default;
};

/// A value is not of the kind that was asked for.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ValueLimits {
  std::size_t bytes = 1U << 20;
  std::size_t depth = 16;
  std::size_t items = 100'000;
};

namespace value_detail {

/// Well-formed UTF-8: no surrogates, no overlong forms, at most U+10FFFF.
inline bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    std::size_t more = 0;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if ((lead & 0xf0) == 0xe0) more = 2;
    else if (lead >= 0xf0 && lead <= 0xf4) more = 3;
    if (more == 0 || text.size() - i <= more) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return false;
    for (std::size_t k = 2; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    i += more + 1;
  }
  return true;
}

}  // namespace value_detail

class Value {
 public:
  using Array = std::vector<Value>;
  using Map = std::vector<std::pair<std::string, Value>>;  ///< in the order in which it was made
  using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Octets, Array, Map>;

  Value() : data_(nullptr) {}
  Value(std::nullptr_t) : data_(nullptr) {}  // NOLINT(google-explicit-constructor): all of these
  Value(bool v) : data_(v) {}
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  Value(T v) : data_(static_cast<std::int64_t>(v)) {}
  Value(double v) : data_(v) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(std::string_view v) : data_(std::string(v)) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(Octets v) : data_(std::move(v)) {}
  Value(Array v) : data_(std::move(v)) {}
  Value(Map v) : data_(std::move(v)) {}
  Value(std::initializer_list<std::pair<std::string, Value>> entries) : data_(Map(entries)) {}

  [[nodiscard]] static Value array(std::initializer_list<Value> items = {}) { return Value(Array(items)); }
  [[nodiscard]] static Value map() { return Value(Map()); }

  [[nodiscard]] const Data& data() const { return data_; }
  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }
  [[nodiscard]] bool is_map() const { return std::holds_alternative<Map>(data_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool operator==(const Value&) const = default;

  /// The value of `key`, or null: also where this is no map.
  [[nodiscard]] const Value& operator[](std::string_view key) const {
    static const Value nothing;
    if (const auto* map = std::get_if<Map>(&data_))
      for (const auto& [name, value] : *map)
        if (name == key) return value;
    return nothing;
  }
  [[nodiscard]] const Value& operator[](const char* key) const { return (*this)[std::string_view(key)]; }

  /// Sets `key`; makes a map of null. Throws Mismatch where this is something else.
  Value& set(std::string_view key, Value value) {
    if (is_null()) data_ = Map();
    auto* map = std::get_if<Map>(&data_);
    if (map == nullptr) throw Mismatch("not a map");
    for (auto& [name, old] : *map)
      if (name == key) {
        old = std::move(value);
        return *this;
      }
    map->emplace_back(std::string(key), std::move(value));
    return *this;
  }

  void add(Value value) {
    if (is_null()) data_ = Array();
    auto* array = std::get_if<Array>(&data_);
    if (array == nullptr) throw Mismatch("not an array");
    array->push_back(std::move(value));
  }

  /// Items of an array; none for anything else.
  [[nodiscard]] const Array& items() const {
    static const Array none;
    const auto* array = std::get_if<Array>(&data_);
    return array == nullptr ? none : *array;
  }
  [[nodiscard]] const Map& entries() const {
    static const Map none;
    const auto* map = std::get_if<Map>(&data_);
    return map == nullptr ? none : *map;
  }

  /// bool, a whole number, double, std::string, std::string_view or Octets; throws Mismatch for another kind.
  template <class T>
  [[nodiscard]] T as() const {
    auto found = get<T>();
    if (!found) throw Mismatch("the value is of another kind than was asked for");
    return std::move(*found);
  }
  template <class T>
  [[nodiscard]] T get_or(T otherwise) const {
    auto found = get<T>();
    return found ? std::move(*found) : otherwise;
  }
  template <class T>
  [[nodiscard]] std::optional<T> get() const {
    if constexpr (std::is_same_v<T, bool>) {
      if (const auto* v = std::get_if<bool>(&data_)) return *v;
    } else if constexpr (std::is_integral_v<T>) {
      if (const auto* v = std::get_if<std::int64_t>(&data_); v != nullptr && std::in_range<T>(*v))
        return static_cast<T>(*v);
    } else if constexpr (std::is_floating_point_v<T>) {
      if (const auto* v = std::get_if<double>(&data_)) return static_cast<T>(*v);
      if (const auto* v = std::get_if<std::int64_t>(&data_)) return static_cast<T>(*v);
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      if (const auto* v = std::get_if<std::string>(&data_)) return std::string_view(*v);
    } else {
      if (const auto* v = std::get_if<T>(&data_)) return *v;
    }
    return std::nullopt;
  }

  /// One CBOR item, in its shortest form.
  [[nodiscard]] std::string to_cbor() const {
    std::string out;
    append_cbor(out);
    return out;
  }
  void append_cbor(std::string& out) const;

  /// All of `bytes` as one item; nothing if they are not exactly that.
  [[nodiscard]] static std::optional<Value> from_cbor(std::string_view bytes, ValueLimits limits = {});
  /// Items one after another, such as rows.
  [[nodiscard]] static std::optional<Array> sequence_from_cbor(std::string_view bytes, ValueLimits limits = {});

  /// Octets become null: JSON has none. So do numbers that are not finite.
  [[nodiscard]] std::string to_json() const {
    std::string out;
    append_json(out);
    return out;
  }
  void append_json(std::string& out) const;
  [[nodiscard]] static std::optional<Value> from_json(std::string_view text, ValueLimits limits = {});

 private:
  Data data_;
};

namespace value_detail {

inline void append_head(std::string& out, std::uint8_t major, std::uint64_t n) {
  const auto put = [&](std::uint8_t info, int octets) {
    out += static_cast<char>(major << 5 | info);
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 0xff);
  };
  if (n < 24) out += static_cast<char>(major << 5 | n);
  else if (n <= 0xff) put(24, 1);
  else if (n <= 0xffff) put(25, 2);
  else if (n <= 0xffffffff) put(26, 4);
  else put(27, 8);
}

/// Reads items from the front of `rest`. Once `ok` is false nothing that was read means anything.
class CborReader {
 public:
  CborReader(std::string_view bytes, ValueLimits limits) : rest_(bytes), limits_(limits) {
    if (bytes.size() > limits.bytes) ok_ = false;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  Value item(std::size_t depth = 0) {
    if (!ok_ || depth >= limits_.depth || rest_.empty() || ++items_ > limits_.items) return broken();
    const auto lead = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    const std::uint8_t info = lead & 0x1f;
    if (lead >> 5 == 7) return simple(info);
    const std::uint64_t n = number(info);
    if (!ok_) return {};
    switch (lead >> 5) {
      case 0: return n <= kWholeMax ? Value(static_cast<std::int64_t>(n)) : broken();
      case 1: return n <= kWholeMax ? Value(-1 - static_cast<std::int64_t>(n)) : broken();
      case 2: return Octets{std::string(take(n))};
      case 3: return text(n);
      case 4: return array(n, depth);
      case 5: return map(n, depth);
      default: return broken();  // tags
    }
  }

 private:
  static constexpr std::uint64_t kWholeMax = 0x7fff'ffff'ffff'ffff;

  Value broken() {
    ok_ = false;
    return {};
  }
  std::string_view take(std::uint64_t n) {
    if (n > rest_.size()) ok_ = false;
    if (!ok_) return {};
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  std::uint64_t number(std::uint8_t info) {
    if (info < 24) return info;
    if (info > 27) ok_ = false;  // 31: of no definite length
    if (!ok_) return 0;
    std::uint64_t n = 0;
    for (const char c : take(std::size_t{1} << (info - 24))) n = n << 8 | static_cast<std::uint8_t>(c);
    return n;
  }
  Value text(std::uint64_t n) {
    const auto taken = take(n);
    if (!ok_ || !is_utf8(taken)) return broken();
    return taken;
  }
  Value array(std::uint64_t n, std::size_t depth) {
    if (n > rest_.size()) return broken();  // each item takes a byte at least
    Value::Array items;
    for (std::uint64_t i = 0; i < n && ok_; ++i) items.push_back(item(depth + 1));
    return items;
  }
  Value map(std::uint64_t n, std::size_t depth) {
    if (n > rest_.size() / 2) return broken();
    Value::Map entries;
    for (std::uint64_t i = 0; i < n && ok_; ++i) {
      const Value key = item(depth + 1);
      const auto name = key.get<std::string>();
      if (!ok_ || !name || (entries.size() < kSearchMax && has(entries, *name))) return broken();
      entries.emplace_back(*name, item(depth + 1));
    }
    if (entries.size() > kSearchMax) return broken();
    return entries;
  }
  static bool has(const Value::Map& entries, const std::string& name) {
    for (const auto& [key, value] : entries)
      if (key == name) return true;
    return false;
  }
  Value simple(std::uint8_t info) {
    switch (info) {
      case 20: return false;
      case 21: return true;
      case 22: return nullptr;
      case 25: return half(static_cast<std::uint16_t>(number(25)));
      case 26: return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(number(26))));
      case 27: return std::bit_cast<double>(number(27));
      default: return broken();
    }
  }
  static double half(std::uint16_t bits) {
    const int exponent = bits >> 10 & 0x1f;
    const double mantissa = bits & 0x3ff;
    double value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
    if (exponent == 31) value = mantissa == 0 ? HUGE_VAL : std::nan("");
    return (bits & 0x8000) != 0 ? -value : value;
  }

  static constexpr std::size_t kSearchMax = 1000;  ///< keys of one map: each is compared with all before it

  std::string_view rest_;
  const ValueLimits limits_;
  std::size_t items_ = 0;
  bool ok_ = true;
};

/// Strict JSON (RFC 8259). Numbers with a fraction or an exponent, and those past int64, are doubles.
class JsonReader {
 public:
  JsonReader(std::string_view text, ValueLimits limits) : rest_(text), limits_(limits) {
    ok_ = text.size() <= limits.bytes && is_utf8(text);
  }
  std::optional<Value> all() {
    Value value = item(0);
    space();
    if (!ok_ || !rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  Value broken() {
    ok_ = false;
    return {};
  }
  void space() {
    const auto at = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }
  bool eat(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  bool eat_after_space(std::string_view token) {
    space();
    return eat(token);
  }
  Value item(std::size_t depth) {
    space();
    if (!ok_ || depth >= limits_.depth || rest_.empty() || ++items_ > limits_.items) return broken();
    if (eat("null")) return nullptr;
    if (eat("true")) return true;
    if (eat("false")) return false;
    if (rest_.front() == '"') return text();
    if (eat("[")) return array(depth);
    if (eat("{")) return map(depth);
    return number();
  }
  Value array(std::size_t depth) {
    Value::Array items;
    if (eat_after_space("]")) return items;
    do items.push_back(item(depth + 1));
    while (ok_ && eat_after_space(","));
    return ok_ && eat("]") ? Value(std::move(items)) : broken();
  }
  Value map(std::size_t depth) {
    Value out = Value::map();
    if (eat_after_space("}")) return out;
    do {
      space();
      if (rest_.empty() || rest_.front() != '"') return broken();
      const std::string key = text();
      if (!ok_ || out.entries().size() >= kKeysMax || !eat_after_space(":")) return broken();
      for (const auto& entry : out.entries())
        if (entry.first == key) return broken();
      out.set(key, item(depth + 1));
    } while (ok_ && eat_after_space(","));
    return ok_ && eat("}") ? out : broken();
  }
  std::string text() {
    std::string out;
    rest_.remove_prefix(1);
    while (ok_ && !eat("\"")) {
      if (rest_.empty() || static_cast<unsigned char>(rest_.front()) < 0x20) return fail_text();
      if (eat("\\")) {
        escape(out);
      } else {
        out += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return out;
  }
  std::string fail_text() {
    ok_ = false;
    return {};
  }
  void escape(std::string& out) {
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (eat("u")) return unicode(out);
    const auto at = rest_.empty() ? std::string_view::npos : kFrom.find(rest_.front());
    if (at == std::string_view::npos) {
      ok_ = false;
      return;
    }
    out += kTo[at];
    rest_.remove_prefix(1);
  }
  std::uint32_t hex4() {
    std::uint32_t n = 0;
    const auto end = rest_.data() + std::min<std::size_t>(4, rest_.size());
    const auto [at, error] = std::from_chars(rest_.data(), end, n, 16);
    if (error != std::errc() || at != rest_.data() + 4) ok_ = false;
    rest_.remove_prefix(std::min<std::size_t>(4, rest_.size()));
    return n;
  }
  void unicode(std::string& out) {
    std::uint32_t point = hex4();
    if (point >= 0xdc00 && point < 0xe000) ok_ = false;
    if (point >= 0xd800 && point < 0xdc00) {
      const bool pair = eat("\\u");
      const std::uint32_t low = pair ? hex4() : 0;
      if (low < 0xdc00 || low > 0xdfff) ok_ = false;
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (!ok_) return;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) out += static_cast<char>(point);
    else if (point < 0x800) out += static_cast<char>(0xc0 | point >> 6), tail(0);
    else if (point < 0x10000) out += static_cast<char>(0xe0 | point >> 12), tail(6), tail(0);
    else out += static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0);
  }
  Value number() {
    const auto length = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const auto token = rest_.substr(0, length);
    rest_.remove_prefix(length);
    const auto digits = token.substr(token.starts_with('-') ? 1 : 0);
    const bool leads = !digits.empty() && digits[0] >= '0' && digits[0] <= '9';
    const bool zero_led = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    const auto point = digits.find('.');
    const bool bare_point = point != std::string_view::npos &&
                            (point + 1 >= digits.size() || digits[point + 1] < '0' || digits[point + 1] > '9');
    if (!leads || zero_led || bare_point) return broken();
    const char* end = token.data() + token.size();
    std::int64_t whole = 0;
    if (const auto [at, error] = std::from_chars(token.data(), end, whole); error == std::errc() && at == end)
      return whole;
    double real = 0;
    if (const auto [at, error] = std::from_chars(token.data(), end, real); error == std::errc() && at == end)
      return real;
    return broken();
  }

  static constexpr std::size_t kKeysMax = 1000;

  std::string_view rest_;
  const ValueLimits limits_;
  std::size_t items_ = 0;
  bool ok_ = true;
};

inline void append_json_text(std::string& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (octet < 0x20) {
      out += "\\u00";
      out += kDigits[octet >> 4];
      out += kDigits[octet & 0xf];
    } else {
      out += c;
    }
  }
  out += '"';
}

inline void append_number(std::string& out, double v) {
  if (!std::isfinite(v)) {
    out += "null";
    return;
  }
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v).ptr;
  out.append(buffer.data(), end);
}

}  // namespace value_detail

inline void Value::append_cbor(std::string& out) const {
  using value_detail::append_head;
  if (is_null()) {
    out += '\xf6';
  } else if (const auto* flag = std::get_if<bool>(&data_)) {
    out += *flag ? '\xf5' : '\xf4';
  } else if (const auto* whole = std::get_if<std::int64_t>(&data_)) {
    if (*whole >= 0) append_head(out, 0, static_cast<std::uint64_t>(*whole));
    else append_head(out, 1, static_cast<std::uint64_t>(-1 - *whole));
  } else if (const auto* real = std::get_if<double>(&data_)) {
    const auto bits = std::bit_cast<std::uint64_t>(*real);
    out += '\xfb';
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xff);
  } else if (const auto* text = std::get_if<std::string>(&data_)) {
    append_head(out, 3, text->size());
    out += *text;
  } else if (const auto* octets = std::get_if<Octets>(&data_)) {
    append_head(out, 2, octets->data.size());
    out += octets->data;
  } else if (is_array()) {
    append_head(out, 4, items().size());
    for (const Value& item : items()) item.append_cbor(out);
  } else {
    append_head(out, 5, entries().size());
    for (const auto& [key, value] : entries()) {
      append_head(out, 3, key.size());
      out += key;
      value.append_cbor(out);
    }
  }
}

inline std::optional<Value> Value::from_cbor(std::string_view bytes, ValueLimits limits) {
  value_detail::CborReader reader(bytes, limits);
  Value value = reader.item();
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return value;
}

inline std::optional<Value::Array> Value::sequence_from_cbor(std::string_view bytes, ValueLimits limits) {
  value_detail::CborReader reader(bytes, limits);
  Array items;
  while (reader.ok() && !reader.at_end()) items.push_back(reader.item());
  if (!reader.ok()) return std::nullopt;
  return items;
}

inline void Value::append_json(std::string& out) const {
  if (const auto* flag = std::get_if<bool>(&data_)) {
    out += *flag ? "true" : "false";
  } else if (const auto* whole = std::get_if<std::int64_t>(&data_)) {
    out += std::to_string(*whole);
  } else if (const auto* real = std::get_if<double>(&data_)) {
    value_detail::append_number(out, *real);
  } else if (const auto* text = std::get_if<std::string>(&data_)) {
    value_detail::append_json_text(out, *text);
  } else if (is_array()) {
    const char* before = "[";
    for (const Value& item : items()) {
      out += std::exchange(before, ",");
      item.append_json(out);
    }
    out += items().empty() ? "[]" : "]";
  } else if (is_map()) {
    const char* before = "{";
    for (const auto& [key, value] : entries()) {
      out += std::exchange(before, ",");
      value_detail::append_json_text(out, key);
      out += ':';
      value.append_json(out);
    }
    out += entries().empty() ? "{}" : "}";
  } else {
    out += "null";
  }
}

inline std::optional<Value> Value::from_json(std::string_view text, ValueLimits limits) {
  return value_detail::JsonReader(text, limits).all();
}

}  // namespace cluse
