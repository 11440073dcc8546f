// Aim: search, the core and the network answer a plugin with the rights of who asks. Method: the plugin that passes
// questions on, in the server, over a real store and a real index.
#include "server/domain/search/search.h"
#include "server/plugin/services/core.h"
#include "server/plugin/services/net.h"
#include "server/plugin/services/search.h"
#include "server/plugin/testing.h"

namespace cluse::plugin {
namespace {

class ServicePartsTest : public PluginTest {
 protected:
  ServicePartsTest() : PluginTest(HostKind::direct) {}
  void SetUp() override {
    auto index = storage::open_search_index(domain_.directory / "search.db");
    ASSERT_TRUE(index) << index.error().detail;
    index_ = std::move(*index);
    auto& database = domain_.services->environment.database;
    CoreSettings core;
    core.name = "Essai";
    core.rules = domain_.services->rules;
    services_[CLUSE_EXT_CORE] = std::make_shared<CoreService>(database, domain_.clock, std::move(core));
    services_[CLUSE_EXT_SEARCH] = std::make_shared<SearchService>(database, *index_);
    services_[CLUSE_EXT_NET] = std::make_shared<NetService>();
    install("asker");
    start();
  }
  void TearDown() override {
    if (host_) host_->stop();
  }
  /// As the plugin itself.
  std::string itself(const std::string& what, const std::string& body) {
    return said(send("asker", "POST", "/itself/" + what, body));
  }
  Value ask(const domain::Actor& actor, const std::string& what, const std::string& body) {
    const auto text = said(send_as(actor, "asker", "POST", "/ask/" + what, body));
    return Value::from_json(text).value_or(Value(text));
  }
  Value nobody(const std::string& what, const std::string& body) {
    HttpRequest request{"org.example.asker", "POST", "/anybody/" + what, {}, {}, body};
    const auto text = said(domain_.run(host_->handle(std::nullopt, std::move(request))));
    return Value::from_json(text).value_or(Value(text));
  }
  std::string put(const std::string& key, const std::string& title, const std::string& readers) {
    return itself("search/put", R"({"key":")" + key + R"(","kind":"fiche","title":")" + title +
                                    R"(","text":"Interprète à Delémont","url":"/fiches/)" + key +
                                    R"(","language":"fr","readers":[)" + readers + "]}");
  }
  std::string keys(const Value& found) {
    std::string out;
    for (const auto& hit : found["hits"].items()) out += hit["key"].as<std::string>() + " ";
    return out;
  }
  std::unique_ptr<storage::SearchIndex> index_;
};

constexpr const char* kWords = R"({"words":"interprete"})";

