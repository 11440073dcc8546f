// Aim: what is sent in time is lawful, what is sent a day later is not, for every kind of delay and every day.
// Method: the cases of the sources; all days from 1990 to 2050; random delays with rapidcheck (it prints its seed).

#include "server/domain/calendar/delay.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cluse::domain::calendar {
namespace {

Date day(std::string_view text) {
  return parse_date(text).value();
}

const HolidayBook& book() {
  static const HolidayBook shipped =
      HolidayBook::load(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules/holidays").value();
  return shipped;
}

constexpr Delay kThreeClear{.days = 3, .kind = DayKind::clear};
constexpr Delay kFiveClear{.days = 5, .kind = DayKind::clear};
constexpr Delay kMonthAndAHalf{.months = 1, .days = 15};
constexpr Delay kWeekAndAHalf{.days = 11};

TEST(Delay, OfThreeClearDaysGoesFromMondayToFriday) {
  // courrierdesmaires.fr 62823: Monday, then Tuesday, Wednesday and Thursday, then Friday at the earliest; and from
  // Friday to Monday is too short.
  EXPECT_EQ(weekday_of(day("2026-06-01")), std::chrono::Monday);
  EXPECT_EQ(earliest_session(kThreeClear, day("2026-06-01")), day("2026-06-05"));
  EXPECT_TRUE(judge(kThreeClear, day("2026-06-01"), day("2026-06-05")).lawful);
  EXPECT_FALSE(judge(kThreeClear, day("2026-06-01"), day("2026-06-04")).lawful);
  EXPECT_FALSE(judge(kThreeClear, day("2026-06-05"), day("2026-06-08")).lawful);
  EXPECT_EQ(judge(kThreeClear, day("2026-06-01"), day("2026-06-05")).clear_days, 3);
}

TEST(Delay, OfFiveClearDaysCountsSundaysAndHolidays) {
  // domain.md, conventions: Saturdays, Sundays and public holidays do count. 1 and 8 May 2026 are holidays in France.
  const HolidayTable* france = book().find("FR");
  EXPECT_EQ(earliest_session(kFiveClear, day("2026-04-30"), france), day("2026-05-06"));
  EXPECT_EQ(earliest_session(kFiveClear, day("2026-05-06"), france), day("2026-05-12"));
  EXPECT_EQ(last_lawful(kFiveClear, day("2026-05-12"), france), day("2026-05-06"));
  EXPECT_TRUE(count(kFiveClear, day("2026-05-06"), france).skipped.empty());
}

TEST(Delay, OfOneMonthAndAHalfIsACalendarMonthAnd15DaysForward) {
  // domain.md row 48 and its conventions: forward from the day of sending, the 31st plus a month is the month's last
  // day.
  const std::tuple<const char*, const char*, bool> cases[] = {
      {"2026-01-10", "2026-02-25", false}, {"2026-01-31", "2026-03-15", true},  {"2024-01-31", "2024-03-15", true},
      {"2026-04-30", "2026-06-14", false}, {"2026-12-31", "2027-02-15", false}, {"2026-03-31", "2026-05-15", true},
  };
  for (const auto& [sent, earliest, clamped] : cases) {
    const Counting counting = count(kMonthAndAHalf, day(sent));
    EXPECT_EQ(to_string(counting.earliest), earliest) << sent;
    EXPECT_EQ(counting.clamped, clamped) << sent;
  }
  // 28 to 31 January all reach 15 March: the last of them is the last lawful day.
  EXPECT_EQ(last_lawful(kMonthAndAHalf, day("2026-03-15")), day("2026-01-31"));
  EXPECT_EQ(last_lawful(kMonthAndAHalf, day("2026-03-14")), day("2026-01-27"));
}

TEST(Delay, OfOneWeekAndAHalfIs11Days) {
  // domain.md row 49 and its conventions: 10.5 rounded up.
  EXPECT_EQ(earliest_session(kWeekAndAHalf, day("2026-06-01")), day("2026-06-12"));
  EXPECT_EQ(last_lawful(kWeekAndAHalf, day("2026-06-12")), day("2026-06-01"));
}

TEST(Delay, OfWorkingDaysSkipsWhatIsNoneAndSaysWhich) {
  const Delay ten{.days = 10, .kind = DayKind::working};
  const Counting counting = count(ten, day("2026-04-30"), book().find("FR"));
  EXPECT_EQ(to_string(counting.earliest), "2026-05-19") << "without 1, 8 and 14 May, Saturdays and Sundays";
  ASSERT_EQ(counting.skipped.size(), 3U);
  EXPECT_EQ(counting.skipped[0].second->id, "1er-mai");
  EXPECT_EQ(counting.skipped[1].second->id, "8-mai");
  EXPECT_EQ(counting.skipped[2].second->id, "ascension");
  EXPECT_EQ(to_string(earliest_session(ten, day("2026-04-30"))), "2026-05-14") << "without a table: weekends only";
}

TEST(Delay, SaysWhichDaysOnItsWayAreDisputed) {
  const Delay two{.days = 2, .kind = DayKind::working};
  const Counting counting = count(two, day("2025-04-17"), book().find("CH-NE"));
  EXPECT_EQ(to_string(counting.earliest), "2025-04-22") << "Good Friday is skipped, Easter Monday is not";
  ASSERT_EQ(counting.disputed.size(), 1U);
  EXPECT_EQ(counting.disputed[0].second->id, "lundi-de-paques");
}

TEST(Delay, IsExtendedOnlyWhereItSaysSo) {
  // 14 July 2026 is a Tuesday; the 11th and 12th are a weekend.
  const Delay plain{.days = 4};
  const Delay extended{.days = 4, .extension = Extension::next_working_day};
  EXPECT_EQ(to_string(earliest_session(plain, day("2026-07-10"), book().find("FR"))), "2026-07-14");
  const Counting counting = count(extended, day("2026-07-10"), book().find("FR"));
  EXPECT_EQ(to_string(counting.earliest), "2026-07-15");
  EXPECT_EQ(counting.extended_from, day("2026-07-14"));
  EXPECT_EQ(to_string(count(extended, day("2026-07-10")).earliest), "2026-07-14") << "no table, no holiday";
}

TEST(Delay, DoesNotNoticeThatClocksChange) {
  EXPECT_EQ(to_string(earliest_session(kThreeClear, day("2026-03-27"))), "2026-03-31");
  EXPECT_EQ(to_string(earliest_session(kThreeClear, day("2026-10-23"))), "2026-10-27");
}

TEST(Delay, TheLastMomentIsTheEndOfADayInTheZoneOfTheBody) {
  const Zone paris = Zone::find("Europe/Paris").value();
  const LastMoment winter = last_lawful_moment(kThreeClear, day("2026-04-02"), paris);
  EXPECT_EQ(to_string(winter.day), "2026-03-29");
  EXPECT_EQ(to_rfc3339(winter.end), "2026-03-29T21:59:59.999Z") << "the day on which summer time begins";
  EXPECT_EQ(paris.date_of(winter.end), winter.day);
  EXPECT_EQ(paris.date_of({winter.end.ms + 1}), add_days(winter.day, 1));
}

TEST(Delay, OfNothingIsTheSameDay) {
  EXPECT_TRUE(judge(Delay{}, day("2026-06-01"), day("2026-06-01")).lawful);
  EXPECT_FALSE(judge(Delay{}, day("2026-06-02"), day("2026-06-01")).lawful);
  EXPECT_EQ(last_lawful(Delay{}, day("2026-06-01")), day("2026-06-01"));
}

TEST(Delay, LastLawfulDayIsLawfulAndTheNextIsNotOnEveryDayFrom1990To2050) {
  const std::pair<Delay, const HolidayTable*> delays[] = {
      {kThreeClear, nullptr},
      {kFiveClear, book().find("FR")},
      {kMonthAndAHalf, nullptr},
      {kWeekAndAHalf, nullptr},
      {{.days = 10, .kind = DayKind::working}, book().find("CH-JU")},
      {{.months = 1, .days = 3, .kind = DayKind::working}, book().find("CH-NE")},
      {{.months = 2, .days = 0, .kind = DayKind::clear, .extension = Extension::next_working_day},
       book().find("FR-AM")},
      {{.months = 12, .extension = Extension::next_working_day}, book().find("CH-VD")},
  };
  for (const auto& [delay, table] : delays) {
    Date previous_earliest = earliest_session(delay, day("1989-12-31"), table);
    Date previous_last = last_lawful(delay, day("1989-12-31"), table);
    for (Date date = day("1990-01-01"); date <= day("2050-12-31"); date = add_days(date, 1)) {
      const Date last = last_lawful(delay, date, table);
      ASSERT_LE(earliest_session(delay, last, table), date);
      ASSERT_GT(earliest_session(delay, add_days(last, 1), table), date) << to_string(date);
      ASSERT_GE(last, previous_last) << "a later session never asks for an earlier sending";
      previous_last = last;
      const Date earliest = earliest_session(delay, date, table);
      ASSERT_GE(earliest, previous_earliest) << "later sending never allows an earlier session";
      previous_earliest = earliest;
    }
  }
}

RC_GTEST_PROP(DelayProperty, LawfulIsMonotoneAndLastLawfulIsTheBorder, ()) {
  const Delay delay{
      .months = *rc::gen::inRange(0, 25),
      .days = *rc::gen::inRange(0, 120),
      .kind = *rc::gen::element(DayKind::clear, DayKind::calendar, DayKind::working),
      .extension = *rc::gen::element(Extension::none, Extension::next_working_day),
  };
  const char* id = *rc::gen::element("FR", "FR-AM", "CH-BE", "CH-JU", "CH-NE", "CH-VD");
  const HolidayTable* table = book().find(id);
  const Date session = add_days(day("1990-01-01"), *rc::gen::inRange(0, 22'000));
  const Date last = last_lawful(delay, session, table);
  RC_ASSERT(judge(delay, last, session, table).lawful);
  RC_ASSERT(!judge(delay, add_days(last, 1), session, table).lawful);
  const int other = *rc::gen::inRange(-400, 400);
  RC_ASSERT(judge(delay, add_days(last, other), session, table).lawful == (other <= 0));
  RC_ASSERT(judge(delay, last, add_days(session, other < 0 ? -other : other), table).lawful);
}

}  // namespace
}  // namespace cluse::domain::calendar
