// Aim: judge() and reach_of() say what a plain reading of the rules says, whatever the grants.
// Method: small random worlds, written into a real store inside a transaction that is rolled back, and judged twice: by
// the functions, and by loops over everything that know no index and no query.

#include "server/domain/rights/judge.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace cluse::domain::rights {
namespace {

constexpr int kPeople = 3, kOrganisations = 3, kTerritories = 2, kWorkspaces = 3, kDocuments = 5, kGroups = 2;
const std::string kToday = "2026-01-03";

// Ids that say what they are: kind in the first octet, number in the last.
Id id_of(int kind, int number) {
  Id id;
  id.octets[0] = static_cast<std::uint8_t>(kind + 1);
  id.octets[15] = static_cast<std::uint8_t>(number);
  return id;
}
enum Kind { kPerson, kMandate, kOrganisation, kGroup, kTerritory, kWorkspace, kDocument, kGrant };

struct PersonRow {
  bool is_admin, is_suspended, is_confirmed;
  int organisation;
};
struct MandateRow {
  int person, organisation;
  Span span;
};
struct GroupRow {
  int group;
  Holder member;
};
struct GrantRow {
  Role role;
  Holder holder;
  Object scope;
  Span span;
};
struct World {
  std::vector<PersonRow> people;
  std::vector<MandateRow> mandates;
  std::vector<GroupRow> groups;
  std::vector<GrantRow> grants;
  std::vector<int> territory_of_workspace, workspace_of_document, parent_of_document;  // a parent of -1: the top
  std::vector<std::pair<int, int>> members;                                            // workspace, person
  std::vector<Role> member_roles;
};

int below(int end) {
  return *rc::gen::inRange(0, end);
}

Span any_span() {
  const int a = below(6), b = below(6);
  return {"2026-01-0" + std::to_string(std::min(a, b) + 1), "2026-01-0" + std::to_string(std::max(a, b) + 1)};
}

Holder any_holder(int mandates, bool with_groups) {
  switch (below(with_groups ? 4 : 3)) {
    case 0: return {HolderKind::person, id_of(kPerson, below(kPeople))};
    case 1: return {HolderKind::mandate, id_of(kMandate, below(std::max(mandates, 1)))};
    case 2: return {HolderKind::organisation, id_of(kOrganisation, below(kOrganisations))};
    default: return {HolderKind::group, id_of(kGroup, below(kGroups))};
  }
}

Object any_scope() {
  switch (below(4)) {
    case 0: return kInstance;
    case 1: return {ScopeKind::territory, id_of(kTerritory, below(kTerritories))};
    case 2: return {ScopeKind::workspace, id_of(kWorkspace, below(kWorkspaces))};
    default: return {ScopeKind::document, id_of(kDocument, below(kDocuments))};
  }
}

World any_world() {
  World world;
  for (int i = 0; i < kPeople; ++i)
    world.people.push_back({below(8) == 0, below(6) == 0, below(2) == 0, below(kOrganisations)});
  for (int i = below(5); i > 0; --i) world.mandates.push_back({below(kPeople), below(kOrganisations), any_span()});
  const int mandates = static_cast<int>(world.mandates.size());
  for (int i = 0; i < kWorkspaces; ++i) world.territory_of_workspace.push_back(below(kTerritories));
  for (int i = 0; i < kDocuments; ++i) {
    const int parent = below(i + 1) - 1;
    world.parent_of_document.push_back(parent);
    world.workspace_of_document.push_back(parent < 0 ? below(kWorkspaces)
                                                     : world.workspace_of_document[static_cast<std::size_t>(parent)]);
  }
  for (int i = below(5); i > 0; --i) {
    const GroupRow row{below(kGroups), any_holder(mandates, false)};
    if (std::ranges::none_of(world.groups, [&](const GroupRow& other) {
          return other.group == row.group && other.member.id == row.member.id;
        }))
      world.groups.push_back(row);
  }
  for (int i = below(4); i > 0; --i) {
    const std::pair<int, int> member{below(kWorkspaces), below(kPeople)};
    if (std::ranges::find(world.members, member) != world.members.end()) continue;
    world.members.push_back(member);
    world.member_roles.push_back(static_cast<Role>(below(4)));
  }
  for (int i = below(9); i > 0; --i)
    world.grants.push_back(
        {roles()[static_cast<std::size_t>(below(7))], any_holder(mandates, true), any_scope(), any_span()});
  return world;
}

void write_people(storage::Transaction& tx, const World& world) {
  for (int i = 0; i < kOrganisations; ++i)
    tx.run(
        "INSERT INTO organisation (id, name, name_folded, short_name, country, kind, created_at) "
        "VALUES (?, 'a', ?, 'a', 'F', '', 0)",
        {id_of(kOrganisation, i), "o" + std::to_string(i)});
  for (int i = 0; i < kPeople; ++i) {
    const auto& person = world.people[static_cast<std::size_t>(i)];
    const auto suspended = person.is_suspended ? std::optional<std::int64_t>(1) : std::nullopt;
    tx.run(
        "INSERT INTO person (id, name, function, name_folded, function_folded, organisation_id, is_admin, ui_locale, "
        "theme, single_keys, created_at, organisation_confirmed, suspended_at) "
        "VALUES (?, 'a', '', 'a', '', ?, ?, 'fr-FR', 'system', 1, 0, ?, ?)",
        {id_of(kPerson, i), id_of(kOrganisation, person.organisation), person.is_admin, person.is_confirmed,
         suspended});
  }
  for (std::size_t i = 0; i < world.mandates.size(); ++i) {
    const auto& mandate = world.mandates[i];
    tx.run(
        "INSERT INTO mandate (id, person_id, organisation_id, function, function_folded, quality, seat, first_day, "
        "last_day, created_at) VALUES (?, ?, ?, 'f', 'f', 'elected', 'titular', ?, ?, 0)",
        {id_of(kMandate, static_cast<int>(i)), id_of(kPerson, mandate.person),
         id_of(kOrganisation, mandate.organisation), mandate.span.first, mandate.span.last});
  }
  for (int i = 0; i < kGroups; ++i)
    tx.run("INSERT INTO access_group (id, name, name_folded, created_at) VALUES (?, 'g', ?, 0)",
           {id_of(kGroup, i), "g" + std::to_string(i)});
  for (const auto& row : world.groups)
    tx.run("INSERT INTO access_group_member (group_id, member_kind, member_id, added_at) VALUES (?, ?, ?, 0)",
           {id_of(kGroup, row.group), to_text(row.member.kind), row.member.id});
}

void write_places(storage::Transaction& tx, const World& world) {
  for (int i = 0; i < kTerritories; ++i)
    tx.run("INSERT INTO territory (id, name, name_folded, short, created_at) VALUES (?, 't', ?, 't', 0)",
           {id_of(kTerritory, i), "t" + std::to_string(i)});
  for (int i = 0; i < kWorkspaces; ++i)
    tx.run(
        "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, updated_at) "
        "VALUES (?, 'w', 'w', '', ?, 'fr', 0, 0)",
        {id_of(kWorkspace, i), id_of(kTerritory, world.territory_of_workspace[static_cast<std::size_t>(i)])});
  for (int i = 0; i < kDocuments; ++i) {
    const int parent = world.parent_of_document[static_cast<std::size_t>(i)];
    const auto above = parent < 0 ? std::nullopt : std::optional(id_of(kDocument, parent));
    tx.run(
        "INSERT INTO document (id, workspace_id, parent_id, kind, title, title_folded, language, position, "
        "created_at, updated_at) VALUES (?, ?, ?, 'document', 'd', 'd', 'fr', 1.0, 0, 0)",
        {id_of(kDocument, i), id_of(kWorkspace, world.workspace_of_document[static_cast<std::size_t>(i)]), above});
  }
  for (std::size_t i = 0; i < world.members.size(); ++i)
    tx.run("INSERT INTO workspace_member (workspace_id, person_id, role, joined_at) VALUES (?, ?, ?, 0)",
           {id_of(kWorkspace, world.members[i].first), id_of(kPerson, world.members[i].second),
            to_text(world.member_roles[i])});
  for (std::size_t i = 0; i < world.grants.size(); ++i) {
    const auto& grant = world.grants[i];
    tx.run(
        "INSERT INTO access_grant (id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, "
        "granted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        {id_of(kGrant, static_cast<int>(i)), to_text(grant.role), to_text(grant.holder.kind), grant.holder.id,
         to_text(grant.scope.kind), grant.scope.id, grant.span.first, grant.span.last});
  }
}

