#include "server/domain/documents/finder.h"

#include "server/domain/documents/document_rows.h"
#include "server/domain/text.h"
#include "server/domain/twins/preferred.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr int kFoundMax = 8;
constexpr int kRecentMax = 12;
constexpr int kWorkspacesMax = 200;
// Whoever writes marks the document as edited, so those that are open now are among the latest edited.
constexpr int kWritingCandidatesMax = 100;

using Values = std::vector<storage::Value>;

Values with(Values before, const Values& middle, const Values& after) {
  before.insert(before.end(), middle.begin(), middle.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

std::vector<storage::Row> recently_opened(storage::Snapshot& snapshot, const Actor& actor, int max) {
  const WorkspaceFilter may(snapshot, actor);
  return snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                      "FROM recently_opened r JOIN document d ON d.id = r.document_id "
                      "JOIN workspace w ON w.id = d.workspace_id "
                      "WHERE r.person_id = ? AND d.trashed_at IS NULL AND " +
                          may.documents() + " ORDER BY r.at DESC, d.id LIMIT ?",
                      storage::Parameters(with({actor.person_id}, may.document_values(), {max})));
}

/// What the actor opened and what others changed where she was let in, the latest of either first. Whoever has a right
/// on the whole instance is not told of workspaces that she has not looked into.
std::vector<storage::Row> recent(storage::Snapshot& snapshot, const Actor& actor) {
  const WorkspaceFilter all(snapshot, actor);
  const WorkspaceFilter own(snapshot, actor, WorkspaceFilter::Whole::does_not);
  return snapshot.all(
      "SELECT " CLUSE_DOCUMENT_COLUMNS
      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
      "LEFT JOIN recently_opened r ON r.document_id = d.id AND r.person_id = ? "
      "WHERE d.trashed_at IS NULL AND d.kind = 'document' AND (" +
          own.documents() + " OR (r.at IS NOT NULL AND " + all.documents() +
          ")) ORDER BY CASE WHEN r.at > d.updated_at THEN r.at ELSE d.updated_at END DESC, d.id LIMIT ?",
      storage::Parameters(
          with(with({actor.person_id}, own.document_values(), all.document_values()), {}, {kRecentMax})));
}

std::vector<storage::Row> lately_edited(storage::Snapshot& snapshot, const Actor& actor) {
  const WorkspaceFilter may(snapshot, actor);
  return snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
                      "WHERE d.trashed_at IS NULL AND d.kind = 'document' AND " +
                          may.documents() + " ORDER BY d.updated_at DESC, d.id LIMIT ?",
                      storage::Parameters(with({}, may.document_values(), {kWritingCandidatesMax})));
}

std::vector<storage::Row> titled(storage::Snapshot& snapshot, const Actor& actor, const std::string& query) {
  const WorkspaceFilter may(snapshot, actor);
  const auto words = like_words(query);
  return snapshot.all(
      "SELECT " CLUSE_DOCUMENT_COLUMNS
      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
      "WHERE d.trashed_at IS NULL AND " +
          may.documents() +
          " AND d.title_folded LIKE ? ESCAPE '\\' AND d.title_folded LIKE ? ESCAPE '\\' "
          "AND d.title_folded LIKE ? ESCAPE '\\' AND d.title_folded LIKE ? ESCAPE '\\' "
          "ORDER BY CASE WHEN d.title_folded LIKE ? ESCAPE '\\' THEN 0 ELSE 1 END, d.updated_at DESC, d.id LIMIT ?",
      storage::Parameters(
          with({}, may.document_values(), {words[0], words[1], words[2], words[3], like_start(query), kFoundMax})));
}

}  // namespace

Task<Result<Home>> Finder::home(Actor actor) {
  auto body = [this, actor](storage::Snapshot& snapshot) -> Result<Home> {
    DocumentReader reader(snapshot, environment_.live);
    Home home;
    home.recent = reader.from(recent(snapshot, actor));
    prefer_twins(snapshot, actor, reader, home.recent);
    for (auto& document : reader.from(lately_edited(snapshot, actor)))
      if (!document.writers.empty()) home.writing_now.push_back(std::move(document));
    home.workspaces = find_workspaces(snapshot, actor, "", kWorkspacesMax);
    return home;
  };
  auto home = co_await environment_.database.read(std::move(body));
  co_return home;
}

Task<Result<Findings>> Finder::find(Actor actor, std::string query) {
  auto body = [this, actor, query = std::move(query)](storage::Snapshot& snapshot) -> Result<Findings> {
    DocumentReader reader(snapshot, environment_.live);
    Findings findings;
    if (fold(query).empty()) {
      findings.documents = reader.from(recently_opened(snapshot, actor, kFoundMax));
      prefer_twins(snapshot, actor, reader, findings.documents);
      return findings;
    }
    findings.documents = reader.from(titled(snapshot, actor, query));
    prefer_twins(snapshot, actor, reader, findings.documents);
    findings.workspaces = find_workspaces(snapshot, actor, query, kFoundMax);
    findings.people = find_people(snapshot, query, kFoundMax);
    return findings;
  };
  auto findings = co_await environment_.database.read(std::move(body));
  co_return findings;
}

}  // namespace cluse::domain
