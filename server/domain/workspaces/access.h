// Rights as workspaces and documents ask for them: the four roles of a workspace, and what may stand in a list.
// server/domain/rights decides; nothing is decided here.
#pragma once

#include "server/domain/identity/actor.h"
#include "server/domain/rights/judge.h"
#include "server/storage/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain {

/// Ascending: each role may do what the ones before it may.
enum class Role { reader, commenter, editor, manager };

[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

/// What a set of permissions amounts to in a workspace; none: she may not know of it.
[[nodiscard]] std::optional<Role> role_of(rights::Permissions permissions);

/// The role that all rights of `actor` amount to in `workspace`. Strangers get Errc::not_found, code
/// "workspace_not_found", as if there were none. Thread: the one that runs the closure.
[[nodiscard]] Result<Role> access(storage::Snapshot& snapshot, const Actor& actor, Id workspace);

/// The same, and Errc::denied, code "denied", for members whose role is below `needed`.
[[nodiscard]] Result<Role> require_role(storage::Snapshot& snapshot, const Actor& actor, Id workspace, Role needed);

/// What the actor may find, as conditions on `workspace w` and `document d` for queries that list many.
class WorkspaceFilter {
 public:
  /// Whether a right on the whole instance counts: it does for what was searched, not for what is shown unasked.
  enum class Whole { counts, does_not };
  WorkspaceFilter(storage::Snapshot& snapshot, const Actor& actor, Whole whole = Whole::counts);

  [[nodiscard]] const std::string& workspaces() const { return workspace_sql_; }
  [[nodiscard]] const std::vector<storage::Value>& workspace_values() const { return values_; }
  [[nodiscard]] const std::string& documents() const { return document_sql_; }
  [[nodiscard]] const std::vector<storage::Value>& document_values() const { return document_values_; }
  [[nodiscard]] const rights::Reach& reach() const { return reach_; }
  /// True if nothing is hidden: the conditions hold for all.
  [[nodiscard]] bool everything() const { return workspace_sql_ == "1 = 1"; }
  /// Documents that were given singly, outside the workspaces.
  [[nodiscard]] const std::vector<Id>& documents_given() const { return documents_; }

 private:
  [[nodiscard]] std::vector<Id> shared_documents(storage::Snapshot& snapshot) const;

  rights::Reach reach_;
  std::vector<Id> documents_;
  std::string workspace_sql_ = "1 = 1", document_sql_ = "1 = 1";
  std::vector<storage::Value> values_, document_values_;
};

}  // namespace cluse::domain
