// The promises of database.h on a real PostgreSQL, and those that only it makes: closures run again after a collision
// or a lost connection, and a second server is kept out. Skipped where CLUSE_TEST_POSTGRES names no server.
#include "server/storage/postgres/postgres_database.h"

#include "server/storage/migrations.h"
#include "server/storage/postgres/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <limits>
#include <thread>

namespace cluse::storage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(NumberParameters, LeavesQuotesAndCommentsAlone) {
  const auto [sql, count] = number_parameters("SELECT '?', \"a?\", ? -- why?\nFROM t WHERE x = ? AND y = 'it''s ?'");
  EXPECT_EQ(sql, "SELECT '?', \"a?\", $1 -- why?\nFROM t WHERE x = $2 AND y = 'it''s ?'");
  EXPECT_EQ(count, 2U);
}

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    if (test_postgres().empty()) GTEST_SKIP() << "skipped: CLUSE_TEST_POSTGRES names no server";
    schema_ = std::make_unique<TestSchema>();
    open(schema_->options());
    ASSERT_TRUE(script("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL UNIQUE)"));
  }
  void TearDown() override {
    if (database_) database_->stop();
    database_.reset();
  }

  void open(const PostgresOptions& options) {
    if (database_) database_->stop();
    database_.reset();
    auto opened = open_postgres(options, metrics_);
    ASSERT_TRUE(opened) << opened.error().code << ": " << opened.error().detail;
    database_ = std::move(*opened);
  }
  Result<void> script(std::string sql) {
    return database_->write_now([&](Transaction& tx) -> Result<void> {
      tx.script(sql);
      return {};
    });
  }
  Result<void> insert(std::int64_t id, std::string text) {
    return database_->write_now([&](Transaction& tx) -> Result<void> {
      tx.run("INSERT INTO notes (id, text) VALUES (?, ?)", {id, text});
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
  /// Ends every connection of the database under test, as a server that is started again would.
  void cut() {
    PgConnection operator_of(schema_->options(), PgConnection::Role::writer);
    static_cast<void>(
        operator_of.all("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                        "WHERE application_name = ? AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
                        {application()}));
  }
  /// As every connection of the database under test calls itself.
  std::string application() const { return "cluse " + schema_->options().schema; }
  std::uint64_t retries() { return metrics_.counter("cluse_storage_retries_total", "", "database=\"main\"").value(); }

  std::unique_ptr<TestSchema> schema_;
  Metrics metrics_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresTest, ValuesComeBackAsTheyWentIn) {
  const Id id = new_id({1'790'000'000'000});
  const std::string text = "Montb\xc3\xa9liard \xf0\x9f\x8f\x94 l'été ?";
  const Bytes bytes("\0\xff\x80\\x", 5);
  ASSERT_TRUE(script(
      "CREATE TABLE kinds (a BIGINT, b INTEGER, c DOUBLE PRECISION, d TEXT, e BLOB, f TEXT, g BIGINT, h TEXT, i BLOB, "
      "j TEXT)"));
  const auto answer = database_->write_now([&](Transaction& tx) -> Result<Row> {
    tx.run(
        "INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {std::numeric_limits<std::int64_t>::min(), true, 0.1, text, Blob{bytes}, id, Instant{12}, nullptr, Blob{}, ""});
    return *tx.one("SELECT kinds.*, a < 0, (SELECT sum(a) FROM kinds) FROM kinds");
  });
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(answer->flag(1));
  EXPECT_EQ(answer->real(2), 0.1);
  EXPECT_EQ(answer->text(3), text);
  EXPECT_EQ(answer->blob(4), bytes);
  EXPECT_EQ(answer->id(5), id);
  EXPECT_EQ(answer->instant(6), Instant{12});
  EXPECT_TRUE(answer->is_null(7));
  EXPECT_EQ(answer->blob(8), "");
  EXPECT_EQ(answer->text(9), "");
  EXPECT_TRUE(answer->flag(10)) << "a comparison is 0 or 1";
  EXPECT_EQ(answer->integer(11), std::numeric_limits<std::int64_t>::min()) << "a sum of integers is one";
}

TEST_F(PostgresTest, AnErrorRollsBackItsClosure) {
  const auto refused = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes VALUES (1, 'a')");
    return fail(Errc::denied, "no_right");
  });
  EXPECT_EQ(refused.error().code, "no_right");
  const auto thrown = database_->write_now([](Transaction& tx) -> Result<int> {
    tx.run("INSERT INTO notes VALUES (1, 'a')");
    throw std::runtime_error("a bug");
  });
  EXPECT_EQ(thrown.error().kind, Errc::internal);
  EXPECT_TRUE(notes().empty());
}

TEST_F(PostgresTest, AFailedStatementEndsItsClosure) {
  ASSERT_TRUE(insert(1, "taken"));
  const auto answer = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes VALUES (2, 'before')");
    EXPECT_THROW(tx.run("INSERT INTO notes VALUES (3, 'taken')"), SqlError);
    EXPECT_THROW(tx.run("INSERT INTO notes VALUES (4, 'instead')"), SqlError);
    return {};
  });
  EXPECT_EQ(answer.error().code, "already_exists");
  EXPECT_THAT(notes(), ElementsAre("taken"));
}

