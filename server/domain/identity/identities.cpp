#include "server/domain/identity/identities.h"

#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kLabelMax = 80;
constexpr std::size_t kShownMax = 200;

std::optional<Instant> instant_or_none(const storage::Row& row, std::size_t at) {
  return row.is_null(at) ? std::nullopt : std::optional(row.instant(at));
}

std::vector<Id> sessions_of(storage::Snapshot& snapshot, Id identity) {
  std::vector<Id> sessions;
  for (const auto& row : snapshot.all("SELECT id FROM session WHERE identity_id = ? ORDER BY id", {identity}))
    sessions.push_back(row.id(0));
  return sessions;
}

}  // namespace

Result<Id> link_identity(storage::Transaction& tx, const journal::Author& by, Id person, const oidc::Answer& answer,
                         const std::string& provider, Instant now) {
  const auto taken =
      tx.one("SELECT id, person_id FROM identity WHERE issuer = ? AND subject = ?", {answer.issuer, answer.subject});
  if (taken && taken->id(1) == person) return taken->id(0);
  if (taken) return fail(Errc::conflict, "identity_taken");
  const auto count = tx.one("SELECT COUNT(*) FROM identity WHERE person_id = ?", {person});
  if (static_cast<std::size_t>(count->integer(0)) >= kIdentitiesMax) return fail(Errc::too_many, "too_many_identities");
  const Id id = new_id(now);
  const std::string& told = answer.email.empty() ? answer.name : answer.email;
  const auto shown = clean_line(told, "shown", kShownMax, false);
  tx.run(
      "INSERT INTO identity (id, person_id, issuer, subject, label, shown, created_at, last_used_at) "
      "VALUES (?, ?, ?, ?, '', ?, ?, ?)",
      {id, person, answer.issuer, answer.subject, shown ? *shown : std::string(), now, now});
  tx.run("DELETE FROM access_request WHERE issuer = ? AND subject = ?", {answer.issuer, answer.subject});
  journal::append(
      tx, {by, journal::Verb::identity_linked, journal::ObjectKind::person, person, {}, now, {{"provider", provider}}});
  return id;
}

SignInWays ways_of(storage::Snapshot& snapshot, Id person) {
  SignInWays ways;
  const auto account = snapshot.one("SELECT password_hash FROM account WHERE person_id = ?", {person});
  ways.has_password = account && !account->text(0).empty();
  for (const auto& row : snapshot.all("SELECT id, issuer, label, shown, created_at, last_used_at FROM identity "
                                      "WHERE person_id = ? ORDER BY created_at, id",
                                      {person}))
    ways.identities.push_back(
        {row.id(0), row.text(1), row.text(2), row.text(3), row.instant(4), instant_or_none(row, 5)});
  for (const auto& row : snapshot.all(
           "SELECT id, name, created_at, last_used_at FROM passkey WHERE person_id = ? ORDER BY created_at, id",
           {person}))
    ways.passkeys.push_back({row.id(0), row.text(1), row.instant(2), instant_or_none(row, 3)});
  if (const auto factor = snapshot.one("SELECT created_at FROM second_factor WHERE person_id = ?", {person}))
    ways.second_factor_since = factor->instant(0);
  ways.recovery_codes_left = static_cast<int>(
      snapshot.one("SELECT COUNT(*) FROM recovery_code WHERE person_id = ? AND used_at IS NULL", {person})->integer(0));
  return ways;
}

Result<void> require_another_way(storage::Snapshot& snapshot, Id person) {
  const SignInWays ways = ways_of(snapshot, person);
  if ((ways.has_password ? 1U : 0U) + ways.identities.size() + ways.passkeys.size() > 1) return {};
  return fail(Errc::conflict, "last_way_in");
}

Task<Result<SignInWays>> Identities::ways(Actor actor, Id person) {
  if (person != actor.person_id && !actor.is_admin) co_return fail(Errc::denied, "denied");
  auto body = [person](storage::Snapshot& snapshot) -> Result<SignInWays> {
    if (!snapshot.one("SELECT 1 FROM account WHERE person_id = ?", {person}))
      return fail(Errc::not_found, "person_not_found");
    return ways_of(snapshot, person);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<void>> Identities::rename(Actor actor, Id identity, std::string label) {
  CLUSE_CO_TRY(clean, clean_line(label, "label", kLabelMax, false));
  auto body = [actor, identity, clean = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    if (tx.run("UPDATE identity SET label = ? WHERE id = ? AND person_id = ?", {clean, identity, actor.person_id}) == 0)
      return fail(Errc::not_found, "identity_not_found");
    journal::append(tx, {author_of(actor),
                         journal::Verb::identity_renamed,
                         journal::ObjectKind::person,
                         actor.person_id,
                         {},
                         now,
                         {{"label", clean}}});
    return {};
  };
  auto renamed = co_await environment_.database.write(std::move(body));
  co_return renamed;
}

Task<Result<void>> Identities::remove(Actor actor, Id person, Id identity) {
  const bool is_own = person == actor.person_id;
  if (!is_own && !actor.is_admin) co_return fail(Errc::denied, "denied");
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  auto body = [this, actor, person, identity, is_own](storage::Transaction& tx) -> Result<std::vector<Id>> {
    const Instant now = environment_.clock.now();
    const auto row = tx.one("SELECT issuer FROM identity WHERE id = ? AND person_id = ?", {identity, person});
    if (!row) return fail(Errc::not_found, "identity_not_found");
    if (is_own) CLUSE_CHECK(require_another_way(tx, person));
    auto ended = sessions_of(tx, identity);
    std::erase(ended, actor.session_id);
    tx.run("UPDATE session SET identity_id = NULL, logout_hint = NULL WHERE identity_id = ?", {identity});
    tx.run("DELETE FROM identity WHERE id = ?", {identity});
    journal::append(tx, {author_of(actor),
                         journal::Verb::identity_removed,
                         journal::ObjectKind::person,
                         person,
                         {},
                         now,
                         {{"issuer", row->text(0)}}});
    return sessions_.end_these(tx, author_of(actor), ended);
  };
  auto ended = co_await environment_.database.write(std::move(body));
  if (!ended) co_return std::unexpected(std::move(ended).error());
  sessions_.tell(*ended);
  co_return Result<void>();
}

}  // namespace cluse::domain
