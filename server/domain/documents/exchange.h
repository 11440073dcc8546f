// Import and export: files in, files out. Parsing and rendering happen on workers.
#pragma once

#include "server/crdt/crdt.h"
#include "server/domain/documents/documents.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

enum class ImportFormat { text, markdown, html };
enum class ExportFormat { markdown, html };

struct ImportFile {
  Id workspace_id;
  ImportFormat format = ImportFormat::text;
  std::string file_name;  ///< becomes the title
  std::optional<Id> parent_id;
  std::optional<std::string> language;
  Bytes bytes;
};

/// A beginning holds no more than this, words and structure: a block that is longer waits for the live document.
inline constexpr std::size_t kBeginningBytesMax = 256U << 10;

/// The beginning of a text, to read before the live document is there.
struct Beginning {
  std::string language;
  std::vector<crdt::XmlNode> blocks;
  bool more = false;  ///< the text goes on
};

struct ExportFile {
  std::string title;
  Bytes bytes;
};

/// Thread: any. Codes of documents, and those named.
class Exchange {
 public:
  Exchange(Environment environment, DocumentLimits limits) : environment_(environment), limits_(limits) {}

  /// Editors: a new document that holds what the file held. Codes: "import_not_text", "body_too_large".
  Task<Result<Document>> import_file(Actor actor, ImportFile file);
  /// Members: what is on disk now, with links that begin with `origin` ("https://host"). Code: "content_damaged".
  Task<Result<ExportFile>> export_file(Actor actor, Id document, ExportFormat format, std::string origin);
  /// Members: the first `blocks` of what is on disk now, as docs/document-schema.md has them. Code: "content_damaged".
  Task<Result<Beginning>> beginning(Actor actor, Id document, std::size_t blocks);

 private:
  const Environment environment_;
  const DocumentLimits limits_;
};

}  // namespace cluse::domain
