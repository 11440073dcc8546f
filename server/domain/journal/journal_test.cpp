// Aim: whatever is changed in the journal behind its back, the verifier names the event; and the journal itself never
// leaves a hole, also when transactions collide.
// Method: a real store (SQLite or PostgreSQL); tampering by SQL, one byte of one column of one row at a time; the
// standalone verifier reads an export of the same chain.

#include "server/domain/journal/journal.h"
#include "server/domain/journal/chain.h"
#include "server/domain/journal/lookup.h"
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
    {3, "lean_journal", kLeanSchema},
    {4, "journal_in_one_row", kOneRowSchema},
};
constexpr std::size_t kTwoTablesUpTo = 3;

class Journal : public testing::Test {
 protected:
  explicit Journal(std::size_t up_to = std::size(kMigrations)) : store(directory.path()) {
    store.reopen(metrics);
    EXPECT_TRUE(storage::migrate(*store, std::span(kMigrations).first(up_to)));
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
        EXPECT_EQ(flipped("journal", column, sequence, at), "detail_altered " + std::to_string(sequence));
  EXPECT_EQ(words(), "intact") << "everything was put back";
}

TEST_F(Journal, NamesTheEventOfAnAlteredNumber) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"UPDATE journal SET at = at + 1 WHERE sequence = 4", "altered 4"},
      {"UPDATE journal SET sequence = 400 WHERE sequence = 4", "moved 4"},
      {"UPDATE journal SET sequence = -4 WHERE sequence = 4", "missing 4"},
      {"UPDATE journal SET salt = NULL, body = NULL WHERE sequence = 4", "detail_missing 4"},
      {"UPDATE journal SET salt = NULL WHERE sequence = 4", "detail_altered 4"},
      {"UPDATE journal SET body = NULL WHERE sequence = 4", "detail_altered 4"},
      {"UPDATE journal SET body = (SELECT o.body FROM journal o WHERE o.sequence = 5), "
       "salt = (SELECT o.salt FROM journal o WHERE o.sequence = 5) WHERE sequence = 4",
       "detail_altered 4"},
      {"UPDATE journal SET erased_by = 5, salt = '', body = '' WHERE sequence = 4", "detail_missing 4"},
      {"UPDATE journal SET erased_by = 99, salt = '', body = '' WHERE sequence = 4", "detail_missing 4"},
      {"UPDATE journal SET salt = 'a', body = 'b' WHERE sequence = 3", "detail_altered 3"},
      {"UPDATE journal SET erased_by = 5 WHERE sequence = 3", "detail_altered 3"},
      {"UPDATE journal SET is_last = 1 WHERE sequence = 3", "altered 3"},
      {"UPDATE journal SET is_last = 0 WHERE sequence = 6", "cut 7"},
      {"UPDATE journal_lookup_end SET sequence = 9", "cut 7"},
      {"DELETE FROM journal", "cut 1"},
      {"DELETE FROM journal WHERE sequence > 5", "cut 6"},
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

// Whoever can cut the end off can also say that it is the end: only a head that was noted elsewhere shows it.
TEST_F(Journal, ShowsACutEndToWhoeverNotedTheHead) {
  fill(6);
  const std::string head = verdict().head;
  const std::string earlier = records()[2].hash;
  ASSERT_TRUE(run("DELETE FROM journal WHERE sequence > 4"));
  ASSERT_TRUE(run("UPDATE journal SET is_last = 1 WHERE sequence = 4"));
  EXPECT_EQ(words(), "intact");
  EXPECT_EQ(words(parse_head(head)), "cut 5");
  EXPECT_EQ(words(parse_head("6:" + head)), "cut 5");
  EXPECT_EQ(words(parse_head("3:" + earlier)), "intact");
  EXPECT_EQ(words(parse_head("3:" + head)), "altered 3");
  EXPECT_FALSE(parse_head("3:abc"));
  EXPECT_FALSE(parse_head("x:" + head));
}

// What is written after a clumsy cut does not heal it.
TEST_F(Journal, AnEventAfterACutLeavesAHole) {
  fill(6);
  ASSERT_TRUE(run("DELETE FROM journal WHERE sequence > 4"));
  fill(2);
  EXPECT_EQ(words(), "missing 5");
  ASSERT_TRUE(run("DELETE FROM journal"));
  fill(2);
  EXPECT_EQ(words(), "missing 1");
  ASSERT_TRUE(run("DELETE FROM journal"));
  ASSERT_TRUE(run("UPDATE journal_lookup_end SET sequence = 7"));
  fill(1);
  EXPECT_EQ(records().front().sequence, 9) << "behind what was there before";
}

