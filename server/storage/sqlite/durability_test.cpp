// What was acknowledged is found again. A small workload runs against a file layer that fails the Nth operation, for
// every N; whose power is cut while it acknowledges; or whose process is killed at every step. Afterwards the file is
// opened without faults, and must hold every acknowledged row and be whole.
#include "server/storage/sqlite/fault_vfs.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace cluse::storage {
namespace {

using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::SizeIs;
using Ids = std::set<std::int64_t>;
using Operation = FaultVfs::Operation;
using Spared = FaultVfs::Spared;

SqliteOptions options_for(const std::filesystem::path& directory, const std::string& vfs = {}) {
  // Checkpoints as often as can be: they are where most can go wrong.
  return {.file = directory / "cluse.db", .readers = 1, .cache_kib = 64, .checkpoint_pages = 4, .vfs = vfs};
}

std::unique_ptr<Database> open(const SqliteOptions& options) {
  static Metrics metrics;
  auto opened = open_sqlite(options, metrics);
  return opened ? std::move(*opened) : nullptr;
}

Result<void> create_table(Database& database) {
  return database.write_now([](Transaction& tx) -> Result<void> {
    tx.script("CREATE TABLE IF NOT EXISTS ledger (id INTEGER PRIMARY KEY, filler BLOB NOT NULL)");
    return {};
  });
}

/// Writes ids `first`, `first + 1`, … in batches of `together`, and calls `acknowledged` from the writer's thread.
void write_ids(Database& database, std::int64_t first, int batches, int together,
               const std::function<void(std::int64_t)>& acknowledged) {
  for (int batch = 0; batch < batches; ++batch) {
    std::latch told(together);
    for (int i = 0; i < together; ++i) {
      const std::int64_t id = first + batch * together + i;
      database.submit_write(
          [id](Transaction& tx) -> Result<void> {
            tx.run("INSERT INTO ledger VALUES (?, ?)", {id, Blob{Bytes(700, 'f')}});
            return {};
          },
          [&, id](Result<void> outcome) {
            if (outcome) acknowledged(id);
            told.count_down();
          });
    }
    told.wait();
  }
}

Ids found_in(const std::filesystem::path& directory) {
  const FaultVfs vfs("reopened");
  const auto database = open(options_for(directory, vfs.name()));
  if (!database) {
    ADD_FAILURE() << "the database does not open any more";
    return {};
  }
  EXPECT_TRUE(create_table(*database));
  const auto ids = database->read_now([](Snapshot& snapshot) -> Result<Ids> {
    Ids found;
    for (const Row& row : snapshot.all("SELECT id FROM ledger")) found.insert(row.integer(0));
    return found;
  });
  const auto complaints = check_sqlite(directory / "cluse.db");
  EXPECT_TRUE(complaints && complaints->empty()) << (complaints ? complaints->front() : complaints.error().detail);
  EXPECT_TRUE(ids) << ids.error().detail;
  return ids ? *ids : Ids{};
}

void expect_found(const Ids& acknowledged, const std::filesystem::path& directory) {
  const Ids found = found_in(directory);
  EXPECT_TRUE(std::includes(found.begin(), found.end(), acknowledged.begin(), acknowledged.end()))
      << acknowledged.size() << " acknowledged, " << found.size() << " found";
}

void expect_found_after_power_cut(const Ids& acknowledged, const FaultVfs& vfs, Spared spared, std::uint32_t seed) {
  const TemporaryDirectory image;
  vfs.cut_power(image.path(), spared, seed);
  expect_found(acknowledged, image.path());
}

/// Opens the file again on the same disk, so to speak: what can be read then, and what is written then, survives the
/// next power cut too.
void expect_saved_after_restart(Ids acknowledged, const std::filesystem::path& directory, const FaultVfs& vfs) {
  const auto database = open(options_for(directory, vfs.name()));
  ASSERT_TRUE(database && create_table(*database));
  const auto seen = database->read_now([](Snapshot& snapshot) -> Result<Ids> {
    Ids ids;
    for (const Row& row : snapshot.all("SELECT id FROM ledger")) ids.insert(row.integer(0));
    return ids;
  });
  ASSERT_TRUE(seen);
  EXPECT_TRUE(std::includes(seen->begin(), seen->end(), acknowledged.begin(), acknowledged.end()));
  acknowledged.insert(seen->begin(), seen->end());
  expect_found_after_power_cut(acknowledged, vfs, Spared::nothing, 0);
  write_ids(*database, 900, 2, 2, [&](std::int64_t id) { acknowledged.insert(id); });
  expect_found_after_power_cut(acknowledged, vfs, Spared::some, 7);
}

TEST(Durability, AnAcknowledgementNeverPrecedesTheSync) {
  // The power is cut inside each `done`, on the writer's own thread: nothing can be synced in between.
  const TemporaryDirectory directory;
  FaultVfs vfs("acknowledge");
  std::vector<std::unique_ptr<TemporaryDirectory>> images;
  std::vector<Ids> acknowledged_by_then;
  {
    const auto database = open(options_for(directory.path(), vfs.name()));
    ASSERT_TRUE(database && create_table(*database));
    Ids acknowledged;
    write_ids(*database, 1, 8, 3, [&](std::int64_t id) {
      acknowledged.insert(id);
      images.push_back(std::make_unique<TemporaryDirectory>());
      vfs.cut_power(images.back()->path(), id % 2 == 0 ? Spared::nothing : Spared::some,
                    static_cast<std::uint32_t>(id));
      acknowledged_by_then.push_back(acknowledged);
    });
    EXPECT_THAT(acknowledged, SizeIs(24));
  }
  for (std::size_t i = 0; i < images.size(); ++i) expect_found(acknowledged_by_then[i], images[i]->path());
}

TEST(Durability, TheModelOfAPowerCutLosesWhatWasNotSynced) {
  // The test of the test: without it a file layer that keeps everything would pass for a database that does.
  const TemporaryDirectory directory;
  FaultVfs vfs("model");
  const auto database = open(options_for(directory.path(), vfs.name()));
  ASSERT_TRUE(database && create_table(*database));
  vfs.fail({.among = {Operation::sync}, .code = SQLITE_IOERR_FSYNC});
  write_ids(*database, 1, 1, 1, [](std::int64_t) { ADD_FAILURE() << "acknowledged without a sync"; });
  const TemporaryDirectory image;
  vfs.cut_power(image.path(), Spared::nothing);
  EXPECT_THAT(found_in(image.path()), IsEmpty());
}

struct Failing {
  const char* name;
  std::set<Operation> among;
  int code;
  bool sticks;
};

// The name of a test must not depend on where its parameters lie in memory.
void PrintTo(const Failing& failing, std::ostream* out) {
  *out << failing.name;
}

class FailureTest : public testing::TestWithParam<Failing> {};

TEST_P(FailureTest, AtEveryStepLosesNothingAcknowledged) {
  const Failing& failing = GetParam();
  testing::internal::CaptureStderr();  // hundreds of failures are logged, as they should be
  bool failed = true;
  for (std::int64_t nth = 1; failed && nth < 1000; ++nth) {
    SCOPED_TRACE(nth);
    const TemporaryDirectory directory;
    FaultVfs vfs("failing");
    vfs.fail({failing.among, nth, failing.code, failing.sticks});
    Ids acknowledged;
    if (const auto database = open(options_for(directory.path(), vfs.name())); database && create_table(*database)) {
      write_ids(*database, 1, 5, 2, [&](std::int64_t id) { acknowledged.insert(id); });
      expect_found_after_power_cut(acknowledged, vfs, Spared::nothing, 0);
      if (!database->failed() && !failing.sticks) {
        EXPECT_TRUE(database->read_now([](Snapshot& s) -> Result<std::size_t> {
          return s.all("SELECT id FROM ledger").size();
        })) << "reading goes on";
      }
    }
    expect_found_after_power_cut(acknowledged, vfs, Spared::nothing, 0);
    expect_found_after_power_cut(acknowledged, vfs, Spared::some, static_cast<std::uint32_t>(nth));
    failed = vfs.has_failed();
    vfs.heal();
    expect_saved_after_restart(acknowledged, directory.path(), vfs);
    expect_found(acknowledged, directory.path());
    EXPECT_TRUE(failed || acknowledged.size() == 10);
  }
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(failed) << "the sweep has come to its end";
  if (HasFailure()) std::fputs(logged.substr(0, 4000).c_str(), stderr);
}

INSTANTIATE_TEST_SUITE_P(
    Every, FailureTest,
    testing::Values(Failing{"Write", {Operation::write}, SQLITE_IOERR_WRITE, false},
                    Failing{"WriteForGood", {Operation::write}, SQLITE_IOERR_WRITE, true},
                    Failing{"Full", {Operation::write}, SQLITE_FULL, false},
                    Failing{"FullForGood", {Operation::write}, SQLITE_FULL, true},
                    Failing{"Sync", {Operation::sync}, SQLITE_IOERR_FSYNC, false},
                    Failing{"SyncForGood", {Operation::sync}, SQLITE_IOERR_FSYNC, true},
                    Failing{"Truncate", {Operation::truncate, Operation::remove}, SQLITE_IOERR_TRUNCATE, false},
                    Failing{"Map", {Operation::map}, SQLITE_IOERR_SHMMAP, false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Durability, AFailedSyncEndsAllAcknowledging) {
  const TemporaryDirectory directory;
  FaultVfs vfs("sync");
  int told_of_failure = 0;
  auto options = options_for(directory.path(), vfs.name());
  options.on_failed = [&](const Error& error) {
    ++told_of_failure;
    EXPECT_EQ(error.code, "storage_failed");
  };
  const auto database = open(options);
  ASSERT_TRUE(database && create_table(*database));
  Ids acknowledged;
  const auto acknowledge = [&](std::int64_t id) { acknowledged.insert(id); };
  write_ids(*database, 1, 1, 2, acknowledge);
  EXPECT_FALSE(database->failed());
  vfs.fail({.among = {Operation::sync}, .code = SQLITE_IOERR_FSYNC});  // once; the file layer works again at once
  write_ids(*database, 100, 5, 2, acknowledge);
  EXPECT_THAT(acknowledged, SizeIs(2));
  EXPECT_TRUE(database->failed());
  EXPECT_EQ(told_of_failure, 1);
  const auto syncs = vfs.count(Operation::sync);
  const auto refused = create_table(*database);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Errc::unavailable);
  EXPECT_EQ(refused.error().code, "storage_failed");
  database->stop();
  EXPECT_EQ(vfs.count(Operation::sync), syncs) << "a failed fsync is not tried again, not even on closing";
  expect_found_after_power_cut(acknowledged, vfs, Spared::nothing, 0);
}

TEST(Durability, WhatIsSeenAfterARestartIsSaved) {
  // A commit whose sync failed may be in the log all the same. Whoever reads it after the restart must not lose it.
  const TemporaryDirectory directory;
  FaultVfs vfs("restart");
  {
    const auto database = open(options_for(directory.path(), vfs.name()));
    ASSERT_TRUE(database && create_table(*database));
    vfs.fail({.among = {Operation::sync}, .code = SQLITE_IOERR_FSYNC});
    write_ids(*database, 1, 1, 1, [](std::int64_t) { ADD_FAILURE() << "acknowledged without a sync"; });
  }
  vfs.heal();
  const auto database = open(options_for(directory.path(), vfs.name()));
  const auto seen = database->read_now([](Snapshot& snapshot) -> Result<Ids> {
    Ids ids;
    for (const Row& row : snapshot.all("SELECT id FROM ledger")) ids.insert(row.integer(0));
    return ids;
  });
  ASSERT_TRUE(seen);
  EXPECT_THAT(*seen, SizeIs(1)) << "or this tests nothing";
  expect_found_after_power_cut(*seen, vfs, Spared::nothing, 0);
}

TEST(Durability, ARestartAfterAFailedSyncMayItselfBeCutShortAnywhere) {
  const std::set<Operation> all = {Operation::write, Operation::sync, Operation::truncate, Operation::remove};
  testing::internal::CaptureStderr();
  bool cut_short = true;
  std::int64_t nth = 1;
  for (; cut_short && nth < 1000; ++nth) {
    SCOPED_TRACE(nth);
    const TemporaryDirectory directory;
    FaultVfs vfs("cut-short");
    auto options = options_for(directory.path(), vfs.name());
    options.checkpoint_pages = 1000;  // so that the log holds the older version of what the last commit changes
    Ids acknowledged;
    {
      const auto database = open(options);
      ASSERT_TRUE(database && create_table(*database));
      write_ids(*database, 1, 4, 2, [&](std::int64_t id) { acknowledged.insert(id); });
      vfs.fail({.among = {Operation::sync}, .code = SQLITE_IOERR_FSYNC});
      write_ids(*database, 100, 1, 8, [](std::int64_t) { ADD_FAILURE() << "acknowledged without a sync"; });
    }
    vfs.fail({all, nth, SQLITE_IOERR, true});
    static_cast<void>(open(options));
    cut_short = vfs.has_failed();
    for (const Spared spared : {Spared::nothing, Spared::some, Spared::everything}) {
      expect_found_after_power_cut(acknowledged, vfs, spared, static_cast<std::uint32_t>(nth));
    }
  }
  testing::internal::GetCapturedStderr();
  EXPECT_FALSE(cut_short) << "the sweep has come to its end";
  EXPECT_GT(nth, 5) << "and was one";
}

TEST(Durability, AFullDiskIsToldAndRecoversByItself) {
  const TemporaryDirectory directory;
  FaultVfs vfs("full");
  const auto database = open(options_for(directory.path(), vfs.name()));
  ASSERT_TRUE(database && create_table(*database));
  Ids acknowledged;
  const auto acknowledge = [&](std::int64_t id) { acknowledged.insert(id); };
  write_ids(*database, 1, 2, 2, acknowledge);
  vfs.fail({.among = {Operation::write}, .code = SQLITE_FULL, .sticks = true});
  for (int i = 0; i < 20; ++i) {
    const auto refused = database->write_now([](Transaction& tx) -> Result<void> {
      tx.run("INSERT INTO ledger VALUES (1000, ?)", {Blob{Bytes(200'000, 'x')}});  // more than the page cache holds
      return {};
    });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Errc::storage_full);
    EXPECT_EQ(refused.error().code, "storage_full");
  }
  EXPECT_TRUE(
      database->read_now([](Snapshot& s) -> Result<std::size_t> { return s.all("SELECT * FROM ledger").size(); }));
  EXPECT_FALSE(database->failed());
  vfs.heal();
  write_ids(*database, 10, 2, 2, acknowledge);
  EXPECT_THAT(acknowledged, SizeIs(8)) << "space is back, and so are the writes";
  expect_found_after_power_cut(acknowledged, vfs, Spared::nothing, 0);
}

TEST(Durability, AFileSizeLimitIsAFullDisk) {
  const TemporaryDirectory directory;
  const pid_t child = start_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto database = open(options_for(directory.path()));
    if (!database || !create_table(*database)) ::_exit(10);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 300'000;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto insert = [&] {
      return database->write_now([](Transaction& tx) -> Result<void> {
        tx.run("INSERT INTO ledger (filler) VALUES (?)", {Blob{Bytes(20'000, 'x')}});
        return {};
      });
    };
    Result<void> outcome;
    int written = 0;
    while ((outcome = insert()) && written < 1000) ++written;
    if (outcome || outcome.error().kind != Errc::storage_full) ::_exit(11);
    if (written == 0) ::_exit(12);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    if (!insert()) ::_exit(13);
    database->stop();
  });
  const int status = wait_for(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_GT(found_in(directory.path()).size(), 1U);
}

TEST(Durability, OneConnectionAloneWritesAndCheckpoints) {
  // SQLite before 3.51.3 may corrupt the log when two connections write or checkpoint at once (the WAL-reset bug).
  const TemporaryDirectory directory;
  FaultVfs vfs("one-writer");
  auto options = options_for(directory.path(), vfs.name());
  options.readers = 3;
  {
    const auto database = open(options);
    ASSERT_TRUE(database && create_table(*database));
    const auto opening = std::this_thread::get_id();
    for (int round = 0; round < 20; ++round) {
      std::latch read(6);
      for (int i = 0; i < 6; ++i) {
        database->submit_read(
            [](Snapshot& s) -> Result<void> {
              static_cast<void>(s.all("SELECT sum(length(filler)) FROM ledger"));
              return {};
            },
            [&](Result<void> outcome) {
              EXPECT_TRUE(outcome);
              read.count_down();
            });
      }
      write_ids(*database, round * 10, 2, 3, [](std::int64_t) {});
      read.wait();
    }
    ASSERT_TRUE(backup_sqlite(*database, directory / "copy.db"));
    ASSERT_TRUE(check_sqlite(options.file));
    for (const char* suffix : {"", "-wal"}) {
      std::set<std::thread::id> threads;
      std::set<std::int64_t> files;
      for (const auto& [thread, file] : vfs.hands_on(options.file.string() + suffix)) {
        if (thread != opening) threads.insert(thread);
        files.insert(file);
      }
      EXPECT_THAT(threads, SizeIs(1)) << suffix << ": only the writer's thread after opening";
      EXPECT_THAT(files, SizeIs(1)) << suffix << ": only the writer's connection";
    }
    database->stop();
    // Removing the log is SQLite's way of saying that it was copied back whole; it has no number of an open file.
    auto hands = vfs.hands_on(options.file.string() + "-wal");
    std::erase_if(hands, [](const auto& hand) { return hand.second == 0; });
    EXPECT_LE(hands.size(), 2U);
  }
  EXPECT_THAT(found_in(directory.path()), SizeIs(120));
}

TEST(Durability, TheLogIsCheckpointedAndStartsAgain) {
  const TemporaryDirectory directory;
  const FaultVfs vfs("log");
  const auto database = open(options_for(directory.path(), vfs.name()));
  ASSERT_TRUE(database && create_table(*database));
  write_ids(*database, 1, 300, 2, [](std::int64_t) {});
  EXPECT_LT(std::filesystem::file_size(directory / "cluse.db-wal"), 40 * 4120U) << "600 rows would take 1200 pages";
}

/// Reads ids, one a line, until the other end is closed.
Ids read_ids(int descriptor) {
  Ids ids;
  std::FILE* in = ::fdopen(descriptor, "r");
  for (long long id = 0; std::fscanf(in, "%lld", &id) == 1;) ids.insert(id);
  std::fclose(in);
  return ids;
}

/// Runs the workload in a child that writes each acknowledged id into a pipe and dies at its `nth` operation.
bool die_at(std::int64_t nth, const std::filesystem::path& directory, Ids& acknowledged) {
  int ends[2];
  CLUSE_ASSERT(::pipe(ends) == 0, "a test can make a pipe");
  const pid_t child = start_child([&] {
    ::close(ends[0]);
    FaultVfs vfs("dying");
    vfs.on_operation([nth](std::int64_t number, Operation, const std::string&) {
      if (number == nth) ::kill(::getpid(), SIGKILL);
    });
    const auto database = open(options_for(directory, vfs.name()));
    if (!database || !create_table(*database)) ::_exit(1);
    write_ids(*database, 1, 5, 2, [&](std::int64_t id) { ::dprintf(ends[1], "%lld\n", static_cast<long long>(id)); });
    database->stop();
  });
  ::close(ends[1]);
  acknowledged = read_ids(ends[0]);
  return WIFSIGNALED(wait_for(child));
}

TEST(Durability, AProcessKilledAtEveryStepLosesNothingAcknowledged) {
  bool killed = true;
  std::int64_t nth = 1;
  for (; killed && nth < 1000; ++nth) {
    SCOPED_TRACE(nth);
    const TemporaryDirectory directory;
    Ids acknowledged;
    killed = die_at(nth, directory.path(), acknowledged);
    expect_found(acknowledged, directory.path());
    EXPECT_TRUE(killed || acknowledged.size() == 10);
  }
  EXPECT_FALSE(killed) << "the sweep has come to its end";
  EXPECT_GT(nth, 30) << "and was one";
}

TEST(Durability, AProcessKilledUnderLoadLosesNothingAcknowledged) {
  for (int round = 0; round < 5; ++round) {
    const TemporaryDirectory directory;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = start_child([&] {
      ::close(ends[0]);
      const auto database = open(options_for(directory.path()));
      if (!database || !create_table(*database)) ::_exit(1);
      write_ids(*database, 1, 1'000'000, 20,
                [&](std::int64_t id) { ::dprintf(ends[1], "%lld\n", static_cast<long long>(id)); });
    });
    ::close(ends[1]);
    char seen[4096];
    for (ssize_t read = 0, count = 0; read < 2000 + round * 700; read += count) {
      count = ::read(ends[0], seen, 1);  // byte by byte, so that what is left starts at a line or inside a number
      ASSERT_GT(count, 0);
    }
    ::kill(child, SIGKILL);
    Ids acknowledged = read_ids(ends[0]);
    EXPECT_TRUE(WIFSIGNALED(wait_for(child)));
    if (!acknowledged.empty()) acknowledged.erase(acknowledged.begin());  // may be half a number
    expect_found(acknowledged, directory.path());
    EXPECT_GT(found_in(directory.path()).size(), 100U);
  }
}

}  // namespace
}  // namespace cluse::storage
