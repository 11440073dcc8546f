#include "fold.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace annuaires {
namespace {

// U+00C0 to U+017F: the letters that French, German and their neighbours write, without what stands on them.
constexpr std::array<std::string_view, 192> kBase = {
    "a", "a", "a",  "a", "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i", "i", "i",  "i",  "d", "n", "o",  "o",
    "o", "o", "o",  " ", "o", "u", "u",  "u",  "u", "y", "th", "ss", "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e", "i", "i", "i",  "i",  "d", "n", "o",  "o",  "o", "o", "o",  " ",  "o", "u", "u",  "u",
    "u", "y", "th", "y", "a", "a", "a",  "a",  "a", "a", "c",  "c",  "c", "c", "c",  "c",  "c", "c", "d",  "d",
    "d", "d", "e",  "e", "e", "e", "e",  "e",  "e", "e", "e",  "e",  "g", "g", "g",  "g",  "g", "g", "g",  "g",
    "h", "h", "h",  "h", "i", "i", "i",  "i",  "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j", "j", "k",  "k",
    "k", "l", "l",  "l", "l", "l", "l",  "l",  "l", "l", "l",  "n",  "n", "n", "n",  "n",  "n", "n", "n",  "n",
    "o", "o", "o",  "o", "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r", "r", "s",  "s",  "s", "s", "s",  "s",
    "s", "s", "t",  "t", "t", "t", "t",  "t",  "u", "u", "u",  "u",  "u", "u", "u",  "u",  "u", "u", "u",  "u",
    "w", "w", "y",  "y", "y", "z", "z",  "z",  "z", "z", "z",  "s",
};

constexpr std::array<std::string_view, 26> kForms = {"sarl", "sas", "sasu", "sa", "eurl", "sci", "scop", "gmbh", "ag",
                                                     "sagl", "cc",  "ca",   "cu", "de",   "du",  "des",  "la",   "le",
                                                     "les",  "d",   "l",    "et", "und",  "der", "die",  "das"};

struct Point {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
};

// Text that crossed the boundary is UTF-8; anything else is read octet by octet.
Point point_at(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (bytes == 1 || text.size() - i < bytes) return {lead, 1};
  std::uint32_t value = lead & (0xff >> (bytes + 1));
  for (std::size_t k = 1; k < bytes; ++k) value = value << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
  return {value, bytes};
}

bool is_mark(std::uint32_t point) {
  return point >= 0x300 && point < 0x370;
}
// Spaces, hyphens, quotation marks and dashes past ASCII.
bool parts_words(std::uint32_t point) {
  return (point >= 0x80 && point < 0xc0) || (point >= 0x2000 && point < 0x2070) || point == 0x3000;
}

void end_word(std::string& out, std::size_t& from) {
  const std::string_view word = std::string_view(out).substr(from);
  if (word == "st") out.replace(from, 2, "saint");
  else if (word == "ste") out.replace(from, 3, "sainte");
  if (out.size() > from) out += ' ';
  from = out.size();
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Point point = point_at(text, i);
    if (point.value >= 'A' && point.value <= 'Z') out += static_cast<char>(point.value | 0x20);
    else if ((point.value >= 'a' && point.value <= 'z') || (point.value >= '0' && point.value <= '9'))
      out += static_cast<char>(point.value);
    else if (point.value < 0x80 || parts_words(point.value)) end_word(out, from);
    else if (point.value >= 0xc0 && point.value < 0x180) out += kBase[point.value - 0xc0];
    else if (!is_mark(point.value)) out += text.substr(i, point.bytes);
    i += point.bytes;
  }
  end_word(out, from);
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<std::string> words(std::string_view folded) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < folded.size();) {
    const auto end = std::min(folded.find(' ', i), folded.size());
    if (end > i) all.emplace_back(folded.substr(i, end - i));
    i = end + 1;
  }
  return all;
}

std::string name_key(std::string_view name) {
  auto parts = words(fold(name));
  const auto whole = parts;
  std::erase_if(parts, [](const std::string& word) { return std::ranges::find(kForms, word) != kForms.end(); });
  if (parts.empty()) parts = whole;
  std::ranges::sort(parts);
  std::string key;
  for (const auto& part : parts) key += (key.empty() ? "" : " ") + part;
  return key;
}

std::string email_key(std::string_view email) {
  email = trimmed(email);
  const auto at = email.find('@');
  if (at == 0 || at == std::string_view::npos || email.find('@', at + 1) != std::string_view::npos ||
      email.find('.', at) == std::string_view::npos || email.size() > 254)
    return {};
  std::string key;
  for (const char c : email) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '<' || c == '>' || c == ',' || c == ';' || c == '"') return {};
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return key.back() == '.' ? std::string() : key;
}

std::string phone_key(std::string_view phone, std::string_view country) {
  std::string digits;
  bool is_abroad = false;
  for (std::size_t i = 0; i < phone.size(); ++i) {
    if (phone[i] == '+' && digits.empty()) is_abroad = true;
    else if (phone[i] == '(' && phone.substr(i).starts_with("(0)") && is_abroad) i += 2;
    else if (phone[i] >= '0' && phone[i] <= '9') digits += phone[i];
  }
  if (!is_abroad && digits.starts_with("00")) {
    is_abroad = true;
    digits.erase(0, 2);
  }
  if (digits.size() < 6 || digits.size() > 15) return {};
  if (is_abroad) return "+" + digits;
  if (digits.front() == '0') digits.erase(0, 1);
  return (country == "CH" ? "+41" : "+33") + digits;
}

std::vector<std::string> grams(std::string_view word) {
  const std::string marked = "^" + std::string(word) + "$";
  std::vector<std::string> all;
  for (std::size_t i = 0; i + 3 <= marked.size(); ++i) all.push_back(marked.substr(i, 3));
  std::ranges::sort(all);
  const auto [first, last] = std::ranges::unique(all);
  all.erase(first, last);
  return all;
}

std::size_t distance(std::string_view a, std::string_view b, std::size_t max) {
  const std::size_t apart = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (apart > max) return max + 1;
  std::vector<std::size_t> older(b.size() + 1), old(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], older[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > max) return max + 1;
    older.swap(old);
    old.swap(row);
  }
  return std::min(old[b.size()], max + 1);
}

std::size_t slips_for(std::size_t letters) {
  if (letters < 4) return 0;
  return letters < 8 ? 1 : 2;
}

std::size_t letters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
  return std::string(text.substr(0, bytes));
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

}  // namespace annuaires
