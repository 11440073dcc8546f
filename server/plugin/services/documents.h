// The service cluse.documents/1: documents read, made and edited for a person, within her rights. Edits go through the
// document engine: whoever has the document open sees them as they would see hers.
#pragma once

#include "server/domain/documents/documents.h"
#include "server/domain/documents/editor.h"
#include "server/plugin/services/service.h"

#include <cstddef>

namespace cluse::plugin {

inline constexpr std::string_view kDocumentsService = "cluse.documents/1";
inline constexpr std::size_t kBlocksPerCallMax = 1'000;     ///< of a `create`, operations of an `edit`
inline constexpr std::size_t kListedDocumentsMax = 20'000;  ///< of a `list`

/// read {id} → {id, title, language, workspace, blocks: [{id, type, text, level?}]}
/// list {workspace} → {documents: [{id, title, language, parent?}]}
/// create {workspace, title, language?, blocks: [block]} → {id}
/// edit {id, operations: [{op: "insert", after?, …block} | {op: "replace", block, …block} | {op: "remove", block}]} →
/// {} block: {type: "paragraph" | "heading" (level 1 to 4) | "markdown" (as many blocks as it holds), text}
///
/// Ids of blocks are good until the block is replaced or removed: CLUSE_CONFLICT, and nothing is changed.
class DocumentsService final : public Service {
 public:
  /// `database`: the watched one, of the domain's environment (rights are asked for). Requires: all outlive it.
  DocumentsService(storage::Database& database, const Clock& clock, domain::Editor& editor,
                   domain::DocumentLimits limits)
      : database_(database), clock_(clock), editor_(editor), limits_(limits) {}

  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override;

 private:
  struct Asked;
  Result<Value> read(const Asked& asked);
  Result<Value> list(const Asked& asked);
  Result<Value> create(const Asked& asked);
  Result<Value> edit(const Asked& asked);

  storage::Database& database_;
  const Clock& clock_;
  domain::Editor& editor_;
  const domain::DocumentLimits limits_;
};

}  // namespace cluse::plugin
