#include "server/domain/territories/territories.h"

#include "server/domain/text.h"

#include <algorithm>
#include <map>

namespace cluse::domain::territories {
namespace {

// What every answer about a unit shows on a day, which takes the first four parameters.
#define CLUSE_UNIT_COLUMNS "u.id, u.kind, u.country, u.language, n.name, c.scheme, c.code "
#define CLUSE_UNIT_TABLES                                                                         \
  "FROM territorial_unit u "                                                                      \
  "LEFT JOIN territorial_name n ON n.unit_id = u.id AND n.valid_from <= ? AND n.valid_until > ? " \
  "LEFT JOIN territorial_code c ON c.unit_id = u.id AND c.is_main = 1 AND c.valid_from <= ? AND c.valid_until > ? "

constexpr int kChildrenMax = 50'000;
constexpr int kDistanceMax = 8;  // region, department, EPCI, commune and room; ends a loop of bad data

Unit unit_from(const storage::Row& row) {
  Unit unit;
  unit.id = row.id(0);
  unit.kind = *parse_kind(row.text(1));
  if (!row.is_null(2)) unit.country = row.text(2);
  unit.language = row.text(3);
  unit.name = row.text_or(4, "");
  if (!row.is_null(5)) unit.code = Key{*parse_scheme(row.text(5)), row.text(6)};
  return unit;
}

std::vector<Unit> units_from(const std::vector<storage::Row>& rows) {
  std::vector<Unit> units;
  units.reserve(rows.size());
  for (const auto& row : rows) units.push_back(unit_from(row));
  return units;
}

std::optional<Unit> find_bearer(storage::Snapshot& snapshot, const std::optional<storage::Row>& row, CivilDate on) {
  return row ? find(snapshot, row->id(0), on) : std::nullopt;
}

}  // namespace

std::optional<Unit> find(storage::Snapshot& snapshot, Id id, CivilDate on) {
  const std::string day = to_iso(on);
  const auto row =
      snapshot.one("SELECT " CLUSE_UNIT_COLUMNS CLUSE_UNIT_TABLES "WHERE u.id = ?", {day, day, day, day, id});
  return row ? std::optional(unit_from(*row)) : std::nullopt;
}

std::optional<Unit> find(storage::Snapshot& snapshot, const Key& key, CivilDate on) {
  const std::string day = to_iso(on);
  return find_bearer(snapshot,
                     snapshot.one("SELECT unit_id FROM territorial_code WHERE scheme = ? AND code = ? "
                                  "AND valid_from <= ? AND valid_until > ?",
                                  {code_of(key.scheme), key.code, day, day}),
                     on);
}

std::optional<Unit> resolve(storage::Snapshot& snapshot, const Key& key, CivilDate on) {
  if (auto bearer = find(snapshot, key, on)) return bearer;
  const std::string day = to_iso(on);
  const auto before = snapshot.one(
      "SELECT unit_id FROM territorial_code WHERE scheme = ? AND code = ? AND valid_until <= ? "
      "ORDER BY valid_until DESC LIMIT 1",
      {code_of(key.scheme), key.code, day});
  if (before) return find_bearer(snapshot, before, on);
  return find_bearer(snapshot,
                     snapshot.one("SELECT unit_id FROM territorial_code WHERE scheme = ? AND code = ? "
                                  "ORDER BY valid_from LIMIT 1",
                                  {code_of(key.scheme), key.code}),
                     on);
}

std::vector<Unit> search(storage::Snapshot& snapshot, const std::string& text, CivilDate on, int max) {
  const std::string day = to_iso(on);
  const auto words = like_words(text);
  return units_from(snapshot.all(
      "SELECT " CLUSE_UNIT_COLUMNS CLUSE_UNIT_TABLES
      "WHERE u.exists_from <= ? AND u.exists_until > ? AND n.name_folded LIKE ? ESCAPE '\\' "
      "AND n.name_folded LIKE ? ESCAPE '\\' AND n.name_folded LIKE ? ESCAPE '\\' AND n.name_folded LIKE ? ESCAPE '\\' "
      "ORDER BY n.name_folded, u.id LIMIT ?",
      {day, day, day, day, day, day, words[0], words[1], words[2], words[3], max}));
}

std::vector<Ancestor> ancestors(storage::Snapshot& snapshot, Id id, CivilDate on) {
  const std::string day = to_iso(on);
  const auto rows = snapshot.all(
      "WITH RECURSIVE above (id, distance) AS ("
      "SELECT p.parent_id, 1 FROM territorial_parent p WHERE p.unit_id = ? AND p.valid_from <= ? AND p.valid_until > ? "
      "UNION SELECT p.parent_id, a.distance + 1 FROM above a JOIN territorial_parent p ON p.unit_id = a.id "
      "AND p.valid_from <= ? AND p.valid_until > ? WHERE a.distance < ?) "
      "SELECT " CLUSE_UNIT_COLUMNS ", a.distance " CLUSE_UNIT_TABLES
      "JOIN (SELECT id, MIN(distance) AS distance FROM above GROUP BY id) a ON a.id = u.id "
      "ORDER BY a.distance, n.name_folded, u.id",
      {id, day, day, day, day, kDistanceMax, day, day, day, day});
  std::vector<Ancestor> found;
  for (const auto& row : rows) found.push_back({unit_from(row), static_cast<int>(row.integer(7))});
  return found;
}

std::vector<Unit> children(storage::Snapshot& snapshot, Id id, CivilDate on, std::optional<Kind> kind) {
  const std::string day = to_iso(on), only = kind ? std::string(code_of(*kind)) : "%";
  return units_from(snapshot.all("SELECT " CLUSE_UNIT_COLUMNS CLUSE_UNIT_TABLES
                                 "JOIN territorial_parent p ON p.unit_id = u.id "
                                 "WHERE p.parent_id = ? AND p.valid_from <= ? AND p.valid_until > ? AND u.kind LIKE ? "
                                 "ORDER BY n.name_folded, u.id LIMIT ?",
                                 {day, day, day, day, id, day, day, only, kChildrenMax}));
}

std::vector<Event> history(storage::Snapshot& snapshot, Id id) {
  std::vector<Event> events;
  for (const auto& row : snapshot.all(
           "SELECT scheme, code, valid_from, valid_until, source FROM territorial_code WHERE unit_id = ?", {id}))
    events.push_back({Event::What::code, row.text(0) + " " + row.text(1), std::nullopt,
                      parse_period(row.text(2), row.text(3)), row.text(4)});
  for (const auto& row :
       snapshot.all("SELECT name, valid_from, valid_until, source FROM territorial_name WHERE unit_id = ?", {id}))
    events.push_back(
        {Event::What::name, row.text(0), std::nullopt, parse_period(row.text(1), row.text(2)), row.text(3)});
  for (const auto& row :
       snapshot.all("SELECT n.name, p.parent_id, p.valid_from, p.valid_until, p.source FROM territorial_parent p "
                    "JOIN territorial_name n ON n.unit_id = p.parent_id WHERE p.unit_id = ? AND n.valid_from = "
                    "(SELECT MAX(l.valid_from) FROM territorial_name l WHERE l.unit_id = p.parent_id)",
                    {id}))
    events.push_back(
        {Event::What::parent, row.text(0), row.id(1), parse_period(row.text(2), row.text(3)), row.text(4)});
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::pair(from_text(a.period), until_text(a.period)) < std::pair(from_text(b.period), until_text(b.period));
  });
  return events;
}

