// What the kinds of numbers share: reading, refusing, and looking for the slip of the pen.
#pragma once

#include "server/domain/registry/registry.h"

#include <functional>
#include <span>

namespace cluse::domain::registry {

[[nodiscard]] std::unexpected<NumberProblem> refuse(std::string_view code, std::string detail = {});

/// Upper case, without spaces of any width, points and hyphens.
[[nodiscard]] std::string compact(std::string_view text);

[[nodiscard]] bool all_digits(std::string_view text);

/// Groups of `size` characters between spaces: "123 456 789".
[[nodiscard]] std::string grouped(std::string_view text, std::size_t size);

/// A wrong check: looks for every slip in `number` from position `from` on that `is_valid` accepts. The suspect is the
/// first of `groups` (small before large) that holds all repairs, or else the last.
[[nodiscard]] std::unexpected<NumberProblem> wrong_check(const std::string& number, std::size_t from,
                                                         const std::function<bool(const std::string&)>& is_valid,
                                                         std::span<const DigitGroup> groups);

// The kinds. Requires: `text` is compact and not empty.
[[nodiscard]] Checked parse_siren(const std::string& text);
[[nodiscard]] Checked parse_siret(const std::string& text);
[[nodiscard]] Checked parse_rna(const std::string& text);
[[nodiscard]] Checked parse_uid(const std::string& text);
[[nodiscard]] Checked parse_insee_commune(const std::string& text);
[[nodiscard]] Checked parse_ofs_commune(const std::string& text);
[[nodiscard]] Checked parse_iban(const std::string& text);

}  // namespace cluse::domain::registry
