// Federation: signing in with what another server says of who somebody is (OpenID Connect). Says who comes in, who
// waits for an administrator and who does not; what is proven is decided in server/oidc.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/accounts.h"
#include "server/domain/identity/identities.h"
#include "server/domain/identity/sessions.h"
#include "server/domain/identity/steps.h"
#include "server/http_client/http_client.h"
#include "server/oidc/provider.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct FederationSettings {
  std::vector<oidc::ProviderSettings> providers;
  std::string public_url;  ///< where providers send people back to; configured, never taken from a request
  http_client::Limits limits;
  std::size_t starts_per_address_max = 300;  ///< within `window`; nothing is written for one
  std::chrono::milliseconds window = std::chrono::minutes(15);
  std::size_t requests_max = 1'000;  ///< that wait for an administrator
};

enum class Purpose { sign_in, link };

struct Departing {
  std::string provider;
  Purpose purpose = Purpose::sign_in;
  std::string invitation;  ///< the token of one that is open in this browser, or empty
  std::string return_to;   ///< a path of ours; anything else is "/"
  std::string language;    ///< "fr" or "de"
};

struct Departure {
  std::string url;     ///< of the provider
  std::string sealed;  ///< for a cookie
};

/// What a browser comes back with.
struct Callback {
  std::string sealed;  ///< the cookie
  std::string state, code, error, issuer;
};

struct Arrival {
  std::optional<SignedIn> signed_in;  ///< a session, or its second step
  std::string newcomer;               ///< for a cookie: whoever holds an invitation completes her account with it
  bool waits = false;                 ///< an administrator was asked
  bool linked = false;
  std::string return_to;
};

/// Who comes with an invitation and an identity that nobody knows.
struct Stranger {
  oidc::Answer answer;
  std::string provider, logout_hint;
  boost::json::object step;
};

/// Codes of all that ask a provider: "identity_provider_unknown", and those of oidc::Provider. Thread: any.
class Federation {
 public:
  Federation(Environment environment, const Sessions& sessions, const Steps& steps, const Vault& vault,
             Accounts& accounts, FederationSettings settings);
  ~Federation();

  [[nodiscard]] const std::vector<oidc::ProviderSettings>& providers() const { return settings_.providers; }

  /// For `Purpose::link` somebody must be signed in and have proven it lately ("not_signed_in", "proof_needed").
  Task<Guarded<Departure>> depart(Departing asked, std::optional<Actor> actor, Place place);
  /// Codes: "sign_in_step_over" (another browser, a second time, too late), "identity_cancelled", "identity_refused",
  /// "identity_unknown", "identity_taken", "too_many_attempts", "too_many_requests". Whatever it is, nothing was made.
  Task<Guarded<Arrival>> arrive(Callback callback, std::optional<Actor> actor, Place place, std::string previous);
  /// What a newcomer's cookie holds. Code "sign_in_step_over".
  [[nodiscard]] Result<Stranger> stranger(const std::string& sealed) const;
  /// Where to go to end the session at the provider too, for the session of `actor`; nothing if it came another way.
  Task<std::optional<std::string>> logout_url(Actor actor);
  /// What the provider sends when somebody signs out there: ends those of our sessions, with their WebSockets.
  Task<Guarded<void>> log_out(std::string provider, std::string token, Place place);

  /// Ends what is under way with providers. Blocks.
  void stop();

 private:
  [[nodiscard]] Result<oidc::Provider*> find(const std::string& key) const;
  [[nodiscard]] oidc::Question question_of(const boost::json::object& step) const;
  Task<Guarded<Arrival>> link(boost::json::object step, oidc::Answer answer, std::optional<Actor> actor);
  Task<Guarded<Arrival>> enter(boost::json::object step, oidc::Answer answer, Place place, std::string previous);
  Result<Arrival> enter_in(storage::Transaction& tx, const boost::json::object& step, const oidc::Answer& answer,
                           const Place& place, const std::string& previous) const;
  Result<Arrival> unknown(storage::Transaction& tx, const boost::json::object& step, const oidc::Answer& answer,
                          const oidc::ProviderSettings& provider, const Place& place) const;
  Task<Result<void>> spend(boost::json::object step);

  // Fixed at construction
  const Environment environment_;
  const Sessions& sessions_;
  const Steps& steps_;
  const Vault& vault_;
  Accounts& accounts_;
  const FederationSettings settings_;
  http_client::HttpClient http_;
  std::vector<std::unique_ptr<oidc::Provider>> providers_;  ///< beside settings_.providers
  // Synchronise themselves
  AttemptLimiter starts_;
  Workers threads_{2, 64};
};

/// A path of ours that a browser may be sent to; "/" for anything else.
[[nodiscard]] std::string safe_path(const std::string& path);

}  // namespace cluse::domain
