#include "server/domain/rights/grants.h"

#include "server/domain/organisations/days.h"
#include "server/domain/rights/watched_database.h"

#include <utility>

namespace cluse::domain::rights {
namespace {

#define CLUSE_GRANT_SELECT                                                                                      \
  "SELECT id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, granted_at, granted_by " \
  "FROM access_grant "

std::optional<Grant> grant_from(const storage::Row& row, RoleReader& roles, Names& names, PeopleReader& people,
                                const std::string& day) {
  const GivenRole* const role = roles.find(row.text(1));
  const auto holder = parse_holder_kind(row.text(2));
  const auto scope = parse_scope_kind(row.text(4));
  if (role == nullptr || !holder || !scope) return std::nullopt;
  Grant grant;
  grant.id = row.id(0);
  grant.role = *role;
  grant.holder = names.of(Holder{*holder, row.id(3)});
  grant.scope = names.of(Object{*scope, row.id(5)});
  grant.first_day = organisations::shown_first(row.text(6));
  grant.last_day = organisations::shown_last(row.text(7));
  if (row.text(7) < day) grant.state = Source::State::ended;
  else if (day < row.text(6)) grant.state = Source::State::not_yet;
  grant.granted_at = row.instant(8);
  grant.granted_by = people.find(row.id_or_null(9));
  return grant;
}

// A role that was made here stands there by its name: the words must be there when it is gone.
journal::Details details_of(storage::Snapshot& snapshot, const GivenRole& role, const Holder& holder,
                            const Object& scope, const organisations::Days& days) {
  Names names(snapshot);
  journal::Details details{{"role", role.name_fr.empty() ? role.id : role.name_fr},
                           {"holder", names.of(holder).name},
                           {"scope", names.of(scope).name},
                           {"scope_kind", std::string(to_text(scope.kind))}};
  if (days.last != organisations::kStill) details.emplace_back("until", days.last);
  return details;
}

void note(storage::Transaction& tx, const journal::Author& by, journal::Verb verb, Id grant, const Object& scope,
          Instant now, journal::Details details) {
  const auto workspace = scope.kind == ScopeKind::workspace ? std::optional(scope.id) : std::nullopt;
  journal::append(tx, {by, verb, journal::ObjectKind::grant, grant, workspace, now, std::move(details)});
}

Result<Id> write_grant(storage::Transaction& tx, const Actor& actor, const NewGrant& grant,
                       const organisations::Days& days, Instant now) {
  const auto known =
      tx.one("SELECT id, first_day, last_day FROM access_grant WHERE holder_id = ? AND scope_id = ? AND role = ?",
             {grant.holder.id, grant.scope.id, grant.role.id});
  auto details = details_of(tx, grant.role, grant.holder, grant.scope, days);
  if (known) {
    if (known->text(1) == days.first && known->text(2) == days.last) return known->id(0);
    tx.run("UPDATE access_grant SET first_day = ?, last_day = ? WHERE id = ?", {days.first, days.last, known->id(0)});
    note(tx, author_of(actor), journal::Verb::grant_changed, known->id(0), grant.scope, now, std::move(details));
    return known->id(0);
  }
  const auto count = tx.one("SELECT COUNT(*) FROM access_grant WHERE holder_id = ?", {grant.holder.id});
  if (static_cast<std::size_t>(count->integer(0)) >= kGrantsPerHolderMax)
    return fail(Errc::conflict, "too_many_grants");
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO access_grant (id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, "
      "granted_at, granted_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, grant.role.id, to_text(grant.holder.kind), grant.holder.id, to_text(grant.scope.kind), grant.scope.id,
       days.first, days.last, now, actor.person_id});
  note(tx, author_of(actor), journal::Verb::grant_added, id, grant.scope, now, std::move(details));
  return id;
}

Result<void> check_may_read(storage::Snapshot& snapshot, const Actor& actor, Object scope) {
  CLUSE_TRY(allowed, permissions(snapshot, actor.person_id, scope));
  if (allowed.has(Permission::grants_manage)) return {};
  // A hidden workspace is no workspace.
  const bool hidden = !allowed.has(Permission::content_read);
  if (hidden && scope.kind == ScopeKind::workspace) return fail(Errc::not_found, "workspace_not_found");
  if (hidden && scope.kind == ScopeKind::document) return fail(Errc::not_found, "document_not_found");
  return fail(Errc::denied, "denied");
}

}  // namespace

