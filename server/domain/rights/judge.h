// The one answer to "may this person do this to that": deny by default. Everything that holds a right (administrator of
// the instance, member of a workspace, grants to the person, to her mandates, to her organisations and to her groups)
// is read here and nowhere else. The same reading explains itself: see Source.
#pragma once

#include "server/base/id.h"
#include "server/base/result.h"
#include "server/domain/rights/role.h"
#include "server/storage/database.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::rights {

enum class ScopeKind : std::uint8_t { instance, territory, workspace, document };
enum class HolderKind : std::uint8_t { person, mandate, organisation, group };

[[nodiscard]] std::string_view to_text(ScopeKind kind);
[[nodiscard]] std::optional<ScopeKind> parse_scope_kind(std::string_view text);
[[nodiscard]] std::string_view to_text(HolderKind kind);
[[nodiscard]] std::optional<HolderKind> parse_holder_kind(std::string_view text);

/// What a right is about. The instance has the id of zeros.
struct Object {
  ScopeKind kind = ScopeKind::instance;
  Id id = {};
  bool operator==(const Object&) const = default;
};
inline constexpr Object kInstance{};

struct Holder {
  HolderKind kind = HolderKind::person;
  Id id;
  bool operator==(const Holder&) const = default;
};

/// Both included, as the tables hold them.
struct Span {
  std::string first, last;
  [[nodiscard]] bool holds(const std::string& day) const { return first <= day && day <= last; }
};

/// One thing that gives, or would give, a role.
struct Source {
  enum class Kind : std::uint8_t { administrator, member, grant };
  enum class State : std::uint8_t { holds, not_yet, ended, mandate_not_yet, mandate_ended };
  Kind kind = Kind::grant;
  State state = State::holds;
  GivenRole role;
  Object scope;
  std::optional<Id> grant;
  std::vector<Holder> path;  ///< from what the grant names down to what makes it hers: group, organisation, mandate
  std::string first_day, last_day;  ///< in which it holds: the grant's and the mandate's days together
};

struct Judgement {
  bool is_known = false, is_suspended = false, is_erased = false;
  Permissions permissions;      ///< what the sources that hold give together; none if she is suspended or erased
  std::vector<Source> sources;  ///< those that hold first
};

/// A role by its id. Code "role_not_found".
[[nodiscard]] Result<GivenRole> find_role(storage::Snapshot& snapshot, const std::string& id);

/// Roles of rows, each read once. Thread: the one that runs the closure.
class RoleReader {
 public:
  explicit RoleReader(storage::Snapshot& snapshot) : snapshot_(snapshot) {}
  /// Null: of a later release, or gone.
  [[nodiscard]] const GivenRole* find(const std::string& id);

 private:
  storage::Snapshot& snapshot_;
  std::map<std::string, std::optional<GivenRole>> made_here_;
};

/// The object and what is above it: a document, the folders around it, its workspace, its territory, the instance.
/// Codes: "document_not_found", "workspace_not_found", "territory_not_found".
[[nodiscard]] Result<std::vector<Object>> path_of(storage::Snapshot& snapshot, Object object);

/// `day`: ISO, of the instance (organisations::today). Thread: the one that runs the closure.
[[nodiscard]] Judgement judge(storage::Snapshot& snapshot, Id person, const std::vector<Object>& path,
                              const std::string& day);

/// What a person may do wherever: for lists and searches, which ask of many things at once.
struct Reach {
  Permissions instance;
  std::map<Id, Permissions> territories, workspaces, documents;  ///< given there; what is above is not repeated

  /// Of a workspace.
  [[nodiscard]] Permissions on(Id territory, Id workspace) const;
};
[[nodiscard]] Reach reach_of(storage::Snapshot& snapshot, Id person, const std::string& day);

/// " ?, ?, ?": as many as the next power of two, so that few statements are prepared; `values` is filled up with its
/// last one.
[[nodiscard]] std::string placeholders(std::vector<storage::Value>& values);

}  // namespace cluse::domain::rights
