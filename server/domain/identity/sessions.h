// Sessions: who is signed in, from where, until when. The database holds only the hash of a token.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/people.h"
#include "server/domain/identity/steps.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

/// Who must have a second factor. Whoever has one is asked for it in any case.
enum class FactorPolicy { nobody, administrators, everyone };

struct SessionPolicy {
  std::chrono::milliseconds idle = std::chrono::hours(12);                 ///< over after so long without a request
  std::chrono::milliseconds absolute = std::chrono::hours(30 * 24);        ///< over after so long whatever happens
  std::chrono::milliseconds seen_step = std::chrono::minutes(1);           ///< last_seen is written at most so often
  std::chrono::milliseconds previous_valid_for = std::chrono::minutes(1);  ///< a token that was replaced: requests that
                                                                           ///< were on their way, and a lost answer
  std::size_t per_person_max = 50;                                         ///< past it the longest unused one ends
  FactorPolicy second_factor = FactorPolicy::nobody;                       ///< who must have one
  std::chrono::milliseconds proof_fresh = std::chrono::minutes(15);  ///< so long a sign-in is a proof of who is there
};

struct SessionInfo {
  Id id;
  Instant created_at, last_seen_at;
  std::string device;
  bool current = false;
};

/// Where a request came from.
struct Place {
  std::string address;
  std::string device;           ///< words such as "Firefox, Linux"
  std::string request_id = {};  ///< for the journal
};

/// How somebody has shown who she is.
struct Proof {
  std::string method = "password";  ///< for the journal: password, link, identity, passkey, code, recovery_code
  std::optional<Id> identity = {};  ///< of a provider
  std::string provider_session = {};
  std::string logout_hint = {};  ///< sealed
  bool strong = false;           ///< with a second factor, or with one that counts as two
};

/// What a step of kind "second" says of the first step, completed by `method`.
[[nodiscard]] Proof second_proof(const boost::json::object& step, const std::string& method);

/// The second step of signing in. `sealed` goes into a cookie.
struct SecondStep {
  std::string sealed;
  bool code = false, passkey = false;  ///< what may be answered with
};

/// A session that was just opened. `token` goes into the cookie and nowhere else. With `second` there is no session
/// yet: no token, no actor, and a profile for letters alone.
struct SignedIn {
  std::string token;
  Actor actor;
  Profile profile;
  std::vector<Id> ended;  ///< sessions that ended for it; tell Live after the commit
  std::optional<SecondStep> second = {};
};

/// Thread: any.
class Sessions {
 public:
  Sessions(Environment environment, SessionPolicy policy, const Steps& steps)
      : environment_(environment), policy_(policy), steps_(steps) {}

  /// Code "not_signed_in": no such session, or over.
  Task<Result<Actor>> authenticate(std::string token);
  /// Those of `sessions` that are over, ended or suspended. Marks none of them as seen: who only listens is idle.
  Task<Result<std::vector<Id>>> over(std::vector<Id> sessions);
  /// Those of the actor that are not over, latest first.
  Task<Result<std::vector<SessionInfo>>> list(Actor actor);
  /// Ends one session of the actor; nothing happens if she has none of that id.
  Task<Result<void>> end(Actor actor, Id session);

  /// Inside a write: a new session with a new token, in place of that of `previous_token` if there is one.
  [[nodiscard]] Result<SignedIn> open(storage::Transaction& tx, Id person, const Place& place,
                                      const std::string& previous_token, const Proof& proof = {}) const;
  /// The same, or the second step if `person` has a second factor and `proof` is of one alone.
  [[nodiscard]] Result<SignedIn> enter(storage::Transaction& tx, Id person, const Place& place,
                                       const std::string& previous_token, const Proof& proof) const;
  /// Inside a write: the same session under a new token, which is answered. What she proved now is noted.
  [[nodiscard]] std::string renew(storage::Transaction& tx, Id session, bool strong) const;
  /// The session of `token` under a new one, if its rights have changed since (Actor::token_is_due): whoever held the
  /// old one is not carried along into more than it opened. The old one still answers for a moment. Nothing: another
  /// request of the same browser was first.
  Task<Result<std::optional<std::string>>> rotate(Actor actor, std::string token);
  /// Code "proof_needed": it is too long ago that she showed who she is for what she asks.
  [[nodiscard]] Result<void> require_proof(const Actor& actor) const;
  /// Inside a write: ends these, on behalf of nobody who is here.
  [[nodiscard]] std::vector<Id> end_these(storage::Transaction& tx, const journal::Author& by,
                                          const std::vector<Id>& sessions) const;
  /// Inside a write: ends every session of `person` but `kept`, on behalf of `by`; the ended ones.
  [[nodiscard]] std::vector<Id> end_others(storage::Transaction& tx, const journal::Author& by, Id person,
                                           std::optional<Id> kept = {}) const;
  /// After the commit.
  void tell(const std::vector<Id>& ended) const;

  [[nodiscard]] const SessionPolicy& policy() const { return policy_; }

 private:
  [[nodiscard]] bool is_over(Instant created, Instant seen, Instant now) const;
  [[nodiscard]] bool must_have_factor(bool is_admin) const;
  void mark_seen(Id session, Instant now);

  const Environment environment_;
  const SessionPolicy policy_;
  const Steps& steps_;
};

/// Whether `person` has an authenticator application, and passkeys.
struct Factors {
  bool code = false, passkey = false;
};
[[nodiscard]] Factors factors_of(storage::Snapshot& snapshot, Id person);

}  // namespace cluse::domain
