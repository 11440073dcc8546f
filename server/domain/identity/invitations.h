// Invitations: a link, good once and for two weeks, that lets a person in and into a workspace.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/federation.h"
#include "server/domain/identity/people.h"
#include "server/domain/workspaces/access.h"

#include <chrono>
#include <optional>
#include <string>

namespace cluse::domain {

struct InvitationPolicy {
  std::chrono::milliseconds valid_for = std::chrono::hours(14 * 24);
  std::size_t open_per_person_max = 500;
};

struct NewInvitation {
  std::optional<Id> workspace_id;
  std::optional<Role> role;          ///< reader if a workspace is named and no role
  std::optional<std::string> email;  ///< only this address may accept
};

/// Shown to its maker, once.
struct MadeInvitation {
  Id id;
  std::string token;
  Instant expires_at;
};

/// What the invited person reads before she accepts.
struct Invitation {
  Id id;
  std::optional<Id> workspace_id;
  std::string workspace_name;
  std::optional<Role> role;
  std::optional<Person> invited_by;
  std::optional<std::string> email;
  Instant expires_at;
  std::string name = {}, function = {};    ///< as whoever invited wrote them, or empty
  std::optional<Id> organisation_id = {};  ///< where she will belong
};

/// A new account by invitation: an organisation that is known, or a new one.
struct Newcomer {
  std::string name, function, email, password, ui_locale;
  std::optional<Id> organisation_id;
  std::optional<NewOrganisation> organisation;
  std::string identity = {};  ///< what Federation sealed when she came from a provider: in place of a password
};

struct Accepted {
  Profile profile;
  std::optional<Id> workspace_id;
  std::optional<SignedIn> signed_in;  ///< for a newcomer: the session to set the cookie of
};

/// Thread: any. Codes of a token: "invitation_not_found", "invitation_over" (used or expired).
class Invitations {
 public:
  Invitations(Environment environment, const Sessions& sessions, Accounts& accounts, PasswordHasher& hasher,
              const Federation& federation, const Steps& steps, InvitationPolicy policy);

  /// Managers of the workspace; without one, administrators. Codes: "workspace_not_found", "denied", "field_missing"
  /// (a role without a workspace), "too_many_requests" (too many open ones).
  Task<Result<MadeInvitation>> invite(Actor actor, NewInvitation invitation);
  Task<Result<Invitation>> find(std::string token);
  /// A signed-in person joins; she keeps a higher role. Accepting again changes nothing. Code:
  /// "invitation_other_email".
  Task<Result<Accepted>> accept(Actor actor, std::string token);
  /// A newcomer gets an account, joins and is signed in. Codes: "email_taken", "invitation_other_email",
  /// "password_weak", those of fields, "too_many_attempts" with the wait; with an identity "sign_in_step_over",
  /// "identity_taken".
  Task<Guarded<Accepted>> accept_as_newcomer(Newcomer newcomer, std::string token, Place place);

 private:
  Result<Accepted> join_as_newcomer(storage::Transaction& tx, const Newcomer& newcomer, const std::string& token,
                                    const std::string& hash, const Place& place) const;

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  Accounts& accounts_;
  PasswordHasher& hasher_;
  const Federation& federation_;
  const Steps& steps_;
  const InvitationPolicy policy_;
};

}  // namespace cluse::domain
