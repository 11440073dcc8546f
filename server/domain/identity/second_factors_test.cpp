// Aim: a second factor is asked for at every door, a code is good once, whoever must have one can do nothing else
// first; what is sealed stays shut; a passkey is believed for its signature alone. Method: services over a real store;
// codes computed from the secret as an application does (RFC 6238's own vectors first); passkeys of a device made for
// the test with OpenSSL, and then altered. Real browsers: tests/e2e/passkeys.test.mjs.

#include "server/base/bytes.h"
#include "server/domain/identity/one_time_code.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace cluse::domain {
namespace {

const Place kHome{"192.0.2.9", "Firefox, Linux"};

TEST(OneTimeCode, IsThatOfRfc6238) {
  const std::string secret = "12345678901234567890";
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},         {1111111109, "07081804"},
                                                          {1111111111, "14050471"}, {1234567890, "89005924"},
                                                          {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : vectors) EXPECT_EQ(one_time_code(secret, seconds / 30, 8), code);
  EXPECT_EQ(to_base32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST(OneTimeCode, FitsOneStepOffAndNotTwo) {
  const std::string secret = "12345678901234567890";
  const Instant now{1'111'111'111'000};
  const std::int64_t step = now.ms / 30'000;
  for (const int off : {-1, 0, 1})
    EXPECT_EQ(matching_step(secret, one_time_code(secret, step + off), now, 0), step + off);
  for (const int off : {-2, 2}) EXPECT_FALSE(matching_step(secret, one_time_code(secret, step + off), now, 0));
  EXPECT_FALSE(matching_step(secret, one_time_code(secret, step), now, step)) << "used";
}

TEST(RecoveryCode, IsReadAsItIsTyped) {
  EXPECT_EQ(folded_recovery_code(" ABCD-0o1L-il23 "), "abcd00111123");
  EXPECT_NE(new_recovery_code(), new_recovery_code());
  EXPECT_EQ(new_recovery_code().size(), 19U);
}

TEST(Vault, OpensWhatItSealedForThisPurposeAndNothingElse) {
  const Vault vault, other;
  const std::string sealed = vault.seal("a", "words");
  EXPECT_EQ(vault.unseal("a", sealed), "words");
  EXPECT_NE(vault.seal("a", "words"), sealed);
  EXPECT_FALSE(vault.unseal("b", sealed));
  EXPECT_FALSE(other.unseal("a", sealed));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(vault.unseal("a", altered)) << i;
  }
  EXPECT_FALSE(vault.unseal("a", ""));
}

TEST(Vault, KeepsItsKeyInAFileOfItsOwner) {
  const storage::TemporaryDirectory directory;
  const auto file = directory / "secret.key";
  const auto first = Vault::open(file);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  const auto second = Vault::open(file);
  EXPECT_EQ(second->unseal("a", first->seal("a", "words")), "words");
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  EXPECT_EQ(Vault::open(file).error().code, "key_unreadable") << "others can read it";
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  std::ofstream(file, std::ios::trunc) << "short";
  EXPECT_EQ(Vault::open(file).error().code, "key_unreadable");
}

class SecondFactorTest : public ::testing::Test {
 protected:
  static Settings settings(FactorPolicy policy) {
    Settings settings = cheap_settings();
    settings.sessions.second_factor = policy;
    return settings;
  }

