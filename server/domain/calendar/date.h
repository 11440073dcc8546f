// Civil days: days of the calendar without hour or zone. Pure values. Thread: any.
#pragma once

#include "server/base/result.h"
#include "server/domain/data_file/data_file.h"

#include <chrono>
#include <string>
#include <string_view>

namespace cluse::domain::calendar {

/// A day of the Gregorian calendar. Everything here takes and gives days that exist (`ok()`), of the years 1600 to
/// 2500.
using Date = std::chrono::year_month_day;
using data_file::to_string;

/// "2026-01-31" and nothing else. Error: `date_malformed`.
[[nodiscard]] Result<Date> parse_date(std::string_view text);

[[nodiscard]] inline Date add_days(Date date, int days) {
  return Date{std::chrono::sys_days(date) + std::chrono::days(days)};
}

/// `to` minus `from`, in days.
[[nodiscard]] inline int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}

/// The same day of a later (or earlier) month; where that month is too short, its last day: 31 January plus one month
/// is 28 or 29 February.
[[nodiscard]] Date add_months(Date date, int months);

[[nodiscard]] inline std::chrono::weekday weekday_of(Date date) {
  return std::chrono::weekday(std::chrono::sys_days(date));
}

/// Saturday or Sunday.
[[nodiscard]] bool is_weekend(Date date);

/// Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher.
[[nodiscard]] Date easter(std::chrono::year year);

}  // namespace cluse::domain::calendar
