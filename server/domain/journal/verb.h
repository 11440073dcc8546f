// Verb and ObjectKind: the closed lists of what can happen, and to what. Their words stand in the chain and outlive
// releases: never rename one; add at the end. Each verb has its sentence in the client (i18n/*/journal.json).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cluse::domain::journal {

enum class Verb : std::uint8_t {
  instance_set_up,
  session_started,
  session_ended,
  session_revoked,
  password_changed,
  profile_changed,
  person_added,
  person_exported,
  person_erased,
  organisation_added,
  invitation_created,
  invitation_accepted,
  territory_added,
  workspace_created,
  workspace_changed,
  member_added,
  member_role_changed,
  member_removed,
  document_created,
  document_renamed,
  document_language_changed,
  document_moved,
  document_trashed,
  document_restored,
  document_purged,
  document_imported,
  document_exported,
  document_edited,
  image_added,
  journal_exported,
  territories_loaded,
  contact_changed,
  retention_applied,
  identity_linked,
  identity_renamed,
  identity_removed,
  access_requested,
  access_granted,
  access_refused,
  second_factor_added,
  second_factor_removed,
  second_factor_reset,
  recovery_codes_made,
  recovery_code_used,
  passkey_added,
  passkey_renamed,
  passkey_removed,
  administrator_added,
  administrator_removed,
  grant_added,
  grant_changed,
  grant_removed,
  group_created,
  group_renamed,
  group_member_added,
  group_member_removed,
  group_deleted,
  person_suspended,
  person_reactivated,
  person_handed_over,
  belonging_confirmed,
  mandate_added,
  mandate_changed,
  document_twin_linked,
  document_twin_unlinked,
  document_authentic_changed,
  role_added,
  role_changed,
  role_removed,
};

inline constexpr std::array<std::string_view, 69> kVerbs = {
    "instance.set_up",
    "session.started",
    "session.ended",
    "session.revoked",
    "password.changed",
    "profile.changed",
    "person.added",
    "person.exported",
    "person.erased",
    "organisation.added",
    "invitation.created",
    "invitation.accepted",
    "territory.added",
    "workspace.created",
    "workspace.changed",
    "member.added",
    "member.role_changed",
    "member.removed",
    "document.created",
    "document.renamed",
    "document.language_changed",
    "document.moved",
    "document.trashed",
    "document.restored",
    "document.purged",
    "document.imported",
    "document.exported",
    "document.edited",
    "image.added",
    "journal.exported",
    "territories.loaded",
    "contact.changed",
    "retention.applied",
    "identity.linked",
    "identity.renamed",
    "identity.removed",
    "access.requested",
    "access.granted",
    "access.refused",
    "second_factor.added",
    "second_factor.removed",
    "second_factor.reset",
    "recovery_codes.made",
    "recovery_code.used",
    "passkey.added",
    "passkey.renamed",
    "passkey.removed",
    "administrator.added",
    "administrator.removed",
    "grant.added",
    "grant.changed",
    "grant.removed",
    "group.created",
    "group.renamed",
    "group.member_added",
    "group.member_removed",
    "group.deleted",
    "person.suspended",
    "person.reactivated",
    "person.handed_over",
    "belonging.confirmed",
    "mandate.added",
    "mandate.changed",
    "document.twin_linked",
    "document.twin_unlinked",
    "document.authentic_changed",
    "role.added",
    "role.changed",
    "role.removed",
};

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
  role,
};

inline constexpr std::array<std::string_view, 14> kObjectKinds = {
    "instance", "person", "session",        "organisation", "invitation", "territory", "workspace",
    "document", "image",  "access_request", "grant",        "group",      "mandate",   "role",
};

[[nodiscard]] constexpr std::string_view to_text(Verb verb) {
  return kVerbs[static_cast<std::size_t>(verb)];
}
[[nodiscard]] constexpr std::string_view to_text(ObjectKind kind) {
  return kObjectKinds[static_cast<std::size_t>(kind)];
}
[[nodiscard]] constexpr std::optional<Verb> parse_verb(std::string_view text) {
  for (std::size_t i = 0; i < kVerbs.size(); ++i)
    if (kVerbs[i] == text) return static_cast<Verb>(i);
  return std::nullopt;
}

static_assert(to_text(Verb::role_removed) == "role.removed" && to_text(ObjectKind::role) == "role");

}  // namespace cluse::domain::journal
