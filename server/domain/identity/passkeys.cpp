#include "server/domain/identity/passkeys.h"

#include "server/base/bytes.h"
#include "server/base/log.h"
#include "server/domain/identity/identities.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kNameMax = 80;

std::string kind_of(PasskeyUse use) {
  switch (use) {
    case PasskeyUse::sign_in: return "passkey sign_in";
    case PasskeyUse::second: return "passkey second";
    case PasskeyUse::add: return "passkey add";
    case PasskeyUse::prove: return "passkey prove";
  }
  return {};
}

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

std::unexpected<Error> off() {
  return fail(Errc::conflict, "passkeys_off");
}

void note(storage::Transaction& tx, const journal::Author& by, journal::Verb verb, Id person, const std::string& name,
          Instant now) {
  journal::append(tx, {by, verb, journal::ObjectKind::person, person, {}, now, {{"name", name}}});
}

}  // namespace

Challenge Passkeys::challenge_of(const boost::json::object& step, PasskeyUse use) const {
  return {*party_, step_text(step, "challenge"), use != PasskeyUse::second};
}

Task<Result<PasskeyQuestion>> Passkeys::ask(PasskeyUse use, std::optional<Actor> actor, std::string second) {
  if (!party_) co_return off();
  std::optional<Id> person;
  if (use == PasskeyUse::second) {
    CLUSE_CO_TRY(step, steps_.open("second", second));
    person = Id::parse(step_text(step, "person"));
  } else if (use != PasskeyUse::sign_in) {
    if (!actor) co_return fail(Errc::unauthenticated, "not_signed_in");
    if (use == PasskeyUse::add) CLUSE_CO_CHECK(sessions_.require_proof(*actor));
    person = actor->person_id;
  }
  PasskeyQuestion question;
  question.party = *party_;
  question.challenge = to_base64url(new_token() + new_token());
  question.user_verified = use != PasskeyUse::second;
  question.sealed = steps_.seal(
      kind_of(use), {{"challenge", question.challenge}, {"person", person ? person->to_string() : std::string()}});
  // Whoever has shown nothing yet learns nothing of whose passkeys there are.
  if (!person) co_return question;
  auto body = [question, person](storage::Snapshot& snapshot) -> Result<PasskeyQuestion> {
    PasskeyQuestion asked = question;
    for (const auto& row : snapshot.all("SELECT credential_id FROM passkey WHERE person_id = ? ORDER BY id", {*person}))
      asked.known.push_back(row.text(0));
    const auto row = snapshot.one(
        "SELECT a.email, p.name FROM account a JOIN person p ON p.id = a.person_id WHERE p.id = ?", {*person});
    asked.user = to_base64url(person->to_string());
    if (row) asked.name = row->text(0);
    if (row) asked.shown = row->text(1);
    return asked;
  };
  auto asked = co_await environment_.database.read(std::move(body));
  co_return asked;
}

Task<Result<std::string>> Passkeys::add(Actor actor, std::string sealed, std::string name, Attestation answer) {
  if (!party_) co_return off();
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  CLUSE_CO_TRY(clean, clean_line(name, "name", kNameMax));
  CLUSE_CO_TRY(step, steps_.open(kind_of(PasskeyUse::add), sealed));
  if (step_text(step, "person") != actor.person_id.to_string())
    co_return fail(Errc::gone, "sign_in_step_over", "somebody else's");
  CLUSE_CO_TRY(passkey, verify_attestation(answer, challenge_of(step, PasskeyUse::add)));
  auto body = [this, actor, clean = clean, step = std::move(step),
               passkey = passkey](storage::Transaction& tx) -> Result<std::string> {
    const Instant now = environment_.clock.now();
    CLUSE_CHECK(steps_.use_up(tx, step));
    const auto count = tx.one("SELECT COUNT(*) FROM passkey WHERE person_id = ?", {actor.person_id});
    if (static_cast<std::size_t>(count->integer(0)) >= kPasskeysMax) return fail(Errc::too_many, "too_many_identities");
    const std::string credential = to_base64url(passkey.credential_id);
    if (tx.one("SELECT 1 FROM passkey WHERE credential_id = ?", {credential}))
      return fail(Errc::denied, "passkey_not_accepted", "it is registered already");
    tx.run(
        "INSERT INTO passkey (id, person_id, credential_id, public_key, algorithm, counter, name, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        {new_id(now), actor.person_id, credential, to_base64url(passkey.public_key), std::int64_t{passkey.algorithm},
         std::int64_t{passkey.counter}, clean, now});
    note(tx, author_of(actor), journal::Verb::passkey_added, actor.person_id, clean, now);
    return sessions_.renew(tx, actor.session_id, true);
  };
  auto token = co_await environment_.database.write(std::move(body));
  co_return token;
}

