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

std::vector<Rate> check_lines(RateSource source, const std::vector<RateLine>& lines, Problems& problems) {
  const bool whole = problems.empty();
  if (lines.empty() && whole) problems.push_back({0, "rate_file_empty", {}});
  std::set<CivilDate> seen;
  std::vector<Rate> rates;
  for (const auto& [line, date, rate] : lines) {
    if (!seen.insert(date).second) {
      problems.push_back({line, "rate_file_duplicate_date", to_iso(date)});
      continue;
    }
    if (source == RateSource::ecb && date >= kCalendarSince && !is_target_business_day(date)) {
      problems.push_back({line, "rate_file_closed_day", to_iso(date)});
      continue;
    }
    if (!rates.empty()) {
      if (date > rates.back().date) {
        problems.push_back({line, "rate_file_out_of_order", to_iso(date)});
        continue;
      }
      if (const auto missing = missing_between(source, date, rates.back().date); missing && whole)
        problems.push_back({line, "rate_file_gap", to_iso(*missing)});
    }
    rates.push_back({date, rate});
  }
  std::reverse(rates.begin(), rates.end());
  return rates;
}

namespace {

// False, and a problem: the row has more or fewer fields than the head.
bool fits(const CsvRow& row, const CsvRow& header, Problems& problems) {
  if (row.fields.size() == header.fields.size()) return true;
  problems.push_back({row.line, "rate_file_malformed", std::to_string(row.fields.size()) + " columns"});
  return false;
}

std::vector<Rate> read_ecb_csv(std::string_view text, Problems& problems) {
  const auto refused = [&](const RateFileProblem& problem) {
    problems.push_back(problem);
    return std::vector<Rate>();
  };
  const auto rows = read_rows(text, ',');
  if (!rows) return refused(rows.error());
  const CsvRow& header = rows->front();
  if (header.fields.front() != "Date") return refused({header.line, "rate_file_other_kind", "no column Date"});
  const auto francs = column(header, "chf");
  if (!francs) return refused({header.line, "rate_file_without_chf", {}});
  std::vector<RateLine> lines;
  for (const auto& row : *rows | std::views::drop(1)) {
    if (!fits(row, header, problems)) continue;
    const auto date = parse_civil_date(row.fields.front());
    if (!date) {
      problems.push_back({row.line, "rate_file_bad_date", row.fields.front().substr(0, 40)});
      continue;
    }
    const auto rate = read_rate(row.line, row.fields[*francs]);
    if (rate) lines.push_back({row.line, *date, *rate});
    else problems.push_back(rate.error());
  }
  return check_lines(RateSource::ecb, lines, problems);
}

// What is wrong with the head of an InfoEuro file.
std::optional<RateFileProblem> infoeuro_head_problem(const CsvRow& header,
                                                     const std::optional<InfoEuroColumns>& columns,
                                                     std::optional<CivilDate> month) {
  if (!columns)
    return RateFileProblem{header.line, "rate_file_other_kind", "neither a history nor a month of InfoEuro"};
  if (columns->from) return std::nullopt;
  if (!month) return RateFileProblem{header.line, "rate_file_bad_date", "the file does not name its month"};
  if (is_one_month(*month, CivilDate(year_month_day(*month) + std::chrono::months(1)) - days(1))) return std::nullopt;
  return RateFileProblem{0, "rate_file_bad_date", to_iso(*month)};
}

std::vector<Rate> read_infoeuro_csv(std::string_view text, std::optional<CivilDate> month, Problems& problems) {
  const char separator = text.substr(0, text.find('\n')).find(';') != std::string_view::npos ? ';' : ',';
  const auto rows = read_rows(text, separator);
  if (!rows) {
    problems.push_back(rows.error());
    return {};
  }
  const CsvRow& header = rows->front();
  const auto columns = infoeuro_columns(header);
  if (const auto problem = infoeuro_head_problem(header, columns, month)) {
    problems.push_back(*problem);
    return {};
  }
  std::vector<RateLine> lines;
  for (const auto& row : *rows | std::views::drop(1)) {
    if (!fits(row, header, problems) || row.fields[columns->currency] != "CHF") continue;
    const auto line = read_infoeuro(row, *columns, month);
    if (line) lines.push_back(*line);
    else problems.push_back(line.error());
  }
  if (lines.empty() && problems.empty()) problems.push_back({0, "rate_file_without_chf", {}});
  // In any order: equal dates stay in the order of the file, so that the later line is the duplicate.
  std::stable_sort(lines.begin(), lines.end(), [](const RateLine& a, const RateLine& b) { return a.date > b.date; });
  return check_lines(RateSource::infoeuro, lines, problems);
}

RatesOrProblem whole_or_first(std::vector<Rate> rates, const Problems& problems) {
  if (!problems.empty()) return std::unexpected(problems.front());
  return rates;
}

}  // namespace

RatesOrProblem parse_ecb_csv(std::string_view text) {
  Problems problems;
  auto rates = read_ecb_csv(text, problems);
  return whole_or_first(std::move(rates), problems);
}

RatesOrProblem parse_ecb_xml(std::string_view text) {
  Problems problems;
  auto rates = read_ecb_xml(text, problems);
  return whole_or_first(std::move(rates), problems);
}

RatesOrProblem parse_infoeuro_csv(std::string_view text, std::optional<CivilDate> month) {
  Problems problems;
  auto rates = read_infoeuro_csv(text, month, problems);
  return whole_or_first(std::move(rates), problems);
}

RateFileKind kind_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with('<')) return RateFileKind::ecb_xml;
  return text.starts_with("Date,") ? RateFileKind::ecb_csv : RateFileKind::infoeuro_csv;
}

RateSource source_of(RateFileKind kind) {
  return kind == RateFileKind::infoeuro_csv ? RateSource::infoeuro : RateSource::ecb;
}

RateReading read_rate_file(RateFileKind kind, std::string_view text, std::optional<CivilDate> month) {
  RateReading reading;
  switch (kind) {
    case RateFileKind::ecb_csv: reading.rates = read_ecb_csv(text, reading.problems); break;
    case RateFileKind::ecb_xml: reading.rates = read_ecb_xml(text, reading.problems); break;
    case RateFileKind::infoeuro_csv: reading.rates = read_infoeuro_csv(text, month, reading.problems); break;
  }
  std::ranges::stable_sort(reading.problems, {}, &RateFileProblem::line);
  if (reading.problems.size() > kRateFileProblemsMax)
    reading.problems.erase(reading.problems.begin() + kRateFileProblemsMax, reading.problems.end());
  return reading;
}

}  // namespace cluse::domain::money