  std::string code_now() const { return one_time_code(secret_, domain_.clock.now().ms / 30'000); }

  /// Sets an application up for `actor`; her recovery codes.
  std::vector<std::string> add(const Actor& actor) {
    const auto made = domain_.run(domain_.services->second_factors.begin(actor));
    EXPECT_TRUE(made);
    secret_ = unbase32(made->secret);
    const auto added = domain_.run(domain_.services->second_factors.add(actor, made->sealed, code_now()));
    EXPECT_TRUE(added);
    domain_.clock.advance(std::chrono::seconds(60));
    return added->recovery_codes;
  }

  Guarded<SignedIn> sign_in() {
    return domain_.run(domain_.services->accounts.sign_in({"berthe@example.org", kTestPassword}, kHome, ""));
  }
  Guarded<SignedIn> answer(const SignedIn& waiting, const std::string& code) {
    return domain_.run(domain_.services->second_factors.answer(waiting.second->sealed, code, kHome, ""));
  }

  static std::string unbase32(const std::string& text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : text) {
      buffer = (buffer << 5 | static_cast<unsigned>(kDigits.find(c))) & 0xffff;
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      out += static_cast<char>(buffer >> bits & 0xff);
    }
    return out;
  }

  TestDomain domain_{settings(FactorPolicy::administrators)};
  Actor berthe_ = domain_.person("Berthe", "berthe@example.org");
  std::string secret_;
};

TEST_F(SecondFactorTest, IsAskedForAfterThePasswordAndACodeIsGoodOnce) {
  add(berthe_);
  const auto waiting = sign_in();
  ASSERT_TRUE(waiting);
  ASSERT_TRUE(waiting->second);
  EXPECT_TRUE(waiting->second->code && waiting->token.empty());
  EXPECT_EQ(answer(*waiting, "000000").error().error.code, "code_wrong");
  const std::string code = code_now();
  const auto opened = answer(*waiting, code.substr(0, 3) + " " + code.substr(3));
  ASSERT_TRUE(opened);
  EXPECT_FALSE(opened->token.empty());
  EXPECT_EQ(answer(*waiting, code_now()).error().error.code, "code_wrong") << "the code was used";
  domain_.clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(answer(*waiting, code_now()).error().error.code, "sign_in_step_over") << "the step was used";
  const auto late = sign_in();
  domain_.clock.advance(kStepValidFor);
  EXPECT_EQ(answer(*late, code_now()).error().error.code, "sign_in_step_over");
}

TEST_F(SecondFactorTest, IsAskedForAfterALinkToo) {
  add(berthe_);
  const auto link = domain_.run(domain_.services->recovery.make(domain_.administrator(), berthe_.person_id));
  ASSERT_TRUE(link);
  const auto waiting =
      domain_.run(domain_.services->recovery.use(link->token, "another password, a long one", kHome, ""));
  ASSERT_TRUE(waiting);
  EXPECT_TRUE(waiting->second && waiting->token.empty()) << "who can read her mail is not in yet";
  EXPECT_TRUE(answer(*waiting, code_now()));
}

TEST_F(SecondFactorTest, RecoveryCodesAreGoodOnceAndReplacedTogether) {
  const auto codes = add(berthe_);
  ASSERT_EQ(codes.size(), kRecoveryCodes);
  EXPECT_TRUE(answer(*sign_in(), codes[0]));
  EXPECT_EQ(answer(*sign_in(), codes[0]).error().error.code, "code_wrong");
  EXPECT_TRUE(answer(*sign_in(), codes[1]));
  EXPECT_EQ(domain_.count("SELECT COUNT(*) FROM recovery_code WHERE used_at IS NULL"), 8);
  EXPECT_EQ(
      domain_.count("SELECT COUNT(*) FROM recovery_code WHERE code_hash LIKE '%" + codes[2].substr(0, 4) + "%-%'"), 0);
  const auto fresh = domain_.run(domain_.services->second_factors.new_recovery_codes(berthe_));
  ASSERT_TRUE(fresh);
  EXPECT_EQ(answer(*sign_in(), codes[2]).error().error.code, "code_wrong");
  EXPECT_TRUE(answer(*sign_in(), fresh->front()));
}

TEST_F(SecondFactorTest, TriesAreCountedForTheAccountWhereverTheyComeFrom) {
  add(berthe_);
  const auto waiting = sign_in();
  for (std::size_t i = 0; i < SignInPolicy().tries_per_account_max; ++i)
    EXPECT_EQ(answer(*waiting, "000000").error().error.code, "code_wrong");
  const auto refused = answer(*waiting, code_now());
  EXPECT_EQ(refused.error().error.code, "too_many_attempts");
  EXPECT_GT(refused.error().retry_after.count(), 0);
  domain_.clock.advance(SignInPolicy().window);
  EXPECT_TRUE(answer(*sign_in(), code_now())) << "nobody is locked out";
}

TEST_F(SecondFactorTest, ChangesNeedAProofThatIsFresh) {
  domain_.clock.advance(SessionPolicy().proof_fresh);
  EXPECT_EQ(domain_.run(domain_.services->second_factors.begin(berthe_)).error().code, "proof_needed");
  const auto wrong = domain_.run(domain_.services->second_factors.prove(berthe_, "another password"));
  EXPECT_EQ(wrong.error().error.code, "password_wrong");
  const auto token = domain_.run(domain_.services->second_factors.prove(berthe_, kTestPassword));
  ASSERT_TRUE(token);
  const auto actor = domain_.run(domain_.services->sessions.authenticate(*token));
  ASSERT_TRUE(actor) << "the session goes on, under another token";
  EXPECT_EQ(actor->session_id, berthe_.session_id);
  EXPECT_TRUE(domain_.run(domain_.services->second_factors.begin(*actor)));
}

TEST_F(SecondFactorTest, SettingUpEndsOtherSessionsAndTheirStepsAreNobodyElses) {
  const auto other = sign_in();
  const auto made = domain_.run(domain_.services->second_factors.begin(berthe_));
  const Actor claude = domain_.person("Claude", "claude@example.org");
  secret_ = unbase32(made->secret);
  EXPECT_EQ(domain_.run(domain_.services->second_factors.add(claude, made->sealed, code_now())).error().error.code,
            "sign_in_step_over");
  add(berthe_);
  EXPECT_FALSE(domain_.run(domain_.services->sessions.authenticate(other->token)));
}

TEST_F(SecondFactorTest, WhoeverMustHaveOneIsToldSoUntilItIsSetUp) {
  const auto opened = domain_.run(domain_.services->accounts.sign_in({"anne@example.org", kTestPassword}, kHome, ""));
  const auto before = domain_.run(domain_.services->sessions.authenticate(opened->token));
  EXPECT_TRUE(before->must_add_factor) << "an administrator";
  const auto made = domain_.run(domain_.services->second_factors.begin(*before));
  secret_ = unbase32(made->secret);
  const auto added = domain_.run(domain_.services->second_factors.add(*before, made->sealed, code_now()));
  EXPECT_FALSE(domain_.run(domain_.services->sessions.authenticate(added->token))->must_add_factor);
  const auto hers = domain_.run(domain_.services->sessions.authenticate(sign_in()->token));
  EXPECT_FALSE(hers->must_add_factor) << "not an administrator";
}

TEST_F(SecondFactorTest, AnAdministratorLiftsItAndTheJournalSaysSo) {
  add(berthe_);
  Actor admin = domain_.administrator();
  admin.proven_at = domain_.clock.now();
  const Actor claude = domain_.person("Claude", "claude@example.org");
  EXPECT_EQ(domain_.run(domain_.services->second_factors.remove(claude, berthe_.person_id)).error().code, "denied");
  EXPECT_TRUE(domain_.run(domain_.services->second_factors.remove(admin, berthe_.person_id)));
  EXPECT_FALSE(sign_in()->second);
  EXPECT_EQ(domain_.count("SELECT COUNT(*) FROM journal WHERE verb = 'second_factor.reset'"), 1);
  EXPECT_EQ(domain_.count("SELECT COUNT(*) FROM recovery_code"), 0);
}

/// A device: a P-256 key that answers as an authenticator does.
class Device {
 public:
  Device() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

