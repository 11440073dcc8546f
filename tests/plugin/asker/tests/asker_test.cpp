// Aim: the host of authors' tests serves, refuses and records as the server does (server/plugin/services_test.cpp).
#include <cluse/test.hpp>

#include <gtest/gtest.h>

namespace {

using cluse::Value;

TEST(Asker, SentencesAreSaid) {
  cluse::test::Host host;
  const auto text = [&](const Value& body) {
    return host.call("POST", "/ask/i18n/text", body).json()["text"].get_or<std::string>("");
  };
  EXPECT_EQ(text({{"key", "asker.hello.subject"}, {"args", {{"name", "Léa"}}}, {"locale", "de-CH"}}), "Guten Tag Léa");
  EXPECT_EQ(text({{"key", "asker.hello.body"}, {"args", {{"count", 0}, {"who", "org"}}}}), "Rien chez l’organisme.");
  EXPECT_EQ(text({{"key", "asker.hello.body"}, {"args", {{"count", 1}, {"who", "x"}}}}), "Une fiche chez vous.");
  EXPECT_EQ(text({{"key", "asker.hello.body"}, {"args", {{"count", 12000}, {"who", "x"}}}}),
            "12\u202f000 fiches chez vous.");
  EXPECT_EQ(text({{"key", "asker.hello.body"}, {"args", {{"count", 12000}, {"who", "x"}}}, {"locale", "de-CH"}}),
            "12’000 Einträge bei Ihnen.");
  EXPECT_EQ(host.call("POST", "/ask/i18n/text", {{"key", "none"}}).status, 404);
  EXPECT_EQ(host.call("POST", "/ask/i18n/text", {{"key", "asker.hello.subject"}}).status, 400);
  EXPECT_EQ(host.call("POST", "/ask/i18n/other", Value::map()).status, 500);
}

TEST(Asker, WhatIsAskedIsRecordedAndAnswered) {
  cluse::test::Host host;
  EXPECT_EQ(host.call("POST", "/ask/core/person.get", {{"id", "p"}}).status, 500);
  host.answer("cluse.core/1", "person.get", [](const Value& body) {
    if (body["id"].as<std::string>() == "nobody") throw cluse::NotFound();
    return Value{{"name", "Nom"}};
  });
  EXPECT_EQ(host.call("POST", "/ask/core/person.get", {{"id", "p"}}).json()["name"].as<std::string>(), "Nom");
  EXPECT_EQ(host.call("POST", "/itself/core/person.get", {{"id", "nobody"}}).status, 404);
  const auto& asked = host.asked("cluse.core/1");
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked[1].user, "person-1");
  EXPECT_EQ(asked[2].user, "");
  EXPECT_EQ(asked[2].body["id"].as<std::string>(), "nobody");
  EXPECT_EQ(host.call("POST", "/somebody/core/person.get?user=other", {{"id", "p"}}).status, 500);
  EXPECT_EQ(asked.size(), 3U) << "for somebody who does not ask";
  EXPECT_EQ(host.call("GET", "/depth").body, std::to_string(CLUSE_INVALID));
}

TEST(Asker, SearchNotifyAndEmitWork) {
  cluse::test::Host host;
  const Value object = {{"key", "1"},      {"kind", "poll"},    {"title", "Quel jour ?"},
                        {"text", "Mardi"}, {"url", "/polls/1"}, {"readers", Value::array({"everyone"})}};
  EXPECT_EQ(host.call("POST", "/itself/search/put", object).status, 200);
  const auto find = [&](const char* words) {
    return host.call("POST", "/ask/search/find", {{"words", words}, {"limit", 5}}).json()["hits"].items().size();
  };
  EXPECT_EQ(find("mardi"), 1U);
  EXPECT_EQ(find("jeudi"), 0U);
  EXPECT_EQ(host.call("POST", "/itself/search/remove", {{"key", "1"}}).status, 200);
  EXPECT_EQ(find("mardi"), 0U);
  Value message = {{"to", Value::array({Value{{"person", "p"}}})},
                   {"key", "asker.hello"},
                   {"args", {{"name", "A"}, {"count", 2}, {"who", "x"}}}};
  EXPECT_EQ(host.call("POST", "/itself/notify/send", message).status, 200);
  message.set("args", Value::map());
  EXPECT_EQ(host.call("POST", "/itself/notify/send", message).status, 400) << "a sentence lacks what it names";
  message.set("key", "asker.other");
  EXPECT_EQ(host.call("POST", "/itself/notify/send", message).status, 500) << "not granted";
  EXPECT_EQ(host.call("POST", "/ask/events/emit", {{"topic", "thing.changed"}, {"body", 1}}).status, 200);
  EXPECT_EQ(host.call("POST", "/ask/events/emit", {{"topic", "other"}, {"body", 1}}).status, 500);
}