TEST_F(Journal, VerifiesWhatIsAppendedMeanwhile) {
  fill(3);
  Verifier verifier;
  const auto next = [&] {
    return store->read_now([&](storage::Snapshot& snapshot) -> Result<bool> { return verifier.next(snapshot); })
        .value();
  };
  ASSERT_TRUE(next());
  fill(2);
  ASSERT_TRUE(next());
  ASSERT_FALSE(next());
  EXPECT_FALSE(verifier.verdict().finding);
  EXPECT_EQ(verifier.verdict().events, 5);
}

// Half of it is entered, half is not: each event of a person and of a thing is found all the same, once.
TEST_F(Journal, FindsTheEventsOfAnIdWhetherEnteredOrNot) {
  fill(7);
  const auto sequences_of = [&](Id id) {
    return store
        ->read_now([&](storage::Snapshot& snapshot) -> Result<std::vector<std::int64_t>> {
          std::vector<std::int64_t> found;
          for (const auto& row : snapshot.all(
                   "SELECT sequence FROM journal WHERE sequence IN " + std::string(kEventsOf) + " ORDER BY sequence",
                   {id, id, id}))
            found.push_back(row.integer(0));
          return found;
        })
        .value();
  };
  const std::vector<std::int64_t> all{1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(sequences_of(person), all);
  for (const std::int64_t expected : {4, 3, 0}) {
    const auto entered = write([&](storage::Transaction& tx) { EXPECT_EQ(enter(tx, 4), expected); });
    ASSERT_TRUE(entered);
    EXPECT_EQ(sequences_of(person), all);
    EXPECT_EQ(sequences_of(document), all);
    EXPECT_TRUE(sequences_of(new_id(clock.now())).empty());
  }
  EXPECT_EQ(words(), "intact");
}

TEST_F(Journal, EntersBehindInSeveralTransactions) {
  ASSERT_TRUE(write([&](storage::Transaction& tx) {
    for (int i = 0; i < kUnenteredMax; ++i) append(tx, event("Titre"));
  }));
  EXPECT_EQ(enter_behind(*store).value(), 0) << "so many may wait";
  ASSERT_TRUE(write([&](storage::Transaction& tx) {
    for (int i = 0; i < kEnteredAtOnce + 1; ++i) append(tx, event("Titre"));
  }));
  EXPECT_EQ(enter_behind(*store).value(), kEnteredAtOnce + kEnteredAtOnce / 2 + 1) << "in two transactions";
  EXPECT_EQ(words(), "intact");
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
  ASSERT_TRUE(run("UPDATE journal SET erased_by = 3 WHERE sequence = 2"));
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

// The same whether the earlier one is entered or not, and after the transaction of one was undone.
TEST_F(Journal, NotesAnEditAgainThatWasUndone) {
  const auto edit = [&](bool keep) {
    static_cast<void>(store->write_now([&](storage::Transaction& tx) -> Result<void> {
      append_edit(tx, {person, {}, {}}, document, workspace, clock.now());
      if (!keep) return fail(Errc::conflict, "undone");
      return {};
    }));
  };
  edit(false);
  EXPECT_TRUE(records().empty());
  edit(true);
  EXPECT_EQ(records().size(), 1U);
  ASSERT_TRUE(write([&](storage::Transaction& tx) { EXPECT_EQ(enter(tx), 1); }));
  edit(true);
  EXPECT_EQ(records().size(), 1U);
  clock.advance(kEditStep);
  edit(false);
  edit(true);
  edit(true);
  EXPECT_EQ(records().size(), 2U);
  EXPECT_EQ(words(), "intact");
}

TEST_F(Journal, WritesDetailsAsJson) {
  Event one = event("Un \"titre\" \\ de\nMünster\x01");
  one.details.emplace_back("before", "");
  ASSERT_TRUE(write([&](storage::Transaction& tx) { append(tx, one); }));
  EXPECT_EQ(records().front().detail->body, R"({"title":"Un \"titre\" \\ de\nMünster\u0001","before":""})");
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
  for (const char* sql : {"UPDATE journal SET request_id = 'other' WHERE sequence = 4",
                          "UPDATE journal SET body = '{}' WHERE sequence = 4",
                          "UPDATE journal SET salt = NULL, body = NULL WHERE sequence = 4"}) {
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

/// A journal as releases until migration 15 wrote it: details and length in tables of their own.
class OldJournal : public Journal {
 protected:
  OldJournal() : Journal(kTwoTablesUpTo) {}

  void fill_old(int count) {
    ASSERT_TRUE(write([&](storage::Transaction& tx) {
      std::string previous(kGenesis);
      for (int i = 1; i <= count; ++i) {
        Record record{i,
                      {1'000 * i},
                      person.to_string(),
                      "",
                      i == count ? "person.erased" : "document.created",
                      "document",
                      document.to_string(),
                      workspace.to_string(),
                      "request",
                      {},
                      {}};
        if (i % 2 == 1) {
          record.detail = Detail{"salt", R"({"title":"Ancien"})", {}, {}};
          record.commitment = commitment_of(record.detail->salt, record.detail->body);
        }
        previous = record.hash = hash_of(previous, record);
        insert_old(tx, record);
      }
      tx.run("INSERT INTO journal_head (id, length) VALUES (1, ?)", {count});
      tx.run("UPDATE journal_detail SET salt = '', body = '', erased_by = ? WHERE sequence = 1", {count});
    }));
  }
  void insert_old(storage::Transaction& tx, const Record& r) {
    tx.run(
        "INSERT INTO journal (sequence, at, actor_id, hat_id, verb, object_kind, object_id, workspace_id, request_id, "
        "commitment, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {r.sequence, r.at, r.actor, r.hat, r.verb, r.object_kind, r.object, r.workspace, r.request, r.commitment,
         r.hash});
    if (r.detail)
      tx.run("INSERT INTO journal_detail (sequence, salt, body) VALUES (?, ?, ?)",
             {r.sequence, r.detail->salt, r.detail->body});
  }
  void migrate_on() { ASSERT_TRUE(storage::migrate(*store, kMigrations)); }
};

TEST_F(OldJournal, StillVerifiesBeforeAndAfterItIsCarriedOver) {
  fill_old(8);
  EXPECT_EQ(words(), "intact") << "as a backup of then is verified";
  const auto before = verdict();
  migrate_on();
  EXPECT_EQ(words(), "intact");
  EXPECT_EQ(verdict().head, before.head);
  EXPECT_EQ(verdict().events, 8);
  EXPECT_EQ(verdict().erased, 1);
  fill(3);
  EXPECT_EQ(words(parse_head("8:" + before.head)), "intact");
  EXPECT_EQ(records().back().sequence, 11);
  EXPECT_EQ(store->read_now([&](storage::Snapshot& snapshot) -> Result<std::int64_t> { return unentered(snapshot); }),
            3)
      << "those of before are in the lookup";
  ASSERT_TRUE(run("UPDATE journal SET body = '{}' WHERE sequence = 3"));
  EXPECT_EQ(words(), "detail_altered 3");
}

TEST_F(OldJournal, StaysBrokenWhereItWasBroken) {
  const auto after = [&](const std::string& sql) {
    EXPECT_TRUE(run(sql)) << sql;
    return words();
  };
  fill_old(8);
  EXPECT_EQ(after("DELETE FROM journal_detail WHERE sequence = 7"), "detail_missing 7");
  EXPECT_EQ(after("UPDATE journal_detail SET body = '' WHERE sequence = 5"), "detail_altered 5");
  EXPECT_EQ(after("UPDATE journal SET at = 1 WHERE sequence = 4"), "altered 4");
  migrate_on();
  EXPECT_EQ(words(), "altered 4");
}

TEST_F(OldJournal, StaysCutWhereItWasCut) {
  fill_old(8);
  ASSERT_TRUE(run("DELETE FROM journal WHERE sequence > 6"));
  ASSERT_TRUE(run("DELETE FROM journal_detail WHERE sequence > 6 OR erased_by IS NOT NULL"));
  ASSERT_TRUE(run("INSERT INTO journal_detail (sequence, salt, body) VALUES (1, 'salt', '{\"title\":\"Ancien\"}')"));
  EXPECT_EQ(words(), "cut 7");
  migrate_on();
  EXPECT_EQ(words(), "cut 7");
  fill(1);
  EXPECT_EQ(words(), "missing 7");
}

}  // namespace
}  // namespace cluse::domain::journal
