// Days of mandates and memberships: what people type, what the tables hold, and which day it is.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"

#include <optional>
#include <string>

namespace cluse::domain::organisations {

inline constexpr std::string_view kAlways = "0001-01-01";
inline constexpr std::string_view kStill = "9999-12-31";

/// The day that it is on both sides of the border (Paris and Zurich share their clock), as ISO text. Thread: any.
[[nodiscard]] std::string today(Instant now);

/// Both included, as the columns hold them.
struct Days {
  std::string first, last;

  [[nodiscard]] bool holds(const std::string& day) const { return first <= day && day <= last; }
  [[nodiscard]] bool overlaps(const Days& other) const { return first <= other.last && other.first <= last; }
};

/// Empty: as far back as we know; until further notice. Codes: "date_malformed" (field "first_day" or "last_day"),
/// "dates_reversed" (field "last_day").
[[nodiscard]] Result<Days> parse_days(const std::optional<std::string>& first, const std::optional<std::string>& last);

/// The last day for readers: none if it is kStill.
[[nodiscard]] std::optional<std::string> shown_last(const std::string& last);
/// The same for the first day and kAlways.
[[nodiscard]] std::optional<std::string> shown_first(const std::string& first);

}  // namespace cluse::domain::organisations
