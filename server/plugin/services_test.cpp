// Aim: services answer alike in both hosts, for whom the host says and never for whom the plugin says; what was not
// granted, lies and floods are held back. Method: a plugin that passes questions on as they come, over a real store;
// the same tests in the server and in a sandboxed child.
#include "server/plugin/services/events.h"
#include "server/plugin/testing.h"

#include <cluse/plugin.h>

#include <atomic>

namespace cluse::plugin {
namespace {

/// Says who asked. What goes through it is the product's own way; only the answer is the test's.
class Mirror final : public Service {
 public:
  std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) override {
    ++asked;
    if (operation == "large") {
      answer.set("large", std::string(kAnswerBytesMax + 1, 'x'));
      return CLUSE_OK;
    }
    if (operation == "wide") {
      answer.set("wide", std::string(3U << 20, 'x'));
      return CLUSE_OK;
    }
    if (operation == "mismatch") return static_cast<std::int32_t>(body["no"].as<std::int64_t>());
    if (operation == "throw") throw std::runtime_error("thrown");
    if (operation == "refuse") return refuse(answer, fail(Errc::denied, "not_yours").error());
    static constexpr const char* kKinds[] = {"person", "nobody", "plugin"};
    answer = Value{{"kind", kKinds[static_cast<int>(caller.kind)]},
                   {"user", caller.user},
                   {"locale", caller.locale},
                   {"plugin", caller.plugin.id},
                   {"body", body}};
    return CLUSE_OK;
  }
  std::atomic<int> asked = 0;
};

class ServicesTest : public PluginTest, public ::testing::WithParamInterface<HostKind> {
 protected:
  ServicesTest() : PluginTest(GetParam()) {}
  void SetUp() override {
    install("asker");
    services_[CLUSE_EXT_SEARCH] = mirror_;
    start();
  }
  std::string post(const std::string& path, const std::string& body = "{}") {
    return said(send("asker", "POST", path, body));
  }
  std::shared_ptr<Mirror> mirror_ = std::make_shared<Mirror>();
};

TEST_P(ServicesTest, ActForWhoAsks) {
  auto actor = domain_.administrator();
  actor.locale = "de-CH";
  const auto answer = Value::from_json(said(send_as(actor, "asker", "POST", "/ask/search/who", R"({"a":[1,"é"]})")));
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)["kind"].as<std::string>(), "person");
  EXPECT_EQ((*answer)["user"].as<std::string>(), actor.person_id.to_string());
  EXPECT_EQ((*answer)["locale"].as<std::string>(), "de-CH");
  EXPECT_EQ((*answer)["plugin"].as<std::string>(), "org.example.asker");
  EXPECT_EQ((*answer)["body"].to_json(), R"({"a":[1,"é"]})");
  const auto itself = Value::from_json(post("/itself/search/who"));
  ASSERT_TRUE(itself);
  EXPECT_EQ((*itself)["kind"].as<std::string>(), "plugin");
  EXPECT_EQ((*itself)["user"].as<std::string>(), "");
}

TEST_P(ServicesTest, NeverActForSomebodyWhoDoesNotAsk) {
  const auto other = domain_.person("Autre", "autre@example.org");
  HttpRequest request{
      "org.example.asker", "POST", "/somebody/search/who", {{"user", other.person_id.to_string()}}, {}, "{}"};
  EXPECT_EQ(said(domain_.run(host_->handle(domain_.administrator(), std::move(request)))), "plugin_failed");
  EXPECT_EQ(mirror_->asked, 0);
}

TEST_P(ServicesTest, SayWhatDidNotWork) {
  EXPECT_EQ(post("/ask/search/refuse"), "plugin_refused");
  EXPECT_EQ(post("/ask/search/mismatch"), "plugin_input_wrong");
  EXPECT_EQ(post("/ask/search/throw"), "plugin_failed");
  EXPECT_EQ(post("/ask/search/large"), "plugin_unavailable") << "past the limit of an answer";
  EXPECT_GT(post("/ask/search/wide").size(), 3U << 20);
  EXPECT_EQ(post("/ask/nothing/x"), "plugin_failed") << "no such service";
  EXPECT_EQ(post("/ask/notify/send"), "plugin_failed") << "not granted: the sentence is not listed";
  EXPECT_EQ(post("/ask/notify/send", R"({"key":"asker.hello"})"), "plugin_failed") << "nobody serves it here";
  EXPECT_EQ(post("/ask/events/emit", R"({"topic":"other"})"), "plugin_failed");
}

