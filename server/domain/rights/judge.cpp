#include "server/domain/rights/judge.h"

#include "server/domain/organisations/days.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace cluse::domain::rights {
namespace {

using organisations::kAlways;
using organisations::kStill;

constexpr std::array<std::string_view, 4> kScopeWords = {"instance", "territory", "workspace", "document"};
constexpr std::array<std::string_view, 4> kHolderWords = {"person", "mandate", "organisation", "group"};

/// What makes a grant hers: `path.front()` is what the grant names.
struct Link {
  std::vector<Holder> path;
  Span span;
};

/// A person with everything that a grant may reach her by.
struct Subject {
  bool is_known = false, is_admin = false, is_suspended = false, is_erased = false;
  std::vector<Link> links;
};

// Everything that makes her out, in one statement: herself with the organisation that was confirmed (what a newcomer
// typed of herself opens nothing), her mandates with theirs, and the groups that any of these is in.
constexpr std::string_view kSubject =
    "SELECT l.place, l.id, l.organisation_id, l.first_day, l.last_day, l.state, g.group_id, g.member_id, g.member_kind "
    "FROM (SELECT 0 AS place, p.id AS id, CASE WHEN p.organisation_confirmed = 1 THEN p.organisation_id END "
    "AS organisation_id, '0001-01-01' AS first_day, '9999-12-31' AS last_day, p.is_admin "
    "+ CASE WHEN p.suspended_at IS NULL THEN 0 ELSE 2 END + CASE WHEN p.erased_at IS NULL THEN 0 ELSE 4 END AS state "
    "FROM person p WHERE p.id = ? "
    "UNION ALL SELECT 1, m.id, m.organisation_id, m.first_day, m.last_day, 0 FROM mandate m WHERE m.person_id = ?) l "
    "LEFT JOIN access_group_member g ON g.member_id = l.id OR g.member_id = l.organisation_id";

/// A row of kSubject: one for each group, or one without.
struct SubjectRow {
  bool is_mandate;
  const storage::Row* row;
  /// Herself first, then mandate by mandate.
  [[nodiscard]] auto key() const {
    return std::tuple<bool, const std::string&, const std::string&>(is_mandate, row->text(3), row->text(1));
  }
  [[nodiscard]] Link own() const {
    const auto kind = is_mandate ? HolderKind::mandate : HolderKind::person;
    return {{{kind, row->id(1)}}, {row->text(3), row->text(4)}};
  }
  /// By the organisation: a mandate is what makes it hers.
  [[nodiscard]] Link organisation() const {
    Link link = own();
    if (!is_mandate) link.path.clear();
    link.path.insert(link.path.begin(), {HolderKind::organisation, row->id(2)});
    return link;
  }
};

void add_groups(const std::vector<SubjectRow>& ordered, Subject& subject) {
  std::vector<const SubjectRow*> groups;
  for (const auto& each : ordered)
    if (!each.row->is_null(6)) groups.push_back(&each);
  std::ranges::stable_sort(groups, {},
                           [](const SubjectRow* each) { return std::tie(each->row->text(6), each->row->text(7)); });
  for (const auto* each : groups) {
    const auto kind = parse_holder_kind(each->row->text(8));
    Link link = each->row->text(7) == each->row->text(1) ? each->own() : each->organisation();
    if (!kind || link.path.front().kind != *kind) continue;
    link.path.insert(link.path.begin(), {HolderKind::group, each->row->id(6)});
    subject.links.push_back(std::move(link));
  }
}

Subject read_subject(storage::Snapshot& snapshot, Id person) {
  Subject subject;
  const storage::Value id(person);
  const std::array values{id, id};
  const auto rows = snapshot.all(kSubject, storage::Parameters(values));
  std::vector<SubjectRow> ordered;
  ordered.reserve(rows.size());
  for (const auto& row : rows) ordered.push_back({row.flag(0), &row});
  std::ranges::stable_sort(ordered, {}, &SubjectRow::key);
  if (ordered.empty() || ordered.front().is_mandate) return subject;
  const std::int64_t state = ordered.front().row->integer(5);
  subject.is_known = true;
  subject.is_admin = (state & 1) != 0;
  subject.is_suspended = (state & 2) != 0;
  subject.is_erased = (state & 4) != 0;
  const SubjectRow* last = nullptr;
  for (const auto& each : ordered) {
    if (last != nullptr && last->key() == each.key()) continue;
    subject.links.push_back(each.own());
    if (!each.row->is_null(2)) subject.links.push_back(each.organisation());
    last = &each;
  }
  add_groups(ordered, subject);
  return subject;
}

Source::State state_of(const Span& grant, const Span& link, const std::string& day) {
  if (grant.last < day) return Source::State::ended;
  if (link.last < day) return Source::State::mandate_ended;
  if (day < grant.first) return Source::State::not_yet;
  if (day < link.first) return Source::State::mandate_not_yet;
  return Source::State::holds;
}

// One source for each way in which the grant of `row` is hers.
void add_grant(const storage::Row& row, const Subject& subject, const std::string& day, RoleReader& roles,
               std::vector<Source>& sources) {
  const GivenRole* const role = roles.find(row.text(1));
  const auto holder_kind = parse_holder_kind(row.text(2));
  const auto scope_kind = parse_scope_kind(row.text(4));
  if (role == nullptr || !holder_kind || !scope_kind) return;  // of a later release
  const Holder holder{*holder_kind, row.id(3)};
  const Span span{row.text(6), row.text(7)};
  for (const auto& link : subject.links) {
    if (!(link.path.front() == holder)) continue;
    sources.push_back({Source::Kind::grant,
                       state_of(span, link.span, day),
                       *role,
                       {*scope_kind, row.id(5)},
                       row.id(0),
                       link.path,
                       std::max(span.first, link.span.first),
                       std::min(span.last, link.span.last)});
  }
}

#define CLUSE_GRANT_COLUMNS "id, role, holder_kind, holder_id, scope_kind, scope_id, first_day, last_day"

constexpr std::string_view kMember = "member";  ///< stands where the kind of a holder does

std::vector<storage::Value> holders_of(const Subject& subject) {
  std::vector<storage::Value> holders;
  for (const auto& link : subject.links) {
    storage::Value id(link.path.front().id);
    // A group or organisation may be hers in several ways, and is looked for once.
    if (std::ranges::find(holders, id) == holders.end()) holders.push_back(std::move(id));
  }
  return holders;
}

// The grants to any of her holders on any scope of the path, and her membership of its workspace, in one statement;
// the membership first, then by id.
std::vector<storage::Row> sources_on(storage::Snapshot& snapshot, Id person, const Subject& subject,
                                     const std::vector<Object>& path) {
  std::vector<storage::Value> values = holders_of(subject);
  const std::string holders = placeholders(values);
  std::vector<storage::Value> scopes;
  for (const auto& scope : path) scopes.emplace_back(scope.id);
  const std::string marks = placeholders(scopes);
  values.insert(values.end(), scopes.begin(), scopes.end());
  std::string sql = "SELECT " CLUSE_GRANT_COLUMNS " FROM access_grant WHERE holder_id IN (" + holders +
                    ") AND scope_id IN (" + marks + ")";
  for (const auto& scope : path) {
    if (scope.kind != ScopeKind::workspace) continue;
    sql +=
        " UNION ALL SELECT '', role, 'member', person_id, 'workspace', workspace_id, '', '' FROM workspace_member "
        "WHERE workspace_id = ? AND person_id = ?";
    values.emplace_back(scope.id);
    values.emplace_back(person);
  }
  auto rows = snapshot.all(sql, storage::Parameters(values));
  std::ranges::sort(rows, {}, [](const storage::Row& row) -> const std::string& { return row.text(0); });
  return rows;
}

Source membership(Role role, Id workspace, Id person) {
  return {Source::Kind::member,
          Source::State::holds,
          role,
          {ScopeKind::workspace, workspace},
          std::nullopt,
          {{HolderKind::person, person}},
          std::string(kAlways),
          std::string(kStill)};
}

Source administrator(Id person) {
  return {Source::Kind::administrator,    Source::State::holds, Role::administrator, kInstance, std::nullopt,
          {{HolderKind::person, person}}, std::string(kAlways), std::string(kStill)};
}

// A row of a kind that is not the scope's must not count, should two tables ever share an id.
bool is_on(const std::vector<Object>& path, const Object& scope) {
  return std::ranges::find(path, scope) != path.end();
}

Result<std::vector<Object>> path_of_document(storage::Snapshot& snapshot, Id document) {
  const auto rows = snapshot.all(
      "WITH RECURSIVE up (id, parent_id, workspace_id, depth) AS ("
      "SELECT id, parent_id, workspace_id, 0 FROM document WHERE id = ? UNION ALL "
      "SELECT d.id, d.parent_id, d.workspace_id, up.depth + 1 FROM up JOIN document d ON d.id = up.parent_id "
      "WHERE up.depth < 100) "
      "SELECT up.id, up.workspace_id, w.territory_id FROM up JOIN workspace w ON w.id = up.workspace_id "
      "ORDER BY up.depth",
      {document});
  if (rows.empty()) return fail(Errc::not_found, "document_not_found");
  std::vector<Object> path;
  for (const auto& row : rows) path.push_back({ScopeKind::document, row.id(0)});
  path.push_back({ScopeKind::workspace, rows.front().id(1)});
  path.push_back({ScopeKind::territory, rows.front().id(2)});
  path.push_back(kInstance);
  return path;
}

}  // namespace

