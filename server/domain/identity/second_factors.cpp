#include "server/domain/identity/second_factors.h"

#include "server/base/bytes.h"
#include "server/domain/identity/one_time_code.h"
#include "server/domain/identity/tokens.h"
#include "server/http_client/http_client.h"

#include <array>
#include <utility>

namespace cluse::domain {
namespace {

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

std::string tries_key(Id person) {
  return "second factor " + person.to_string();
}

// 80 random bits need no slow hash; with the person, equal codes of two people would not show.
std::string recovery_hash(Id person, const std::string& code) {
  return hash_token(person.to_string() + ' ' + folded_recovery_code(code));
}

std::string digits_of(const std::string& typed) {
  std::string digits;
  for (const char c : typed)
    if (c != ' ') digits += c;
  return digits;
}

bool is_application_code(const std::string& code) {
  return code.size() == 6 && code.find_first_not_of("0123456789") == std::string::npos;
}

void note(storage::Transaction& tx, const journal::Author& by, journal::Verb verb, Id person, Instant now) {
  journal::append(tx, {by, verb, journal::ObjectKind::person, person, {}, now, {}});
}

}  // namespace

Task<Result<NewFactor>> SecondFactors::begin(Actor actor) {
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::string> {
    const auto row = snapshot.one("SELECT email FROM account WHERE person_id = ?", {actor.person_id});
    return row ? row->text(0) : std::string();
  };
  auto email = co_await environment_.database.read(std::move(body));
  if (!email) co_return std::unexpected(std::move(email).error());
  std::array<unsigned char, kCodeSecretBytes> random{};
  fill_random(random);
  const std::string secret(reinterpret_cast<const char*>(random.data()), random.size());
  using http_client::escaped;
  NewFactor made;
  made.secret = to_base32(secret);
  made.uri = "otpauth://totp/" + escaped(instance_name_) + ':' + escaped(*email) + "?secret=" + made.secret +
             "&issuer=" + escaped(instance_name_);
  made.sealed = steps_.seal("factor", {{"person", actor.person_id.to_string()}, {"secret", to_base64url(secret)}});
  co_return made;
}

Task<Guarded<AddedFactor>> SecondFactors::add(Actor actor, std::string sealed, std::string code) {
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  CLUSE_CO_TRY(step, steps_.open("factor", sealed));
  if (step_text(step, "person") != actor.person_id.to_string())
    co_return fail(Errc::gone, "sign_in_step_over", "somebody else's");
  if (const auto wait = accounts_.try_account(tries_key(actor.person_id)); wait.count() > 0) co_return too_many(wait);
  const std::string secret = from_base64url(step_text(step, "secret")).value_or("");
  const auto used = matching_step(secret, digits_of(code), environment_.clock.now(), 0);
  if (!used) co_return fail(Errc::invalid, "code_wrong", "", "code");
  struct Done {
    AddedFactor added;
    std::vector<Id> ended;
  };
  auto body = [this, actor, step = std::move(step), secret, used = *used](storage::Transaction& tx) -> Result<Done> {
    const Instant now = environment_.clock.now();
    CLUSE_CHECK(steps_.use_up(tx, step));
    tx.run("DELETE FROM second_factor WHERE person_id = ?", {actor.person_id});
    tx.run("INSERT INTO second_factor (person_id, secret_sealed, last_step, created_at) VALUES (?, ?, ?, ?)",
           {actor.person_id, vault_.seal("second factor " + actor.person_id.to_string(), secret), used, now});
    note(tx, author_of(actor), journal::Verb::second_factor_added, actor.person_id, now);
    Done done;
    done.added.recovery_codes = replace_recovery_codes(tx, actor.person_id);
    done.added.token = sessions_.renew(tx, actor.session_id, true);
    done.ended = sessions_.end_others(tx, author_of(actor), actor.person_id, actor.session_id);
    return done;
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (!done) co_return std::unexpected(Refusal(std::move(done).error()));
  accounts_.forget_tries(tries_key(actor.person_id));
  sessions_.tell(done->ended);
  co_return std::move(done->added);
}

std::vector<std::string> SecondFactors::replace_recovery_codes(storage::Transaction& tx, Id person) const {
  tx.run("DELETE FROM recovery_code WHERE person_id = ?", {person});
  std::vector<std::string> codes;
  while (codes.size() < kRecoveryCodes) {
    codes.push_back(new_recovery_code());
    tx.run("INSERT INTO recovery_code (person_id, code_hash) VALUES (?, ?)",
           {person, recovery_hash(person, codes.back())});
  }
  return codes;
}

Task<Result<std::vector<std::string>>> SecondFactors::new_recovery_codes(Actor actor) {
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  auto body = [this, actor](storage::Transaction& tx) -> Result<std::vector<std::string>> {
    if (!factors_of(tx, actor.person_id).code) return fail(Errc::not_found, "second_factor_not_found");
    note(tx, author_of(actor), journal::Verb::recovery_codes_made, actor.person_id, environment_.clock.now());
    return replace_recovery_codes(tx, actor.person_id);
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Task<Result<void>> SecondFactors::remove(Actor actor, Id person) {
  const bool is_own = person == actor.person_id;
  if (!is_own && !actor.is_admin) co_return fail(Errc::denied, "denied");
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  auto body = [this, actor, person, is_own](storage::Transaction& tx) -> Result<void> {
    if (tx.run("DELETE FROM second_factor WHERE person_id = ?", {person}) == 0)
      return fail(Errc::not_found, "second_factor_not_found");
    tx.run("DELETE FROM recovery_code WHERE person_id = ?", {person});
    // Whoever must have one sets it up before anything else.
    tx.run("UPDATE session SET is_strong = 0 WHERE person_id = ?", {person});
    const auto verb = is_own ? journal::Verb::second_factor_removed : journal::Verb::second_factor_reset;
    note(tx, author_of(actor), verb, person, environment_.clock.now());
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  co_return removed;
}

Result<std::string> SecondFactors::use_code(storage::Transaction& tx, Id person, const std::string& code,
                                            const journal::Author& by) const {
  const Instant now = environment_.clock.now();
  const std::string digits = digits_of(code);
  if (!is_application_code(digits)) {
    if (tx.run("UPDATE recovery_code SET used_at = ? WHERE person_id = ? AND code_hash = ? AND used_at IS NULL",
               {now, person, recovery_hash(person, code)}) == 0)
      return fail(Errc::unauthenticated, "code_wrong", "", "code");
    note(tx, by, journal::Verb::recovery_code_used, person, now);
    return "recovery_code";
  }
  const auto row = tx.one("SELECT secret_sealed, last_step FROM second_factor WHERE person_id = ?", {person});
  const auto secret = row ? vault_.unseal("second factor " + person.to_string(), row->text(0)) : std::nullopt;
  const auto used = secret ? matching_step(*secret, digits, now, row->integer(1)) : std::nullopt;
  if (!used) return fail(Errc::unauthenticated, "code_wrong", "", "code");
  tx.run("UPDATE second_factor SET last_step = ? WHERE person_id = ?", {*used, person});
  return "code";
}

Task<Guarded<SignedIn>> SecondFactors::answer(std::string sealed, std::string code, Place place, std::string previous) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  CLUSE_CO_TRY(step, steps_.open("second", sealed));
  const Id person = Id::parse(step_text(step, "person")).value_or(Id{});
  if (const auto wait = accounts_.try_account(tries_key(person)); wait.count() > 0) co_return too_many(wait);
  auto body = [this, step = std::move(step), person, code = std::move(code), place,
               previous = std::move(previous)](storage::Transaction& tx) -> Result<SignedIn> {
    CLUSE_TRY(method, use_code(tx, person, code, {person, {}, place.request_id}));
    CLUSE_CHECK(steps_.use_up(tx, step));
    return sessions_.open(tx, person, place, previous, second_proof(step, method));
  };
  auto opened = co_await environment_.database.write(std::move(body));
  // Whoever stands here has shown the first factor.
  if (!opened && opened.error().code == "code_wrong") accounts_.note_failure(person);
  if (!opened) co_return std::unexpected(Refusal(std::move(opened).error()));
  accounts_.unknock(place);
  accounts_.forget_tries(tries_key(person));
  sessions_.tell(opened->ended);
  co_return std::move(*opened);
}

Task<Guarded<std::string>> SecondFactors::prove(Actor actor, std::string password) {
  const std::string key = "password " + actor.person_id.to_string();
  if (const auto wait = accounts_.try_account(key); wait.count() > 0) co_return too_many(wait);
  auto read = [actor](storage::Snapshot& snapshot) -> Result<std::string> {
    const auto row = snapshot.one("SELECT password_hash FROM account WHERE person_id = ?", {actor.person_id});
    return row ? row->text(0) : std::string();
  };
  auto stored = co_await environment_.database.read(std::move(read));
  if (!stored) co_return std::unexpected(Refusal(std::move(stored).error()));
  auto verified = co_await hasher_.verify(*stored, password.substr(0, 1024));
  if (!verified) co_return std::unexpected(Refusal(std::move(verified).error()));
  if (!*verified) co_return fail(Errc::denied, "password_wrong", "", "password");
  auto body = [this, actor](storage::Transaction& tx) -> Result<std::string> {
    return sessions_.renew(tx, actor.session_id, false);
  };
  auto token = co_await environment_.database.write(std::move(body));
  if (!token) co_return std::unexpected(Refusal(std::move(token).error()));
  accounts_.forget_tries(key);
  co_return std::move(*token);
}

}  // namespace cluse::domain
