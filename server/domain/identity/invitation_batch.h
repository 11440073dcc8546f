// Inviting many people at once from a list: first a preview that says what would become of each row, then all of it in
// one transaction. Doing it again changes nothing: who is here or was invited already is left as she is.
#pragma once

#include "server/domain/identity/invitations.h"
#include "server/domain/identity/letters.h"
#include "server/domain/identity/people_csv.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct BatchTarget {
  std::optional<Id> workspace_id;
  std::optional<Role> role;  ///< reader if a workspace is named and no role
};

/// What becomes of one row.
struct BatchRow {
  enum class Outcome {
    invite,           ///< gets an invitation
    renew,            ///< was invited, but no mail went out: gets a new link
    add,              ///< has an account: gets the mandate, or becomes a member
    already_invited,  ///< nothing to do
    already_here,     ///< nothing to do
    refused,          ///< see code and field
  };
  CsvPerson person;
  Outcome outcome = Outcome::refused;
  std::string_view code;  ///< of a refusal
  std::string field;
  std::string token;      ///< once it is done, of those that got a link
  bool is_link = false;   ///< the token sets the password of an account that is there; else it is an invitation's
  bool was_sent = false;  ///< by mail; else the link is passed on by hand
};

/// Thread: any. `people_invite` on the instance; with mandates also `people_manage`; with a workspace its managers.
class InvitationBatch {
 public:
  InvitationBatch(Environment environment, Letters& letters, InvitationPolicy policy)
      : environment_(environment), letters_(letters), policy_(policy) {}

  /// Codes: those of parse_people_csv, "denied", "workspace_not_found". Changes nothing.
  Task<Result<std::vector<BatchRow>>> preview(Actor actor, std::string csv, BatchTarget target);
  /// The same rows, done: all or, on an error, none. Mails go out afterwards; a row whose mail failed can be done
  /// again.
  Task<Result<std::vector<BatchRow>>> run(Actor actor, std::string csv, BatchTarget target);

 private:
  // Fixed at construction
  const Environment environment_;
  Letters& letters_;
  const InvitationPolicy policy_;
};

}  // namespace cluse::domain