TEST_F(PostgresTest, AWrongStatementIsOurMistake) {
  EXPECT_EQ(script("SELEKT 1").error().code, "wrong_statement");
  EXPECT_EQ(script("INSERT INTO nowhere VALUES (1)").error().code, "wrong_statement");
  const auto missing = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes (text) VALUES (?)");
    return {};
  });
  EXPECT_EQ(missing.error().kind, Errc::internal);
  EXPECT_TRUE(insert(1, "still works"));
}

TEST_F(PostgresTest, AnUnresolvedForeignKeyFailsItsClosure) {
  ASSERT_TRUE(script("CREATE TABLE children (parent BIGINT REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)"));
  EXPECT_EQ(script("INSERT INTO children VALUES (99)").error().code, "constraint_violated");
  const auto later = database_->write_now([](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO children VALUES (5)");
    tx.run("INSERT INTO notes VALUES (5, 'parent')");
    return {};
  });
  EXPECT_TRUE(later);
}

TEST_F(PostgresTest, AClosureCannotReachPastItsTransaction) {
  for (const char* sql : {"COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT x", "SET synchronous_commit = off", "VACUUM",
                          "LISTEN x", "COPY notes TO '/tmp/notes'", "end", "/* */ COMMIT", "DO 'BEGIN END'"}) {
    const auto run = database_->write_now([sql](Transaction& tx) -> Result<void> {
      tx.run("INSERT INTO notes VALUES (1, 'x')");
      tx.run(sql);
      return {};
    });
    EXPECT_EQ(run.error().kind, Errc::internal) << sql;
    EXPECT_FALSE(script(std::string("INSERT INTO notes VALUES (1, 'x'); ") + sql)) << sql;
  }
  EXPECT_TRUE(notes().empty());
}

TEST_F(PostgresTest, AReaderSeesOneMomentAndCannotWrite) {
  ASSERT_TRUE(insert(1, "a"));
  const auto answer = database_->read_now([this](Snapshot& snapshot) -> Result<void> {
    const auto before = snapshot.one("SELECT count(*) FROM notes")->integer(0);
    EXPECT_TRUE(insert(2, "b"));
    EXPECT_EQ(snapshot.one("SELECT count(*) FROM notes")->integer(0), before);
    return {};
  });
  EXPECT_TRUE(answer);
  for (const char* sql :
       {"INSERT INTO notes VALUES (3, 'x')", "CREATE TABLE x (y INTEGER)", "COMMIT", "SET TRANSACTION READ WRITE"}) {
    const auto refused = database_->read_now([sql](Snapshot& snapshot) -> Result<void> {
      static_cast<void>(snapshot.all(sql));
      return {};
    });
    EXPECT_FALSE(refused) << sql;
  }
  EXPECT_THAT(notes(), ElementsAre("a", "b"));
}

