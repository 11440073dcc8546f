#include "server/domain/journal/lookup.h"

namespace cluse::domain::journal {

std::int64_t entered_up_to(storage::Snapshot& snapshot) {
  const auto end = snapshot.one("SELECT sequence FROM journal_lookup_end WHERE id = 1");
  return end ? end->integer(0) : 0;
}

std::int64_t unentered(storage::Snapshot& snapshot) {
  return snapshot.one("SELECT COUNT(*) FROM journal WHERE sequence > ?", {entered_up_to(snapshot)})->integer(0);
}

std::int64_t enter(storage::Transaction& tx, int max) {
  const std::int64_t from = entered_up_to(tx);
  const auto next = tx.one(
      "SELECT MAX(sequence), COUNT(*) FROM (SELECT sequence FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?) "
      "n",
      {from, max});
  if (next->is_null(0)) return 0;
  const std::int64_t to = next->integer(0);
  // A union comes sorted: neighbours in the tree are written one after the other.
  tx.run(
      "INSERT INTO journal_lookup (id, sequence) SELECT id, sequence FROM ("
      "SELECT actor_id AS id, sequence FROM journal WHERE sequence > ? AND sequence <= ? AND actor_id <> 'system' "
      "UNION SELECT object_id AS id, sequence FROM journal WHERE sequence > ? AND sequence <= ? AND object_id <> '') e "
      "WHERE sequence > ? ON CONFLICT (id, sequence) DO NOTHING",
      {from, to, from, to, from});
  tx.run(
      "INSERT INTO journal_lookup_end (id, sequence) VALUES (1, ?) "
      "ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence",
      {to});
  return next->integer(1);
}

Result<std::int64_t> enter_behind(storage::Database& database) {
  for (std::int64_t all = 0;;) {
    CLUSE_TRY(left, database.read_now(
                        [](storage::Snapshot& snapshot) -> Result<std::int64_t> { return unentered(snapshot); }));
    if (left <= kUnenteredMax) return all;
    CLUSE_TRY(entered, database.write_now([](storage::Transaction& tx) -> Result<std::int64_t> { return enter(tx); }));
    all += entered;
  }
}

}  // namespace cluse::domain::journal
