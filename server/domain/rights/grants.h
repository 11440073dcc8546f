// Grants: who was given which role on what, by whom and until when; and why somebody may or may not do something.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/people.h"
#include "server/domain/rights/judge.h"
#include "server/domain/rights/names.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain::rights {

inline constexpr std::size_t kGrantsPerHolderMax = 2000;  ///< those that have ended count
inline constexpr std::size_t kGrantsListedMax = 100;

struct NewGrant {
  GivenRole role;  ///< its id counts
  Holder holder;
  Object scope;
  std::optional<std::string> first_day, last_day;  ///< ISO; none: at once, until further notice
};

struct Grant {
  Id id;
  GivenRole role;
  NamedHolder holder;
  NamedObject scope;
  std::optional<std::string> first_day, last_day;
  Source::State state = Source::State::holds;  ///< holds, not_yet or ended
  Instant granted_at;
  std::optional<Person> granted_by;
};

/// All absent: everything, latest first.
struct GrantQuery {
  std::optional<Id> holder, scope;
  std::optional<ScopeKind> scope_kind;  ///< of `scope`
  std::optional<Id> before;             ///< the last one of the page before
  std::size_t max = kGrantsListedMax;
};

struct Reason {
  Source source;
  NamedObject scope;
  std::vector<NamedHolder> path;
};

/// Why, in order: what holds first.
struct Explanation {
  Person person;
  NamedObject object;
  Judgement judgement;
  std::vector<Reason> reasons;
};

/// Whoever gives must hold what she gives: `grants_manage` on the scope and every permission of the role there. Code
/// "denied", and for strangers to the scope that of path_of.
[[nodiscard]] Result<void> check_may_give(storage::Snapshot& snapshot, Id giver, const GivenRole& role, Object scope);
/// Whether a role of such permissions may be given to such a holder on such a scope. Codes: "role_for_persons",
/// "role_scope".
[[nodiscard]] Result<void> check_fits(Permissions permissions, HolderKind holder, ScopeKind scope);

/// Thread: any.
class Grants {
 public:
  explicit Grants(Environment environment) : environment_(environment) {}

  /// With `grants_manage` on the scope asked for, or else on the instance. At most kGrantsListedMax.
  Task<Result<std::vector<Grant>>> list(Actor actor, GrantQuery query);
  /// The same role on the same scope for the same holder twice is once, with the new days. Codes: those of
  /// check_may_give and of days; "role_not_found", "holder_not_found"; "role_for_persons" (administrator and auditor
  /// are given to persons alone), "role_scope" (a role of the instance on less than it), "too_many_grants".
  Task<Result<Grant>> give(Actor actor, NewGrant grant);
  /// Its days. Codes: the same, "grant_not_found".
  Task<Result<Grant>> change(Actor actor, Id grant, std::optional<std::string> first_day,
                             std::optional<std::string> last_day);
  /// At once. Nothing happens if it is gone.
  Task<Result<void>> withdraw(Actor actor, Id grant);
  /// Administrators of grants on the object; everyone about herself. Codes: "person_not_found", those of path_of.
  Task<Result<Explanation>> explain(Actor actor, Id person, Object object);

 private:
  const Environment environment_;
};

/// Inside a closure. Code "grant_not_found".
[[nodiscard]] Result<Grant> find_grant(storage::Snapshot& snapshot, Id id);
/// Of a holder or on a scope, latest first.
[[nodiscard]] std::vector<Grant> grants_of(storage::Snapshot& snapshot, const GrantQuery& query);
/// Inside a write: takes every grant of a holder or on a scope away, each with its event.
void remove_grants(storage::Transaction& tx, const journal::Author& by, std::string_view where, Id id, Instant now);

}  // namespace cluse::domain::rights
