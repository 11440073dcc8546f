#include "server/domain/rights/role.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::rights {
namespace {

constexpr std::array kRoles = {Role::reader,    Role::commenter, Role::editor,       Role::manager,
                               Role::secretary, Role::auditor,   Role::administrator};

}  // namespace

std::optional<Permission> parse_permission(std::string_view text) {
  for (std::size_t i = 0; i < kPermissionCount; ++i)
    if (kPermissionWords[i] == text) return static_cast<Permission>(i);
  return std::nullopt;
}

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : kRoles)
    if (to_text(role) == text) return role;
  return std::nullopt;
}

Permissions with_implied(Permissions permissions) {
  using enum Permission;
  if (permissions.has(administrators_manage)) return Permissions::all();
  if (permissions.meets({content_purge, workspace_change, members_manage}))
    permissions |= permissions_of(Role::manager);
  if (permissions.has(content_write)) permissions |= permissions_of(Role::editor);
  if (permissions.has(content_comment) || permissions.has(grants_manage)) permissions |= permissions_of(Role::reader);
  return permissions;
}

GivenRole GivenRole::named(std::string id) {
  if (const auto role = parse_role(id)) return *role;
  GivenRole given;
  given.id = std::move(id);
  return given;
}

std::string to_words(Permissions permissions) {
  std::string words;
  for (std::size_t i = 0; i < kPermissionCount; ++i)
    if (permissions.has(static_cast<Permission>(i))) {
      if (!words.empty()) words += ' ';
      words += kPermissionWords[i];
    }
  return words;
}

Permissions parse_words(std::string_view words) {
  Permissions permissions;
  while (!words.empty()) {
    const auto space = std::min(words.find(' '), words.size());
    if (const auto one = parse_permission(words.substr(0, space))) permissions |= Permissions{*one};
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  return permissions;
}

std::span<const Role> roles() {
  return kRoles;
}

}  // namespace cluse::domain::rights
