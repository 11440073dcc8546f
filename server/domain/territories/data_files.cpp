#include "server/domain/territories/data_files.h"

#include "server/base/assert.h"
#include "server/domain/territories/data_builder.h"
#include "server/domain/territories/known_changes.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace cluse::domain::territories {
namespace {

constexpr std::string_view kFiles[] = {"communes.csv", "epci.json", "epci-series.csv", "swiss-communes.csv"};

}  // namespace

std::optional<int> read_count(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

int DataBuilder::perimeter() const {
  return static_cast<int>(std::chrono::year_month_day(data_.as_of).year());
}

std::string DataBuilder::dated(std::string_view source) const {
  return std::string(source) + " " + std::to_string(perimeter());
}

void DataBuilder::complain(const Place& place, std::string_view code, std::string reason) {
  data_.bad.push_back({std::string(place.file), place.line, place.column, code, std::move(reason)});
}

bool DataBuilder::add_unit(const Place& place, UnitRow unit, std::string name, const std::string& source) {
  if (name.empty()) {
    complain({place.file, place.line, "nom"}, "territory_row_empty", "a unit without a name");
    return false;
  }
  if (has(unit.key)) {
    complain(place, "territory_row_duplicate", unit.key.code);
    return false;
  }
  ensure_unit(std::move(unit), std::move(name), source);
  return true;
}

void DataBuilder::ensure_unit(UnitRow unit, std::string name, const std::string& source) {
  if (!units_.insert(unit.key).second) return;
  data_.names.push_back({unit.key, std::move(name), {}, source});
  add_code(unit.key, unit.key, source);
  data_.units.push_back(std::move(unit));
}

void DataBuilder::add_code(const Key& unit, Key code, const std::string& source) {
  data_.codes.push_back({unit, std::move(code), {}, source});
}

void DataBuilder::add_parent(const Key& unit, const Key& parent, const std::string& source) {
  if (parents_.insert({unit, parent}).second) data_.parents.push_back({unit, parent, {}, source});
}

void DataBuilder::set_names(const Key& unit, std::vector<NameRow> names) {
  std::erase_if(data_.names, [&](const NameRow& row) { return row.unit == unit; });
  std::move(names.begin(), names.end(), std::back_inserter(data_.names));
}

void DataBuilder::add_population(const Place& place, const PopulationRow& row) {
  const auto [known, is_new] =
      populations_.try_emplace({row.unit, row.basis, row.vintage, row.perimeter}, row.inhabitants);
  if (is_new) data_.populations.push_back(row);
  if (known->second != row.inhabitants)
    complain(place, "territory_row_disagrees",
             row.unit.code + ": " + std::to_string(row.inhabitants) + ", elsewhere " + std::to_string(known->second));
}

DataSet DataBuilder::finish() {
  // What is left without a unit are communes of an EPCI on the rim.
  data_.outside =
      std::erase_if(data_.parents, [&](const ParentRow& row) { return !has(row.unit) || !has(row.parent); });
  return std::move(data_);
}

Table::Table(std::string_view file, std::string_view text, std::initializer_list<std::string_view> needed,
             DataBuilder& builder)
    : file_(file) {
  auto rows = read_csv(text, ',', {kDataFileBytesMax, kDataFileRowsMax, 100});
  if (!rows || rows->empty()) {
    const auto problem = rows ? CsvProblem{0, "csv_empty"} : rows.error();
    const bool large = problem.code == "csv_too_large" || problem.code == "csv_too_many_rows";
    builder.complain({file, problem.line, ""}, large ? "territory_file_too_large" : "territory_file_malformed",
                     std::string(problem.code));
    return;
  }
  const auto& header = rows->front().fields;
  for (std::size_t i = 0; i < header.size(); ++i) columns_.emplace(header[i], i);
  for (const auto column : needed) {
    if (columns_.contains(column)) continue;
    builder.complain({file, 1, std::string(column)}, "territory_file_columns", "no such column");
    return;
  }
  for (auto row = std::next(rows->begin()); row != rows->end(); ++row) {
    if (row->fields.size() == header.size()) rows_.push_back(std::move(*row));
    else
      builder.complain({file, row->line, ""}, "territory_row_columns",
                       std::to_string(row->fields.size()) + " columns, not " + std::to_string(header.size()));
  }
}

const std::string& Table::at(const CsvRow& row, std::string_view column) const {
  const auto found = columns_.find(column);
  CLUSE_ASSERT(found != columns_.end(), "a column that was asked for");
  return row.fields[found->second];
}

Place Table::place(const CsvRow& row, std::string_view column) const {
  return {file_, row.line, std::string(column)};
}

std::vector<std::pair<std::string, int>> Table::by_year(std::string_view prefix) const {
  std::vector<std::pair<std::string, int>> found;
  for (const auto& [name, index] : columns_) {
    const auto year =
        name.starts_with(prefix) ? read_count(std::string_view(name).substr(prefix.size())) : std::nullopt;
    if (year && *year >= 1800 && *year <= 9999) found.emplace_back(name, *year);
  }
  return found;
}

DataSet parse_data(const DataTexts& texts, CivilDate as_of) {
  DataBuilder builder(as_of);
  // EPCI first: communes point at them.
  read_epci(texts.epci, builder);
  read_french_communes(texts.communes, builder);
  read_epci_series(texts.epci_series, builder);
  read_swiss_communes(texts.swiss_communes, builder);
  DataSet data = builder.finish();
  apply_known_changes(data);
  return data;
}

DataSet read_directory(const std::filesystem::path& directory, CivilDate as_of) {
  std::string texts[std::size(kFiles)];
  std::vector<BadRow> bad;
  for (std::size_t i = 0; i < std::size(kFiles); ++i) {
    std::ifstream file(directory / kFiles[i], std::ios::binary);
    // One octet more than is taken tells a file that is too large; its reader says so.
    texts[i].resize(kDataFileBytesMax + 1);
    file.read(texts[i].data(), static_cast<std::streamsize>(texts[i].size()));
    texts[i].resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (!file.is_open() || file.bad())
      bad.push_back({std::string(kFiles[i]), 0, "", "territory_file_missing", "cannot be read"});
  }
  DataSet data = parse_data({texts[0], texts[1], texts[2], texts[3]}, as_of);
  // A file that is not there is not malformed as well.
  for (const auto& missing : bad) {
    std::erase_if(data.bad, [&](const BadRow& row) { return row.file == missing.file; });
    data.bad.push_back(missing);
  }
  return data;
}

}  // namespace cluse::domain::territories
