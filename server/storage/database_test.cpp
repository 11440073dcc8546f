#include <gtest/gtest.h>
#include "server/storage/sqlite/sqlite_database.h"
namespace cluse::storage {
namespace {
TEST(Database, Works) {
  Metrics metrics;
  std::filesystem::remove_all("/tmp/dbt");
  std::filesystem::create_directories("/tmp/dbt");
  auto db = open_sqlite({.file = "/tmp/dbt/a.db"}, metrics);
  ASSERT_TRUE(db) << db.error().detail;
  auto w = (*db)->write_now([](Transaction& tx) -> Result<int> {
    tx.script("CREATE TABLE t(a INTEGER)");
    tx.run("INSERT INTO t VALUES (?)", {7});
    return 3;
  });
  ASSERT_TRUE(w) << w.error().detail;
  EXPECT_EQ(*w, 3);
  auto r = (*db)->read_now([](Snapshot& s) -> Result<std::int64_t> { return s.one("SELECT a FROM t")->integer(0); });
  ASSERT_TRUE(r) << r.error().detail;
  EXPECT_EQ(*r, 7);
}
}  // namespace
}  // namespace cluse::storage
