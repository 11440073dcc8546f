#include "server/domain/territories/load.h"

#include "server/base/assert.h"
#include "server/domain/territories/reconcile.h"
#include "server/domain/territories/schema.h"
#include "server/domain/text.h"

#include <map>
#include <set>
#include <utility>

namespace cluse::domain::territories {
namespace {

constexpr const char* kInsertUnit =
    "INSERT INTO territorial_unit (id, kind, country, language, exists_from, exists_until) VALUES (?, ?, ?, ?, ?, ?)";
constexpr const char* kInsertCode =
    "INSERT INTO territorial_code (unit_id, scheme, code, valid_from, valid_until, is_main, source) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr const char* kInsertName =
    "INSERT INTO territorial_name (unit_id, name, name_folded, valid_from, valid_until, source) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr const char* kInsertParent =
    "INSERT INTO territorial_parent (unit_id, parent_id, valid_from, valid_until, source) VALUES (?, ?, ?, ?, ?)";
constexpr const char* kInsertPopulation =
    "INSERT INTO territorial_population (unit_id, basis, vintage, perimeter, inhabitants, communes, source) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)";

// One load: what the store knows, then a pass for each kind of row.
class Loader {
 public:
  Loader(storage::Transaction& tx, const DataSet& data, Instant now)
      : tx_(tx), data_(data), now_(now), as_of_(to_iso(data.as_of)) {}

  Result<LoadReport> run() {
    if (data_.units.empty()) return fail(Errc::invalid, "territories_empty");
    CLUSE_CHECK(check_day());
    report_.adopted = adopt_hosted_territories(tx_);
    read_known();
    place_units();
    write_codes();
    write_names();
    write_parents();
    CLUSE_CHECK(write_populations());
    if (!tx_.one("SELECT 1 FROM territorial_import WHERE as_of = ?", {as_of_}))
      tx_.run("INSERT INTO territorial_import (as_of, imported_at) VALUES (?, ?)", {as_of_, now_});
    return report_;
  }

 private:
  Result<void> check_day() {
    const auto last =
        tx_.one("SELECT as_of FROM territorial_import WHERE as_of > ? ORDER BY as_of DESC LIMIT 1", {as_of_});
    if (last) return fail(Errc::conflict, "territories_older", as_of_ + ", after " + last->text(0));
    return {};
  }

  void read_known() {
    for (const auto& row : tx_.all("SELECT id, kind FROM territorial_unit"))
      kinds_[row.id(0)] = *parse_kind(row.text(1));
    // The code that is valid last wins, so that a number given again means its present bearer.
    for (const auto& row : tx_.all("SELECT unit_id, scheme, code, valid_from, valid_until FROM territorial_code "
                                   "ORDER BY valid_until")) {
      const Key key{*parse_scheme(row.text(1)), row.text(2)};
      known_[key] = row.id(0);
      codes_[{row.id(0), key.scheme}].push_back({key.code, row.text(3), row.text(4)});
    }
    for (const auto& row : tx_.all("SELECT unit_id, name, valid_from, valid_until FROM territorial_name"))
      names_[row.id(0)].push_back({row.text(1), row.text(2), row.text(3)});
    for (const auto& row : tx_.all("SELECT unit_id, parent_id, valid_from, valid_until FROM territorial_parent"))
      parents_[{row.id(0), kinds_.at(row.id(1))}].push_back({row.id(1).to_string(), row.text(2), row.text(3)});
  }

  // A unit is known by any code of its main scheme that it has or had, a cooperation territory by its name as well.
  std::optional<Id> find_unit(const UnitRow& unit, const std::multimap<Key, Key>& codes) {
    if (const auto found = known_.find(unit.key); found != known_.end()) return found->second;
    for (auto [code, end] = codes.equal_range(unit.key); code != end; ++code)
      if (const auto found = known_.find(code->second); found != known_.end()) return found->second;
    if (unit.kind != Kind::cooperation) return std::nullopt;
    for (const auto& row : data_.names) {
      if (row.unit != unit.key) continue;
      const auto hosted = tx_.one("SELECT id FROM territory WHERE name_folded = ?", {fold(row.name)});
      if (hosted && !codes_.contains({hosted->id(0), Scheme::cooperation})) return hosted->id(0);
    }
    return std::nullopt;
  }

  void place_units() {
    std::multimap<Key, Key> codes;
    for (const auto& row : data_.codes)
      if (row.code.scheme == row.unit.scheme) codes.emplace(row.unit, row.code);
    for (const auto& unit : data_.units) {
      auto id = find_unit(unit, codes);
      if (!id) {
        id = new_id(now_);
        const std::optional<std::string> country = unit.country.empty() ? std::nullopt : std::optional(unit.country);
        tx_.run(kInsertUnit,
                {*id, code_of(unit.kind), country, unit.language, from_text(unit.exists), until_text(unit.exists)});
        kinds_[*id] = unit.kind;
        ++report_.units;
      }
      ids_[unit.key] = *id;
    }
  }

