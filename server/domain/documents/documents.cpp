#include "server/domain/documents/documents.h"

#include "server/domain/content/content.h"
#include "server/domain/documents/document_rows.h"
#include "server/domain/language/detect.h"
#include "server/domain/richtext/richtext.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cluse::domain {
namespace {

// Opening the same document again and again need not wake the disk each time.
constexpr std::chrono::milliseconds kOpenedStep = std::chrono::minutes(1);
// Where Tiptap keeps the text (docs/document-schema.md).
constexpr std::string_view kContentRoot = "default";

// Height of what hangs below `id` and lives: 1 for a leaf.
std::size_t height_of(storage::Snapshot& snapshot, Id id) {
  const auto row = snapshot.one(
      "WITH RECURSIVE below (id, depth) AS (SELECT id, 1 FROM document WHERE id = ? UNION ALL "
      "SELECT d.id, below.depth + 1 FROM document d JOIN below ON d.parent_id = below.id WHERE d.trashed_at IS NULL "
      "AND below.depth < 1000) SELECT MAX(depth) FROM below",
      {id});
  return row->is_null(0) ? 1 : static_cast<std::size_t>(row->integer(0));
}

void touch(storage::Transaction& tx, Id document, Id person, std::optional<Id> hat, Instant at) {
  tx.run("UPDATE document SET updated_at = ?, updated_by = ?, updated_hat = ? WHERE id = ? AND updated_at <= ?",
         {at, person, hat, document, at});
}

}  // namespace

std::string_view to_text(DocumentKind kind) {
  return kind == DocumentKind::folder ? "folder" : "document";
}

std::string_view to_text(LanguageOrigin origin) {
  switch (origin) {
    case LanguageOrigin::chosen: return "chosen";
    case LanguageOrigin::assumed: return "assumed";
    case LanguageOrigin::detected: return "detected";
  }
  return "chosen";
}

std::optional<DocumentKind> parse_document_kind(std::string_view text) {
  for (const auto kind : {DocumentKind::document, DocumentKind::folder})
    if (text == to_text(kind)) return kind;
  return std::nullopt;
}

Result<DocumentAccess> access_document(storage::Snapshot& snapshot, const Actor& actor, Id document) {
  const auto row =
      snapshot.one("SELECT workspace_id, kind, title, language, trashed_at FROM document WHERE id = ?", {document});
  if (!row) return fail(Errc::not_found, "document_not_found");
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, {rights::ScopeKind::document, document}));
  const auto role = role_of(allowed);
  if (!role) return fail(Errc::not_found, "document_not_found");
  return DocumentAccess{row->id(0),   parse_document_kind(row->text(1)).value_or(DocumentKind::document),
                        row->text(2), row->text(3),
                        *role,        !row->is_null(4)};
}

Result<DocumentAccess> require_document(storage::Snapshot& snapshot, const Actor& actor, Id document, Role needed) {
  CLUSE_TRY(found, access_document(snapshot, actor, document));
  if (found.role < needed) return fail(Errc::denied, "denied");
  if (found.trashed) return fail(Errc::gone, "document_trashed");
  return found;
}

void mark_edited(storage::Transaction& tx, Id document, Id person, std::optional<Id> hat, Instant at) {
  touch(tx, document, person, hat, at);
  if (const auto row = tx.one("SELECT workspace_id FROM document WHERE id = ?", {document}))
    journal::append_edit(tx, {person, hat, {}}, document, row->id(0), at);
}