Result<Id> Passkeys::use(storage::Transaction& tx, PasskeyUse use, const std::string& sealed,
                         const Assertion& answer) const {
  CLUSE_TRY(step, steps_.open(kind_of(use), sealed));
  CLUSE_CHECK(steps_.use_up(tx, step));
  const auto row = tx.one("SELECT id, person_id, public_key, algorithm, counter FROM passkey WHERE credential_id = ?",
                          {to_base64url(answer.credential_id)});
  if (!row) return fail(Errc::denied, "passkey_not_accepted", "not known");
  const Id person = row->id(1);
  const std::string expected = step_text(step, "person");
  if (!expected.empty() && expected != person.to_string())
    return fail(Errc::denied, "passkey_not_accepted", "somebody else's");
  if (!answer.user_handle.empty() && answer.user_handle != person.to_string())
    return fail(Errc::denied, "passkey_not_accepted", "it says that it is somebody else's");
  const Passkey passkey{answer.credential_id, from_base64url(row->text(2)).value_or(""),
                        static_cast<int>(row->integer(3)), static_cast<std::uint32_t>(row->integer(4))};
  CLUSE_TRY(counter, verify_assertion(answer, challenge_of(step, use), passkey));
  tx.run("UPDATE passkey SET counter = ?, last_used_at = ? WHERE id = ?",
         {std::int64_t{counter}, environment_.clock.now(), row->id(0)});
  return person;
}

Task<Guarded<SignedIn>> Passkeys::sign_in(std::string sealed, Assertion answer, Place place, std::string previous) {
  if (!party_) co_return off();
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  auto body = [this, sealed = std::move(sealed), answer = std::move(answer), place,
               previous = std::move(previous)](storage::Transaction& tx) -> Result<SignedIn> {
    CLUSE_TRY(person, use(tx, PasskeyUse::sign_in, sealed, answer));
    return sessions_.open(tx, person, place, previous, {.method = "passkey", .strong = true});
  };
  auto opened = co_await environment_.database.write(std::move(body));
  if (!opened) {
    log_warning("passkey_not_accepted", {{"why", opened.error().detail}});
    co_return std::unexpected(Refusal(std::move(opened).error()));
  }
  accounts_.unknock(place);
  sessions_.tell(opened->ended);
  co_return std::move(*opened);
}

Task<Guarded<SignedIn>> Passkeys::answer(std::string second, std::string sealed, Assertion answer, Place place,
                                         std::string previous) {
  if (!party_) co_return off();
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  auto body = [this, second = std::move(second), sealed = std::move(sealed), answer = std::move(answer), place,
               previous = std::move(previous)](storage::Transaction& tx) -> Result<SignedIn> {
    CLUSE_TRY(step, steps_.open("second", second));
    CLUSE_TRY(person, use(tx, PasskeyUse::second, sealed, answer));
    if (step_text(step, "person") != person.to_string())
      return fail(Errc::denied, "passkey_not_accepted", "somebody else's");
    CLUSE_CHECK(steps_.use_up(tx, step));
    return sessions_.open(tx, person, place, previous, second_proof(step, "passkey"));
  };
  auto opened = co_await environment_.database.write(std::move(body));
  if (!opened) co_return std::unexpected(Refusal(std::move(opened).error()));
  accounts_.unknock(place);
  sessions_.tell(opened->ended);
  co_return std::move(*opened);
}

Task<Guarded<std::string>> Passkeys::prove(Actor actor, std::string sealed, Assertion answer) {
  if (!party_) co_return off();
  auto body = [this, actor, sealed = std::move(sealed),
               answer = std::move(answer)](storage::Transaction& tx) -> Result<std::string> {
    CLUSE_TRY(person, use(tx, PasskeyUse::prove, sealed, answer));
    if (person != actor.person_id) return fail(Errc::denied, "passkey_not_accepted", "somebody else's");
    return sessions_.renew(tx, actor.session_id, true);
  };
  auto token = co_await environment_.database.write(std::move(body));
  if (!token) co_return std::unexpected(Refusal(std::move(token).error()));
  co_return std::move(*token);
}

Task<Result<void>> Passkeys::rename(Actor actor, Id passkey, std::string name) {
  CLUSE_CO_TRY(clean, clean_line(name, "name", kNameMax));
  auto body = [this, actor, passkey, clean = clean](storage::Transaction& tx) -> Result<void> {
    if (tx.run("UPDATE passkey SET name = ? WHERE id = ? AND person_id = ?", {clean, passkey, actor.person_id}) == 0)
      return fail(Errc::not_found, "passkey_not_found");
    note(tx, author_of(actor), journal::Verb::passkey_renamed, actor.person_id, clean, environment_.clock.now());
    return {};
  };
  auto renamed = co_await environment_.database.write(std::move(body));
  co_return renamed;
}

Task<Result<void>> Passkeys::remove(Actor actor, Id person, Id passkey) {
  const bool is_own = person == actor.person_id;
  if (!is_own && !actor.is_admin) co_return fail(Errc::denied, "denied");
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  auto body = [this, actor, person, passkey, is_own](storage::Transaction& tx) -> Result<void> {
    const auto row = tx.one("SELECT name FROM passkey WHERE id = ? AND person_id = ?", {passkey, person});
    if (!row) return fail(Errc::not_found, "passkey_not_found");
    if (is_own) CLUSE_CHECK(require_another_way(tx, person));
    tx.run("DELETE FROM passkey WHERE id = ?", {passkey});
    note(tx, author_of(actor), journal::Verb::passkey_removed, person, row->text(0), environment_.clock.now());
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  co_return removed;
}

}  // namespace cluse::domain
