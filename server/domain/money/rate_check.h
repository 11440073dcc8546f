// What the readers of rate files share: lines on their way to rates.
#pragma once

#include "server/domain/money/rate_files.h"

namespace cluse::domain::money {

/// A line of a file with what stands in it.
struct RateLine {
  std::size_t line = 0;
  CivilDate date;
  Decimal rate;
};

[[nodiscard]] inline std::unexpected<RateFileProblem> refuse(std::size_t line, std::string_view code,
                                                             std::string detail = {}) {
  return std::unexpected(RateFileProblem{line, code, std::move(detail)});
}

/// A rate as a file writes it.
[[nodiscard]] std::expected<Decimal, RateFileProblem> read_rate(std::size_t line, std::string_view text);

/// Whether `lines` (in the order of the file, newest first) are what `source` publishes. Reports the first fault in the
/// order of the file, a duplicate before the disorder that it makes.
[[nodiscard]] RatesOrProblem check_lines(RateSource source, const std::vector<RateLine>& lines);

}  // namespace cluse::domain::money
