#include "server/oidc/jwt.h"

#include "server/base/bytes.h"

#include <cjose/cjose.h>
#include <openssl/evp.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cluse::oidc {
namespace {

std::unexpected<Error> invalid(std::string why, std::string claim = {}) {
  return fail(Errc::denied, "identity_token_invalid", std::move(why), std::move(claim));
}

constexpr std::array<std::string_view, 9> kAlgorithms = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                                         "PS512", "ES256", "ES384", "ES512"};

struct ReleaseJws {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
using Jws = std::unique_ptr<cjose_jws_t, ReleaseJws>;

Jws import_token(std::string_view token) {
  if (token.empty() || token.size() > kTokenBytesMax) return nullptr;
  cjose_err error{};
  return Jws(cjose_jws_import(token.data(), token.size(), &error));
}

std::string header_of(cjose_jws_t* jws, const char* name) {
  cjose_err error{};
  const char* value = cjose_header_get(cjose_jws_get_protected(jws), name, &error);
  return value == nullptr ? std::string() : std::string(value);
}

Result<boost::json::object> parse_object(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 16;
  auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
  if (error || !value.is_object()) return invalid("not an object of JSON");
  return std::move(value.as_object());
}

/// A token with EdDSA (RFC 8037), which cjose knows nothing of: taken apart here, verified by OpenSSL.
struct EdwardsToken {
  boost::json::object header;
  std::string_view signed_part;
  std::string payload, signature;
};

/// Nothing for a token of another algorithm, and for none.
std::optional<EdwardsToken> edwards_token(std::string_view token) {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || token.find('.', first + 1) != last || first == last) return std::nullopt;
  const auto header = from_base64url(token.substr(0, first));
  const auto payload = from_base64url(token.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(token.substr(last + 1));
  if (!header || !payload || !signature) return std::nullopt;
  auto fields = parse_object(*header);
  if (!fields || text_of(*fields, "alg") != "EdDSA") return std::nullopt;
  return EdwardsToken{std::move(*fields), token.substr(0, last), *payload, *signature};
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using EdwardsKey = std::unique_ptr<EVP_PKEY, FreeKey>;

/// Null unless it is a public key of Ed25519.
EdwardsKey edwards_key(const boost::json::object& fields) {
  if (text_of(fields, "crv") != "Ed25519") return nullptr;
  const auto x = from_base64url(text_of(fields, "x"));
  if (!x || x->size() != 32) return nullptr;
  return EdwardsKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                reinterpret_cast<const unsigned char*>(x->data()), x->size()));
}

bool signed_by(EVP_PKEY* key, const EdwardsToken& token) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(token.signature.data()),
                          token.signature.size(), reinterpret_cast<const unsigned char*>(token.signed_part.data()),
                          token.signed_part.size()) == 1;
}

/// Seconds of a NumericDate; they may come with a fraction.
std::optional<Instant> instant_of(const boost::json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const double seconds = found->is_double() ? found->as_double() : found->to_number<double>();
  if (!(seconds >= 0 && seconds < 1e11)) return std::nullopt;
  return Instant{static_cast<std::int64_t>(seconds * 1000)};
}

Result<void> check_times(const boost::json::object& claims, Instant now) {
  const auto expiry = instant_of(claims, "exp"), issued = instant_of(claims, "iat");
  if (!expiry || *expiry + kClockSkew <= now) return invalid("over, or without an end", "exp");
  if (!issued || *issued > now + kClockSkew) return invalid("of the future", "iat");
  if (*issued + kTokenAgeMax + kClockSkew <= now) return invalid("too old", "iat");
  if (claims.contains("nbf")) {
    const auto start = instant_of(claims, "nbf");
    if (!start || *start > now + kClockSkew) return invalid("not valid yet", "nbf");
  }
  return {};
}

}  // namespace

