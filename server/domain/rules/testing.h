// For the tests of rules: the packs that ship, and a judgement that is also said in every locale.
#pragma once

#include "server/domain/rules/catalogue.h"
#include "server/domain/rules/evaluate.h"
#include "server/domain/rules/library.h"

#include <string>
#include <string_view>

namespace cluse::domain::rules {

/// config/rules as it ships.
[[nodiscard]] const Library& shipped();
[[nodiscard]] const Catalogue& sentences();

[[nodiscard]] Date day(std::string_view text);
[[nodiscard]] Amount eur(std::int64_t minor);
[[nodiscard]] Amount chf(std::int64_t minor);

/// The pack of that id in force on a day; the test fails if there is none.
[[nodiscard]] const Pack& pack_on(std::string_view id, std::string_view date);

/// Judges, and fails the test if a reason cannot be said fully in one of the locales.
[[nodiscard]] Verdict judged(const Pack& pack, const Facts& facts);

/// What one rule of a verdict said, as "broken: ceiling_broken_strict", or "-" if it was not judged.
[[nodiscard]] std::string said(const Verdict& verdict, std::string_view rule);

/// Only the outcome: "met", "warned", "unknown", "broken", or "-".
[[nodiscard]] std::string outcome(const Verdict& verdict, std::string_view rule);

}  // namespace cluse::domain::rules