std::vector<Population> populations(storage::Snapshot& snapshot, Id id) {
  std::vector<Population> found;
  for (const auto& row :
       snapshot.all("SELECT basis, vintage, perimeter, inhabitants, communes, source FROM territorial_population "
                    "WHERE unit_id = ? ORDER BY vintage DESC, perimeter DESC, basis",
                    {id})) {
    Population one{*parse_basis(row.text(0)),
                   static_cast<int>(row.integer(1)),
                   static_cast<int>(row.integer(2)),
                   row.integer(3),
                   std::nullopt,
                   row.text(5)};
    if (!row.is_null(4)) one.communes = static_cast<int>(row.integer(4));
    found.push_back(std::move(one));
  }
  return found;
}

PopulationSum total_population(storage::Snapshot& snapshot, Id id, Kind kind, CivilDate on, Basis basis, int vintage) {
  PopulationSum sum{basis, vintage, 0, 0, 0, {}, {}};
  for (const auto& unit : children(snapshot, id, on, kind)) {
    const auto row = snapshot.one(
        "SELECT inhabitants, communes, source FROM territorial_population WHERE unit_id = ? AND basis = ? "
        "AND vintage = ? ORDER BY perimeter DESC LIMIT 1",
        {unit.id, code_of(basis), vintage});
    if (!row) {
      sum.missing.push_back(unit.name);
      continue;
    }
    sum.inhabitants += row->integer(0);
    sum.communes += row->is_null(1) ? 0 : row->integer(1);
    ++sum.units;
    if (std::find(sum.sources.begin(), sum.sources.end(), row->text(2)) == sum.sources.end())
      sum.sources.push_back(row->text(2));
  }
  return sum;
}

}  // namespace cluse::domain::territories
