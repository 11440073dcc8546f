#include "server/domain/workspaces/access.h"

#include "server/domain/rights/watched_database.h"

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

std::optional<Role> role_of(rights::Permissions permissions) {
  using rights::Permission;
  if (permissions.has(Permission::members_manage)) return Role::manager;
  if (permissions.has(Permission::content_write)) return Role::editor;
  if (permissions.has(Permission::content_comment)) return Role::commenter;
  if (permissions.has(Permission::content_read)) return Role::reader;
  return std::nullopt;
}

Result<Role> access(storage::Snapshot& snapshot, const Actor& actor, Id workspace) {
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, {rights::ScopeKind::workspace, workspace}));
  const auto role = role_of(allowed);
  if (!role) return fail(Errc::not_found, "workspace_not_found");
  return *role;
}

Result<Role> require_role(storage::Snapshot& snapshot, const Actor& actor, Id workspace, Role needed) {
  CLUSE_TRY(role, access(snapshot, actor, workspace));
  if (role < needed) return fail(Errc::denied, "denied");
  return role;
}

WorkspaceFilter::WorkspaceFilter(storage::Snapshot& snapshot, const Actor& actor, Whole whole)
    : reach_(rights::reach(snapshot, actor.person_id)) {
  using rights::Permission;
  if (whole == Whole::counts && reach_.instance.has(Permission::content_read)) return;
  std::vector<storage::Value> territories, workspaces, documents;
  for (const auto& [id, given] : reach_.territories)
    if (given.has(Permission::content_read)) territories.emplace_back(id);
  for (const auto& [id, given] : reach_.workspaces)
    if (given.has(Permission::content_read)) workspaces.emplace_back(id);
  workspace_sql_ = "(w.territory_id IN (" + rights::placeholders(territories) + ") OR w.id IN (" +
                   rights::placeholders(workspaces) + "))";
  values_ = std::move(territories);
  values_.insert(values_.end(), workspaces.begin(), workspaces.end());
  documents_ = shared_documents(snapshot);
  for (const Id id : documents_) documents.emplace_back(id);
  document_sql_ = "(" + workspace_sql_ + " OR d.id IN (" + rights::placeholders(documents) + "))";
  document_values_ = values_;
  document_values_.insert(document_values_.end(), documents.begin(), documents.end());
}

// What was given alone, with all that lies below it.
std::vector<Id> WorkspaceFilter::shared_documents(storage::Snapshot& snapshot) const {
  std::vector<storage::Value> given;
  for (const auto& [id, permissions] : reach_.documents)
    if (permissions.has(rights::Permission::content_read)) given.emplace_back(id);
  std::vector<Id> shared;
  if (given.empty()) return shared;
  const std::string marks = rights::placeholders(given);
  for (const auto& row : snapshot.all("WITH RECURSIVE below (id) AS (SELECT id FROM document WHERE id IN (" + marks +
                                          ") UNION SELECT d.id FROM document d JOIN below ON d.parent_id = below.id) "
                                          "SELECT id FROM below LIMIT 10000",
                                      storage::Parameters(given)))
    shared.push_back(row.id(0));
  return shared;
}

}  // namespace cluse::domain
