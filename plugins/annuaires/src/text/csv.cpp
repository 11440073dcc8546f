#include "csv.h"

#include <algorithm>
#include <array>
#include <utility>

namespace annuaires {
namespace {

constexpr std::array<char, 4> kSeparators = {';', ',', '\t', '|'};
constexpr std::size_t kLinesLookedAt = 20;

// How often it stands in each of the first rows, outside quotes.
std::vector<std::size_t> counts_of(std::string_view text, char separator) {
  std::vector<std::size_t> counts;
  read_csv(text.substr(0, 64U << 10), separator, [&](Cells&& cells) {
    counts.push_back(cells.size());
    return counts.size() < kLinesLookedAt;
  });
  return counts;
}

bool is_number_or_phone(std::string_view cell) {
  const bool has_digit = cell.find_first_of("0123456789") != std::string_view::npos;
  return has_digit && cell.find_first_not_of("0123456789 .,/()+-\u00a0") == std::string_view::npos &&
         cell.find_first_of("+-", 1) == std::string_view::npos;
}

}  // namespace

char detect_separator(std::string_view text) {
  char best = ';';
  std::size_t most = 1;
  for (const char separator : kSeparators) {
    const auto counts = counts_of(text, separator);
    if (counts.empty() || counts.front() < 2) continue;
    const auto even = static_cast<std::size_t>(std::ranges::count(counts, counts.front()));
    const std::size_t score = counts.front() * even * 100 / counts.size();
    if (score > most) most = score, best = separator;
  }
  return best;
}

void read_csv(std::string_view text, char separator, const std::function<bool(Cells&&)>& on_row) {
  Cells row;
  std::string cell;
  bool is_quoted = false, has_content = false;
  const auto end_row = [&] {
    row.push_back(std::exchange(cell, {}));
    const bool go_on = !has_content || on_row(std::move(row));
    row = {};
    has_content = false;
    return go_on;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c != '"') cell += c;
      else if (text.substr(i + 1, 1) == "\"") cell += text[++i];
      else is_quoted = false;
    } else if (c == '"' && cell.empty()) {
      is_quoted = has_content = true;
    } else if (c == separator) {
      row.push_back(std::exchange(cell, {}));
      has_content = true;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && text.substr(i + 1, 1) == "\n") ++i;
      if (!end_row()) return;
    } else {
      cell += c;
      has_content = true;
    }
  }
  if (has_content) end_row();
}

bool looks_like_formula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos &&
         !is_number_or_phone(cell);
}

void append_csv_row(std::string& out, const Cells& cells, char separator) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out += separator;
    const std::string guarded = looks_like_formula(cells[i]) ? "'" + cells[i] : cells[i];
    if (guarded.find_first_of("\"\r\n") == std::string::npos && guarded.find(separator) == std::string::npos) {
      out += guarded;
      continue;
    }
    out += '"';
    for (const char c : guarded) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

std::string without_guard(std::string cell) {
  if (cell.size() > 1 && cell.front() == '\'' && looks_like_formula(std::string_view(cell).substr(1))) cell.erase(0, 1);
  return cell;
}

}  // namespace annuaires
