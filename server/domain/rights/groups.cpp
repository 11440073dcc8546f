#include "server/domain/rights/groups.h"

#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cluse::domain::rights {
namespace {

constexpr std::size_t kNameMax = 120;

#define CLUSE_GROUP_SELECT                                                 \
  "SELECT g.id, g.name, g.territory_id, g.responsible_id, "                \
  "(SELECT COUNT(*) FROM access_group_member m WHERE m.group_id = g.id), " \
  "(SELECT COUNT(*) FROM access_grant a WHERE a.holder_id = g.id) FROM access_group g "

Group group_from(const storage::Row& row, Names& names, PeopleReader& people) {
  Group group{row.id(0), row.text(1), std::nullopt, people.find(row.id_or_null(3)), row.integer(4), row.integer(5)};
  if (const auto territory = row.id_or_null(2)) group.territory = names.of(Object{ScopeKind::territory, *territory});
  return group;
}

Object scope_of(std::optional<Id> territory) {
  return territory ? Object{ScopeKind::territory, *territory} : kInstance;
}

Result<void> check_may(storage::Snapshot& snapshot, const Actor& actor, std::optional<Id> territory) {
  const auto allowed = permissions(snapshot, actor.person_id, scope_of(territory));
  if (!allowed && actor.may(Permission::groups_manage))
    return fail(Errc::invalid, "field_invalid", "no such territory", "territory_id");
  if (!allowed || !allowed->has(Permission::groups_manage)) return fail(Errc::denied, "denied");
  return {};
}

// The group, if the actor may change it. Whoever manages no group at all is denied before she learns whether it is
// there.
Result<Group> must_find(storage::Snapshot& snapshot, const Actor& actor, Id id) {
  const auto row = snapshot.one(CLUSE_GROUP_SELECT "WHERE g.id = ?", {id});
  if (!row) {
    if (!actor.may(Permission::groups_manage)) return fail(Errc::denied, "denied");
    return fail(Errc::not_found, "group_not_found");
  }
  CLUSE_CHECK(check_may(snapshot, actor, row->id_or_null(2)));
  Names names(snapshot);
  PeopleReader people(snapshot);
  return group_from(*row, names, people);
}

std::int64_t people_in(storage::Snapshot& snapshot, Id group) {
  const std::string day = day_of(snapshot);
  const auto row = snapshot.one(
      "SELECT COUNT(*) FROM ("
      "SELECT p.id FROM access_group_member g JOIN person p ON p.id = g.member_id WHERE g.group_id = ? UNION "
      "SELECT p.id FROM access_group_member g JOIN person p ON p.organisation_id = g.member_id "
      "AND p.organisation_confirmed = 1 WHERE g.group_id = ? UNION "
      "SELECT m.person_id FROM access_group_member g JOIN mandate m ON (m.id = g.member_id "
      "OR m.organisation_id = g.member_id) AND m.first_day <= ? AND m.last_day >= ? WHERE g.group_id = ?) AS people",
      {group, group, day, day, group});
  return row->integer(0);
}

GroupDetail detail_of(storage::Snapshot& snapshot, Group group) {
  GroupDetail detail{std::move(group), {}, {}, 0};
  Names names(snapshot);
  for (const auto& row :
       snapshot.all("SELECT member_kind, member_id FROM access_group_member WHERE group_id = ?", {detail.group.id}))
    if (const auto kind = parse_holder_kind(row.text(0))) detail.members.push_back(names.of(Holder{*kind, row.id(1)}));
  std::ranges::sort(detail.members,
                    [](const NamedHolder& a, const NamedHolder& b) { return fold(a.name) < fold(b.name); });
  detail.grants = grants_of(snapshot, {detail.group.id, {}, {}, {}, kGrantsPerHolderMax});
  detail.people = people_in(snapshot, detail.group.id);
  return detail;
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, Id group, Instant now,
          journal::Details details) {
  journal::append(tx, {author_of(actor), verb, journal::ObjectKind::group, group, {}, now, std::move(details)});
}

Result<void> check_name(storage::Snapshot& snapshot, const std::string& name, Id self) {
  if (snapshot.one("SELECT 1 FROM access_group WHERE name_folded = ? AND id <> ?", {fold(name), self}))
    return fail(Errc::conflict, "group_taken", "", "name");
  return {};
}

}  // namespace

Task<Result<std::vector<Group>>> Groups::list(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<Group>> {
    const Reach may = reach(snapshot, actor.person_id);
    const bool all = may.instance.has(Permission::groups_manage);
    std::set<Id> territories;
    for (const auto& [id, given] : may.territories)
      if (given.has(Permission::groups_manage)) territories.insert(id);
    if (!all && territories.empty()) return fail(Errc::denied, "denied");
    Names names(snapshot);
    PeopleReader people(snapshot);
    std::vector<Group> groups;
    for (const auto& row : snapshot.all(CLUSE_GROUP_SELECT "ORDER BY g.name_folded LIMIT ?", {kGroupsMax})) {
      const auto territory = row.id_or_null(2);
      if (all || (territory && territories.contains(*territory))) groups.push_back(group_from(row, names, people));
    }
    return groups;
  };
  auto listed = co_await environment_.database.read(std::move(body));
  co_return listed;
}

