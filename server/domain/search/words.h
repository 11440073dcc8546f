// Words as search compares them: folded, and cut to their stem in the language of the text. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::search {

/// A word longer than this (an address, a run of characters) is compared by its beginning.
inline constexpr std::size_t kWordBytesMax = 64;

struct Word {
  std::string folded;               ///< without case and accents: «Mobilités» → "mobilites"
  std::size_t begin = 0, size = 0;  ///< octets in the text
};

/// The words of `utf8` in order: runs of letters and digits. Single letters («l’», «d’») are left out.
[[nodiscard]] std::vector<Word> words_of(std::string_view utf8);

/// `folded` as texts in `language` (BCP 47) compare it: Snowball's French and German stems, other languages the word
/// itself. Folding comes first, so that whoever types without accents finds the same. Thread: any.
[[nodiscard]] std::string stem(std::string_view folded, std::string_view language);

/// The stems of a text between spaces, for the index.
[[nodiscard]] std::string stems_of(std::string_view utf8, std::string_view language);

/// «de», «la», «und»: too common to insist on.
[[nodiscard]] bool is_common(std::string_view folded);

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other, counted in octets; more
/// than `max` answers `max` + 1.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b, std::size_t max);

}  // namespace cluse::domain::search
