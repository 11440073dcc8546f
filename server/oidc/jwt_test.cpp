// Aim: no token is believed that was not signed by the issuer's key, for us, now, in answer to our question.
// Method: keys drawn for the test, tokens signed with them by the library and then altered; providers in whole are in
// tests/protocol/oidc.test.mjs.

#include "server/oidc/jwt.h"

#include "server/base/bytes.h"
#include "server/oidc/provider.h"

#include <cjose/cjose.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <functional>

namespace cluse::oidc {
namespace {

constexpr Instant kNow{1'790'000'000'000};

boost::json::object claims_of_a_sign_in() {
  return {{"iss", "https://idp.example"}, {"sub", "4711"},        {"aud", "cluse"},
          {"exp", 1'790'000'300},         {"iat", 1'790'000'000}, {"nonce", "n1"}};
}

const Expected kExpected{"https://idp.example", "cluse", "n1", kNow};

class Signer {
 public:
  explicit Signer(const char* kid, bool elliptic = false) {
    cjose_err error{};
    jwk_ = elliptic ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)
                    : cjose_jwk_create_RSA_random(2048, nullptr, 0, &error);
    cjose_jwk_set_kid(jwk_, kid, std::string_view(kid).size(), &error);
    algorithm_ = elliptic ? "ES256" : "RS256";
  }
  ~Signer() { cjose_jwk_release(jwk_); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  [[nodiscard]] std::string key() const {
    cjose_err error{};
    char* text = cjose_jwk_to_json(jwk_, false, &error);
    const std::string json = text;
    cjose_get_dealloc()(text);
    return json;
  }
  [[nodiscard]] std::string sign(const boost::json::object& claims, const char* kid = nullptr,
                                 const char* critical = nullptr) const {
    cjose_err error{};
    cjose_header_t* header = cjose_header_new(&error);
    cjose_header_set(header, CJOSE_HDR_ALG, algorithm_, &error);
    cjose_header_set(header, CJOSE_HDR_KID, kid == nullptr ? cjose_jwk_get_kid(jwk_, &error) : kid, &error);
    if (critical != nullptr) cjose_header_set_raw(header, "crit", critical, &error);
    const std::string text = boost::json::serialize(claims);
    cjose_jws_t* jws =
        cjose_jws_sign(jwk_, header, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), &error);
    const char* token = nullptr;
    cjose_jws_export(jws, &token, &error);
    std::string copy(token);
    cjose_jws_release(jws);
    cjose_header_release(header);
    return copy;
  }

 private:
  cjose_jwk_t* jwk_;
  const char* algorithm_;
};

KeySet key_set(const std::string& keys) {
  auto set = KeySet::parse("{\"keys\":[" + keys + "]}");
  EXPECT_TRUE(set);
  return *set;
}

TEST(Jwt, IsBelievedWhenAPublishedKeySignedIt) {
  const Signer rsa("one"), ec("two", true);
  const KeySet keys = key_set(rsa.key() + "," + ec.key());
  for (const Signer* signer : {&rsa, &ec}) {
    const auto claims = verified(signer->sign(claims_of_a_sign_in()), keys);
    ASSERT_TRUE(claims) << claims.error().detail;
    EXPECT_TRUE(check_claims(*claims, kExpected));
  }
}

TEST(Jwt, IsRefusedWhenAnythingOfItWasAltered) {
  const Signer ours("one"), theirs("one");
  const KeySet keys = key_set(ours.key());
  const std::string good = ours.sign(claims_of_a_sign_in());
  EXPECT_FALSE(verified(theirs.sign(claims_of_a_sign_in()), keys)) << "another key under the same name";
  EXPECT_FALSE(verified(ours.sign(claims_of_a_sign_in(), "two"), keys)) << "a key that nobody publishes";
  EXPECT_FALSE(verified(ours.sign(claims_of_a_sign_in(), nullptr, "[\"exp\"]"), keys)) << "a critical extension";
  const std::size_t dot = good.find('.'), last = good.rfind('.');
  auto other = claims_of_a_sign_in();
  other["sub"] = "4712";
  EXPECT_FALSE(
      verified(good.substr(0, dot + 1) + to_base64url(boost::json::serialize(other)) + good.substr(last), keys));
  EXPECT_FALSE(verified(good.substr(0, last + 1), keys)) << "no signature";
  const std::string none = to_base64url(R"({"alg":"none"})") + good.substr(dot, last - dot) + ".";
  EXPECT_FALSE(verified(none, keys)) << "alg none";
  EXPECT_FALSE(verified("", keys));
  EXPECT_FALSE(verified("a.b.c", keys));
  EXPECT_FALSE(verified(std::string(kTokenBytesMax + 1, 'a'), keys));
}

TEST(Jwt, IsNotBelievedForASecretAmongPublishedKeys) {
  // HS256 with a "public" key as its secret: the classic confusion of algorithms.
  const Signer ours("one");
  const KeySet keys = key_set(R"({"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0","kid":"one"},)" + ours.key());
  const std::string head = to_base64url(R"({"alg":"HS256","kid":"one"})");
  EXPECT_FALSE(verified(head + "." + to_base64url(boost::json::serialize(claims_of_a_sign_in())) + ".c2ln", keys));
  EXPECT_TRUE(verified(ours.sign(claims_of_a_sign_in()), keys));
}

/// Signs with Ed25519 as a provider would (RFC 8037).
class EdwardsSigner {
 public:
  EdwardsSigner() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {}
  ~EdwardsSigner() { EVP_PKEY_free(key_); }
  EdwardsSigner(const EdwardsSigner&) = delete;
  EdwardsSigner& operator=(const EdwardsSigner&) = delete;

