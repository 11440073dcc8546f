#include "server/domain/language/detect.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>

namespace cluse::domain::language {
namespace {

// The first kBytesMax, without a torn character at the end.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kBytesMax) return text;
  std::size_t end = kBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// Letters of ASCII, and every other character that is begun: accents are letters, and what else there is is rare.
std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (octet >= 0xC3U && octet <= 0xF4U);
  }));
}

}  // namespace

std::optional<std::string> detect(std::string_view text) {
  text = beginning(text);
  if (letters(text) < kLettersMin) return std::nullopt;
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int bytes = 0, valid = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(text.data(), static_cast<int>(text.size()), true, &hints, 0, languages.data(),
                                          percents.data(), scores.data(), nullptr, &bytes, &reliable, &valid);
  if (!reliable || percents[0] < kShareMin) return std::nullopt;
  switch (languages[0]) {
    case CLD2::FRENCH: return "fr";
    case CLD2::GERMAN: return "de";
    case CLD2::ENGLISH: return "en";
    case CLD2::ITALIAN: return "it";
    default: return std::nullopt;
  }
}

std::string refined(std::string_view detected, std::string_view assumed) {
  const bool same = assumed.substr(0, assumed.find('-')) == detected;
  return std::string(same ? assumed : detected);
}

}  // namespace cluse::domain::language
