// The log of a document's content: Yjs updates in order. The first row may stand for many (compaction).
// Truth is what stands here; a room in memory is never ahead of it.
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"
#include "server/crdt/crdt.h"
#include "server/storage/database.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cluse::domain::content {

/// `room` is the document's id as text (in bench mode: any name).
struct Log {
  std::vector<Bytes> updates;      ///< in the order of their sequence
  std::int64_t last_sequence = 0;  ///< 0: nothing was ever written
};

[[nodiscard]] Log read_log(storage::Snapshot& snapshot, std::string_view room);

/// The document that `log` makes. Code "content_damaged" if a row cannot be decoded.
[[nodiscard]] Result<crdt::Document> replay(const Log& log);

/// read_log and replay.
[[nodiscard]] Result<crdt::Document> load(storage::Snapshot& snapshot, std::string_view room);

/// Appends `update` as row `sequence`. Requires: the caller owns the room's sequence (a live room, or nobody else).
void append_at(storage::Transaction& transaction, std::string_view room, std::int64_t sequence, BytesView update);

/// Appends `update` after the last row. For documents that no room holds open (imports).
void append(storage::Transaction& transaction, std::string_view room, BytesView update);

/// Replaces every row up to `sequence` by one row that holds `state`.
void compact(storage::Transaction& transaction, std::string_view room, std::int64_t sequence, BytesView state);

void erase(storage::Transaction& transaction, std::string_view room);

}  // namespace cluse::domain::content
