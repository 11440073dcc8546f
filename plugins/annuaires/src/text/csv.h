// Comma separated values (RFC 4180, and what spreadsheets make of it).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

using Cells = std::vector<std::string>;

/// ';', ',', tab or '|': the one that parts the first lines most evenly.
[[nodiscard]] char detect_separator(std::string_view text);

/// Each row of UTF-8 text in turn, until `on_row` answers false. Empty lines are left out; a quote that is never closed
/// ends with the text.
void read_csv(std::string_view text, char separator, const std::function<bool(Cells&&)>& on_row);

/// One line, quoted where it must be, with CRLF. A cell that a spreadsheet would take for a formula (= + - @ tab CR)
/// gets an apostrophe before it, save numbers such as -3,5 and telephone numbers such as +33 3 39.
void append_csv_row(std::string& out, const Cells& cells, char separator);
/// Takes that apostrophe away again.
[[nodiscard]] std::string without_guard(std::string cell);
/// True for a cell that a spreadsheet would compute.
[[nodiscard]] bool looks_like_formula(std::string_view cell);

}  // namespace annuaires
