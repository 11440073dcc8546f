#include "server/domain/workspaces/access.h"

#include "server/base/assert.h"

namespace cluse::domain {

std::string_view to_text(Role role) {
  switch (role) {
    case Role::reader: return "reader";
    case Role::commenter: return "commenter";
    case Role::editor: return "editor";
    case Role::manager: return "manager";
  }
  return "reader";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::reader, Role::commenter, Role::editor, Role::manager})
    if (text == to_text(role)) return role;
  return std::nullopt;
}

Result<Role> access(storage::Snapshot& snapshot, const Actor& actor, Id workspace) {
  if (actor.is_admin) {
    if (snapshot.one("SELECT 1 FROM workspace WHERE id = ?", {workspace})) return Role::manager;
    return fail(Errc::not_found, "workspace_not_found");
  }
  const auto row = snapshot.one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                                {workspace, actor.person_id});
  if (!row) return fail(Errc::not_found, "workspace_not_found");
  const auto role = parse_role(row->text(0));
  CLUSE_ASSERT(role.has_value(), "the table lets only known roles in");
  return *role;
}

Result<Role> require_role(storage::Snapshot& snapshot, const Actor& actor, Id workspace, Role needed) {
  CLUSE_TRY(role, access(snapshot, actor, workspace));
  if (role < needed) return fail(Errc::denied, "denied");
  return role;
}

}  // namespace cluse::domain
