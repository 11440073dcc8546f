// Backup, restore and check on a real data directory, while its database is open for writing and after damage.
#include "server/app/data_directory.h"

#include "server/base/id.h"
#include "server/base/metrics.h"
#include "server/crdt/crdt.h"
#include "server/domain/content/content.h"
#include "server/domain/journal/chain.h"
#include "server/domain/journal/journal.h"
#include "server/domain/schema.h"
#include "server/storage/blobs.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <gtest/gtest.h>

#include <fstream>

namespace cluse::app {
namespace {

class DataDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(data_.path);
    auto opened = storage::open_sqlite({.file = data_.database()}, metrics_);
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = std::move(*opened);
    ASSERT_TRUE(storage::migrate(*database_, domain::migrations()));
    crdt::Document document;
    const Bytes update = document.insert_text(1, "t", 0, "Delle").value();
    ASSERT_TRUE(database_->write_now([&](storage::Transaction& tx) -> Result<void> {
      domain::content::append(tx, "r", update);
      return {};
    }));
    blob_ = storage::Blobs(data_.blobs()).put("a picture").value();
  }
  void TearDown() override {
    if (database_) database_->stop();
    database_.reset();
    std::filesystem::remove_all(root_);
  }

  const std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("cluse-data-" + new_id({1}).to_string());
  const DataDirectory data_{root_ / "data"};
  Metrics metrics_;
  std::unique_ptr<storage::Database> database_;
  std::string blob_;
};

TEST_F(DataDirectoryTest, ABackupOfARunningInstanceIsRestoredWhole) {
  const auto made = backup(data_, root_ / "backup");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->blobs, 1U);
  const DataDirectory restored{root_ / "restored"};
  ASSERT_TRUE(restore(root_ / "backup", restored));
  const auto checked = check(restored);
  ASSERT_TRUE(checked) << checked.error().detail;
  EXPECT_EQ(checked->documents, 1U);
  EXPECT_TRUE(checked->complaints.empty()) << checked->complaints.front();
  EXPECT_EQ(storage::Blobs(restored.blobs()).get(blob_).value_or("lost"), "a picture");
}

TEST_F(DataDirectoryTest, TheJournalOfABackupCanBeVerified) {
  namespace journal = domain::journal;
  ASSERT_TRUE(database_->write_now([&](storage::Transaction& tx) -> Result<void> {
    for (int i = 0; i < 3; ++i)
      journal::append(tx, {{},
                           journal::Verb::territory_added,
                           journal::ObjectKind::territory,
                           new_id({1}),
                           {},
                           {1},
                           {{"name", "Ajoie"}}});
    return {};
  }));
  ASSERT_TRUE(backup(data_, root_ / "backup"));
  const DataDirectory copy{root_ / "backup"};
  const auto finding = [&] {
    std::optional<journal::Finding> found;
    const auto read = inspect(copy, [&](storage::Snapshot& snapshot) -> Result<void> {
      const auto verdict = journal::verify(snapshot);
      EXPECT_TRUE(verdict.finding || verdict.events == 3);
      found = verdict.finding;
      return {};
    });
    EXPECT_TRUE(read);
    return found ? found->sequence : 0;
  };
  EXPECT_EQ(finding(), 0);
  auto opened = storage::open_sqlite({.file = copy.database()}, metrics_);
  ASSERT_TRUE(opened);
  ASSERT_TRUE((*opened)->write_now([](storage::Transaction& tx) -> Result<void> {
    tx.run("UPDATE journal SET at = 2 WHERE sequence = 2");
    return {};
  }));
  (*opened)->stop();
  EXPECT_EQ(finding(), 2);
}

TEST_F(DataDirectoryTest, NothingIsOverwritten) {
  ASSERT_TRUE(backup(data_, root_ / "backup"));
  EXPECT_EQ(backup(data_, root_ / "backup").error().code, "backup_exists");
  EXPECT_EQ(restore(root_ / "backup", data_).error().code, "data_not_empty");
  EXPECT_EQ(backup({root_ / "nowhere"}, root_ / "other").error().code, "data_missing");
}

TEST_F(DataDirectoryTest, ADamagedFileIsNamedAndSuchABackupIsRefused) {
  ASSERT_TRUE(backup(data_, root_ / "backup"));
  std::ofstream(storage::Blobs(root_ / "backup/blobs").path_of(blob_), std::ios::app) << "!";
  const auto checked = check({root_ / "backup"});
  ASSERT_TRUE(checked);
  ASSERT_EQ(checked->complaints.size(), 1U);
  EXPECT_NE(checked->complaints[0].find(blob_), std::string::npos);
  EXPECT_EQ(restore(root_ / "backup", {root_ / "restored"}).error().code, "backup_damaged");
}