  void write_codes() {
    std::map<std::pair<Id, Scheme>, std::vector<Wanted>> wanted;
    for (const auto& row : data_.codes)
      wanted[{ids_.at(row.unit), row.code.scheme}].push_back({row.code.code, row.period, row.source});
    for (auto& [group, rows] : wanted) {
      const auto& [unit, scheme] = group;
      // The second code of a French commune is its SIREN.
      const bool is_main = kinds_.at(unit) != Kind::commune || scheme != Scheme::siren;
      for (const auto& step : reconcile(codes_[group], rows, as_of_, Absent::ends)) {
        if (step.is_insert()) {
          tx_.run(kInsertCode, {unit, code_of(scheme), step.value, step.from, step.until, is_main, step.source});
          ++report_.codes;
          continue;
        }
        change(step, "territorial_code", "code", unit);
      }
    }
  }

  void write_names() {
    std::map<Id, std::vector<Wanted>> wanted;
    for (const auto& row : data_.names) wanted[ids_.at(row.unit)].push_back({row.name, row.period, row.source});
    for (auto& [unit, rows] : wanted) {
      for (const auto& step : reconcile(names_[unit], rows, as_of_, Absent::ends)) {
        if (step.is_insert()) {
          tx_.run(kInsertName, {unit, step.value, fold(step.value), step.from, step.until, step.source});
          ++report_.names;
          continue;
        }
        change(step, "territorial_name", "name", unit);
      }
    }
  }

  void write_parents() {
    std::map<std::pair<Id, Kind>, std::vector<Wanted>> wanted;
    for (const auto& row : data_.parents) {
      const Id parent = ids_.at(row.parent);
      wanted[{ids_.at(row.unit), kinds_.at(parent)}].push_back({parent.to_string(), row.period, row.source});
    }
    for (auto& [group, rows] : wanted) {
      // People may add an EPCI to a cooperation territory of theirs that no file knows.
      const auto absent = group.second == Kind::cooperation ? Absent::stays : Absent::ends;
      for (const auto& step : reconcile(parents_[group], rows, as_of_, absent)) {
        if (step.is_insert()) {
          tx_.run(kInsertParent, {group.first, step.value, step.from, step.until, step.source});
          ++report_.parents;
          continue;
        }
        change(step, "territorial_parent", "parent_id", group.first);
      }
    }
  }

  // Ends, dates or removes a fact that is in the store. Table and column are ours, never input.
  void change(const Step& step, const std::string& table, const std::string& column, Id unit) {
    const std::string where = " WHERE unit_id = ? AND " + column + " = ? AND valid_from = ?";
    if (step.what == Step::What::remove) {
      tx_.run("DELETE FROM " + table + where, {unit, step.value, step.from});
    } else if (step.what == Step::What::end) {
      tx_.run("UPDATE " + table + " SET valid_until = ?" + where, {step.until, unit, step.value, step.from});
    } else {
      tx_.run("UPDATE " + table + " SET valid_from = ?" + where, {step.since, unit, step.value, step.from});
    }
    report_.ended += step.what == Step::What::date ? 0U : 1U;
  }

  Result<void> write_populations() {
    std::map<std::tuple<Id, std::string, std::int64_t, std::int64_t>, std::int64_t> known;
    for (const auto& row :
         tx_.all("SELECT unit_id, basis, vintage, perimeter, inhabitants FROM territorial_population"))
      known[{row.id(0), row.text(1), row.integer(2), row.integer(3)}] = row.integer(4);
    for (const auto& row : data_.populations) {
      const Id unit = ids_.at(row.unit);
      const auto found = known.find({unit, std::string(code_of(row.basis)), row.vintage, row.perimeter});
      if (found == known.end()) {
        tx_.run(kInsertPopulation,
                {unit, code_of(row.basis), row.vintage, row.perimeter, row.inhabitants, row.communes, row.source});
        ++report_.populations;
      } else if (found->second != row.inhabitants) {
        return fail(Errc::conflict, "territories_population_changed",
                    row.unit.code + ", " + std::to_string(row.vintage) + ": " + std::to_string(found->second) +
                        ", not " + std::to_string(row.inhabitants));
      }
    }
    return {};
  }

  storage::Transaction& tx_;
  const DataSet& data_;
  const Instant now_;
  const std::string as_of_;
  LoadReport report_;
  std::map<Key, Id> known_;  // every code that a unit has or had
  std::map<Key, Id> ids_;    // the units of the data
  std::map<Id, Kind> kinds_;
  std::map<std::pair<Id, Scheme>, std::vector<Fact>> codes_;
  std::map<Id, std::vector<Fact>> names_;
  std::map<std::pair<Id, Kind>, std::vector<Fact>> parents_;
};

}  // namespace

Result<LoadReport> load(storage::Transaction& tx, const DataSet& data, Instant now) {
  return Loader(tx, data, now).run();
}

std::size_t adopt_hosted_territories(storage::Transaction& tx) {
  const auto rows = tx.all(
      "SELECT id, name, name_folded, country FROM territory t "
      "WHERE NOT EXISTS (SELECT 1 FROM territorial_unit u WHERE u.id = t.id)");
  for (const auto& row : rows) {
    const std::optional<std::string> country = row.is_null(3) ? std::nullopt : std::optional(row.text(3));
    tx.run(kInsertUnit, {row.id(0), code_of(Kind::cooperation), country, "", kAlways, kStill});
    tx.run(kInsertName, {row.id(0), row.text(1), row.text(2), kAlways, kStill, ""});
  }
  return rows.size();
}

}  // namespace cluse::domain::territories
