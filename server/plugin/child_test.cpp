// Aim: whatever a plugin does in its child, its routes answer 503 and the rest of the server goes on (reliability B18).
// Method: a plugin that does each of it, beside one that must go on answering. Not under sanitizers: their shadow
// memory has no room within a plugin's limit of address space, and their own calls are not in the filter.
#include "server/plugin/testing.h"

#include <cluse/plugin.h>

namespace cluse::plugin {
namespace {

class ChildTest : public PluginTest {
 protected:
  ChildTest() : PluginTest(HostKind::child) {}
  void SetUp() override {
    install("hostile");
    install("hello");
    start();
  }
  std::string act(const std::string& what) { return get("hostile", "/do/" + what); }
  void expect_neighbour() { EXPECT_EQ(get("hello", "/hello"), R"({"greeting":"Bonjour"})"); }
};

TEST_F(ChildTest, ReachesNothingOfTheSystem) {
  for (const char* what : {"constructor", "read-file"}) EXPECT_EQ(act(what), "open: refused") << what;
  EXPECT_EQ(act("write-file"), "open: refused");
  EXPECT_EQ(act("fork"), "fork: refused");
  EXPECT_EQ(act("exec"), "exec: refused");
  EXPECT_EQ(act("socket"), "socket: refused");
  EXPECT_EQ(act("kill-parent"), "kill: refused");
  EXPECT_EQ(act("executable-memory"), "mmap: refused");
  EXPECT_EQ(act("descriptors"), "descriptors: refused");
  EXPECT_EQ(act("malloc"), "malloc: refused");
  EXPECT_EQ(health("hostile").deaths, 0U);
}

TEST_F(ChildTest, ThatDiesIsStartedAgainAndAfterThreeDeathsStaysOff) {
  for (const char* how : {"crash", "abort"}) {
    EXPECT_EQ(act(how), "plugin_unavailable") << how;
    expect_neighbour();
    ASSERT_TRUE(becomes([&] { return act("nothing") == "nothing"; })) << "after " << how;
  }
  EXPECT_EQ(act("throw-through"), "plugin_unavailable");
  EXPECT_EQ(health("hostile").state, LaneState::off);
  ASSERT_TRUE(becomes([&] { return off_.load() == 1; })) << "administrators are told";
  EXPECT_EQ(act("nothing"), "plugin_unavailable");
  expect_neighbour();
  ASSERT_TRUE(host_->set_enabled("org.example.hostile", true)) << "an administrator may try again";
  EXPECT_EQ(act("nothing"), "nothing");
}

TEST_F(ChildTest, ThatHangsIsAnsweredForAndKilled) {
  EXPECT_EQ(act("spin"), "plugin_timeout");
  expect_neighbour();
  ASSERT_TRUE(becomes([&] { return act("nothing") == "nothing"; }));
  EXPECT_EQ(health("hostile").deaths, 1U);
  EXPECT_EQ(act("deadlock"), "plugin_timeout");
  expect_neighbour();
}

TEST_F(ChildTest, ThatEndsWithoutAWordIsMissed) {
  EXPECT_EQ(act("exit"), "plugin_unavailable");
  ASSERT_TRUE(becomes([&] { return act("nothing") == "nothing"; }));
}

TEST_F(ChildTest, ThatDiesHasToldOthersWhatItCommitted) {
  install("asker");
  install("listener");
  host_->stop();
  start();
  ASSERT_TRUE(becomes([&] { return health("listener").state == LaneState::running; }));
  EXPECT_EQ(said(send("asker", "POST", "/emit/die", "1")), "plugin_unavailable");
  ASSERT_TRUE(becomes([&] {
    return said(send("asker", "POST", "/emit/die-after", "2")) == "plugin_unavailable" && health("asker").deaths == 2;
  }));
  EXPECT_TRUE(becomes([&] { return get("listener", "/heard").ends_with("\"body\":2}\n"); }));
  EXPECT_EQ(get("listener", "/heard").find("\"body\":1}"), std::string::npos) << "it died before the commit";
}

TEST_F(ChildTest, ThatNeverStopsIsStopped) {
  EXPECT_EQ(act("never-stop"), "never-stop");
  ASSERT_TRUE(host_->set_enabled("org.example.hostile", false));
  EXPECT_EQ(act("nothing"), "plugin_not_found");
  expect_neighbour();
}

TEST_F(ChildTest, ThatNeverStartsKeepsNobodyWaiting) {
  install("stuck");
  host_->stop();
  start();
  expect_neighbour();
  EXPECT_TRUE(becomes([&] { return health("stuck").deaths > 0; }));
}

TEST_F(ChildTest, ARunnerThatIsNotThereIsSaid) {
  host_->stop();
  Settings settings;
  settings.folder = domain_.directory / "plugins";
  settings.runner = domain_.directory / "no-runner";
  Host host(*domain_.database, domain_.clock, domain_.metrics, settings);
  host.start();
  EXPECT_TRUE(becomes([&] { return host.list().front().health.state == LaneState::off; }));
  EXPECT_NE(host.list().front().health.last_error.find("no-runner"), std::string::npos);
  host.stop();
}

TEST_F(ChildTest, InSafeModeNothingIsStarted) {
  host_->stop();
  Settings settings;
  settings.folder = domain_.directory / "plugins";
  settings.safe_mode = true;
  Host host(*domain_.database, domain_.clock, domain_.metrics, settings);
  host.start();
  EXPECT_EQ(host.list().size(), 2U);
  EXPECT_EQ(host.list().front().health.state, LaneState::stopped);
  host.stop();
}

}  // namespace
}  // namespace cluse::plugin
