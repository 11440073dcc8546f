// Aim: a plugin's SQL reaches its own tables and nothing else, within its room and time; what is durable stays.
// Method: a real file; everything that must be refused, one by one.
#include "server/storage/sqlite/plugin_store.h"

#include "server/storage/testing.h"

#include <gtest/gtest.h>

namespace cluse::storage {
namespace {

class PluginStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store_.reset();
    auto opened = PluginStore::open({directory_.path() / "org.example.polls.db", 1U << 20});
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
  }
  Result<std::vector<Row>> run(std::string_view sql, std::vector<Value> parameters = {}) {
    std::vector<Row> rows;
    auto ran = store_->run(sql, parameters, [&](const Row& row) {
      rows.push_back(row);
      return rows.size() < 1000;
    });
    if (!ran) return std::unexpected(ran.error());
    return rows;
  }
  std::string code_of(std::string_view sql) {
    EXPECT_TRUE(store_->begin(true));
    const auto ran = run(sql);
    store_->rollback();
    return ran ? "done" : std::string(ran.error().code);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<PluginStore> store_;
};

TEST_F(PluginStoreTest, MigratesOnceAndRefusesWhatChanged) {
  std::vector<PluginMigration> migrations = {{"001_vote.sql", "CREATE TABLE vote (a); CREATE INDEX i ON vote (a);"}};
  ASSERT_TRUE(store_->migrate(migrations));
  migrations.push_back({"002_more.sql", "ALTER TABLE vote ADD COLUMN b;"});
  open();
  ASSERT_TRUE(store_->migrate(migrations));
  migrations[0].sql += " ";
  const auto changed = store_->migrate(migrations);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, "migration_changed");
  EXPECT_NE(changed.error().detail.find("001_vote.sql"), std::string::npos);
  migrations[0].sql.pop_back();
  migrations.push_back({"003_bad.sql", "CREATE TABLE half (a); CREATE TABLE vote (a);"});
  const auto bad = store_->migrate(migrations);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, "plugin_migration_failed");
  EXPECT_EQ(code_of("SELECT * FROM half"), "plugin_sql_wrong") << "a migration is whole or not at all";
}

TEST_F(PluginStoreTest, RefusesWhatIsNotThePluginsOwn) {
  for (const char* sql : {"ATTACH 'other.db' AS other", "COMMIT", "SAVEPOINT a", "PRAGMA journal_mode=DELETE",
                          "PRAGMA max_page_count=999999", "SELECT * FROM cluse_job", "DELETE FROM CLUSE_MIGRATION",
                          "DROP TABLE cluse_cursor", "CREATE TABLE cluse_mine (a)", "CREATE TEMP TABLE t (a)",
                          "CREATE TABLE temp.t (a)", "ALTER TABLE cluse_job RENAME TO mine"})
    EXPECT_EQ(code_of(sql), "plugin_sql_refused") << sql;
  for (const char* sql : {"", "SELECT 1; SELECT 2", "SELECT ?", "SELEC", "SELECT load_extension('x')",
                          "UPDATE sqlite_master SET sql = ''", "VACUUM INTO 'copy.db'"})
    EXPECT_EQ(code_of(sql), "plugin_sql_wrong") << sql;
  EXPECT_EQ(code_of("SELECT 1; -- and no more"), "done");
}

TEST_F(PluginStoreTest, EndsWhatIsPastItsTimeOrItsRoom) {
  EXPECT_EQ(code_of("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
            "plugin_query_too_slow");
  ASSERT_TRUE(store_->begin(true));
  ASSERT_TRUE(run("CREATE TABLE t (b BLOB)"));
  EXPECT_EQ(run("INSERT INTO t VALUES (zeroblob(3000000))").error().code, "storage_full");
  store_->rollback();
  EXPECT_EQ(code_of("SELECT zeroblob(1000000000)"), "plugin_rows_too_large");
  ASSERT_TRUE(store_->begin(false));
  EXPECT_EQ(run("CREATE TABLE t (b)").error().code, "plugin_sql_refused") << "in a reading transaction";
  EXPECT_EQ(store_->begin(false).error().code, "plugin_transaction_open");
  store_->rollback();
  EXPECT_EQ(run("SELECT 1").error().code, "plugin_no_transaction");
}

TEST_F(PluginStoreTest, KeepsWhatWasCommittedAndNothingElse) {
  ASSERT_TRUE(store_->begin(true));
  ASSERT_TRUE(run("CREATE TABLE t (a, b, c, d)"));
  ASSERT_TRUE(run("INSERT INTO t VALUES (?, ?, ?, ?)", {1, "zwei", 3.5, Blob{"\x04"}}));
  ASSERT_TRUE(store_->schedule("close", "7", Instant{50}, "body"));
  ASSERT_TRUE(store_->commit());
  ASSERT_TRUE(store_->begin(true));
  ASSERT_TRUE(run("DELETE FROM t"));
  ASSERT_TRUE(store_->schedule("close", "8", Instant{50}, ""));
  store_->rollback();
  ASSERT_TRUE(store_->set_cursor(42));
  open();
  ASSERT_TRUE(store_->begin(false));
  const auto rows = run("SELECT a, b, c, d FROM t");
  ASSERT_TRUE(rows && rows->size() == 1);
  EXPECT_EQ(rows->front().text(1), "zwei");
  EXPECT_EQ(rows->front().blob(3), "\x04");
  store_->rollback();
  EXPECT_EQ(**store_->cursor(), 42);
  EXPECT_FALSE(*store_->due(Instant{49}));
  const auto job = *store_->due(Instant{50});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->key, "7") << "a job of a transaction that was rolled back is none";
  EXPECT_EQ(job->body, "body");
}

TEST_F(PluginStoreTest, AJobThatIsScheduledAgainWhileItRunsStays) {
  ASSERT_TRUE(store_->schedule("sweep", "", Instant{1}, "one"));
  const auto first = **store_->due(Instant{1});
  ASSERT_TRUE(store_->schedule("sweep", "", Instant{9}, "two"));
  ASSERT_TRUE(store_->finish(first));
  EXPECT_EQ(**store_->next_at(), Instant{9});
  const auto second = **store_->due(Instant{9});
  ASSERT_TRUE(store_->retry(second, Instant{20}));
  EXPECT_EQ((*store_->due(Instant{20}))->attempts, 1);
  ASSERT_TRUE(store_->park(second));
  EXPECT_FALSE(*store_->due(Instant{99}));
  EXPECT_EQ(*store_->parked(), 1);
}

TEST_F(PluginStoreTest, IsOneServersAlone) {
  const auto again = PluginStore::open({directory_.path() / "org.example.polls.db", 1U << 20});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "database_in_use");
}

}  // namespace
}  // namespace cluse::storage