  static std::string sha256(const std::string& text) {
    std::string digest(32, '\0');
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
               nullptr);
    return digest;
  }
  static std::string client_data(const std::string& type, const std::string& challenge,
                                 const std::string& origin = "https://cluse.example") {
    return R"({"type":")" + type + R"(","challenge":")" + challenge + R"(","origin":")" + origin + R"("})";
  }
  [[nodiscard]] std::string data(std::uint8_t flags, std::uint32_t counter,
                                 const std::string& name = "cluse.example") const {
    std::string out = sha256(name) + static_cast<char>(flags);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(counter >> shift & 0xff);
    return out;
  }
  [[nodiscard]] Attestation attest(const std::string& challenge) const {
    std::string point(65, '\0');
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, reinterpret_cast<unsigned char*>(point.data()),
                                    point.size(), &size);
    std::string cose =
        "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + point.substr(1, 32) + "\x22\x58\x20" + point.substr(33);
    std::string made = data(0x45, 0) + std::string(16, '\0') + std::string("\0\x10", 2) + id + cose;
    return {client_data("webauthn.create", challenge), made};
  }
  [[nodiscard]] Assertion assert_for(const std::string& challenge, std::uint32_t counter,
                                     std::uint8_t flags = 5) const {
    Assertion answer{id, client_data("webauthn.get", challenge), data(flags, counter), {}, {}};
    return sign(answer);
  }
  [[nodiscard]] Assertion sign(Assertion answer) const {
    const std::string text = answer.authenticator_data + sha256(answer.client_data);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    std::size_t size = 128;
    answer.signature.resize(size);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(answer.signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    answer.signature.resize(size);
    // libfido2 takes authenticator data as it is sent: the signature covers these octets.
    return answer;
  }

  const std::string id = "sixteen octets!!";

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

const Challenge kChallenge{{"cluse.example", "https://cluse.example"}, "Y2hhbGxlbmdl", true};

TEST(Passkey, IsRegisteredAndItsSignatureIsBelieved) {
  const Device device;
  const auto passkey = verify_attestation(device.attest(kChallenge.challenge), kChallenge);
  ASSERT_TRUE(passkey) << passkey.error().detail;
  EXPECT_EQ(passkey->credential_id, device.id);
  const auto counter = verify_assertion(device.assert_for(kChallenge.challenge, 1), kChallenge, *passkey);
  ASSERT_TRUE(counter) << counter.error().detail;
  EXPECT_EQ(*counter, 1U);
}

TEST(Passkey, IsRefusedWhenAnythingWasAltered) {
  const Device device, other;
  const auto passkey = *verify_attestation(device.attest(kChallenge.challenge), kChallenge);
  const Assertion good = device.assert_for(kChallenge.challenge, 7);
  const std::pair<const char*, std::function<Assertion()>> cases[] = {
      {"another challenge", [&] { return device.assert_for("b3RoZXI", 7); }},
      {"another device", [&] { return other.assert_for(kChallenge.challenge, 7); }},
      {"nobody verified", [&] { return device.assert_for(kChallenge.challenge, 7, 1); }},
      {"nobody there", [&] { return device.assert_for(kChallenge.challenge, 7, 4); }},
      {"another origin",
       [&] {
         Assertion a = good;
         a.client_data = Device::client_data("webauthn.get", kChallenge.challenge, "https://evil.example");
         return device.sign(a);
       }},
      {"made for a registration",
       [&] {
         Assertion a = good;
         a.client_data = Device::client_data("webauthn.create", kChallenge.challenge);
         return device.sign(a);
       }},
      {"another name",
       [&] {
         Assertion a = good;
         a.authenticator_data = device.data(5, 7, "evil.example");
         return device.sign(a);
       }},
      {"a signature with one bit off",
       [&] {
         Assertion a = good;
         a.signature.back() ^= 1;
         return a;
       }},
      {"data that was signed otherwise",
       [&] {
         Assertion a = good;
         a.authenticator_data.back() ^= 1;
         return a;
       }},
      {"nothing",
       [&] {
         return Assertion{device.id, {}, {}, {}, {}};
       }},
  };
  EXPECT_TRUE(verify_assertion(good, kChallenge, passkey));
  for (const auto& [name, make] : cases) EXPECT_FALSE(verify_assertion(make(), kChallenge, passkey)) << name;
  Passkey ahead = passkey;
  ahead.counter = 7;
  EXPECT_FALSE(verify_assertion(good, kChallenge, ahead)) << "the counter of a copy";
}

TEST(Passkey, RegistrationIsForOurNameAndPurpose) {
  const Device device;
  Challenge other = kChallenge;
  other.party.id = "other.example";
  EXPECT_FALSE(verify_attestation(device.attest(kChallenge.challenge), other));
  EXPECT_FALSE(verify_attestation(device.attest("b3RoZXI"), kChallenge));
  Attestation cut = device.attest(kChallenge.challenge);
  for (std::size_t size = 0; size < cut.authenticator_data.size(); ++size)
    EXPECT_FALSE(verify_attestation({cut.client_data, cut.authenticator_data.substr(0, size)}, kChallenge)) << size;
}

TEST(WaysIn, APersonHoldsTwentyIdentitiesAndTwentyPasskeys) {
  Settings settings = cheap_settings();
  settings.federation.public_url = "https://cluse.example";
  TestDomain domain(settings);
  const Actor paul = domain.person("Paul Rochat", "paul@example.org");
  auto fill = [&](storage::Transaction& tx) -> Result<std::string> {
    for (std::size_t i = 0; i < kPasskeysMax; ++i)
      tx.run(
          "INSERT INTO passkey (id, person_id, credential_id, public_key, algorithm, counter, name, created_at) "
          "VALUES (?, ?, ?, '', -7, 0, 'Clé', 0)",
          {new_id(domain.clock.now()), paul.person_id, std::to_string(i)});
    for (std::size_t i = 0; i <= kIdentitiesMax; ++i) {
      oidc::Answer answer;
      answer.issuer = "https://idp.example";
      answer.subject = std::to_string(i);
      const auto linked = link_identity(tx, author_of(paul), paul.person_id, answer, "agents", domain.clock.now());
      if (!linked) return std::to_string(i) + " " + std::string(linked.error().code);
    }
    return std::string("no end");
  };
  EXPECT_EQ(domain.database->write_now(fill).value(), "20 too_many_identities");
  auto& passkeys = domain.services->passkeys;
  const auto question = domain.run(passkeys.ask(PasskeyUse::add, paul, ""));
  ASSERT_TRUE(question);
  const Device device;
  const auto added = domain.run(passkeys.add(paul, question->sealed, "Clé", device.attest(question->challenge)));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, "too_many_identities");
}

TEST(RelyingParty, IsANameThatBrowsersAccept) {
  EXPECT_EQ(relying_party_of("https://cluse.example:8443/x")->origin, "https://cluse.example:8443");
  EXPECT_EQ(relying_party_of("https://cluse.example")->id, "cluse.example");
  EXPECT_TRUE(relying_party_of("http://localhost:8080"));
  for (const char* none : {"", "http://cluse.example", "https://192.0.2.1", "http://127.0.0.1:8080", "https://[::1]"})
    EXPECT_FALSE(relying_party_of(none)) << none;
}

TEST(SafePath, LeadsNowhereElse) {
  EXPECT_EQ(safe_path("/espaces/1?x=2#y"), "/espaces/1?x=2#y");
  for (const char* wrong : {"", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/a b"})
    EXPECT_EQ(safe_path(wrong), "/") << wrong;
}

}  // namespace
}  // namespace cluse::domain
