// Aim: the host of the tests of plugins refuses and repeats what the server does: grants, SQL, transactions, jobs. The
// plugin here does what it is told to.
#include <cluse/test.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

class Probe final : public cluse::Plugin {
 public:
  explicit Probe(cluse::Host host) : Plugin(host) {
    route("POST /run/{what}", &Probe::run);
    notice("document.purged", &Probe::on_purged);
    job("work", &Probe::work);
    job("hidden", &Probe::work);
  }
  inline static std::function<void(Probe&, const cluse::Call&)> body;
  inline static int jobs_fail = 0, jobs = 0;
  using Plugin::host;
  using Plugin::schedule;
  using Plugin::storage;

 private:
  cluse::Response run(const cluse::Call& call, const cluse::Request& request) {
    if (body) body(*this, call);
    return cluse::Response::text(request.param("what") + request.query("more"));
  }
  void on_purged(const cluse::Call&, const cluse::Value& event) {
    if (event["object"].as<std::string>() == "bad") throw std::runtime_error("it went wrong");
    host().info("told of " + event["object"].as<std::string>());
  }
  void work(const cluse::Call& call, const cluse::Value&) {
    ++jobs;
    if (jobs_fail-- > 0) throw std::runtime_error("not yet");
    if (body) body(*this, call);
  }
};
const cluse_entry kEntry = {sizeof(cluse_entry), CLUSE_ABI_MAJOR, CLUSE_ABI_MINOR, 0,
                            &cluse::plugin_detail::Access::create<Probe>};

constexpr const char* kManifest = R"([plugin]
id = "org.example.probe"  # "not this"
needs = ["cluse.storage/1", "cluse.http/1",
  "cluse.events/1", "cluse.jobs/1"]
[grants]
routes = [
  "POST /run/{what}",  # one
]
notices = ["document.purged"]
asks = [{ hook = "document.create", budget_ms = 50, on_failure = "allow" }]
jobs = ["work"]
)";

