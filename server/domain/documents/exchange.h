// Import and export: files in, files out. Parsing and rendering happen on workers.
#pragma once

#include "server/domain/documents/documents.h"

#include <optional>
#include <string>

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
  /// Members: what is on disk now. Code: "content_damaged".
  Task<Result<ExportFile>> export_file(Actor actor, Id document, ExportFormat format);

 private:
  const Environment environment_;
  const DocumentLimits limits_;
};

}  // namespace cluse::domain
