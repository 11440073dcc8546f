// What domain code may rely on: values come back as they went in, an error undoes its own closure and no other, answers
// arrive on the caller's shard, and a closure cannot reach past its transaction. On SQLite, in a temporary directory.
#include "server/storage/database.h"

#include "server/async/shard.h"
#include "server/storage/sqlite/sqlite_database.h"
#include "server/storage/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cluse::storage {
namespace {

using testing::ElementsAre;

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override { open({}); }

  void open(SqliteOptions options) {
    if (database_) database_->stop();
    database_.reset();
    options.file = directory_ / "cluse.db";
    options.batch_time_max = std::chrono::hours(1);  // no batch ends early on a slow machine
    auto opened = open_sqlite(options, metrics_);
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = std::move(*opened);
    ASSERT_TRUE(script("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"));
  }

  Result<void> script(std::string sql) {
    return database_->write_now([&](Transaction& tx) -> Result<void> {
      tx.script(sql);
      return {};
    });
  }
  Result<void> insert(std::string text) {
    return database_->write_now([&](Transaction& tx) -> Result<void> {
      tx.run("INSERT INTO notes (text) VALUES (?)", {text});
      return {};
    });
  }
  std::vector<std::string> notes() {
    auto answer = database_->read_now([](Snapshot& snapshot) -> Result<std::vector<std::string>> {
      std::vector<std::string> texts;
      for (const Row& row : snapshot.all("SELECT text FROM notes ORDER BY id")) texts.push_back(row.text(0));
      return texts;
    });
    return answer ? *answer : std::vector<std::string>{answer.error().detail};
  }
  /// Occupies the writer until `release` is counted down, so that what follows lies in the queue together.
  void occupy_writer(std::latch& release) {
    auto started = std::make_shared<std::latch>(1);
    database_->submit_write(
        [&release, started](Transaction&) -> Result<void> {
          started->count_down();
          release.wait();
          return {};
        },
        [](Result<void>) {});
    started->wait();
  }
  std::uint64_t commits() { return metrics_.counter("cluse_storage_commits_total", "", "database=\"main\"").value(); }

  TemporaryDirectory directory_;
  Metrics metrics_;
  std::unique_ptr<Database> database_;
};

TEST_F(DatabaseTest, ValuesComeBackAsTheyWentIn) {
  const Id id = new_id({1'790'000'000'000});
  const std::string text("Montb\xc3\xa9liard\0end", 16);
  const Bytes bytes("\0\xff\x80", 3);
  ASSERT_TRUE(
      script("CREATE TABLE kinds (a INTEGER, b INTEGER, c REAL, d TEXT, e BLOB, f TEXT, g INTEGER, h TEXT, i BLOB)"));
  const auto answer = database_->write_now([&](Transaction& tx) -> Result<Row> {
    tx.run("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
           {std::numeric_limits<std::int64_t>::min(), true, 0.1, text, Blob{bytes}, id, Instant{12}, nullptr, Blob{}});
    return *tx.one("SELECT * FROM kinds");
  });
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(answer->flag(1));
  EXPECT_EQ(answer->real(2), 0.1);
  EXPECT_EQ(answer->text(3), text);
  EXPECT_EQ(answer->blob(4), bytes);
  EXPECT_EQ(answer->id(5), id);
  EXPECT_EQ(answer->id_or_null(5), id);
  EXPECT_EQ(answer->instant(6), Instant{12});
  EXPECT_EQ(answer->instant_or_null(7), std::nullopt);
  EXPECT_EQ(answer->id_or_null(7), std::nullopt);
  EXPECT_EQ(answer->text_or(7, "none"), "none");
  EXPECT_EQ(answer->text_or(3, "none"), text);
  EXPECT_EQ(answer->blob(8), "");
  EXPECT_FALSE(answer->is_null(8));
}