struct KeySet::Key {
  explicit Key(cjose_jwk_t* imported) : jwk(imported) {}
  explicit Key(EdwardsKey imported) : edwards(std::move(imported)) {}
  ~Key() {
    if (jwk != nullptr) cjose_jwk_release(jwk);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  // One of the two.
  cjose_jwk_t* jwk = nullptr;
  EdwardsKey edwards;
  std::string kid, alg;
};

KeySet::KeySet() = default;

Result<KeySet> KeySet::parse(std::string_view json) {
  auto document = parse_object(json);
  const auto* keys = document ? document->if_contains("keys") : nullptr;
  if (keys == nullptr || !keys->is_array())
    return fail(Errc::unavailable, "identity_provider_wrong", "the keys of the provider cannot be read");
  KeySet set;
  for (const auto& value : keys->as_array()) {
    if (set.keys_.size() >= kKeysMax) break;
    if (!value.is_object()) continue;
    const auto& fields = value.as_object();
    const std::string kind = text_of(fields, "kty"), use = text_of(fields, "use");
    // A secret (oct) among published keys would let anybody sign.
    if ((kind != "RSA" && kind != "EC" && kind != "OKP") || (!use.empty() && use != "sig")) continue;
    std::shared_ptr<Key> key;
    if (kind == "OKP") {
      if (auto edwards = edwards_key(fields)) key = std::make_shared<Key>(std::move(edwards));
    } else {
      const std::string text = boost::json::serialize(value);
      cjose_err error{};
      if (cjose_jwk_t* jwk = cjose_jwk_import(text.data(), text.size(), &error); jwk != nullptr)
        key = std::make_shared<Key>(jwk);
    }
    if (!key) continue;
    key->kid = text_of(fields, "kid");
    key->alg = text_of(fields, "alg");
    set.keys_.push_back(std::move(key));
  }
  return set;
}

bool KeySet::has(std::string_view kid) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& key) { return kid.empty() || key->kid == kid; });
}

std::string kid_of(std::string_view token) {
  if (const auto edwards = edwards_token(token)) return text_of(edwards->header, "kid");
  const Jws jws = import_token(token);
  return jws ? header_of(jws.get(), CJOSE_HDR_KID) : std::string();
}

Result<boost::json::object> verified(std::string_view token, const KeySet& keys) {
  if (const auto edwards = edwards_token(token)) {
    if (edwards->header.contains("crit")) return invalid("an extension that nobody here knows", "crit");
    const std::string kid = text_of(edwards->header, "kid");
    for (const auto& key : keys.keys_) {
      if (!key->edwards || (!kid.empty() && key->kid != kid) || (!key->alg.empty() && key->alg != "EdDSA")) continue;
      if (signed_by(key->edwards.get(), *edwards)) return parse_object(edwards->payload);
    }
    return invalid("signed by none of the provider's keys", "kid");
  }
  const Jws jws = import_token(token);
  if (!jws) return invalid("not a signed token");
  const std::string algorithm = header_of(jws.get(), CJOSE_HDR_ALG), kid = header_of(jws.get(), CJOSE_HDR_KID);
  if (std::find(kAlgorithms.begin(), kAlgorithms.end(), algorithm) == kAlgorithms.end())
    return invalid("signed with " + algorithm.substr(0, 20), "alg");
  cjose_err error{};
  if (char* critical = cjose_header_get_raw(cjose_jws_get_protected(jws.get()), "crit", &error); critical != nullptr) {
    cjose_get_dealloc()(critical);
    return invalid("an extension that nobody here knows", "crit");
  }
  for (const auto& key : keys.keys_) {
    if (key->jwk == nullptr || (!kid.empty() && key->kid != kid) || (!key->alg.empty() && key->alg != algorithm))
      continue;
    if (!cjose_jws_verify(jws.get(), key->jwk, &error)) continue;
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, &error)) break;
    return parse_object({reinterpret_cast<const char*>(bytes), size});
  }
  return invalid("signed by none of the provider's keys", "kid");
}

Result<void> check_claims(const boost::json::object& claims, const Expected& expected) {
  if (text_of(claims, "iss") != expected.issuer) return invalid("another issuer: " + text_of(claims, "iss"), "iss");
  const auto audience = texts_of(claims, "aud");
  if (std::find(audience.begin(), audience.end(), expected.client_id) == audience.end())
    return invalid("for somebody else", "aud");
  const std::string party = text_of(claims, "azp");
  if ((audience.size() > 1 || claims.contains("azp")) && party != expected.client_id)
    return invalid("handed to somebody else", "azp");
  CLUSE_CHECK(check_times(claims, expected.now));
  const std::string subject = text_of(claims, "sub");
  if (subject.size() > 255) return invalid("a subject of more than 255 octets", "sub");
  if (!expected.nonce.empty()) {
    if (subject.empty()) return invalid("about nobody", "sub");
    if (text_of(claims, "nonce") != expected.nonce) return invalid("the answer to another question", "nonce");
  }
  return {};
}

std::string text_of(const boost::json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::vector<std::string> texts_of(const boost::json::object& claims, std::string_view name) {
  const auto* found = claims.if_contains(name);
  std::vector<std::string> texts;
  if (found == nullptr) return texts;
  if (found->is_string()) texts.emplace_back(found->as_string());
  if (found->is_array())
    for (const auto& each : found->as_array())
      if (each.is_string()) texts.emplace_back(each.as_string());
  return texts;
}

}  // namespace cluse::oidc
