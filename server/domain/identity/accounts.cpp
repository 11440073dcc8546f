#include "server/domain/identity/accounts.h"

#include "server/domain/identity/letters.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kPasswordBytesMax = 1024;

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

// A place is remembered as a hash that only makes sense together with its person.
std::string place_hash(Id person, const std::string& address) {
  return hash_token(person.to_string() + " " + address);
}

bool has_account(storage::Snapshot& snapshot) {
  return snapshot.one("SELECT 1 FROM account LIMIT 1").has_value();
}

}  // namespace

Accounts::Accounts(Environment environment, const Sessions& sessions, PasswordHasher& hasher, Letters& letters,
                   SignInPolicy policy, std::string setup_token)
    : environment_(environment),
      sessions_(sessions),
      hasher_(hasher),
      letters_(letters),
      policy_(policy),
      setup_token_(setup_token.empty() ? new_token() : std::move(setup_token)),
      by_account_(policy.tries_per_account_max, policy.window),
      by_address_(policy.tries_per_address_max, policy.window),
      failures_(policy.tries_before_letter, policy.window),
      failure_letters_(1, policy.letter_window) {}

Result<void> Accounts::start() {
  auto body = [](storage::Snapshot& snapshot) -> Result<bool> { return !has_account(snapshot); };
  CLUSE_TRY(needed, environment_.database.read_now(std::move(body)));
  needs_setup_ = needed;
  return {};
}

std::optional<std::string> Accounts::setup_token() const {
  return needs_setup() ? std::optional(setup_token_) : std::nullopt;
}

std::chrono::seconds Accounts::knock(const Place& place) {
  return by_address_.try_once(place.address, environment_.clock.now());
}

void Accounts::unknock(const Place& place) {
  by_address_.refund(place.address);
}

std::chrono::seconds Accounts::try_account(const std::string& key) {
  return by_account_.try_once(key, environment_.clock.now());
}

void Accounts::forget_tries(const std::string& key) {
  by_account_.forget(key);
}

void Accounts::note_failure(Id person) {
  const Instant now = environment_.clock.now();
  const std::string key = person.to_string();
  if (failures_.try_once(key, now).count() == 0 || !letters_.is_on()) return;
  if (failure_letters_.try_once(key, now).count() > 0) return;
  const auto profile = std::make_shared<std::optional<Profile>>();
  auto body = [profile, person, day = organisations::today(now)](storage::Snapshot& snapshot) -> Result<void> {
    CLUSE_TRY(found, profile_of(snapshot, person, {}, day));
    *profile = std::move(found);
    return {};
  };
  auto done = [this, profile](Result<void> read) {
    if (read && *profile) letters_.send_tries(**profile);
    else log_warning("tries_not_told", {{"why", read ? "no account" : read.error().detail}});
  };
  environment_.database.submit_read(std::move(body), std::move(done));
}

Result<void> Accounts::check_password(std::string_view password) const {
  if (password.size() > kPasswordBytesMax) return fail(Errc::invalid, "field_too_long", "", "password");
  if (characters(password) < policy_.password_characters_min)
    return fail(Errc::invalid, "password_weak", "", "password");
  return {};
}

Task<Guarded<SignedIn>> Accounts::set_up(FirstAdministrator first, Place place) {
  if (!needs_setup()) co_return fail(Errc::gone, "setup_done");
  if (const auto wait = knock(place); wait.count() > 0) co_return too_many(wait);
  if (!same_secret(first.token, setup_token_)) co_return fail(Errc::denied, "setup_token_wrong", "", "token");
  CLUSE_CO_CHECK(check_password(first.password));
  CLUSE_CO_CHECK(clean_ui_locale(first.ui_locale));
  CLUSE_CO_TRY(email, clean_email(first.email, "email"));
  auto hashed = co_await hasher_.hash(first.password);
  if (!hashed) co_return std::unexpected(Refusal(hashed.error()));
  auto body = [this, first, place, email = email, hash = *hashed](storage::Transaction& tx) -> Result<SignedIn> {
    const Instant now = environment_.clock.now();
    const journal::Author by{{}, {}, place.request_id};
    if (has_account(tx)) return fail(Errc::gone, "setup_done");
    CLUSE_TRY(organisation, find_or_add_organisation(tx, first.organisation, now, "organisation.", by));
    CLUSE_TRY(id, add_person(tx, {first.name, "", email, first.ui_locale, organisation.id, hash, true}, now, by));
    journal::append(
        tx,
        {{id, {}, place.request_id}, journal::Verb::instance_set_up, journal::ObjectKind::instance, {}, {}, now, {}});
    return sessions_.open(tx, id, place, "");
  };
  auto opened = co_await environment_.database.write(std::move(body));
  if (!opened) co_return std::unexpected(Refusal(opened.error()));
  needs_setup_ = false;
  co_return std::move(*opened);
}

