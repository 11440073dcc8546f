// Aim: whatever fails on the way, each event reaches each hook once it can, signed so that the receiver can tell.
#include "../src/hmac.hpp"

#include <cluse/test.hpp>

#include <gtest/gtest.h>

namespace {

using cluse::Value;
using std::chrono::hours;
using std::chrono::seconds;

class WebhooksTest : public ::testing::Test {
 protected:
  WebhooksTest() {
    host.answer("cluse.core/1", "rights.may", [this](const Value&) { return Value{{"may", is_admin}}; });
    host.answer("cluse.net/1", "fetch", [this](const Value&) {
      if (status == 0) throw cluse::HostError(CLUSE_TIMEOUT, "nobody there");
      return Value{{"status", status}, {"headers", Value::map()}, {"body", cluse::Octets{}}};
    });
  }
  int add() {
    return host.call("POST", "/hooks", {{"url", "https://hooks.example.org/in"}, {"secret", "0123456789abcdef"}})
        .status;
  }
  Value first() { return host.call("GET", "/hooks").json()["hooks"].items().at(0); }
  std::size_t sent() { return host.asked("cluse.net/1").size(); }

  cluse::test::Host host;
  bool is_admin = true;
  int status = 204;
};

TEST_F(WebhooksTest, SendsWhatHappensSigned) {
  ASSERT_EQ(add(), 201);
  ASSERT_TRUE(host.deliver("document.created", {{"object", "d1"}}));
  host.advance(seconds(1));
  ASSERT_EQ(sent(), 1U);
  const Value& asked = host.asked("cluse.net/1")[0].body;
  EXPECT_EQ(asked["url"].as<std::string>(), "https://hooks.example.org/in");
  const auto body = asked["body"].as<cluse::Octets>().data;
  EXPECT_EQ((*Value::from_json(body))["object"].as<std::string>(), "d1");
  const auto signature = asked["headers"]["X-Cluse-Signature"].as<std::string>();
  const auto time = signature.substr(2, signature.find(',') - 2);
  EXPECT_EQ(signature, "t=" + time + ",v1=" + hmac::sign("0123456789abcdef", time + "." + body));
  EXPECT_EQ(first()["waiting"].as<int>(), 0);
  EXPECT_EQ(first()["last_status"].as<int>(), 204);
}

TEST_F(WebhooksTest, TriesAgainUntilItIsTaken) {
  ASSERT_EQ(add(), 201);
  status = 0;
  ASSERT_TRUE(host.deliver("document.renamed"));
  host.advance(seconds(4));
  const auto tried = sent();
  EXPECT_GT(tried, 2U);
  EXPECT_EQ(first()["waiting"].as<int>(), 1);
  status = 503;
  host.advance(seconds(30));
  EXPECT_EQ(first()["last_status"].as<int>(), 503);
  status = 200;
  host.advance(hours(1));
  EXPECT_EQ(first()["waiting"].as<int>(), 0);
  const auto after = sent();
  host.advance(hours(24));
  EXPECT_EQ(sent(), after) << "once it was taken nothing more is sent";
  EXPECT_TRUE(host.jobs().empty());
}

TEST_F(WebhooksTest, ANoticeThatComesTwiceIsSentOnce) {
  ASSERT_EQ(add(), 201);
  ASSERT_TRUE(host.deliver("document.purged", {{"sequence", 7}}));
  ASSERT_TRUE(host.deliver("document.purged", {{"sequence", 7}}));
  host.advance(seconds(1));
  EXPECT_EQ(sent(), 1U);
}

TEST_F(WebhooksTest, NothingIsLostWhereverACallFails) {
  ASSERT_EQ(add(), 201);
  for (int n = 1;; ++n) {
    const auto before = sent();
    host.fail_call(n);
    while (!host.deliver("document.trashed", {{"sequence", 100 + n}})) {}
    host.advance(hours(2));
    const bool failed = host.call_failed();
    host.fail_call(1'000'000);
    EXPECT_GE(sent(), before + 1) << "call " << n;
    EXPECT_EQ(first()["waiting"].as<int>(), 0) << "call " << n;
    if (!failed) break;
    ASSERT_LT(n, 50);
  }
}

TEST_F(WebhooksTest, OnlyAdministratorsSayWhatLeaves) {
  is_admin = false;
  EXPECT_EQ(add(), 403);
  EXPECT_EQ(host.call("GET", "/hooks").status, 403);
  is_admin = true;
  ASSERT_EQ(add(), 201);
  EXPECT_EQ(host.call("POST", "/hooks", {{"url", "http://hooks.example.org"}, {"secret", "0123456789abcdef"}}).status,
            400);
  EXPECT_EQ(host.call("POST", "/hooks", {{"url", "https://hooks.example.org"}, {"secret", "short"}}).status, 400);
  ASSERT_TRUE(host.deliver("document.created"));
  EXPECT_EQ(host.call("DELETE", "/hooks/1").status, 204);
  host.advance(seconds(5));
  EXPECT_EQ(sent(), 0U);
  EXPECT_TRUE(host.jobs().empty());
}

// RFC 4231, cases 1, 2 and 6.
TEST(Hmac, IsTheOneOfTheStandard) {
  EXPECT_EQ(hmac::sign(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac::sign("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac::sign(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
