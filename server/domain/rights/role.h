// Permissions, and the roles that are sets of them. Closed lists: a word that is stored outlives releases.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cluse::domain::rights {

/// What may be allowed. Never reorder the words of kPermissionWords: clients know them.
enum class Permission : std::uint8_t {
  // Of what people write
  content_read,
  content_comment,
  content_write,
  content_purge,
  // Of a workspace
  workspace_change,
  members_manage,
  grants_manage,
  // Of the instance, or of a territory
  workspace_create,
  groups_manage,
  people_invite,
  // Of the instance
  people_manage,
  people_suspend,
  organisations_manage,
  references_manage,
  journal_read,
  administrators_manage,
  terms_manage,
};

inline constexpr std::array<std::string_view, 17> kPermissionWords = {
    "content.read",          "content.comment", "content.write",        "content.purge",     "workspace.change",
    "members.manage",        "grants.manage",   "workspace.create",     "groups.manage",     "people.invite",
    "people.manage",         "people.suspend",  "organisations.manage", "references.manage", "journal.read",
    "administrators.manage", "terms.manage",
};
inline constexpr std::size_t kPermissionCount = kPermissionWords.size();

/// A set of permissions: a value of four octets.
class Permissions {
 public:
  constexpr Permissions() = default;
  constexpr Permissions(std::initializer_list<Permission> each) {  // NOLINT(google-explicit-constructor)
    for (const Permission one : each) bits_ |= bit(one);
  }
  [[nodiscard]] static constexpr Permissions all() {
    Permissions permissions;
    permissions.bits_ = (1U << kPermissionCount) - 1;
    return permissions;
  }

  [[nodiscard]] constexpr bool has(Permission one) const { return (bits_ & bit(one)) != 0; }
  [[nodiscard]] constexpr bool includes(Permissions others) const { return (others.bits_ & ~bits_) == 0; }
  [[nodiscard]] constexpr bool is_empty() const { return bits_ == 0; }
  constexpr Permissions& operator|=(Permissions others) {
    bits_ |= others.bits_;
    return *this;
  }
  [[nodiscard]] friend constexpr Permissions operator|(Permissions a, Permissions b) { return a |= b; }
  /// Those that are not among `others`.
  [[nodiscard]] constexpr Permissions without(Permissions others) const {
    Permissions left;
    left.bits_ = bits_ & ~others.bits_;
    return left;
  }
  [[nodiscard]] constexpr bool meets(Permissions others) const { return (bits_ & others.bits_) != 0; }
  /// For a column: the bits, in the order of kPermissionWords.
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  bool operator==(const Permissions&) const = default;

 private:
  static constexpr std::uint32_t bit(Permission one) { return 1U << static_cast<unsigned>(one); }
  std::uint32_t bits_ = 0;
};

/// The first four are the roles of a member of a workspace; each may do what the ones before it may.
enum class Role : std::uint8_t { reader, commenter, editor, manager, secretary, auditor, administrator };

inline constexpr std::array<std::string_view, 7> kRoleWords = {"reader",    "commenter", "editor",       "manager",
                                                               "secretary", "auditor",   "administrator"};

[[nodiscard]] constexpr std::string_view to_text(Permission permission) {
  return kPermissionWords[static_cast<std::size_t>(permission)];
}
[[nodiscard]] constexpr std::string_view to_text(Role role) {
  return kRoleWords[static_cast<std::size_t>(role)];
}
[[nodiscard]] std::optional<Permission> parse_permission(std::string_view text);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);

[[nodiscard]] constexpr Permissions permissions_of(Role role) {
  using enum Permission;
  constexpr Permissions kReader{content_read};
  constexpr Permissions kCommenter = kReader | Permissions{content_comment};
  constexpr Permissions kEditor = kCommenter | Permissions{content_write};
  constexpr Permissions kManager =
      kEditor | Permissions{content_purge, workspace_change, members_manage, grants_manage};
  constexpr Permissions kSecretary =
      kManager | Permissions{workspace_create, groups_manage,        people_invite, people_manage,
                             people_suspend,   organisations_manage, terms_manage};
  switch (role) {
    case Role::reader: return kReader;
    case Role::commenter: return kCommenter;
    case Role::editor: return kEditor;
    case Role::manager: return kManager;
    case Role::secretary: return kSecretary;
    case Role::auditor: return {journal_read};
    case Role::administrator: return Permissions::all();
  }
  return {};
}

/// The roles, in their order.
[[nodiscard]] std::span<const Role> roles();

/// With what they are nothing, or more than they seem, without: who writes also comments and reads; who decides on
/// members can make herself a manager, so she is one; who administers the instance may do all.
[[nodiscard]] Permissions with_implied(Permissions permissions);

/// A role as it is given: one of the words above, or one that was made here (role_editor.h).
struct GivenRole {
  std::string id = "reader";  ///< a word of kRoleWords, or the id of a row of access_role
  Permissions permissions;
  std::string name_fr = {}, name_de = {};  ///< of one that was made here

  GivenRole() = default;
  GivenRole(Role role) : id(to_text(role)), permissions(permissions_of(role)) {}  // NOLINT(google-explicit-constructor)
  /// By its id alone: find_role fills in the rest.
  [[nodiscard]] static GivenRole named(std::string id);
  [[nodiscard]] std::optional<Role> known() const { return parse_role(id); }
  bool operator==(const GivenRole& other) const { return id == other.id; }
};

/// "content.read content.comment": how a row holds them. What a later release wrote is left out.
[[nodiscard]] std::string to_words(Permissions permissions);
[[nodiscard]] Permissions parse_words(std::string_view words);

}  // namespace cluse::domain::rights
