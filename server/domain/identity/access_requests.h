// AccessRequests: people who have no account and ask for one: by the public form, or through a provider that knows them
// (federation.h). Who asks learns nothing about who has an account; the secretariat lets them in, or refuses with
// words.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/letters.h"
#include "server/domain/workspaces/access.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct AccessRequestPolicy {
  bool is_open = true;              ///< whether there is a form at all
  bool shows_organisations = true;  ///< whether the form offers the names of those that are known
  std::size_t per_place_max = 20;   ///< requests within `window`
  std::chrono::milliseconds window = std::chrono::minutes(15);
  std::size_t per_address_max = 3;  ///< letters within `address_window`; past it nothing is sent, and the answer is one
  std::chrono::milliseconds address_window = std::chrono::hours(24);
  std::chrono::milliseconds confirm_within = std::chrono::hours(48);
  std::chrono::milliseconds welcome_valid_for = std::chrono::hours(7 * 24);
  std::size_t waiting_max = 1'000;  ///< those that wait, and as many whose address has not answered
};

inline constexpr std::size_t kRequestMessageMax = 2'000;  ///< characters
inline constexpr std::size_t kRequestWorkspacesMax = 50;  ///< of one decision
inline constexpr int kRequestsShown = 200;
inline constexpr int kFormOrganisationsMax = 500;

/// As somebody wrote it.
struct AccessForm {
  std::string name, email;
  std::optional<Id> organisation_id;  ///< a known one, or else
  std::string organisation;           ///< in her words
  std::string message, language;      ///< "fr" or "de"
};

struct AccessRequest {
  Id id;
  std::string provider;  ///< empty: by the form
  std::string name, email, organisation, message, language;
  std::optional<Id> organisation_id;
  Instant created_at;
  bool email_confirmed = false;  ///< her address answered
  bool has_account = false;      ///< somebody has an account with this address
};

/// What the secretariat makes of a request.
struct AccessDecision {
  struct Space {
    Id workspace;
    Role role = Role::reader;
  };
  std::string email, name;  ///< empty: those of the request
  std::optional<Id> organisation_id;
  std::string function;  ///< with an organisation: the mandate she gets
  std::string first_day, last_day;
  std::vector<Space> spaces;
};

struct LetIn {
  Person person;
  std::string token;      ///< of the link that sets her password, to pass on by hand; empty if a letter carries it
  bool was_sent = false;  ///< a letter tells her
};

/// Thread: any.
class AccessRequests {
 public:
  AccessRequests(Environment environment, Accounts& accounts, Letters& letters, AccessRequestPolicy policy);

  [[nodiscard]] const AccessRequestPolicy& policy() const { return policy_; }

  /// Names for the form, by name; none where the policy shows none.
  Task<Result<std::vector<Organisation>>> form_organisations();
  /// The same answer and the same work whether the address is known, waits already or is new. Codes:
  /// "access_requests_off", "too_many_attempts" with the wait (of the place), "too_many_requests", those of fields.
  Task<Guarded<void>> submit(AccessForm form, Place place);
  /// The link of the letter: from now on she waits. Twice is once. Codes: "link_not_found", "link_over",
  /// "too_many_requests".
  Task<Guarded<void>> confirm(std::string token, Place place);

  /// The rest: with `people_invite` and `people_manage` on the instance. Those that wait longest first.
  Task<Result<std::vector<AccessRequest>>> list(Actor actor);
  /// Makes the person, her account, mandate and memberships, and tells her. Codes: "access_request_not_found",
  /// "email_taken", "field_missing" (an address), "field_invalid" (organisation_id), those of mandates and of
  /// require_role for each workspace.
  Task<Result<LetIn>> grant(Actor actor, Id request, AccessDecision decision);
  /// `words`: what she is told and why; they go to addresses that have answered, and to nobody else.
  Task<Result<void>> refuse(Actor actor, Id request, std::string words);

 private:
  struct Noted {
    RequestLetter letter;
    bool send = false;
  };
  [[nodiscard]] Result<Noted> note(storage::Transaction& tx, const AccessForm& form, const Place& place) const;
  [[nodiscard]] Result<void> confirm_in(storage::Transaction& tx, const std::string& token, const Place& place) const;
  [[nodiscard]] Result<LetIn> grant_in(storage::Transaction& tx, const Actor& actor, Id request,
                                       const AccessDecision& decision, RequestLetter* letter) const;

  // Fixed at construction
  const Environment environment_;
  Accounts& accounts_;
  Letters& letters_;
  const AccessRequestPolicy policy_;
  // Synchronise themselves
  AttemptLimiter by_place_, by_address_;
};

}  // namespace cluse::domain
