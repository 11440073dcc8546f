#include "server/domain/twins/twin_rows.h"

#include "server/domain/documents/document_rows.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cluse::domain {
namespace {

// The live documents of the sets of a workspace, each set's source first, with what was counted when.
constexpr std::string_view kSets =
    "SELECT s.source_id, s.authentic, d.id, d.title, d.language, t.counted_source, t.counted_own, t.current_blocks, "
    "t.stale_blocks, t.review_blocks, t.missing_blocks, t.orphan_blocks, "
    "(SELECT COALESCE(MAX(sequence), 0) FROM collab_update WHERE room = s.source_id), "
    "(SELECT COALESCE(MAX(sequence), 0) FROM collab_update WHERE room = d.id) "
    "FROM twin_set s JOIN document o ON o.id = s.source_id AND o.trashed_at IS NULL "
    "LEFT JOIN twin t ON t.source_id = s.source_id "
    "JOIN document d ON d.id = t.document_id AND d.trashed_at IS NULL "
    "WHERE o.workspace_id = ? ORDER BY o.position, s.source_id, d.language, d.id";

twins::Counts counts_in(const storage::Row& row, std::size_t from) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(row.integer(from + i)); };
  return {at(0), at(1), at(2), at(3), at(4)};
}

TwinSet begin_set(storage::Snapshot& snapshot, const storage::Row& row) {
  TwinSet set{row.id(0), row.text(1), {}};
  const auto source = snapshot.one("SELECT title, language FROM document WHERE id = ?", {set.source_id});
  set.documents.push_back({set.source_id, source->text(0), source->text(1), std::nullopt});
  return set;
}

std::vector<twins::Unit> units_in(const crdt::Document& document) {
  return twins::units_of(document.xml(kTextRoot));
}

}  // namespace

TwinRows read_twins(storage::Snapshot& snapshot, Id workspace, std::size_t recounts_max) {
  TwinRows read;
  for (const auto& row : snapshot.all(kSets, {workspace})) {
    if (read.sets.empty() || read.sets.back().source_id != row.id(0)) read.sets.push_back(begin_set(snapshot, row));
    TwinSet& set = read.sets.back();
    set.documents.push_back({row.id(2), row.text(3), row.text(4), std::nullopt});
    if (row.integer(5) == row.integer(12) && row.integer(6) == row.integer(13)) {
      set.documents.back().counts = counts_in(row, 7);
    } else if (read.outdated.size() < recounts_max) {
      read.outdated.push_back({read.sets.size() - 1, set.documents.size() - 1,
                               content::read_log(snapshot, set.source_id.to_string()),
                               content::read_log(snapshot, row.text(2))});
    }
  }
  return read;
}

void recount(TwinRows& rows) {
  for (auto& outdated : rows.outdated) {
    const auto source = content::replay(outdated.source);
    const auto own = content::replay(outdated.own);
    if (!source || !own) continue;
    const auto marks = twins::read_marks(own->to_json(twins::kMarksRoot));
    rows.sets[outdated.set].documents[outdated.document].counts =
        twins::count(twins::judge(units_in(*source), units_in(*own), marks));
  }
}

void keep_counts(storage::Transaction& tx, const TwinRows& rows) {
  for (const auto& outdated : rows.outdated) {
    const auto& document = rows.sets[outdated.set].documents[outdated.document];
    if (!document.counts) continue;
    const auto& counts = *document.counts;
    tx.run(
        "UPDATE twin SET counted_source = ?, counted_own = ?, current_blocks = ?, stale_blocks = ?, "
        "review_blocks = ?, missing_blocks = ?, orphan_blocks = ? WHERE document_id = ?",
        {outdated.source.last_sequence, outdated.own.last_sequence, counts.current, counts.stale, counts.review,
         counts.missing, counts.orphan, document.id});
  }
}

std::optional<Id> source_of(storage::Snapshot& snapshot, Id document) {
  const auto row = snapshot.one("SELECT source_id FROM twin WHERE document_id = ?", {document});
  return row ? std::optional(row->id(0)) : std::nullopt;
}

bool is_in_set(storage::Snapshot& snapshot, Id source, std::string_view document) {
  return document == source.to_string() ||
         snapshot.one("SELECT 1 FROM twin WHERE source_id = ? AND document_id = ?", {source, document}).has_value();
}

Result<DocumentAccess> require_text(storage::Snapshot& snapshot, const Actor& actor, Id document) {
  CLUSE_TRY(about, require_document(snapshot, actor, document, Role::editor));
  if (about.kind == DocumentKind::folder) return fail(Errc::invalid, "field_invalid", "a folder has no text", "id");
  return about;
}

Result<void> insert_twin(storage::Transaction& tx, const Actor& actor, Id document, Id source, const TwinLimits& limits,
                         Instant now) {
  const auto own = tx.one("SELECT language, workspace_id, title FROM document WHERE id = ?", {document});
  const auto others =
      tx.all("SELECT language FROM document WHERE id = ? OR id IN (SELECT document_id FROM twin WHERE source_id = ?)",
             {source, source});
  if (others.size() > limits.per_set_max) return fail(Errc::conflict, "too_many_twins");
  if (std::ranges::any_of(others, [&](const auto& row) { return row.text(0) == own->text(0); }))
    return fail(Errc::conflict, "twin_language_taken", "", "language");
  tx.run("INSERT INTO twin_set (source_id, authentic, created_at) VALUES (?, ?, ?) ON CONFLICT (source_id) DO NOTHING",
         {source, kAuthenticNone, now});
  tx.run("INSERT INTO twin (document_id, source_id, created_at, created_by) VALUES (?, ?, ?, ?)",
         {document, source, now, actor.person_id});
  note(tx, actor, journal::Verb::document_twin_linked, document, own->id(1), now,
       {{"title", own->text(2)}, {"source", source.to_string()}});
  return {};
}

void erase_twins(storage::Transaction& tx, Id document) {
  const auto source = source_of(tx, document);
  const std::string id = document.to_string();
  tx.run("DELETE FROM twin WHERE document_id = ? OR source_id = ?", {document, document});
  tx.run("DELETE FROM twin_set WHERE source_id = ?", {document});
  if (!source) return;
  // The binding text is gone: then none is.
  tx.run("UPDATE twin_set SET authentic = ? WHERE authentic = ?", {kAuthenticNone, id});
  tx.run("DELETE FROM twin_set WHERE source_id = ? AND NOT EXISTS (SELECT 1 FROM twin WHERE source_id = ?)",
         {*source, *source});
}

}  // namespace cluse::domain
