#include "server/domain/identity/recovery.h"

#include "server/base/log.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <memory>
#include <utility>

namespace cluse::domain {
namespace {

// How long a used or expired link is remembered, so that it can be told from one that never was.
constexpr std::chrono::milliseconds kRememberedFor = std::chrono::hours(24);

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

std::string to_text(LinkPurpose purpose) {
  return purpose == LinkPurpose::password ? "password" : "sign_in";
}

}  // namespace

Recovery::Recovery(Environment environment, const Sessions& sessions, Accounts& accounts, PasswordHasher& hasher,
                   Letters& letters, RecoveryPolicy policy)
    : environment_(environment),
      sessions_(sessions),
      accounts_(accounts),
      hasher_(hasher),
      letters_(letters),
      policy_(policy),
      by_account_(policy.letters_per_account_max, policy.window) {}

MadeLink Recovery::add(storage::Transaction& tx, Id id, Id person, LinkPurpose purpose, Instant now,
                       std::chrono::milliseconds valid_for) {
  MadeLink made{new_token(), now + valid_for};
  tx.run("DELETE FROM sign_in_link WHERE expires_at < ?", {now - kRememberedFor});
  tx.run(
      "INSERT INTO sign_in_link (id, token_hash, person_id, purpose, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
      {id, hash_token(made.token), person, to_text(purpose), now, made.expires_at});
  return made;
}

std::optional<LinkLetter> Recovery::letter_for(storage::Transaction& tx, const std::string& email_folded,
                                               LinkPurpose purpose, Instant now, std::chrono::milliseconds valid_for) {
  const auto row = tx.one(
      "SELECT a.person_id, a.email, p.name, p.ui_locale FROM account a JOIN person p ON p.id = a.person_id "
      "WHERE a.email_folded = ?",
      {email_folded});
  if (!row) return std::nullopt;
  const Id id = new_id(now);
  const MadeLink made = add(tx, id, row->id(0), purpose, now, valid_for);
  return LinkLetter{id.to_string(), row->text(2), row->text(1), row->text(3), purpose, made.token, made.expires_at};
}

Guarded<void> Recovery::ask(const std::string& email, LinkPurpose purpose, const Place& place) {
  if (!letters_.is_on()) return fail(Errc::conflict, "mail_off");
  if (purpose == LinkPurpose::sign_in && !policy_.sign_in_links) return fail(Errc::conflict, "sign_in_links_off");
  if (const auto wait = accounts_.knock(place); wait.count() > 0) return too_many(wait);
  CLUSE_TRY(clean, clean_email(email, "email"));
  const Instant now = environment_.clock.now();
  const std::string email_folded = fold_case(clean);
  // Past it she has letters enough, each of which works.
  if (by_account_.try_once(email_folded, now).count() > 0) return {};
  const auto letter = std::make_shared<std::optional<LinkLetter>>();
  auto body = [letter, email_folded, purpose, now,
               valid_for = policy_.valid_for](storage::Transaction& tx) -> Result<void> {
    *letter = letter_for(tx, email_folded, purpose, now, valid_for);
    return {};
  };
  auto done = [this, letter](Result<void> written) {
    if (!written) log_warning("link_not_made", {{"why", written.error().detail}});
    else if (*letter) letters_.send_link(**letter);
  };
  environment_.database.submit_write(std::move(body), std::move(done));
  return {};
}

Task<Result<MadeLink>> Recovery::make(Actor actor, Id person) {
  if (!actor.may(rights::Permission::administrators_manage)) co_return fail(Errc::denied, "denied");
  auto body = [this, person](storage::Transaction& tx) -> Result<MadeLink> {
    if (!tx.one("SELECT 1 FROM account WHERE person_id = ?", {person}))
      return fail(Errc::not_found, "person_not_found");
    const Instant now = environment_.clock.now();
    return add(tx, new_id(now), person, LinkPurpose::password, now, policy_.handed_valid_for);
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Result<Recovery::Stored> Recovery::find_open(storage::Snapshot& snapshot, const std::string& token, Instant now) {
  const auto row = snapshot.one(
      "SELECT id, person_id, purpose, expires_at, used_at FROM sign_in_link WHERE token_hash = ?", {hash_token(token)});
  if (!row) return fail(Errc::not_found, "link_not_found");
  const LinkPurpose purpose = row->text(2) == "password" ? LinkPurpose::password : LinkPurpose::sign_in;
  const Stored stored{row->id(0), row->id(1), {purpose, row->instant(3)}};
  if (!row->is_null(4) || stored.link.expires_at <= now) return fail(Errc::gone, "link_over");
  return stored;
}

Task<Guarded<RecoveryLink>> Recovery::find(std::string token, Place place) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  auto body = [token = std::move(token),
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<RecoveryLink> {
    CLUSE_TRY(stored, find_open(snapshot, token, now));
    return stored.link;
  };
  auto found = co_await environment_.database.read(std::move(body));
  if (!found) co_return std::unexpected(Refusal(found.error()));
  co_return *found;
}

Result<SignedIn> Recovery::use_in(storage::Transaction& tx, const std::string& token, const std::string& hash,
                                  const Place& place, const std::string& previous_token) const {
  const Instant now = environment_.clock.now();
  CLUSE_TRY(stored, find_open(tx, token, now));
  tx.run("UPDATE sign_in_link SET used_at = ? WHERE person_id = ? AND used_at IS NULL", {now, stored.person});
  std::vector<Id> ended;
  if (!hash.empty()) {
    tx.run("UPDATE account SET password_hash = ?, password_changed_at = ? WHERE person_id = ?",
           {hash, now, stored.person});
    const journal::Author by{stored.person, {}, place.request_id};
    journal::append(tx, {by, journal::Verb::password_changed, journal::ObjectKind::person, stored.person, {}, now, {}});
    ended = sessions_.end_others(tx, by, stored.person, Id{});
  }
  CLUSE_TRY(opened, sessions_.enter(tx, stored.person, place, previous_token, {.method = "link"}));
  opened.ended.insert(opened.ended.end(), ended.begin(), ended.end());
  return opened;
}

Task<Guarded<SignedIn>> Recovery::use(std::string token, std::string password, Place place,
                                      std::string previous_token) {
  // Looking first also keeps a bad token from costing a hash.
  auto link = co_await find(token, place);
  if (!link) co_return std::unexpected(std::move(link).error());
  std::string hash;
  if (link->purpose == LinkPurpose::password) {
    CLUSE_CO_CHECK(accounts_.check_password(password));
    auto hashed = co_await hasher_.hash(password);
    if (!hashed) co_return std::unexpected(Refusal(hashed.error()));
    hash = *hashed;
  }
  auto body = [this, token, hash, place, previous_token](storage::Transaction& tx) -> Result<SignedIn> {
    return use_in(tx, token, hash, place, previous_token);
  };
  auto opened = co_await environment_.database.write(std::move(body));
  if (!opened) co_return std::unexpected(Refusal(opened.error()));
  sessions_.tell(opened->ended);
  if (!hash.empty()) letters_.send_password_changed(opened->profile);
  co_return std::move(*opened);
}

}  // namespace cluse::domain
