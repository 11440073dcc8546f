#include "server/domain/workspaces/members.h"

#include "server/base/assert.h"

namespace cluse::domain {

namespace {

std::optional<Role> held_by(storage::Snapshot& snapshot, Id workspace, Id person) {
  const auto row =
      snapshot.one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?", {workspace, person});
  if (!row) return std::nullopt;
  const auto held = parse_role(row->text(0));
  CLUSE_ASSERT(held.has_value(), "the table lets only known roles in");
  return held;
}

}  // namespace

void set_role(storage::Transaction& tx, Id workspace, Id person, Role role, Instant now, const journal::Author& by) {
  const auto held = held_by(tx, workspace, person);
  if (held == role) return;
  tx.run(
      "INSERT INTO workspace_member (workspace_id, person_id, role, joined_at) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (workspace_id, person_id) DO UPDATE SET role = excluded.role",
      {workspace, person, to_text(role), now});
  journal::Details details{{"role", std::string(to_text(role))}};
  if (held) details.emplace_back("before", std::string(to_text(*held)));
  journal::append(tx, {by, held ? journal::Verb::member_role_changed : journal::Verb::member_added,
                       journal::ObjectKind::person, person, workspace, now, std::move(details)});
}

void join(storage::Transaction& tx, Id workspace, Id person, Role role, Instant now, const journal::Author& by) {
  const auto held = held_by(tx, workspace, person);
  if (!held || *held < role) set_role(tx, workspace, person, role, now, by);
}

Result<void> check_not_last_manager(storage::Snapshot& snapshot, Id workspace, Id person) {
  // Who is suspended manages nothing, and does not count.
  const auto managers = snapshot.all(
      "SELECT m.person_id FROM workspace_member m JOIN person p ON p.id = m.person_id "
      "WHERE m.workspace_id = ? AND m.role = 'manager' AND p.suspended_at IS NULL LIMIT 2",
      {workspace});
  if (managers.size() == 1 && managers.front().id(0) == person) return fail(Errc::conflict, "last_manager");
  return {};
}

}  // namespace cluse::domain
