#include "server/crdt/json.h"

#include "server/crdt/utf16.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace cluse::crdt {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Checks one JSON text without recursion: `open_` says of each open bracket whether it is an object's.
class JsonChecker {
 public:
  JsonChecker(BytesView text, std::size_t nesting_max) : text_(text), nesting_max_(nesting_max) {}

  Fault run() {
    while (true) {
      space();
      if (at('{') || at('[')) {
        if (open_.size() >= nesting_max_) return Fault::too_deep;
        const bool object = text_[position_++] == '{';
        space();
        if (at(object ? '}' : ']')) {
          ++position_;
        } else {
          open_.push_back(object);
          if (object && !key()) return Fault::malformed;
          continue;
        }
      } else if (!scalar()) {
        return Fault::malformed;
      }
      if (!close()) return Fault::malformed;
      if (open_.empty()) return position_ == text_.size() ? Fault::none : Fault::malformed;
    }
  }

 private:
  [[nodiscard]] bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }
  bool eat(char c) {
    if (!at(c)) return false;
    ++position_;
    return true;
  }
  void space() {
    while (at(' ') || at('\t') || at('\n') || at('\r')) ++position_;
  }

  /// After a value: closes what ends here and steps to where the next value begins.
  bool close() {
    while (true) {
      space();
      if (open_.empty()) return true;
      if (eat(',')) return !open_.back() || key();
      if (!eat(open_.back() ? '}' : ']')) return false;
      open_.pop_back();
    }
  }

  bool key() {
    space();
    if (!string()) return false;
    space();
    return eat(':');
  }

  bool scalar() {
    if (at('"')) return string();
    for (const BytesView word : {BytesView("true"), BytesView("false"), BytesView("null")}) {
      if (text_.substr(position_).starts_with(word)) {
        position_ += word.size();
        return true;
      }
    }
    return number();
  }

  bool string() {
    if (!eat('"')) return false;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    if (position_ >= text_.size()) return false;
    const char c = text_[position_++];
    if (c != 'u') return BytesView("\"\\/bfnrt").find(c) != BytesView::npos;
    for (int i = 0; i < 4; ++i, ++position_) {
      if (position_ >= text_.size() || BytesView("0123456789abcdefABCDEF").find(text_[position_]) == BytesView::npos) {
        return false;
      }
    }
    return true;
  }

  bool digits() {
    const std::size_t start = position_;
    while (position_ < text_.size() && is_digit(text_[position_])) ++position_;
    return position_ > start;
  }

  bool number() {
    eat('-');
    if (!eat('0') && !digits()) return false;
    if (eat('.') && !digits()) return false;
    if (eat('e') || eat('E')) {
      if (!eat('+')) eat('-');
      return digits();
    }
    return true;
  }

  BytesView text_;
  std::size_t nesting_max_;
  std::size_t position_ = 0;
  std::vector<bool> open_;
};

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | point >> 6));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | point >> 12));
    out.push_back(static_cast<char>(0x80 | (point >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | point >> 18));
    out.push_back(static_cast<char>(0x80 | (point >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (point & 0x3F)));
  }
}

/// Reads JSON that has been checked, so it only looks where to go. Its recursion is bounded by the check.
class JsonParser {
 public:
  explicit JsonParser(BytesView text) : text_(text) {}

  Value value() {
    space();
    switch (text_[position_]) {
      case '{': return object();
      case '[': return array();
      case '"': return {string()};
      case 't': position_ += 4; return {true};
      case 'f': position_ += 5; return {false};
      case 'n': position_ += 4; return {nullptr};
      default: return number();
    }
  }

 private:
  void space() {
    while (position_ < text_.size() && BytesView(" \t\n\r").find(text_[position_]) != BytesView::npos) ++position_;
  }
  /// Steps over `opener` and says whether the bracket is empty.
  bool enter(char closer) {
    ++position_;
    space();
    if (text_[position_] != closer) return true;
    ++position_;
    return false;
  }
  bool more() {
    space();
    return text_[position_++] == ',';
  }

  Value object() {
    ValueMap map;
    if (enter('}')) {
      do {
        space();
        std::string key = string();
        space();
        ++position_;
        map.insert_or_assign(std::move(key), value());
      } while (more());
    }
    return {std::move(map)};
  }

  Value array() {
    ValueList list;
    if (enter(']')) {
      do list.push_back(value());
      while (more());
    }
    return {std::move(list)};
  }

