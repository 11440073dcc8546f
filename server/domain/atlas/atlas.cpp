#include "server/domain/atlas/atlas.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cluse::domain {
namespace {

using territories::Basis;
using territories::Kind;

// What a search looks through before a kind narrows it.
constexpr int kUnitsSearchedMax = 1'000;

std::unexpected<Error> unit_not_found() {
  return fail(Errc::not_found, "territory_unit_not_found");
}

// The sums of the EPCI below, one a basis and vintage that all of them have.
std::vector<UnitTotal> totals_of(storage::Snapshot& snapshot, Id id, CivilDate on) {
  std::set<std::pair<int, Basis>> asked;
  for (const auto& member : territories::children(snapshot, id, on, Kind::epci))
    for (const auto& population : territories::populations(snapshot, member.id))
      asked.emplace(population.vintage, population.basis);
  std::vector<UnitTotal> totals;
  for (const auto& [vintage, basis] : asked)
    totals.push_back({Kind::epci, territories::total_population(snapshot, id, Kind::epci, on, basis, vintage)});
  std::ranges::stable_sort(totals, [](const UnitTotal& a, const UnitTotal& b) {
    return std::pair(-a.sum.vintage, a.sum.basis) < std::pair(-b.sum.vintage, b.sum.basis);
  });
  return totals;
}

// Of several borders the latest.
std::optional<territories::Population> figure_of(storage::Snapshot& snapshot, Id id, Basis basis, int vintage) {
  for (const auto& population : territories::populations(snapshot, id))
    if (population.basis == basis && population.vintage == vintage) return population;
  return std::nullopt;
}

Result<Contributions> split_between_members(storage::Snapshot& snapshot, const ContributionQuestion& question) {
  const auto unit = territories::find(snapshot, question.unit, question.on);
  if (!unit) return unit_not_found();
  Contributions out{*unit, question, 0, {}};
  std::vector<std::int64_t> weights;
  for (const auto& member : territories::children(snapshot, question.unit, question.on, question.of)) {
    const auto figure = figure_of(snapshot, member.id, question.basis, question.vintage);
    if (!figure) return fail(Errc::conflict, "contribution_population_missing", member.name, "vintage");
    weights.push_back(figure->inhabitants);
    out.inhabitants += figure->inhabitants;
    out.shares.push_back({member, *figure, {}});
  }
  if (out.shares.empty()) return fail(Errc::conflict, "contribution_without_members");
  CLUSE_TRY(parts, money::split(question.amount, weights));
  for (std::size_t i = 0; i < parts.size(); ++i) out.shares[i].amount = parts[i];
  return out;
}

}  // namespace

Task<Result<std::vector<territories::Unit>>> Atlas::search(std::string text, std::optional<Kind> kind, CivilDate on) {
  auto body = [text = std::move(text), kind,
               on](storage::Snapshot& snapshot) -> Result<std::vector<territories::Unit>> {
    auto found = territories::search(snapshot, text, on, kUnitsSearchedMax);
    if (kind) std::erase_if(found, [&](const territories::Unit& unit) { return unit.kind != *kind; });
    if (found.size() > static_cast<std::size_t>(kUnitsFoundMax))
      found.erase(found.begin() + kUnitsFoundMax, found.end());
    return found;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<territories::Unit>> Atlas::resolve(territories::Key key, CivilDate on) {
  auto body = [key = std::move(key), on](storage::Snapshot& snapshot) -> Result<territories::Unit> {
    const auto unit = territories::resolve(snapshot, key, on);
    if (!unit) return unit_not_found();
    return *unit;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<UnitDetail>> Atlas::detail(Id id, CivilDate on) {
  auto body = [id, on](storage::Snapshot& snapshot) -> Result<UnitDetail> {
    const auto unit = territories::find(snapshot, id, on);
    if (!unit) return unit_not_found();
    UnitDetail detail{*unit,
                      territories::ancestors(snapshot, id, on),
                      territories::children(snapshot, id, on),
                      territories::history(snapshot, id),
                      territories::populations(snapshot, id),
                      {}};
    if (detail.populations.empty()) detail.totals = totals_of(snapshot, id, on);
    return detail;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Contributions>> Atlas::contributions(ContributionQuestion question) {
  auto body = [question](storage::Snapshot& snapshot) { return split_between_members(snapshot, question); };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

}  // namespace cluse::domain
