// Where the readers of the files pour their rows: duplicates, references and disagreements are found here.
#pragma once

#include "server/base/csv.h"
#include "server/domain/territories/data_files.h"

#include <map>
#include <set>

namespace cluse::domain::territories {

/// The place of a value in a file, for complaints.
struct Place {
  std::string_view file;
  std::size_t line = 0;
  std::string column;
};

/// A whole number of at most nine digits, without sign.
[[nodiscard]] std::optional<int> read_count(std::string_view text);

class DataBuilder {
 public:
  explicit DataBuilder(CivilDate as_of) { data_.as_of = as_of; }

  [[nodiscard]] int perimeter() const;
  [[nodiscard]] std::string dated(std::string_view source) const;

  void complain(const Place& place, std::string_view code, std::string reason);
  /// False, with a complaint, if there is a unit of that key.
  bool add_unit(const Place& place, UnitRow unit, std::string name, const std::string& source);
  /// The same where several rows may name it: the first one counts.
  void ensure_unit(UnitRow unit, std::string name, const std::string& source);
  [[nodiscard]] bool has(const Key& key) const { return units_.contains(key); }
  void add_code(const Key& unit, Key code, const std::string& source);
  void add_parent(const Key& unit, const Key& parent, const std::string& source);
  [[nodiscard]] bool has_parent(const Key& unit, const Key& parent) const { return parents_.contains({unit, parent}); }
  /// A name that another file gives for other years: replaces the undated one of the unit.
  void set_names(const Key& unit, std::vector<NameRow> names);
  /// Complains if another figure is there already for the same unit, basis, vintage and perimeter.
  void add_population(const Place& place, const PopulationRow& row);

  [[nodiscard]] DataSet finish();

 private:
  DataSet data_;
  std::set<Key> units_;
  std::set<std::pair<Key, Key>> parents_;
  std::map<std::tuple<Key, Basis, int, int>, std::int64_t> populations_;
};

/// A table: rows that have as many columns as the header, columns by name.
class Table {
 public:
  /// Complains and stays empty if the file is malformed or lacks one of `needed`.
  Table(std::string_view file, std::string_view text, std::initializer_list<std::string_view> needed,
        DataBuilder& builder);

  [[nodiscard]] const std::vector<CsvRow>& rows() const { return rows_; }
  [[nodiscard]] const std::string& at(const CsvRow& row, std::string_view column) const;
  [[nodiscard]] Place place(const CsvRow& row, std::string_view column) const;
  /// Columns whose name is `prefix` and a year, with the year.
  [[nodiscard]] std::vector<std::pair<std::string, int>> by_year(std::string_view prefix) const;

 private:
  std::string_view file_;
  std::vector<CsvRow> rows_;
  std::map<std::string, std::size_t, std::less<>> columns_;
};

// The files. Each pours into the builder; the order is that of parse_data.
void read_french_communes(std::string_view text, DataBuilder& builder);
void read_epci(std::string_view text, DataBuilder& builder);
void read_epci_series(std::string_view text, DataBuilder& builder);
void read_swiss_communes(std::string_view text, DataBuilder& builder);

}  // namespace cluse::domain::territories
