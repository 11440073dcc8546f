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

/// Problems as they are found; the first is what a reader of the file is told if she asks for one only.
using Problems = std::vector<RateFileProblem>;

/// Whether `lines` (in the order of the file, newest first) are what `source` publishes. Adds what is wrong to
/// `problems`, of each line the first fault, a duplicate before the disorder that it makes. If lines are missing
/// because they were refused before, a gap says nothing.
[[nodiscard]] std::vector<Rate> check_lines(RateSource source, const std::vector<RateLine>& lines, Problems& problems);

/// `eurofxref-*.xml`; one fault of the XML ends the reading.
[[nodiscard]] std::vector<Rate> read_ecb_xml(std::string_view text, Problems& problems);

}  // namespace cluse::domain::money
