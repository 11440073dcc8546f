// RoleEditor: roles that are made here, beside those of role.h. Those of role.h stay what they are, since documents and
// other instances know them by their words: whoever wants one otherwise copies it.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/people.h"
#include "server/domain/rights/judge.h"
#include "server/domain/rights/names.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cluse::domain::rights {

inline constexpr std::size_t kRolesMax = 100;          ///< made here
inline constexpr std::size_t kRoleEffectsMax = 2'000;  ///< pairs of a person and a scope that a preview looks at
inline constexpr std::size_t kRoleEffectsShown = 200;  ///< and shows

struct RoleInfo {
  GivenRole role;
  bool is_own = false;      ///< made here: may be changed and removed
  std::int64_t grants = 0;  ///< that give it, over or not
};

/// What a role is to be. Permissions are closed under with_implied.
struct RoleText {
  std::string name_fr, name_de;
  Permissions permissions;
};

/// What a change would do to somebody, all her other rights counted.
struct RoleEffect {
  Person person;
  NamedObject scope;
  Permissions gains, loses;
};

struct RolePreview {
  Permissions permissions, added, removed;  ///< as they would be, and what is new or gone
  std::int64_t grants = 0;                  ///< that give it today
  std::size_t people = 0;                   ///< for whom something changes
  std::vector<RoleEffect> effects;          ///< the first of them
  bool is_complete = true;                  ///< false: there is more than is looked at
};

/// Thread: any. Reading: everyone. The rest: `administrators_manage` on the instance.
class RoleEditor {
 public:
  explicit RoleEditor(Environment environment) : environment_(environment) {}

  /// Those of role.h, in their order, then those made here by name.
  Task<Result<std::vector<RoleInfo>>> list();
  /// Codes: those of fields, "role_empty", "role_taken" (a name), "too_many_roles".
  Task<Result<RoleInfo>> add(Actor actor, RoleText text);
  /// Codes: the same, "role_not_found", "role_fixed" (one of role.h), those of check_fits for a grant that would not
  /// fit any more, "last_administrator", "role_locks_out" (the actor herself could not undo it).
  Task<Result<RoleInfo>> change(Actor actor, std::string id, RoleText text);
  /// What `change` would do. Changes nothing. Codes: "role_not_found", "role_fixed".
  Task<Result<RolePreview>> preview(Actor actor, std::string id, Permissions permissions);
  /// Codes: "role_not_found", "role_fixed", "role_in_use" (withdraw its grants first).
  Task<Result<void>> remove(Actor actor, std::string id);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain::rights
