// What people write: cleaning it on the way in, folding it for search, cutting it into initials.
#pragma once

#include "server/base/result.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cluse::domain {

inline constexpr std::size_t kTitleCharactersMax = 200;

/// A single line: well-formed UTF-8 in NFC, without control characters or bidirectional overrides, trimmed, at most
/// `max` characters (code points). Codes: "field_missing" (empty and `required`), "field_invalid", "field_too_long";
/// each with `field`.
[[nodiscard]] Result<std::string> clean_line(std::string_view raw, std::string_view field, std::size_t max,
                                             bool required = true);
/// The same, with line breaks and tabs allowed inside.
[[nodiscard]] Result<std::string> clean_text(std::string_view raw, std::string_view field, std::size_t max);

/// A BCP 47 tag of plausible form ("fr", "de-CH"), or "field_invalid".
[[nodiscard]] Result<std::string> clean_language(std::string_view raw, std::string_view field);

/// A mailbox of plausible form, trimmed, at most 254 octets, as the person wrote it; or "field_invalid".
[[nodiscard]] Result<std::string> clean_email(std::string_view raw, std::string_view field);

/// Whatever can be saved of `raw` as a title: for file names. May be empty.
[[nodiscard]] std::string title_from(std::string_view raw);

/// For search: without accents and case, ligatures and ß spelled out, dashes and apostrophes as single spaces.
[[nodiscard]] std::string fold(std::string_view text);

/// Without case and nothing else: what makes two mailboxes one.
[[nodiscard]] std::string fold_case(std::string_view text);

/// NFC, for what must compare equal however it was typed (passwords).
[[nodiscard]] std::string compose(std::string_view text);

/// Number of code points.
[[nodiscard]] std::size_t characters(std::string_view utf8);

/// "Marie-Claude Dupont" → "MD".
[[nodiscard]] std::string initials(std::string_view name);

/// LIKE patterns (with ESCAPE '\') of the first four words of `query`, folded; those that are left over match anything.
[[nodiscard]] std::array<std::string, 4> like_words(std::string_view query);
/// LIKE pattern of what starts with `query`, folded.
[[nodiscard]] std::string like_start(std::string_view query);

}  // namespace cluse::domain