TEST_F(ServicePartsTest, FindsWhatEachMayRead) {
  const auto administrator = domain_.administrator();
  const auto other = domain_.person("Autre", "autre@example.org");
  const auto workspace = domain_.workspace();
  ASSERT_EQ(put("open", "Ouverte", R"("everyone")"), "{}");
  ASSERT_EQ(put("inside", "Membres", R"("signed-in")"), "{}");
  ASSERT_EQ(put("hers", "Sienne", "\"person:" + other.person_id.to_string() + "\""), "{}");
  ASSERT_EQ(put("space", "Espace", "\"workspace:" + workspace.to_string() + "\""), "{}");
  ASSERT_EQ(put("office", "Bureau", R"("permission:people.manage")"), "{}");
  const auto all = [&] {
    return Value::from_json(itself("search/find", kWords)).value_or(Value())["hits"].items().size();
  };
  ASSERT_TRUE(becomes([&] { return all() == 5; }));
  EXPECT_EQ(nobody("search/find", kWords)["hits"].items().size(), 1U);
  const auto hers = keys(ask(other, "search/find", kWords));
  EXPECT_NE(hers.find("hers"), std::string::npos);
  EXPECT_EQ(hers.find("space"), std::string::npos);
  EXPECT_EQ(hers.find("office"), std::string::npos);
  const auto theirs = keys(ask(administrator, "search/find", kWords));
  EXPECT_NE(theirs.find("space"), std::string::npos);
  EXPECT_NE(theirs.find("office"), std::string::npos);
  EXPECT_EQ(theirs.find("hers"), std::string::npos);

  domain::Search search(domain_.services->environment, index_.get());
  const auto found = domain_.run(search.find(other, {"interprete", "object", {}, 20, 0}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->total, 3);
  ASSERT_FALSE(found->found.empty());
  EXPECT_EQ(found->found[0].object.plugin, "org.example.asker");
  EXPECT_EQ(found->found[0].object.url.find("/fiches/"), 0U);
}

TEST_F(ServicePartsTest, ForgetsWhatIsRemovedAndComesBackWithThePlugin) {
  ASSERT_EQ(put("a", "Une", R"("everyone")"), "{}");
  ASSERT_EQ(put("b", "Deux", R"("everyone")"), "{}");
  const auto all = [&] { return keys(nobody("search/find", kWords)); };
  ASSERT_TRUE(becomes([&] { return all().size() == 4; }));
  ASSERT_EQ(itself("search/remove", R"({"key":"a"})"), "{}");
  ASSERT_TRUE(becomes([&] { return all() == "b "; }));
  ASSERT_TRUE(index_->clear()) << "made anew";
  ASSERT_TRUE(becomes([&] { return all() == "b "; }));
  ASSERT_TRUE(host_->set_enabled("org.example.asker", false));
  storage::SearchQuestion question;
  question.match = "\"interpret\"*";
  question.all_readers = true;
  EXPECT_EQ(index_->find(question)->total, 0);
  ASSERT_TRUE(host_->set_enabled("org.example.asker", true));
  EXPECT_TRUE(becomes([&] { return all() == "b "; }));
}

TEST_F(ServicePartsTest, AnObjectThatIsNotAsDescribedIsRefused) {
  EXPECT_EQ(put("x", "", R"("everyone")"), "plugin_input_wrong");
  EXPECT_EQ(put("x", "X", ""), "plugin_input_wrong") << "nobody may read it";
  EXPECT_EQ(put("x", "X", R"("all")"), "plugin_input_wrong");
  EXPECT_EQ(put("x", "X", R"("permission:everything")"), "plugin_input_wrong");
  EXPECT_EQ(put("x/../../y", "X", R"("everyone")"), "plugin_input_wrong") << "its url leads elsewhere";
  EXPECT_EQ(put("x", std::string(kObjectTitleBytesMax + 1, 'x'), R"("everyone")"), "plugin_unavailable");
  EXPECT_EQ(itself("search/put", R"({"key":7})"), "plugin_input_wrong");
}

TEST_F(ServicePartsTest, TheCoreComputes) {
  const auto actor = domain_.administrator();
  EXPECT_EQ(ask(actor, "core/amount.format", R"({"minor":1234560,"currency":"CHF","locale":"de-CH"})")["text"]
                .as<std::string>(),
            "CHF\u00a012’345.60");
  EXPECT_EQ(nobody("core/amount.split", R"({"minor":100,"currency":"EUR","weights":[1,1,1]})")["parts"].to_json(),
            "[34,33,33]");
  EXPECT_EQ(ask(actor, "core/amount.split", R"({"minor":1,"currency":"GBP","weights":[1]})").as<std::string>(),
            "plugin_input_wrong");
  EXPECT_EQ(ask(actor, "core/amount.convert", R"({"minor":100,"from":"EUR","to":"CHF","on":"2026-01-05"})").is_map(),
            false)
      << "no rate was imported";
  EXPECT_EQ(nobody("core/instance", "{}")["name"].as<std::string>(), "Essai");
  EXPECT_EQ(ask(actor, "core/unknown", "{}").as<std::string>(), "plugin_failed");
}

TEST_F(ServicePartsTest, TheCoreKnowsPeopleAndRights) {
  const auto administrator = domain_.administrator();
  const auto other = domain_.person("Léa Exemple", "lea@example.org");
  const auto workspace = domain_.workspace();
  const std::string id = R"({"id":")" + other.person_id.to_string() + "\"}";
  const Value person = ask(administrator, "core/person.get", id);
  EXPECT_EQ(person["name"].get_or<std::string>(""), "Léa Exemple");
  EXPECT_TRUE(person["email"].is_null()) << "she shows it to nobody";
  EXPECT_EQ(person["languages"].items().size(), 1U);
  domain::ContactDetail detail{domain::ContactKind::email, "lea@exemple.fr", domain::Audience::everyone, {}};
  ASSERT_TRUE(domain_.run(domain_.services->contact_details.set(other, detail)));
  EXPECT_EQ(ask(administrator, "core/person.get", id)["email"].get_or<std::string>(""), "lea@exemple.fr");
  EXPECT_EQ(ask(administrator, "core/person.find", R"({"words":"exemple"})")["people"].items().size(), 1U);
  EXPECT_EQ(ask(administrator, "core/person.get", R"({"id":"nobody"})").as<std::string>(), "plugin_answer_not_found");
  EXPECT_EQ(nobody("core/person.get", id).as<std::string>(), "plugin_refused");

  const auto may = [&](const domain::Actor& who, const std::string& body) {
    return ask(who, "core/rights.may", body)["may"].get_or<bool>(false);
  };
  const std::string write = R"({"permission":"content.write","workspace":")" + workspace.to_string() + "\"}";
  EXPECT_TRUE(may(administrator, R"({"permission":"administrators.manage"})"));
  EXPECT_FALSE(may(other, R"({"permission":"administrators.manage"})"));
  EXPECT_TRUE(may(administrator, write));
  EXPECT_FALSE(may(other, write));
  EXPECT_EQ(itself("core/rights.may", write), R"({"may":false})") << "a plugin has no rights of its own";
  EXPECT_EQ(
      ask(other, "core/mandates.of", R"({"person":")" + other.person_id.to_string() + "\"}")["mandates"].items().size(),
      0U);
  EXPECT_FALSE(ask(other, "core/organisations.find", R"({"words":""})")["organisations"].items().empty());
  EXPECT_TRUE(nobody("core/territories.find", R"({"words":"belfort"})")["territories"].is_array());
}