// Roles of the instance mean nothing below it; those that reach over everybody are given to one person at a time.
Result<void> check_fits(Permissions permissions, HolderKind holder, ScopeKind scope) {
  using enum Permission;
  if (permissions.meets({journal_read, administrators_manage})) {
    if (holder != HolderKind::person) return fail(Errc::invalid, "role_for_persons", "", "holder");
    if (scope != ScopeKind::instance) return fail(Errc::invalid, "role_scope", "", "scope");
  }
  const bool is_wide = permissions.meets({workspace_create, groups_manage, people_invite, people_manage, people_suspend,
                                          organisations_manage, references_manage});
  if (is_wide && scope != ScopeKind::instance && scope != ScopeKind::territory)
    return fail(Errc::invalid, "role_scope", "", "scope");
  return {};
}

Result<void> check_may_give(storage::Snapshot& snapshot, Id giver, const GivenRole& role, Object scope) {
  Actor actor;
  actor.person_id = giver;
  CLUSE_CHECK(check_may_read(snapshot, actor, scope));
  CLUSE_TRY(allowed, permissions(snapshot, giver, scope));
  if (!allowed.includes(role.permissions)) return fail(Errc::denied, "denied", "more than she holds herself");
  return {};
}

std::vector<Grant> grants_of(storage::Snapshot& snapshot, const GrantQuery& query) {
  Names names(snapshot);
  PeopleReader people(snapshot);
  RoleReader roles(snapshot);
  const std::string day = day_of(snapshot);
  std::string sql = CLUSE_GRANT_SELECT "WHERE 1 = 1";
  std::vector<storage::Value> values;
  const auto add = [&](const char* condition, const std::optional<Id>& id) {
    if (!id) return;
    sql += condition;
    values.emplace_back(*id);
  };
  add(" AND holder_id = ?", query.holder);
  add(" AND scope_id = ?", query.scope);
  add(" AND id < ?", query.before);
  sql += " ORDER BY id DESC LIMIT ?";
  values.emplace_back(query.max);
  std::vector<Grant> grants;
  for (const auto& row : snapshot.all(sql, storage::Parameters(values)))
    if (auto grant = grant_from(row, roles, names, people, day)) grants.push_back(std::move(*grant));
  return grants;
}

Result<Grant> find_grant(storage::Snapshot& snapshot, Id id) {
  Names names(snapshot);
  PeopleReader people(snapshot);
  RoleReader roles(snapshot);
  const auto row = snapshot.one(CLUSE_GRANT_SELECT "WHERE id = ?", {id});
  auto grant = row ? grant_from(*row, roles, names, people, day_of(snapshot)) : std::nullopt;
  if (!grant) return fail(Errc::not_found, "grant_not_found");
  return std::move(*grant);
}

void remove_grants(storage::Transaction& tx, const journal::Author& by, std::string_view where, Id id, Instant now) {
  const std::string sql = "SELECT id FROM access_grant WHERE " + std::string(where) + " = ?";
  for (const auto& row : tx.all(sql, {id})) {
    const auto grant = find_grant(tx, row.id(0));
    tx.run("DELETE FROM access_grant WHERE id = ?", {row.id(0)});
    if (!grant) continue;
    const organisations::Days days{"", grant->last_day.value_or(std::string(organisations::kStill))};
    note(tx, by, journal::Verb::grant_removed, grant->id, grant->scope.object, now,
         details_of(tx, grant->role, grant->holder.holder, grant->scope.object, days));
  }
}

