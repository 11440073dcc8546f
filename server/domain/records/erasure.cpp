// Erasure of a person: see personal_data.h.

#include "server/domain/organisations/days.h"
#include "server/domain/records/personal_data.h"
#include "server/domain/text.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace cluse::domain {
namespace {

// What names her, as it stands inside of details (JSON, without the quotes), to be found with LIKE.
std::string pattern_of(const std::string& word) {
  const std::string quoted = boost::json::serialize(boost::json::string(word));
  std::string pattern = "%";
  for (const char c : quoted.substr(1, quoted.size() - 2)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

// The events whose details she typed, or that speak of her, or of an invitation to her; and those into which others
// typed her name or address. Every event is read: a name may stand in any.
std::vector<std::int64_t> details_about(storage::Snapshot& snapshot, Id person, const std::string& name,
                                        const std::string& email) {
  std::string sql =
      "SELECT sequence FROM journal WHERE erased_by IS NULL AND body IS NOT NULL AND (actor_id = ? OR object_id = ? "
      "OR object_id IN (SELECT id FROM invitation WHERE accepted_by = ? OR email_folded = ?)";
  std::vector<storage::Value> values{person, person, person, fold_case(email)};
  for (const std::string& word : {name, email}) {
    if (word.empty()) continue;
    sql += " OR body LIKE ? ESCAPE '\\'";
    values.emplace_back(pattern_of(word));
  }
  std::vector<std::int64_t> found;
  for (const auto& row : snapshot.all(sql + ")", storage::Parameters(std::span<const storage::Value>(values))))
    found.push_back(row.integer(0));
  return found;
}

std::vector<Id> end_sessions(storage::Transaction& tx, Id person) {
  std::vector<Id> ended;
  for (const auto& row : tx.all("SELECT id FROM session WHERE person_id = ?", {person})) ended.push_back(row.id(0));
  tx.run("DELETE FROM session WHERE person_id = ?", {person});
  return ended;
}

void forget(storage::Transaction& tx, Id person, const std::string& email, Instant now) {
  tx.run("DELETE FROM known_place WHERE person_id = ?", {person});
  tx.run("DELETE FROM recently_opened WHERE person_id = ?", {person});
  tx.run("DELETE FROM workspace_member WHERE person_id = ?", {person});
  tx.run("DELETE FROM contact_detail WHERE person_id = ?", {person});
  tx.run("DELETE FROM access_grant WHERE holder_id = ?", {person});
  tx.run("DELETE FROM access_group_member WHERE member_id = ?", {person});
  tx.run("DELETE FROM sign_in_link WHERE person_id = ?", {person});
  for (const char* table : {"identity", "passkey", "second_factor", "recovery_code", "app_password", "notification",
                            "notification_level", "notification_setting"})
    tx.run(std::string("DELETE FROM ") + table + " WHERE person_id = ?", {person});
  tx.run("DELETE FROM account WHERE person_id = ?", {person});
  // That somebody held a seat stays, without her name; what still runs ends today.
  const std::string today = organisations::today(now);
  tx.run("UPDATE mandate SET last_day = ? WHERE person_id = ? AND last_day > ? AND first_day <= ?",
         {today, person, today, today});
  tx.run("DELETE FROM invitation WHERE accepted_at IS NULL AND (invited_by = ? OR email_folded = ?)",
         {person, fold_case(email)});
  tx.run(
      "UPDATE invitation SET email = NULL, email_folded = NULL, name = NULL, function = NULL "
      "WHERE accepted_by = ? OR email_folded = ?",
      {person, fold_case(email)});
  tx.run(
      "UPDATE person SET name = ?, name_folded = ?, function = '', function_folded = '', organisation_id = NULL, "
      "is_admin = 0, suspended_reason = NULL, organisation_confirmed = 0, content_languages = '', erased_at = ? WHERE "
      "id = ?",
      {kErasedName, fold(kErasedName), now, person});
}

}  // namespace

Result<std::vector<Id>> erase_person(storage::Transaction& tx, const journal::Author& by, Id person, Instant now) {
  const auto row = tx.one(
      "SELECT p.name, p.is_admin, p.erased_at, a.email FROM person p LEFT JOIN account a ON a.person_id = p.id "
      "WHERE p.id = ?",
      {person});
  if (!row) return fail(Errc::not_found, "person_not_found");
  if (!row->is_null(2)) return std::vector<Id>{};
  if (row->flag(1)) {
    const auto others =
        tx.one("SELECT COUNT(*) FROM person WHERE is_admin = 1 AND suspended_at IS NULL AND id <> ?", {person});
    if (others->integer(0) == 0) return fail(Errc::conflict, "last_administrator");
  }
  const std::string name = row->text(0), email = row->text_or(3, "");
  const auto details = details_about(tx, person, name, email);
  auto ended = end_sessions(tx, person);
  forget(tx, person, email, now);
  const std::int64_t erasure =
      journal::append(tx, {by, journal::Verb::person_erased, journal::ObjectKind::person, person, {}, now, {}});
  for (const std::int64_t sequence : details) journal::erase_detail(tx, sequence, erasure);
  return ended;
}

Task<Result<void>> PersonalData::erase(Actor actor, Id person) {
  if (!actor.may(rights::Permission::administrators_manage)) co_return fail(Errc::denied, "denied");
  if (actor.person_id == person) co_return fail(Errc::conflict, "erase_oneself");
  struct Erased {
    std::vector<Id> sessions, workspaces;
  };
  auto body = [actor, person, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Erased> {
    Erased erased;
    for (const auto& row : tx.all("SELECT workspace_id FROM workspace_member WHERE person_id = ?", {person}))
      erased.workspaces.push_back(row.id(0));
    CLUSE_TRY(sessions, erase_person(tx, author_of(actor), person, now));
    erased.sessions = std::move(sessions);
    return erased;
  };
  auto erased = co_await environment_.database.write(std::move(body));
  if (!erased) co_return std::unexpected(std::move(erased).error());
  sessions_.tell(erased->sessions);
  for (const Id workspace : erased->workspaces) environment_.live.person_access_changed(workspace, person);
  co_return Result<void>();
}

}  // namespace cluse::domain
