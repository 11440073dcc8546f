// What is the same to a reader who searches: « Saint-Ursanne », "ST URSANNE" and "saint ursanne".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

/// Small letters without accents, words apart by one space: for comparing and searching, never for showing. Apostrophes
/// and hyphens part words; "ß" is ss, "œ" oe; the word "st" is saint, "ste" sainte. Letters that have no Latin base
/// stay.
[[nodiscard]] std::string fold(std::string_view text);
/// The words of folded text.
[[nodiscard]] std::vector<std::string> words(std::string_view folded);

/// One key for a name however its words are ordered; without the legal form ("SARL", "AG", "CC", …). Empty for no name.
[[nodiscard]] std::string name_key(std::string_view name);
/// The address in small letters, or empty where it is none.
[[nodiscard]] std::string email_key(std::string_view email);
/// Digits with the country: "03 39 30 00 65" of FR is "+33339300065". Empty under six digits.
[[nodiscard]] std::string phone_key(std::string_view phone, std::string_view country);

/// Pieces of three letters, the edges marked: what words that look alike share.
[[nodiscard]] std::vector<std::string> grams(std::string_view word);
/// Letters to change, to add, to leave out or to swap with a neighbour; more than `max`: max + 1.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b, std::size_t max);
/// How many slips a word of so many letters is forgiven.
[[nodiscard]] std::size_t slips_for(std::size_t letters);

/// Letters in code points.
[[nodiscard]] std::size_t letters_of(std::string_view text);
/// Not more than `bytes`, cut between letters.
[[nodiscard]] std::string cut(std::string_view text, std::size_t bytes);
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace annuaires
