#include "server/domain/twins/twins.h"

#include "server/domain/content/content.h"
#include "server/domain/documents/document_rows.h"
#include "server/domain/twins/twin_rows.h"

#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace cluse::domain {
namespace {

std::uint32_t random_client() {
  std::array<unsigned char, 4> bits{};
  fill_random(bits);
  std::uint32_t client = 0;
  std::memcpy(&client, bits.data(), bits.size());
  return client;
}

// The same text in a new document, as one update.
Result<Bytes> copied(const content::Log& log) {
  CLUSE_TRY(source, content::replay(log));
  const auto nodes = source.xml(kTextRoot);
  if (nodes.empty()) return Bytes();
  crdt::Document copy;
  return copy.append_xml(random_client(), kTextRoot, nodes);
}

}  // namespace

Task<Result<std::vector<TwinSet>>> Twins::list(Actor actor, Id workspace) {
  auto body = [actor, workspace, max = limits_.recounts_max](storage::Snapshot& snapshot) -> Result<TwinRows> {
    CLUSE_CHECK(domain::access(snapshot, actor, workspace));
    return read_twins(snapshot, workspace, max);
  };
  auto read = co_await environment_.database.read(std::move(body));
  if (!read) co_return std::unexpected(std::move(read).error());
  if (read->outdated.empty()) co_return std::move(read->sets);
  const auto rows = std::make_shared<TwinRows>(std::move(*read));
  auto work = [rows]() -> Result<void> {
    recount(*rows);
    return {};
  };
  auto counted = co_await environment_.workers.run(std::move(work));
  if (!counted) co_return std::unexpected(std::move(counted).error());
  auto keep = [rows](storage::Transaction& tx) -> Result<void> {
    keep_counts(tx, *rows);
    return {};
  };
  auto kept = co_await environment_.database.write(std::move(keep));
  // A cache: on a full disk the next listing counts again.
  static_cast<void>(kept);
  co_return std::move(rows->sets);
}

Task<Result<Document>> Twins::create(Actor actor, Id document, NewTwin twin) {
  struct Source {
    Id id;
    content::Log log;
  };
  auto reading = [actor, document, copy = twin.copy](storage::Snapshot& snapshot) -> Result<Source> {
    CLUSE_CHECK(require_document(snapshot, actor, document, Role::editor));
    const Id source = source_of(snapshot, document).value_or(document);
    CLUSE_CHECK(require_text(snapshot, actor, source));
    if (!copy) return Source{source, {}};
    return Source{source, content::read_log(snapshot, source.to_string())};
  };
  auto source = co_await environment_.database.read(std::move(reading));
  if (!source) co_return std::unexpected(std::move(source).error());
  Bytes text;
  if (!source->log.updates.empty()) {
    auto work = [log = std::move(source->log)]() { return copied(log); };
    auto copy = co_await environment_.workers.run(std::move(work));
    if (!copy) co_return std::unexpected(std::move(copy).error());
    text = std::move(*copy);
  }
  auto body = [this, actor, id = source->id, text = std::move(text), twin = std::move(twin),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_TRY(about, require_text(tx, actor, id));
    const auto place = tx.one("SELECT parent_id FROM document WHERE id = ?", {id});
    const NewDocument fresh{about.workspace_id,           twin.title.empty() ? about.title : twin.title,
                            DocumentKind::document,       place->id_or_null(0),
                            std::optional(twin.language), id};
    CLUSE_TRY(made, insert_document(tx, actor, fresh, documents_, now));
    if (!text.empty()) content::append(tx, made.to_string(), text);
    CLUSE_CHECK(insert_twin(tx, actor, made, id, limits_, now));
    return DocumentReader(tx, environment_.live).by_id(made);
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Task<Result<void>> Twins::link(Actor actor, Id document, Id source) {
  auto body = [this, actor, document, source,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(own, require_text(tx, actor, document));
    if (source_of(tx, document) || tx.one("SELECT 1 FROM twin_set WHERE source_id = ?", {document}))
      return fail(Errc::conflict, "twin_exists");
    const Id whole = source_of(tx, source).value_or(source);
    const auto other = require_text(tx, actor, whole);
    if (!other) return std::unexpected(other.error());
    if (other->workspace_id != own.workspace_id || whole == document)
      return fail(Errc::conflict, "twin_elsewhere", "", "source_id");
    return insert_twin(tx, actor, document, whole, limits_, now);
  };
  auto linked = co_await environment_.database.write(std::move(body));
  co_return linked;
}

Task<Result<void>> Twins::unlink(Actor actor, Id document) {
  auto body = [actor, document, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(about, require_document(tx, actor, document, Role::editor));
    const auto source = source_of(tx, document);
    if (!source) return fail(Errc::conflict, "twin_not_linked");
    erase_twins(tx, document);
    note(tx, actor, journal::Verb::document_twin_unlinked, document, about.workspace_id, now,
         {{"title", about.title}, {"source", source->to_string()}});
    return {};
  };
  auto unlinked = co_await environment_.database.write(std::move(body));
  co_return unlinked;
}

Task<Result<void>> Twins::set_authentic(Actor actor, Id document, std::string authentic) {
  auto body = [actor, document, authentic = std::move(authentic),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(about, require_document(tx, actor, document, Role::editor));
    const Id source = source_of(tx, document).value_or(document);
    const auto set = tx.one("SELECT authentic FROM twin_set WHERE source_id = ?", {source});
    if (!set) return fail(Errc::conflict, "twin_not_linked");
    if (authentic != kAuthenticNone && authentic != kAuthenticAll && !is_in_set(tx, source, authentic))
      return fail(Errc::invalid, "field_invalid", "no document of the set", "authentic");
    if (set->text(0) == authentic) return {};
    tx.run("UPDATE twin_set SET authentic = ? WHERE source_id = ?", {authentic, source});
    note(tx, actor, journal::Verb::document_authentic_changed, source, about.workspace_id, now,
         {{"title", about.title}, {"authentic", authentic}, {"before", set->text(0)}});
    return {};
  };
  auto changed = co_await environment_.database.write(std::move(body));
  co_return changed;
}

}  // namespace cluse::domain
