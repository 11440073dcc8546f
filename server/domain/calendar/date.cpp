#include "server/domain/calendar/date.h"

#include <algorithm>
#include <charconv>

namespace cluse::domain::calendar {
namespace {

constexpr int kYearMin = 1600;
constexpr int kYearMax = 2500;

bool digits(std::string_view text, int& value) {
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return false;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool formed = text.size() == 10 && text[4] == '-' && text[7] == '-' && digits(text.substr(0, 4), year) &&
                      digits(text.substr(5, 2), month) && digits(text.substr(8, 2), day);
  const Date date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                  std::chrono::day(static_cast<unsigned>(day))};
  if (!formed || !date.ok() || year < kYearMin || year > kYearMax) {
    return fail(Errc::invalid, "date_malformed", "a day such as 2026-01-31 is expected");
  }
  return date;
}

Date add_months(Date date, int months) {
  const Date moved = date + std::chrono::months(months);
  if (moved.ok()) return moved;
  return Date{moved.year() / moved.month() / std::chrono::last};
}

bool is_weekend(Date date) {
  const auto day = weekday_of(date);
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

Date easter(std::chrono::year year) {
  const int y = static_cast<int>(year);
  const int golden = y % 19;
  const int century = y / 100;
  const int rest = y % 100;
  const int skipped = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
  const int moon = (19 * golden + skipped + 15) % 30;
  const int sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
  const int late = (golden + 11 * moon + 22 * sunday) / 451;
  const int count = moon + sunday - 7 * late + 114;
  return Date{year, std::chrono::month(static_cast<unsigned>(count / 31)),
              std::chrono::day(static_cast<unsigned>(count % 31 + 1))};
}

}  // namespace cluse::domain::calendar