TEST_F(PostgresTest, AReadThatTakesTooLongIsEnded) {
  PostgresOptions options = schema_->options();
  options.read_time_max = std::chrono::seconds(1);
  open(options);
  const auto answer = database_->read_now([](Snapshot& snapshot) -> Result<void> {
    static_cast<void>(snapshot.one("SELECT pg_sleep(600)"));
    return {};
  });
  EXPECT_EQ(answer.error().code, "query_too_slow");
}

TEST_F(PostgresTest, CollidingClosuresRunAgainUntilEachHasHadItsTurn) {
  ASSERT_TRUE(script("CREATE TABLE counter (value BIGINT NOT NULL); INSERT INTO counter VALUES (0)"));
  constexpr int kThreads = 4, kEach = 20;
  std::vector<std::jthread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        const auto written = database_->write_now([](Transaction& tx) -> Result<void> {
          const auto value = tx.one("SELECT value FROM counter")->integer(0);
          tx.run("UPDATE counter SET value = ?", {value + 1});
          return {};
        });
        if (written) ++done;
      }
    });
  }
  threads.clear();
  const auto value = database_->read_now(
      [](Snapshot& snapshot) -> Result<std::int64_t> { return snapshot.one("SELECT value FROM counter")->integer(0); });
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, done) << "what was answered is what was counted";
  EXPECT_EQ(done, kThreads * kEach);
}

// Each of the two sees that the other is there and leaves: without SERIALIZABLE nobody would be left.
TEST_F(PostgresTest, ARuleOverSeveralRowsHoldsWhenTwoChangeThemAtOnce) {
  ASSERT_TRUE(insert(1, "first manager"));
  ASSERT_TRUE(insert(2, "second manager"));
  const auto before = retries();
  std::barrier both(2);
  std::atomic<int> runs = 0;
  const auto leave = [&](std::int64_t id) {
    return database_->write_now([&, id](Transaction& tx) -> Result<void> {
      const auto left = tx.one("SELECT count(*) FROM notes")->integer(0);
      if (++runs <= 2) both.arrive_and_wait();  // both have read before either writes
      if (left < 2) return fail(Errc::conflict, "last_manager");
      tx.run("DELETE FROM notes WHERE id = ?", {id});
      return {};
    });
  };
  auto other = std::async(std::launch::async, [&] { return leave(2); });
  const auto mine = leave(1);
  const auto theirs = other.get();
  EXPECT_NE(mine.has_value(), theirs.has_value());
  EXPECT_EQ((mine ? theirs : mine).error().code, "last_manager");
  EXPECT_EQ(notes().size(), 1U);
  EXPECT_GT(retries(), before);
}

TEST_F(PostgresTest, LostConnectionsAreMadeAnew) {
  ASSERT_TRUE(insert(1, "before"));
  cut();
  EXPECT_THAT(notes(), ElementsAre("before"));
  EXPECT_TRUE(insert(2, "after"));
  bool is_cut = false;
  const auto within = database_->write_now([&](Transaction& tx) -> Result<void> {
    tx.run("INSERT INTO notes VALUES (3, 'within')");
    if (!std::exchange(is_cut, true)) cut();
    tx.run("INSERT INTO notes VALUES (4, 'whole')");
    return {};
  });
  EXPECT_TRUE(within) << within.error().detail;
  EXPECT_THAT(notes(), ElementsAre("before", "after", "within", "whole"));
  EXPECT_FALSE(database_->failed());
}

TEST_F(PostgresTest, ASecondServerIsKeptOut) {
  Metrics metrics;
  const auto second = open_postgres(schema_->options(), metrics);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "database_in_use");
  cut();
  ASSERT_TRUE(insert(1, "the lock is taken again with the connection"));
  EXPECT_EQ(open_postgres(schema_->options(), metrics).error().code, "database_in_use");
}

