// Backup, restore and check on a real data directory, while its database is open for writing and after damage.
#include "server/app/data_directory.h"

#include "server/base/id.h"
#include "server/base/metrics.h"
#include "server/crdt/crdt.h"
#include "server/domain/content/content.h"
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
    database_->stop();
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

}  // namespace
}  // namespace cluse::app