// The rules, read plainly.
bool is_hers(const World& world, int person, const Holder& holder) {
  if (holder == Holder{HolderKind::person, id_of(kPerson, person)}) return true;
  const auto& row = world.people[static_cast<std::size_t>(person)];
  if (row.is_confirmed && holder == Holder{HolderKind::organisation, id_of(kOrganisation, row.organisation)})
    return true;
  for (std::size_t i = 0; i < world.mandates.size(); ++i) {
    const auto& mandate = world.mandates[i];
    if (mandate.person != person || !mandate.span.holds(kToday)) continue;
    if (holder == Holder{HolderKind::mandate, id_of(kMandate, static_cast<int>(i))} ||
        holder == Holder{HolderKind::organisation, id_of(kOrganisation, mandate.organisation)})
      return true;
  }
  for (const auto& group : world.groups)
    if (holder == Holder{HolderKind::group, id_of(kGroup, group.group)} && is_hers(world, person, group.member))
      return true;
  return false;
}

bool covers(const World& world, const Object& scope, const Object& object) {
  if (scope == object || scope.kind == ScopeKind::instance) return true;
  const auto number = static_cast<std::size_t>(object.id.octets[15]);
  if (object.kind == ScopeKind::document) {
    const int parent = world.parent_of_document[number];
    if (parent >= 0 && covers(world, scope, {ScopeKind::document, id_of(kDocument, parent)})) return true;
    return covers(world, scope, {ScopeKind::workspace, id_of(kWorkspace, world.workspace_of_document[number])});
  }
  if (object.kind == ScopeKind::workspace)
    return covers(world, scope, {ScopeKind::territory, id_of(kTerritory, world.territory_of_workspace[number])});
  return false;
}

