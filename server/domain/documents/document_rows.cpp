#include "server/domain/documents/document_rows.h"

#include "server/domain/language/detect.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

struct Sibling {
  Id id;
  double position;
};

std::vector<Sibling> siblings_of(storage::Snapshot& snapshot, Id workspace, std::optional<Id> parent, Id self) {
  std::vector<Sibling> siblings;
  for (const auto& row : snapshot.all("SELECT id, position FROM document WHERE workspace_id = ? "
                                      "AND parent_id IS NOT DISTINCT FROM ? AND trashed_at IS NULL AND id <> ? "
                                      "ORDER BY position, id",
                                      {workspace, parent, self}))
    siblings.push_back({row.id(0), row.real(1)});
  return siblings;
}

// Between two neighbours there is room for about fifty halvings; then all of them get whole numbers again.
void renumber(storage::Transaction& tx, std::vector<Sibling>& siblings) {
  double next = 1;
  for (auto& sibling : siblings) {
    sibling.position = next++;
    tx.run("UPDATE document SET position = ? WHERE id = ?", {sibling.position, sibling.id});
  }
}

// A word that a later release writes stands for a choice: nothing is guessed over it.
LanguageOrigin parse_language_origin(std::string_view text) {
  for (const auto origin : {LanguageOrigin::assumed, LanguageOrigin::detected})
    if (text == to_text(origin)) return origin;
  return LanguageOrigin::chosen;
}

double between(double low, double high) {
  return low + (high - low) / 2;
}

}  // namespace

Document DocumentReader::from(const storage::Row& row) {
  Document document;
  document.id = row.id(0);
  document.workspace_id = row.id(1);
  document.parent_id = row.id_or_null(2);
  document.kind = parse_document_kind(row.text(3)).value_or(DocumentKind::document);
  document.title = row.text(4);
  document.language = row.text(5);
  document.position = row.real(6);
  document.created_at = row.instant(7);
  document.created_by = people_.find(row.id_or_null(8), row.id_or_null(13));
  document.updated_at = row.instant(9);
  document.updated_by = people_.find(row.id_or_null(10), row.id_or_null(14));
  document.trashed_at = row.instant_or_null(11);
  document.workspace_name = row.text(12);
  document.language_origin = parse_language_origin(row.text(15));
  if (!document.trashed_at && document.kind == DocumentKind::document)
    for (const Id person : live_.people_in(document.id))
      if (auto writer = people_.find(person)) document.writers.push_back(std::move(*writer));
  return document;
}

std::vector<Document> DocumentReader::from(const std::vector<storage::Row>& rows) {
  std::vector<Document> documents;
  documents.reserve(rows.size());
  for (const auto& row : rows) documents.push_back(from(row));
  return documents;
}

Result<Document> DocumentReader::by_id(Id id) {
  const auto row = snapshot_.one("SELECT " CLUSE_DOCUMENT_COLUMNS
                                 "FROM document d JOIN workspace w ON w.id = d.workspace_id WHERE d.id = ?",
                                 {id});
  if (!row) return fail(Errc::not_found, "document_not_found");
  return from(*row);
}

Result<double> position_after(storage::Transaction& tx, Id workspace, std::optional<Id> parent, std::optional<Id> after,
                              Id self) {
  auto siblings = siblings_of(tx, workspace, parent, self);
  std::size_t at = 0;  // the one we go in front of
  if (after) {
    while (at < siblings.size() && siblings[at].id != *after) ++at;
    if (at == siblings.size()) return fail(Errc::invalid, "field_invalid", "no such sibling", "after_id");
    ++at;
  }
  if (siblings.empty()) return 1.0;
  if (at == 0) return siblings.front().position - 1;
  if (at == siblings.size()) return siblings.back().position + 1;
  double position = between(siblings[at - 1].position, siblings[at].position);
  if (position <= siblings[at - 1].position || position >= siblings[at].position) {
    renumber(tx, siblings);
    position = between(siblings[at - 1].position, siblings[at].position);
  }
  return position;
}

double position_last(storage::Snapshot& snapshot, Id workspace, std::optional<Id> parent) {
  const auto row = snapshot.one(
      "SELECT MAX(position) FROM document WHERE workspace_id = ? "
      "AND parent_id IS NOT DISTINCT FROM ? AND trashed_at IS NULL",
      {workspace, parent});
  return row->is_null(0) ? 1.0 : row->real(0) + 1;
}

Result<std::vector<Id>> path_to_top(storage::Snapshot& snapshot, Id workspace, std::optional<Id> parent,
                                    const DocumentLimits& limits) {
  std::vector<Id> path;
  for (std::optional<Id> at = parent; at;) {
    if (path.size() + 1 >= limits.depth_max) return fail(Errc::invalid, "field_invalid", "too deep", "parent_id");
    const auto row = snapshot.one(
        "SELECT parent_id FROM document WHERE id = ? AND workspace_id = ? AND trashed_at IS NULL", {*at, workspace});
    if (!row) return fail(Errc::invalid, "field_invalid", "no such parent", "parent_id");
    path.push_back(*at);
    at = row->id_or_null(0);
  }
  return path;
}

Result<Id> insert_document(storage::Transaction& tx, const Actor& actor, const NewDocument& document,
                           const DocumentLimits& limits, Instant now, journal::Verb verb) {
  CLUSE_TRY(title, clean_line(document.title, "title", kTitleCharactersMax));
  const auto workspace = tx.one("SELECT language FROM workspace WHERE id = ?", {document.workspace_id});
  if (!workspace) return fail(Errc::not_found, "workspace_not_found");
  CLUSE_TRY(language, clean_language(document.language.value_or(
                                         document.detected ? language::refined(*document.detected, workspace->text(0))
                                                           : workspace->text(0)),
                                     "language"));
  const auto origin = document.language   ? LanguageOrigin::chosen
                      : document.detected ? LanguageOrigin::detected
                                          : LanguageOrigin::assumed;
  CLUSE_CHECK(path_to_top(tx, document.workspace_id, document.parent_id, limits));
  const auto count = tx.one("SELECT COUNT(*) FROM document WHERE workspace_id = ?", {document.workspace_id});
  if (static_cast<std::size_t>(count->integer(0)) >= limits.per_workspace_max)
    return fail(Errc::conflict, "too_many_documents");
  const Id id = new_id(now);
  double position = position_last(tx, document.workspace_id, document.parent_id);
  if (document.after_id) {
    CLUSE_TRY(behind, position_after(tx, document.workspace_id, document.parent_id, document.after_id, id));
    position = behind;
  }
  tx.run(
      "INSERT INTO document (id, workspace_id, parent_id, kind, title, title_folded, language, position, created_at, "
      "created_by, created_hat, updated_at, updated_by, updated_hat, language_origin) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, document.workspace_id, document.parent_id, to_text(document.kind), title, fold(title), language, position,
       now, actor.person_id, actor.mandate_id, now, actor.person_id, actor.mandate_id, to_text(origin)});
  note(tx, actor, verb, id, document.workspace_id, now, {{"title", title}});
  return id;
}

void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, Id document, Id workspace, Instant now,
          journal::Details details) {
  journal::append(
      tx, {author_of(actor), verb, journal::ObjectKind::document, document, workspace, now, std::move(details)});
}

}  // namespace cluse::domain
