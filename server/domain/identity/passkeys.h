// Passkeys: keys that live in a device and sign in by themselves, or stand in for a code. What a browser says of them
// is verified in webauthn.h.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/identity/steps.h"
#include "server/domain/identity/webauthn.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kPasskeysMax = 20;  ///< of one person

enum class PasskeyUse {
  sign_in,  ///< alone: the device says who it is, and checks who holds it
  second,   ///< after a password: it is enough that somebody is there
  add,      ///< a new one, for who is signed in
  prove,    ///< she shows again who she is
};

/// What a browser asks its devices.
struct PasskeyQuestion {
  RelyingParty party;
  std::string challenge;           ///< base64url
  std::vector<std::string> known;  ///< credential ids, base64url: to choose from, or, to add, to leave out
  std::string user, name, shown;   ///< to add: handle (base64url), address, name
  bool user_verified = false;
  std::string sealed;  ///< for a cookie
};

/// Code of all: "passkeys_off" (see relying_party_of). Thread: any.
class Passkeys {
 public:
  Passkeys(Environment environment, const Sessions& sessions, const Steps& steps, Accounts& accounts,
           const std::string& public_url)
      : environment_(environment),
        sessions_(sessions),
        steps_(steps),
        accounts_(accounts),
        party_(relying_party_of(public_url)) {}

  [[nodiscard]] bool is_on() const { return party_.has_value(); }

  /// `second`: the step of a first factor, for PasskeyUse::second ("sign_in_step_over"). Codes: "not_signed_in" and
  /// "proof_needed" (to add one).
  Task<Result<PasskeyQuestion>> ask(PasskeyUse use, std::optional<Actor> actor, std::string second);
  /// The session's token from now on; her other sessions stay. Codes: "passkey_not_accepted", "sign_in_step_over",
  /// "too_many_identities", those of fields.
  Task<Result<std::string>> add(Actor actor, std::string sealed, std::string name, Attestation answer);
  /// Codes: "passkey_not_accepted" (unknown, or anything else), "sign_in_step_over", "too_many_attempts".
  Task<Guarded<SignedIn>> sign_in(std::string sealed, Assertion answer, Place place, std::string previous);
  /// The same as the second step `second`.
  Task<Guarded<SignedIn>> answer(std::string second, std::string sealed, Assertion answer, Place place,
                                 std::string previous);
  /// The session's token from now on.
  Task<Guarded<std::string>> prove(Actor actor, std::string sealed, Assertion answer);

  /// Her own. Codes: "passkey_not_found", those of fields.
  Task<Result<void>> rename(Actor actor, Id passkey, std::string name);
  /// Her own, or anybody's for administrators. Codes: "passkey_not_found", "last_way_in", "proof_needed".
  Task<Result<void>> remove(Actor actor, Id person, Id passkey);

 private:
  /// Inside a write: whose passkey answered the question of `sealed`. It is used up.
  Result<Id> use(storage::Transaction& tx, PasskeyUse use, const std::string& sealed, const Assertion& answer) const;
  [[nodiscard]] Challenge challenge_of(const boost::json::object& step, PasskeyUse use) const;

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  const Steps& steps_;
  Accounts& accounts_;
  const std::optional<RelyingParty> party_;
};

}  // namespace cluse::domain