std::string_view to_text(ScopeKind kind) {
  return kScopeWords[static_cast<std::size_t>(kind)];
}

std::optional<ScopeKind> parse_scope_kind(std::string_view text) {
  for (std::size_t i = 0; i < kScopeWords.size(); ++i)
    if (kScopeWords[i] == text) return static_cast<ScopeKind>(i);
  return std::nullopt;
}

std::string_view to_text(HolderKind kind) {
  return kHolderWords[static_cast<std::size_t>(kind)];
}

std::optional<HolderKind> parse_holder_kind(std::string_view text) {
  for (std::size_t i = 0; i < kHolderWords.size(); ++i)
    if (kHolderWords[i] == text) return static_cast<HolderKind>(i);
  return std::nullopt;
}

Result<GivenRole> find_role(storage::Snapshot& snapshot, const std::string& id) {
  if (const auto role = parse_role(id)) return GivenRole(*role);
  const auto row = snapshot.one("SELECT name_fr, name_de, permissions FROM access_role WHERE id = ?", {id});
  if (!row) return fail(Errc::not_found, "role_not_found", "", "role");
  GivenRole role = GivenRole::named(id);
  role.name_fr = row->text(0);
  role.name_de = row->text(1);
  role.permissions = parse_words(row->text(2));
  return role;
}

