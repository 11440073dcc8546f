// Documents::remove, restore and purge. A document in the trash remembers the root it went there with (`trashed_root`;
// its own id for the root itself): restoring and purging take exactly what went together.

#include "server/domain/content/content.h"
#include "server/domain/documents/document_rows.h"
#include "server/domain/documents/documents.h"
#include "server/domain/twins/twins.h"

#include <utility>

namespace cluse::domain {
namespace {

std::vector<Id> ids_of(const std::vector<storage::Row>& rows) {
  std::vector<Id> ids;
  ids.reserve(rows.size());
  for (const auto& row : rows) ids.push_back(row.id(0));
  return ids;
}

// `root` and all below it that live.
std::vector<Id> living_under(storage::Snapshot& snapshot, Id root) {
  return ids_of(
      snapshot.all("WITH RECURSIVE below (id) AS (SELECT id FROM document WHERE id = ? UNION "
                   "SELECT d.id FROM document d JOIN below ON d.parent_id = below.id WHERE d.trashed_at IS NULL) "
                   "SELECT id FROM below",
                   {root}));
}

// `root` and all below it that went into the trash in the same stroke.
std::vector<Id> trashed_with(storage::Snapshot& snapshot, Id root) {
  return ids_of(
      snapshot.all("WITH RECURSIVE below (id, stroke) AS (SELECT id, trashed_root FROM document WHERE id = ? UNION "
                   "SELECT d.id, d.trashed_root FROM document d JOIN below ON d.parent_id = below.id "
                   "WHERE d.trashed_root = below.stroke) SELECT id FROM below",
                   {root}));
}

std::vector<std::string> erase_all(storage::Transaction& tx, const std::vector<Id>& ids) {
  std::vector<std::string> blobs;
  // What had been trashed separately below them stays in the trash, at the top.
  for (const Id id : ids) tx.run("UPDATE document SET parent_id = NULL WHERE parent_id = ?", {id});
  for (const Id id : ids) {
    for (const auto& row : tx.all("SELECT blob_name FROM image WHERE document_id = ?", {id}))
      blobs.push_back(row.text(0));
    tx.run("DELETE FROM image WHERE document_id = ?", {id});
    tx.run("DELETE FROM recently_opened WHERE document_id = ?", {id});
    tx.run("DELETE FROM notification_level WHERE object_id = ?", {id});
    erase_twins(tx, id);
    content::erase(tx, id.to_string());
    tx.run("DELETE FROM document WHERE id = ?", {id});
  }
  return blobs;
}

}  // namespace

Task<Result<void>> Documents::remove(Actor actor, Id document) {
  auto body = [actor, document, now = environment_.clock.now()](storage::Transaction& tx) -> Result<std::vector<Id>> {
    CLUSE_TRY(allowed, access_document(tx, actor, document));
    if (allowed.role < Role::editor) return fail(Errc::denied, "denied");
    if (allowed.trashed) return std::vector<Id>{};
    auto ids = living_under(tx, document);
    for (const Id id : ids)
      tx.run("UPDATE document SET trashed_at = ?, trashed_root = ? WHERE id = ?", {now, document, id});
    note(tx, actor, journal::Verb::document_trashed, document, allowed.workspace_id, now, {{"title", allowed.title}});
    return ids;
  };
  auto trashed = co_await environment_.database.write(std::move(body));
  if (!trashed) co_return std::unexpected(std::move(trashed).error());
  for (const Id id : *trashed) environment_.live.document_trashed(id);
  co_return Result<void>();
}

Task<Result<Document>> Documents::restore(Actor actor, Id document) {
  struct Restored {
    Document document;
    std::vector<Id> ids;
  };
  auto body = [this, actor, document, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Restored> {
    CLUSE_TRY(allowed, access_document(tx, actor, document));
    if (allowed.role < Role::editor) return fail(Errc::denied, "denied");
    std::vector<Id> ids;
    if (allowed.trashed) {
      ids = trashed_with(tx, document);
      for (const Id id : ids)
        // What is restored without its root must not look like a part of the root's stroke any more.
        tx.run("UPDATE document SET trashed_at = NULL, trashed_root = NULL WHERE id = ?", {id});
      const auto orphan = tx.one(
          "SELECT 1 FROM document d JOIN document parent ON parent.id = d.parent_id "
          "WHERE d.id = ? AND parent.trashed_at IS NOT NULL",
          {document});
      // It takes its old place again, unless the parent is gone: then it goes last at the top.
      if (orphan)
        tx.run("UPDATE document SET parent_id = NULL, position = ? WHERE id = ?",
               {position_last(tx, allowed.workspace_id, std::nullopt), document});
      note(tx, actor, journal::Verb::document_restored, document, allowed.workspace_id, now,
           {{"title", allowed.title}});
    }
    CLUSE_TRY(read, DocumentReader(tx, environment_.live).by_id(document));
    return Restored{std::move(read), std::move(ids)};
  };
  auto restored = co_await environment_.database.write(std::move(body));
  if (!restored) co_return std::unexpected(std::move(restored).error());
  for (const Id id : restored->ids) environment_.live.document_about_changed(id);
  co_return std::move(restored->document);
}

Task<Result<void>> Documents::purge(Actor actor, Id document) {
  auto body = [actor, document,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<std::vector<std::string>> {
    CLUSE_TRY(allowed, access_document(tx, actor, document));
    if (allowed.role < Role::manager) return fail(Errc::denied, "denied");
    if (!allowed.trashed) return fail(Errc::conflict, "document_not_trashed");
    const auto ids = trashed_with(tx, document);
    for (const Id id : ids) {
      const auto title = tx.one("SELECT title FROM document WHERE id = ?", {id});
      note(tx, actor, journal::Verb::document_purged, id, allowed.workspace_id, now, {{"title", title->text(0)}});
    }
    return erase_all(tx, ids);
  };
  auto blobs = co_await environment_.database.write(std::move(body));
  if (!blobs) co_return std::unexpected(std::move(blobs).error());
  if (!blobs->empty()) co_await remove_unused_blobs(std::move(*blobs));
  co_return Result<void>();
}

Task<void> Documents::remove_unused_blobs(std::vector<std::string> names) {
  // On the writer, so that no row that refers to one of them can be written in between (see Images::add).
  auto body = [this, names = std::move(names)](storage::Transaction& tx) -> Result<void> {
    for (const auto& name : names)
      if (!tx.one("SELECT 1 FROM image WHERE blob_name = ? LIMIT 1", {name})) environment_.blobs.remove(name);
    return {};
  };
  auto removed = co_await environment_.database.write(std::move(body));
  // What is left over costs room on the disk and nothing else: an audit of the blobs finds it.
  static_cast<void>(removed);
}

}  // namespace cluse::domain
