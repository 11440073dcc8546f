// Aim: a plugin behaves alike in both hosts. Method: the samples of the SDK as they are built, over a real store; the
// same tests in the server (cluse_plugin_test) and in a sandboxed child (cluse_plugin_child_test).
#include "server/plugin/testing.h"

#include <cluse/plugin.h>

namespace cluse::plugin {
namespace {

/// A service that takes whatever it is told.
class Obliging final : public Service {
  std::int32_t serve(const Caller&, std::string_view, const Value&, Value&) override { return CLUSE_OK; }
};

class BothHosts : public PluginTest, public ::testing::WithParamInterface<HostKind> {
 protected:
  BothHosts() : PluginTest(GetParam()) {}

  Result<Value> ask_create(const std::string& title) {
    Value body = {{"title", title}};
    return domain_.run(host_->ask("document.create", domain_.administrator(), std::move(body)));
  }
};

TEST_P(BothHosts, AnswersARequest) {
  install("hello");
  install("plain_c");
  start();
  domain::Actor actor = domain_.administrator();
  actor.locale = "de-CH";
  HttpRequest request{"org.example.hello", "GET", "/hello", {{"name", "Léa"}}, {}, {}};
  const auto answer = domain_.run(host_->handle(actor, std::move(request)));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body, R"({"greeting":"Guten Tag Léa"})");
  EXPECT_EQ(answer->headers.front().second, "application/json");
  EXPECT_EQ(said(send("plain", "POST", "/echo", "Grüezi")), "Grüezi");
  EXPECT_EQ(send("plain", "POST", "/echo").error().code, "plugin_refused");
  EXPECT_EQ(send("plain", "POST", "/echo").error().detail, "nothing_to_echo");
  EXPECT_EQ(get("hello", "/other"), "plugin_route_not_found");
  EXPECT_EQ(get("nobody", "/hello"), "plugin_not_found");
}

TEST_P(BothHosts, KeepsItsOwnData) {
  install("polls");
  start();
  EXPECT_EQ(said(send("polls", "POST", "/polls", R"({"question":"Où?"})")), R"({"poll":1})");
  const auto other = domain_.person("Autre", "autre@example.org");
  EXPECT_EQ(said(send("polls", "POST", "/polls/1/vote", R"({"choice":"Delle"})")), R"({"votes":1})");
  EXPECT_EQ(said(send("polls", "POST", "/polls/1/vote", R"({"choice":"Morteau"})")), R"({"votes":1})");
  EXPECT_EQ(said(send_as(other, "polls", "POST", "/polls/1/vote", R"({"choice":"Morteau"})")), R"({"votes":2})");
  host_->stop();
  start();
  EXPECT_EQ(get("polls", "/polls/1"), R"({"question":"Où?","closed":false,"mine":"Morteau","votes":{"Morteau":2}})");
  EXPECT_EQ(get("polls", "/polls/2"), "plugin_answer_not_found");
  EXPECT_EQ(get("polls", "/polls/x"), "plugin_answer_not_found");
  EXPECT_EQ(said(send("polls", "POST", "/polls/1/vote", "{")), "plugin_input_wrong");
  EXPECT_EQ(said(send("polls", "POST", "/polls/1/vote", R"({"choice":7})")), "plugin_input_wrong");
}

TEST_P(BothHosts, CarriesLargeBodiesBothWays) {
  install("plain_c");
  start();
  const std::string large(kRequestBytesMax, 'x');
  const auto answer = send("plain", "POST", "/echo", large);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(answer->body == large);
}

TEST_P(BothHosts, IsAskedBeforeACommand) {
  install("polls");
  start();
  ASSERT_TRUE(host_->is_asked("document.create"));
  EXPECT_FALSE(host_->is_asked("document.rename"));
  EXPECT_EQ((*ask_create("Ordre du jour"))["title"].as<std::string>(), "Ordre du jour");
  EXPECT_EQ((*ask_create("sondage de mai"))["title"].as<std::string>(), "Sondage de mai");
  const auto refused = ask_create("Sondage");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "plugin_refused");
  EXPECT_EQ(refused.error().detail, "polls.say_about_what");
}

