// Aim: search, the core and the network answer a plugin with the rights of who asks. Method: the plugin that passes
// questions on, in the server, over a real store and a real index.
#include "server/domain/search/search.h"
#include "server/plugin/event_log.h"
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
    core.rules = domain::rules::Rulebook::load(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules").value();
    core.judge = [this](const Value& question, const std::string& locale) -> Result<Value> {
      asked_to_judge_ = locale + " " + question.to_json();
      if (question["pack"].as<std::string>() != "fr-epci") return fail(Errc::not_found, "rule_pack_unknown");
      return Value{{"verdict", "met"}};
    };
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
  std::string asked_to_judge_;
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

TEST_F(ServicePartsTest, ForgetsAtTheStartWhoWasRemovedOrSwitchedOffMeanwhile) {
  storage::SearchQuestion question;
  question.match = "\"interpret\"*";
  question.all_readers = true;
  const auto found = [&] { return index_->find(question)->total; };
  ASSERT_EQ(put("a", "Une", R"("everyone")"), "{}");
  ASSERT_TRUE(becomes([&] { return found() == 1; }));
  host_->stop();
  EXPECT_EQ(found(), 1) << "a server that ends takes nothing out";
  const Shelf shelf(domain_.directory / "plugins");
  ASSERT_TRUE(shelf.set_enabled("org.example.asker", false));
  start();
  EXPECT_EQ(found(), 0);
  ASSERT_TRUE(host_->set_enabled("org.example.asker", true));
  ASSERT_TRUE(becomes([&] { return found() == 1; })) << "and comes back with it";
  host_->stop();
  ASSERT_TRUE(shelf.erase("org.example.asker", true));
  start();
  EXPECT_EQ(found(), 0);
}

// Straight at the log: what takes long, or happens only between two steps.
TEST_F(ServicePartsTest, EventsAreLoggedOnceAndNotForEver) {
  using Events = std::vector<storage::PluginEmission>;
  const auto append = [&](const Events& events) {
    return domain_.database
        ->write_now([&](storage::Transaction& tx) -> Result<Appended> { return append_events(tx, "a", events); })
        .value();
  };
  const auto write = [&](const std::function<void(storage::Transaction&)>& what) {
    ASSERT_TRUE(domain_.database->write_now([&](storage::Transaction& tx) -> Result<void> {
      what(tx);
      return {};
    }));
  };
  const auto next = [&](const std::string& taker) {
    return domain_.database
        ->read_now([&](storage::Snapshot& snapshot) -> Result<std::optional<LoggedEvent>> {
          return next_event(snapshot, taker);
        })
        .value();
  };
  const Instant now = domain_.clock.now();
  const Events two = {{1, "id-1", now, "x", "", "\x01"}, {2, "id-2", now, "x", "somebody", "\x02"}};
  EXPECT_EQ(append(two).kept, 0) << "nobody takes it";
  write([](storage::Transaction& tx) {
    take_name(tx, "b", "a:x");
    take_name(tx, "c", "a:x");
  });
  EXPECT_EQ(append(two).kept, 2);
  EXPECT_EQ(append(two).kept, 0) << "carried over again after a crash";
  ASSERT_TRUE(next("b"));
  EXPECT_EQ(next("b")->body, "\x01");
  write([](storage::Transaction& tx) { event_told(tx, "b", "a:x", 1); });
  EXPECT_EQ(next("b")->actor, "somebody");
  EXPECT_EQ(next("c")->sequence, 1) << "each has its place";

  write([now](storage::Transaction& tx) {
    tx.run(
        "INSERT INTO plugin_event (sequence, id, at, plugin, name, body) WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL "
        "SELECT i + 1 FROM n WHERE i < ?) SELECT i, 'id-' || i, ?, 'a', 'a:x', ? FROM n",
        {kEventsKeptMax + 1, now, storage::Blob{"\x03"}});
    tx.run("UPDATE plugin_event_head SET sequence = ?", {kEventsKeptMax + 1});
  });
  const auto last = append({{3, "id-last", now, "x", "", "\x04"}});
  EXPECT_EQ(last.dropped, 2) << "past the number that is kept";
  EXPECT_EQ(next("c")->sequence, 3) << "the oldest went";
  write([now](storage::Transaction& tx) { EXPECT_EQ(drop_events_before(tx, now), 0); });
  write([now](storage::Transaction& tx) { EXPECT_EQ(drop_events_before(tx, {now.ms + 1}), kEventsKeptMax); });
  EXPECT_FALSE(next("c"));
}

TEST_F(ServicePartsTest, EventsThatNobodyTookInTimeGo) {
  const auto held = [&] {
    return domain_.database
        ->read_now([](storage::Snapshot& snapshot) -> Result<std::int64_t> {
          return snapshot.one("SELECT COUNT(*) FROM plugin_event")->integer(0);
        })
        .value();
  };
  ASSERT_TRUE(domain_.database->write_now([](storage::Transaction& tx) -> Result<void> {
    take_name(tx, "somebody.else", "org.example.asker:thing.changed");
    return {};
  }));
  ASSERT_EQ(itself("events/emit", R"({"topic":"thing.changed","body":1})"), "{}");
  ASSERT_TRUE(becomes([&] { return held() == 1; }));
  domain_.clock.advance(kEventAgeMax + std::chrono::hours(1));
  EXPECT_TRUE(becomes([&] { return held() == 0; }));
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

TEST_F(ServicePartsTest, TheCoreConvertsWithARateThatWasPublished) {
  ASSERT_TRUE(domain_.database->write_now([](storage::Transaction& tx) -> Result<void> {
    tx.run(
        "INSERT INTO rate_import (id, source, file_name, file_sha256, added, imported_at) VALUES ('i', 'ecb', 'f', "
        "'h', 2, 0)");
    tx.run(
        "INSERT INTO exchange_rate (source, published_on, chf_per_eur, import_id) VALUES ('ecb', '2026-01-02', "
        "'0.9312', 'i'), ('ecb', '2026-01-05', '0.9300', 'i')");
    return {};
  }));
  const auto convert = [&](const std::string& rest) {
    return ask(domain_.administrator(), "core/amount.convert", R"({"minor":10000,)" + rest + "}");
  };
  const Value there = convert(R"("from":"EUR","to":"CHF","on":"2026-01-04")");
  EXPECT_EQ(there["minor"].get_or<int>(0), 9312) << there.to_json();
  EXPECT_EQ(there["currency"].get_or<std::string>(""), "CHF");
  EXPECT_EQ(there["rate"].get_or<std::string>(""), "0.9312");
  EXPECT_EQ(there["published_on"].get_or<std::string>(""), "2026-01-02") << "the last before a Sunday";
  EXPECT_EQ(there["source"].get_or<std::string>(""), "ecb");
  EXPECT_NE(there["stamp"].get_or<std::string>("").find("0,9312"), std::string::npos) << there["stamp"].to_json();
  EXPECT_EQ(convert(R"("from":"CHF","to":"EUR","on":"2026-01-05")")["minor"].get_or<int>(0), 10753);
  EXPECT_EQ(
      nobody("core/amount.convert", R"({"minor":100,"from":"EUR","to":"CHF","on":"2026-01-05"})")["minor"].get_or<int>(
          0),
      93);
  EXPECT_FALSE(convert(R"("from":"EUR","to":"CHF","on":"2025-12-01")").is_map()) << "before the first";
  EXPECT_FALSE(convert(R"("from":"EUR","to":"CHF","on":"2026-01-05","source":"infoeuro")").is_map());
  EXPECT_EQ(convert(R"("from":"EUR","to":"CHF","source":"fixed")").as<std::string>(), "plugin_input_wrong");
  EXPECT_EQ(convert(R"("from":"EUR","to":"GBP")").as<std::string>(), "plugin_input_wrong");
  EXPECT_EQ(convert(R"("from":"EUR","to":"CHF","on":"tomorrow")").as<std::string>(), "plugin_input_wrong");
}

TEST_F(ServicePartsTest, TheCoreKnowsRulesAndDelays) {
  const auto last = [&](const std::string& rest) {
    return nobody("core/delay.last_moment", R"({"pack":"fr-epci","what":"convocation",)" + rest + "}");
  };
  // domain.md section 1.6: CGCT L2121-12, five clear days; urgent: not less than one.
  const Value ordinary = last(R"("session_on":"2026-06-07")");
  EXPECT_EQ(ordinary["moment"].get_or<std::string>(""), "2026-06-01T21:59:59.999Z") << ordinary.to_json();
  EXPECT_EQ(ordinary["day"].get_or<std::string>(""), "2026-06-01");
  EXPECT_EQ(ordinary["zone"].get_or<std::string>(""), "Europe/Paris");
  EXPECT_EQ(ordinary["pack"].get_or<std::string>(""), "fr-epci");
  EXPECT_EQ(ordinary["version"].get_or<std::string>(""), "1996");
  EXPECT_EQ(last(R"("session_on":"2026-06-05","occasion":"urgent")")["day"].get_or<std::string>(""), "2026-06-03");
  EXPECT_EQ(last(R"("session_on":"2026-06-05","occasion":"someday")").as<std::string>(), "plugin_input_wrong");
  EXPECT_EQ(last(R"("session_on":"05.06.2026")").as<std::string>(), "plugin_input_wrong");
  EXPECT_FALSE(
      nobody("core/delay.last_moment", R"({"pack":"none","what":"convocation","session_on":"2026-06-05"})").is_map());
  EXPECT_FALSE(
      nobody("core/delay.last_moment", R"({"pack":"fr-epci","what":"dates","session_on":"2026-06-05"})").is_map());

  auto actor = domain_.administrator();
  actor.locale = "de-CH";
  const std::string question = R"({"pack":"fr-epci","facts":{"present":4}})";
  EXPECT_EQ(ask(actor, "core/rule.judge", question).to_json(), R"({"verdict":"met"})");
  EXPECT_EQ(asked_to_judge_, "de-CH " + question);
  static_cast<void>(ask(actor, "core/rule.judge", R"({"pack":"fr-epci","locale":"fr-CH"})"));
  EXPECT_EQ(asked_to_judge_.substr(0, 6), "fr-CH ");
  EXPECT_EQ(nobody("core/rule.judge", R"({"pack":"none"})").as<std::string>(), "plugin_answer_not_found");
}

TEST_F(ServicePartsTest, TheCoreKnowsTwins) {
  const auto administrator = domain_.administrator();
  const auto other = domain_.person("Autre", "autre@example.org");
  const Id workspace = domain_.workspace();
  const auto add = [&](const char* title, const char* language) {
    domain::NewDocument wanted;
    wanted.workspace_id = workspace;
    wanted.title = title;
    wanted.language = language;
    return domain_.run(domain_.services->documents.add(administrator, wanted)).value().id;
  };
  const Id source = add("Ordre du jour", "fr"), german = add("Tagesordnung", "de"), alone = add("Seul", "fr");
  ASSERT_TRUE(domain_.run(domain_.services->twins.link(administrator, german, source)));
  const auto twins = [&](const domain::Actor& who, const std::string& id, const char* kind = "document") {
    return ask(who, "core/twins.of", R"({"kind":")" + std::string(kind) + R"(","id":")" + id + "\"}");
  };
  const auto line = [](Id id, const std::string& rest) { return R"({"id":")" + id.to_string() + "\"," + rest + "}"; };
  const std::string both = R"({"twins":[)" +
                           line(source, R"("title":"Ordre du jour","language":"fr","is_source":true)") + "," +
                           line(german, R"("title":"Tagesordnung","language":"de","is_source":false)") + "]}";
  EXPECT_EQ(twins(administrator, source.to_string()).to_json(), both);
  EXPECT_EQ(twins(administrator, german.to_string()).to_json(), both) << "from either";
  EXPECT_EQ(twins(administrator, alone.to_string()).to_json(), R"({"twins":[]})");
  EXPECT_EQ(twins(other, source.to_string()).as<std::string>(), "plugin_answer_not_found") << "with her rights";
  EXPECT_EQ(twins(administrator, "none").as<std::string>(), "plugin_answer_not_found");
  EXPECT_EQ(twins(administrator, source.to_string(), "image").as<std::string>(), "plugin_input_wrong");
  const std::string question = R"({"kind":"document","id":")" + source.to_string() + "\"}";
  EXPECT_NE(itself("core/twins.of", question).substr(0, 7), "{\"twins") << "a plugin has no rights of its own";
  EXPECT_EQ(nobody("core/twins.of", question).as<std::string>(), "plugin_refused");
}

