#include "server/domain/search/words.h"

#include "server/domain/text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include <libstemmer.h>

namespace cluse::domain::search {
namespace {

struct Closer {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};
using Stemmer = std::unique_ptr<sb_stemmer, Closer>;

// A stemmer has a buffer of its own: one for each thread.
sb_stemmer* stemmer_of(std::string_view language) {
  thread_local const Stemmer french(sb_stemmer_new("french", "UTF_8"));
  thread_local const Stemmer german(sb_stemmer_new("german", "UTF_8"));
  if (language.starts_with("fr")) return french.get();
  if (language.starts_with("de")) return german.get();
  return nullptr;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string folded_word(std::string_view raw) {
  std::string out;
  if (is_ascii(raw)) {
    for (const char c : raw) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  } else {
    out = fold(raw);
  }
  if (out.size() > kWordBytesMax) {
    std::size_t end = kWordBytesMax;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
    out.resize(end);
  }
  return out;
}

constexpr std::array<std::string_view, 44> kCommon{
    "au",  "aux", "ce",  "ces",  "dans", "das", "de",  "dem", "den", "der", "des", "die", "du",   "ein", "eine",
    "en",  "est", "et",  "fur",  "im",   "in",  "ist", "la",  "le",  "les", "mit", "ne",  "oder", "ou",  "par",
    "pas", "que", "qui", "sont", "sur",  "un",  "und", "une", "von", "zu",  "zum", "zur", "il",   "es"};

}  // namespace

std::vector<Word> words_of(std::string_view utf8) {
  std::vector<Word> words;
  const auto* data = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto length = static_cast<std::int32_t>(utf8.size());
  std::int32_t start = -1;
  const auto finish = [&](std::int32_t end) {
    if (start < 0) return;
    const auto from = static_cast<std::size_t>(start);
    const auto raw = utf8.substr(from, static_cast<std::size_t>(end) - from);
    start = -1;
    const bool single = raw.size() == 1 && u_isalpha(static_cast<UChar32>(raw.front())) != 0;
    if (single) return;
    Word word{folded_word(raw), from, raw.size()};
    if (!word.folded.empty()) words.push_back(std::move(word));
  };
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t before = at;
    UChar32 c = 0;
    U8_NEXT(data, at, length, c);
    const bool inside = c >= 0 && (u_isalnum(c) != 0 || u_charType(c) == U_NON_SPACING_MARK);
    if (!inside) {
      finish(before);
    } else if (start < 0) {
      start = before;
    }
  }
  finish(length);
  return words;
}

std::string stem(std::string_view folded, std::string_view language) {
  sb_stemmer* stemmer = stemmer_of(language);
  if (stemmer == nullptr) return std::string(folded);
  const auto* in = reinterpret_cast<const sb_symbol*>(folded.data());
  const sb_symbol* out = sb_stemmer_stem(stemmer, in, static_cast<int>(folded.size()));
  if (out == nullptr) return std::string(folded);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(sb_stemmer_length(stemmer))};
}

std::string stems_of(std::string_view utf8, std::string_view language) {
  std::string out;
  for (const Word& word : words_of(utf8)) {
    if (!out.empty()) out += ' ';
    out += stem(word.folded, language);
  }
  return out;
}

bool is_common(std::string_view folded) {
  return std::ranges::find(kCommon, folded) != kCommon.end();
}

std::size_t distance(std::string_view a, std::string_view b, std::size_t max) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > max) return max + 1;
  std::vector<std::size_t> before(a.size() + 1), last(a.size() + 1), row(a.size() + 1);
  for (std::size_t i = 0; i <= a.size(); ++i) last[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    row[0] = j;
    std::size_t least = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const bool same = a[i - 1] == b[j - 1];
      row[i] = std::min({last[i] + 1, row[i - 1] + 1, last[i - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[i] = std::min(row[i], before[i - 2] + 1);
      least = std::min(least, row[i]);
    }
    if (least > max) return max + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[a.size()], max + 1);
}

}  // namespace cluse::domain::search
