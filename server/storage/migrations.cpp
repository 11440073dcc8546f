#include "server/storage/migrations.h"

#include "server/base/assert.h"
#include "server/base/log.h"
#include "server/storage/sha256.h"

#include <string>
#include <vector>

namespace cluse::storage {
namespace {

struct Applied {
  std::int64_t number;
  std::string name;
  std::string sha256;
};

Result<std::vector<Applied>> applied_migrations(Database& database) {
  return database.write_now([](Transaction& tx) -> Result<std::vector<Applied>> {
    tx.script(
        "CREATE TABLE IF NOT EXISTS schema_migrations ("
        " number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    std::vector<Applied> applied;
    for (const Row& row : tx.all("SELECT number, name, sha256 FROM schema_migrations ORDER BY number")) {
      applied.push_back({row.integer(0), row.text(1), row.text(2)});
    }
    return applied;
  });
}

Result<void> check_unchanged(const std::vector<Applied>& applied, std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto number = std::to_string(applied[i].number);
    if (applied[i].number > static_cast<std::int64_t>(migrations.size())) {
      return fail(Errc::conflict, "schema_newer", "migration " + number + " comes from a later release");
    }
    const Migration& ours = migrations[i];
    const bool same = applied[i].number == ours.number && applied[i].sha256 == sha256_hex(ours.sql);
    if (!same) {
      return fail(Errc::conflict, "migration_changed", "migration " + number + " differs from the one that was run");
    }
  }
  return {};
}

Result<void> apply(Database& database, const Migration& migration) {
  return database.write_now([&](Transaction& tx) -> Result<void> {
    tx.script(migration.sql);
    tx.run("INSERT INTO schema_migrations (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)",
           {migration.number, migration.name, sha256_hex(migration.sql), SystemClock().now()});
    return {};
  });
}

}  // namespace

Result<void> migrate(Database& database, std::span<const Migration> migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    CLUSE_ASSERT(migrations[i].number == static_cast<int>(i) + 1, "migrations are numbered 1, 2, 3, … in order");
  }
  CLUSE_TRY(applied, applied_migrations(database));
  CLUSE_CHECK(check_unchanged(applied, migrations));
  for (const Migration& migration : migrations.subspan(applied.size())) {
    CLUSE_CHECK(apply(database, migration));
    log_info("migration_applied",
             {{"number", std::to_string(migration.number)}, {"name", std::string(migration.name)}});
  }
  return {};
}

}  // namespace cluse::storage