const GivenRole* RoleReader::find(const std::string& id) {
  static const std::vector<GivenRole> kKnown(roles().begin(), roles().end());
  if (const auto role = parse_role(id)) return &kKnown[static_cast<std::size_t>(*role)];
  auto seen = made_here_.find(id);
  if (seen == made_here_.end()) {
    const auto found = find_role(snapshot_, id);
    seen = made_here_.emplace(id, found ? std::optional(*found) : std::nullopt).first;
  }
  return seen->second ? &*seen->second : nullptr;
}

std::string placeholders(std::vector<storage::Value>& values) {
  if (values.empty()) values.emplace_back(Id{});
  std::size_t size = 1;
  while (size < values.size()) size *= 2;
  while (values.size() < size) values.push_back(values.back());
  std::string marks = "?";
  for (std::size_t i = 1; i < size; ++i) marks += ",?";
  return marks;
}

Result<std::vector<Object>> path_of(storage::Snapshot& snapshot, Object object) {
  switch (object.kind) {
    case ScopeKind::document: return path_of_document(snapshot, object.id);
    case ScopeKind::workspace: {
      const auto row = snapshot.one("SELECT territory_id FROM workspace WHERE id = ?", {object.id});
      if (!row) return fail(Errc::not_found, "workspace_not_found");
      return std::vector<Object>{object, {ScopeKind::territory, row->id(0)}, kInstance};
    }
    case ScopeKind::territory:
      if (!snapshot.one("SELECT 1 FROM territory WHERE id = ?", {object.id}))
        return fail(Errc::not_found, "territory_not_found");
      return std::vector<Object>{object, kInstance};
    case ScopeKind::instance: break;
  }
  return std::vector<Object>{kInstance};
}

