// Atlas: territorial units for readers, and contributions split by their populations.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/money/amount.h"
#include "server/domain/territories/territories.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr int kUnitsFoundMax = 50;

/// A population of all EPCI (or communes) below a unit, for one basis and vintage.
struct UnitTotal {
  territories::Kind of = territories::Kind::epci;
  territories::PopulationSum sum;
};

/// Everything about one unit on a day.
struct UnitDetail {
  territories::Unit unit;
  std::vector<territories::Ancestor> ancestors;
  std::vector<territories::Unit> children;
  std::vector<territories::Event> history;
  std::vector<territories::Population> populations;
  std::vector<UnitTotal> totals;  ///< of a unit without figures of its own: sums of its EPCI, the latest vintage first
};

struct ContributionQuestion {
  Id unit;  ///< whose members contribute
  territories::Kind of = territories::Kind::epci;
  territories::Basis basis = territories::Basis::municipale;
  int vintage = 0;
  money::Amount amount;
  CivilDate on;
};

struct ContributionShare {
  territories::Unit member;
  territories::Population population;
  money::Amount amount;
};

struct Contributions {
  territories::Unit unit;
  ContributionQuestion question;
  std::int64_t inhabitants = 0;
  std::vector<ContributionShare> shares;  ///< by name; they add up to the amount
};

/// Thread: any. Open to everybody who is signed in: the figures are public.
class Atlas {
 public:
  explicit Atlas(Environment environment) : environment_(environment) {}

  /// By a name without accents, or all of a kind if `text` is empty and a kind is given. At most kUnitsFoundMax.
  Task<Result<std::vector<territories::Unit>>> search(std::string text, std::optional<territories::Kind> kind,
                                                      CivilDate on);
  /// Who bears `key` on `on`, or bore it before. Code "territory_unit_not_found".
  Task<Result<territories::Unit>> resolve(territories::Key key, CivilDate on);
  /// Code "territory_unit_not_found".
  Task<Result<UnitDetail>> detail(Id unit, CivilDate on);
  /// domain.md row 41: in proportion to the populations, by largest remainder. Codes: "territory_unit_not_found",
  /// "contribution_without_members", "contribution_population_missing" (of one member at least: nothing is split),
  /// those of money::split.
  Task<Result<Contributions>> contributions(ContributionQuestion question);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
