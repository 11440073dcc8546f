// Aim: versions of a plugin follow one another while people use it: nobody is refused, nothing that it keeps is lost,
// and what does not work leaves everything as it was. Method: five versions of one plugin that counts
// (tests/plugin/keeper), in both hosts; a caller who does not stop asking meanwhile must see each number once.
#include "server/plugin/archive.h"
#include "server/plugin/control.h"
#include "server/plugin/signature.h"
#include "server/plugin/testing.h"

#include <atomic>
#include <fstream>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeeper = "org.example.keeper";

class ChangeTest : public PluginTest, public ::testing::WithParamInterface<HostKind> {
 protected:
  ChangeTest() : PluginTest(GetParam()) {}

  fs::path folder(const std::string& version) { return fs::path(CLUSE_PLUGINS) / ("keeper_" + version); }
  void begin(const std::string& version) {
    install("keeper_" + version);
    start();
    ASSERT_TRUE(becomes([&] { return health("keeper").state == LaneState::running; }));
  }
  std::string take_on(const std::string& version) {
    install("keeper_" + version);
    return code_of(host_->reload(kKeeper));
  }
  template <class T>
  std::string code_of(const Result<T>& result) {
    return result ? "" : std::string(result.error().code);
  }
  std::string count() { return get("keeper", "/count"); }
  Overview overview() { return *host_->get(kKeeper); }
  std::size_t folders() {
    const fs::directory_iterator all(domain_.directory / "plugins" / kKeeper);
    return static_cast<std::size_t>(std::distance(all, fs::directory_iterator()));
  }

  /// Asks without a pause while `change` runs; each answer must count one further.
  void ask_while(const std::function<void()>& change) {
    std::atomic<bool> is_over = false;
    std::vector<std::string> answers;
    std::thread caller([&] {
      while (!is_over) answers.push_back(count());
    });
    change();
    is_over = true;
    caller.join();
    std::int64_t expected = 0;
    for (const std::string& answer : answers) {
      const auto memory = answer.find(' ') + 1;
      ASSERT_NE(memory, 0U) << answer;
      const auto number = std::stoll(answer.substr(memory));
      if (expected == 0) expected = number;
      ASSERT_EQ(number, expected) << answer;
      ++expected;
    }
    ASSERT_FALSE(answers.empty());
  }
  std::vector<std::string> told() {
    auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<std::string>> {
      std::vector<std::string> verbs;
      for (const auto& row : snapshot.all("SELECT verb FROM journal WHERE object_kind = 'plugin' ORDER BY sequence"))
        verbs.push_back(row.text(0));
      return verbs;
    };
    return *domain_.database->read_now(std::move(body));
  }
  /// The archive of a version, signed with the key of that name.
  Bytes archive(const std::string& version, const std::string& key) {
    const fs::path file = domain_.directory / key;
    if (!fs::exists(file)) {
      EXPECT_TRUE(make_key(file));
    }
    return pack(folder(version), file)->archive;
  }
};

TEST_P(ChangeTest, ANewVersionTakesOverBesideTheOldOne) {
  begin("1");
  EXPECT_EQ(count(), "1 1 1");
  EXPECT_EQ(take_on("2"), "");
  EXPECT_EQ(count(), "2 2 2") << "memory was handed over";
  EXPECT_EQ(overview().generation, 2U);
  EXPECT_EQ(overview().version, "2.0.0");
  EXPECT_EQ(overview().refused, "");
  EXPECT_EQ(folders(), 1U) << "the files of the version before are gone";
  EXPECT_EQ(take_on("2"), "") << "the same again";
  EXPECT_EQ(count(), "2 3 3");
}

TEST_P(ChangeTest, NobodyIsRefusedWhileVersionsFollowOneAnother) {
  begin("1");
  ask_while([&] {
    for (const char* version : {"2", "1", "2", "1", "2"}) ASSERT_EQ(take_on(version), "") << version;
  });
  EXPECT_EQ(overview().generation, 6U);
  EXPECT_EQ(health("keeper").failures, 0U);
}

TEST_P(ChangeTest, NewMigrationsStopTheOldVersionFirstAndCallersWait) {
  begin("1");
  ask_while([&] { ASSERT_EQ(take_on("3"), ""); });
  EXPECT_EQ(count().substr(0, 2), "3 ");
  EXPECT_EQ(take_on("1"), "migration_changed") << "there is no way back";
  EXPECT_EQ(count().substr(0, 2), "3 ");
}

TEST_P(ChangeTest, WhatDoesNotStartLeavesTheOldVersionItsMemoryAndItsData) {
  begin("1");
  EXPECT_EQ(count(), "1 1 1");
  ask_while([&] { ASSERT_EQ(take_on("broken"), "plugin_not_ready"); });
  EXPECT_NE(overview().refused.find("it will not start"), std::string::npos) << overview().refused;
  EXPECT_EQ(overview().version, "1.0.0");
  EXPECT_EQ(health("keeper").state, LaneState::running);
  EXPECT_EQ(folders(), 1U);
  host_->stop();
  start();
  EXPECT_EQ(count().substr(0, 4), "1 1 ") << "and starts again with the server";
}

