// Aim: a day round-trips through its text, and what no calendar has is refused.
#include "server/base/civil_date.h"

#include <gtest/gtest.h>

namespace cluse {
namespace {

TEST(CivilDate, RoundTripsThroughIso) {
  for (const char* text : {"0001-01-01", "1999-01-04", "2024-02-29", "2026-01-01", "9999-12-31"}) {
    const auto date = parse_civil_date(text);
    ASSERT_TRUE(date.has_value()) << text;
    EXPECT_EQ(to_iso(*date), text);
  }
  EXPECT_EQ(parse_civil_date("2026-01-01"), civil_date(2026, 1, 1));
}

TEST(CivilDate, RefusesWhatNoCalendarHas) {
  for (const char* text : {"", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-1-1", "2026/01/01",
                           "01-01-2026", "2026-01-01T", "+026-01-01", "2026-01-32"})
    EXPECT_FALSE(parse_civil_date(text).has_value()) << text;
}

}  // namespace
}  // namespace cluse
