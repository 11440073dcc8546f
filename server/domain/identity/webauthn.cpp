#include "server/domain/identity/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kClientDataMax = 8U << 10;
constexpr std::size_t kAuthenticatorDataMax = 4U << 10;
constexpr std::uint8_t kUserPresent = 1, kUserVerified = 4;

std::unexpected<Error> refused(std::string why) {
  return fail(Errc::denied, "passkey_not_accepted", std::move(why));
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_in(const boost::json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

/// What the browser itself signed: for what, for whom, in answer to what.
Result<void> check_client_data(const std::string& text, std::string_view type, const Challenge& challenge) {
  if (text.size() > kClientDataMax) return refused("client data of " + std::to_string(text.size()) + " octets");
  boost::system::error_code error;
  const auto value = boost::json::parse(text, error);
  if (error || !value.is_object()) return refused("client data that is no object");
  const auto& data = value.as_object();
  if (text_in(data, "type") != type) return refused("client data for something else");
  if (text_in(data, "challenge") != challenge.challenge) return refused("another challenge");
  if (text_in(data, "origin") != challenge.party.origin) return refused("another origin: " + text_in(data, "origin"));
  const auto* crossed = data.if_contains("crossOrigin");
  if (crossed != nullptr && crossed->is_bool() && crossed->as_bool()) return refused("from within another page");
  return {};
}

struct FreeCredential {
  void operator()(fido_cred_t* credential) const { fido_cred_free(&credential); }
};
struct FreeAssertion {
  void operator()(fido_assert_t* assertion) const { fido_assert_free(&assertion); }
};
struct FreeKey {
  void operator()(es256_pk_t* key) const { es256_pk_free(&key); }
  void operator()(rs256_pk_t* key) const { rs256_pk_free(&key); }
  void operator()(eddsa_pk_t* key) const { eddsa_pk_free(&key); }
};

std::string octets(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// The credential in `data`, if its key is of `algorithm`.
std::optional<Passkey> passkey_in(const std::string& data, int algorithm) {
  const std::unique_ptr<fido_cred_t, FreeCredential> credential(fido_cred_new());
  if (!credential || fido_cred_set_type(credential.get(), algorithm) != FIDO_OK ||
      fido_cred_set_authdata_raw(credential.get(), bytes_of(data), data.size()) != FIDO_OK ||
      fido_cred_pubkey_ptr(credential.get()) == nullptr || fido_cred_id_ptr(credential.get()) == nullptr)
    return std::nullopt;
  return Passkey{octets(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())),
                 octets(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get())), algorithm,
                 fido_cred_sigcount(credential.get())};
}

bool signature_is_good(fido_assert_t* assertion, const Passkey& passkey) {
  const auto* key = passkey.public_key.data();
  const std::size_t size = passkey.public_key.size();
  const auto verify = [&](const void* imported) {
    return fido_assert_verify(assertion, 0, passkey.algorithm, imported) == FIDO_OK;
  };
  if (passkey.algorithm == COSE_ES256) {
    const std::unique_ptr<es256_pk_t, FreeKey> imported(es256_pk_new());
    return es256_pk_from_ptr(imported.get(), key, size) == FIDO_OK && verify(imported.get());
  }
  if (passkey.algorithm == COSE_RS256) {
    const std::unique_ptr<rs256_pk_t, FreeKey> imported(rs256_pk_new());
    return rs256_pk_from_ptr(imported.get(), key, size) == FIDO_OK && verify(imported.get());
  }
  const std::unique_ptr<eddsa_pk_t, FreeKey> imported(eddsa_pk_new());
  return eddsa_pk_from_ptr(imported.get(), key, size) == FIDO_OK && verify(imported.get());
}

/// Authenticator data starts with the SHA-256 of the party's id. Requires: 32 octets at least.
bool is_for(const std::string& data, const RelyingParty& party) {
  std::array<unsigned char, 32> hash{};
  unsigned size = hash.size();
  return EVP_Digest(party.id.data(), party.id.size(), hash.data(), &size, EVP_sha256(), nullptr) == 1 &&
         std::equal(hash.begin(), hash.end(), bytes_of(data));
}

}  // namespace

std::optional<RelyingParty> relying_party_of(const std::string& public_url) {
  const std::size_t start = public_url.find("://");
  if (start == std::string::npos) return std::nullopt;
  const std::string scheme = public_url.substr(0, start);
  const std::size_t end = std::min(public_url.find('/', start + 3), public_url.size());
  const std::string place = public_url.substr(start + 3, end - start - 3);
  const std::string host = place.substr(0, place.find(':'));
  const bool is_name =
      !host.empty() && host.front() != '[' && host.find_first_not_of("0123456789.") != std::string::npos;
  if (!is_name || (scheme != "https" && !(scheme == "http" && host == "localhost"))) return std::nullopt;
  return RelyingParty{host, scheme + "://" + place};
}

Result<Passkey> verify_attestation(const Attestation& answer, const Challenge& challenge) {
  if (auto checked = check_client_data(answer.client_data, "webauthn.create", challenge); !checked)
    return std::unexpected(std::move(checked).error());
  const std::string& data = answer.authenticator_data;
  if (data.size() > kAuthenticatorDataMax || data.size() < 37) return refused("authenticator data of another length");
  if (!is_for(data, challenge.party)) return refused("a passkey of another name");
  const auto flags = static_cast<std::uint8_t>(data[32]);
  if ((flags & kUserPresent) == 0) return refused("nobody was there");
  if (challenge.user_verified && (flags & kUserVerified) == 0) return refused("nobody showed who she is");
  for (const int algorithm : {COSE_ES256, COSE_EDDSA, COSE_RS256})
    if (auto passkey = passkey_in(data, algorithm)) return std::move(*passkey);
  return refused("no key of a kind that is known here");
}

Result<std::uint32_t> verify_assertion(const Assertion& answer, const Challenge& challenge, const Passkey& passkey) {
  if (auto checked = check_client_data(answer.client_data, "webauthn.get", challenge); !checked)
    return std::unexpected(std::move(checked).error());
  const std::string& data = answer.authenticator_data;
  if (data.size() > kAuthenticatorDataMax || answer.credential_id != passkey.credential_id)
    return refused("another passkey");
  const std::unique_ptr<fido_assert_t, FreeAssertion> assertion(fido_assert_new());
  fido_assert_t* raw = assertion.get();
  if (fido_assert_set_count(raw, 1) != FIDO_OK || fido_assert_set_rp(raw, challenge.party.id.c_str()) != FIDO_OK ||
      fido_assert_set_up(raw, FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_uv(raw, challenge.user_verified ? FIDO_OPT_TRUE : FIDO_OPT_OMIT) != FIDO_OK ||
      fido_assert_set_clientdata(raw, bytes_of(answer.client_data), answer.client_data.size()) != FIDO_OK ||
      fido_assert_set_authdata_raw(raw, 0, bytes_of(data), data.size()) != FIDO_OK ||
      fido_assert_set_sig(raw, 0, bytes_of(answer.signature), answer.signature.size()) != FIDO_OK)
    return refused("an assertion that cannot be read");
  if (!signature_is_good(raw, passkey)) return refused("another name, nobody there, or not signed by this passkey");
  const std::uint32_t counter = fido_assert_sigcount(raw, 0);
  // Zero always: a device that does not count (section 6.1.1).
  if ((counter != 0 || passkey.counter != 0) && counter <= passkey.counter)
    return refused("its counter went back from " + std::to_string(passkey.counter) + " to " + std::to_string(counter));
  return counter;
}

}  // namespace cluse::domain
