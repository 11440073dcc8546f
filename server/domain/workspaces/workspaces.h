// Territories, workspaces and their members.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/people.h"
#include "server/domain/workspaces/access.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

/// A cooperation territory: usually on both sides of the border, hence without a country.
struct Territory {
  Id id;
  std::string name, short_name;
  std::optional<std::string> country;
};

struct Workspace {
  Id id;
  std::string name, description;
  Territory territory;
  std::string language;
  Role my_role = Role::reader;
  std::int64_t documents = 0, members = 0, members_f = 0, members_ch = 0;
  Instant updated_at;  ///< of the workspace or of the latest document in it
};

struct Member {
  Person person;
  Role role = Role::reader;
  Instant joined_at;
};

struct NewWorkspace {
  std::string name, description;
  Id territory_id;
  std::string language;
};

struct WorkspaceChange {
  std::optional<std::string> name, description, language;
};

/// Thread: any. Strangers get "workspace_not_found", members without the right "denied".
class Workspaces {
 public:
  explicit Workspaces(Environment environment) : environment_(environment) {}

  Task<Result<std::vector<Territory>>> territories();
  /// Administrators. The existing one if the name is taken.
  Task<Result<Territory>> add_territory(Actor actor, std::string name, std::string short_name);

  /// Those of the actor; all for administrators.
  Task<Result<std::vector<Workspace>>> list(Actor actor);
  Task<Result<Workspace>> find(Actor actor, Id workspace);
  /// Administrators; the maker becomes manager.
  Task<Result<Workspace>> add(Actor actor, NewWorkspace workspace);
  /// Managers.
  Task<Result<Workspace>> change(Actor actor, Id workspace, WorkspaceChange change);

  Task<Result<std::vector<Member>>> members(Actor actor, Id workspace);
  /// Managers; adds whoever is not a member yet. Codes: "last_manager", "person_not_found".
  Task<Result<Member>> set_member(Actor actor, Id workspace, Id person, Role role);
  /// Managers, or oneself. Nothing happens if there is no such member. Code: "last_manager".
  Task<Result<void>> remove_member(Actor actor, Id workspace, Id person);

 private:
  const Environment environment_;
};

/// Those of the actor whose name matches (all of them for an empty query), at most `max`.
[[nodiscard]] std::vector<Workspace> find_workspaces(storage::Snapshot& snapshot, const Actor& actor,
                                                     const std::string& query, int max);

}  // namespace cluse::domain
