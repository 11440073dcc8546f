#include "server/domain/rights/role.h"

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

std::span<const Role> roles() {
  return kRoles;
}

}  // namespace cluse::domain::rights
