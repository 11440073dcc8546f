// Identities: by which ways a person may sign in, as she sees them on her account page and as administrators see them.
// An identity is an issuer and a subject, never an e-mail address: two that name the same address stay two.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/sessions.h"
#include "server/oidc/provider.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kIdentitiesMax = 20;  ///< of one person

struct Identity {
  Id id;
  std::string issuer;
  std::string label;  ///< what she calls it; may be empty
  std::string shown;  ///< the address or name that the provider told: to tell two apart, for nothing else
  Instant created_at;
  std::optional<Instant> last_used_at;
};

struct PasskeyEntry {
  Id id;
  std::string name;
  Instant created_at;
  std::optional<Instant> last_used_at;
};

struct SignInWays {
  bool has_password = false;
  std::vector<Identity> identities;
  std::vector<PasskeyEntry> passkeys;
  std::optional<Instant> second_factor_since;
  int recovery_codes_left = 0;
};

/// Inside a write. Codes: "identity_taken" (it is somebody else's), "too_many_identities". Nothing happens if she has
/// it already; its id.
[[nodiscard]] Result<Id> link_identity(storage::Transaction& tx, const journal::Author& by, Id person,
                                       const oidc::Answer& answer, const std::string& provider, Instant now);

/// Reads them. Thread: the one that runs the closure.
[[nodiscard]] SignInWays ways_of(storage::Snapshot& snapshot, Id person);
/// Code "last_way_in": there would be none left to sign in.
[[nodiscard]] Result<void> require_another_way(storage::Snapshot& snapshot, Id person);

/// Thread: any.
class Identities {
 public:
  Identities(Environment environment, const Sessions& sessions) : environment_(environment), sessions_(sessions) {}

  /// Her own; with `person`, for administrators. Code "person_not_found".
  Task<Result<SignInWays>> ways(Actor actor, Id person);
  /// Her own. Codes: "identity_not_found", those of fields.
  Task<Result<void>> rename(Actor actor, Id identity, std::string label);
  /// Her own, or anybody's for administrators (who may also take the last one away: it is lost). Sessions that it
  /// opened end. Codes: "identity_not_found", "last_way_in", "proof_needed".
  Task<Result<void>> remove(Actor actor, Id person, Id identity);

 private:
  const Environment environment_;
  const Sessions& sessions_;
};

}  // namespace cluse::domain
