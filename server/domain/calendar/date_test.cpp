// Aim: civil days and time zones are those of the almanac. Method: known Easters, days that do not exist, the nights on
// which clocks change.

#include "server/domain/calendar/zone.h"

#include <gtest/gtest.h>

namespace cluse::domain::calendar {
namespace {

Date day(std::string_view text) {
  return parse_date(text).value();
}

TEST(Date, IsReadInOneFormOnly) {
  EXPECT_EQ(to_string(day("2024-02-29")), "2024-02-29");
  for (const char* text : {"", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-01", "24-01-01",
                           "1599-12-31", "2501-01-01", "2024-01-01T00:00", "+024-01-01", "2024-01--1"}) {
    const auto date = parse_date(text);
    ASSERT_FALSE(date) << text;
    EXPECT_EQ(date.error().code, "date_malformed");
  }
}

TEST(Date, AMonthLaterIsTheSameDayOrTheLastOfTheMonth) {
  const std::tuple<const char*, int, const char*> cases[] = {
      {"2023-01-31", 1, "2023-02-28"},  {"2024-01-31", 1, "2024-02-29"},  {"2024-03-31", 1, "2024-04-30"},
      {"2024-12-31", 2, "2025-02-28"},  {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 1, "2024-03-29"},
      {"2024-03-31", -1, "2024-02-29"}, {"2024-08-31", 0, "2024-08-31"},
  };
  for (const auto& [from, months, to] : cases) EXPECT_EQ(to_string(add_months(day(from), months)), to) << from;
}

TEST(Date, EasterIsThatOfTheAlmanac) {
  for (const char* text :
       {"1961-04-02", "1990-04-15", "2000-04-23", "2008-03-23", "2016-03-27", "2017-04-16", "2020-04-12", "2024-03-31",
        "2025-04-20", "2026-04-05", "2029-04-01", "2038-04-25", "2049-04-18", "2285-03-22"}) {
    EXPECT_EQ(to_string(easter(day(text).year())), text);
  }
}

TEST(Zone, ADayIs23Or25HoursLongWhenClocksChange) {
  for (const char* name : {"Europe/Paris", "Europe/Zurich"}) {
    const Zone zone = Zone::find(name).value();
    const auto hours = [&](const char* text) {
      return (zone.end_of(day(text)).ms + 1 - zone.start_of(day(text)).ms) / 3'600'000;
    };
    EXPECT_EQ(hours("2026-03-29"), 23) << name;
    EXPECT_EQ(hours("2026-10-25"), 25) << name;
    EXPECT_EQ(hours("2026-07-14"), 24) << name;
    EXPECT_EQ(to_rfc3339(zone.start_of(day("2026-03-29"))), "2026-03-28T23:00:00.000Z");
    EXPECT_EQ(to_rfc3339(zone.end_of(day("2026-03-29"))), "2026-03-29T21:59:59.999Z");
    EXPECT_EQ(to_rfc3339(zone.end_of(day("2026-01-31"))), "2026-01-31T22:59:59.999Z");
  }
}

TEST(Zone, AnInstantIsTheDayOfTheBodyNotOfTheServer) {
  const Zone paris = Zone::find("Europe/Paris").value();
  const Zone montreal = Zone::find("America/Montreal").value();
  const Instant late{paris.end_of(day("2026-06-30")).ms};
  EXPECT_EQ(to_string(paris.date_of(late)), "2026-06-30");
  EXPECT_EQ(to_string(paris.date_of({late.ms + 1})), "2026-07-01");
  EXPECT_EQ(to_string(montreal.date_of({late.ms + 1})), "2026-06-30");
  EXPECT_EQ(to_string(paris.date_of({-1})), "1970-01-01") << "one hour ahead of UTC";
}

TEST(Zone, EveryDayFrom1990To2050BeginsAndEndsOnItself) {
  const Zone zone = Zone::find("Europe/Zurich").value();
  for (Date date = day("1990-01-01"); date <= day("2050-12-31"); date = add_days(date, 1)) {
    ASSERT_EQ(zone.date_of(zone.start_of(date)), date);
    ASSERT_EQ(zone.date_of(zone.end_of(date)), date);
    ASSERT_EQ(zone.start_of(add_days(date, 1)).ms, zone.end_of(date).ms + 1);
  }
}

TEST(Zone, RefusesWhatIsNone) {
  for (const std::string name : {"", "Paris", "Europe/Porrentruy", "Etc/Unknown", "Europe/Zürich"}) {
    const auto zone = Zone::find(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, "zone_unknown");
  }
  EXPECT_FALSE(Zone::find(std::string(65, 'x')));
}

}  // namespace
}  // namespace cluse::domain::calendar
