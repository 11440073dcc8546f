// Lists that do not change from one directory to the next: levels, languages, countries.
#pragma once

#include <cluse/value.hpp>

#include <span>
#include <string>
#include <string_view>

namespace annuaires {

using cluse::Value;

struct Word {
  std::string_view key, fr, de;
};

[[nodiscard]] std::span<const Word> level_words();
[[nodiscard]] std::span<const Word> language_words();
[[nodiscard]] std::span<const Word> country_words();
/// The list of "level", "languages" or "country"; none for another.
[[nodiscard]] std::span<const Word> words_of(std::string_view field);
[[nodiscard]] const Word* word(std::span<const Word> list, std::string_view key);
[[nodiscard]] Value label(const Word& word);

/// {fr, de}: the words in `language` ("fr" or "de"), the other if they are empty. Text stands for both.
[[nodiscard]] std::string in(const Value& words, std::string_view language);
[[nodiscard]] Value both(std::string_view fr, std::string_view de);
/// "fr" or "de" of a locale such as "de-CH".
[[nodiscard]] std::string language_of(std::string_view locale);

}  // namespace annuaires
