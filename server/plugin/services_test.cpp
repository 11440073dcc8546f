// Aim: services answer alike in both hosts, for whom the host says and never for whom the plugin says; what was not
// granted, lies and floods are held back. Method: a plugin that passes questions on as they come, over a real store;
// the same tests in the server and in a sandboxed child.
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

std::string name_of(const ::testing::TestParamInfo<HostKind>& kind) {
  return kind.param == HostKind::direct ? "Direct" : "Child";
}
INSTANTIATE_TEST_SUITE_P(Hosts, ServicesTest, ::testing::Values(HostKind::CLUSE_HOST_KIND), name_of);

}  // namespace
}  // namespace cluse::plugin
