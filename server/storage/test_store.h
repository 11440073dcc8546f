// TestStore: a new, empty store for one test, on SQLite or, where CLUSE_TEST_ENGINE is "postgres", on the PostgreSQL
// that CLUSE_TEST_POSTGRES names. Every test of the domain runs on both (`./dev test`).
#pragma once

#include "server/base/metrics.h"
#include "server/storage/database.h"

#include <filesystem>
#include <memory>

namespace cluse::storage {

class TestStore {
 public:
  /// Throws std::runtime_error with the reason if there is no store to be had.
  explicit TestStore(const std::filesystem::path& directory);
  ~TestStore();

  /// Stops the store and opens it again, as a server that is started anew.
  void reopen(Metrics& metrics);
  [[nodiscard]] Database& operator*() const { return *database_; }
  [[nodiscard]] Database* operator->() const { return database_.get(); }

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Database> database_;
};

}  // namespace cluse::storage
