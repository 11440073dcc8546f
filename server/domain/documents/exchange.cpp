#include "server/domain/documents/exchange.h"

#include "server/base/log.h"
#include "server/domain/content/content.h"
#include "server/domain/documents/document_rows.h"
#include "server/domain/language/detect.h"
#include "server/domain/richtext/richtext.h"
#include "server/domain/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace cluse::domain {
namespace {

// Where Tiptap keeps the text (docs/document-schema.md).
constexpr std::string_view kRoot = "default";

struct Parsed {
  Bytes update;                         ///< empty if the file was
  std::string heading;                  ///< text of the first heading, for files without a name
  std::optional<std::string> language;  ///< what it seems to be written in
};

std::uint32_t random_client() {
  std::array<unsigned char, 4> bits{};
  fill_random(bits);
  std::uint32_t client = 0;
  std::memcpy(&client, bits.data(), bits.size());
  return client;
}

std::string first_heading(const std::vector<crdt::XmlNode>& nodes) {
  for (const auto& node : nodes)
    if (node.name == "heading") return richtext::to_plain_text({node});
  return {};
}

// Runs on a worker.
Result<Parsed> parse(const ImportFile& file) {
  const auto nodes_of = [&]() -> Result<std::vector<crdt::XmlNode>> {
    switch (file.format) {
      case ImportFormat::markdown: return richtext::from_markdown(file.bytes);
      case ImportFormat::html: return richtext::from_html(file.bytes);
      case ImportFormat::text: break;
    }
    return richtext::from_text(file.bytes);
  };
  CLUSE_TRY(nodes, nodes_of());
  Parsed parsed;
  parsed.heading = first_heading(nodes);
  if (!file.language) parsed.language = language::detect(richtext::to_plain_text(nodes));
  if (nodes.empty()) return parsed;
  crdt::Document document;
  CLUSE_TRY(update, document.append_xml(random_client(), kRoot, nodes));
  parsed.update = std::move(update);
  return parsed;
}

std::string title_of(const ImportFile& file, const std::string& heading, const std::string& locale) {
  std::string name = file.file_name;
  if (const auto slash = name.find_last_of("/\\"); slash != std::string::npos) name = name.substr(slash + 1);
  if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name = name.substr(0, dot);
  for (const auto& candidate : {title_from(name), title_from(heading)})
    if (!candidate.empty()) return candidate;
  return locale.starts_with("de") ? "Ohne Titel" : "Sans titre";
}

struct Source {
  DocumentAccess about;
  content::Log log;
};

Result<Source> source_of(storage::Snapshot& snapshot, const Actor& actor, Id document) {
  CLUSE_TRY(about, require_document(snapshot, actor, document, Role::reader));
  return Source{about, content::read_log(snapshot, document.to_string())};
}

// Roughly what a node weighs where it is sent: its words, and something for being there.
std::size_t size_of(const crdt::XmlNode& node) {
  constexpr std::size_t kShell = 32;
  std::size_t bytes = kShell + node.text.size();
  for (const auto& child : node.children) bytes += size_of(child);
  return bytes;
}

}  // namespace

Task<Result<Document>> Exchange::import_file(Actor actor, ImportFile file) {
  auto may = [actor, workspace = file.workspace_id](storage::Snapshot& snapshot) -> Result<Role> {
    return require_role(snapshot, actor, workspace, Role::editor);
  };
  auto allowed = co_await environment_.database.read(std::move(may));
  if (!allowed) co_return std::unexpected(std::move(allowed).error());
  const auto shared = std::make_shared<const ImportFile>(std::move(file));
  auto work = [shared]() -> Result<Parsed> { return parse(*shared); };
  auto parsed = co_await environment_.workers.run(std::move(work));
  if (!parsed) co_return std::unexpected(std::move(parsed).error());
  auto body = [this, actor, shared, parsed = std::move(*parsed),
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<Document> {
    CLUSE_CHECK(require_role(tx, actor, shared->workspace_id, Role::editor));
    NewDocument document{shared->workspace_id,   title_of(*shared, parsed.heading, actor.locale),
                         DocumentKind::document, shared->parent_id,
                         shared->language,       std::nullopt,
                         parsed.language};
    CLUSE_TRY(id, insert_document(tx, actor, document, limits_, now, journal::Verb::document_imported));
    if (!parsed.update.empty()) content::append(tx, id.to_string(), parsed.update);
    return DocumentReader(tx, environment_.live).by_id(id);
  };
  auto imported = co_await environment_.database.write(std::move(body));
  co_return imported;
}

Task<Result<ExportFile>> Exchange::export_file(Actor actor, Id document, ExportFormat format, std::string origin) {
  // A write, although it only reads: that someone took the text away is an event.
  auto body = [actor, document, format, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Source> {
    CLUSE_TRY(source, source_of(tx, actor, document));
    note(tx, actor, journal::Verb::document_exported, document, source.about.workspace_id, now,
         {{"format", format == ExportFormat::html ? "html" : "md"}});
    return source;
  };
  auto source = co_await environment_.database.write(std::move(body));
  if (!source && source.error().kind == Errc::storage_full) {
    // People must be able to take their text away from a full server: said in the log of the server instead.
    log_warning("export_not_recorded", {{"document", document.to_string()}, {"person", actor.person_id.to_string()}});
    auto reading = [actor, document](storage::Snapshot& snapshot) { return source_of(snapshot, actor, document); };
    source = co_await environment_.database.read(std::move(reading));
  }
  if (!source) co_return std::unexpected(std::move(source).error());
  auto work = [source = std::move(*source), format, document, origin = std::move(origin)]() -> Result<ExportFile> {
    CLUSE_TRY(replayed, content::replay(source.log));
    auto nodes = replayed.xml(kRoot);
    richtext::link_extension_blocks(
        nodes, origin, "/espaces/" + source.about.workspace_id.to_string() + "/documents/" + document.to_string());
    const std::string& title = source.about.title;
    if (format == ExportFormat::markdown) return ExportFile{title, richtext::to_markdown(nodes)};
    const richtext::HtmlOptions options{title, source.about.language};
    return ExportFile{title, richtext::to_html(nodes, options)};
  };
  auto file = co_await environment_.workers.run(std::move(work));
  co_return file;
}

Task<Result<Beginning>> Exchange::beginning(Actor actor, Id document, std::size_t blocks) {
  auto reading = [actor, document](storage::Snapshot& snapshot) { return source_of(snapshot, actor, document); };
  auto source = co_await environment_.database.read(std::move(reading));
  if (!source) co_return std::unexpected(std::move(source).error());
  auto work = [source = std::move(*source), blocks]() -> Result<Beginning> {
    CLUSE_TRY(replayed, content::replay(source.log));
    auto nodes = replayed.xml(kRoot);
    std::size_t kept = 0;
    for (std::size_t bytes = 0; kept < std::min(blocks, nodes.size()); ++kept) {
      bytes += size_of(nodes[kept]);
      if (bytes > kBeginningBytesMax) break;
    }
    const bool more = nodes.size() > kept;
    nodes.resize(kept);
    return Beginning{source.about.language, std::move(nodes), more};
  };
  auto beginning = co_await environment_.workers.run(std::move(work));
  co_return beginning;
}

}  // namespace cluse::domain