TEST_F(DataDirectoryTest, ADocumentThatCannotBeReadIsNamed) {
  ASSERT_TRUE(database_->write_now([&](storage::Transaction& tx) -> Result<void> {
    domain::content::append(tx, "broken", "\xff\xff");
    return {};
  }));
  const auto checked = check(data_);
  ASSERT_TRUE(checked);
  ASSERT_EQ(checked->complaints.size(), 1U);
  EXPECT_NE(checked->complaints[0].find("document broken"), std::string::npos);
}

/// The same on PostgreSQL, where CLUSE_TEST_POSTGRES names a server.
class MovedTest : public DataDirectoryTest {
 protected:
  void SetUp() override {
    const char* const connection = std::getenv("CLUSE_TEST_POSTGRES");
    if (!connection) GTEST_SKIP() << "skipped: CLUSE_TEST_POSTGRES names no server";
    DataDirectoryTest::SetUp();
    postgres_.postgres.emplace();
    postgres_.postgres->connection = connection;
    postgres_.postgres->schema = "moved_" + new_id(SystemClock().now()).to_string();
    // A page of rows and more, with a tree whose branches refer to each other, bytes and numbers of every kind.
    ASSERT_TRUE(database_->write_now([&](storage::Transaction& tx) -> Result<void> {
      tx.script(
          "CREATE TABLE tree (id BIGINT PRIMARY KEY, parent BIGINT REFERENCES tree (id), x DOUBLE PRECISION, "
          "bytes BLOB, words TEXT)");
      tx.defer_references();
      for (int i = 0; i < 1203; ++i)
        tx.run("INSERT INTO tree VALUES (?, ?, ?, ?, ?)",
               {i, i == 1202 ? storage::Value() : storage::Value(i + 1), i / 4.0, storage::Blob{Bytes("\0\xff", 2)},
                "l'été " + std::to_string(i)});
      return {};
    }));
  }
  /// The table of the test is not one of the schema's: it is made on both sides.
  void make_tree() {
    auto opened = open_store(postgres_, metrics_);
    ASSERT_TRUE(opened) << opened.error().detail;
    ASSERT_TRUE((*opened)->write_now([](storage::Transaction& tx) -> Result<void> {
      tx.script(
          "CREATE TABLE tree (id BIGINT PRIMARY KEY, parent BIGINT REFERENCES tree (id), x DOUBLE PRECISION, "
          "bytes BLOB, words TEXT)");
      return {};
    }));
  }

  DataDirectory postgres_{root_ / "data"};
};

TEST_F(MovedTest, AnInstanceMovesToPostgresqlAndBack) {
  make_tree();
  EXPECT_EQ(migrate_to(postgres_, "postgres").error().code, "database_in_use") << "the server still runs";
  database_->stop();
  const auto moved = migrate_to(postgres_, "postgres");
  ASSERT_TRUE(moved) << moved.error().code << " " << moved.error().detail;
  EXPECT_EQ(moved->rows, 1204U);
  EXPECT_EQ(migrate_to(postgres_, "postgres").error().code, "target_not_empty");
  const auto checked = check(postgres_);
  ASSERT_TRUE(checked) << checked.error().detail;
  EXPECT_EQ(checked->documents, 1U);
  EXPECT_TRUE(checked->complaints.empty());

  std::filesystem::rename(data_.database(), root_ / "kept.db");
  EXPECT_EQ(migrate_to(postgres_, "sqlite").error().code, "schema_differs")
      << "no tree there yet; nothing is half done";
}

TEST_F(MovedTest, ABackupOfPostgresqlIsAFileThatEitherEngineRestores) {
  ASSERT_TRUE(database_->write_now([](storage::Transaction& tx) -> Result<void> {
    tx.script("DROP TABLE tree");
    return {};
  }));
  database_->stop();
  ASSERT_TRUE(migrate_to(postgres_, "postgres"));
  auto running = open_store(postgres_, metrics_);
  ASSERT_TRUE(running) << running.error().detail;
  const auto made = backup(postgres_, root_ / "backup");
  ASSERT_TRUE(made) << made.error().code << " " << made.error().detail;
  EXPECT_EQ(made->blobs, 1U);
  (*running)->stop();

  const DataDirectory as_file{root_ / "as_file"};
  ASSERT_TRUE(restore(root_ / "backup", as_file));
  EXPECT_EQ(check(as_file)->documents, 1U);
  DataDirectory anew{root_ / "anew", postgres_.postgres};
  EXPECT_EQ(restore(root_ / "backup", anew).error().code, "target_not_empty");
  anew.path = root_ / "anew2";
  anew.postgres->schema += "_2";
  const auto restored = restore(root_ / "backup", anew);
  ASSERT_TRUE(restored) << restored.error().code << " " << restored.error().detail;
  EXPECT_EQ(check(anew)->documents, 1U);
  EXPECT_EQ(storage::Blobs(anew.blobs()).get(blob_).value_or("lost"), "a picture");
}

}  // namespace
}  // namespace cluse::app
