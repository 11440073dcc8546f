// OrganisationBatch: letting everybody of some organisations in at once: whoever holds a running mandate there, or
// whose belonging is confirmed, and has no way in yet; whoever was invited there and whose link lapsed or never went
// out; with a workspace, also those who are here and not its members. First a preview, then all of it in one
// transaction.
#pragma once

#include "server/domain/identity/invitation_batch.h"
#include "server/domain/identity/sessions.h"

#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kBatchOrganisationsMax = 100;

/// Thread: any. `people_invite` and `people_manage` on the instance; with a workspace its managers. Nobody gets a link
/// for somebody who may more than she herself: such a row is refused ("denied").
class OrganisationBatch {
 public:
  OrganisationBatch(Environment environment, Letters& letters, InvitationPolicy policy)
      : environment_(environment), letters_(letters), policy_(policy) {}

  /// The lines of the rows count from 1. Codes: "field_missing" or "field_invalid" (organisations),
  /// "csv_too_many_rows", "denied", "workspace_not_found".
  Task<Result<std::vector<BatchRow>>> preview(Actor actor, std::vector<Id> organisations, BatchTarget target);
  /// The same rows, done. Mails go out afterwards; a row whose mail failed can be done again.
  Task<Result<std::vector<BatchRow>>> run(Actor actor, std::vector<Id> organisations, BatchTarget target);

 private:
  // Fixed at construction
  const Environment environment_;
  Letters& letters_;
  const InvitationPolicy policy_;
};

}  // namespace cluse::domain
