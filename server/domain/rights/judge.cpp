#include "server/domain/rights/judge.h"

#include "server/domain/organisations/days.h"

#include <algorithm>
#include <array>

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

void read_mandates(storage::Snapshot& snapshot, Id person, Subject& subject) {
  for (const auto& row : snapshot.all(
           "SELECT id, organisation_id, first_day, last_day FROM mandate WHERE person_id = ? ORDER BY first_day, id",
           {person})) {
    const Holder mandate{HolderKind::mandate, row.id(0)};
    const Span span{row.text(2), row.text(3)};
    subject.links.push_back({{mandate}, span});
    subject.links.push_back({{{HolderKind::organisation, row.id(1)}, mandate}, span});
  }
}

void read_groups(storage::Snapshot& snapshot, Subject& subject) {
  std::vector<storage::Value> members;
  for (const auto& link : subject.links) members.emplace_back(link.path.front().id);
  const std::string marks = placeholders(members);
  const auto rows =
      snapshot.all("SELECT group_id, member_kind, member_id FROM access_group_member WHERE member_id IN (" + marks +
                       ") ORDER BY group_id, member_id",
                   storage::Parameters(members));
  const std::size_t count = subject.links.size();
  for (const auto& row : rows) {
    const auto kind = parse_holder_kind(row.text(1));
    const Holder group{HolderKind::group, row.id(0)};
    for (std::size_t i = 0; i < count; ++i) {
      if (!kind || !(subject.links[i].path.front() == Holder{*kind, row.id(2)})) continue;
      Link link{{group}, subject.links[i].span};
      link.path.insert(link.path.end(), subject.links[i].path.begin(), subject.links[i].path.end());
      subject.links.push_back(std::move(link));
    }
  }
}

Subject read_subject(storage::Snapshot& snapshot, Id person) {
  Subject subject;
  const auto row = snapshot.one(
      "SELECT is_admin, organisation_id, organisation_confirmed, suspended_at, erased_at FROM person WHERE id = ?",
      {person});
  if (!row) return subject;
  subject.is_known = true;
  subject.is_admin = row->flag(0);
  subject.is_suspended = !row->is_null(3);
  subject.is_erased = !row->is_null(4);
  const Span always{std::string(kAlways), std::string(kStill)};
  subject.links.push_back({{{HolderKind::person, person}}, always});
  // What a newcomer typed of herself opens nothing: only an organisation that was confirmed.
  if (!row->is_null(1) && row->flag(2)) subject.links.push_back({{{HolderKind::organisation, row->id(1)}}, always});
  read_mandates(snapshot, person, subject);
  read_groups(snapshot, subject);
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
void add_grant(const storage::Row& row, const Subject& subject, const std::string& day, std::vector<Source>& sources) {
  const auto role = parse_role(row.text(1));
  const auto holder_kind = parse_holder_kind(row.text(2));
  const auto scope_kind = parse_scope_kind(row.text(4));
  if (!role || !holder_kind || !scope_kind) return;  // of a later release
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

std::vector<storage::Value> holders_of(const Subject& subject) {
  std::vector<storage::Value> holders;
  for (const auto& link : subject.links) holders.emplace_back(link.path.front().id);
  return holders;
}

std::vector<storage::Row> grants_on(storage::Snapshot& snapshot, const Subject& subject,
                                    const std::vector<Object>& path) {
  std::vector<storage::Value> values = holders_of(subject);
  const std::string holders = placeholders(values);
  std::vector<storage::Value> scopes;
  for (const auto& scope : path) scopes.emplace_back(scope.id);
  const std::string marks = placeholders(scopes);
  values.insert(values.end(), scopes.begin(), scopes.end());
  return snapshot.all("SELECT " CLUSE_GRANT_COLUMNS " FROM access_grant WHERE holder_id IN (" + holders +
                          ") AND scope_id IN (" + marks + ") ORDER BY id",
                      storage::Parameters(values));
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
  for (const auto& scope : path) {
    if (scope.kind != ScopeKind::workspace) continue;
    const auto row =
        snapshot.one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?", {scope.id, person});
    const auto role = row ? parse_role(row->text(0)) : std::nullopt;
    if (role) judgement.sources.push_back(membership(*role, scope.id, person));
  }
  for (const auto& row : grants_on(snapshot, subject, path)) add_grant(row, subject, day, judgement.sources);
  std::erase_if(judgement.sources, [&](const Source& source) { return !is_on(path, source.scope); });
  std::ranges::stable_partition(judgement.sources,
                                [](const Source& source) { return source.state == Source::State::holds; });
  if (subject.is_suspended || subject.is_erased) return judgement;
  for (const auto& source : judgement.sources)
    if (source.state == Source::State::holds) judgement.permissions |= permissions_of(source.role);
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
  for (const auto& row :
       snapshot.all("SELECT " CLUSE_GRANT_COLUMNS " FROM access_grant WHERE holder_id IN (" + marks + ")",
                    storage::Parameters(holders)))
    add_grant(row, subject, day, sources);
  for (const auto& source : sources) {
    if (source.state != Source::State::holds) continue;
    const Permissions given = permissions_of(source.role);
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
