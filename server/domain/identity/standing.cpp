#include "server/domain/identity/standing.h"

#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"
#include "server/domain/workspaces/members.h"

#include <algorithm>
#include <utility>

namespace cluse::domain {
namespace {

using rights::Permission;

constexpr std::size_t kReasonMax = 500;

#define CLUSE_ENTRY_SELECT                                                                                \
  "SELECT p.id, p.name, p.function, p.is_admin, o.id, o.name, o.short_name, o.country, o.kind, a.email, " \
  "p.organisation_confirmed, p.suspended_at, p.suspended_reason, p.name_folded FROM person p "            \
  "JOIN account a ON a.person_id = p.id LEFT JOIN organisation o ON o.id = p.organisation_id "

DirectoryEntry entry_from(const storage::Row& row) {
  DirectoryEntry entry;
  entry.person.id = row.id(0);
  entry.person.name = row.text(1);
  entry.person.function = row.text(2);
  entry.person.is_admin = row.flag(3);
  if (!row.is_null(4))
    entry.person.organisation = Organisation{row.id(4), row.text(5), row.text(6), row.text(7), row.text(8)};
  entry.email = row.text(9);
  entry.organisation_confirmed = row.flag(10);
  entry.suspended_at = row.instant_or_null(11);
  entry.suspended_reason = row.text_or(12, "");
  return entry;
}

Result<void> check_may(storage::Snapshot& snapshot, const Actor& actor, Permission needed) {
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, rights::kInstance));
  if (!allowed.has(needed)) return fail(Errc::denied, "denied");
  return {};
}

Result<DirectoryEntry> read_entry(storage::Snapshot& snapshot, Id person) {
  const auto row = snapshot.one(CLUSE_ENTRY_SELECT "WHERE p.id = ? AND p.erased_at IS NULL", {person});
  if (!row) return fail(Errc::not_found, "person_not_found");
  return entry_from(*row);
}

// The person, if the actor may act on her: nobody does on whoever may more than she. What a suspended person would hold
// counts as if she held it.
Result<DirectoryEntry> must_find(storage::Snapshot& snapshot, const Actor& actor, Id person, Permission needed) {
  CLUSE_CHECK(check_may(snapshot, actor, needed));
  CLUSE_TRY(entry, read_entry(snapshot, person));
  CLUSE_TRY(own, rights::permissions(snapshot, actor.person_id, rights::kInstance));
  CLUSE_TRY(hers, rights::explain(snapshot, person, rights::kInstance));
  rights::Permissions most;
  for (const auto& source : hers.sources)
    if (source.state == rights::Source::State::holds) most |= source.role.permissions;
  if (!own.includes(most)) return fail(Errc::denied, "denied", "she may more");
  return entry;
}

std::vector<Responsibilities::Named> managed_by(storage::Snapshot& snapshot, Id person) {
  std::vector<Responsibilities::Named> workspaces;
  for (const auto& row :
       snapshot.all("SELECT w.id, w.name, (SELECT COUNT(*) FROM workspace_member o JOIN person p ON p.id = o.person_id "
                    "WHERE o.workspace_id = w.id AND o.role = 'manager' AND o.person_id <> m.person_id "
                    "AND p.suspended_at IS NULL) FROM workspace_member m JOIN workspace w ON w.id = m.workspace_id "
                    "WHERE m.person_id = ? AND m.role = 'manager' ORDER BY w.name_folded, w.id",
                    {person}))
    workspaces.push_back({row.id(0), row.text(1), row.integer(2) == 0});
  return workspaces;
}

Responsibilities read_responsibilities(storage::Snapshot& snapshot, Id person, Instant now) {
  Responsibilities found;
  found.workspaces = managed_by(snapshot, person);
  for (const auto& row :
       snapshot.all("SELECT id, name FROM access_group WHERE responsible_id = ? ORDER BY name_folded", {person}))
    found.groups.push_back({row.id(0), row.text(1), false});
  found.mandates = mandates_of(snapshot, person, organisations::today(now));
  std::erase_if(found.mandates, [](const Mandate& mandate) { return !mandate.is_current; });
  found.invitations =
      snapshot
          .one("SELECT COUNT(*) FROM invitation WHERE invited_by = ? AND accepted_at IS NULL AND expires_at > ?",
               {person, now})
          ->integer(0);
  found.is_last_administrator =
      snapshot.one("SELECT 1 FROM person WHERE id = ? AND is_admin = 1", {person}).has_value() &&
      !snapshot.one(
          "SELECT 1 FROM person WHERE is_admin = 1 AND id <> ? AND suspended_at IS NULL AND erased_at IS NULL",
          {person});
  return found;
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, Id person, Instant now,
          journal::Details details) {
  journal::append(tx, {author_of(actor), verb, journal::ObjectKind::person, person, {}, now, std::move(details)});
}

