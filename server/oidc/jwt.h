// Signed tokens (JWS in its compact form, RFC 7515) and the keys that sign them (RFC 7517).
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"

#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::oidc {

inline constexpr std::size_t kTokenBytesMax = 64U << 10;
inline constexpr std::size_t kKeysMax = 32;  ///< of one provider; more are not looked at
inline constexpr std::chrono::milliseconds kClockSkew = std::chrono::seconds(60);
inline constexpr std::chrono::milliseconds kTokenAgeMax = std::chrono::minutes(10);

/// The public keys of one issuer. Copies share them. Thread: any.
class KeySet {
 public:
  KeySet();
  /// Keys of kinds and uses that sign nothing are left out. Code "identity_provider_wrong".
  [[nodiscard]] static Result<KeySet> parse(std::string_view json);
  [[nodiscard]] bool has(std::string_view kid) const;

 private:
  struct Key;
  friend Result<boost::json::object> verified(std::string_view token, const KeySet& keys);
  std::vector<std::shared_ptr<const Key>> keys_;
};

/// The key id that a token names; empty if it names none or is no token. Nothing is verified.
[[nodiscard]] std::string kid_of(std::string_view token);

/// What stands in a token, once one of `keys` is found to have signed it: RS, PS and ES with 256 to 512 bits, and
/// EdDSA with Ed25519. Code "identity_token_invalid".
[[nodiscard]] Result<boost::json::object> verified(std::string_view token, const KeySet& keys);

/// What every token of a sign-in must say; `nonce` is not looked at when empty.
struct Expected {
  std::string issuer, client_id, nonce;
  Instant now;
};

/// iss, aud, azp, exp, iat, nbf, sub and nonce of OpenID Connect Core, 3.1.3.7, with kClockSkew. Code
/// "identity_token_invalid", with the claim in `field`.
[[nodiscard]] Result<void> check_claims(const boost::json::object& claims, const Expected& expected);

/// Claim `name` as text, or empty.
[[nodiscard]] std::string text_of(const boost::json::object& claims, std::string_view name);
/// Claim `name`, a text or a list of texts, as a list.
[[nodiscard]] std::vector<std::string> texts_of(const boost::json::object& claims, std::string_view name);

}  // namespace cluse::oidc