Task<Result<Accounts::Found>> Accounts::find(std::string email_folded, std::string address) {
  auto body = [email_folded = std::move(email_folded), address = std::move(address),
               since =
                   environment_.clock.now() - policy_.place_known_for](storage::Snapshot& snapshot) -> Result<Found> {
    const auto row =
        snapshot.one("SELECT person_id, password_hash FROM account WHERE email_folded = ?", {email_folded});
    // The same two reads for an unknown address, so that both take the same time.
    const Id person = row ? row->id(0) : Id{};
    const auto known =
        snapshot.one("SELECT 1 FROM known_place WHERE person_id = ? AND address_hash = ? AND last_at > ?",
                     {person, place_hash(person, address), since});
    if (!row) return Found{};
    return Found{person, row->text(1), known.has_value()};
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<SignedIn>> Accounts::open_session(Found found, Place place, std::string previous_token) {
  auto body = [this, found = std::move(found), place = std::move(place),
               previous_token = std::move(previous_token)](storage::Transaction& tx) -> Result<SignedIn> {
    const Instant now = environment_.clock.now();
    const Id person = *found.person;
    const auto row = tx.one("SELECT password_hash FROM account WHERE person_id = ?", {person});
    // The password may have been changed while the old one was being verified.
    if (!row || row->text(0) != found.password_hash) return fail(Errc::unauthenticated, "sign_in_failed");
    tx.run("DELETE FROM known_place WHERE last_at <= ?", {now - policy_.place_known_for});
    tx.run(
        "INSERT INTO known_place (person_id, address_hash, last_at) VALUES (?, ?, ?) "
        "ON CONFLICT (person_id, address_hash) DO UPDATE SET last_at = excluded.last_at",
        {person, place_hash(person, place.address), now});
    return sessions_.enter(tx, person, place, previous_token, {});
  };
  auto opened = co_await environment_.database.write(std::move(body));
  co_return opened;
}

Task<Guarded<SignedIn>> Accounts::sign_in(Credentials credentials, Place place, std::string previous_token) {
  if (const auto wait = knock(place); wait.count() > 0) co_return too_many(wait);
  const auto email = clean_email(credentials.email, "email");
  const std::string email_folded = fold_case(email ? *email : std::string());
  auto found = co_await find(email_folded, place.address);
  if (!found) co_return std::unexpected(Refusal(found.error()));
  // Whoever tries from elsewhere uses up another allowance than the person at her usual place.
  const std::string key = found->place_known ? email_folded + " " + place.address : email_folded;
  if (const auto wait = by_account_.try_once(key, environment_.clock.now()); wait.count() > 0) co_return too_many(wait);
  // Past the longest password there is, the answer is known; the work is done all the same, on less.
  const std::string password = credentials.password.substr(0, kPasswordBytesMax);
  auto verified = co_await hasher_.verify(found->password_hash, password);
  if (!verified) co_return std::unexpected(Refusal(verified.error()));
  if (!*verified || credentials.password.size() > kPasswordBytesMax) {
    if (found->person) note_failure(*found->person);
    co_return fail(Errc::unauthenticated, "sign_in_failed");
  }
  auto opened = co_await open_session(*found, place, std::move(previous_token));
  if (!opened) co_return std::unexpected(Refusal(opened.error()));
  by_address_.refund(place.address);
  by_account_.forget(key);
  sessions_.tell(opened->ended);
  co_return std::move(*opened);
}

Task<Guarded<void>> Accounts::change_password(Actor actor, std::string current, std::string password) {
  CLUSE_CO_CHECK(check_password(password));
  const std::string key = "password " + actor.person_id.to_string();
  if (const auto wait = by_account_.try_once(key, environment_.clock.now()); wait.count() > 0) co_return too_many(wait);
  const Id person = actor.person_id;
  auto read = [person](storage::Snapshot& snapshot) -> Result<std::string> {
    const auto row = snapshot.one("SELECT password_hash FROM account WHERE person_id = ?", {person});
    return row ? row->text(0) : std::string();
  };
  auto stored = co_await environment_.database.read(std::move(read));
  if (!stored) co_return std::unexpected(Refusal(stored.error()));
  auto verified = co_await hasher_.verify(*stored, current.substr(0, kPasswordBytesMax));
  if (!verified) co_return std::unexpected(Refusal(verified.error()));
  if (!*verified) co_return fail(Errc::denied, "password_wrong", "", "current");
  auto hashed = co_await hasher_.hash(password);
  if (!hashed) co_return std::unexpected(Refusal(hashed.error()));
  auto body = [this, actor, old = *stored, hash = *hashed](storage::Transaction& tx) -> Result<std::vector<Id>> {
    const auto changed = tx.run(
        "UPDATE account SET password_hash = ?, password_changed_at = ? WHERE person_id = ? AND password_hash = ?",
        {hash, environment_.clock.now(), actor.person_id, old});
    if (changed == 0) return fail(Errc::denied, "password_wrong", "changed meanwhile", "current");
    journal::append(tx, {author_of(actor),
                         journal::Verb::password_changed,
                         journal::ObjectKind::person,
                         actor.person_id,
                         {},
                         environment_.clock.now(),
                         {}});
    return sessions_.end_others(tx, author_of(actor), actor.person_id, actor.session_id);
  };
  auto ended = co_await environment_.database.write(std::move(body));
  if (!ended) co_return std::unexpected(Refusal(ended.error()));
  by_account_.forget(key);
  sessions_.tell(*ended);
  co_return Guarded<void>();
}

}  // namespace cluse::domain
