// Groups: named sets of people, organisations and mandates that are given rights together. Flat: no group in a group.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/rights/grants.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain::rights {

inline constexpr std::size_t kGroupsMax = 2000;
inline constexpr std::size_t kGroupMembersMax = 1000;

struct Group {
  Id id;
  std::string name;
  std::optional<NamedObject> territory;  ///< none: of the whole instance
  std::optional<Person> responsible;
  std::int64_t members = 0, grants = 0;
};

struct GroupDetail {
  Group group;
  std::vector<NamedHolder> members;  ///< by name
  std::vector<Grant> grants;         ///< what its members lose when it goes
  std::int64_t people = 0;           ///< who are in it today, each once, by whatever way
};

/// Thread: any. `groups_manage` on the instance, or on the territory of the group; others get "denied".
class Groups {
 public:
  explicit Groups(Environment environment) : environment_(environment) {}

  Task<Result<std::vector<Group>>> list(Actor actor);
  /// Code "group_not_found".
  Task<Result<GroupDetail>> find(Actor actor, Id group);
  /// Codes: those of fields, "group_taken", "too_many_groups", "field_invalid" (territory_id).
  Task<Result<GroupDetail>> add(Actor actor, std::string name, std::optional<Id> territory);
  Task<Result<GroupDetail>> rename(Actor actor, Id group, std::string name);
  /// A member gets what the group was given: the actor must hold that herself. Codes: "holder_not_found",
  /// "group_in_group", "too_many_group_members", "denied".
  Task<Result<GroupDetail>> add_member(Actor actor, Id group, Holder member);
  Task<Result<GroupDetail>> remove_member(Actor actor, Id group, Id member);
  /// With its grants.
  Task<Result<void>> remove(Actor actor, Id group);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain::rights