Permissions plainly(const World& world, int person, const Object& object) {
  const auto& row = world.people[static_cast<std::size_t>(person)];
  Permissions all;
  if (row.is_suspended) return all;
  if (row.is_admin) all |= Permissions::all();
  for (std::size_t i = 0; i < world.members.size(); ++i)
    if (world.members[i].second == person &&
        covers(world, {ScopeKind::workspace, id_of(kWorkspace, world.members[i].first)}, object))
      all |= permissions_of(world.member_roles[i]);
  for (const auto& grant : world.grants)
    if (grant.span.holds(kToday) && is_hers(world, person, grant.holder) && covers(world, grant.scope, object))
      all |= permissions_of(grant.role);
  return all;
}

std::vector<Object> all_objects() {
  std::vector<Object> objects{kInstance};
  for (int i = 0; i < kTerritories; ++i) objects.push_back({ScopeKind::territory, id_of(kTerritory, i)});
  for (int i = 0; i < kWorkspaces; ++i) objects.push_back({ScopeKind::workspace, id_of(kWorkspace, i)});
  for (int i = 0; i < kDocuments; ++i) objects.push_back({ScopeKind::document, id_of(kDocument, i)});
  return objects;
}

std::string compare(storage::Transaction& tx, const World& world) {
  write_people(tx, world);
  write_places(tx, world);
  for (int person = 0; person < kPeople; ++person) {
    const Reach reach = reach_of(tx, id_of(kPerson, person), kToday);
    for (const Object& object : all_objects()) {
      const auto path = path_of(tx, object);
      if (!path) return "no path";
      const Judgement judgement = judge(tx, id_of(kPerson, person), *path, kToday);
      const Permissions expected = plainly(world, person, object);
      if (!(judgement.permissions == expected))
        return "judge: person " + std::to_string(person) + " on " + std::string(to_text(object.kind));
      if (object.kind != ScopeKind::workspace) continue;
      const int territory = world.territory_of_workspace[object.id.octets[15]];
      if (!(reach.on(id_of(kTerritory, territory), object.id) == expected)) return "reach of " + std::to_string(person);
    }
  }
  return {};
}

TEST(Judge, SaysWhatAPlainReadingOfTheRulesSays) {
  TestDomain domain;
  const bool held = rc::check([&] {
    const World world = any_world();
    std::string difference;
    const auto rolled_back = domain.database->write_now([&](storage::Transaction& tx) -> Result<void> {
      difference = compare(tx, world);
      return fail(Errc::conflict, "rolled_back");
    });
    RC_ASSERT(rolled_back.error().code == "rolled_back");
    RC_ASSERT(difference == std::string());
  });
  EXPECT_TRUE(held);
}

TEST(Judge, AKindOfScopeOfALaterReleaseOpensNothing) {
  TestDomain domain;
  const Actor actor = domain.person("Chargée de mission", "mission@example.org");
  const auto judged = domain.database->write_now([&](storage::Transaction& tx) -> Result<Judgement> {
    tx.run(
        "INSERT INTO access_grant (id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day, "
        "granted_at) VALUES (?, 'reader', 'person', ?, 'forum_category', ?, '0001-01-01', '9999-12-31', 0)",
        {id_of(kGrant, 1), actor.person_id, Id{}});
    return judge(tx, actor.person_id, {kInstance}, kToday);
  });
  ASSERT_TRUE(judged);
  EXPECT_TRUE(judged->permissions.is_empty());
  EXPECT_TRUE(judged->sources.empty());
}

TEST(Roles, EachOfAWorkspaceMayDoWhatTheOnesBeforeItMay) {
  EXPECT_TRUE(permissions_of(Role::commenter).includes(permissions_of(Role::reader)));
  EXPECT_TRUE(permissions_of(Role::editor).includes(permissions_of(Role::commenter)));
  EXPECT_TRUE(permissions_of(Role::manager).includes(permissions_of(Role::editor)));
  EXPECT_FALSE(permissions_of(Role::secretary).has(Permission::administrators_manage));
  EXPECT_FALSE(permissions_of(Role::auditor).has(Permission::content_read));
  for (const Role role : roles()) EXPECT_EQ(parse_role(to_text(role)), role);
}

}  // namespace
}  // namespace cluse::domain::rights
