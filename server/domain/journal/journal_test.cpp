// Aim: whatever is changed in the journal behind its back, the verifier names the event; and the journal itself never
// leaves a hole, also when transactions collide.
// Method: a real store (SQLite or PostgreSQL); tampering by SQL, one byte of one column of one row at a time; the
// standalone verifier reads an export of the same chain.

#include "server/domain/journal/journal.h"
#include "server/domain/journal/chain.h"
#include "server/domain/journal/schema.h"
#include "server/storage/migrations.h"
#include "server/storage/test_store.h"
#include "server/storage/testing.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

namespace cluse::domain::journal {
namespace {

constexpr storage::Migration kMigrations[] = {
    {1, "person", "CREATE TABLE person (id TEXT PRIMARY KEY);"},
    {2, "journal", kSchema},
};

class Journal : public testing::Test {
 protected:
  Journal() : store(directory.path()) {
    store.reopen(metrics);
    EXPECT_TRUE(storage::migrate(*store, kMigrations));
  }
  ~Journal() override { store->stop(); }

  Event event(const std::string& title) {
    return {{person, {}, "request-1"}, Verb::document_created, ObjectKind::document, document, workspace, clock.now(),
            {{"title", title}}};
  }
  void fill(int count) {
    for (int i = 0; i < count; ++i) {
      clock.advance(std::chrono::seconds(1));
      ASSERT_TRUE(write([&](storage::Transaction& tx) {
        Event one = event("Titre " + std::to_string(i));
        if (i % 3 == 2) one.details.clear();
        append(tx, one);
      }));
    }
  }
  template <class F>
  Result<void> write(F change) {
    return store->write_now([&](storage::Transaction& tx) -> Result<void> {
      change(tx);
      return {};
    });
  }
  Result<void> run(const std::string& sql) {
    return write([&](storage::Transaction& tx) { tx.run(sql); });
  }
  Verdict verdict(std::optional<KnownHead> known = {}) {
    return store->read_now([&](storage::Snapshot& snapshot) -> Result<Verdict> { return verify(snapshot, known); })
        .value();
  }
  /// "altered 3", or "intact".
  std::string words(std::optional<KnownHead> known = {}) {
    const auto found = verdict(std::move(known)).finding;
    return found ? std::string(to_text(found->fault)) + " " + std::to_string(found->sequence) : "intact";
  }
  std::vector<Record> records() {
    return store
        ->read_now(
            [](storage::Snapshot& snapshot) -> Result<std::vector<Record>> { return read_records(snapshot, 0, 1'000); })
        .value();
  }
  void export_to(const std::filesystem::path& file) {
    std::ofstream stream(file);
    for (const auto& record : records()) stream << to_json_line(record);
  }
  /// Exit status of the standalone verifier.
  int verify_alone(const std::filesystem::path& file, const std::string& more = {}) {
    const std::string command =
        "python3 " CLUSE_SOURCE_DIR "/tools/verify_journal.py " + file.string() + " " + more + " > /dev/null";
    return WEXITSTATUS(std::system(command.c_str()));  // NOLINT
  }

  storage::TemporaryDirectory directory;
  FakeClock clock;
  Metrics metrics;
  storage::TestStore store;
  const Id person = new_id(clock.now()), document = new_id(clock.now()), workspace = new_id(clock.now());
};

TEST_F(Journal, IsGaplessAndIntact) {
  EXPECT_EQ(words(), "intact");
  fill(7);
  const auto all = records();
  ASSERT_EQ(all.size(), 7U);
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].sequence, static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(words(), "intact");
  EXPECT_EQ(verdict().head, all.back().hash);
}

TEST_F(Journal, KeepsWhatPeopleTypedOutOfTheChain) {
  fill(1);
  const Record one = records().front();
  for (const auto& field : {one.actor, one.hat, one.verb, one.object, one.workspace, one.request, one.commitment})
    EXPECT_EQ(field.find("Titre"), std::string::npos);
  EXPECT_EQ(one.detail->body, R"({"title":"Titre 0"})");
}

// Both or neither: a change that is rolled back leaves no event and no hole.
TEST_F(Journal, RollsBackWithTheChange) {
  fill(2);
  const auto failed = store->write_now([&](storage::Transaction& tx) -> Result<void> {
    append(tx, event("never"));
    return fail(Errc::conflict, "conflict");
  });
  EXPECT_FALSE(failed);
  fill(1);
  EXPECT_EQ(records().back().sequence, 3);
  EXPECT_EQ(words(), "intact");
}

TEST_F(Journal, StaysGaplessWhenManyAppendAtOnce) {
  constexpr int kThreads = 4, kEach = 25;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i)
        // A closure that lost too often says so; whoever called tries again, as a client would.
        while (!write([&](storage::Transaction& tx) { append(tx, event("Titre")); })) {}
      done += kEach;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(records().size(), static_cast<std::size_t>(done));
  EXPECT_EQ(words(), "intact");
}

// reliability.md B27: flip one byte, the verifier names the row.
TEST_F(Journal, NamesTheEventOfAnyFlippedByte) {
  fill(6);
  const auto flipped = [&](const std::string& table, const std::string& column, std::int64_t sequence, int at) {
    const std::string where = " WHERE sequence = " + std::to_string(sequence);
    const auto value = store
                           ->read_now([&](storage::Snapshot& snapshot) -> Result<std::string> {
                             return snapshot.one("SELECT " + column + " FROM " + table + where)->text(0);
                           })
                           .value();
    std::string other = value;
    if (other.empty()) other = "x";
    else other[static_cast<std::size_t>(at) % other.size()] ^= 1;
    const auto set = [&](const std::string& to) {
      return write(
          [&](storage::Transaction& tx) { tx.run("UPDATE " + table + " SET " + column + " = ?" + where, {to}); });
    };
    EXPECT_TRUE(set(other));
    const std::string found = words();
    EXPECT_TRUE(set(value));
    return found;
  };
  for (const char* column :
       {"actor_id", "hat_id", "verb", "object_kind", "object_id", "workspace_id", "request_id", "commitment", "hash"})
    for (const std::int64_t sequence : {1, 3, 4, 6})
      for (const int at : {0, 5, 63})
        EXPECT_EQ(flipped("journal", column, sequence, at), "altered " + std::to_string(sequence)) << column;
  for (const char* column : {"salt", "body"})
    for (const std::int64_t sequence : {1, 4, 5})
      for (const int at : {0, 5, 31})
        EXPECT_EQ(flipped("journal_detail", column, sequence, at), "detail_altered " + std::to_string(sequence));
  EXPECT_EQ(words(), "intact") << "everything was put back";
}

TEST_F(Journal, NamesTheEventOfAnAlteredNumber) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"UPDATE journal SET at = at + 1 WHERE sequence = 4", "altered 4"},
      {"UPDATE journal SET sequence = 400 WHERE sequence = 4", "moved 4"},
      {"UPDATE journal SET sequence = -4 WHERE sequence = 4", "missing 4"},
      {"UPDATE journal_detail SET sequence = 400 WHERE sequence = 4", "detail_missing 4"},
      {"UPDATE journal_detail SET erased_by = 5, salt = '', body = '' WHERE sequence = 4", "detail_missing 4"},
      {"DELETE FROM journal_detail WHERE sequence = 4", "detail_missing 4"},
      {"INSERT INTO journal_detail (sequence, salt, body) VALUES (3, 'a', 'b')", "detail_altered 3"},
      {"INSERT INTO journal_detail (sequence, salt, body) VALUES (99, 'a', 'b')", "detail_altered 99"},
      {"UPDATE journal_head SET length = 9", "cut 7"},
      {"DELETE FROM journal WHERE sequence = 4", "missing 4"},
      {"DELETE FROM journal WHERE sequence = 1", "missing 1"},
      {"DELETE FROM journal WHERE sequence > 4", "cut 5"},
  };
  fill(6);
  for (const auto& [sql, found] : cases) {
    // Everything is rolled back after it was looked at.
    const auto looked = store->write_now([&](storage::Transaction& tx) -> Result<void> {
      tx.run(sql);
      const auto finding = verify(tx).finding;
      EXPECT_EQ(finding ? std::string(to_text(finding->fault)) + " " + std::to_string(finding->sequence) : "", found)
          << sql;
      return fail(Errc::conflict, "rolled_back");
    });
    EXPECT_FALSE(looked);
  }
  EXPECT_EQ(words(), "intact");
}