TEST_P(ChangeTest, WhatDoesNotTakeOverLeavesTheOldVersion) {
  begin("1");
  EXPECT_EQ(count(), "1 1 1");
  EXPECT_EQ(take_on("forgetful"), "plugin_handover_failed");
  EXPECT_EQ(count(), "1 2 2");
  EXPECT_EQ(overview().version, "1.0.0");
}

TEST_P(ChangeTest, IsSentInShownAndAccepted) {
  if (kind_ == HostKind::direct) GTEST_SKIP() << "what is sent in runs in the sandbox";
  start();
  const Id me = domain_.administrator().person_id, other = domain_.person("Autre", "autre@example.org").person_id;
  EXPECT_EQ(code_of(host_->preview("no archive", me)), "plugin_archive_wrong");
  auto first = host_->preview(archive("1", "key"), me);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->version, "1.0.0");
  EXPECT_EQ(first->present_version, "");
  EXPECT_FALSE(first->known_signer);
  EXPECT_EQ(first->added, first->grants);
  EXPECT_EQ(first->host_default, HostKind::child);
  EXPECT_EQ(code_of(host_->accept(first->key, other, {}, {})), "plugin_upload_not_found") << "it is not hers";
  EXPECT_EQ(code_of(host_->accept(first->key, me, HostKind::direct, {})), "plugin_direct_not_allowed");
  EXPECT_EQ(code_of(host_->accept(first->key, me, {}, {})), "");
  EXPECT_EQ(code_of(host_->accept(first->key, me, {}, {})), "plugin_upload_not_found") << "once";
  const auto second = host_->preview(archive("2", "key"), me);
  EXPECT_EQ(second->present_version, "1.0.0");
  EXPECT_TRUE(second->known_signer);
  EXPECT_EQ(second->added, std::vector<std::string>{"route GET /more"});
  EXPECT_TRUE(second->removed.empty());
  const auto strange = host_->preview(archive("2", "other"), me);
  EXPECT_FALSE(strange->known_signer);
  EXPECT_EQ(code_of(host_->accept(strange->key, me, {}, {})), "plugin_signer_other");
  EXPECT_EQ(code_of(host_->accept(second->key, me, {}, {})), "");
  EXPECT_EQ(told(), (std::vector<std::string>{"plugin.installed", "plugin.updated"}));
  EXPECT_EQ(code_of(host_->uploads().drop(strange->key, me)), "");
  EXPECT_TRUE(fs::is_empty(domain_.directory / "plugins" / kUploadsFolder));
}

TEST_P(ChangeTest, FewUploadsWaitAndNotForLong) {
  start();
  const Id me = domain_.administrator().person_id;
  const Bytes bytes = archive("1", "key");
  std::string key;
  for (std::size_t i = 0; i < kUploadsMax; ++i) key = host_->preview(bytes, me)->key;
  EXPECT_EQ(code_of(host_->preview(bytes, me)), "plugin_uploads_too_many");
  domain_.clock.advance(kUploadTimeMax);
  EXPECT_EQ(code_of(host_->accept(key, me, {}, {})), "plugin_upload_not_found");
  EXPECT_EQ(code_of(host_->preview(bytes, me)), "");
}

TEST_P(ChangeTest, DataAreExportedAndRemoved) {
  begin("1");
  EXPECT_EQ(count(), "1 1 1");
  const auto data = host_->export_data(kKeeper);
  ASSERT_TRUE(data) << data.error().detail;
  EXPECT_TRUE(data->starts_with("SQLite format 3"));
  EXPECT_EQ(code_of(host_->export_data("org.example.none")), "plugin_not_found");
  ASSERT_TRUE(host_->set_enabled(kKeeper, false));
  ASSERT_TRUE(host_->set_enabled(kKeeper, true));
  ASSERT_TRUE(host_->set_trusted(kKeeper, true));
  ASSERT_TRUE(host_->set_trusted(kKeeper, true)) << "no change, and nothing to tell";
  ASSERT_TRUE(host_->set_trusted(kKeeper, false));
  EXPECT_EQ(code_of(host_->set_trusted("org.example.none", true)), "plugin_not_found");
  ASSERT_TRUE(host_->remove(kKeeper, true));
  EXPECT_EQ(count(), "plugin_not_found");
  EXPECT_FALSE(fs::exists(domain_.directory / "plugins" / (std::string(kKeeper) + ".db")));
  EXPECT_TRUE(host_->list().empty());
  EXPECT_EQ(told(), (std::vector<std::string>{"plugin.disabled", "plugin.enabled", "plugin.trusted", "plugin.untrusted",
                                              "plugin.removed"}));
}

