// Days and moments as they stand in JSON: "2026-11-22" and "2026-11-22T18:00:00Z".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace annuaires {

/// Milliseconds since 1970, as the database holds moments.
using Moment = std::int64_t;

[[nodiscard]] Moment moment_of(std::chrono::system_clock::time_point at);
[[nodiscard]] std::string iso(Moment at);
[[nodiscard]] std::string day_of(Moment at);
/// A day that exists, as "2026-11-22", "22.11.2026" or "22/11/2026"; in its ISO form.
[[nodiscard]] std::optional<std::string> read_day(std::string_view text);
/// The same day so many months later, or the last one of that month.
[[nodiscard]] Moment add_months(Moment at, int months);

}  // namespace annuaires
