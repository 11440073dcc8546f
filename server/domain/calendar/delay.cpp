#include "server/domain/calendar/delay.h"

#include "server/base/assert.h"

namespace cluse::domain::calendar {
namespace {

bool is_working_day(Date date, const HolidayTable* holidays) {
  return holidays == nullptr ? !is_weekend(date) : holidays->is_working_day(date);
}

/// Walks day by day and remembers what it met. Without `met` it only walks.
class Walk {
 public:
  Walk(Date from, const HolidayTable* holidays, Counting* met) : at_(from), holidays_(holidays), met_(met) {}

  [[nodiscard]] Date at() const { return at_; }

  void working_days(int days) {
    for (int left = days; left > 0;) {
      at_ = add_days(at_, 1);
      if (is_working_day(at_, holidays_)) --left;
      note();
    }
  }

  void to_working_day() {
    while (!is_working_day(at_, holidays_)) {
      at_ = add_days(at_, 1);
      note();
    }
  }

 private:
  void note() {
    if (met_ == nullptr || holidays_ == nullptr || is_weekend(at_)) return;
    const Holiday* holiday = holidays_->on(at_);
    if (holiday == nullptr) return;
    if (holiday->counts) met_->skipped.emplace_back(at_, holiday);
    if (holiday->disputed) met_->disputed.emplace_back(at_, holiday);
  }

  Date at_;
  const HolidayTable* holidays_;
  Counting* met_;
};

/// The one place where days are counted. Grows with `sent`: later sending never allows an earlier session.
Date reach(const Delay& delay, Date sent, const HolidayTable* holidays, Counting* met) {
  CLUSE_ASSERT(delay.months >= 0 && delay.months <= kDelayMonthsMax, "a delay's months come from a checked pack");
  CLUSE_ASSERT(delay.days >= 0 && delay.days <= kDelayDaysMax, "a delay's days come from a checked pack");
  const Date after_months = add_months(sent, delay.months);
  Walk walk(after_months, holidays, met);
  switch (delay.kind) {
    case DayKind::clear: walk = Walk(add_days(after_months, delay.days + 1), holidays, met); break;
    case DayKind::calendar: walk = Walk(add_days(after_months, delay.days), holidays, met); break;
    case DayKind::working: walk.working_days(delay.days); break;
  }
  const Date before = walk.at();
  if (delay.extension == Extension::next_working_day) walk.to_working_day();
  if (met != nullptr) {
    met->after_months = after_months;
    met->clamped = delay.months > 0 && after_months.day() != sent.day();
    if (walk.at() != before) met->extended_from = before;
  }
  return walk.at();
}

}  // namespace

Counting count(const Delay& delay, Date sent, const HolidayTable* holidays) {
  Counting counting{.sent = sent, .after_months = sent, .earliest = sent};
  counting.earliest = reach(delay, sent, holidays, &counting);
  return counting;
}

Date earliest_session(const Delay& delay, Date sent, const HolidayTable* holidays) {
  return reach(delay, sent, holidays, nullptr);
}

Timing judge(const Delay& delay, Date sent, Date session, const HolidayTable* holidays) {
  Timing timing{.counting = count(delay, sent, holidays), .session = session};
  timing.lawful = timing.counting.earliest <= session;
  timing.last_lawful = last_lawful(delay, session, holidays);
  timing.clear_days = days_between(sent, session) - 1;
  return timing;
}

Date last_lawful(const Delay& delay, Date session, const HolidayTable* holidays) {
  const auto lawful = [&](int back) { return reach(delay, add_days(session, -back), holidays, nullptr) <= session; };
  // `reach` grows with the day of sending: double until lawful, then halve between the last two.
  int late = -1;
  int early = delay.months * 28 + delay.days;
  while (!lawful(early)) {
    late = early;
    early = early * 2 + 1;
  }
  while (early - late > 1) {
    const int middle = late + (early - late) / 2;
    (lawful(middle) ? early : late) = middle;
  }
  return add_days(session, -early);
}

LastMoment last_lawful_moment(const Delay& delay, Date session, const Zone& zone, const HolidayTable* holidays) {
  const Date day = last_lawful(delay, session, holidays);
  return {day, zone.end_of(day)};
}

}  // namespace cluse::domain::calendar
