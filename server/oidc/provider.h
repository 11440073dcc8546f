// Provider: one provider of identities (OpenID Connect, authorisation code with PKCE), as an operator configured it.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/http_client/http_client.h"
#include "server/oidc/jwt.h"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cluse::oidc {

inline constexpr std::chrono::milliseconds kMetadataFresh = std::chrono::hours(1);
inline constexpr std::chrono::milliseconds kKeysKept = std::chrono::hours(24);  ///< while the provider does not answer
inline constexpr std::chrono::milliseconds kRefetchStep = std::chrono::minutes(1);

/// What becomes of somebody whose identity is not known here.
enum class Newcomers {
  refused,  ///< only identities that were linked come in
  invited,  ///< an invitation that is open in the same browser lets her in
  request,  ///< and without one an administrator is asked
};

struct ProviderSettings {
  std::string key;  ///< short, in addresses: "proconnect"
  std::string label_fr, label_de;
  std::string issuer, client_id, client_secret;
  std::string ca_file;
  std::vector<std::string> scopes = {"openid", "profile", "email"};
  std::string acr_values;                  ///< what level of proof is asked for; empty: the provider's default
  std::string organisation_claim;          ///< the claim that `organisations` are compared with
  std::vector<std::string> organisations;  ///< empty: any
  std::string country_claim;               ///< the claim that `countries` are compared with
  std::vector<std::string> countries;      ///< empty: any
  Newcomers newcomers = Newcomers::invited;
  bool second_factor_trusted = false;  ///< true: who comes from there is asked for no second factor of ours
};

/// Where a browser is sent, and what it must come back with.
struct Question {
  std::string redirect_uri, state, nonce, verifier;
  std::string language;  ///< "fr" or "de"
};

/// Who somebody is, as the provider has signed it.
struct Answer {
  std::string issuer, subject;
  std::string name, email;  ///< words to show and to propose, never what somebody is recognised by
  std::string session;      ///< the provider's own session (`sid`), or empty
  std::string id_token;     ///< what ends her session there takes it as a hint
  std::vector<std::string> organisations;
};

/// "Single logout": whose sessions end. At least one of both is set.
struct Logout {
  std::string subject, session, token_id;
};

/// Codes of all: "identity_provider_down" (no answer), "identity_provider_wrong" (an answer that makes no sense).
/// Thread: any, concurrently; no shard (blocks).
class Provider {
 public:
  Provider(ProviderSettings settings, const http_client::HttpClient& http, const Clock& clock);

  [[nodiscard]] const ProviderSettings& settings() const { return settings_; }

  [[nodiscard]] Result<std::string> authorization_url(const Question& question);
  /// Exchanges `code`. Codes: "identity_token_invalid", "identity_refused" (the provider takes the code back),
  /// "identity_organisation" (none of those that are let in).
  [[nodiscard]] Result<Answer> exchange(const std::string& code, const Question& question);
  /// Where a browser goes to end its session there too; nothing if the provider has no such page.
  [[nodiscard]] Result<std::optional<std::string>> end_session_url(const std::string& id_token, const std::string& back,
                                                                   const std::string& state);
  /// Code "identity_token_invalid".
  [[nodiscard]] Result<Logout> logout(const std::string& token);

 private:
  struct Metadata {
    std::string authorization, token, userinfo, end_session, jwks;
    bool secret_in_form = false;
    bool names_issuer = false;  ///< RFC 9207: answers carry `iss`
    Instant read_at;
  };

  Result<Metadata> metadata();
  Result<Metadata> discover(Instant now) const;
  Result<KeySet> keys_for(std::string_view token);
  Result<http_client::Response> ask(http_client::Request request) const;
  Result<boost::json::object> userinfo(const Metadata& known, const std::string& access_token,
                                       const std::string& subject);
  [[nodiscard]] bool wants_more(const boost::json::object& claims) const;
  [[nodiscard]] Result<Answer> answer_of(const boost::json::object& claims, const std::string& id_token) const;

  // Fixed at construction
  const ProviderSettings settings_;
  const http_client::HttpClient& http_;
  const Clock& clock_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::optional<Metadata> metadata_;
  std::optional<KeySet> keys_;
  Instant keys_read_at_, keys_asked_at_;
};

/// Whether `found` is among `wanted`: the same text, or a SIRET (14 digits) of a SIREN (9 digits) that is.
[[nodiscard]] bool is_among(const std::vector<std::string>& found, const std::vector<std::string>& wanted);

/// The S256 challenge of a verifier (RFC 7636).
[[nodiscard]] std::string challenge_of(const std::string& verifier);

}  // namespace cluse::oidc
