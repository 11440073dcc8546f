// What an event costs the transaction that it belongs to: the same document is added with and without it, by turns, on
// a real file with durable commits, since machines are noisy. Prints one line for `./dev bench`; asserts nothing.

#include "server/base/metrics.h"
#include "server/domain/journal/journal.h"
#include "server/domain/schema.h"
#include "server/storage/migrations.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using namespace cluse;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int kRounds = 400;

struct World {
  Id person, territory, workspace;
};

void make_world(storage::Transaction& tx, const World& world, Instant now) {
  tx.run(
      "INSERT INTO person (id, name, function, name_folded, function_folded, ui_locale, theme, single_keys, "
      "created_at) VALUES (?, 'a', '', 'a', '', 'fr-FR', 'system', 1, ?)",
      {world.person, now});
  tx.run("INSERT INTO territory (id, name, name_folded, short, created_at) VALUES (?, 'a', 'a', 'a', ?)",
         {world.territory, now});
  tx.run(
      "INSERT INTO workspace (id, name, name_folded, description, territory_id, language, created_at, updated_at) "
      "VALUES (?, 'a', 'a', '', ?, 'fr', ?, ?)",
      {world.workspace, world.territory, now, now});
}

// The statements of Documents::add.
void add_document(storage::Transaction& tx, const World& world, bool told, Instant now) {
  const Id id = new_id(now);
  const auto may = tx.one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                          {world.workspace, world.person});
  const auto language = tx.one("SELECT language FROM workspace WHERE id = ?", {world.workspace});
  const auto count = tx.one("SELECT COUNT(*) FROM document WHERE workspace_id = ?", {world.workspace});
  tx.run(
      "INSERT INTO document (id, workspace_id, kind, title, title_folded, language, position, created_at, "
      "created_by, updated_at, updated_by) VALUES (?, ?, 'document', 'Compte rendu', 'compte rendu', 'fr', 1, ?, ?, "
      "?, ?)",
      {id, world.workspace, now, world.person, now, world.person});
  if (told)
    domain::journal::append(tx, {{world.person, {}, id.to_string()},
                                 domain::journal::Verb::document_created,
                                 domain::journal::ObjectKind::document,
                                 id,
                                 world.workspace,
                                 now,
                                 {{"title", "Compte rendu"}}});
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main() {
  const storage::TemporaryDirectory directory;
  Metrics metrics;
  auto database = storage::open_sqlite({.file = directory / "cluse.db"}, metrics);
  if (!database || !storage::migrate(**database, domain::migrations())) return 1;
  const SystemClock clock;
  const World world{new_id(clock.now()), new_id(clock.now()), new_id(clock.now())};
  const auto write = [&](auto change) {
    const auto start = std::chrono::steady_clock::now();
    const auto written = (*database)->write_now([&](storage::Transaction& tx) -> Result<void> {
      change(tx);
      return {};
    });
    return written ? Microseconds(std::chrono::steady_clock::now() - start).count() : 0.0;
  };
  write([&](storage::Transaction& tx) { make_world(tx, world, clock.now()); });
  std::vector<double> silent, told;
  for (int i = 0; i < kRounds; ++i) {
    silent.push_back(write([&](storage::Transaction& tx) { add_document(tx, world, false, clock.now()); }));
    told.push_back(write([&](storage::Transaction& tx) { add_document(tx, world, true, clock.now()); }));
  }
  (*database)->stop();
  std::printf(
      "an event adds %.1f %% to the transaction that adds a document (%.0f us without, %.0f us with); bar 10 %%\n",
      (median(told) / median(silent) - 1) * 100, median(silent), median(told));
  return 0;
}
