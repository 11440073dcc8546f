// Migrations run once, in order, each whole or not at all: also for a process that is killed at any step of them.
#include "server/storage/migrations.h"

#include "server/storage/sqlite/fault_vfs.h"
#include "server/storage/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <span>
#include <vector>

namespace cluse::storage {
namespace {

using testing::ElementsAre;

const std::vector<Migration> kAll = {
    {1, "people", "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people (name) VALUES ('Ada')"},
    {2, "towns", "CREATE TABLE towns (name TEXT); CREATE INDEX towns_name ON towns (name)"},
    {3, "people_have_towns", "ALTER TABLE people ADD COLUMN town TEXT; UPDATE people SET town = 'Moutier'"},
};

class MigrationsTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open(const std::string& vfs = {}) {
    auto opened = open_sqlite({.file = directory_ / "cluse.db", .readers = 1, .vfs = vfs}, metrics_);
    return opened ? std::move(*opened) : nullptr;
  }
  static std::vector<std::string> applied(Database& database) {
    auto names = database.read_now([](Snapshot& snapshot) -> Result<std::vector<std::string>> {
      std::vector<std::string> all;
      for (const Row& row : snapshot.all("SELECT name FROM schema_migrations ORDER BY number"))
        all.push_back(row.text(0));
      return all;
    });
    return names ? *names : std::vector<std::string>{names.error().detail};
  }

  TemporaryDirectory directory_;
  Metrics metrics_;
};

TEST_F(MigrationsTest, RunOnceAndInOrder) {
  const auto database = open();
  ASSERT_TRUE(migrate(*database, std::span(kAll).first(1)));
  EXPECT_THAT(applied(*database), ElementsAre("people"));
  ASSERT_TRUE(migrate(*database, kAll));
  ASSERT_TRUE(migrate(*database, kAll));
  EXPECT_THAT(applied(*database), ElementsAre("people", "towns", "people_have_towns"));
  const auto people = database->read_now([](Snapshot& snapshot) -> Result<std::vector<std::string>> {
    std::vector<std::string> all;
    for (const Row& row : snapshot.all("SELECT name, town FROM people")) all.push_back(row.text(0) + " " + row.text(1));
    return all;
  });
  ASSERT_TRUE(people);
  EXPECT_THAT(*people, ElementsAre("Ada Moutier"));
}

TEST_F(MigrationsTest, AMigrationThatChangedAfterItRanStopsTheStart) {
  const auto database = open();
  ASSERT_TRUE(migrate(*database, kAll));
  auto changed = kAll;
  changed[1].sql = "CREATE TABLE towns (name TEXT NOT NULL)";
  const auto refused = migrate(*database, changed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "migration_changed");
}

TEST_F(MigrationsTest, ADatabaseOfALaterReleaseStopsTheStart) {
  const auto database = open();
  ASSERT_TRUE(migrate(*database, kAll));
  const auto refused = migrate(*database, std::span(kAll).first(2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "schema_newer");
}

TEST_F(MigrationsTest, AFailingMigrationLeavesTheOnesBefore) {
  const auto database = open();
  auto broken = kAll;
  broken[1].sql = "CREATE TABLE towns (name TEXT); INSERT INTO nowhere VALUES (1)";
  EXPECT_FALSE(migrate(*database, broken));
  EXPECT_THAT(applied(*database), ElementsAre("people"));
  ASSERT_TRUE(migrate(*database, kAll)) << "the table of the broken one was rolled back";
}

TEST_F(MigrationsTest, HolesInTheNumbersAreOurMistake) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto database = open();
  const std::vector<Migration> holes = {{1, "one", "SELECT 1"}, {3, "three", "SELECT 1"}};
  EXPECT_DEATH(static_cast<void>(migrate(*database, holes)), "numbered");
}

TEST_F(MigrationsTest, AProcessKilledAtEveryStepLeavesEachMigrationWholeOrUndone) {
  bool killed = true;
  std::int64_t nth = 1;
  for (; killed && nth < 1000; ++nth) {
    SCOPED_TRACE(nth);
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) std::filesystem::remove(entry);
    const pid_t child = start_child([&] {
      FaultVfs vfs("dying");
      vfs.on_operation([nth](std::int64_t number, FaultVfs::Operation, const std::string&) {
        if (number == nth) ::kill(::getpid(), SIGKILL);
      });
      const auto database = open(vfs.name());
      if (!database || !migrate(*database, kAll)) ::_exit(1);
    });
    killed = WIFSIGNALED(wait_for(child));
    const FaultVfs vfs("again");
    const auto database = open(vfs.name());
    ASSERT_TRUE(database);
    ASSERT_TRUE(migrate(*database, kAll)) << "goes on where it was";
    EXPECT_THAT(applied(*database), ElementsAre("people", "towns", "people_have_towns"));
  }
  EXPECT_FALSE(killed) << "the sweep has come to its end";
  EXPECT_GT(nth, 20) << "and was one";
}

}  // namespace
}  // namespace cluse::storage
