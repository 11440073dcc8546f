#include "server/domain/money/rate_files.h"

#include "server/base/csv.h"
#include "server/domain/money/rate_check.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

namespace cluse::domain::money {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

constexpr CivilDate kCalendarSince = civil_date(2002, 1, 1);

std::expected<std::vector<CsvRow>, RateFileProblem> read_rows(std::string_view text, char separator) {
  auto rows = read_csv(text, separator, {kRateFileBytesMax, kRateFileLinesMax, 200});
  if (rows) {
    if (rows->empty()) return refuse(0, "rate_file_empty");
    return std::move(*rows);
  }
  const auto [line, code] = rows.error();
  if (code == "csv_too_large" || code == "csv_too_many_rows") return refuse(line, "rate_file_too_large");
  if (code == "csv_not_text") return refuse(line, "rate_file_other_kind", "not text");
  return refuse(line, "rate_file_malformed", std::string(code));
}

std::string lower_case(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

std::optional<std::size_t> column(const CsvRow& header, std::string_view name) {
  for (std::size_t i = 0; i < header.fields.size(); ++i)
    if (lower_case(header.fields[i]) == name) return i;
  return std::nullopt;
}

// "01/11/2026" (day first) or ISO.
std::optional<CivilDate> read_date(std::string_view text) {
  if (text.size() == 10 && text[2] == '/' && text[5] == '/')
    return parse_civil_date(std::string(text.substr(6)) + "-" + std::string(text.substr(3, 2)) + "-" +
                            std::string(text.substr(0, 2)));
  return parse_civil_date(text);
}

bool is_one_month(CivilDate from, CivilDate until) {
  const year_month_day first(from), after(until + days(1));
  return first.day() == std::chrono::day(1) && after.day() == std::chrono::day(1) &&
         CivilDate(first + std::chrono::months(1)) == CivilDate(after);
}

// Where the columns of an InfoEuro file are.
struct InfoEuroColumns {
  std::size_t currency = 0, value = 0;
  std::optional<std::size_t> from, until, reference;
};

std::optional<InfoEuroColumns> infoeuro_columns(const CsvRow& header) {
  const auto currency = column(header, "currencyiso"), amount = column(header, "amount");
  const auto from = column(header, "datestart"), until = column(header, "dateend");
  if (currency && amount && from && until)
    return InfoEuroColumns{*currency, *amount, from, until, column(header, "refcurrencyiso")};
  const auto code = column(header, "isoa3code"), value = column(header, "value");
  if (code && value) return InfoEuroColumns{*code, *value, {}, {}, {}};
  return std::nullopt;
}

std::expected<RateLine, RateFileProblem> read_infoeuro(const CsvRow& row, const InfoEuroColumns& columns,
                                                       std::optional<CivilDate> month) {
  std::optional<CivilDate> from = month;
  if (columns.from) {
    from = read_date(row.fields[*columns.from]);
    const auto until = read_date(row.fields[*columns.until]);
    if (!from || !until || !is_one_month(*from, *until))
      return refuse(row.line, "rate_file_bad_date", row.fields[*columns.from] + " to " + row.fields[*columns.until]);
  }
  if (columns.reference && row.fields[*columns.reference] != "EUR")
    return refuse(row.line, "rate_file_other_kind", "a rate to " + row.fields[*columns.reference]);
  const auto rate = read_rate(row.line, row.fields[columns.value]);
  if (!rate) return std::unexpected(rate.error());
  return RateLine{row.line, *from, *rate};
}

}  // namespace

Error RateFileProblem::to_error() const {
  const std::string at = std::to_string(line);
  const auto kind = code == "rate_file_too_large" ? Errc::too_large : Errc::invalid;
  return line == 0 ? Error{kind, code, detail, {}} : Error{kind, code, "line " + at + ": " + detail, "line:" + at};
}

std::expected<Decimal, RateFileProblem> read_rate(std::size_t line, std::string_view text) {
  const auto rate = Decimal::parse(text);
  if (!rate || !is_plausible(*rate)) return refuse(line, "rate_file_bad_number", std::string(text.substr(0, 40)));
  return *rate;
}

RatesOrProblem check_lines(RateSource source, const std::vector<RateLine>& lines) {
  if (lines.empty()) return refuse(0, "rate_file_empty");
  std::set<CivilDate> seen;
  std::vector<Rate> rates;
  for (const auto& [line, date, rate] : lines) {
    if (!seen.insert(date).second) return refuse(line, "rate_file_duplicate_date", to_iso(date));
    if (source == RateSource::ecb && date >= kCalendarSince && !is_target_business_day(date))
      return refuse(line, "rate_file_closed_day", to_iso(date));
    if (!rates.empty()) {
      if (date > rates.back().date) return refuse(line, "rate_file_out_of_order", to_iso(date));
      if (const auto missing = missing_between(source, date, rates.back().date))
        return refuse(line, "rate_file_gap", to_iso(*missing));
    }
    rates.push_back({date, rate});
  }
  std::reverse(rates.begin(), rates.end());
  return rates;
}

RatesOrProblem parse_ecb_csv(std::string_view text) {
  const auto rows = read_rows(text, ',');
  if (!rows) return std::unexpected(rows.error());
  const CsvRow& header = rows->front();
  if (header.fields.front() != "Date") return refuse(header.line, "rate_file_other_kind", "no column Date");
  const auto francs = column(header, "chf");
  if (!francs) return refuse(header.line, "rate_file_without_chf");
  std::vector<RateLine> lines;
  for (const auto& row : *rows | std::views::drop(1)) {
    if (row.fields.size() != header.fields.size())
      return refuse(row.line, "rate_file_malformed", std::to_string(row.fields.size()) + " columns");
    const auto date = parse_civil_date(row.fields.front());
    if (!date) return refuse(row.line, "rate_file_bad_date", row.fields.front().substr(0, 40));
    const auto rate = read_rate(row.line, row.fields[*francs]);
    if (!rate) return std::unexpected(rate.error());
    lines.push_back({row.line, *date, *rate});
  }
  return check_lines(RateSource::ecb, lines);
}

RatesOrProblem parse_infoeuro_csv(std::string_view text, std::optional<CivilDate> month) {
  const char separator = text.substr(0, text.find('\n')).find(';') != std::string_view::npos ? ';' : ',';
  const auto rows = read_rows(text, separator);
  if (!rows) return std::unexpected(rows.error());
  const CsvRow& header = rows->front();
  const auto columns = infoeuro_columns(header);
  if (!columns) return refuse(header.line, "rate_file_other_kind", "neither a history nor a month of InfoEuro");
  if (!columns->from && !month) return refuse(header.line, "rate_file_bad_date", "the file does not name its month");
  if (!columns->from && !is_one_month(*month, CivilDate(year_month_day(*month) + std::chrono::months(1)) - days(1)))
    return refuse(0, "rate_file_bad_date", to_iso(*month));
  std::vector<RateLine> lines;
  for (const auto& row : *rows | std::views::drop(1)) {
    if (row.fields.size() != header.fields.size())
      return refuse(row.line, "rate_file_malformed", std::to_string(row.fields.size()) + " columns");
    if (row.fields[columns->currency] != "CHF") continue;
    const auto line = read_infoeuro(row, *columns, month);
    if (!line) return std::unexpected(line.error());
    lines.push_back(*line);
  }
  if (lines.empty()) return refuse(0, "rate_file_without_chf");
  // In any order: equal dates stay in the order of the file, so that the later line is the duplicate.
  std::stable_sort(lines.begin(), lines.end(), [](const RateLine& a, const RateLine& b) { return a.date > b.date; });
  return check_lines(RateSource::infoeuro, lines);
}

}  // namespace cluse::domain::money