TEST_P(BothHosts, IsNotAskedForAMinuteOnceItWasLateThreeTimes) {
  install("hostile");
  start();
  ASSERT_TRUE(becomes([&] { return health("hostile").state == LaneState::running; }));
  const auto rename = [&](const std::string& title) {
    Value body = {{"title", title}};
    const auto answer = domain_.run(host_->ask("document.rename", domain_.administrator(), std::move(body)));
    return answer ? std::string("asked") : std::string(answer.error().code);
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(host_->list().front().not_asked.empty());
    EXPECT_EQ(rename("fine"), "asked");
    EXPECT_EQ(rename("late"), "plugin_timeout");
  }
  EXPECT_EQ(host_->list().front().not_asked, std::vector<std::string>{"document.rename"});
  const auto calls = health("hostile").calls;
  EXPECT_EQ(rename("fine"), "plugin_timeout") << "as on_failure = refuse has it";
  EXPECT_EQ(health("hostile").calls, calls);
  EXPECT_EQ(get("hostile", "/do/throw"), "plugin_failed") << "the rest of it goes on";
  ASSERT_TRUE(host_->set_enabled("org.example.hostile", false));
  ASSERT_TRUE(host_->set_enabled("org.example.hostile", true));
  EXPECT_EQ(rename("fine"), "asked") << "who switches it on anew gives it another chance";
}

TEST(Breaker, OpensForAMinuteAfterThreeWithinAMinute) {
  using std::chrono::seconds;
  Breaker breaker;
  const Breaker::Time start{};
  for (const int at : {0, 30, 60, 90, 120}) EXPECT_FALSE(breaker.timed_out(start + seconds(at))) << at;
  EXPECT_TRUE(breaker.timed_out(start + seconds(121)));
  EXPECT_TRUE(breaker.is_open(start + seconds(180)));
  EXPECT_FALSE(breaker.timed_out(start + seconds(180))) << "one that was under way";
  EXPECT_FALSE(breaker.is_open(start + seconds(181)));
  EXPECT_FALSE(breaker.timed_out(start + seconds(181))) << "counted anew";
}

TEST_P(BothHosts, IsToldOfWhatHappenedAlsoWhileItWasAway) {
  install("polls");
  start();
  ASSERT_TRUE(becomes([&] { return health("polls").state == LaneState::running; }));
  const auto administrator = domain_.administrator();
  const Id workspace = domain_.workspace();
  const auto document = [&] {
    domain::NewDocument wanted;
    wanted.workspace_id = workspace;
    wanted.title = "Avec un sondage";
    return domain_.run(domain_.services->documents.add(administrator, wanted))->id;
  };
  const auto purge = [&](Id id) {
    ASSERT_TRUE(domain_.run(domain_.services->documents.remove(administrator, id)));
    ASSERT_TRUE(domain_.run(domain_.services->documents.purge(administrator, id)));
  };
  const Id first = document(), second = document();
  for (const Id id : {first, second})
    ASSERT_TRUE(send("polls", "POST", "/polls", R"({"question":"?","document":")" + id.to_string() + "\"}"));
  purge(first);
  host_->wake();
  EXPECT_TRUE(becomes([&] { return get("polls", "/polls/1") == "plugin_answer_not_found"; }));
  host_->stop();
  purge(second);
  start();
  EXPECT_TRUE(becomes([&] { return get("polls", "/polls/2") == "plugin_answer_not_found"; }));
}

TEST_P(BothHosts, PerformsItsJobsWhenTheyAreDue) {
  install("polls");
  start();
  const auto at = std::to_string((domain_.clock.now() + std::chrono::hours(1)).ms);
  ASSERT_TRUE(send("polls", "POST", "/polls", R"({"question":"?","closes_at":)" + at + "}"));
  EXPECT_NE(get("polls", "/polls/1").find("\"closed\":false"), std::string::npos);
  host_->stop();
  domain_.clock.advance(std::chrono::hours(2));
  start();
  EXPECT_TRUE(becomes([&] { return get("polls", "/polls/1").find("\"closed\":true") != std::string::npos; }));
  EXPECT_EQ(send("polls", "POST", "/polls/1/vote", R"({"choice":"a"})").error().detail, "polls.closed");
}

