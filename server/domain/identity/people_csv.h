// A list of people as offices keep them: CSV in UTF-8 or Windows-1252, with or without BOM, separated by semicolons,
// commas or tabs, with heads in French, German or English. Pure: nothing is known here of who exists.
#pragma once

#include "server/base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kCsvBytesMax = 1U << 20;
inline constexpr std::size_t kCsvRowsMax = 1000;

/// Fields as they stand there, trimmed; empty where the column or the cell is.
struct CsvPerson {
  int line = 0;  ///< of the file, from 1, where the row begins
  std::string email, name, function, organisation, first_day, last_day, language;
};

/// Codes: "csv_empty", "csv_no_email" (no column for addresses), "csv_malformed" (a quote that does not end),
/// "csv_too_many_rows", "body_too_large".
[[nodiscard]] Result<std::vector<CsvPerson>> parse_people_csv(std::string_view bytes);

/// "2026-01-31", "31.01.2026" or "31/01/2026" as ISO; anything else as it stands.
[[nodiscard]] std::string iso_day(const std::string& text);

}  // namespace cluse::domain