  [[nodiscard]] std::string key(const std::string& curve = "Ed25519") const {
    std::string x(32, '\0');
    std::size_t size = x.size();
    EVP_PKEY_get_raw_public_key(key_, reinterpret_cast<unsigned char*>(x.data()), &size);
    return R"({"kty":"OKP","use":"sig","kid":"ed","crv":")" + curve + R"(","x":")" + to_base64url(x) + "\"}";
  }
  [[nodiscard]] std::string sign(const boost::json::object& claims, const std::string& more = "") const {
    const std::string text =
        to_base64url(R"({"alg":"EdDSA","kid":"ed")" + more + "}") + "." + to_base64url(boost::json::serialize(claims));
    std::string signature(64, '\0');
    std::size_t size = signature.size();
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return text + "." + to_base64url(signature);
  }

 private:
  EVP_PKEY* key_;
};

TEST(Jwt, IsBelievedWithEd25519AndRefusedWhenItWasAltered) {
  const EdwardsSigner ours, theirs;
  const Signer rsa("one");
  const KeySet keys = key_set(rsa.key() + "," + ours.key());
  const std::string good = ours.sign(claims_of_a_sign_in());
  EXPECT_EQ(kid_of(good), "ed");
  const auto claims = verified(good, keys);
  ASSERT_TRUE(claims) << claims.error().detail;
  EXPECT_TRUE(check_claims(*claims, kExpected));
  EXPECT_TRUE(verified(rsa.sign(claims_of_a_sign_in()), keys)) << "beside others";
  EXPECT_FALSE(verified(theirs.sign(claims_of_a_sign_in()), keys)) << "another key under the same name";
  EXPECT_FALSE(verified(ours.sign(claims_of_a_sign_in(), R"(,"crit":["exp"])"), keys)) << "a critical extension";
  EXPECT_FALSE(verified(good.substr(0, good.rfind('.') + 1), keys)) << "no signature";
  std::string other = good;
  other[good.find('.') + 5] = other[good.find('.') + 5] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(verified(other, keys));
  EXPECT_FALSE(verified(good, key_set(rsa.key()))) << "a key that nobody publishes";
  EXPECT_FALSE(verified(good, key_set(ours.key("Ed448")))) << "another curve";
}

TEST(Claims, MustBeForUsNowAndInAnswerToOurQuestion) {
  using Change = std::function<void(boost::json::object&)>;
  const struct {
    const char* claim;
    Change change;
  } cases[] = {
      {"iss", [](auto& c) { c["iss"] = "https://idp.example/"; }},
      {"iss", [](auto& c) { c.erase("iss"); }},
      {"aud", [](auto& c) { c["aud"] = "somebody"; }},
      {"azp",
       [](auto& c) {
         c["aud"] = boost::json::array{"cluse", "somebody"};
       }},
      {"azp", [](auto& c) { c["azp"] = "somebody"; }},
      {"exp", [](auto& c) { c["exp"] = 1'789'999'940; }},
      {"exp", [](auto& c) { c["exp"] = "tomorrow"; }},
      {"iat", [](auto& c) { c["iat"] = 1'790'000'061; }},
      {"iat", [](auto& c) { c["iat"] = 1'789'999'000; }},
      {"nbf", [](auto& c) { c["nbf"] = 1'790'000'100; }},
      {"sub", [](auto& c) { c.erase("sub"); }},
      {"sub", [](auto& c) { c["sub"] = std::string(256, 's'); }},
      {"nonce", [](auto& c) { c["nonce"] = "n2"; }},
      {"nonce", [](auto& c) { c.erase("nonce"); }},
  };
  for (const auto& [claim, change] : cases) {
    auto claims = claims_of_a_sign_in();
    change(claims);
    const auto checked = check_claims(claims, kExpected);
    ASSERT_FALSE(checked) << boost::json::serialize(claims);
    EXPECT_EQ(checked.error().field, claim) << boost::json::serialize(claims);
  }
  auto skewed = claims_of_a_sign_in();
  skewed["exp"] = 1'789'999'941;
  skewed["iat"] = 1'790'000'060;
  EXPECT_TRUE(check_claims(skewed, kExpected)) << "a minute of skew either way";
  auto several = claims_of_a_sign_in();
  several["aud"] = boost::json::array{"somebody", "cluse"};
  several["azp"] = "cluse";
  EXPECT_TRUE(check_claims(several, kExpected));
}

TEST(Organisations, AreComparedAsTextAndASiretWithItsSiren) {
  EXPECT_TRUE(is_among({"canton-ju"}, {"canton-ne", "canton-ju"}));
  EXPECT_TRUE(is_among({"20006787600014"}, {"200067876"}));
  EXPECT_FALSE(is_among({"2000678760001"}, {"200067876"})) << "thirteen digits are no SIRET";
  EXPECT_FALSE(is_among({"200067876"}, {"20006787600014"}));
  EXPECT_FALSE(is_among({}, {"canton-ju"}));
}

TEST(Pkce, ChallengeIsThatOfRfc7636) {
  EXPECT_EQ(challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace cluse::oidc
