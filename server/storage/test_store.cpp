#include "server/storage/test_store.h"

#include "server/storage/postgres/testing.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <optional>
#include <stdexcept>
#include <string_view>

namespace cluse::storage {

struct TestStore::Engine {
  SqliteOptions sqlite;
  std::optional<TestSchema> postgres;

  Result<std::unique_ptr<Database>> open(Metrics& metrics) {
    return postgres ? open_postgres(postgres->options(), metrics) : open_sqlite(sqlite, metrics);
  }
};

TestStore::TestStore(const std::filesystem::path& directory) : engine_(std::make_unique<Engine>()) {
  engine_->sqlite.file = directory / "cluse.db";
  const char* const wanted = std::getenv("CLUSE_TEST_ENGINE");
  if (wanted && std::string_view(wanted) == "postgres") engine_->postgres.emplace();
}

TestStore::~TestStore() {
  if (database_) database_->stop();
}

void TestStore::reopen(Metrics& metrics) {
  if (database_) database_->stop();
  database_.reset();
  auto opened = engine_->open(metrics);
  if (!opened) throw std::runtime_error(std::string(opened.error().code) + ": " + opened.error().detail);
  database_ = std::move(*opened);
}

}  // namespace cluse::storage