// "name~id": where the page before ended, whoever has come or gone since.
struct Cursor {
  std::string name;
  std::string id;
};

Result<Cursor> parse_cursor(const std::string& text) {
  if (text.empty()) return Cursor{};
  const auto tilde = text.rfind('~');
  if (tilde == std::string::npos || !Id::parse(std::string_view(text).substr(tilde + 1)))
    return fail(Errc::invalid, "field_invalid", "no cursor", "after");
  return Cursor{text.substr(0, tilde), text.substr(tilde + 1)};
}

std::vector<storage::Row> directory_rows(storage::Snapshot& snapshot, const DirectoryQuery& query,
                                         const Cursor& after) {
  std::string sql = CLUSE_ENTRY_SELECT "WHERE p.erased_at IS NULL AND p.name_folded >= ?";
  std::vector<storage::Value> values{after.name};
  if (!after.id.empty()) {
    sql += " AND (p.name_folded > ? OR p.id > ?)";
    values.insert(values.end(), {after.name, after.id});
  }
  if (query.organisation) {
    sql += " AND (p.organisation_id = ? OR p.id IN (SELECT person_id FROM mandate WHERE organisation_id = ?))";
    values.insert(values.end(), {*query.organisation, *query.organisation});
  }
  if (query.suspended) sql += *query.suspended ? " AND p.suspended_at IS NOT NULL" : " AND p.suspended_at IS NULL";
  if (!fold(query.words).empty())
    for (const auto& word : like_words(query.words)) {
      if (word == "%") continue;
      // Of the person's own row first; the two lists are made once for the whole query.
      sql +=
          " AND (p.name_folded LIKE ? ESCAPE '\\' OR p.function_folded LIKE ? ESCAPE '\\' "
          "OR p.id IN (SELECT person_id FROM account WHERE email_folded LIKE ? ESCAPE '\\') "
          "OR p.organisation_id IN (SELECT id FROM organisation WHERE name_folded LIKE ? ESCAPE '\\'))";
      values.insert(values.end(), {word, word, word, word});
    }
  sql += " ORDER BY p.name_folded, p.id LIMIT ?";
  values.emplace_back(query.max + 1);
  return snapshot.all(sql, storage::Parameters(values));
}

}  // namespace

Result<DirectoryPage> directory_page(storage::Snapshot& snapshot, const DirectoryQuery& query) {
  CLUSE_TRY(after, parse_cursor(query.after));
  const auto rows = directory_rows(snapshot, query, after);
  DirectoryPage page;
  for (const auto& row : rows) {
    if (page.people.size() == static_cast<std::size_t>(query.max)) break;
    page.people.push_back(entry_from(row));
  }
  if (rows.size() > page.people.size()) {
    const auto& last = rows[page.people.size() - 1];
    page.after = last.text(13) + '~' + last.text(0);
  }
  return page;
}

Task<Result<DirectoryPage>> Standing::list(Actor actor, DirectoryQuery query) {
  query.max = std::clamp(query.max, 1, kDirectoryPageMax);
  auto body = [actor, query](storage::Snapshot& snapshot) -> Result<DirectoryPage> {
    CLUSE_CHECK(check_may(snapshot, actor, Permission::people_manage));
    return directory_page(snapshot, query);
  };
  auto page = co_await environment_.database.read(std::move(body));
  co_return page;
}

