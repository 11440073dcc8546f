// Inside rules: who sits where in a session, and what became of every claim. Pure.
#pragma once

#include "server/domain/rules/evaluate.h"

namespace cluse::domain::rules {

enum class SubstitutionFate {
  seated,
  unknown_person,      ///< the titular or the substitute is not in the member list in that capacity
  other_organisation,  ///< domain.md row 45
  titular_present,
  substitute_absent,
  twice,  ///< the seat or the substitute is already taken
};

enum class ProxyFate {
  counts,
  counts_by_illness,  ///< past the limit of sessions, which established illness lifts
  unknown_person,
  giver_present,
  seat_taken,  ///< a substitute sits there: only a seat that is left empty is voted by proxy
  bearer_absent,
  bearer_without_vote,
  not_written,
  revoked,
  lapsed,       ///< past the limit of consecutive sessions
  bearer_full,  ///< the bearer carries as many as the rule allows
  twice,        ///< the giver has already given one that counts
};

struct Seating {
  std::vector<VotingRight> rights;              ///< in the order of the member list
  std::vector<SubstitutionFate> substitutions;  ///< one for each claim, in order
  std::vector<ProxyFate> proxies;               ///< one for each proxy, in order
  std::vector<std::string> without_vote;        ///< present, but without a voting right
};

/// What the pack does not know gives no right: without a rule on substitutes nobody substitutes, without one on proxies
/// none counts.
[[nodiscard]] Seating seat(const Pack& pack, const Session& session);

}  // namespace cluse::domain::rules
