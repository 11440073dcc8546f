// Spreadsheets: reading .xlsx (ECMA-376), writing .xlsx and .ods (OpenDocument). Cells are text; nothing is computed.
#pragma once

#include "../text/csv.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

/// The names of the sheets of a workbook, in their order. Throws ZipError.
[[nodiscard]] std::vector<std::string> sheet_names(std::string_view xlsx);

/// Each row of one sheet (empty name: the first) until `on_row` answers false; empty rows are left out. Dates come as
/// "2026-11-22". Throws ZipError where the file cannot be read, is encrypted, or unpacks to more than 256 MiB.
void read_xlsx(std::string_view xlsx, std::string_view sheet, const std::function<bool(Cells&&)>& on_row);

/// One sheet with a bold first row that stays in sight. Every cell is text, so that "01001" and "=1+1" stay as they
/// are.
[[nodiscard]] std::string write_xlsx(std::string_view sheet, const std::vector<Cells>& rows);
[[nodiscard]] std::string write_ods(std::string_view sheet, const std::vector<Cells>& rows);

}  // namespace annuaires
