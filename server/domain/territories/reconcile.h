// Dated facts against what data show: which to add, to end, to date. Pure.
#pragma once

#include "server/domain/territories/kinds.h"

#include <string>
#include <vector>

namespace cluse::domain::territories {

/// A fact of one group (the names of a unit, its codes of one scheme, its parents of one kind) as it is stored.
struct Fact {
  std::string value, from, until;
};

/// One as the data show it.
struct Wanted {
  std::string value;
  Period period;
  std::string source;
};

struct Step {
  enum class What { insert, end, date, remove };
  What what = What::insert;
  std::string value, from;  ///< of the fact; with its unit the primary key
  std::string until;        ///< for insert and end
  std::string since;        ///< for date: what `from` becomes
  std::string source;       ///< for insert

  [[nodiscard]] bool is_insert() const { return what == What::insert; }
};

/// What a present fact that the data do not show means.
enum class Absent { ends, stays };

/// The steps from `known` to `wanted`, removals and ends before insertions. Requires: `wanted` is not empty.
[[nodiscard]] std::vector<Step> reconcile(const std::vector<Fact>& known, const std::vector<Wanted>& wanted,
                                          const std::string& as_of, Absent absent);

}  // namespace cluse::domain::territories
