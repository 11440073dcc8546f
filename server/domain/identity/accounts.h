// Accounts: the first administrator, signing in, changing the password.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/attempt_limiter.h"
#include "server/domain/identity/password_hasher.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/refusal.h"

#include <atomic>
#include <chrono>
#include <expected>
#include <optional>
#include <string>

namespace cluse::domain {

/// Nobody is locked out: each limit is a sliding window, and tries that are refused do not count.
struct SignInPolicy {
  std::size_t tries_per_account_max = 10;  ///< from places this account has not signed in from; as many from each known
  std::size_t tries_per_address_max = 100;  ///< good ones do not count
  std::chrono::milliseconds window = std::chrono::minutes(15);
  std::size_t tries_before_letter = 5;  ///< that failed within `window`: past it whose account it is hears of them
  std::chrono::milliseconds letter_window = std::chrono::hours(24);  ///< one such letter an account
  std::size_t password_characters_min = 12;
  std::chrono::milliseconds place_known_for = std::chrono::hours(90 * 24);
};

struct Credentials {
  std::string email, password;
};

struct FirstAdministrator {
  std::string token, name, email, password, ui_locale;
  NewOrganisation organisation;
};

class Letters;

/// An answer that may have to say how long to wait.
template <class T>
using Guarded = std::expected<T, Refusal>;

/// Thread: any.
class Accounts {
 public:
  /// `setup_token`: for tests and packaging; empty draws one.
  Accounts(Environment environment, const Sessions& sessions, PasswordHasher& hasher, Letters& letters,
           SignInPolicy policy, std::string setup_token);

  /// Reads whether there is an account yet. Thread: not a shard (blocks).
  Result<void> start();
  /// What POST /setup must present, while nobody has an account. Shown once on the console by whoever starts us.
  [[nodiscard]] std::optional<std::string> setup_token() const;
  [[nodiscard]] bool needs_setup() const { return needs_setup_.load(); }

  /// Codes: "setup_done", "setup_token_wrong", "password_weak", those of fields, "too_many_attempts".
  Task<Guarded<SignedIn>> set_up(FirstAdministrator first, Place place);
  /// Codes: "sign_in_failed" (whatever was wrong, in the same time), "too_many_attempts" with the wait.
  Task<Guarded<SignedIn>> sign_in(Credentials credentials, Place place, std::string previous_token);
  /// Ends the other sessions. Codes: "password_wrong", "password_weak", "too_many_attempts" with the wait.
  Task<Guarded<void>> change_password(Actor actor, std::string current, std::string password);

  /// Codes: "password_weak", "field_too_long".
  [[nodiscard]] Result<void> check_password(std::string_view password) const;
  /// For other doors that anyone may knock at (invitations): zero, or how long this address has to wait.
  [[nodiscard]] std::chrono::seconds knock(const Place& place);
  /// Takes the latest knock of this place back: it was a good one.
  void unknock(const Place& place);
  /// The same for what `key` names: zero, or how long to wait.
  [[nodiscard]] std::chrono::seconds try_account(const std::string& key);
  void forget_tries(const std::string& key);
  /// A try to get in as `person` has failed, with a password or a second factor: after some of them she gets a letter.
  /// Returns before anything is looked up.
  void note_failure(Id person);

 private:
  struct Found {
    std::optional<Id> person;
    std::string password_hash;
    bool place_known = false;
  };
  Task<Result<Found>> find(std::string email_folded, std::string address);
  Task<Result<SignedIn>> open_session(Found found, Place place, std::string previous_token);

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  PasswordHasher& hasher_;
  Letters& letters_;
  const SignInPolicy policy_;
  const std::string setup_token_;
  // Synchronise themselves
  std::atomic<bool> needs_setup_ = false;
  AttemptLimiter by_account_, by_address_, failures_, failure_letters_;
};

}  // namespace cluse::domain