TEST_F(Journal, NamesEventsThatChangedPlaces) {
  fill(6);
  ASSERT_TRUE(run("UPDATE journal SET sequence = 1000 WHERE sequence = 2"));
  ASSERT_TRUE(run("UPDATE journal SET sequence = 2 WHERE sequence = 5"));
  ASSERT_TRUE(run("UPDATE journal SET sequence = 5 WHERE sequence = 1000"));
  const auto found = verdict().finding;
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fault, Fault::moved);
  EXPECT_EQ(found->sequence, 2);
  EXPECT_EQ(found->found_at, 5);
}

// Whoever can cut the end off can also set the length: only a head that was noted elsewhere shows it.
TEST_F(Journal, ShowsACutEndToWhoeverNotedTheHead) {
  fill(6);
  const std::string head = verdict().head;
  const std::string earlier = records()[2].hash;
  ASSERT_TRUE(run("DELETE FROM journal WHERE sequence > 4"));
  ASSERT_TRUE(run("DELETE FROM journal_detail WHERE sequence > 4"));
  ASSERT_TRUE(run("UPDATE journal_head SET length = 4"));
  EXPECT_EQ(words(), "intact");
  EXPECT_EQ(words(parse_head(head)), "cut 5");
  EXPECT_EQ(words(parse_head("6:" + head)), "cut 5");
  EXPECT_EQ(words(parse_head("3:" + earlier)), "intact");
  EXPECT_EQ(words(parse_head("3:" + head)), "altered 3");
  EXPECT_FALSE(parse_head("3:abc"));
  EXPECT_FALSE(parse_head("x:" + head));
}

