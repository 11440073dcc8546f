#include "server/domain/identity/sessions.h"

#include "server/base/log.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/rights/watched_database.h"

#include <optional>
#include <utility>

namespace cluse::domain {
namespace {

// The part of an address that names a network: enough to recognise a place, too little to follow a person.
std::string network_of(const std::string& address) {
  if (const auto dot = address.rfind('.'); dot != std::string::npos) return address.substr(0, dot) + ".0";
  std::size_t colon = 0;
  for (int groups = 0; groups < 3; ++groups) {
    colon = address.find(':', colon);
    if (colon == std::string::npos) return address;
    ++colon;
  }
  return address.substr(0, colon) + ":";
}

Actor actor_with(Id session, Id person, const std::string& locale, std::optional<Id> hat, rights::Permissions allowed) {
  return {session, person, allowed.has(rights::Permission::administrators_manage), locale, hat, {}, {}, false, allowed};
}

std::vector<Id> end_all(storage::Transaction& tx, const std::vector<storage::Row>& rows) {
  std::vector<Id> ended;
  for (const auto& row : rows) {
    ended.push_back(row.id(0));
    tx.run("DELETE FROM session WHERE id = ?", {row.id(0)});
  }
  return ended;
}

#define CLUSE_SESSION_SELECT                                                             \
  "SELECT s.id, s.person_id, p.ui_locale, s.created_at, s.last_seen_at, m.id, "          \
  "COALESCE(s.proven_at, s.created_at), s.is_strong, s.instance_rights FROM session s "  \
  "JOIN person p ON p.id = s.person_id "                                                 \
  "LEFT JOIN mandate m ON m.id = s.mandate_id AND m.first_day <= ? AND m.last_day >= ? " \
  "WHERE p.suspended_at IS NULL AND "

}  // namespace

bool Sessions::is_over(Instant created, Instant seen, Instant now) const {
  return seen + policy_.idle <= now || created + policy_.absolute <= now;
}

Task<Result<Actor>> Sessions::authenticate(std::string token) {
  const Instant now = environment_.clock.now();
  struct Found {
    Actor actor;
    Instant created, seen;
  };
  auto body = [this, hash = hash_token(token), now,
               day = organisations::today(now)](storage::Snapshot& snapshot) -> Result<Found> {
    auto row = snapshot.one(CLUSE_SESSION_SELECT "s.token_hash = ?", {day, day, hash});
    const bool is_latest = row.has_value();
    if (!row)
      row = snapshot.one(CLUSE_SESSION_SELECT "s.previous_hash = ? AND s.previous_until > ?", {day, day, hash, now});
    if (!row) return fail(Errc::unauthenticated, "not_signed_in");
    CLUSE_TRY(allowed, rights::permissions(snapshot, row->id(1), rights::kInstance));
    Found found{actor_with(row->id(0), row->id(1), row->text(2), row->id_or_null(5), allowed), row->instant(3),
                row->instant(4)};
    found.actor.proven_at = row->instant(6);
    found.actor.token_is_due = is_latest && (row->is_null(8) || row->integer(8) != std::int64_t{allowed.bits()});
    if (must_have_factor(found.actor.is_admin) && !row->flag(7)) {
      const Factors factors = factors_of(snapshot, found.actor.person_id);
      found.actor.must_add_factor = !factors.code && !factors.passkey;
    }
    return found;
  };
  auto found = co_await environment_.database.read(std::move(body));
  if (!found) co_return std::unexpected(std::move(found).error());
  if (is_over(found->created, found->seen, now)) co_return fail(Errc::unauthenticated, "not_signed_in", "over");
  if (found->seen + policy_.seen_step <= now) mark_seen(found->actor.session_id, now);
  co_return found->actor;
}

Task<Result<std::vector<Id>>> Sessions::over(std::vector<Id> sessions) {
  auto body = [this, sessions, now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<std::vector<Id>> {
    std::vector<Id> ended;
    for (const Id id : sessions) {
      const auto row = snapshot.one(
          "SELECT s.created_at, s.last_seen_at FROM session s JOIN person p ON p.id = s.person_id WHERE s.id = ? AND "
          "p.suspended_at IS NULL",
          {id});
      if (!row || is_over(row->instant(0), row->instant(1), now)) ended.push_back(id);
    }
    return ended;
  };
  auto ended = co_await environment_.database.read(std::move(body));
  co_return ended;
}

void Sessions::mark_seen(Id session, Instant now) {
  // Nobody waits for it: a lost mark only ends an idle session a little earlier.
  environment_.database.submit_write(
      [session, now](storage::Transaction& tx) -> Result<void> {
        tx.run("UPDATE session SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?", {now, session, now});
        return {};
      },
      [](Result<void> done) {
        if (!done) log_warning("session_seen_not_written", {{"why", done.error().detail}});
      });
}

Task<Result<std::vector<SessionInfo>>> Sessions::list(Actor actor) {
  auto body = [this, actor,
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<std::vector<SessionInfo>> {
    const auto rows = snapshot.all(
        "SELECT id, created_at, last_seen_at, device FROM session WHERE person_id = ? ORDER BY last_seen_at DESC, id",
        {actor.person_id});
    std::vector<SessionInfo> sessions;
    for (const auto& row : rows)
      if (!is_over(row.instant(1), row.instant(2), now))
        sessions.push_back({row.id(0), row.instant(1), row.instant(2), row.text(3), row.id(0) == actor.session_id});
    return sessions;
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<void>> Sessions::end(Actor actor, Id session) {
  auto body = [actor, session, now = environment_.clock.now()](storage::Transaction& tx) -> Result<std::vector<Id>> {
    auto ended =
        end_all(tx, tx.all("SELECT id FROM session WHERE id = ? AND person_id = ?", {session, actor.person_id}));
    const auto verb = session == actor.session_id ? journal::Verb::session_ended : journal::Verb::session_revoked;
    for (const Id id : ended)
      journal::append(tx, {author_of(actor), verb, journal::ObjectKind::session, id, {}, now, {}});
    return ended;
  };
  auto ended = co_await environment_.database.write(std::move(body));
  if (!ended) co_return std::unexpected(std::move(ended).error());
  tell(*ended);
  co_return Result<void>();
}

Proof second_proof(const boost::json::object& step, const std::string& method) {
  return {.method = step_text(step, "method") + " " + method,
          .identity = Id::parse(step_text(step, "identity")),
          .provider_session = step_text(step, "session"),
          .logout_hint = step_text(step, "hint"),
          .strong = true};
}

Factors factors_of(storage::Snapshot& snapshot, Id person) {
  return {snapshot.one("SELECT 1 FROM second_factor WHERE person_id = ?", {person}).has_value(),
          snapshot.one("SELECT 1 FROM passkey WHERE person_id = ? LIMIT 1", {person}).has_value()};
}

bool Sessions::must_have_factor(bool is_admin) const {
  return policy_.second_factor == FactorPolicy::everyone ||
         (policy_.second_factor == FactorPolicy::administrators && is_admin);
}

Result<void> Sessions::require_proof(const Actor& actor) const {
  if (actor.proven_at + policy_.proof_fresh > environment_.clock.now()) return {};
  return fail(Errc::denied, "proof_needed");
}

Task<Result<std::optional<std::string>>> Sessions::rotate(Actor actor, std::string token) {
  std::string fresh = new_token();
  auto body = [this, actor, old = hash_token(token), hash = hash_token(fresh),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<bool> {
    return tx.run(
               "UPDATE session SET token_hash = ?, previous_hash = token_hash, previous_until = ?, instance_rights = ? "
               "WHERE id = ? AND token_hash = ?",
               {hash, now + policy_.previous_valid_for, std::int64_t{actor.instance.bits()}, actor.session_id, old}) >
           0;
  };
  auto rotated = co_await environment_.database.write(std::move(body));
  if (!rotated) co_return std::unexpected(std::move(rotated).error());
  co_return *rotated ? std::optional(std::move(fresh)) : std::nullopt;
}

std::string Sessions::renew(storage::Transaction& tx, Id session, bool strong) const {
  std::string token = new_token();
  tx.run(
      "UPDATE session SET token_hash = ?, proven_at = ?, is_strong = CASE WHEN ? = 1 THEN 1 ELSE is_strong END "
      "WHERE id = ?",
      {hash_token(token), environment_.clock.now(), strong, session});
  return token;
}

Result<SignedIn> Sessions::enter(storage::Transaction& tx, Id person, const Place& place,
                                 const std::string& previous_token, const Proof& proof) const {
  const Factors factors = factors_of(tx, person);
  const auto row = tx.one("SELECT is_admin FROM person WHERE id = ?", {person});
  const bool asks = factors.code || (factors.passkey && row && must_have_factor(row->flag(0)));
  if (proof.strong || !asks) return open(tx, person, place, previous_token, proof);
  boost::json::object step{{"person", person.to_string()},
                           {"method", proof.method},
                           {"identity", proof.identity ? proof.identity->to_string() : ""},
                           {"session", proof.provider_session},
                           {"hint", proof.logout_hint}};
  SignedIn waiting;
  CLUSE_TRY(profile, profile_of(tx, person, {}, organisations::today(environment_.clock.now())));
  waiting.profile = std::move(profile);
  waiting.second = SecondStep{steps_.seal("second", std::move(step)), factors.code, factors.passkey};
  return waiting;
}

std::vector<Id> Sessions::end_these(storage::Transaction& tx, const journal::Author& by,
                                    const std::vector<Id>& sessions) const {
  for (const Id id : sessions) {
    tx.run("DELETE FROM session WHERE id = ?", {id});
    journal::append(
        tx, {by, journal::Verb::session_revoked, journal::ObjectKind::session, id, {}, environment_.clock.now(), {}});
  }
  return sessions;
}

Result<SignedIn> Sessions::open(storage::Transaction& tx, Id person, const Place& place,
                                const std::string& previous_token, const Proof& proof) const {
  const Instant now = environment_.clock.now();
  const std::string day = organisations::today(now);
  const auto hat = first_hat(tx, person, mandates_of(tx, person, day));
  CLUSE_TRY(profile, profile_of(tx, person, hat, day));
  if (tx.one("SELECT 1 FROM person WHERE id = ? AND suspended_at IS NOT NULL", {person}))
    return fail(Errc::denied, "account_suspended");
  // Those that are over by themselves go as well: sign-in is when the table grows.
  std::vector<Id> ended =
      end_all(tx, tx.all("SELECT id FROM session WHERE last_seen_at <= ? OR created_at <= ? OR token_hash = ?",
                         {now - policy_.idle, now - policy_.absolute, hash_token(previous_token)}));
  const auto spare = end_all(
      tx, tx.all("SELECT id FROM session WHERE person_id = ? ORDER BY last_seen_at DESC, id LIMIT 1000 OFFSET ?",
                 {person, policy_.per_person_max - 1}));
  ended.insert(ended.end(), spare.begin(), spare.end());
  SignedIn opened{new_token(), actor_with(new_id(now), person, profile.ui_locale, hat, profile.permissions), profile,
                  std::move(ended)};
  opened.actor.proven_at = now;
  const Factors factors = factors_of(tx, person);
  opened.actor.must_add_factor =
      must_have_factor(opened.actor.is_admin) && !proof.strong && !factors.code && !factors.passkey;
  tx.run(
      "INSERT INTO session (id, token_hash, person_id, created_at, last_seen_at, device, address, mandate_id, "
      "identity_id, provider_session, logout_hint, proven_at, is_strong, instance_rights) VALUES (?, ?, ?, ?, ?, ?, ?, "
      "?, "
      "?, ?, ?, ?, ?, ?)",
      {opened.actor.session_id, hash_token(opened.token), person, now, now, place.device, network_of(place.address),
       hat, proof.identity, hash_token(proof.provider_session), proof.logout_hint, now, proof.strong,
       std::int64_t{opened.actor.instance.bits()}});
  journal::append(tx, {{person, hat, place.request_id},
                       journal::Verb::session_started,
                       journal::ObjectKind::session,
                       opened.actor.session_id,
                       {},
                       now,
                       {{"device", place.device}, {"method", proof.method}}});
  return opened;
}

std::vector<Id> Sessions::end_others(storage::Transaction& tx, const journal::Author& by, Id person,
                                     std::optional<Id> kept) const {
  auto ended = end_all(
      tx, tx.all("SELECT id FROM session WHERE person_id = ? AND id <> ? ORDER BY id", {person, kept.value_or(Id{})}));
  for (const Id id : ended)
    journal::append(
        tx, {by, journal::Verb::session_revoked, journal::ObjectKind::session, id, {}, environment_.clock.now(), {}});
  return ended;
}

void Sessions::tell(const std::vector<Id>& ended) const {
  for (const Id session : ended) environment_.live.session_ended(session);
}

}  // namespace cluse::domain
