#include "server/domain/workspaces/workspaces.h"

#include "server/base/assert.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/territories/load.h"
#include "server/domain/text.h"
#include "server/domain/workspaces/members.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kNameMax = 120;
constexpr std::size_t kDescriptionMax = 2000;
constexpr int kListedMax = 1000;

// What every answer about a workspace shows.
#define CLUSE_WORKSPACE_COLUMNS                                                                                      \
  "w.id, w.name, w.description, t.id, t.name, t.short, t.country, w.language, "                                      \
  "(SELECT COUNT(*) FROM document d WHERE d.workspace_id = w.id AND d.trashed_at IS NULL AND d.kind = 'document'), " \
  "(SELECT COUNT(*) FROM workspace_member c WHERE c.workspace_id = w.id), "                                          \
  "(SELECT COUNT(*) FROM workspace_member c JOIN person p ON p.id = c.person_id "                                    \
  "JOIN organisation o ON o.id = p.organisation_id WHERE c.workspace_id = w.id AND o.country = 'F'), "               \
  "(SELECT COUNT(*) FROM workspace_member c JOIN person p ON p.id = c.person_id "                                    \
  "JOIN organisation o ON o.id = p.organisation_id WHERE c.workspace_id = w.id AND o.country = 'CH'), "              \
  "w.updated_at, (SELECT MAX(d.updated_at) FROM document d WHERE d.workspace_id = w.id AND d.trashed_at IS NULL) "   \
  "FROM workspace w JOIN territory t ON t.id = w.territory_id "

Territory territory_from(const storage::Row& row, std::size_t at) {
  Territory territory{row.id(at), row.text(at + 1), row.text(at + 2), std::nullopt};
  if (!row.is_null(at + 3)) territory.country = row.text(at + 3);
  return territory;
}

// `role`: what all her rights amount to there.
Workspace workspace_from(const storage::Row& row, Role role) {
  Workspace workspace;
  workspace.id = row.id(0);
  workspace.name = row.text(1);
  workspace.description = row.text(2);
  workspace.territory = territory_from(row, 3);
  workspace.language = row.text(7);
  workspace.my_role = role;
  workspace.documents = row.integer(8);
  workspace.members = row.integer(9);
  workspace.members_f = row.integer(10);
  workspace.members_ch = row.integer(11);
  workspace.updated_at = row.instant(12);
  if (const auto latest = row.instant_or_null(13)) workspace.updated_at = std::max(workspace.updated_at, *latest);
  return workspace;
}

Result<Workspace> read_workspace(storage::Snapshot& snapshot, const Actor& actor, Id id) {
  CLUSE_TRY(role, access(snapshot, actor, id));
  const auto row = snapshot.one("SELECT " CLUSE_WORKSPACE_COLUMNS "WHERE w.id = ?", {id});
  if (!row) return fail(Errc::not_found, "workspace_not_found");
  return workspace_from(*row, role);
}

Result<NewWorkspace> cleaned(const NewWorkspace& raw) {
  CLUSE_TRY(name, clean_line(raw.name, "name", kNameMax));
  CLUSE_TRY(description, clean_text(raw.description, "description", kDescriptionMax));
  CLUSE_TRY(language, clean_language(raw.language, "language"));
  return NewWorkspace{name, description, raw.territory_id, language};
}

Result<WorkspaceChange> cleaned(WorkspaceChange change) {
  if (change.name) {
    CLUSE_TRY(name, clean_line(*change.name, "name", kNameMax));
    change.name = name;
  }
  if (change.description) {
    CLUSE_TRY(description, clean_text(*change.description, "description", kDescriptionMax));
    change.description = description;
  }
  if (change.language) CLUSE_CHECK(clean_language(*change.language, "language"));
  return change;
}

journal::Details details_of(const WorkspaceChange& change) {
  journal::Details details;
  if (change.name) details.emplace_back("name", *change.name);
  if (change.description) details.emplace_back("description", *change.description);
  if (change.language) details.emplace_back("language", *change.language);
  return details;
}

