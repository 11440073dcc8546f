// AppPasswords: passwords for programs that know none of our ways to sign in (address books, calendars). Each is drawn
// by us, shown once, kept as its hash, and opens the routes of plugins that ask for one and nothing else.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/sessions.h"

#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

inline constexpr std::size_t kAppPasswordsMax = 20;       ///< of one person
inline constexpr std::size_t kAppPasswordNameMax = 80;    ///< characters
inline constexpr std::size_t kAppPasswordBytesMax = 100;  ///< of what is presented

// The secret is 99 random bits: a plain hash is enough, and is looked up.
inline constexpr std::string_view kAppPasswordSchema = R"sql(
CREATE TABLE app_password (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE INDEX app_password_by_person ON app_password (person_id);
)sql";

struct AppPassword {
  Id id;
  std::string name;
  Instant created_at;
  std::optional<Instant> last_used_at;  ///< to the minute
};

struct NewAppPassword {
  AppPassword shown;
  std::string secret;  ///< "k4mz-7q2p-…": shown once
};

/// Thread: any.
class AppPasswords {
 public:
  AppPasswords(Environment environment, const Sessions& sessions, Accounts& accounts)
      : environment_(environment), sessions_(sessions), accounts_(accounts) {}

  /// The actor's own, the latest first.
  Task<Result<std::vector<AppPassword>>> list(Actor actor);
  /// Codes "proof_needed", "too_many_app_passwords", those of fields.
  Task<Result<NewAppPassword>> add(Actor actor, std::string name);
  /// Code "app_password_not_found".
  Task<Result<void>> remove(Actor actor, Id id);
  /// Who it is, without a session. Limited like signing in: codes "app_password_wrong" (whatever was wrong),
  /// "too_many_attempts" with the wait.
  Task<Guarded<Actor>> authenticate(std::string email, std::string secret, Place place);

 private:
  struct Known {
    Id id;
    Actor actor;
    std::optional<Instant> last_used_at;
  };
  Task<Result<std::optional<Known>>> find(std::string email_folded, std::string secret_hash);
  void mark_used(const Known& known) const;

  const Environment environment_;
  const Sessions& sessions_;
  Accounts& accounts_;
};

}  // namespace cluse::domain