Task<Result<std::vector<Document>>> Documents::list(Actor actor, Id workspace) {
  auto body = [this, actor, workspace](storage::Snapshot& snapshot) -> Result<std::vector<Document>> {
    CLUSE_CHECK(domain::access(snapshot, actor, workspace));
    const auto rows = snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                                   "FROM document d JOIN workspace w ON w.id = d.workspace_id "
                                   "WHERE d.workspace_id = ? AND d.trashed_at IS NULL ORDER BY d.position, d.id",
                                   {workspace});
    return DocumentReader(snapshot, environment_.live).from(rows);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<std::vector<Document>>> Documents::trash(Actor actor, Id workspace) {
  auto body = [this, actor, workspace](storage::Snapshot& snapshot) -> Result<std::vector<Document>> {
    CLUSE_CHECK(domain::access(snapshot, actor, workspace));
    const auto rows = snapshot.all("SELECT " CLUSE_DOCUMENT_COLUMNS
                                   "FROM document d JOIN workspace w ON w.id = d.workspace_id "
                                   "WHERE d.workspace_id = ? AND d.trashed_root = d.id "
                                   "ORDER BY d.trashed_at DESC, d.id",
                                   {workspace});
    return DocumentReader(snapshot, environment_.live).from(rows);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<DocumentAccess>> Documents::access(Actor actor, Id document) {
  auto body = [actor, document](storage::Snapshot& snapshot) -> Result<DocumentAccess> {
    return access_document(snapshot, actor, document);
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Document>> Documents::find(Actor actor, Id document) {
  const Instant now = environment_.clock.now();
  struct Found {
    Document document;
    bool mark = false;
  };
  auto body = [this, actor, document, now](storage::Snapshot& snapshot) -> Result<Found> {
    CLUSE_TRY(allowed, require_document(snapshot, actor, document, Role::reader));
    CLUSE_TRY(read, DocumentReader(snapshot, environment_.live).by_id(document));
    read.my_role = allowed.role;
    const auto opened = snapshot.one("SELECT at FROM recently_opened WHERE person_id = ? AND document_id = ?",
                                     {actor.person_id, document});
    const bool stale = !opened || opened->instant(0) + kOpenedStep <= now;
    return Found{std::move(read), stale && allowed.kind == DocumentKind::document};
  };
  auto found = co_await environment_.database.read(std::move(body));
  if (!found) co_return std::unexpected(std::move(found).error());
  if (found->mark) {
    auto mark = [actor, document, now](storage::Transaction& tx) -> Result<void> {
      // It may have been purged since it was read.
      CLUSE_CHECK(access_document(tx, actor, document));
      tx.run(
          "INSERT INTO recently_opened (person_id, document_id, at) VALUES (?, ?, ?) "
          "ON CONFLICT (person_id, document_id) DO UPDATE SET at = excluded.at",
          {actor.person_id, document, now});
      return {};
    };
    auto marked = co_await environment_.database.write(std::move(mark));
    // A full disk must not keep anyone from reading.
    static_cast<void>(marked);
  }
  co_return std::move(found->document);
}

Task<Result<Document>> Documents::add(Actor actor, NewDocument document) {
  auto body = [this, actor, document = std::move(document),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_CHECK(require_role(tx, actor, document.workspace_id, Role::editor));
    CLUSE_TRY(id, insert_document(tx, actor, document, limits_, now));
    return DocumentReader(tx, environment_.live).by_id(id);
  };
  auto added = co_await environment_.database.write(std::move(body));
  co_return added;
}

Task<Result<Document>> Documents::change(Actor actor, Id document, DocumentChange change) {
  auto body = [this, actor, document, change = std::move(change),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_TRY(about, require_document(tx, actor, document, Role::editor));
    if (change.title) {
      CLUSE_TRY(title, clean_line(*change.title, "title", kTitleCharactersMax));
      tx.run("UPDATE document SET title = ?, title_folded = ? WHERE id = ?", {title, fold(title), document});
      if (title != about.title)
        note(tx, actor, journal::Verb::document_renamed, document, about.workspace_id, now,
             {{"title", title}, {"before", about.title}});
    }
    if (change.language) {
      CLUSE_TRY(language, clean_language(*change.language, "language"));
      tx.run("UPDATE document SET language = ?, language_origin = ? WHERE id = ?",
             {language, to_text(LanguageOrigin::chosen), document});
      if (language != about.language)
        note(tx, actor, journal::Verb::document_language_changed, document, about.workspace_id, now,
             {{"language", language}, {"before", about.language}});
    }
    if (change.title || change.language) touch(tx, document, actor.person_id, actor.mandate_id, now);
    return DocumentReader(tx, environment_.live).by_id(document);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  if (changed) environment_.live.document_about_changed(document);
  co_return changed;
}

Task<Result<Document>> Documents::detect_language(Actor actor, Id document) {
  struct Found {
    Document document;
    content::Log log;
  };
  auto reading = [this, actor, document](storage::Snapshot& snapshot) -> Result<Found> {
    CLUSE_CHECK(require_document(snapshot, actor, document, Role::editor));
    CLUSE_TRY(read, DocumentReader(snapshot, environment_.live).by_id(document));
    if (read.language_origin != LanguageOrigin::assumed) return Found{std::move(read), {}};
    return Found{std::move(read), content::read_log(snapshot, document.to_string())};
  };
  auto found = co_await environment_.database.read(std::move(reading));
  if (!found) co_return std::unexpected(std::move(found).error());
  if (found->log.updates.empty()) co_return std::move(found->document);
  auto work = [log = std::move(found->log)]() -> Result<std::optional<std::string>> {
    CLUSE_TRY(replayed, content::replay(log));
    return language::detect(richtext::to_plain_text(replayed.xml(kContentRoot)));
  };
  auto told = co_await environment_.workers.run(std::move(work));
  if (!told) co_return std::unexpected(std::move(told).error());
  if (!*told) co_return std::move(found->document);
  auto body = [this, actor, document, told = **told,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_TRY(about, require_document(tx, actor, document, Role::editor));
    const std::string language = language::refined(told, about.language);
    // Somebody may have chosen in the meantime: a choice wins.
    const auto set =
        tx.run("UPDATE document SET language = ?, language_origin = ? WHERE id = ? AND language_origin = ?",
               {language, to_text(LanguageOrigin::detected), document, to_text(LanguageOrigin::assumed)});
    if (set > 0 && language != about.language)
      note(tx, actor, journal::Verb::document_language_changed, document, about.workspace_id, now,
           {{"language", language}, {"before", about.language}});
    return DocumentReader(tx, environment_.live).by_id(document);
  };
  auto changed = co_await environment_.database.write(std::move(body));
  if (changed) environment_.live.document_about_changed(document);
  co_return changed;
}

Task<Result<Document>> Documents::move(Actor actor, Id document, DocumentMove move) {
  auto body = [this, actor, document, move,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_TRY(allowed, require_document(tx, actor, document, Role::editor));
    CLUSE_TRY(path, path_to_top(tx, allowed.workspace_id, move.parent_id, limits_));
    if (std::find(path.begin(), path.end(), document) != path.end())
      return fail(Errc::conflict, "move_into_itself", "", "parent_id");
    if (path.size() + height_of(tx, document) > limits_.depth_max)
      return fail(Errc::invalid, "field_invalid", "too deep", "parent_id");
    CLUSE_TRY(position, position_after(tx, allowed.workspace_id, move.parent_id, move.after_id, document));
    tx.run("UPDATE document SET parent_id = ?, position = ? WHERE id = ?", {move.parent_id, position, document});
    note(tx, actor, journal::Verb::document_moved, document, allowed.workspace_id, now);
    return DocumentReader(tx, environment_.live).by_id(document);
  };
  auto moved = co_await environment_.database.write(std::move(body));
  co_return moved;
}

}  // namespace cluse::domain