TEST(Row, RefusesToBeReadAsSomethingElse) {
  const Row row({Value(7), Value("text"), Value(Blob{"bytes"}), Value()});
  EXPECT_EQ(row.real(0), 7.0) << "a whole number is a real one too";
  EXPECT_THROW(static_cast<void>(row.text(0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.integer(1)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.real(1)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.id(1)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.text(2)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.integer(3)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.is_null(4)), std::logic_error);
}

TEST_F(DatabaseTest, AWriteSaysHowManyRowsItChanged) {
  const auto answer = database_->write_now([](Transaction& tx) -> Result<std::vector<std::int64_t>> {
    std::vector<std::int64_t> changed;
    changed.push_back(tx.run("INSERT INTO notes (text) VALUES ('a'), ('b')"));
    changed.push_back(tx.run("CREATE TABLE other (x INTEGER)"));
    changed.push_back(tx.run("UPDATE notes SET text = text || '!' WHERE id = ?", {1}));
    changed.push_back(tx.run("DELETE FROM notes WHERE id = 77"));
    return changed;
  });
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_THAT(*answer, ElementsAre(2, 0, 1, 0));
}

TEST_F(DatabaseTest, AnErrorRollsBackItsOwnClosureAndNoOther) {
  std::latch release(1);
  occupy_writer(release);
  const auto write = [this](std::string text, Result<void> outcome, std::promise<Result<void>>& told) {
    database_->submit_write(
        [text, outcome](Transaction& tx) -> Result<void> {
          tx.run("INSERT INTO notes (text) VALUES (?)", {text});
          return outcome;
        },
        [&told](Result<void> answer) { told.set_value(std::move(answer)); });
  };
  std::promise<Result<void>> first, refused, twice, last;
  const auto before = commits();
  write("first", {}, first);
  write("refused", fail(Errc::denied, "no_right"), refused);
  write("first", {}, twice);
  write("last", {}, last);
  release.count_down();
  EXPECT_TRUE(first.get_future().get());
  EXPECT_EQ(refused.get_future().get().error().code, "no_right");
  EXPECT_EQ(twice.get_future().get().error().kind, Errc::conflict);
  EXPECT_TRUE(last.get_future().get());
  EXPECT_THAT(notes(), ElementsAre("first", "last"));
  EXPECT_LE(commits(), before + 2) << "they shared a commit (the other is that of the closure before)";
}

TEST_F(DatabaseTest, AnExceptionIsAnInternalErrorAndRollsBack) {
  const auto thrown = database_->write_now([](Transaction& tx) -> Result<int> {
    tx.run("INSERT INTO notes (text) VALUES ('a')");
    throw std::runtime_error("a bug");
  });
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().kind, Errc::internal);
  const auto read = database_->read_now([](Snapshot&) -> Result<int> { throw 7; });
  EXPECT_EQ(read.error().kind, Errc::internal);
  EXPECT_TRUE(notes().empty());
}

TEST_F(DatabaseTest, AFailedStatementEndsItsClosure) {
  ASSERT_TRUE(insert("taken"));
  const auto answer = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes (text) VALUES ('before')");
    try {
      tx.run("INSERT INTO notes (text) VALUES ('new'), ('taken')");
      ADD_FAILURE() << "the name is taken";
    } catch (const SqlError& e) {
      EXPECT_EQ(e.kind, SqlError::Kind::unique);
    }
    EXPECT_THROW(tx.run("INSERT INTO notes (text) VALUES ('instead')"), SqlError);
    return {};
  });
  EXPECT_EQ(answer.error().code, "already_exists");
  EXPECT_THAT(notes(), ElementsAre("taken"));
}

TEST_F(DatabaseTest, ManyWritesShareACommit) {
  std::latch release(1);
  occupy_writer(release);
  const auto before = commits();
  std::latch done(100);
  for (int i = 0; i < 100; ++i) {
    database_->submit_write(
        [i](Transaction& tx) -> Result<void> {
          tx.run("INSERT INTO notes (text) VALUES (?)", {std::to_string(i)});
          return {};
        },
        [&](Result<void> outcome) {
          EXPECT_TRUE(outcome);
          done.count_down();
        });
  }
  release.count_down();
  done.wait();
  EXPECT_EQ(notes().size(), 100U);
  EXPECT_LE(commits(), before + 2);
}

TEST_F(DatabaseTest, ABatchHasABound) {
  open({.batch_max = 10});
  std::latch release(1);
  occupy_writer(release);
  const auto before = commits();
  std::latch done(35);
  for (int i = 0; i < 35; ++i) {
    database_->submit_write([](Transaction&) -> Result<void> { return {}; }, [&](Result<void>) { done.count_down(); });
  }
  release.count_down();
  done.wait();
  EXPECT_GE(commits(), before + 4);
}

TEST_F(DatabaseTest, AFullQueueRefusesAtOnce) {
  open({.readers = 1, .write_queue_max = 1, .read_queue_max = 1});
  std::latch release(1);
  occupy_writer(release);
  const auto nothing = [](auto&) -> Result<void> { return {}; };
  database_->submit_write(nothing, [](Result<void> outcome) { EXPECT_TRUE(outcome); });
  const auto refused = database_->write_now(nothing);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Errc::unavailable);
  EXPECT_EQ(refused.error().code, "overloaded");

  auto started = std::make_shared<std::latch>(1);
  database_->submit_read(
      [&release, started](Snapshot&) -> Result<void> {
        started->count_down();
        release.wait();
        return {};
      },
      [](Result<void>) {});
  started->wait();
  database_->submit_read(nothing, [](Result<void> outcome) { EXPECT_TRUE(outcome); });
  EXPECT_EQ(database_->read_now(nothing).error().code, "overloaded");
  release.count_down();
  database_->stop();
}