  Value number() {
    double result = 0;
    const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), result);
    if (error == std::errc::result_out_of_range) {
      // JSON.parse gives an infinity or a zero here; which one, the exponent's sign tells.
      const BytesView digits(text_.data() + position_, static_cast<std::size_t>(end - text_.data()) - position_);
      const bool tiny = digits.find("e-") != BytesView::npos || digits.find("E-") != BytesView::npos;
      result = tiny ? 0 : HUGE_VAL;
      if (digits.starts_with('-')) result = -result;
    }
    position_ = static_cast<std::size_t>(end - text_.data());
    return {result};
  }

  std::uint32_t hex4() {
    std::uint32_t unit = 0;
    std::from_chars(text_.data() + position_, text_.data() + position_ + 4, unit, 16);
    position_ += 4;
    return unit;
  }

  void unicode_escape(std::string& out) {
    const std::uint32_t unit = hex4();
    const bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && text_.substr(position_).starts_with("\\u")) {
      const std::size_t back = position_;
      position_ += 2;
      const std::uint32_t low = hex4();
      if (low >= 0xDC00 && low < 0xE000) {
        append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        return;
      }
      position_ = back;
    }
    if (unit >= 0xD800 && unit < 0xE000) {
      out.append(kReplacement);
    } else {
      append_utf8(out, unit);
    }
  }

  std::string string() {
    std::string out;
    ++position_;
    while (text_[position_] != '"') {
      const char c = text_[position_++];
      if (c != '\\') {
        out.push_back(c);
        continue;
      }
      const char escaped = text_[position_++];
      switch (escaped) {
        case 'b': out.push_back('\b'); break;
        case 'f': out.push_back('\f'); break;
        case 'n': out.push_back('\n'); break;
        case 'r': out.push_back('\r'); break;
        case 't': out.push_back('\t'); break;
        case 'u': unicode_escape(out); break;
        default: out.push_back(escaped);
      }
    }
    ++position_;
    return out;
  }

  BytesView text_;
  std::size_t position_ = 0;
};

template <class Float, class Word>
double read_float(Reader& reader) {
  Word word = 0;
  for (const char c : reader.take(sizeof(Word))) word = static_cast<Word>(word << 8 | static_cast<std::uint8_t>(c));
  return std::bit_cast<Float>(word);
}

double read_var_int(Reader& reader) {
  std::uint8_t byte = reader.byte();
  const bool negative = (byte & 0x40) != 0;
  double value = byte & 0x3F;
  for (double scale = 64; byte >= 0x80 && reader.ok(); scale *= 128) {
    byte = reader.byte();
    value += scale * (byte & 0x7F);
  }
  return negative ? -value : value;
}

template <class Word>
void write_big_endian(Writer& out, Word word) {
  for (int shift = sizeof(Word) * 8 - 8; shift >= 0; shift -= 8) out.byte(static_cast<std::uint8_t>(word >> shift));
}