TEST_P(BothHosts, WhicheverCallToTheHostFailsNothingIsHalfDone) {
  install("polls");
  install("asker");
  install("hello");
  services_[CLUSE_EXT_SEARCH] = std::make_shared<Obliging>();
  start();
  const auto at = std::to_string((domain_.clock.now() + std::chrono::hours(1)).ms);
  struct Route {
    const char *plugin, *method, *path;
    std::string body, answer;
    int calls;  ///< at least
  };
  const Route routes[] = {
      {"polls", "POST", "/polls", R"({"question":"?","closes_at":)" + at + "}", R"({"poll":1})", 4},
      {"polls", "POST", "/polls/1/vote", R"({"choice":"a"})", R"({"votes":1})", 4},
      {"polls", "GET", "/polls/1", "", R"({"question":"?","closed":false,"mine":"a","votes":{"a":1}})", 3},
      {"asker", "POST", "/emit/commit", "1", R"({"emitted":true})", 3},
      {"asker", "POST", "/itself/search/put", "{}", "{}", 1},
      {"asker", "POST", "/ask/i18n/text", R"({"key":"page.title"})", R"({"text":"Demandes"})", 1},
      {"hello", "GET", "/hello", "", R"({"greeting":"Bonjour"})", 0},
  };
  for (const Route& route : routes) {
    int n = 0;
    std::string said_last;
    do {
      faults_->fail_call(++n);
      said_last = said(send(route.plugin, route.method, route.path, route.body));
      EXPECT_TRUE(!faults_->call_failed() || said_last == "plugin_timeout")
          << route.path << ' ' << n << ' ' << said_last;
    } while (faults_->call_failed());
    EXPECT_EQ(said_last, route.answer) << route.path << ": as if nothing had failed";
    EXPECT_GT(n, route.calls) << route.path;
    EXPECT_EQ(health(route.plugin).deaths, 0U);
  }
}

TEST_P(BothHosts, CanBeStoppedAndStartedByAnAdministrator) {
  install("hello");
  start();
  EXPECT_EQ(get("hello", "/hello"), R"({"greeting":"Bonjour"})");
  ASSERT_TRUE(host_->set_enabled("org.example.hello", false));
  EXPECT_EQ(get("hello", "/hello"), "plugin_not_found");
  EXPECT_FALSE(host_->list().front().enabled);
  ASSERT_TRUE(host_->set_enabled("org.example.hello", true));
  EXPECT_EQ(get("hello", "/hello"), R"({"greeting":"Bonjour"})");
  EXPECT_EQ(host_->set_enabled("org.example.other", true).error().code, "plugin_not_found");
}

TEST_P(BothHosts, WhatIsMildlyHostileIsHeldBack) {
  install("hostile");
  start();
  EXPECT_EQ(get("hostile", "/do/throw"), "plugin_failed");
  EXPECT_EQ(get("hostile", "/do/large"), "plugin_unavailable") << "past the limit of a response";
  EXPECT_EQ(get("hostile", "/do/status"), "plugin_failed") << "redirects are not a plugin's to give";
  const auto cookie = send("hostile", "GET", "/do/cookie");
  ASSERT_TRUE(cookie);
  EXPECT_TRUE(cookie->headers.empty()) << "neither a cookie nor a line break in a header";
  EXPECT_EQ(get("hostile", "/do/off-lane"), "off-lane: refused");
  EXPECT_EQ(get("hostile", "/do/leave-open"), "leave-open");
  EXPECT_EQ(get("hostile", "/do/leave-open"), "leave-open") << "it was rolled back in between";
  EXPECT_EQ(get("hostile", "/do/lie"), "lie");
  EXPECT_EQ(get("hostile", "/do/flood"), "flood");
  EXPECT_GT(health("hostile").dropped_lines, 10'000U);
}

std::string name_of(const ::testing::TestParamInfo<HostKind>& kind) {
  return kind.param == HostKind::direct ? "Direct" : "Child";
}
INSTANTIATE_TEST_SUITE_P(Hosts, BothHosts, ::testing::Values(HostKind::CLUSE_HOST_KIND), name_of);

}  // namespace
}  // namespace cluse::plugin