Result<Member> read_member(storage::Snapshot& snapshot, Id workspace, Id person) {
  const auto row = snapshot.one("SELECT role, joined_at FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                                {workspace, person});
  CLUSE_ASSERT(row.has_value(), "the member was written in this transaction");
  return Member{*PeopleReader(snapshot).find(person), *parse_role(row->text(0)), row->instant(1)};
}

}  // namespace

std::vector<Workspace> find_workspaces(storage::Snapshot& snapshot, const Actor& actor, const std::string& query,
                                       int max) {
  const WorkspaceFilter may(snapshot, actor);
  std::vector<storage::Value> values = may.workspace_values();
  for (const auto& word : like_words(query)) values.emplace_back(word);
  values.emplace_back(max);
  const auto rows = snapshot.all("SELECT " CLUSE_WORKSPACE_COLUMNS "WHERE " + may.workspaces() +
                                     " AND w.name_folded LIKE ? ESCAPE '\\' "
                                     "AND w.name_folded LIKE ? ESCAPE '\\' AND w.name_folded LIKE ? ESCAPE '\\' "
                                     "AND w.name_folded LIKE ? ESCAPE '\\' ORDER BY w.name_folded, w.id LIMIT ?",
                                 storage::Parameters(values));
  std::vector<Workspace> workspaces;
  workspaces.reserve(rows.size());
  for (const auto& row : rows)
    workspaces.push_back(workspace_from(row, role_of(may.reach().on(row.id(3), row.id(0))).value_or(Role::reader)));
  return workspaces;
}

