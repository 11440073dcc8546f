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
  document_twin_linked,
  document_twin_unlinked,
  document_authentic_changed,
};

inline constexpr std::array<std::string_view, 34> kVerbs = {
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
    "document.twin_linked",
    "document.twin_unlinked",
    "document.authentic_changed",
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
};

inline constexpr std::array<std::string_view, 9> kObjectKinds = {
    "instance", "person", "session", "organisation", "invitation", "territory", "workspace", "document", "image",
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

static_assert(to_text(Verb::document_authentic_changed) == "document.authentic_changed" &&
              to_text(ObjectKind::image) == "image");

}  // namespace cluse::domain::journal