TEST_F(ServicePartsTest, TheNetworkIsHeldToTheList) {
  EXPECT_EQ(itself("net/fetch", R"({"url":"https://evil.example.com/"})"), "plugin_refused");
  EXPECT_EQ(itself("net/fetch", R"({"url":"http://localhost.example.org/"})"), "plugin_refused");
  EXPECT_EQ(itself("net/fetch", R"({"url":"https://localhost.example.org/","headers":{"Host":"x"}})"),
            "plugin_input_wrong");
  EXPECT_EQ(itself("net/fetch", "{}"), "plugin_input_wrong");
}

TEST_F(ServicePartsTest, RoutesAreForWhomTheManifestSays) {
  const std::string id = "org.example.asker";
  EXPECT_EQ(host_->access_of(id, "GET", "/public/elus"), RouteAccess::everyone);
  EXPECT_EQ(host_->access_of(id, "PROPFIND", "/dav/x"), RouteAccess::password);
  EXPECT_EQ(host_->access_of(id, "POST", "/ask/a/b"), RouteAccess::session);
  EXPECT_EQ(host_->access_of(id, "GET", "/nothing"), std::nullopt);
  EXPECT_EQ(host_->access_of("org.example.none", "GET", "/public/elus"), std::nullopt);
  EXPECT_EQ(host_->well_known("carddav"), "/x/org.example.asker/dav/");
  EXPECT_EQ(host_->well_known("caldav"), std::nullopt);
  HttpRequest request{id, "GET", "/public/elus", {}, {}, {}};
  EXPECT_EQ(said(domain_.run(host_->handle(std::nullopt, request))), "elus for anybody");
  request.path = "/dav/";
  EXPECT_EQ(said(domain_.run(host_->handle(std::nullopt, request))), "not_signed_in");
  const auto dav = send("asker", "PROPFIND", "/dav/a/b.vcf");
  ASSERT_TRUE(dav);
  EXPECT_EQ(dav->status, 207);
  EXPECT_EQ(dav->headers.front(), (std::pair<std::string, std::string>("dav", "1, 3, addressbook")));
}

}  // namespace
}  // namespace cluse::plugin