TEST_F(ServicePartsTest, TheCoreKnowsOrganisationsAndTerritories) {
  const auto administrator = domain_.administrator();
  static_cast<void>(domain_.workspace());  // in a territory
  const Value first = ask(administrator, "core/organisations.find", R"({"words":""})")["organisations"].items().at(0);
  const std::string id = R"({"id":")" + first["id"].as<std::string>() + "\"}";
  const Value organisation = ask(administrator, "core/organisation.get", id);
  for (const char* name : {"id", "name", "short_name", "country", "kind"})
    EXPECT_EQ(organisation[name].to_json(), first[name].to_json()) << name;
  for (const char* name : {"numbers", "children", "members", "bodies"})
    EXPECT_TRUE(organisation[name].is_array()) << name;
  EXPECT_TRUE(organisation["parent"].is_null());
  EXPECT_EQ(Value::from_json(itself("core/organisation.get", id)).value_or(Value()).to_json(), organisation.to_json());
  EXPECT_EQ(nobody("core/organisation.get", id).as<std::string>(), "plugin_refused");
  const std::string none = R"({"id":"00000000-0000-7000-8000-000000000000"})";
  EXPECT_EQ(ask(administrator, "core/organisation.get", none).as<std::string>(), "plugin_answer_not_found");

  const auto found = nobody("core/territories.find", R"({"words":"aire"})")["territories"];
  ASSERT_EQ(found.items().size(), 1U);
  const Value unit = nobody("core/territory.get", R"({"id":")" + found.items()[0]["id"].as<std::string>() + "\"}");
  EXPECT_EQ(unit["name"].get_or<std::string>(""), "Aire urbaine");
  EXPECT_EQ(unit["kind"].to_json(), found.items()[0]["kind"].to_json());
  EXPECT_TRUE(unit["ancestors"].is_array());
  EXPECT_TRUE(unit["populations"].is_array());
  EXPECT_EQ(nobody("core/territory.get", none).as<std::string>(), "plugin_answer_not_found");
  EXPECT_EQ(nobody("core/territory.get", R"({"id":7})").as<std::string>(), "plugin_input_wrong");
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