Task<Result<std::vector<Territory>>> Workspaces::territories() {
  auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<Territory>> {
    std::vector<Territory> territories;
    for (const auto& row :
         snapshot.all("SELECT id, name, short, country FROM territory ORDER BY name_folded LIMIT ?", {kListedMax}))
      territories.push_back(territory_from(row, 0));
    return territories;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Territory>> Workspaces::add_territory(Actor actor, std::string name, std::string short_name) {
  if (!actor.may(rights::Permission::references_manage)) co_return fail(Errc::denied, "denied");
  CLUSE_CO_TRY(clean_name, clean_line(name, "name", kNameMax));
  CLUSE_CO_TRY(clean_short, clean_line(short_name, "short", 40));
  auto body = [actor, name = clean_name, short_name = clean_short,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Territory> {
    const auto taken = tx.one("SELECT id, name, short, country FROM territory WHERE name_folded = ?", {fold(name)});
    if (taken) return territory_from(*taken, 0);
    Territory made{new_id(now), name, short_name, std::nullopt};
    tx.run("INSERT INTO territory (id, name, name_folded, short, country, created_at) VALUES (?, ?, ?, ?, ?, ?)",
           {made.id, made.name, fold(name), made.short_name, made.country, now});
    territories::adopt_hosted_territories(tx);
    journal::append(tx, {author_of(actor),
                         journal::Verb::territory_added,
                         journal::ObjectKind::territory,
                         made.id,
                         {},
                         now,
                         {{"name", name}}});
    return made;
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Task<Result<std::vector<Workspace>>> Workspaces::list(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<Workspace>> {
    return find_workspaces(snapshot, actor, "", kListedMax);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Workspace>> Workspaces::find(Actor actor, Id workspace) {
  auto body = [actor, workspace](storage::Snapshot& snapshot) -> Result<Workspace> {
    return read_workspace(snapshot, actor, workspace);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Workspace>> Workspaces::add(Actor actor, NewWorkspace workspace) {
  CLUSE_CO_TRY(clean, cleaned(workspace));
  auto body = [actor, clean = clean, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Workspace> {
    // Who may nowhere does not learn which territories there are.
    const auto allowed = rights::permissions(tx, actor.person_id, {rights::ScopeKind::territory, clean.territory_id});
    if (!allowed && actor.may(rights::Permission::workspace_create))
      return fail(Errc::invalid, "field_invalid", "no such territory", "territory_id");
    if (!allowed || !allowed->has(rights::Permission::workspace_create)) return fail(Errc::denied, "denied");
    const Id id = new_id(now);
    tx.run(
        "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, created_by, "
        "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id, clean.name, fold(clean.name), clean.description, clean.territory_id, clean.language, now, actor.person_id,
         now});
    journal::append(tx, {author_of(actor),
                         journal::Verb::workspace_created,
                         journal::ObjectKind::workspace,
                         id,
                         id,
                         now,
                         {{"name", clean.name}}});
    join(tx, id, actor.person_id, Role::manager, now, author_of(actor));
    return read_workspace(tx, actor, id);
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Task<Result<Workspace>> Workspaces::change(Actor actor, Id workspace, WorkspaceChange change) {
  CLUSE_CO_TRY(clean, cleaned(std::move(change)));
  auto body = [actor, workspace, clean = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Workspace> {
    CLUSE_CHECK(require_role(tx, actor, workspace, Role::manager));
    if (clean.name)
      tx.run("UPDATE workspace SET name = ?, name_folded = ? WHERE id = ?",
             {*clean.name, fold(*clean.name), workspace});
    if (clean.description) tx.run("UPDATE workspace SET description = ? WHERE id = ?", {*clean.description, workspace});
    if (clean.language) tx.run("UPDATE workspace SET language = ? WHERE id = ?", {*clean.language, workspace});
    tx.run("UPDATE workspace SET updated_at = ? WHERE id = ?", {now, workspace});
    if (auto details = details_of(clean); !details.empty())
      journal::append(tx, {author_of(actor), journal::Verb::workspace_changed, journal::ObjectKind::workspace,
                           workspace, workspace, now, std::move(details)});
    return read_workspace(tx, actor, workspace);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<std::vector<Member>>> Workspaces::members(Actor actor, Id workspace) {
  auto body = [actor, workspace](storage::Snapshot& snapshot) -> Result<std::vector<Member>> {
    CLUSE_CHECK(access(snapshot, actor, workspace));
    PeopleReader people(snapshot);
    std::vector<Member> members;
    for (const auto& row : snapshot.all("SELECT m.person_id, m.role, m.joined_at FROM workspace_member m "
                                        "JOIN person p ON p.id = m.person_id WHERE m.workspace_id = ? "
                                        "ORDER BY p.name_folded, p.id",
                                        {workspace}))
      members.push_back({*people.find(row.id(0)), *parse_role(row.text(1)), row.instant(2)});
    return members;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Member>> Workspaces::set_member(Actor actor, Id workspace, Id person, Role role) {
  auto body = [actor, workspace, person, role,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Member> {
    CLUSE_CHECK(require_role(tx, actor, workspace, Role::manager));
    if (!tx.one("SELECT 1 FROM person WHERE id = ? AND erased_at IS NULL", {person}))
      return fail(Errc::not_found, "person_not_found");
    if (role != Role::manager) CLUSE_CHECK(check_not_last_manager(tx, workspace, person));
    set_role(tx, workspace, person, role, now, author_of(actor));
    return read_member(tx, workspace, person);
  };
  auto member = co_await environment_.database.write(std::move(body));
  if (member) environment_.live.person_access_changed(workspace, person);
  co_return member;
}

Task<Result<void>> Workspaces::remove_member(Actor actor, Id workspace, Id person) {
  auto body = [actor, workspace, person, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    const Role needed = person == actor.person_id ? Role::reader : Role::manager;
    CLUSE_CHECK(require_role(tx, actor, workspace, needed));
    CLUSE_CHECK(check_not_last_manager(tx, workspace, person));
    if (tx.run("DELETE FROM workspace_member WHERE workspace_id = ? AND person_id = ?", {workspace, person}) == 0)
      return {};
    journal::append(
        tx, {author_of(actor), journal::Verb::member_removed, journal::ObjectKind::person, person, workspace, now, {}});
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  if (removed) environment_.live.person_access_changed(workspace, person);
  co_return removed;
}

}  // namespace cluse::domain