Judgement judge(storage::Snapshot& snapshot, Id person, const std::vector<Object>& path, const std::string& day) {
  const Subject subject = read_subject(snapshot, person);
  Judgement judgement{subject.is_known, subject.is_suspended, subject.is_erased, {}, {}};
  if (!subject.is_known) return judgement;
  if (subject.is_admin) judgement.sources.push_back(administrator(person));
  RoleReader roles(snapshot);
  for (const auto& row : sources_on(snapshot, person, subject, path)) {
    if (row.text(2) != kMember) add_grant(row, subject, day, roles, judgement.sources);
    else if (const auto role = parse_role(row.text(1)))
      judgement.sources.push_back(membership(*role, row.id(5), person));
  }
  std::erase_if(judgement.sources, [&](const Source& source) { return !is_on(path, source.scope); });
  std::ranges::stable_partition(judgement.sources,
                                [](const Source& source) { return source.state == Source::State::holds; });
  if (subject.is_suspended || subject.is_erased) return judgement;
  for (const auto& source : judgement.sources)
    if (source.state == Source::State::holds) judgement.permissions |= source.role.permissions;
  return judgement;
}

Permissions Reach::on(Id territory, Id workspace) const {
  Permissions all = instance;
  if (const auto found = territories.find(territory); found != territories.end()) all |= found->second;
  if (const auto found = workspaces.find(workspace); found != workspaces.end()) all |= found->second;
  return all;
}

Reach reach_of(storage::Snapshot& snapshot, Id person, const std::string& day) {
  Reach reach;
  const Subject subject = read_subject(snapshot, person);
  if (!subject.is_known || subject.is_suspended || subject.is_erased) return reach;
  std::vector<Source> sources;
  if (subject.is_admin) sources.push_back(administrator(person));
  for (const auto& row : snapshot.all("SELECT workspace_id, role FROM workspace_member WHERE person_id = ?", {person}))
    if (const auto role = parse_role(row.text(1))) sources.push_back(membership(*role, row.id(0), person));
  std::vector<storage::Value> holders = holders_of(subject);
  const std::string marks = placeholders(holders);
  RoleReader roles(snapshot);
  for (const auto& row :
       snapshot.all("SELECT " CLUSE_GRANT_COLUMNS " FROM access_grant WHERE holder_id IN (" + marks + ")",
                    storage::Parameters(holders)))
    add_grant(row, subject, day, roles, sources);
  for (const auto& source : sources) {
    if (source.state != Source::State::holds) continue;
    const Permissions given = source.role.permissions;
    switch (source.scope.kind) {
      case ScopeKind::instance: reach.instance |= given; break;
      case ScopeKind::territory: reach.territories[source.scope.id] |= given; break;
      case ScopeKind::workspace: reach.workspaces[source.scope.id] |= given; break;
      case ScopeKind::document: reach.documents[source.scope.id] |= given; break;
    }
  }
  return reach;
}

}  // namespace cluse::domain::rights