TEST_P(ServicesTest, LiesAndDepthAreHeldBack) {
  EXPECT_EQ(get("asker", "/lies"), "held");
  EXPECT_EQ(get("asker", "/depth"), std::to_string(CLUSE_INVALID));
  EXPECT_EQ(get("asker", "/flood"), "5000");
  EXPECT_GT(health("asker").dropped_lines, 1'000U);
  EXPECT_EQ(health("asker").deaths, 0U);
}

TEST_P(ServicesTest, SayThePluginsSentences) {
  const auto text = [&](const std::string& body) {
    const auto answer = Value::from_json(post("/ask/i18n/text", body));
    return answer ? (*answer)["text"].get_or<std::string>("") : "";
  };
  EXPECT_EQ(text(R"({"key":"asker.hello.subject","args":{"name":"Léa"},"locale":"de-CH"})"), "Guten Tag Léa");
  EXPECT_EQ(text(R"({"key":"asker.hello.body","args":{"count":0,"who":"org"}})"), "Rien chez l’organisme.");
  EXPECT_EQ(text(R"({"key":"asker.hello.body","args":{"count":1,"who":"x"}})"), "Une fiche chez vous.");
  EXPECT_EQ(text(R"({"key":"asker.hello.body","args":{"count":12000,"who":"x"},"locale":"fr-FR"})"),
            "12\u202f000 fiches chez vous.");
  EXPECT_EQ(text(R"({"key":"asker.hello.body","args":{"count":12000,"who":"x"},"locale":"de-CH"})"),
            "12’000 Einträge bei Ihnen.");
  EXPECT_EQ(post("/ask/i18n/text", R"({"key":"none"})"), "plugin_answer_not_found");
  EXPECT_EQ(post("/ask/i18n/text", R"({"key":"asker.hello.subject"})"), "plugin_input_wrong") << "an argument lacks";
  EXPECT_EQ(post("/ask/i18n/other"), "plugin_failed");
  EXPECT_EQ(host_->list().front().name.at("de"), "Frager");
}

TEST_P(ServicesTest, AnOlderPluginRunsAsBefore) {
  host_->stop();
  install("plain_0_1");
  start();
  EXPECT_EQ(said(send("plain01", "POST", "/echo", "Grüezi")), "Grüezi");
}

/// A plugin that tells, and one that is told.
class EventsTest : public PluginTest, public ::testing::WithParamInterface<HostKind> {
 protected:
  EventsTest() : PluginTest(GetParam()) {}
  void SetUp() override {
    install("asker");
    install("listener");
    start();
    ASSERT_TRUE(is_running("listener"));
  }
  bool is_running(const std::string& plugin) {
    return becomes([&] { return health(plugin).state == LaneState::running; });
  }
  std::string emit(const std::string& body, const std::string& end = "commit") {
    return said(send("asker", "POST", "/emit/" + end, body));
  }
  static std::string line(const std::string& actor, const std::string& body) {
    return R"({"sequence":null,"at":null,"plugin":"org.example.asker","topic":"thing.changed","actor":")" + actor +
           R"(","body":)" + body + "}\n";
  }
  std::string told(std::initializer_list<const char*> bodies) {
    std::string lines;
    for (const char* body : bodies) lines += line(domain_.administrator().person_id.to_string(), body);
    return lines;
  }
  bool hears(const std::string& lines) {
    return becomes([&] { return get("listener", "/heard") == lines; });
  }
  std::int64_t count(const std::string& table) {
    const auto rows = domain_.database->read_now([&](storage::Snapshot& snapshot) -> Result<std::int64_t> {
      return snapshot.one("SELECT COUNT(*) FROM " + table)->integer(0);
    });
    return rows.value_or(-1);
  }
};

