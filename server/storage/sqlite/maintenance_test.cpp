// Opening, backing up and checking: a second process stays out, a copy taken under load is whole, damage is told.
#include "server/storage/sqlite/fault_vfs.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <atomic>
#include <csignal>
#include <fstream>
#include <latch>

namespace cluse::storage {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::IsEmpty;
using testing::Not;

class MaintenanceTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Database>> open(const fs::path& file) {
    return open_sqlite({.file = file, .readers = 1}, metrics_);
  }
  static Result<void> script(Database& database, const std::string& sql) {
    return database.write_now([&](Transaction& tx) -> Result<void> {
      tx.script(sql);
      return {};
    });
  }
  static std::int64_t count(Database& database) {
    return database
        .read_now([](Snapshot& s) -> Result<std::int64_t> { return s.one("SELECT count(*) FROM rows")->integer(0); })
        .value_or(-1);
  }
  std::unique_ptr<Database> opened() {
    auto database = open(file_).value();
    EXPECT_TRUE(script(*database, "CREATE TABLE rows (n INTEGER, filler BLOB)"));
    return database;
  }

  TemporaryDirectory directory_;
  fs::path file_ = directory_ / "cluse.db";
  Metrics metrics_;
};

TEST_F(MaintenanceTest, ASecondProcessIsRefusedUntilTheFirstHasGone) {
  const auto try_open = [&] {
    const pid_t child = start_child([&] {
      Metrics metrics;
      const auto second = open_sqlite({.file = file_}, metrics);
      ::_exit(second ? 0 : second.error().code == "database_in_use" ? 7 : 1);
    });
    return WEXITSTATUS(wait_for(child));
  };
  {
    int ends[2];
    int release[2];
    ASSERT_EQ(::pipe(ends) + ::pipe(release), 0);
    const pid_t first = start_child([&] {
      Metrics metrics;
      const auto database = open_sqlite({.file = file_}, metrics);
      char byte = database ? 'y' : 'n';
      static_cast<void>(::write(ends[1], &byte, 1) + ::read(release[0], &byte, 1));
      ::_exit(0);
    });
    char is_open = 0;
    ASSERT_EQ(::read(ends[0], &is_open, 1), 1);
    ASSERT_EQ(is_open, 'y');
    EXPECT_EQ(try_open(), 7);
    ::kill(first, SIGKILL);
    wait_for(first);
  }
  EXPECT_EQ(try_open(), 0) << "a killed process holds no lock";
}

TEST_F(MaintenanceTest, TheSameProcessIsRefusedToo) {
  auto first = open(file_);
  ASSERT_TRUE(first);
  const auto second = open(file_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "database_in_use");
  (*first)->stop();
  EXPECT_TRUE(open(file_)) << "stopping lets go of the lock";
}

TEST_F(MaintenanceTest, WhatIsNoDatabaseIsNotOpened) {
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_EQ(open(file_).error().code, "database_damaged");
  EXPECT_EQ(open(directory_ / "missing" / "cluse.db").error().kind, Errc::unavailable);
  EXPECT_EQ(fs::file_size(file_), 5000U) << "and left as it is";
}

TEST_F(MaintenanceTest, OnlyTheOwnerMayReadTheFiles) {
  const auto database = opened();
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    EXPECT_EQ(fs::status(file_.string() + suffix).permissions(), fs::perms::owner_read | fs::perms::owner_write)
        << suffix;
  }
}

TEST_F(MaintenanceTest, ABackupUnderLoadIsOneMomentOfTheDatabase) {
  const auto database = opened();
  // Every closure writes a pair, so that a copy with an odd number of rows has torn one.
  std::atomic<bool> stop = false;
  std::latch finished(1);
  std::function<void(Result<void>)> again = [&](Result<void> outcome) {
    EXPECT_TRUE(outcome);
    if (stop) return finished.count_down();
    database->submit_write(
        [](Transaction& tx) -> Result<void> {
          tx.run("INSERT INTO rows VALUES (1, ?)", {Blob{Bytes(3000, 'a')}});
          tx.run("INSERT INTO rows VALUES (2, ?)", {Blob{Bytes(3000, 'b')}});
          return {};
        },
        again);
  };
  again({});
  for (int i = 0; i < 5; ++i) {
    const fs::path copy = directory_ / ("copy" + std::to_string(i) + ".db");
    const auto before = count(*database);
    const auto outcome = backup_sqlite(*database, copy);
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_THAT(check_sqlite(copy).value(), IsEmpty());
    const auto restored = open(copy);
    ASSERT_TRUE(restored) << restored.error().detail;
    EXPECT_GE(count(**restored), before) << "what was there before is in it";
    EXPECT_EQ(count(**restored) % 2, 0);
  }
  stop = true;
  finished.wait();
  EXPECT_FALSE(fs::exists(directory_ / "copy0.db.partial"));
}

TEST_F(MaintenanceTest, ABackupOverwritesNothing) {
  const auto database = opened();
  std::ofstream(directory_ / "copy.db") << "precious";
  EXPECT_EQ(backup_sqlite(*database, directory_ / "copy.db").error().code, "target_exists");
  EXPECT_EQ(fs::file_size(directory_ / "copy.db"), 8U);
  EXPECT_FALSE(backup_sqlite(*database, directory_ / "missing" / "copy.db"));
}

TEST_F(MaintenanceTest, ABackupThatFindsNoRoomLeavesNothingBehind) {
  const pid_t child = start_child([&] {
    const auto database = opened();
    if (!script(*database, "INSERT INTO rows VALUES (1, zeroblob(200000))")) ::_exit(1);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 100'000;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto outcome = backup_sqlite(*database, directory_ / "copy.db");
    if (outcome) ::_exit(2);
    if (outcome.error().kind != Errc::storage_full) ::_exit(3);
    if (fs::exists(directory_ / "copy.db") || fs::exists(directory_ / "copy.db.partial")) ::_exit(4);
    ::_exit(0);
  });
  const int status = wait_for(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(MaintenanceTest, ACheckTellsDamageAndOrphans) {
  {
    const auto database = opened();
    ASSERT_TRUE(script(*database,
                       "CREATE INDEX rows_n ON rows (n); CREATE TABLE parents (id INTEGER PRIMARY KEY);"
                       "CREATE TABLE children (parent INTEGER REFERENCES parents (id))"));
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(script(*database, "INSERT INTO rows VALUES (" + std::to_string(i) + ", zeroblob(500))"));
    }
    EXPECT_THAT(check_sqlite(file_).value(), IsEmpty()) << "also while it is in use";
  }
  {
    sqlite3* plain = nullptr;  // a connection of nobody's, with foreign keys off
    ASSERT_EQ(sqlite3_open(file_.c_str(), &plain), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(plain, "INSERT INTO children VALUES (7)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(plain);
  }
  EXPECT_THAT(check_sqlite(file_).value(), testing::SizeIs(1));
  std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(2 * 4096);
  file << std::string(4096, 'x');
  file.close();
  EXPECT_THAT(check_sqlite(file_).value(), Not(IsEmpty()));
  std::ofstream(directory_ / "text.db") << std::string(5000, 'x');
  EXPECT_THAT(check_sqlite(directory_ / "text.db").value(), Not(IsEmpty()));
  EXPECT_FALSE(check_sqlite(directory_ / "missing.db"));
}

}  // namespace
}  // namespace cluse::storage
