// The content log against a real store: what was appended is what is read, before and after compaction.
#include "server/domain/content/content.h"

#include "server/base/id.h"
#include "server/base/metrics.h"
#include "server/storage/test_store.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace cluse::domain::content {
namespace {

class ContentTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    database_.reopen(metrics_);
    const auto made = write([](storage::Transaction& tx) {
      tx.script(
          "CREATE TABLE collab_update (room TEXT NOT NULL, sequence BIGINT NOT NULL, bytes BLOB NOT NULL, "
          "PRIMARY KEY (room, sequence))");
    });
    ASSERT_TRUE(made);
  }
  void TearDown() override {
    database_->stop();
    std::filesystem::remove_all(directory_);
  }

  Result<void> write(auto body) {
    return database_->write_now([&](storage::Transaction& tx) -> Result<void> {
      body(tx);
      return {};
    });
  }
  std::string text() {
    return database_
        ->read_now([](storage::Snapshot& snapshot) -> Result<std::string> {
          CLUSE_TRY(document, load(snapshot, "r"));
          return document.text("t");
        })
        .value_or("unreadable");
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("cluse-content-" + new_id({1}).to_string());
  Metrics metrics_;
  storage::TestStore database_{directory_};
};

TEST_F(ContentTest, WhatWasAppendedIsReadBeforeAndAfterCompaction) {
  crdt::Document source;
  const Bytes first = source.insert_text(1, "t", 0, "Delle").value();
  const Bytes second = source.insert_text(1, "t", 5, "–Porrentruy").value();
  ASSERT_TRUE(write([&](auto& tx) { append(tx, "r", first); }));
  ASSERT_TRUE(write([&](auto& tx) { append(tx, "r", second); }));
  EXPECT_EQ(text(), "Delle–Porrentruy");

  ASSERT_TRUE(write([&](auto& tx) { compact(tx, "r", 2, source.encode_state().value()); }));
  EXPECT_EQ(text(), "Delle–Porrentruy");
  const auto log = database_->read_now([](storage::Snapshot& s) -> Result<Log> { return read_log(s, "r"); });
  ASSERT_TRUE(log);
  EXPECT_EQ(log->updates.size(), 1U);
  EXPECT_EQ(log->last_sequence, 2);

  ASSERT_TRUE(write([](auto& tx) { erase(tx, "r"); }));
  EXPECT_EQ(text(), "");
}

TEST_F(ContentTest, ADamagedRowIsNamedAndNotSkipped) {
  ASSERT_TRUE(write([](auto& tx) { append(tx, "r", "\xff\xff\xff"); }));
  const auto loaded = database_->read_now([](storage::Snapshot& s) -> Result<bool> {
    CLUSE_TRY(document, load(s, "r"));
    return document.has_pending();
  });
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "content_damaged");
}

}  // namespace
}  // namespace cluse::domain::content
