#include "server/domain/territories/known_changes.h"

#include <algorithm>
#include <iterator>

namespace cluse::domain::territories {
namespace {

struct CodeChange {
  Key unit, before;
  CivilDate on;
  const char* source;
};
struct ParentChange {
  Key unit;
  std::vector<Key> before;  ///< empty: the source does not say
  Key after;
  CivilDate on;
  const char* source;
};
struct Creation {
  Key unit;
  CivilDate on;
};

// Moutier left Berne for the canton of Jura; the OFS gave it a new number.
constexpr const char* kMoutier = "Concordat JU-BE sur le transfert de Moutier; OFS, répertoire des communes 2026";
// Dampjoux is a member of the CA from the perimeter of 2024 on, where the CA has 73 communes and not 72.
constexpr const char* kDampjoux = "DGCL, périmètre des EPCI 2024";

std::vector<CodeChange> code_changes() {
  return {{{Scheme::ofs, "6831"}, {Scheme::ofs, "700"}, civil_date(2026, 1, 1), kMoutier}};
}

std::vector<ParentChange> parent_changes() {
  return {{{Scheme::ofs, "6831"},
           {{Scheme::district, "BE/Jura bernois"}},
           {Scheme::district, "JU/Moutier"},
           civil_date(2026, 1, 1),
           kMoutier},
          {{Scheme::insee, "25192"}, {}, {Scheme::siren, "200065647"}, civil_date(2024, 1, 1), kDampjoux}};
}

std::vector<Creation> creations() {
  return {{{Scheme::district, "JU/Moutier"}, civil_date(2026, 1, 1)}};
}

bool has(const DataSet& data, const Key& key) {
  return std::any_of(data.units.begin(), data.units.end(), [&](const UnitRow& unit) { return unit.key == key; });
}

void apply(DataSet& data, const CodeChange& change) {
  if (!has(data, change.unit)) return;
  for (auto& row : data.codes)
    if (row.unit == change.unit && row.code == change.unit) row.period.from = change.on;
  data.codes.push_back({change.unit, change.before, {std::nullopt, change.on}, change.source});
}

void apply(DataSet& data, const ParentChange& change) {
  const auto made = std::find_if(data.parents.begin(), data.parents.end(), [&](const ParentRow& row) {
    return row.unit == change.unit && row.parent == change.after;
  });
  if (made == data.parents.end()) return;
  made->period.from = change.on;
  for (const auto& before : change.before)
    if (has(data, before)) data.parents.push_back({change.unit, before, {std::nullopt, change.on}, change.source});
}

}  // namespace

void apply_known_changes(DataSet& data) {
  for (const auto& change : code_changes())
    if (change.on <= data.as_of) apply(data, change);
  for (const auto& change : parent_changes())
    if (change.on <= data.as_of) apply(data, change);
  for (const auto& creation : creations())
    for (auto& unit : data.units)
      if (unit.key == creation.unit) unit.exists.from = creation.on;
}

}  // namespace cluse::domain::territories
