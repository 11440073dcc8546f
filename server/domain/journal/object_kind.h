// ObjectKind: the closed list of what things happen to. Its words stand in the chain and outlive releases: never rename
// one; add at the end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cluse::domain::journal {

enum class ObjectKind : std::uint8_t {
  instance,
  person,
  session,
  organisation,
  invitation,
  territory,
  workspace,
  document,
  image,
  access_request,
  grant,
  group,
  mandate,
  term,
  role,
  plugin,
};

inline constexpr std::array<std::string_view, 16> kObjectKinds = {
    "instance", "person",         "session", "organisation", "invitation", "territory", "workspace", "document",
    "image",    "access_request", "grant",   "group",        "mandate",    "term",      "role",      "plugin",
};

[[nodiscard]] constexpr std::string_view to_text(ObjectKind kind) {
  return kObjectKinds[static_cast<std::size_t>(kind)];
}

static_assert(to_text(ObjectKind::plugin) == "plugin");

}  // namespace cluse::domain::journal