Task<Result<DirectoryEntry>> Standing::find(Actor actor, Id person) {
  auto body = [actor, person](storage::Snapshot& snapshot) -> Result<DirectoryEntry> {
    CLUSE_CHECK(check_may(snapshot, actor, Permission::people_manage));
    return read_entry(snapshot, person);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<DirectoryEntry>> Standing::suspend(Actor actor, Id person, std::string reason) {
  CLUSE_CO_TRY(clean, clean_line(reason, "reason", kReasonMax));
  struct Done {
    DirectoryEntry entry;
    std::vector<Id> ended;
  };
  auto body = [this, actor, person, reason = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Done> {
    CLUSE_TRY(entry, must_find(tx, actor, person, Permission::people_suspend));
    if (person == actor.person_id) return fail(Errc::conflict, "suspend_oneself");
    if (entry.suspended_at) return Done{entry, {}};
    for (const auto& workspace : managed_by(tx, person))
      if (workspace.is_last) return fail(Errc::conflict, "last_manager", workspace.name);
    tx.run("UPDATE person SET suspended_at = ?, suspended_reason = ? WHERE id = ?", {now, reason, person});
    CLUSE_CHECK(check_administered(tx));
    note(tx, actor, journal::Verb::person_suspended, person, now, {{"reason", reason}});
    auto ended = sessions_.end_others(tx, author_of(actor), person);
    CLUSE_TRY(after, read_entry(tx, person));
    return Done{after, std::move(ended)};
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (!done) co_return std::unexpected(std::move(done).error());
  sessions_.tell(done->ended);
  co_return std::move(done->entry);
}

Task<Result<DirectoryEntry>> Standing::reactivate(Actor actor, Id person) {
  auto body = [actor, person, now = environment_.clock.now()](storage::Transaction& tx) -> Result<DirectoryEntry> {
    CLUSE_TRY(entry, must_find(tx, actor, person, Permission::people_suspend));
    if (!entry.suspended_at) return entry;
    tx.run("UPDATE person SET suspended_at = NULL, suspended_reason = NULL WHERE id = ?", {person});
    note(tx, actor, journal::Verb::person_reactivated, person, now, {});
    return read_entry(tx, person);
  };
  auto done = co_await environment_.database.write(std::move(body));
  co_return done;
}

Task<Result<DirectoryEntry>> Standing::set_organisation(Actor actor, Id person, std::optional<Id> organisation) {
  auto body = [actor, person, organisation,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<DirectoryEntry> {
    CLUSE_CHECK(must_find(tx, actor, person, Permission::people_manage));
    std::string name;
    if (organisation) {
      const auto row = tx.one("SELECT name FROM organisation WHERE id = ?", {*organisation});
      if (!row) return fail(Errc::invalid, "field_invalid", "no such organisation", "organisation_id");
      name = row->text(0);
      tx.run("UPDATE person SET organisation_id = ?, organisation_confirmed = 1 WHERE id = ?", {*organisation, person});
    } else {
      tx.run("UPDATE person SET organisation_confirmed = 0 WHERE id = ?", {person});
    }
    note(tx, actor, journal::Verb::belonging_confirmed, person, now, {{"organisation", name}});
    return read_entry(tx, person);
  };
  auto done = co_await environment_.database.write(std::move(body));
  co_return done;
}

Task<Result<Responsibilities>> Standing::responsibilities(Actor actor, Id person) {
  auto body = [actor, person, now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<Responsibilities> {
    CLUSE_CHECK(check_may(snapshot, actor, Permission::people_manage));
    CLUSE_CHECK(read_entry(snapshot, person));
    return read_responsibilities(snapshot, person, now);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Responsibilities>> Standing::hand_over(Actor actor, Id from, Id to, std::optional<std::string> last_day) {
  if (from == to) co_return fail(Errc::invalid, "hand_over_oneself", "", "to");
  if (last_day && last_day->empty()) last_day.reset();
  if (last_day) CLUSE_CO_CHECK(organisations::parse_days(std::nullopt, last_day));
  struct Done {
    Responsibilities left;
    std::vector<Id> workspaces;
  };
  auto body = [actor, from, to, last_day, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Done> {
    CLUSE_TRY(giver, must_find(tx, actor, from, Permission::people_manage));
    CLUSE_TRY(taker, read_entry(tx, to));
    if (taker.suspended_at) return fail(Errc::conflict, "person_suspended", "", "to");
    const Responsibilities all = read_responsibilities(tx, from, now);
    Done done;
    for (const auto& workspace : all.workspaces) {
      set_role(tx, workspace.id, to, Role::manager, now, author_of(actor));
      done.workspaces.push_back(workspace.id);
    }
    tx.run("UPDATE access_group SET responsible_id = ? WHERE responsible_id = ?", {to, from});
    tx.run("UPDATE invitation SET invited_by = ? WHERE invited_by = ? AND accepted_at IS NULL AND expires_at > ?",
           {to, from, now});
    for (const auto& mandate : all.mandates) {
      if (!last_day) break;
      CLUSE_CHECK(update_mandate(tx, mandate.id,
                                 {mandate.organisation.id, mandate.function, mandate.quality, mandate.seat,
                                  std::min(mandate.first_day, *last_day), last_day},
                                 now));
      journal::append(tx, {author_of(actor),
                           journal::Verb::mandate_changed,
                           journal::ObjectKind::mandate,
                           mandate.id,
                           {},
                           now,
                           {{"function", mandate.function}, {"until", *last_day}}});
    }
    note(tx, actor, journal::Verb::person_handed_over, from, now,
         {{"from", giver.person.name}, {"to", taker.person.name}});
    done.left = read_responsibilities(tx, from, now);
    return done;
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (!done) co_return std::unexpected(std::move(done).error());
  for (const Id workspace : done->workspaces) environment_.live.person_access_changed(workspace, to);
  co_return std::move(done->left);
}

}  // namespace cluse::domain
