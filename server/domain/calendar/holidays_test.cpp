// Aim: the tables that ship say what their sources say, and a table with a mistake is refused in words.
// Method: whole years of each table against the almanac; small texts with one mistake each.

#include "server/domain/calendar/holidays.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::calendar {
namespace {

const HolidayBook& book() {
  static const HolidayBook shipped =
      HolidayBook::load(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules/holidays").value();
  return shipped;
}

// The days of a year that count and are not Sundays, as "01-01 04-21 …".
std::string counted(const char* id, int year) {
  std::string out;
  for (const auto& [date, holiday] : book().find(id)->in_year(year)) {
    if (!holiday->counts || weekday_of(date) == std::chrono::Sunday) continue;
    out += (out.empty() ? "" : " ") + to_string(date).substr(5);
  }
  return out;
}

Date day(std::string_view text) {
  return parse_date(text).value();
}

TEST(Holidays, AreThoseOfTheirSources) {
  // 2025, for which the almanacs of all five places were compared.
  EXPECT_EQ(counted("FR", 2025), "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25");
  EXPECT_EQ(counted("FR-AM", 2025), "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25 12-26");
  EXPECT_EQ(counted("CH-BE", 2025), "01-01 01-02 04-18 04-21 05-29 06-09 08-01 12-25 12-26");
  EXPECT_EQ(counted("CH-JU", 2025), "01-01 01-02 04-18 04-21 05-01 05-29 06-09 06-19 06-23 08-01 08-15 11-01 12-25");
  EXPECT_EQ(counted("CH-NE", 2025), "01-01 03-01 04-18 05-01 05-29 08-01 12-25");
  EXPECT_EQ(counted("CH-VD", 2025), "01-01 01-02 04-18 04-21 05-29 06-09 08-01 09-22 12-25");
  // 2029 as the canton of Vaud publishes it.
  EXPECT_EQ(counted("CH-VD", 2029), "01-01 01-02 03-30 04-02 05-10 05-21 08-01 09-17 12-25");
}

TEST(Holidays, TheMondayOfTheFederalFastFollowsTheThirdSunday) {
  // In 2025 the 1st of September is a Monday: the third Monday would be the 15th, the Fast is on the 22nd.
  EXPECT_EQ(book().find("CH-VD")->on(day("2025-09-22"))->id, "lundi-du-jeune");
  EXPECT_EQ(book().find("CH-VD")->on(day("2025-09-15")), nullptr);
  EXPECT_EQ(book().find("CH-VD")->on(day("2026-09-21"))->id, "lundi-du-jeune");
}

TEST(Holidays, OfNeuchatelKnowTheDaysAfterASunday) {
  const HolidayTable& table = *book().find("CH-NE");
  EXPECT_EQ(table.on(day("2023-01-02"))->id, "2-janvier") << "1 January 2023 was a Sunday";
  EXPECT_EQ(table.on(day("2024-01-02")), nullptr);
  EXPECT_EQ(table.on(day("2022-12-26"))->id, "26-decembre");
  EXPECT_EQ(table.on(day("2023-12-26")), nullptr);
}

TEST(Holidays, ThatSourcesDisputeAreShownAndNotCounted) {
  // domain.md, conventions: Easter Monday and Corpus Christi in Neuchâtel stay data with a note, never code.
  const HolidayTable& table = *book().find("CH-NE");
  for (const char* text : {"2025-04-21", "2025-06-19"}) {
    const Holiday* holiday = table.on(day(text));
    ASSERT_NE(holiday, nullptr);
    EXPECT_TRUE(holiday->disputed);
    EXPECT_FALSE(holiday->counts);
    EXPECT_NE(holiday->note.find("Les sources divergent"), std::string::npos);
    EXPECT_TRUE(table.is_working_day(day(text)));
  }
}

TEST(Holidays, EveryDayHasASourceAndBothNames) {
  EXPECT_EQ(book().tables().size(), 6U);
  for (const auto& [id, table] : book().tables()) {
    for (const Holiday& holiday : table.days) {
      EXPECT_FALSE(holiday.source.reference.empty() || holiday.source.words.empty()) << id << ' ' << holiday.id;
      EXPECT_FALSE(holiday.name_fr.empty() || holiday.name_de.empty()) << id << ' ' << holiday.id;
      EXPECT_EQ(holiday.name_de.find("ß"), std::string::npos);
    }
  }
}

constexpr std::string_view kHead =
    "id = 'X'\nname_fr = 'X'\nname_de = 'X'\ncountry = 'FR'\nzone = 'Europe/Paris'\n"
    "[source]\nreference = 'L1'\nwords = 'w'\nlanguage = 'fr'\n";

std::string complaint(std::string text) {
  const auto read = HolidayBook::read({{"x.toml", std::move(text)}});
  if (read) return "";
  EXPECT_EQ(read.error().code, "holidays_malformed");
  return read.error().detail;
}

TEST(Holidays, WithAMistakeAreRefusedInWords) {
  const std::string entry = "[[holiday]]\nid = 'a'\nname_fr = 'A'\nname_de = 'A'\n";
  const std::pair<std::string, const char*> cases[] = {
      {"rule = 'fixed'\nmonth = 1\nday = 1\n", ""},
      {"rule = 'fixed'\nmonth = 2\nday = 30\n", "no year has such a day"},
      {"rule = 'fixed'\nmonth = 13\nday = 1\n", "must be between 1 and 12"},
      {"rule = 'lunar'\n", "must be one of \"fixed\" \"easter\" \"nth_weekday\""},
      {"rule = 'easter'\n", "offset_days: is missing"},
      {"rule = 'nth_weekday'\nmonth = 9\nweekday = 'sunday'\nnth = 6\n", "must be between 1 and 5"},
      {"rule = 'easter'\noffset_days = 1\ncounts = false\n", "a day that is disputed or not counted says why"},
      {"rule = 'easter'\noffset_days = 1\nfirst_year = 2000\nlast_year = 1999\n", "is before first_year"},
      {"rule = 'easter'\noffset_days = 1\nhalf = true\n", "holiday[1].half: there is no such key here"},
  };
  for (const auto& [lines, expected] : cases) {
    const std::string words = complaint(std::string(kHead) + entry + lines);
    EXPECT_TRUE(*expected == '\0' ? words.empty() : words.find(expected) != std::string::npos) << lines << words;
  }
  EXPECT_NE(complaint("id = 'X'\nname_fr = 'X'\nname_de = 'X'\ncountry = 'FR'\nzone = 'Europe/Paris'\n"
                      "[[holiday]]\nid = 'a'\nname_fr = 'A'\nname_de = 'A'\nrule = 'easter'\noffset_days = 1\n")
                .find("source: is missing"),
            std::string::npos);
}

TEST(Holidays, OfOneTableStandOnAnotherThatIsThere) {
  const std::string entry = "[[holiday]]\nid = 'a'\nname_fr = 'A'\nname_de = 'A'\nrule = 'easter'\noffset_days = 1\n";
  EXPECT_NE(complaint("based_on = 'Y'\n" + std::string(kHead) + entry).find("based_on must name a table"),
            std::string::npos);
  EXPECT_NE(complaint("based_on = 'X'\n" + std::string(kHead) + entry).find("based_on must name a table"),
            std::string::npos);
}

}  // namespace
}  // namespace cluse::domain::calendar