TEST_F(DatabaseTest, StoppingFinishesWhatWasSubmittedAndRefusesTheRest) {
  std::latch release(1);
  occupy_writer(release);
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    database_->submit_write(
        [i](Transaction& tx) -> Result<void> {
          tx.run("INSERT INTO notes (text) VALUES (?)", {std::to_string(i)});
          return {};
        },
        [&](Result<void> outcome) {
          EXPECT_TRUE(outcome);
          ++done;
        });
  }
  release.count_down();
  database_->stop();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(insert("late").error().code, "stopping");
  EXPECT_EQ(database_->read_now([](Snapshot&) -> Result<int> { return 1; }).error().code, "stopping");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "cluse.db-wal")) << "the log was copied into the database";
  open({});
  EXPECT_EQ(notes().size(), 20U);
}

TEST_F(DatabaseTest, AReadSeesOneMomentThroughout) {
  ASSERT_TRUE(insert("a"));
  const auto answer = database_->read_now([this](Snapshot& snapshot) -> Result<void> {
    const auto before = snapshot.one("SELECT count(*) FROM notes")->integer(0);
    EXPECT_TRUE(insert("b"));
    EXPECT_EQ(snapshot.one("SELECT count(*) FROM notes")->integer(0), before);
    return {};
  });
  EXPECT_TRUE(answer);
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_F(DatabaseTest, AReaderCannotWriteOrCheckpoint) {
  for (const char* sql :
       {"INSERT INTO notes (text) VALUES ('x')", "CREATE TABLE x (y INTEGER)", "PRAGMA query_only=OFF",
        "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode=DELETE", "COMMIT", "VACUUM",
        "PRAGMA wal_autocheckpoint=1", "ATTACH 'other.db' AS other"}) {
    const auto answer = database_->read_now([sql](Snapshot& snapshot) -> Result<void> {
      static_cast<void>(snapshot.all(sql));
      return {};
    });
    EXPECT_FALSE(answer) << sql;
  }
  EXPECT_TRUE(notes().empty());
}

TEST_F(DatabaseTest, AClosureCannotReachPastItsTransaction) {
  for (const char* sql : {"COMMIT", "ROLLBACK", "BEGIN", "BEGIN IMMEDIATE", "SAVEPOINT closure", "RELEASE closure",
                          "ROLLBACK TO closure", "ATTACH 'other.db' AS other", "PRAGMA synchronous=OFF",
                          "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA foreign_keys=OFF", "VACUUM"}) {
    const auto run = database_->write_now([sql](Transaction& tx) -> Result<void> {
      tx.run("INSERT INTO notes (text) VALUES ('x')");
      tx.run(sql);
      return {};
    });
    EXPECT_EQ(run.error().kind, Errc::internal) << sql;
    EXPECT_FALSE(script(std::string("INSERT INTO notes (text) VALUES ('x'); ") + sql)) << sql;
  }
  EXPECT_TRUE(notes().empty());
  EXPECT_TRUE(insert("still works"));
}

TEST_F(DatabaseTest, RollingBackTheBatchIsToldToEveryoneInIt) {
  ASSERT_TRUE(insert("taken"));
  std::latch release(1);
  occupy_writer(release);
  std::promise<Result<void>> innocent, guilty, later;
  const auto write = [this](const char* sql, std::promise<Result<void>>& told) {
    database_->submit_write(
        [sql](Transaction& tx) -> Result<void> {
          try {
            tx.run(sql);
          } catch (const SqlError&) {  // and goes on as if nothing had happened
            tx.run("INSERT INTO notes (text) VALUES ('outside of any transaction')");
          }
          return {};
        },
        [&told](Result<void> outcome) { told.set_value(std::move(outcome)); });
  };
  write("INSERT INTO notes (text) VALUES ('innocent')", innocent);
  write("INSERT OR ROLLBACK INTO notes (text) VALUES ('taken')", guilty);
  write("INSERT INTO notes (text) VALUES ('later')", later);
  release.count_down();
  EXPECT_EQ(innocent.get_future().get().error().kind, Errc::unavailable);
  EXPECT_FALSE(guilty.get_future().get());
  EXPECT_TRUE(later.get_future().get());
  EXPECT_THAT(notes(), ElementsAre("taken", "later"));
}

TEST_F(DatabaseTest, AnUnresolvedForeignKeyFailsItsOwnClosure) {
  ASSERT_TRUE(
      script("CREATE TABLE children (parent INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);"
             "CREATE TABLE strict_children (parent INTEGER NOT NULL REFERENCES notes (id))"));
  std::latch release(1);
  occupy_writer(release);
  std::promise<Result<void>> orphan, other;
  database_->submit_write(
      [](Transaction& tx) -> Result<void> {
        tx.run("INSERT INTO children VALUES (99)");
        return {};
      },
      [&](Result<void> outcome) { orphan.set_value(std::move(outcome)); });
  database_->submit_write(
      [](Transaction& tx) -> Result<void> {
        tx.run("INSERT INTO children VALUES (5)");  // the parent comes later, as a deferred key permits
        tx.run("INSERT INTO notes VALUES (5, 'parent')");
        return {};
      },
      [&](Result<void> outcome) { other.set_value(std::move(outcome)); });
  release.count_down();
  EXPECT_EQ(orphan.get_future().get().error().code, "constraint_violated");
  EXPECT_TRUE(other.get_future().get());
  EXPECT_EQ(script("INSERT INTO strict_children VALUES (99)").error().code, "constraint_violated");
}

TEST_F(DatabaseTest, AWrongStatementIsOurMistake) {
  EXPECT_EQ(script("SELEKT 1").error().code, "wrong_statement");
  EXPECT_EQ(script("INSERT INTO nowhere VALUES (1)").error().kind, Errc::internal);
  const auto missing = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes (text) VALUES (?)");
    return {};
  });
  EXPECT_EQ(missing.error().kind, Errc::internal);
}