Task<Result<GroupDetail>> Groups::find(Actor actor, Id group) {
  auto body = [actor, group](storage::Snapshot& snapshot) -> Result<GroupDetail> {
    CLUSE_TRY(found, must_find(snapshot, actor, group));
    return detail_of(snapshot, std::move(found));
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<GroupDetail>> Groups::add(Actor actor, std::string name, std::optional<Id> territory) {
  CLUSE_CO_TRY(clean, clean_line(name, "name", kNameMax));
  auto body = [actor, territory, name = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<GroupDetail> {
    CLUSE_CHECK(check_may(tx, actor, territory));
    CLUSE_CHECK(check_name(tx, name, {}));
    if (static_cast<std::size_t>(tx.one("SELECT COUNT(*) FROM access_group")->integer(0)) >= kGroupsMax)
      return fail(Errc::conflict, "too_many_groups");
    const Id id = new_id(now);
    tx.run(
        "INSERT INTO access_group (id, name, name_folded, territory_id, created_at, responsible_id) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        {id, name, fold(name), territory, now, actor.person_id});
    note(tx, actor, journal::Verb::group_created, id, now, {{"name", name}});
    CLUSE_TRY(made, must_find(tx, actor, id));
    return detail_of(tx, std::move(made));
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<GroupDetail>> Groups::rename(Actor actor, Id group, std::string name) {
  CLUSE_CO_TRY(clean, clean_line(name, "name", kNameMax));
  auto body = [actor, group, name = clean,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<GroupDetail> {
    CLUSE_TRY(before, must_find(tx, actor, group));
    CLUSE_CHECK(check_name(tx, name, group));
    if (before.name != name) {
      tx.run("UPDATE access_group SET name = ?, name_folded = ? WHERE id = ?", {name, fold(name), group});
      note(tx, actor, journal::Verb::group_renamed, group, now, {{"name", name}, {"before", before.name}});
    }
    CLUSE_TRY(after, must_find(tx, actor, group));
    return detail_of(tx, std::move(after));
  };
  auto renamed = co_await environment_.database.write(std::move(body));
  co_return renamed;
}

Task<Result<GroupDetail>> Groups::add_member(Actor actor, Id group, Holder member) {
  if (member.kind == HolderKind::group) co_return fail(Errc::invalid, "group_in_group", "", "member");
  auto body = [actor, group, member, now = environment_.clock.now()](storage::Transaction& tx) -> Result<GroupDetail> {
    CLUSE_TRY(found, must_find(tx, actor, group));
    Names names(tx);
    if (!names.exists(member)) return fail(Errc::not_found, "holder_not_found", "", "member");
    for (const auto& grant : grants_of(tx, {group, {}, {}, {}, kGrantsPerHolderMax}))
      if (grant.state != Source::State::ended && !check_may_give(tx, actor.person_id, grant.role, grant.scope.object))
        return fail(Errc::denied, "denied", "the group was given more than she holds herself");
    if (static_cast<std::size_t>(found.members) >= kGroupMembersMax)
      return fail(Errc::conflict, "too_many_group_members");
    const auto added = tx.run(
        "INSERT INTO access_group_member (group_id, member_kind, member_id, added_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (group_id, member_id) DO NOTHING",
        {group, to_text(member.kind), member.id, now});
    if (added > 0)
      note(tx, actor, journal::Verb::group_member_added, group, now,
           {{"name", found.name}, {"member", names.of(member).name}});
    CLUSE_TRY(after, must_find(tx, actor, group));
    return detail_of(tx, std::move(after));
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<GroupDetail>> Groups::remove_member(Actor actor, Id group, Id member) {
  auto body = [actor, group, member, now = environment_.clock.now()](storage::Transaction& tx) -> Result<GroupDetail> {
    CLUSE_TRY(found, must_find(tx, actor, group));
    const auto row =
        tx.one("SELECT member_kind FROM access_group_member WHERE group_id = ? AND member_id = ?", {group, member});
    if (row) {
      const auto kind = parse_holder_kind(row->text(0)).value_or(HolderKind::person);
      tx.run("DELETE FROM access_group_member WHERE group_id = ? AND member_id = ?", {group, member});
      note(tx, actor, journal::Verb::group_member_removed, group, now,
           {{"name", found.name}, {"member", Names(tx).of(Holder{kind, member}).name}});
    }
    CLUSE_TRY(after, must_find(tx, actor, group));
    return detail_of(tx, std::move(after));
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

Task<Result<void>> Groups::remove(Actor actor, Id group) {
  auto body = [actor, group, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(found, must_find(tx, actor, group));
    remove_grants(tx, author_of(actor), "holder_id", group, now);
    tx.run("DELETE FROM access_group_member WHERE group_id = ?", {group});
    tx.run("DELETE FROM access_group WHERE id = ?", {group});
    note(tx, actor, journal::Verb::group_deleted, group, now, {{"name", found.name}});
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  co_return removed;
}

}  // namespace cluse::domain::rights
