// Recovery: a link by mail that sets a new password or signs in once. Who asks learns nothing about who has an account.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/letters.h"

#include <chrono>
#include <optional>
#include <string>

namespace cluse::domain {

struct RecoveryPolicy {
  std::chrono::milliseconds valid_for = std::chrono::minutes(30);
  std::chrono::milliseconds handed_valid_for = std::chrono::hours(24);  ///< made by an administrator, passed on by hand
  std::size_t letters_per_account_max = 5;  ///< within `window`; past it nothing is sent, and the answer is the same
  std::chrono::milliseconds window = std::chrono::minutes(15);
  bool sign_in_links = true;
};

struct RecoveryLink {
  LinkPurpose purpose = LinkPurpose::password;
  Instant expires_at;
};

struct MadeLink {
  std::string token;
  Instant expires_at;
};

/// Thread: any. Codes of a token: "link_not_found", "link_over" (used, expired, or another one was used since).
class Recovery {
 public:
  Recovery(Environment environment, const Sessions& sessions, Accounts& accounts, PasswordHasher& hasher,
           Letters& letters, RecoveryPolicy policy);

  [[nodiscard]] bool sign_in_links() const { return letters_.is_on() && policy_.sign_in_links; }

  /// Returns before anything is looked up, so that answer and time are the same for every address. Codes: "mail_off",
  /// "sign_in_links_off", "field_invalid", "too_many_attempts" with the wait (of the place that asks, never of the
  /// account: nobody can be locked out by others who ask in her name).
  [[nodiscard]] Guarded<void> ask(const std::string& email, LinkPurpose purpose, const Place& place);
  /// A link to pass on by hand, for instances without mail. Administrators. Code "person_not_found".
  Task<Result<MadeLink>> make(Actor actor, Id person);
  /// Looks at a link without using it up.
  Task<Guarded<RecoveryLink>> find(std::string token, Place place);
  /// Uses the link up, with every other one of this person, and signs in. For a link of a password: `password` is the
  /// new one, and all her sessions end. Codes: "password_weak", "too_many_attempts" with the wait.
  Task<Guarded<SignedIn>> use(std::string token, std::string password, Place place, std::string previous_token);

 private:
  struct Stored {
    Id id, person;
    RecoveryLink link;
  };
  static Result<Stored> find_open(storage::Snapshot& snapshot, const std::string& token, Instant now);
  static MadeLink add(storage::Transaction& tx, Id id, Id person, LinkPurpose purpose, Instant now,
                      std::chrono::milliseconds valid_for);
  static std::optional<LinkLetter> letter_for(storage::Transaction& tx, const std::string& email_folded,
                                              LinkPurpose purpose, Instant now, std::chrono::milliseconds valid_for);
  [[nodiscard]] Result<SignedIn> use_in(storage::Transaction& tx, const std::string& token, const std::string& hash,
                                        const Place& place, const std::string& previous_token) const;

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  Accounts& accounts_;
  PasswordHasher& hasher_;
  Letters& letters_;
  const RecoveryPolicy policy_;
  // Synchronises itself
  AttemptLimiter by_account_;
};

}  // namespace cluse::domain
