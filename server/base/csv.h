// CSV as RFC 4180 has it, read whole: quoted fields may hold separators, quotes and line ends. Every row knows its
// line, because whoever sent the file wants to be told where it is wrong. Thread: any.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace cluse {

struct CsvLimits {
  std::size_t bytes_max = 8U << 20;
  std::size_t rows_max = 100'000;  ///< with the header
  std::size_t fields_max = 200;    ///< of a row
};

struct CsvRow {
  std::size_t line = 0;  ///< where it starts, from 1
  std::vector<std::string> fields;
};

/// Why a file was not read. `code` is one of "csv_not_text" (not UTF-8, or holds a NUL), "csv_quote" (a quote that is
/// not closed, or stands inside an unquoted field), "csv_too_large", "csv_too_many_rows", "csv_too_many_fields".
struct CsvProblem {
  std::size_t line = 0;  ///< 0: the file as a whole
  std::string_view code;
};

/// Rows in order; a byte order mark and empty lines are skipped. Lines end with LF or CRLF.
[[nodiscard]] std::expected<std::vector<CsvRow>, CsvProblem> read_csv(std::string_view text, char separator,
                                                                      const CsvLimits& limits = {});

}  // namespace cluse
