// CivilDate: a day of the calendar, without an hour and without a time zone: what rates, mandates and borders are dated
// with. Text is ISO 8601 ("2026-01-01"), which also sorts, so the database keeps it as TEXT.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cluse {

/// A day, as a count of days: differences and comparisons are whole days.
using CivilDate = std::chrono::sys_days;

/// "2026-01-01" and nothing else; years 1 to 9999. Empty for a day that no calendar has ("2026-02-29").
[[nodiscard]] std::optional<CivilDate> parse_civil_date(std::string_view text);

/// Requires: a year from 1 to 9999.
[[nodiscard]] std::string to_iso(CivilDate date);

[[nodiscard]] constexpr CivilDate civil_date(int year, unsigned month, unsigned day) {
  return CivilDate(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

}  // namespace cluse
