#include "server/domain/calendar/holidays.h"

#include <algorithm>

namespace cluse::domain::calendar {
namespace {

using std::chrono::year;

std::optional<Date> existing(Date date) {
  return date.ok() ? std::optional(date) : std::nullopt;
}

struct DayInYear {
  year in;

  std::optional<Date> operator()(const FixedDay& rule) const {
    if (rule.only_if) {
      const Date other{in / rule.only_if->day};
      if (!other.ok() || weekday_of(other) != rule.only_if->weekday) return std::nullopt;
    }
    return existing(in / rule.day);
  }

  std::optional<Date> operator()(const EasterDay& rule) const { return add_days(easter(in), rule.offset_days); }

  std::optional<Date> operator()(const WeekdayOfMonth& rule) const {
    const auto nth = in / rule.month / rule.weekday[rule.nth];
    if (!nth.ok()) return std::nullopt;
    return add_days(Date{std::chrono::sys_days(nth)}, rule.offset_days);
  }
};

}  // namespace

std::optional<Date> day_of(const Holiday& holiday, int in) {
  if (holiday.first_year && in < *holiday.first_year) return std::nullopt;
  if (holiday.last_year && in > *holiday.last_year) return std::nullopt;
  return std::visit(DayInYear{year(in)}, holiday.rule);
}

const Holiday* HolidayTable::on(Date date) const {
  const Holiday* found = nullptr;
  for (const Holiday& holiday : days) {
    if (found != nullptr && !holiday.counts) continue;
    if (day_of(holiday, static_cast<int>(date.year())) != date) continue;
    if (holiday.counts) return &holiday;
    found = &holiday;
  }
  return found;
}

bool HolidayTable::is_working_day(Date date) const {
  if (is_weekend(date)) return false;
  const Holiday* holiday = on(date);
  return holiday == nullptr || !holiday->counts;
}

std::vector<std::pair<Date, const Holiday*>> HolidayTable::in_year(int in) const {
  std::vector<std::pair<Date, const Holiday*>> out;
  for (const Holiday& holiday : days) {
    if (const auto date = day_of(holiday, in)) out.emplace_back(*date, &holiday);
  }
  std::ranges::stable_sort(out, {}, [](const auto& entry) { return entry.first; });
  return out;
}

const HolidayTable* HolidayBook::find(std::string_view id) const {
  const auto found = tables_.find(id);
  return found == tables_.end() ? nullptr : &found->second;
}

}  // namespace cluse::domain::calendar
