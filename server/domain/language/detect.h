// Which language a text is written in, where nobody has said. French and German, and what visitors bring: English and
// Italian; anything else is not told. Over CLD2 (decision 0032). Pure; thread: any.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cluse::domain::language {

/// Fewer letters than this are not guessed: a title, a list of names, a date.
inline constexpr std::size_t kLettersMin = 60;
/// So much of a text is looked at.
inline constexpr std::size_t kBytesMax = 64U << 10;
/// So many hundredths of the text must be in the one language.
inline constexpr int kShareMin = 80;

/// "fr", "de", "en" or "it"; nothing for a text that is short, mixed, or in another language.
[[nodiscard]] std::optional<std::string> detect(std::string_view text);

/// The tag to write for `detected`: `assumed` where that is the same language of one country ("fr-CH" for "fr").
[[nodiscard]] std::string refined(std::string_view detected, std::string_view assumed);

}  // namespace cluse::domain::language
