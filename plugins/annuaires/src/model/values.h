// Values of fields: whether they are right, as text, and as words to search.
#pragma once

#include "reference.h"

#include "../text/vcard.h"

#include <string>
#include <vector>

namespace annuaires {

inline constexpr std::size_t kTextMax = 500, kLongMax = 10'000, kNameMax = 300, kListMax = 100;

/// The value in the form in which it is kept; null for empty. Adds to `problems` what is wrong with it.
[[nodiscard]] Value checked(const Field& field, const Value& value, const Reference& reference,
                            std::vector<Problem>& problems);
/// `name`, `given`, `family`: the same. A name is {fr, de}; text stands for the first language.
[[nodiscard]] Value checked_name(std::string_view key, const Value& value, std::vector<Problem>& problems);

/// As one text in `language`, for a table or a card; lists with ", ", addresses on one line. `organisation` is left to
/// the caller.
[[nodiscard]] std::string shown(const Field& field, const Value& value, const Reference& reference,
                                std::string_view language);
/// Every word in both languages.
[[nodiscard]] std::string searched(const Field& field, const Value& value, const Reference& reference);
/// What a column of a file said, as a value to be checked: choices by key or by label, lists apart by , ; or |.
[[nodiscard]] Value from_text(const Field& field, std::string_view text, const Reference& reference);

[[nodiscard]] Address address_of(const Value& value);
[[nodiscard]] std::vector<std::string> keys_of(const Value& value);  ///< texts of a list, or of one text

}  // namespace annuaires