Task<Result<std::vector<Grant>>> Grants::list(Actor actor, GrantQuery query) {
  auto body = [actor, query](storage::Snapshot& snapshot) -> Result<std::vector<Grant>> {
    const Object scope = query.scope && query.scope_kind ? Object{*query.scope_kind, *query.scope} : kInstance;
    CLUSE_CHECK(check_may_read(snapshot, actor, scope));
    return grants_of(snapshot, query);
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<Grant>> Grants::give(Actor actor, NewGrant grant) {
  CLUSE_CO_TRY(days, organisations::parse_days(grant.first_day, grant.last_day));
  auto body = [actor, grant = std::move(grant), days = days,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Grant> {
    CLUSE_TRY(role, find_role(tx, grant.role.id));
    CLUSE_CHECK(check_fits(role.permissions, grant.holder.kind, grant.scope.kind));
    CLUSE_CHECK(check_may_give(tx, actor.person_id, role, grant.scope));
    if (!Names(tx).exists(grant.holder)) return fail(Errc::not_found, "holder_not_found", "", "holder");
    CLUSE_TRY(id, write_grant(tx, actor, {role, grant.holder, grant.scope, {}, {}}, days, now));
    return find_grant(tx, id);
  };
  auto given = co_await environment_.database.write(std::move(body));
  co_return given;
}

Task<Result<Grant>> Grants::change(Actor actor, Id grant, std::optional<std::string> first_day,
                                   std::optional<std::string> last_day) {
  CLUSE_CO_TRY(days, organisations::parse_days(first_day, last_day));
  auto body = [actor, grant, days = days, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Grant> {
    CLUSE_TRY(known, find_grant(tx, grant));
    CLUSE_CHECK(check_may_give(tx, actor.person_id, known.role, known.scope.object));
    const NewGrant same{known.role, known.holder.holder, known.scope.object, {}, {}};
    CLUSE_CHECK(write_grant(tx, actor, same, days, now));
    return find_grant(tx, grant);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<void>> Grants::withdraw(Actor actor, Id grant) {
  auto body = [actor, grant, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    const auto known = find_grant(tx, grant);
    if (!known) return actor.may(Permission::grants_manage) ? Result<void>() : std::unexpected(known.error());
    const auto may = check_may_give(tx, actor.person_id, known->role, known->scope.object);
    // Whoever may not even read the grant is not told that it is there.
    if (!may && may.error().kind == Errc::not_found) return fail(Errc::not_found, "grant_not_found");
    CLUSE_CHECK(may);
    remove_grants(tx, author_of(actor), "id", grant, now);
    return {};
  };
  auto withdrawn = co_await environment_.database.write(std::move(body));
  co_return withdrawn;
}

Task<Result<Explanation>> Grants::explain(Actor actor, Id person, Object object) {
  auto body = [actor, person, object](storage::Snapshot& snapshot) -> Result<Explanation> {
    if (person != actor.person_id) CLUSE_CHECK(check_may_read(snapshot, actor, object));
    auto who = PeopleReader(snapshot).find(person);
    if (!who) return fail(Errc::not_found, "person_not_found");
    CLUSE_TRY(judgement, rights::explain(snapshot, person, object));
    // About herself: what is hidden from her stays hidden.
    const bool hides = object.kind == ScopeKind::workspace || object.kind == ScopeKind::document;
    if (person == actor.person_id && hides && !judgement.permissions.has(Permission::content_read))
      CLUSE_CHECK(check_may_read(snapshot, actor, object));
    Names names(snapshot);
    Explanation explanation{std::move(*who), names.of(object), judgement, {}};
    for (const auto& source : judgement.sources) {
      Reason reason{source, names.of(source.scope), {}};
      for (const auto& holder : source.path) reason.path.push_back(names.of(holder));
      explanation.reasons.push_back(std::move(reason));
    }
    return explanation;
  };
  auto explained = co_await environment_.database.read(std::move(body));
  co_return explained;
}

}  // namespace cluse::domain::rights
