// The delay engine: is what is sent on one day in time for a session on another, and until when may it be sent?
//
// Counting goes forward from the day of sending. A civil day is one day whatever its hours: clocks that change at night
// change nothing. What a delay counts comes from a rule pack; what it means is said here. Pure. Thread: any.
//
// Sources: the conventions of docs/regles.md. For clear days, CE 16 June 1997, Pfister, n° 142691, as told by Le
// Courrier des maires (27 June 2016): sent on a Monday, three clear days (Tuesday, Wednesday, Thursday), session from
// Friday on.
#pragma once

#include "server/domain/calendar/holidays.h"
#include "server/domain/calendar/zone.h"

namespace cluse::domain::calendar {

/// Which days count towards the days of a delay.
enum class DayKind {
  clear,     ///< jours francs: neither the day of sending nor that of the session; Saturdays, Sundays, holidays count
  calendar,  ///< the day of sending does not count, the day of the session does
  working,   ///< like calendar, but Saturdays, Sundays and holidays do not count
};

/// What happens if the first possible day is a Saturday, a Sunday or a holiday.
enum class Extension {
  none,              ///< it stays
  next_working_day,  ///< it moves to the next working day
};

/// So many calendar months, then so many days of a kind. "Un mois et demi" is one month and 15 days by convention,
/// "une semaine et demie" 11 days.
struct Delay {
  int months = 0;  ///< 0 to kDelayMonthsMax
  int days = 0;    ///< 0 to kDelayDaysMax
  DayKind kind = DayKind::calendar;
  Extension extension = Extension::none;
};

inline constexpr int kDelayMonthsMax = 60;
inline constexpr int kDelayDaysMax = 1000;

/// How the first possible day came about.
struct Counting {
  Date sent;
  Date after_months;                    ///< `sent` plus the months; the same as `sent` if there are none
  bool clamped = false;                 ///< the month was too short: 31 January became 28 February
  Date earliest;                        ///< the first day on which a session is lawful
  std::optional<Date> extended_from{};  ///< where `earliest` was before it moved to a working day
  std::vector<std::pair<Date, const Holiday*>> skipped{};   ///< holidays that did not count, in order
  std::vector<std::pair<Date, const Holiday*>> disputed{};  ///< days on the way that sources dispute, in order
};

/// The answer for one sending and one session.
struct Timing {
  bool lawful = false;
  Counting counting;
  Date session{};
  Date last_lawful{};  ///< the last day on which sending is lawful for that session
  int clear_days = 0;  ///< days strictly between sending and session; negative or zero if there are none
};

/// The last lawful moment to send.
struct LastMoment {
  Date day;
  Instant end;  ///< the last millisecond of that day in its time zone
};

/// The first day on which a session is lawful if it is sent on `sent`. `holidays` is borrowed by the answer; without it
/// only Saturdays and Sundays are no working days.
[[nodiscard]] Counting count(const Delay& delay, Date sent, const HolidayTable* holidays = nullptr);

/// Only the day of it.
[[nodiscard]] Date earliest_session(const Delay& delay, Date sent, const HolidayTable* holidays = nullptr);

/// Lawful if the day reached is not after the day of the session.
[[nodiscard]] Timing judge(const Delay& delay, Date sent, Date session, const HolidayTable* holidays = nullptr);

/// The last day on which sending is lawful for a session on `session`: what is sent the day after is late.
[[nodiscard]] Date last_lawful(const Delay& delay, Date session, const HolidayTable* holidays = nullptr);
[[nodiscard]] LastMoment last_lawful_moment(const Delay& delay, Date session, const Zone& zone,
                                            const HolidayTable* holidays = nullptr);

}  // namespace cluse::domain::calendar