TEST_F(Journal, AnErasureLeavesTheChainIntact) {
  fill(5);
  ASSERT_TRUE(write([&](storage::Transaction& tx) {
    const auto erasure =
        append(tx, {{person, {}, ""}, Verb::person_erased, ObjectKind::person, person, {}, clock.now(), {}});
    erase_detail(tx, 2, erasure);
  }));
  EXPECT_EQ(words(), "intact");
  EXPECT_EQ(verdict().erased, 1);
  EXPECT_EQ(verdict().events, 6);
  ASSERT_TRUE(run("UPDATE journal_detail SET erased_by = 3 WHERE sequence = 2"));
  EXPECT_EQ(words(), "detail_missing 2") << "event 3 erased nobody";
}

TEST_F(Journal, NotesEditsOncePerPersonAndWhile) {
  const auto edit = [&](Id who) {
    ASSERT_TRUE(write([&](storage::Transaction& tx) {
      append_edit(tx, {who, {}, {}}, document, workspace, clock.now());
    }));
  };
  const Id other = new_id(clock.now());
  for (int i = 0; i < 5; ++i) edit(person);
  edit(other);
  edit(person);
  EXPECT_EQ(records().size(), 2U);
  clock.advance(kEditStep);
  edit(person);
  EXPECT_EQ(records().size(), 3U);
}

TEST_F(Journal, TheStandaloneVerifierAgrees) {
  fill(6);
  ASSERT_TRUE(write([&](storage::Transaction& tx) {
    const auto erasure =
        append(tx, {{person, {}, ""}, Verb::person_erased, ObjectKind::person, person, {}, clock.now(), {}});
    erase_detail(tx, 2, erasure);
  }));
  const auto file = directory / "journal.jsonl";
  const std::string head = verdict().head;
  export_to(file);
  EXPECT_EQ(verify_alone(file), 0);
  EXPECT_EQ(verify_alone(file, "--head 7:" + head), 0);
  for (const char* sql :
       {"UPDATE journal SET request_id = 'other' WHERE sequence = 4",
        "UPDATE journal_detail SET body = '{}' WHERE sequence = 4", "DELETE FROM journal_detail WHERE sequence = 4"}) {
    const auto looked = store->write_now([&](storage::Transaction& tx) -> Result<void> {
      tx.run(sql);
      std::ofstream stream(file);
      for (const auto& record : read_records(tx, 0, 100)) stream << to_json_line(record);
      return fail(Errc::conflict, "rolled_back");
    });
    EXPECT_FALSE(looked);
    EXPECT_EQ(verify_alone(file), 1) << sql;
  }
  ASSERT_TRUE(run("DELETE FROM journal WHERE sequence = 7"));
  export_to(file);
  EXPECT_EQ(verify_alone(file), 1) << "the details of event 2 name an erasure that is not there";
  EXPECT_EQ(verify_alone(file, "--head " + head), 1);
  std::ofstream(file) << "{\"sequence\": 1}\n";
  EXPECT_EQ(verify_alone(file), 2);
}

}  // namespace
}  // namespace cluse::domain::journal