void write_any_number(Writer& out, double number) {
  if (std::trunc(number) == number && std::abs(number) <= 0x7fffffff) {
    out.byte(125);
    out.var_int(std::signbit(number), static_cast<std::uint64_t>(std::abs(number)));
  } else if (std::isnan(number) || std::isinf(number) || std::abs(number) > 3.4028234663852886e38 ||
             static_cast<double>(static_cast<float>(number)) != number) {
    // lib0 writes an infinity as float32, as it survives the way there and back; NaN does not equal itself.
    if (std::isinf(number)) {
      out.byte(124);
      write_big_endian(out, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
      return;
    }
    out.byte(123);
    write_big_endian(out, std::bit_cast<std::uint64_t>(number));
  } else {
    out.byte(124);
    write_big_endian(out, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
  }
}

}  // namespace

Fault check_json(BytesView text, std::size_t nesting_max) {
  return JsonChecker(text, nesting_max).run();
}

Value parse_json(BytesView text) {
  return JsonParser(text).value();
}

Value parse_any(Reader& reader) {
  switch (reader.byte()) {
    case 125: return {read_var_int(reader)};
    case 124: return {read_float<float, std::uint32_t>(reader)};
    case 123: return {read_float<double, std::uint64_t>(reader)};
    case 122: {
      std::uint64_t word = 0;
      for (const char c : reader.take(8)) word = word << 8 | static_cast<std::uint8_t>(c);
      return {static_cast<double>(static_cast<std::int64_t>(word))};
    }
    case 121: return {false};
    case 120: return {true};
    case 119: return {std::string(reader.var_string())};
    case 118: {
      ValueMap map;
      for (std::uint64_t left = reader.var_uint(); left > 0 && reader.ok(); --left) {
        std::string key(reader.var_string());
        map.insert_or_assign(std::move(key), parse_any(reader));
      }
      return {std::move(map)};
    }
    case 117: {
      ValueList list;
      for (std::uint64_t left = reader.var_uint(); left > 0 && reader.ok(); --left) list.push_back(parse_any(reader));
      return {std::move(list)};
    }
    case 116: reader.var_bytes(); return {};
    default: return {};
  }
}

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (number == 0) return "0";
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.begin(), buffer.end(), std::abs(number), std::chars_format::scientific);
  const std::string_view shortest(buffer.data(), static_cast<std::size_t>(result.ptr - buffer.data()));
  const std::size_t e = shortest.find('e');
  std::string digits(1, shortest[0]);
  if (e > 2) digits += shortest.substr(2, e - 2);
  int exponent = 0;
  const std::size_t exponent_at = e + (shortest[e + 1] == '+' ? 2 : 1);
  std::from_chars(shortest.data() + exponent_at, shortest.data() + shortest.size(), exponent);

  // ECMA-262, Number::toString: `point` digits stand before the decimal point.
  const int point = exponent + 1;
  const int count = static_cast<int>(digits.size());
  std::string text = number < 0 ? "-" : "";
  if (point > 21 || point < -5) {
    text += digits[0];
    if (count > 1) text += "." + digits.substr(1);
    text += exponent < 0 ? "e-" : "e+";
    return text + std::to_string(std::abs(exponent));
  }
  if (point <= 0) return text + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count <= point) return text + digits + std::string(static_cast<std::size_t>(point - count), '0');
  return text + digits.substr(0, static_cast<std::size_t>(point)) + "." +
         digits.substr(static_cast<std::size_t>(point));
}

void write_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out.push_back(kHex[static_cast<std::size_t>(c) >> 4]);
          out.push_back(kHex[static_cast<std::size_t>(c) & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

void write_json(std::string& out, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<double>(&value.data)) {
    out += std::isfinite(*number) ? number_text(*number) : "null";
  } else if (const auto* text = std::get_if<std::string>(&value.data)) {
    write_json_string(out, *text);
  } else if (const auto* list = std::get_if<ValueList>(&value.data)) {
    out.push_back('[');
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out.push_back(',');
      write_json(out, (*list)[i]);
    }
    out.push_back(']');
  } else if (const auto* map = std::get_if<ValueMap>(&value.data)) {
    out.push_back('{');
    bool first = true;
    for (const auto& [key, entry] : *map) {
      if (!std::exchange(first, false)) out.push_back(',');
      write_json_string(out, key);
      out.push_back(':');
      write_json(out, entry);
    }
    out.push_back('}');
  } else {
    out += "null";
  }
}

void write_any(Writer& out, const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value.data)) {
    out.byte(*flag ? 120 : 121);
  } else if (const auto* number = std::get_if<double>(&value.data)) {
    write_any_number(out, *number);
  } else if (const auto* text = std::get_if<std::string>(&value.data)) {
    out.byte(119);
    out.var_bytes(*text);
  } else if (const auto* list = std::get_if<ValueList>(&value.data)) {
    out.byte(117);
    out.var_uint(list->size());
    for (const Value& entry : *list) write_any(out, entry);
  } else if (const auto* map = std::get_if<ValueMap>(&value.data)) {
    out.byte(118);
    out.var_uint(map->size());
    for (const auto& [key, entry] : *map) {
      out.var_bytes(key);
      write_any(out, entry);
    }
  } else {
    out.byte(126);
  }
}

std::size_t nesting_of(const Value& value) {
  std::size_t deepest = 0;
  if (const auto* list = std::get_if<ValueList>(&value.data)) {
    for (const Value& entry : *list) deepest = std::max(deepest, nesting_of(entry));
    return deepest + 1;
  }
  if (const auto* map = std::get_if<ValueMap>(&value.data)) {
    for (const auto& [key, entry] : *map) deepest = std::max(deepest, nesting_of(entry));
    return deepest + 1;
  }
  return 0;
}

}  // namespace cluse::crdt