TEST_F(PostgresTest, AServerThatWasTakenOverWritesNoMore) {
  std::promise<Error> told;
  PostgresOptions options = schema_->options();
  options.on_failed = [&](const Error& error) { told.set_value(error); };
  open(options);
  ASSERT_TRUE(insert(1, "before"));
  // While ours is cut off, another gets the lock first.
  PgConnection other(schema_->options(), PgConnection::Role::writer);
  std::jthread taker([&] {
    static_cast<void>(other.all("SELECT pg_advisory_lock(hashtextextended(?, 0))", {"cluse " + options.schema}));
  });
  PgConnection watcher(schema_->options(), PgConnection::Role::reader);
  const std::string ours =
      "FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' "
      "WHERE a.application_name = ?";
  while (watcher.all("SELECT 1 " + ours + " AND NOT l.granted", {application()}).empty()) {}
  static_cast<void>(
      watcher.all("SELECT pg_terminate_backend(a.pid, 5000) " + ours + " AND l.granted", {application()}));
  taker.join();
  static_cast<void>(
      watcher.all("SELECT pg_terminate_backend(a.pid, 5000) " + ours + " AND a.query LIKE 'COMMIT%'", {application()}));
  EXPECT_FALSE(insert(2, "after"));
  EXPECT_EQ(told.get_future().get().code, "database_in_use");
  EXPECT_TRUE(database_->failed());
}

TEST_F(PostgresTest, NobodyThereIsSaidInWords) {
  PostgresOptions options = schema_->options();
  options.connection = "host=/nowhere dbname=cluse";
  Metrics metrics;
  const auto opened = open_postgres(options, metrics);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "storage_unreachable");
  EXPECT_THAT(opened.error().detail, HasSubstr("/nowhere"));
}

TEST_F(PostgresTest, ADatabaseThatSortsOtherwiseIsRefused) {
  PgConnection maker(schema_->options(), PgConnection::Role::writer);
  const std::string name = schema_->options().schema;
  maker.control(("CREATE DATABASE " + quote_identifier(name) +
                 " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'fr' LOCALE 'C.UTF-8'")
                    .c_str());
  PostgresOptions options = schema_->options();
  options.connection += " dbname=" + name;
  Metrics metrics;
  const auto opened = open_postgres(options, metrics);
  EXPECT_EQ(opened.error().code, "postgres_collation");
  EXPECT_THAT(opened.error().detail, HasSubstr("CREATE DATABASE"));
  maker.control(("DROP DATABASE " + quote_identifier(name)).c_str());
}

TEST_F(PostgresTest, MigrationsRunOnceAndAreWhole) {
  const Migration all[] = {
      {1, "people", "CREATE TABLE people (id BIGINT PRIMARY KEY, face BLOB); INSERT INTO people VALUES (1, NULL)"},
      {2, "broken", "CREATE TABLE towns (name TEXT); INSERT INTO nowhere VALUES (1)"}};
  EXPECT_FALSE(migrate(*database_, all));
  EXPECT_FALSE(script("SELECT * FROM towns")) << "a migration that fails leaves nothing";
  EXPECT_TRUE(migrate(*database_, std::span(all).first(1)));
  EXPECT_EQ(migrate(*database_, {}).error().code, "schema_newer");
}

TEST_F(PostgresTest, StoppingFinishesWhatWasSubmittedAndRefusesTheRest) {
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    database_->submit_write(
        [i](Transaction& tx) -> Result<void> {
          tx.run("INSERT INTO notes VALUES (?, ?)", {i, std::to_string(i)});
          return {};
        },
        [&](Result<void> outcome) {
          EXPECT_TRUE(outcome);
          ++done;
        });
  }
  database_->stop();
  EXPECT_EQ(done, 20);
  EXPECT_EQ(insert(21, "late").error().code, "stopping");
  open(schema_->options());
  EXPECT_EQ(notes().size(), 20U);
}

}  // namespace
}  // namespace cluse::storage
