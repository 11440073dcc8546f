#include "server/domain/text.h"

#include "server/base/bytes.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

namespace cluse::domain {
namespace {

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString normalised(const icu::Normalizer2* form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString out = form->normalize(text, status);
  return U_SUCCESS(status) ? out : text;
}

const icu::Normalizer2* nfc() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFCInstance(status);
}

const icu::Normalizer2* nfd() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFDInstance(status);
}

const icu::Normalizer2* nfkc_casefold() {
  UErrorCode status = U_ZERO_ERROR;
  return icu::Normalizer2::getNFKCCasefoldInstance(status);
}

bool is_space(UChar32 c) {
  return u_isUWhiteSpace(c) != 0 || c == 0x200B || c == 0xFEFF;
}

// Overrides and isolates can make a title read as something else than it is.
bool is_forbidden(UChar32 c, bool lines_allowed) {
  if (lines_allowed && (c == '\n' || c == '\t')) return false;
  return u_charType(c) == U_CONTROL_CHAR || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

icu::UnicodeString trimmed(const icu::UnicodeString& text) {
  std::int32_t from = 0, to = text.length();
  while (from < to && is_space(text.char32At(from))) from = text.moveIndex32(from, 1);
  while (to > from && is_space(text.char32At(text.moveIndex32(to, -1)))) to = text.moveIndex32(to, -1);
  return icu::UnicodeString(text, from, to - from);
}

Result<std::string> clean(std::string_view raw, std::string_view field, std::size_t max, bool required, bool lines) {
  // Four octets are the longest character, so more than that cannot fit and need not be looked at.
  if (raw.size() > max * 4 + 1024) return fail(Errc::invalid, "field_too_long", "", std::string(field));
  if (!is_utf8(raw)) return fail(Errc::invalid, "field_invalid", "not UTF-8", std::string(field));
  icu::UnicodeString text = from_utf8(raw);
  if (lines) text.findAndReplace(icu::UnicodeString(u"\r\n"), icu::UnicodeString(u"\n"));
  text = trimmed(normalised(nfc(), text));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
    if (is_forbidden(text.char32At(i), lines))
      return fail(Errc::invalid, "field_invalid", "control character", std::string(field));
  if (text.isEmpty() && required) return fail(Errc::invalid, "field_missing", "", std::string(field));
  if (static_cast<std::size_t>(text.countChar32()) > max)
    return fail(Errc::invalid, "field_too_long", "", std::string(field));
  return to_utf8(text);
}

// What NFKC leaves alone and searchers spell out.
std::string_view spelled_out(UChar32 c) {
  switch (c) {
    case 0x00E6: return "ae";
    case 0x0153: return "oe";
    case 0x00F8: return "o";
    case 0x0142: return "l";
    case 0x0111: return "d";
    default: return {};
  }
}

std::string escaped_like(std::string_view folded) {
  std::string out;
  for (const char c : folded) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Result<std::string> clean_line(std::string_view raw, std::string_view field, std::size_t max, bool required) {
  return clean(raw, field, max, required, false);
}

Result<std::string> clean_text(std::string_view raw, std::string_view field, std::size_t max) {
  return clean(raw, field, max, false, true);
}

Result<std::string> clean_language(std::string_view raw, std::string_view field) {
  const auto refused = [&] { return fail(Errc::invalid, "field_invalid", "not a language tag", std::string(field)); };
  if (raw.empty() || raw.size() > 35) return refused();
  std::size_t part = 0, length = 0;
  for (std::size_t i = 0; i <= raw.size(); ++i) {
    if (i < raw.size() && raw[i] != '-') {
      const bool digit = raw[i] >= '0' && raw[i] <= '9';
      if (!is_alphanumeric(raw[i]) || (part == 0 && digit)) return refused();
      ++length;
      continue;
    }
    if (length < (part == 0 ? 2U : 1U) || length > (part == 0 ? 3U : 8U)) return refused();
    ++part;
    length = 0;
  }
  return std::string(raw);
}

Result<std::string> clean_email(std::string_view raw, std::string_view field) {
  CLUSE_TRY(line, clean_line(raw, field, 254));
  const auto at = line.find('@');
  const bool plausible = line.size() <= 254 && at != std::string::npos && at > 0 && at == line.rfind('@') &&
                         line.find('.', at) != std::string::npos && line.find('.', at) > at + 1 && line.back() != '.' &&
                         line.find_first_of(" ,;<>\"()[]\\") == std::string::npos;
  if (!plausible) return fail(Errc::invalid, "field_invalid", "not an e-mail address", std::string(field));
  return line;
}

std::string title_from(std::string_view raw) {
  icu::UnicodeString kept;
  const icu::UnicodeString text = normalised(nfc(), from_utf8(raw.substr(0, 4096)));
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (c == 0xFFFD) continue;
    kept.append(is_forbidden(c, false) ? UChar32{' '} : c);
  }
  kept = trimmed(kept);
  if (static_cast<std::size_t>(kept.countChar32()) > kTitleCharactersMax)
    kept.truncate(kept.moveIndex32(0, static_cast<std::int32_t>(kTitleCharactersMax)));
  return to_utf8(trimmed(kept));
}

std::string fold(std::string_view text) {
  const icu::UnicodeString spread = normalised(nfd(), normalised(nfkc_casefold(), from_utf8(text)));
  icu::UnicodeString out;
  for (std::int32_t i = 0; i < spread.length(); i = spread.moveIndex32(i, 1)) {
    const UChar32 c = spread.char32At(i);
    const auto type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) continue;
    const bool gap = is_space(c) || type == U_CONTROL_CHAR || type == U_DASH_PUNCTUATION || c == '\'' || c == 0x2019;
    if (gap) {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') out.append(UChar32{' '});
    } else if (const auto words = spelled_out(c); !words.empty()) {
      out.append(from_utf8(words));
    } else {
      out.append(c);
    }
  }
  return to_utf8(out.trim());
}

std::string fold_case(std::string_view text) {
  return to_utf8(normalised(nfc(), from_utf8(text).foldCase()));
}

std::string compose(std::string_view text) {
  return to_utf8(normalised(nfc(), from_utf8(text)));
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string initials(std::string_view name) {
  const icu::UnicodeString text = from_utf8(name);
  std::vector<UChar32> starts;
  bool at_start = true;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if (is_space(c)) {
      at_start = true;
    } else if (at_start && u_isalnum(c)) {
      starts.push_back(c);
      at_start = false;
    }
  }
  icu::UnicodeString out;
  if (!starts.empty()) out.append(starts.front());
  if (starts.size() > 1) out.append(starts.back());
  return to_utf8(out.toUpper(icu::Locale::getRoot()));
}

std::array<std::string, 4> like_words(std::string_view query) {
  std::array<std::string, 4> out = {"%", "%", "%", "%"};
  const std::string folded = fold(query.substr(0, 400));
  std::size_t n = 0, from = 0;
  while (from < folded.size() && n < out.size()) {
    const auto to = std::min(folded.find(' ', from), folded.size());
    if (to > from) out[n++] = "%" + escaped_like(std::string_view(folded).substr(from, to - from)) + "%";
    from = to + 1;
  }
  return out;
}

std::string like_start(std::string_view query) {
  return escaped_like(fold(query.substr(0, 400))) + "%";
}

}  // namespace cluse::domain
