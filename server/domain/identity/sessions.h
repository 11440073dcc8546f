// Sessions: who is signed in, from where, until when. The database holds only the hash of a token.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/identity/people.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct SessionPolicy {
  std::chrono::milliseconds idle = std::chrono::hours(12);           ///< over after so long without a request
  std::chrono::milliseconds absolute = std::chrono::hours(30 * 24);  ///< over after so long whatever happens
  std::chrono::milliseconds seen_step = std::chrono::minutes(1);     ///< last_seen is written at most so often
  std::size_t per_person_max = 50;                                   ///< past it the longest unused one ends
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

/// A session that was just opened. `token` goes into the cookie and nowhere else.
struct SignedIn {
  std::string token;
  Actor actor;
  Profile profile;
  std::vector<Id> ended;  ///< sessions that ended for it; tell Live after the commit
};

/// Thread: any.
class Sessions {
 public:
  Sessions(Environment environment, SessionPolicy policy) : environment_(environment), policy_(policy) {}

  /// Code "not_signed_in": no such session, or over.
  Task<Result<Actor>> authenticate(std::string token);
  /// Those of the actor that are not over, latest first.
  Task<Result<std::vector<SessionInfo>>> list(Actor actor);
  /// Ends one session of the actor; nothing happens if she has none of that id.
  Task<Result<void>> end(Actor actor, Id session);

  /// Inside a write: a new session with a new token, in place of that of `previous_token` if there is one.
  [[nodiscard]] Result<SignedIn> open(storage::Transaction& tx, Id person, const Place& place,
                                      const std::string& previous_token) const;
  /// Inside a write: ends every session of `person` but `kept`, on behalf of `by`; the ended ones.
  [[nodiscard]] std::vector<Id> end_others(storage::Transaction& tx, const journal::Author& by, Id person,
                                           std::optional<Id> kept = {}) const;
  /// After the commit.
  void tell(const std::vector<Id>& ended) const;

  [[nodiscard]] const SessionPolicy& policy() const { return policy_; }

 private:
  [[nodiscard]] bool is_over(Instant created, Instant seen, Instant now) const;
  void mark_seen(Id session, Instant now);

  const Environment environment_;
  const SessionPolicy policy_;
};

}  // namespace cluse::domain
