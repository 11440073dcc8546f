// What the tests of territories share: the excerpt and the whole data, and a store with the tables.
#pragma once

#include "server/base/metrics.h"
#include "server/domain/schema.h"
#include "server/domain/territories/data_files.h"
#include "server/domain/territories/load.h"
#include "server/domain/territories/schema.h"
#include "server/domain/territories/territories.h"
#include "server/storage/migrations.h"
#include "server/storage/test_store.h"
#include "server/storage/testing.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

namespace cluse::domain::territories {

inline constexpr CivilDate kBorders2026 = civil_date(2026, 1, 1);

/// This folder, from which the tests find their data.
inline std::filesystem::path folder() {
  return std::filesystem::path(CLUSE_SOURCE_DIR) / "server/domain/territories";
}

inline std::string excerpt_text(const std::string& name) {
  std::ifstream file(folder() / "testdata" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline DataSet excerpt() {
  return read_directory(folder() / "testdata", kBorders2026);
}

/// Where the whole data are, or nothing: beside the checkout, or where CLUSE_REGION_DATA says.
inline std::optional<std::filesystem::path> region_data() {
  const char* said = std::getenv("CLUSE_REGION_DATA");
  const auto beside = folder().parent_path().parent_path().parent_path().parent_path() / "shared" / "data";
  const std::filesystem::path path = said != nullptr ? std::filesystem::path(said) : beside;
  return std::filesystem::exists(path / "communes.csv") ? std::optional(path) : std::nullopt;
}

/// A real SQLite file with the tables of workspaces and those of territories.
class TestRegion {
 public:
  TestRegion() {
    database.reopen(metrics);
    EXPECT_TRUE(storage::migrate(*database, migrations()).has_value());
  }

  Result<LoadReport> load_now(const DataSet& data) {
    return database->write_now(
        [&](storage::Transaction& tx) -> Result<LoadReport> { return load(tx, data, Instant{1'790'000'000'000}); });
  }
  template <class F>
  auto ask(F question) {
    using Answer = std::invoke_result_t<F&, storage::Snapshot&>;
    return database->read_now([&](storage::Snapshot& snapshot) -> Result<Answer> { return question(snapshot); })
        .value();
  }

  storage::TemporaryDirectory directory;
  Metrics metrics;
  storage::TestStore database{directory.path()};
};

}  // namespace cluse::domain::territories
