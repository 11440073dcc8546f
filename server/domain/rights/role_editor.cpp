#include "server/domain/rights/role_editor.h"

#include "server/domain/rights/grants.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"

#include <set>
#include <utility>

namespace cluse::domain::rights {
namespace {

constexpr std::size_t kNameMax = 60;

Result<void> check_may(storage::Snapshot& snapshot, const Actor& actor) {
  CLUSE_TRY(allowed, permissions(snapshot, actor.person_id, kInstance));
  if (!allowed.has(Permission::administrators_manage)) return fail(Errc::denied, "denied");
  return {};
}

Result<RoleText> clean(const RoleText& raw) {
  CLUSE_TRY(name_fr, clean_line(raw.name_fr, "name_fr", kNameMax));
  CLUSE_TRY(name_de, clean_line(raw.name_de, "name_de", kNameMax));
  if (raw.permissions.is_empty()) return fail(Errc::invalid, "role_empty", "", "permissions");
  return RoleText{name_fr, name_de, with_implied(raw.permissions)};
}

RoleInfo info_of(storage::Snapshot& snapshot, GivenRole role) {
  RoleInfo info{std::move(role), false, 0};
  info.is_own = !info.role.known();
  info.grants = snapshot.one("SELECT COUNT(*) FROM access_grant WHERE role = ?", {info.role.id})->integer(0);
  return info;
}

Result<GivenRole> find_own(storage::Snapshot& snapshot, const std::string& id) {
  if (parse_role(id)) return fail(Errc::conflict, "role_fixed");
  return find_role(snapshot, id);
}

Result<void> check_names(storage::Snapshot& snapshot, const RoleText& text, const std::string& self) {
  for (const auto& row : snapshot.all("SELECT id, name_fr, name_de FROM access_role WHERE id <> ?", {self})) {
    if (fold(row.text(1)) == fold(text.name_fr)) return fail(Errc::conflict, "role_taken", "", "name_fr");
    if (fold(row.text(2)) == fold(text.name_de)) return fail(Errc::conflict, "role_taken", "", "name_de");
  }
  return {};
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, const std::string& id, Instant now,
          journal::Details details) {
  journal::append(tx, {author_of(actor), verb, journal::ObjectKind::role, Id::parse(id), {}, now, std::move(details)});
}

// Every grant of it must still be one that could be given.
Result<void> check_grants_fit(storage::Snapshot& snapshot, const std::string& id, Permissions wanted) {
  for (const auto& row :
       snapshot.all("SELECT DISTINCT holder_kind, scope_kind FROM access_grant WHERE role = ?", {id})) {
    const auto holder = parse_holder_kind(row.text(0));
    const auto scope = parse_scope_kind(row.text(1));
    if (!holder || !scope) continue;
    auto fits = check_fits(wanted, *holder, *scope);
    if (fits) continue;
    return fail(Errc::conflict, fits.error().code, "a grant of it would not fit any more", "permissions");
  }
  return {};
}

// An instance that nobody administers could not be put right, nor could she who made the mistake undo it.
Result<void> check_not_locked_out(storage::Snapshot& snapshot, const Actor& actor) {
  CLUSE_CHECK(check_administered(snapshot));
  CLUSE_TRY(own, permissions(snapshot, actor.person_id, kInstance));
  if (!own.has(Permission::administrators_manage)) return fail(Errc::conflict, "role_locks_out", "", "permissions");
  return {};
}

/// Everyone whom a grant to `holder` reaches today.
std::vector<Id> people_of(storage::Snapshot& snapshot, const Holder& holder, const std::string& day) {
  std::vector<Id> people;
  const auto add = [&](std::string_view sql, storage::Parameters parameters) {
    for (const auto& row : snapshot.all(sql, parameters)) people.push_back(row.id(0));
  };
  switch (holder.kind) {
    case HolderKind::person: people.push_back(holder.id); break;
    case HolderKind::mandate:
      add("SELECT person_id FROM mandate WHERE id = ? AND first_day <= ? AND last_day >= ?", {holder.id, day, day});
      break;
    case HolderKind::organisation:
      add("SELECT id FROM person WHERE organisation_id = ? AND organisation_confirmed = 1 UNION "
          "SELECT person_id FROM mandate WHERE organisation_id = ? AND first_day <= ? AND last_day >= ?",
          {holder.id, holder.id, day, day});
      break;
    case HolderKind::group:
      for (const auto& row :
           snapshot.all("SELECT member_kind, member_id FROM access_group_member WHERE group_id = ?", {holder.id})) {
        const auto kind = parse_holder_kind(row.text(0));
        if (!kind || *kind == HolderKind::group) continue;
        const auto members = people_of(snapshot, {*kind, row.id(1)}, day);
        people.insert(people.end(), members.begin(), members.end());
      }
  }
  return people;
}

/// What she would have on `path` if the role `id` gave `wanted`.
RoleEffect effect_on(storage::Snapshot& snapshot, Id person, const std::vector<Object>& path, const std::string& day,
                     const std::string& id, Permissions wanted) {
  RoleEffect effect;
  const Judgement judgement = judge(snapshot, person, path, day);
  if (!judgement.is_known || judgement.is_suspended || judgement.is_erased) return effect;
  Permissions after;
  for (const auto& source : judgement.sources)
    if (source.state == Source::State::holds) after |= source.role.id == id ? wanted : source.role.permissions;
  effect.gains = after.without(judgement.permissions);
  effect.loses = judgement.permissions.without(after);
  return effect;
}

void look_at_grants(storage::Snapshot& snapshot, const std::string& id, RolePreview& preview) {
  const std::string day = day_of(snapshot);
  Names names(snapshot);
  PeopleReader people(snapshot);
  std::set<std::pair<Id, Id>> seen;
  std::set<Id> affected;
  for (const auto& row :
       snapshot.all("SELECT DISTINCT holder_kind, holder_id, scope_kind, scope_id FROM access_grant WHERE role = ? AND "
                    "first_day <= ? AND last_day >= ? ORDER BY scope_kind, scope_id, holder_id",
                    {id, day, day})) {
    const auto kind = parse_holder_kind(row.text(0));
    const auto scope_kind = parse_scope_kind(row.text(2));
    if (!kind || !scope_kind) continue;
    const Object scope{*scope_kind, row.id(3)};
    const auto path = path_of(snapshot, scope);
    if (!path) continue;
    for (const Id person : people_of(snapshot, {*kind, row.id(1)}, day)) {
      if (!seen.emplace(person, scope.id).second) continue;
      preview.is_complete = preview.is_complete && seen.size() <= kRoleEffectsMax;
      if (!preview.is_complete) return;
      auto effect = effect_on(snapshot, person, *path, day, id, preview.permissions);
      if (effect.gains.is_empty() && effect.loses.is_empty()) continue;
      affected.insert(person);
      preview.people = affected.size();
      if (preview.effects.size() >= kRoleEffectsShown) continue;
      effect.person = *people.find(person);
      effect.scope = names.of(scope);
      preview.effects.push_back(std::move(effect));
    }
  }
}

}  // namespace

Task<Result<std::vector<RoleInfo>>> RoleEditor::list() {
  auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<RoleInfo>> {
    std::vector<RoleInfo> all;
    for (const Role role : roles()) all.push_back(info_of(snapshot, role));
    for (const auto& row : snapshot.all("SELECT id FROM access_role ORDER BY name_fr, id LIMIT ?", {kRolesMax})) {
      CLUSE_TRY(role, find_role(snapshot, row.text(0)));
      all.push_back(info_of(snapshot, std::move(role)));
    }
    return all;
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<RoleInfo>> RoleEditor::add(Actor actor, RoleText raw) {
  auto body = [actor, raw = std::move(raw),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<RoleInfo> {
    CLUSE_CHECK(check_may(tx, actor));
    CLUSE_TRY(text, clean(raw));
    CLUSE_CHECK(check_names(tx, text, ""));
    const auto count = tx.one("SELECT COUNT(*) FROM access_role")->integer(0);
    if (static_cast<std::size_t>(count) >= kRolesMax) return fail(Errc::conflict, "too_many_roles");
    const std::string id = new_id(now).to_string(), words = to_words(text.permissions);
    tx.run(
        "INSERT INTO access_role (id, name_fr, name_de, permissions, created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?)",
        {id, text.name_fr, text.name_de, words, now, now});
    note(tx, actor, journal::Verb::role_added, id, now, {{"name", text.name_fr}, {"permissions", words}});
    CLUSE_TRY(role, find_role(tx, id));
    return info_of(tx, std::move(role));
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<RoleInfo>> RoleEditor::change(Actor actor, std::string id, RoleText raw) {
  auto body = [actor, id = std::move(id), raw = std::move(raw),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<RoleInfo> {
    CLUSE_CHECK(check_may(tx, actor));
    CLUSE_TRY(before, find_own(tx, id));
    CLUSE_TRY(text, clean(raw));
    CLUSE_CHECK(check_names(tx, text, id));
    CLUSE_CHECK(check_grants_fit(tx, id, text.permissions));
    journal::Details details{{"name", text.name_fr}};
    if (before.name_fr != text.name_fr) details.emplace_back("before", before.name_fr);
    const auto added = text.permissions.without(before.permissions),
               removed = before.permissions.without(text.permissions);
    if (!added.is_empty()) details.emplace_back("added", to_words(added));
    if (!removed.is_empty()) details.emplace_back("removed", to_words(removed));
    tx.run("UPDATE access_role SET name_fr = ?, name_de = ?, permissions = ?, changed_at = ? WHERE id = ?",
           {text.name_fr, text.name_de, to_words(text.permissions), now, id});
    CLUSE_CHECK(check_not_locked_out(tx, actor));
    note(tx, actor, journal::Verb::role_changed, id, now, std::move(details));
    CLUSE_TRY(role, find_role(tx, id));
    return info_of(tx, std::move(role));
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<RolePreview>> RoleEditor::preview(Actor actor, std::string id, Permissions wanted) {
  auto body = [actor, id = std::move(id), wanted](storage::Snapshot& snapshot) -> Result<RolePreview> {
    CLUSE_CHECK(check_may(snapshot, actor));
    CLUSE_TRY(before, find_own(snapshot, id));
    RolePreview preview;
    preview.permissions = with_implied(wanted);
    preview.added = preview.permissions.without(before.permissions);
    preview.removed = before.permissions.without(preview.permissions);
    preview.grants = info_of(snapshot, before).grants;
    look_at_grants(snapshot, id, preview);
    return preview;
  };
  auto previewed = co_await environment_.database.read(std::move(body));
  co_return previewed;
}

Task<Result<void>> RoleEditor::remove(Actor actor, std::string id) {
  auto body = [actor, id = std::move(id), now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_CHECK(check_may(tx, actor));
    CLUSE_TRY(role, find_own(tx, id));
    if (info_of(tx, role).grants > 0) return fail(Errc::conflict, "role_in_use");
    tx.run("DELETE FROM access_role WHERE id = ?", {id});
    note(tx, actor, journal::Verb::role_removed, id, now, {{"name", role.name_fr}});
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  co_return removed;
}

}  // namespace cluse::domain::rights
