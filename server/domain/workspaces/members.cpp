#include "server/domain/workspaces/members.h"

#include "server/base/assert.h"

namespace cluse::domain {

void join(storage::Transaction& tx, Id workspace, Id person, Role role, Instant now) {
  const auto row =
      tx.one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?", {workspace, person});
  if (!row) {
    tx.run("INSERT INTO workspace_member (workspace_id, person_id, role, joined_at) VALUES (?, ?, ?, ?)",
           {workspace, person, to_text(role), now});
    return;
  }
  const auto held = parse_role(row->text(0));
  CLUSE_ASSERT(held.has_value(), "the table lets only known roles in");
  if (*held < role)
    tx.run("UPDATE workspace_member SET role = ? WHERE workspace_id = ? AND person_id = ?",
           {to_text(role), workspace, person});
}

Result<void> check_not_last_manager(storage::Snapshot& snapshot, Id workspace, Id person) {
  const auto managers = snapshot.all(
      "SELECT person_id FROM workspace_member WHERE workspace_id = ? AND role = 'manager' LIMIT 2", {workspace});
  if (managers.size() == 1 && managers.front().id(0) == person) return fail(Errc::conflict, "last_manager");
  return {};
}

}  // namespace cluse::domain