class TestHostTest : public ::testing::Test {
 protected:
  TestHostTest() {
    std::string pattern = (fs::temp_directory_path() / "cluse-sdk-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    fs::create_directory(folder_ / "migrations");
    std::ofstream(folder_ / "plugin.toml") << kManifest;
    std::ofstream(folder_ / "migrations/001_t.sql") << "CREATE TABLE t (n INTEGER PRIMARY KEY);";
    std::ofstream(folder_ / "migrations/002_t.sql") << "INSERT INTO t VALUES (1);";
    Probe::body = nullptr;
    Probe::jobs = Probe::jobs_fail = 0;
    host_.emplace(kEntry, folder_);
  }
  ~TestHostTest() override {
    host_.reset();
    fs::remove_all(folder_);
  }
  /// The status of a call whose handler does this.
  int doing(std::function<void(Probe&, const cluse::Call&)> body) {
    Probe::body = std::move(body);
    return host_->call("POST", "/run/it").status;
  }
  int writing(const char* sql) {
    return doing([sql](Probe& probe, const cluse::Call& call) {
      probe.storage().write(call, [sql](cluse::Tx& tx) { tx.run(sql); });
    });
  }
  std::int64_t count() { return host_->rows("SELECT count(*) FROM t")[0].items()[0].as<std::int64_t>(); }

  fs::path folder_;
  std::optional<cluse::test::Host> host_;
};

TEST_F(TestHostTest, GrantsWhatTheManifestListsAndNothingElse) {
  EXPECT_EQ(host_->call("POST", "/run/a%20b?more=%C3%A9+1").body, "a bé 1");
  EXPECT_EQ(host_->call("GET", "/run/it").status, 404);
  EXPECT_EQ(host_->call("POST", "/run/").status, 404);
  EXPECT_THROW(host_->deliver("person.added"), std::logic_error);
  EXPECT_THROW(host_->ask("document.rename", {}), std::logic_error);
  EXPECT_EQ(doing([](Probe& probe, const cluse::Call& call) { probe.schedule(call, "hidden", "", cluse::now()); }),
            500);
  EXPECT_TRUE(host_->jobs().empty());
  EXPECT_NE(host_->log().back().line.find("not granted: job hidden"), std::string::npos);
}

TEST_F(TestHostTest, SqlIsUnderTheRulesOfTheServer) {
  EXPECT_EQ(writing("INSERT INTO t VALUES (2)"), 200);
  EXPECT_EQ(count(), 2);
  for (const char* sql : {"ATTACH 'x' AS x", "PRAGMA journal_mode=DELETE", "PRAGMA max_page_count=9", "BEGIN", "COMMIT",
                          "SAVEPOINT s", "CREATE TEMP TABLE x (n)", "DELETE FROM cluse_job", "SELECT * FROM Cluse_Job"})
    EXPECT_EQ(writing(sql), 500) << sql;
  for (const char* sql : {"nonsense", "SELECT 1; SELECT 2", "", "SELECT ?1", "SELECT load_extension('x')"})
    EXPECT_EQ(writing(sql), 400) << sql;
  EXPECT_EQ(writing("INSERT INTO t VALUES (1)"), 409);
  EXPECT_EQ(writing("PRAGMA table_info(t)"), 200);
  EXPECT_EQ(doing([](Probe& probe, const cluse::Call& call) {
              probe.storage().read(call, [](cluse::Tx& tx) { tx.run("DELETE FROM t"); });
            }),
            500);
  EXPECT_EQ(count(), 2);
}

TEST_F(TestHostTest, WhatACallLeavesOpenIsRolledBack) {
  EXPECT_EQ(doing([](Probe& probe, const cluse::Call& call) {
              probe.storage().write(call, [&](cluse::Tx& tx) {
                tx.run("DELETE FROM t");
                probe.schedule(call, "work", "k", cluse::now());
                throw cluse::Refused("no");
              });
            }),
            403);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(host_->jobs().empty());
}

TEST_F(TestHostTest, TimeStandsStillUntilItIsMoved) {
  const auto start = host_->now();
  Probe::body = [](Probe& probe, const cluse::Call& call) {
    if (Probe::jobs < 3) probe.schedule(call, "work", "again", cluse::now() + hours(1));
  };
  host_->call("POST", "/run/it");
  ASSERT_EQ(host_->jobs().size(), 1U);
  EXPECT_EQ(host_->jobs()[0].at, start + hours(1));
  host_->advance(hours(2));
  EXPECT_EQ(Probe::jobs, 2) << "also one that another has scheduled";
  host_->advance(hours(10));
  EXPECT_EQ(Probe::jobs, 3);
  EXPECT_EQ(host_->now(), start + hours(12));
  Probe::body = [](Probe& probe, const cluse::Call& call) { probe.schedule(call, "work", "again", cluse::now()); };
  host_->call("POST", "/run/it");
  EXPECT_THROW(host_->advance(seconds(1)), std::logic_error);
  host_.reset();
  EXPECT_GT(cluse::now(), start) << "and is the system's afterwards";
}

TEST_F(TestHostTest, AJobThatFailsIsTriedAgainAndThenSetAside) {
  Probe::jobs_fail = 2;
  doing([](Probe& probe, const cluse::Call& call) { probe.schedule(call, "work", "k", cluse::now()); });
  Probe::body = nullptr;
  host_->advance(seconds(0));
  EXPECT_EQ(host_->jobs()[0].attempts, 1);
  host_->advance(seconds(3));
  EXPECT_EQ(Probe::jobs, 3);
  EXPECT_TRUE(host_->jobs().empty());
  Probe::jobs_fail = 100;
  doing([](Probe& probe, const cluse::Call& call) { probe.schedule(call, "work", "k", cluse::now()); });
  host_->advance(hours(24));
  EXPECT_EQ(Probe::jobs, 15);
  EXPECT_TRUE(host_->jobs()[0].parked);
}

TEST_F(TestHostTest, RecordsWhatItToldAndWhatWasLogged) {
  EXPECT_TRUE(host_->deliver("document.purged", {{"object", "d1"}}));
  const auto told = host_->deliver("document.purged", {{"object", "bad"}});
  EXPECT_EQ(told.status, CLUSE_INTERNAL);
  EXPECT_EQ(told.why, "it went wrong");
  ASSERT_EQ(host_->notices().size(), 2U);
  EXPECT_EQ(host_->notices()[1].status, CLUSE_INTERNAL);
  EXPECT_EQ(host_->notices()[0].body["object_kind"].as<std::string>(), "document");
  EXPECT_EQ(host_->log().front().line, "told of d1");
}

TEST_F(TestHostTest, AChosenCallOfTheHostFails) {
  host_->fail_call(2, CLUSE_LIMIT);
  EXPECT_EQ(writing("DELETE FROM t"), 503);
  EXPECT_TRUE(host_->call_failed());
  host_->fail_call(3);
  EXPECT_EQ(writing("DELETE FROM t"), 503) << "the commit";
  EXPECT_EQ(count(), 1);
  host_->fail_call(4);
  EXPECT_EQ(writing("DELETE FROM t"), 200);
  EXPECT_FALSE(host_->call_failed());
  host_->restart();
  EXPECT_EQ(count(), 0);
}

TEST_F(TestHostTest, AWrongMigrationOrASecondHostIsSaid) {
  EXPECT_THROW(cluse::test::Host(kEntry, folder_), std::logic_error);
  host_.reset();
  std::ofstream(folder_ / "migrations/003_bad.sql") << "ATTACH 'x' AS x;";
  EXPECT_THROW(cluse::test::Host(kEntry, folder_), std::logic_error);
  EXPECT_THROW(cluse::test::Host(kEntry, folder_ / "absent"), std::logic_error);
  fs::remove(folder_ / "migrations/003_bad.sql");
  host_.emplace(kEntry, folder_);
}

}  // namespace