TEST_P(EventsTest, ReachWhoTakesThemInOrderAndOnce) {
  for (const char* body : {"1", "2", R"({"fails":true})", "[4]"}) ASSERT_EQ(emit(body), R"({"emitted":true})") << body;
  EXPECT_TRUE(hears(told({"1", "2", R"({"fails":true})", "[4]"}))) << "what failed came again, before the next";
  EXPECT_TRUE(becomes([&] { return get("asker", "/heard") == "1\n2\n{\"fails\":true}\n[4]\n"; })) << "and back";
  EXPECT_TRUE(becomes([&] { return count("plugin_event") == 0; })) << "nothing is kept of what all have";
  ASSERT_EQ(said(send("asker", "POST", "/itself/events/emit", R"({"topic":"thing.changed","body":5})")), "{}");
  EXPECT_TRUE(hears(told({"1", "2", R"({"fails":true})", "[4]"}) + line("", "5"))) << "of the plugin itself";
}

TEST_P(EventsTest, ExistIfTheTransactionCommits) {
  EXPECT_EQ(emit("1", "rollback"), "plugin_refused");
  EXPECT_EQ(emit("2", "read"), "plugin_failed");
  EXPECT_EQ(emit("3"), R"({"emitted":true})");
  EXPECT_TRUE(hears(told({"3"})));
}

TEST_P(EventsTest, WaitForWhoIsOffAndNotForWhoIsGone) {
  ASSERT_TRUE(host_->set_enabled("org.example.listener", false));
  emit("1");
  host_->stop();
  start();
  emit("2");
  ASSERT_TRUE(host_->set_enabled("org.example.listener", true));
  EXPECT_TRUE(hears(told({"1", "2"})));
  ASSERT_TRUE(host_->set_enabled("org.example.listener", false));
  emit("3");
  ASSERT_TRUE(becomes([&] { return count("plugin_event WHERE name LIKE 'org.example.asker:%'") == 1; }));
  ASSERT_TRUE(host_->remove("org.example.listener", true));
  EXPECT_EQ(count("plugin_event WHERE name LIKE 'org.example.asker:%'"), 0);
  emit("4");
  host_->stop();
  EXPECT_EQ(count("plugin_event WHERE name LIKE 'org.example.asker:%'"), 0) << "nobody takes it";
  install("listener");
  start();
  ASSERT_TRUE(is_running("listener"));
  emit("5");
  EXPECT_TRUE(hears(told({"5"}))) << "from its first start on";
}

TEST_P(EventsTest, AreNotKeptForWhoWasRemovedWhileNoServerRan) {
  host_->stop();
  ASSERT_TRUE(Shelf(domain_.directory / "plugins").erase("org.example.listener", true));
  start();
  EXPECT_EQ(count("plugin_event_taker WHERE plugin = 'org.example.listener'"), 0) << "removed while no server ran";
}

TEST_P(EventsTest, HaveLimits) {
  const std::string body(kEventBytesMax, 'x');
  EXPECT_EQ(emit('"' + body + '"'), "plugin_unavailable");
  EXPECT_EQ(emit('"' + body.substr(0, kEventBytesMax - 3) + '"'), R"({"emitted":true})");
  for (int i = 1; i < kEmittedRate.burst; ++i) ASSERT_EQ(emit("0"), R"({"emitted":true})") << i;
  EXPECT_EQ(emit("0"), "plugin_unavailable") << "the clock stands still";
  domain_.clock.advance(std::chrono::seconds(1));
  for (int i = 0; i < kEmittedRate.per_second; ++i) ASSERT_EQ(emit("0"), R"({"emitted":true})") << i;
  EXPECT_EQ(emit("0"), "plugin_unavailable");
}

std::string name_of(const ::testing::TestParamInfo<HostKind>& kind) {
  return kind.param == HostKind::direct ? "Direct" : "Child";
}
INSTANTIATE_TEST_SUITE_P(Hosts, ServicesTest, ::testing::Values(HostKind::CLUSE_HOST_KIND), name_of);
INSTANTIATE_TEST_SUITE_P(Hosts, EventsTest, ::testing::Values(HostKind::CLUSE_HOST_KIND), name_of);

}  // namespace
}  // namespace cluse::plugin