TEST_P(ChangeTest, TheCommandLineReachesARunningServer) {
  begin("1");
  const fs::path plugins = domain_.directory / "plugins";
  const Value off = {{"do", "disable"}, {"id", kKeeper}};
  EXPECT_EQ(*ask_server(plugins, off), false) << "nobody listens";
  auto control = Control::start(*host_, plugins);
  ASSERT_TRUE(control) << control.error().detail;
  EXPECT_EQ(*ask_server(plugins, off), true);
  EXPECT_EQ(count(), "plugin_not_found");
  EXPECT_EQ(*ask_server(plugins, {{"do", "enable"}, {"id", kKeeper}}), true);
  EXPECT_EQ(count(), "1 1 1");
  install("keeper_2");
  EXPECT_EQ(*ask_server(plugins, {{"do", "reload"}, {"id", kKeeper}, {"verb", "plugin.updated"}, {"before", "1.0.0"}}),
            true);
  EXPECT_EQ(count(), "2 2 2");
  const auto none = ask_server(plugins, {{"do", "remove"}, {"id", "org.example.none"}});
  EXPECT_EQ(none.error().detail.find("plugin_not_found"), 0U) << none.error().detail;
  EXPECT_EQ(code_of(ask_server(plugins, {{"do", "dance"}})), "plugin_control_refused");
  EXPECT_EQ(told(), (std::vector<std::string>{"plugin.disabled", "plugin.enabled", "plugin.updated"}));
  control->reset();
  EXPECT_EQ(*ask_server(plugins, off), false);
}

TEST_P(ChangeTest, TheLastLinesOfItsLogAndItsLatencyAreThere) {
  begin("1");
  const auto ring = *host_->lines(kKeeper);
  EXPECT_EQ(ring->after(0).back().line, "started, version 1.0.0");
  HttpRequest request{kKeeper, "GET", "/say", {{"line", "bonjour"}}, {}, {}};
  ASSERT_TRUE(domain_.run(host_->handle(domain_.administrator(), std::move(request))));
  EXPECT_EQ(ring->after(1).back().line, "bonjour");
  EXPECT_TRUE(ring->after(ring->last()).empty());
  const Percentiles latency = health("keeper").latency;
  EXPECT_GT(latency.p50_us, 0U);
  EXPECT_LE(latency.p50_us, latency.p99_us);
}

// The sample as the SDK of 0.1 built it (tests/plugin/released): on its data of then, in today's host.
TEST_P(ChangeTest, WhatTheFirstSdkBuiltGoesOn) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "it was built for another machine";
#endif
  const fs::path released = fs::path(CLUSE_PLUGINS) / "released/0.1/polls";
  const auto package = check_folder(released);
  ASSERT_TRUE(package) << package.error().detail;
  EXPECT_EQ(package->manifest.abi_minor, 1);
  ASSERT_TRUE(Shelf(domain_.directory / "plugins").install(released, *package));
  ids_.insert(package->manifest.id);
  start();
  EXPECT_EQ(said(send("polls", "POST", "/polls", R"({"question":"Où?"})")), R"({"poll":1})");
  EXPECT_EQ(said(send("polls", "POST", "/polls/1/vote", R"({"choice":"Delle"})")), R"({"votes":1})");
  install("polls");
  EXPECT_EQ(code_of(host_->reload("org.example.polls")), "") << "and today's takes its place";
  EXPECT_EQ(get("polls", "/polls/1"), R"({"question":"Où?","closed":false,"mine":"Delle","votes":{"Delle":1}})");
}

TEST(LogRing, KeepsTheLastLinesAndNoMore) {
  LogRing ring;
  for (std::size_t i = 0; i < kRingLinesMax + 10; ++i) ring.add({}, 1, "x");
  EXPECT_EQ(ring.after(0).size(), kRingLinesMax);
  EXPECT_EQ(ring.after(0).front().number, 11U);
  for (int i = 0; i < 10; ++i) ring.add({}, 1, std::string(kRingBytesMax / 4, 'y'));
  EXPECT_EQ(ring.after(0).size(), 4U);
}

TEST(LatencyOfCalls, IsThatOfTheLastOnes) {
  using std::chrono::microseconds;
  Latency latency;
  EXPECT_EQ(latency.percentiles().p99_us, 0U);
  for (int i = 0; i < 100; ++i) latency.add(std::chrono::hours(1));
  for (std::size_t i = 1; i <= kLatencyCalls; ++i) latency.add(microseconds(i));
  EXPECT_EQ(latency.percentiles().p50_us, 500U);
  EXPECT_EQ(latency.percentiles().p99_us, 990U);
}

std::string name_of(const ::testing::TestParamInfo<HostKind>& kind) {
  return kind.param == HostKind::direct ? "Direct" : "Child";
}
INSTANTIATE_TEST_SUITE_P(Hosts, ChangeTest, ::testing::Values(HostKind::CLUSE_HOST_KIND), name_of);

}  // namespace
}  // namespace cluse::plugin