TEST_F(DatabaseTest, AReadThatTakesTooLongIsEnded) {
  open({.read_time_max = std::chrono::seconds(0)});
  const auto answer = database_->read_now([](Snapshot& snapshot) -> Result<void> {
    static_cast<void>(
        snapshot.one("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"));
    return {};
  });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "query_too_slow");
}

TEST_F(DatabaseTest, FullTextSearchWorksInsideAClosure) {
  ASSERT_TRUE(script("CREATE VIRTUAL TABLE words USING fts5(body)"));
  const auto answer = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO words (body) VALUES (?)", {"la passerelle du Doubs"});
    tx.run("INSERT INTO words (words) VALUES ('integrity-check')");
    return {};
  });
  ASSERT_TRUE(answer) << answer.error().detail;
  const auto found = database_->read_now([](Snapshot& snapshot) -> Result<std::size_t> {
    return snapshot.all("SELECT rowid FROM words WHERE words MATCH ?", {"\"passerelle\""}).size();
  });
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(*found, 1U);
}

TEST_F(DatabaseTest, MoreStatementsThanTheCacheHoldsStillWork) {
  const auto answer = database_->write_now([](Transaction& tx) -> Result<std::int64_t> {
    std::int64_t sum = 0;
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < 400; ++i) sum += tx.one("SELECT " + std::to_string(i))->integer(0);
    }
    return sum;
  });
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, 2 * 399 * 200);
}

Task<void> write_and_read(Database& database, Shard& shard, std::promise<Result<std::string>>& told) {
  std::string text = "through a coroutine";
  const auto written = co_await database.write([&](Transaction& tx) -> Result<std::int64_t> {
    EXPECT_FALSE(shard.is_current());
    return tx.run("INSERT INTO notes (text) VALUES (?)", {text});
  });
  EXPECT_TRUE(shard.is_current()) << "the caller goes on where it was";
  EXPECT_TRUE(written && *written == 1);
  auto refuse = [held = std::make_unique<int>(1)](Transaction&) -> Result<void> {
    return fail(Errc::denied, "no_right");
  };
  const auto refused = co_await database.write(std::move(refuse));
  EXPECT_EQ(refused.error().code, "no_right");
  auto read = co_await database.read(
      [](Snapshot& snapshot) -> Result<std::string> { return snapshot.one("SELECT text FROM notes")->text(0); });
  EXPECT_TRUE(shard.is_current());
  told.set_value(std::move(read));
}

TEST_F(DatabaseTest, ACoroutineResumesOnItsOwnShard) {
  Shards shards(2);
  shards.run();
  std::promise<Result<std::string>> told;
  shards.at(1).spawn("test", write_and_read(*database_, shards.at(1), told));
  const auto answer = told.get_future().get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, "through a coroutine");
  shards.stop();
}

TEST_F(DatabaseTest, ACoroutineIsToldThatTheDatabaseIsStopping) {
  Shard shard(0);
  database_->stop();
  std::optional<Errc> told;
  shard.spawn("test", [](Database& database, std::optional<Errc>& kind) -> Task<void> {
    const auto answer = co_await database.write([](Transaction&) -> Result<int> { return 1; });
    kind = answer.error().kind;
  }(*database_, told));
  shard.context().run();
  EXPECT_EQ(told, Errc::unavailable);
}

}  // namespace
}  // namespace cluse::storage
