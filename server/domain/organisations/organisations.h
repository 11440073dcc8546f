// Organisations: where they stand, what they belong to, by which numbers registers know them.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/organisations/organisation_rows.h"

#include <string>
#include <vector>

namespace cluse::domain {

/// Thread: any. Everyone who is signed in reads; administrators change, others get "denied".
class Organisations {
 public:
  explicit Organisations(Environment environment) : environment_(environment) {}

  /// Code "organisation_not_found".
  Task<Result<OrganisationDetail>> find(Actor actor, Id organisation);
  /// Codes: those of update_organisation.
  Task<Result<OrganisationDetail>> add(Actor actor, OrganisationContent content);
  Task<Result<OrganisationDetail>> change(Actor actor, Id organisation, OrganisationContent content);
  /// Codes: those of insert_membership and update_membership. Answers the organisation.
  Task<Result<OrganisationDetail>> join(Actor actor, Id organisation, NewMembership membership);
  Task<Result<OrganisationDetail>> change_membership(Actor actor, Id organisation, Id membership,
                                                     std::optional<std::string> first_day,
                                                     std::optional<std::string> last_day);
  /// Communes, EPCI, cantons, … by name, at most 50.
  Task<Result<std::vector<territories::Unit>>> find_territories(Actor actor, std::string query);

 private:
  const Environment environment_;
};

}  // namespace cluse::domain
