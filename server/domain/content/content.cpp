#include "server/domain/content/content.h"

#include <limits>

namespace cluse::domain::content {

Log read_log(storage::Snapshot& snapshot, std::string_view room) {
  Log log;
  for (const storage::Row& row :
       snapshot.all("SELECT sequence, bytes FROM collab_update WHERE room = ? ORDER BY sequence", {room})) {
    log.last_sequence = row.integer(0);
    log.updates.push_back(row.blob(1));
  }
  return log;
}

Result<crdt::Document> replay(const Log& log) {
  // What is on disk was accepted once; limits are for what comes from outside.
  constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();
  crdt::Document document(
      {.update_bytes_max = kUnlimited, .pending_bytes_max = kUnlimited, .conflict_steps_max = kUnlimited});
  for (const Bytes& update : log.updates) {
    if (const auto applied = document.apply(update); !applied) {
      return fail(Errc::internal, "content_damaged", applied.error().detail);
    }
  }
  return document;
}

Result<crdt::Document> load(storage::Snapshot& snapshot, std::string_view room) {
  return replay(read_log(snapshot, room));
}

void append_at(storage::Transaction& transaction, std::string_view room, std::int64_t sequence, BytesView update) {
  transaction.run("INSERT INTO collab_update (room, sequence, bytes) VALUES (?, ?, ?)",
                  {room, sequence, storage::Blob{Bytes(update)}});
}

void append(storage::Transaction& transaction, std::string_view room, BytesView update) {
  const auto last = transaction.one("SELECT COALESCE(MAX(sequence), 0) FROM collab_update WHERE room = ?", {room});
  append_at(transaction, room, last->integer(0) + 1, update);
}

void compact(storage::Transaction& transaction, std::string_view room, std::int64_t sequence, BytesView state) {
  transaction.run("DELETE FROM collab_update WHERE room = ? AND sequence <= ?", {room, sequence});
  append_at(transaction, room, sequence, state);
}

void erase(storage::Transaction& transaction, std::string_view room) {
  transaction.run("DELETE FROM collab_update WHERE room = ?", {room});
}

}  // namespace cluse::domain::content
