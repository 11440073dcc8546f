#include "server/domain/documents/finder.h"

#include "server/domain/documents/document_rows.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr int kFoundMax = 8;
constexpr int kRecentMax = 12;
constexpr int kWorkspacesMax = 200;
// Whoever writes marks the document as edited, so those that are open now are among the latest edited.
constexpr int kWritingCandidatesMax = 100;

std::vector<storage::Row> recently_opened(storage::Snapshot& snapshot, const Actor& actor, int max) {
  return snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                      "FROM recently_opened r JOIN document d ON d.id = r.document_id "
                      "JOIN workspace w ON w.id = d.workspace_id "
                      "LEFT JOIN workspace_member m ON m.workspace_id = w.id AND m.person_id = r.person_id "
                      "WHERE r.person_id = ? AND d.trashed_at IS NULL AND (? <> 0 OR m.role IS NOT NULL) "
                      "ORDER BY r.at DESC, d.id LIMIT ?",
                      {actor.person_id, actor.is_admin, max});
}

/// What the actor opened and what others changed in her workspaces, the latest of either first. An administrator is not
/// told of workspaces that she is no member of and has not looked into.
std::vector<storage::Row> recent(storage::Snapshot& snapshot, const Actor& actor) {
  return snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
                      "LEFT JOIN workspace_member m ON m.workspace_id = w.id AND m.person_id = ? "
                      "LEFT JOIN recently_opened r ON r.document_id = d.id AND r.person_id = ? "
                      "WHERE d.trashed_at IS NULL AND d.kind = 'document' "
                      "AND (m.role IS NOT NULL OR (? <> 0 AND r.at IS NOT NULL)) "
                      "ORDER BY CASE WHEN r.at > d.updated_at THEN r.at ELSE d.updated_at END DESC, d.id LIMIT ?",
                      {actor.person_id, actor.person_id, actor.is_admin, kRecentMax});
}

std::vector<storage::Row> lately_edited(storage::Snapshot& snapshot, const Actor& actor) {
  return snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
                      "LEFT JOIN workspace_member m ON m.workspace_id = w.id AND m.person_id = ? "
                      "WHERE d.trashed_at IS NULL AND d.kind = 'document' AND (? <> 0 OR m.role IS NOT NULL) "
                      "ORDER BY d.updated_at DESC, d.id LIMIT ?",
                      {actor.person_id, actor.is_admin, kWritingCandidatesMax});
}

std::vector<storage::Row> titled(storage::Snapshot& snapshot, const Actor& actor, const std::string& query) {
  const auto words = like_words(query);
  return snapshot.all(
      "SELECT " CLUSE_DOCUMENT_COLUMNS
      "FROM document d JOIN workspace w ON w.id = d.workspace_id "
      "LEFT JOIN workspace_member m ON m.workspace_id = w.id AND m.person_id = ? "
      "WHERE d.trashed_at IS NULL AND (? <> 0 OR m.role IS NOT NULL) "
      "AND d.title_folded LIKE ? ESCAPE '\\' AND d.title_folded LIKE ? ESCAPE '\\' "
      "AND d.title_folded LIKE ? ESCAPE '\\' AND d.title_folded LIKE ? ESCAPE '\\' "
      "ORDER BY CASE WHEN d.title_folded LIKE ? ESCAPE '\\' THEN 0 ELSE 1 END, d.updated_at DESC, d.id "
      "LIMIT ?",
      {actor.person_id, actor.is_admin, words[0], words[1], words[2], words[3], like_start(query), kFoundMax});
}

}  // namespace

Task<Result<Home>> Finder::home(Actor actor) {
  auto body = [this, actor](storage::Snapshot& snapshot) -> Result<Home> {
    DocumentReader reader(snapshot, environment_.live);
    Home home;
    home.recent = reader.from(recent(snapshot, actor));
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
      return findings;
    }
    findings.documents = reader.from(titled(snapshot, actor, query));
    findings.workspaces = find_workspaces(snapshot, actor, query, kFoundMax);
    findings.people = find_people(snapshot, query, kFoundMax);
    return findings;
  };
  auto findings = co_await environment_.database.read(std::move(body));
  co_return findings;
}

}  // namespace cluse::domain
