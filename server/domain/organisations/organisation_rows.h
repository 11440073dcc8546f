// Organisations inside a closure: what is known of one beyond its name. Thread: the one that runs it.
#pragma once

#include "server/base/time.h"
#include "server/domain/identity/mandate.h"
#include "server/domain/identity/people.h"
#include "server/domain/organisations/days.h"
#include "server/domain/registry/registry.h"
#include "server/domain/territories/territories.h"
#include "server/storage/database.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kMembershipsPerOrganisationMax = 200;  ///< those that have ended count
inline constexpr int kOrganisationDepthMax = 16;                    ///< parents above one another

/// The registers that an organisation may stand in.
inline constexpr registry::NumberKind kOrganisationNumbers[] = {
    registry::NumberKind::siren, registry::NumberKind::siret, registry::NumberKind::rna, registry::NumberKind::uid};

struct RegistryNumber {
  registry::NumberKind kind = registry::NumberKind::siren;
  std::string number;  ///< as people typed it on the way in, normalised on the way out

  bool operator==(const RegistryNumber&) const = default;
};

/// One organisation in another: an EPCI in a Pôle.
struct Membership {
  Id id;
  Organisation organisation;  ///< the other one: the body, or the member
  std::optional<std::string> first_day, last_day;
  bool is_current = false;
};

/// Everything about an organisation that a screen shows.
struct OrganisationDetail {
  Organisation organisation;
  std::optional<territories::Unit> territory;
  std::optional<Organisation> parent;
  std::vector<Organisation> children;
  std::vector<RegistryNumber> numbers;
  std::vector<Membership> bodies;   ///< that it is a member of
  std::vector<Membership> members;  ///< those that have ended too, after the others
  struct Holder {
    Person person;
    Mandate mandate;
  };
  std::vector<Holder> mandates;
};

/// All of an organisation that is edited at once: what is empty is taken away.
struct OrganisationContent {
  std::string name, short_name, country, kind;
  std::optional<Id> territory_id, parent_id;
  std::vector<RegistryNumber> numbers;  ///< at most one a kind
};

struct NewMembership {
  Id body_id;
  std::optional<std::string> first_day, last_day;
};

/// Code "organisation_not_found".
[[nodiscard]] Result<OrganisationDetail> organisation_detail(storage::Snapshot& snapshot, Id id,
                                                             const std::string& today);

/// Inside a write: the organisation becomes what `content` says. Codes: those of fields; "organisation_not_found";
/// "organisation_taken" (name and country are another's); "field_invalid" (territory_id, parent_id);
/// "organisation_cycle", "organisation_too_deep" (parent_id); those of registry::parse, "registry_number_taken"
/// (another organisation has it) and "registry_numbers_differ" (SIRET and SIREN) with field "numbers.<kind>".
[[nodiscard]] Result<void> update_organisation(storage::Transaction& tx, Id id, const OrganisationContent& content);

/// Inside a write. Codes: those of days; "organisation_not_found"; "field_invalid" (body_id); "organisation_cycle" (the
/// body is a member of the organisation, by whatever way, within these days); "membership_overlaps";
/// "too_many_memberships".
[[nodiscard]] Result<Id> insert_membership(storage::Transaction& tx, Id organisation, const NewMembership& membership,
                                           Instant now);
/// Its days change, nothing else. Codes: the same; "membership_not_found" also if it is another organisation's.
[[nodiscard]] Result<void> update_membership(storage::Transaction& tx, Id organisation, Id membership,
                                             const std::optional<std::string>& first_day,
                                             const std::optional<std::string>& last_day);

}  // namespace cluse::domain
