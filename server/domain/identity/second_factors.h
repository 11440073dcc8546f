// SecondFactors: an authenticator application and recovery codes; the second step of signing in; showing again who one
// is.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/identity/steps.h"
#include "server/domain/identity/vault.h"

#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kRecoveryCodes = 10;

struct NewFactor {
  std::string secret;  ///< base32, to be typed
  std::string uri;     ///< otpauth://…, for a QR code
  std::string sealed;  ///< for a cookie: nothing is stored before a code shows that the application has it
};

struct AddedFactor {
  std::vector<std::string> recovery_codes;  ///< shown once
  std::string token;                        ///< of the session from now on
};

/// Thread: any.
class SecondFactors {
 public:
  SecondFactors(Environment environment, const Sessions& sessions, const Steps& steps, const Vault& vault,
                Accounts& accounts, PasswordHasher& hasher, std::string instance_name)
      : environment_(environment),
        sessions_(sessions),
        steps_(steps),
        vault_(vault),
        accounts_(accounts),
        hasher_(hasher),
        instance_name_(std::move(instance_name)) {}

  /// Code "proof_needed".
  Task<Result<NewFactor>> begin(Actor actor);
  /// Takes the place of what there was; her other sessions end. Codes: "code_wrong", "sign_in_step_over",
  /// "proof_needed", "too_many_attempts" with the wait.
  Task<Guarded<AddedFactor>> add(Actor actor, std::string sealed, std::string code);
  /// New codes in place of all old ones. Codes: "second_factor_not_found", "proof_needed".
  Task<Result<std::vector<std::string>>> new_recovery_codes(Actor actor);
  /// Her own ("proof_needed"), or anybody's for administrators, with the recovery codes. Code
  /// "second_factor_not_found".
  Task<Result<void>> remove(Actor actor, Id person);

  /// The second step of signing in, with a code of the application or of recovery. Codes: "code_wrong",
  /// "sign_in_step_over", "too_many_attempts" with the wait.
  Task<Guarded<SignedIn>> answer(std::string sealed, std::string code, Place place, std::string previous);
  /// She shows again who she is; the session's token from now on. Codes: "password_wrong", "too_many_attempts".
  Task<Guarded<std::string>> prove(Actor actor, std::string password);

 private:
  /// Uses `code` up; how it was proven ("code", "recovery_code"). Code "code_wrong".
  Result<std::string> use_code(storage::Transaction& tx, Id person, const std::string& code,
                               const journal::Author& by) const;
  [[nodiscard]] std::vector<std::string> replace_recovery_codes(storage::Transaction& tx, Id person) const;

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  const Steps& steps_;
  const Vault& vault_;
  Accounts& accounts_;
  PasswordHasher& hasher_;
  const std::string instance_name_;
};

}  // namespace cluse::domain
