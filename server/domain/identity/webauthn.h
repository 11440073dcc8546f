// What a browser says of a passkey, verified (WebAuthn, level 2, sections 7.1 and 7.2). Pure; libfido2 does the sums.
#pragma once

#include "server/base/result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cluse::domain {

/// Where passkeys belong: a name that stays (`cluse.example`) and the one origin that may use them.
struct RelyingParty {
  std::string id, origin;
};

/// That of the configured address; nothing without one, for an address in numbers, and for http elsewhere than on this
/// machine: browsers have no passkeys there.
[[nodiscard]] std::optional<RelyingParty> relying_party_of(const std::string& public_url);

struct Passkey {
  std::string credential_id;  ///< octets
  std::string public_key;     ///< octets, as libfido2 keeps them
  int algorithm = 0;          ///< of COSE: -7 (ES256), -8 (EdDSA), -257 (RS256)
  std::uint32_t counter = 0;
};

/// All in octets, as the browser answered.
struct Attestation {
  std::string client_data, authenticator_data;
};
struct Assertion {
  std::string credential_id, client_data, authenticator_data, signature;
  std::string user_handle;  ///< may be empty
};

/// What makes an answer one to our question.
struct Challenge {
  RelyingParty party;
  std::string challenge;       ///< as sent, base64url
  bool user_verified = false;  ///< the device must have checked who holds it
};

/// Code "passkey_not_accepted", with why in `detail`.
[[nodiscard]] Result<Passkey> verify_attestation(const Attestation& answer, const Challenge& challenge);
/// The device's counter from now on. Code "passkey_not_accepted", also for a counter that went back: a copy.
[[nodiscard]] Result<std::uint32_t> verify_assertion(const Assertion& answer, const Challenge& challenge,
                                                     const Passkey& passkey);

}  // namespace cluse::domain
