#include "server/domain/organisations/days.h"

#include "server/base/assert.h"
#include "server/base/civil_date.h"
#include "server/domain/calendar/zone.h"

namespace cluse::domain::organisations {

std::string today(Instant now) {
  static const auto kZone = calendar::Zone::find("Europe/Paris");
  CLUSE_ASSERT(kZone.has_value(), "the tables of time zones are there");
  return to_iso(CivilDate(kZone->date_of(now)));
}

Result<Days> parse_days(const std::optional<std::string>& first, const std::optional<std::string>& last) {
  Days days{std::string(kAlways), std::string(kStill)};
  if (first && !first->empty()) {
    if (!parse_civil_date(*first)) return fail(Errc::invalid, "date_malformed", *first, "first_day");
    days.first = *first;
  }
  if (last && !last->empty()) {
    if (!parse_civil_date(*last)) return fail(Errc::invalid, "date_malformed", *last, "last_day");
    days.last = *last;
  }
  if (days.last < days.first) return fail(Errc::invalid, "dates_reversed", "", "last_day");
  return days;
}

std::optional<std::string> shown_last(const std::string& last) {
  return last == kStill ? std::nullopt : std::optional(last);
}

std::optional<std::string> shown_first(const std::string& first) {
  return first == kAlways ? std::nullopt : std::optional(first);
}

}  // namespace cluse::domain::organisations
