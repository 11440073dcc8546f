// The files in which the two sources publish their rates, read whole or refused whole, with the line.
// Pure functions; what comes in is hostile until it has been through here. Thread: any (milliseconds: call on a
// worker).
#pragma once

#include "server/base/result.h"
#include "server/domain/money/rates.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::money {

inline constexpr std::size_t kRateFileBytesMax = 8U << 20;  ///< the whole history since 1999 has under 2 MiB
inline constexpr std::size_t kRateFileLinesMax = 20'000;    ///< … and under 7 000 lines

/// Why a file was refused. Codes:
/// "rate_file_too_large"       past one of the two limits above
/// "rate_file_other_kind"      not the layout that was announced
/// "rate_file_malformed"       a line (or the XML) that breaks the layout
/// "rate_file_without_chf"     no column, no element or no line for the Swiss franc
/// "rate_file_bad_date"        no calendar has it, or it is not the first (last) day of a month where that is due
/// "rate_file_bad_number"      not a positive decimal number, or an implausible one
/// "rate_file_duplicate_date"  a date that an earlier line has already
/// "rate_file_out_of_order"    not newest first
/// "rate_file_gap"             a publication is missing before this line; `detail` names its date
/// "rate_file_closed_day"      a rate of a day on which the bank does not publish
/// "rate_file_empty"           no rate at all
struct RateFileProblem {
  std::size_t line = 0;  ///< 0: the file as a whole
  std::string_view code;
  std::string detail;

  /// `detail` becomes "line 12: …", `field` "line:12".
  [[nodiscard]] Error to_error() const;
};

/// No more are listed: whoever mends a hundred lines takes the original file.
inline constexpr std::size_t kRateFileProblemsMax = 100;

/// A file with every line that was refused. Only a file without problems has rates that may be used.
struct RateReading {
  std::vector<Rate> rates;                ///< by ascending date; meaningless if there are problems
  std::vector<RateFileProblem> problems;  ///< by line
};

/// The layouts below.
enum class RateFileKind { ecb_csv, ecb_xml, infoeuro_csv };
/// By its first characters: "<" an XML file, "Date," a CSV of the bank, else InfoEuro.
[[nodiscard]] RateFileKind kind_of(std::string_view text);
[[nodiscard]] RateSource source_of(RateFileKind kind);
/// Names every refused line, for a preview. `month` as for parse_infoeuro_csv.
[[nodiscard]] RateReading read_rate_file(RateFileKind kind, std::string_view text,
                                         std::optional<CivilDate> month = std::nullopt);

/// By ascending date, without a gap: what RateTable::append takes.
using RatesOrProblem = std::expected<std::vector<Rate>, RateFileProblem>;

/// `eurofxref-hist.csv` of the European Central Bank: "Date,USD,…,CHF,…", one line a TARGET business day, newest first,
/// "N/A" where a currency has no rate, a comma at the end of each line or not.
[[nodiscard]] RatesOrProblem parse_ecb_csv(std::string_view text);

/// `eurofxref-daily.xml`, `eurofxref-hist-90d.xml` and `eurofxref-hist.xml` of the same: an Envelope with one Cube of
/// Cubes with a time, newest first, each of Cubes with currency and rate. A document type is refused.
[[nodiscard]] RatesOrProblem parse_ecb_xml(std::string_view text);

/// InfoEuro of the European Commission as CSV, separated by ";" or ",", columns in any order, names without regard to
/// case, in one of its two layouts:
/// - a history: `currencyIso`, `amount`, `dateStart`, `dateEnd` (and `refCurrencyIso`, then EUR); dates "01/11/2026" or
///   "2026-11-01"; a line covers one month exactly, lines in any order;
/// - one month: `isoA3Code`, `value`; the file does not say which month, so `month` must (its first day).
/// Lines of other currencies are passed over.
[[nodiscard]] RatesOrProblem parse_infoeuro_csv(std::string_view text, std::optional<CivilDate> month = std::nullopt);

}  // namespace cluse::domain::money