TEST(Asker, WhatItTellsOthersExistsIfItsTransactionCommits) {
  cluse::test::Host host;
  EXPECT_EQ(host.call("POST", "/emit/rollback", {{"n", 1}}).status, 403);
  EXPECT_EQ(host.call("POST", "/emit/read", {{"n", 2}}).status, 500);
  EXPECT_EQ(
      host.call("POST", "/ask/events/emit", {{"topic", "thing.changed"}, {"body", std::string(17 << 10, 'x')}}).status,
      503);
  EXPECT_TRUE(host.emitted().empty());
  EXPECT_EQ(host.call("POST", "/emit/commit", {{"n", 3}}).status, 200);
  EXPECT_EQ(host.call("POST", "/itself/events/emit", {{"topic", "thing.changed"}, {"body", 4}}).status, 200);
  ASSERT_EQ(host.emitted().size(), 2U);
  EXPECT_EQ(host.emitted()[0].topic, "thing.changed");
  EXPECT_EQ(host.emitted()[0].body.to_json(), R"({"n":3})");
  EXPECT_EQ(host.emitted()[0].user, "person-1");
  EXPECT_EQ(host.emitted()[1].user, "");
  EXPECT_TRUE(host.deliver("org.example.listener:thing.heard", {{"n", 3}}));
  EXPECT_EQ(host.call("GET", "/heard").body, "{\"n\":3}\n");
  EXPECT_THROW(host.deliver("org.example.listener:other"), std::logic_error);
}

TEST(Asker, ChannelsLetInAndPublish) {
  cluse::test::Host host;
  EXPECT_TRUE(host.join("poll/7"));
  EXPECT_EQ(host.join("poll/closed").status, CLUSE_REFUSED);
  EXPECT_EQ(host.join("poll/7", {"", "fr-FR"}).status, CLUSE_REFUSED);
  EXPECT_TRUE(host.join("news")) << "no handler";
  EXPECT_THROW(host.join("other"), std::logic_error);
  EXPECT_TRUE(host.say("poll/7", "bonjour"));
  EXPECT_TRUE(host.say("poll/8", "close"));
  EXPECT_EQ(host.join("poll/8").status, CLUSE_REFUSED);
  ASSERT_EQ(host.asked("cluse.realtime/1").size(), 3U);
  EXPECT_EQ(host.asked("cluse.realtime/1")[2].operation, "recheck");
  EXPECT_EQ(host.asked("cluse.realtime/1")[0].body.to_json(), R"({"channel":"poll/7","body":{"said":"bonjour"}})");
}

TEST(Asker, PublicAndRestRoutesAreFound) {
  cluse::test::Host host;
  EXPECT_EQ(host.call("GET", "/public/elus", {}, {"", "fr-FR"}).body, "elus for anybody");
  EXPECT_EQ(host.call("PROPFIND", "/dav/a/b.vcf").status, 207);
  EXPECT_EQ(host.call("OPTIONS", "/dav/").headers.at("dav"), "1, 3, addressbook");
  EXPECT_EQ(host.call("OPTIONS", "/dav").status, 404);
  host.fail_call(1, CLUSE_LIMIT);
  EXPECT_EQ(host.call("POST", "/ask/i18n/text", {{"key", "page.title"}}).status, 503);
}

}  // namespace
