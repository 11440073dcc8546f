#include "server/domain/identity/app_passwords.h"

#include "server/base/log.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"

#include <array>
#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kGroups = 5, kGroupSize = 4;
constexpr std::chrono::minutes kUsedStep{1};

// 31 letters that nobody takes for another: what is read off one screen is typed on the next.
constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

std::string new_secret() {
  std::string out;
  while (out.size() < kGroups * (kGroupSize + 1) - 1) {
    if (out.size() % (kGroupSize + 1) == kGroupSize) out += '-';
    std::array<unsigned char, 1> octet{};
    fill_random(octet);
    const std::size_t at = octet[0] & 31U;
    if (at < kLetters.size()) out += kLetters[at];
  }
  return out;
}

// As it was drawn, however it was typed.
std::string hash_of(std::string_view secret) {
  std::string plain;
  for (const char c : secret)
    if (c != '-' && c != ' ') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return hash_token("app " + plain);
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, const std::string& name, Instant now) {
  journal::append(tx,
                  {author_of(actor), verb, journal::ObjectKind::person, actor.person_id, {}, now, {{"name", name}}});
}

AppPassword from_row(const storage::Row& row) {
  AppPassword out{row.id(0), row.text(1), row.instant(2), {}};
  if (!row.is_null(3)) out.last_used_at = row.instant(3);
  return out;
}

}  // namespace

Task<Result<std::vector<AppPassword>>> AppPasswords::list(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<AppPassword>> {
    std::vector<AppPassword> all;
    for (const auto& row : snapshot.all("SELECT id, name, created_at, last_used_at FROM app_password "
                                        "WHERE person_id = ? ORDER BY created_at DESC, id",
                                        {actor.person_id}))
      all.push_back(from_row(row));
    return all;
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<NewAppPassword>> AppPasswords::add(Actor actor, std::string name) {
  CLUSE_CO_CHECK(sessions_.require_proof(actor));
  CLUSE_CO_TRY(clean, clean_line(name, "name", kAppPasswordNameMax));
  const NewAppPassword made{{new_id(environment_.clock.now()), clean, environment_.clock.now(), {}}, new_secret()};
  auto body = [actor, made](storage::Transaction& tx) -> Result<void> {
    const auto row = tx.one("SELECT COUNT(*) FROM app_password WHERE person_id = ?", {actor.person_id});
    if (row->integer(0) >= static_cast<std::int64_t>(kAppPasswordsMax))
      return fail(Errc::conflict, "too_many_app_passwords");
    tx.run("INSERT INTO app_password (id, person_id, name, secret_hash, created_at) VALUES (?, ?, ?, ?, ?)",
           {made.shown.id, actor.person_id, made.shown.name, hash_of(made.secret), made.shown.created_at});
    note(tx, actor, journal::Verb::app_password_added, made.shown.name, made.shown.created_at);
    return {};
  };
  auto written = co_await environment_.database.write(std::move(body));
  if (!written) co_return std::unexpected(std::move(written).error());
  co_return made;
}

Task<Result<void>> AppPasswords::remove(Actor actor, Id id) {
  auto body = [this, actor, id](storage::Transaction& tx) -> Result<void> {
    const auto row = tx.one("SELECT name FROM app_password WHERE id = ? AND person_id = ?", {id, actor.person_id});
    if (!row) return fail(Errc::not_found, "app_password_not_found");
    tx.run("DELETE FROM app_password WHERE id = ?", {id});
    note(tx, actor, journal::Verb::app_password_removed, row->text(0), environment_.clock.now());
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  co_return removed;
}

Task<Result<std::optional<AppPasswords::Known>>> AppPasswords::find(std::string email_folded, std::string secret_hash) {
  auto body = [email_folded = std::move(email_folded),
               secret_hash = std::move(secret_hash)](storage::Snapshot& snapshot) -> Result<std::optional<Known>> {
    const auto row = snapshot.one(
        "SELECT a.id, a.person_id, p.ui_locale, a.last_used_at FROM app_password a "
        "JOIN person p ON p.id = a.person_id JOIN account c ON c.person_id = a.person_id "
        "WHERE a.secret_hash = ? AND c.email_folded = ? AND p.suspended_at IS NULL AND p.erased_at IS NULL",
        {secret_hash, email_folded});
    if (!row) return std::optional<Known>();
    CLUSE_TRY(allowed, rights::permissions(snapshot, row->id(1), rights::kInstance));
    Known known;
    known.id = row->id(0);
    known.actor.person_id = row->id(1);
    known.actor.locale = row->text(2);
    known.actor.instance = allowed;
    known.actor.is_admin = allowed.has(rights::Permission::administrators_manage);
    if (!row->is_null(3)) known.last_used_at = row->instant(3);
    return std::optional(known);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

// Nobody waits for it: a lost mark is a minute that is not shown.
void AppPasswords::mark_used(const Known& known) const {
  const Instant now = environment_.clock.now();
  if (known.last_used_at && now < *known.last_used_at + kUsedStep) return;
  environment_.database.submit_write(
      [id = known.id, now](storage::Transaction& tx) -> Result<void> {
        tx.run("UPDATE app_password SET last_used_at = ? WHERE id = ?", {now, id});
        return {};
      },
      [](Result<void> done) {
        if (!done) log_warning("app_password_use_not_written", {{"why", done.error().detail}});
      });
}

Task<Guarded<Actor>> AppPasswords::authenticate(std::string email, std::string secret, Place place) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  const auto clean = clean_email(email, "email");
  const std::string folded = fold_case(clean ? *clean : std::string());
  // An allowance of its own: a program with an old password must not keep its owner from signing in.
  const std::string key = "app " + folded + " " + place.address;
  if (const auto wait = accounts_.try_account(key); wait.count() > 0) co_return too_many(wait);
  auto known = co_await find(folded, hash_of(std::string_view(secret).substr(0, kAppPasswordBytesMax)));
  if (!known) co_return std::unexpected(Refusal(known.error()));
  if (!*known) co_return fail(Errc::unauthenticated, "app_password_wrong");
  accounts_.unknock(place);
  accounts_.forget_tries(key);
  mark_used(**known);
  Actor actor = (*known)->actor;
  actor.request_id = place.request_id;
  co_return actor;
}

}  // namespace cluse::domain
