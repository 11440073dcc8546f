// Aim: everybody sees what is theirs to see and no more; nothing is changed that somebody else has changed meanwhile;
// what is proposed, confirmed and merged can be followed and taken back.
#include "desk.h"

namespace annuaires {
namespace {

using std::chrono::hours;

TEST_F(Desk, TheDemonstrationIsWhole) {
  const auto made = call("POST", "/demo");
  EXPECT_EQ(made["directories"].as<int>(), 7);
  EXPECT_EQ(made["entries"].as<int>(), 51);
  EXPECT_EQ(call("POST", "/demo")["entries"].as<int>(), 0) << "a second time";
  const auto page = member("GET", "/directories/organismes/entries?facets=1&limit=10");
  EXPECT_EQ(page["total"].as<int>(), 25);
  EXPECT_EQ(page["entries"].items().size(), 10U);
  EXPECT_EQ(page["facets"]["country"]["CH"].as<int>(), 4);
  EXPECT_EQ(
      member("GET", "/directories/organismes/entries?limit=10&cursor=" + page["next"].as<std::string>())["entries"]
          .items()
          .size(),
      10U);
  EXPECT_EQ(member("GET", "/entries?territory=departement:25")["total"].as<int>(), 10);
  const auto chart = member("GET", "/chart");
  EXPECT_GT(chart["nodes"].items().size(), 20U);
  const auto map = member("GET", "/map?layer=canton");
  EXPECT_EQ(map["areas"].items().size(), 4U);
}

// A first page gathers what a filter finds and counts that; words are counted by what they find.
TEST_F(Desk, FacetsOfAFilterAreCountedOverAllThatItFinds) {
  call("POST", "/demo");
  const auto page = member("GET", "/entries?facets=1&limit=2&country=CH");
  const auto all = member("GET", "/entries?limit=100&country=CH");
  EXPECT_EQ(page["entries"].items().size(), 2U);
  EXPECT_GT(all["entries"].items().size(), 2U);
  EXPECT_EQ(page["total"].as<std::size_t>(), all["entries"].items().size());
  EXPECT_EQ(page["facets"]["country"]["CH"].as<std::size_t>(), all["entries"].items().size());
  EXPECT_TRUE(page["facets"]["country"]["F"].is_null());
  const auto second = member("GET", "/entries?facets=1&limit=2&country=CH&cursor=" + page["next"].as<std::string>());
  EXPECT_EQ(second["facets"].to_json(), page["facets"].to_json());
}

TEST_F(Desk, TellsEverybodyWordsForTheKeysOfOpenEntries) {
  call("POST", "/demo");
  const auto words = anybody("GET", "/public/vocabulary");
  const auto& policy = words["policies"].items().at(0);
  EXPECT_FALSE(policy["label"]["fr"].as<std::string>().empty());
  EXPECT_FALSE(policy["label"]["de"].as<std::string>().empty());
  EXPECT_TRUE(policy["count"].is_null()) << "how many there are is for members";
  EXPECT_EQ(words["levels"].items().size(), member("GET", "/vocabulary")["levels"].items().size());
  const auto rows = anybody("GET", "/public/organismes/entries?policy=mobilites")["entries"];
  ASSERT_FALSE(rows.items().empty()) << last_.body;
  const auto path = "/public/entries/" + rows.items()[0]["uid"].as<std::string>() + "?format=jsonld&lang=";
  const auto about = [&](const std::string& language) {
    return anybody("GET", path + language)["knowsAbout"].to_json();
  };
  EXPECT_NE(about("fr").find("\"Mobilités\""), std::string::npos) << about("fr");
  EXPECT_NE(about("de").find("\"Mobilität\""), std::string::npos) << about("de");
}

TEST_F(Desk, FindsWhateverTheSpelling) {
  call("POST", "/demo");
  const auto first = [&](const std::string& q) {
    const auto found = member("GET", "/search?q=" + q);
    return found["hits"].items().empty() ? std::string() : found["hits"].items()[0]["name"]["fr"].as<std::string>();
  };
  EXPECT_EQ(first("montbeliard"), "CA Pays de Montbéliard Agglomération");
  EXPECT_EQ(first("St%20Claude"), "CC Haut-Jura Saint-Claude");
  EXPECT_EQ(first("Neuenburg"), "République et Canton de Neuchâtel");
  EXPECT_EQ(first("Ma%C3%AEche"), "CC du Pays de Maîche");
  const auto typo = member("GET", "/entries?q=montbleiard");
  EXPECT_EQ(typo["corrected"].get_or<std::string>(""), "montbeliard");
  EXPECT_GE(typo["total"].as<int>(), 1);
  EXPECT_EQ(member("GET", "/entries?q=zzzzqqq")["total"].as<int>(), 0);
  EXPECT_EQ(member("GET", "/entries?q=%22%20*")["total"].as<int>(), 0) << "no expression of the search's";
  member("GET", "/entries?sort=uid", {}, 400);
}

TEST_F(Desk, ShowsEachReaderHisPart) {
  directory("elus", "officials", {{"public", true}, {"visibility", "public"}});
  const auto id = entry("elus",
                        {{"family", "Rôle"},
                         {"given", "Une"},
                         {"function", {{"fr", "Présidence"}}},
                         {"email", "role@example.org"},
                         {"mobile", "+33 6 00 00 00 00"}},
                        {{"account", "person-7"}});
  const auto seen = call("GET", at("/entries/", id));
  EXPECT_EQ(seen["entry"]["values"]["mobile"].as<std::string>(), "+33 6 00 00 00 00");
  const auto less = member("GET", at("/entries/", id));
  EXPECT_TRUE(less["entry"]["values"]["mobile"].is_null());
  EXPECT_EQ(less["entry"]["values"]["email"].as<std::string>(), "role@example.org");
  EXPECT_EQ(less["entry"]["hidden"].as<int>(), 1);
  EXPECT_TRUE(less["entry"]["consent"].is_null());
  EXPECT_FALSE(member("GET", at("/entries/", id), {}, 0, "person-7")["entry"]["values"]["mobile"].is_null())
      << "the person concerned";
  EXPECT_EQ(member("GET", "/search?q=600000000")["hits"].items().size(), 0U) << "nor is it found";
  const auto uid = seen["entry"]["uid"].as<std::string>();
  anybody("GET", "/public/entries/" + uid, {}, 404);
  EXPECT_EQ(code(member("POST", at("/entries/", id, "/consent"), {{"given", true}}, 403)), "not_allowed");
  member("POST", at("/entries/", id, "/consent"), {{"given", true}, {"how", "courriel"}, {"on", "2026-01-04"}}, 0,
         "person-7");
  const auto open = anybody("GET", "/public/entries/" + uid);
  EXPECT_EQ(open["entry"]["values"]["function"]["fr"].as<std::string>(), "Présidence");
  EXPECT_TRUE(open["entry"]["values"]["email"].is_null());
  const auto linked = anybody("GET", "/public/entries/" + uid + "?format=jsonld");
  EXPECT_EQ(linked["@type"].as<std::string>(), "Person");
  EXPECT_EQ(linked["jobTitle"].as<std::string>(), "Présidence");
  EXPECT_EQ(anybody("GET", "/public/elus/entries")["total"].as<int>(), 1);
  member("POST", at("/entries/", id, "/consent"), {{"given", false}}, 0, "person-7");
  anybody("GET", "/public/entries/" + uid, {}, 404);
  EXPECT_EQ(anybody("GET", "/public/elus/entries?q=role")["total"].as<int>(), 0) << "withdrawing closes at once";
}

TEST_F(Desk, RefusesWhatIsWrongAndSaysWhere) {
  directory("organismes", "partners");
  directory("techniciens", "technicians");
  const auto wrong = call("POST", "/directories/organismes/entries",
                          {{"values",
                            {{"email", "nobody"},
                             {"website", "javascript:alert(1)"},
                             {"level", "planet"},
                             {"nonsense", 1},
                             {"phone", "abc"}}}},
                          422);
  ASSERT_EQ(wrong["errors"].items().size(), 6U) << last_.body;
  EXPECT_EQ(wrong["errors"].items()[5]["code"].as<std::string>(), "field_missing");
  EXPECT_EQ(wrong["errors"].items()[5]["detail"].as<std::string>(), "Ce champ est obligatoire.");
  EXPECT_EQ(code(call("POST", "/directories/techniciens/entries", {{"values", {{"family", "X"}, {"organisation", 99}}}},
                      422)),
            "organisation_unknown");
  member("POST", "/directories/organismes/entries", {{"values", {{"name", "X"}}}}, 403);
  EXPECT_EQ(code(call("POST", "/directories", {{"slug", "Élus"}, {"name", {{"fr", "x"}}}}, 422)), "slug_wrong");
  EXPECT_EQ(code(call("POST", "/directories", {{"slug", "organismes"}, {"name", {{"fr", "x"}}}}, 422)), "slug_taken");
  // An address of a screen or a route would hide the directory, or the directory them.
  for (const char* own : {"doublons", "nouveau", "verifier", "entries", "check"})
    EXPECT_EQ(code(call("POST", "/directories", {{"slug", own}, {"name", {{"fr", "x"}}}}, 422)), "slug_reserved")
        << own;
  EXPECT_EQ(last_.json()["detail"].as<std::string>(),
            "Cette adresse est celle d’un écran de l’annuaire\u00a0: choisissez-en une autre.");
  const auto all =
      call("POST", "/directories", {{"slug", "imports"}, {"template", "none"}, {"review_months", 999}}, 422);
  EXPECT_EQ(all["errors"].items().size(), 4U) << last_.body;
  const auto fields = call("PUT", "/directories/organismes",
                           {{"version", 1},
                            {"name", {{"fr", ""}}},
                            {"fields", Value::array({Value{{"key", "a"}, {"type", "text"}}, Value{{"key", "b"}}})}},
                           422);
  EXPECT_EQ(fields["errors"].items().size(), 4U) << last_.body;
  EXPECT_EQ(fields["errors"].items()[1]["field"].as<std::string>(), "fields.a.label");
  EXPECT_EQ(host_
                .send("POST", "/directories/organismes/entries", "{", {{"content-type", "application/json"}},
                      {"secretariat", "fr-FR"})
                .status,
            400);
  call("GET", "/entries/99", {}, 404);
  call("GET", "/entries/nonsense", {}, 404);
}

TEST_F(Desk, LosesNoChangeOfAnother) {
  directory("organismes", "partners");
  const auto id = entry("organismes", {{"name", {{"fr", "Un"}}}});
  call("PUT", at("/entries/", id), {{"version", 1}, {"values", {{"name", {{"fr", "Deux"}}}}}});
  const auto late = call("PUT", at("/entries/", id), {{"version", 1}, {"values", {{"name", {{"fr", "Trois"}}}}}}, 409);
  EXPECT_EQ(code(late), "version_conflict");
  EXPECT_EQ(late["current"]["name"]["fr"].as<std::string>(), "Deux");
  const auto history = call("GET", at("/entries/", id, "/history"))["history"];
  ASSERT_EQ(history.items().size(), 2U);
  EXPECT_EQ(history.items()[0]["changes"].items()[0]["before"]["fr"].as<std::string>(), "Un");
  member("GET", at("/entries/", id, "/history"), {}, 403);
  call("DELETE", at("/entries/", id));
  member("GET", at("/entries/", id), {}, 404);
  EXPECT_EQ(call("GET", "/entries?state=archived")["total"].as<int>(), 1);
}

TEST_F(Desk, ReviewsWhatIsProposed) {
  directory("organismes", "partners");
  const auto id = entry("organismes", {{"name", {{"fr", "Un"}}}, {"phone", "03 39 30 00 65"}});
  const auto change = member(
      "POST", at("/entries/", id, "/changes"),
      {{"values", {{"phone", "03 39 30 00 66"}, {"email", "un@example.org"}}}, {"note", "déménagé"}}, 201)["change"];
  EXPECT_EQ(change["items"].items().size(), 2U);
  EXPECT_EQ(call("GET", "/changes")["total"].as<int>(), 1);
  EXPECT_EQ(member("GET", "/changes", {}, 0, "another")["total"].as<int>(), 0);
  const auto path = at("/changes/", change["id"].as<std::int64_t>());
  member("GET", path, {}, 404, "another");
  EXPECT_EQ(code(call("POST", path + "/review", {{"refuse", Value::array({"email"})}}, 422)), "reason_missing");
  const auto done =
      call("POST", path + "/review",
           {{"accept", Value::array({"phone"})}, {"refuse", Value::array({"email"})}, {"reason", "adresse générique"}});
  EXPECT_EQ(done["change"]["state"].as<std::string>(), "done");
  EXPECT_EQ(done["entry"]["values"]["phone"].as<std::string>(), "03 39 30 00 66");
  EXPECT_TRUE(done["entry"]["values"]["email"].is_null());
  EXPECT_EQ(code(call("POST", path + "/review", {{"accept", Value::array({"email"})}}, 409)), "change_closed");
  host_.advance(hours(1));
  ASSERT_EQ(host_.asked("cluse.notify/1").size(), 1U);
  EXPECT_EQ(host_.asked("cluse.notify/1")[0].body["to"].items()[0]["person"].as<std::string>(), "member");
  const auto fresh =
      member("POST", "/directories/organismes/changes", {{"values", {{"name", {{"fr", "Neuf"}}}}}}, 201)["change"];
  const auto made =
      call("POST", at("/changes/", fresh["id"].as<std::int64_t>(), "/review"), {{"accept", Value::array({"name"})}});
  EXPECT_EQ(made["entry"]["name"]["fr"].as<std::string>(), "Neuf");
}

TEST_F(Desk, ProposesOppositeNumbers) {
  call("POST", "/demo");
  const auto mobility = member("GET", "/entries?q=responsable%20des%20mobilites&kind=person")["entries"].items().at(0);
  const auto found =
      member("POST", at("/entries/", mobility["id"].as<std::int64_t>(), "/counterparts/propose"))["counterparts"];
  ASSERT_EQ(found.items().size(), 2U) << last_.body;
  EXPECT_EQ(found.items()[0]["reasons"].items()[0]["code"].as<std::string>(), "same_policy");
  const auto path = at("/counterparts/", found.items()[0]["id"].as<std::int64_t>());
  member("PUT", path, {{"state", "confirmed"}}, 403);
  call("PUT", path, {{"state", "confirmed"}});
  call("PUT", at("/counterparts/", found.items()[1]["id"].as<std::int64_t>()), {{"state", "refused"}});
  EXPECT_EQ(member("GET", "/counterparts")["counterparts"].items().size(), 1U);
  EXPECT_EQ(member("POST", at("/entries/", mobility["id"].as<std::int64_t>(), "/counterparts/propose"))["counterparts"]
                .items()
                .size(),
            1U);
}

TEST_F(Desk, MergesAndParts) {
  directory("organismes", "partners");
  const auto one = entry("organismes", {{"name", {{"fr", "Agence d’urbanisme"}}}, {"email", "Contact@example.org"}});
  const auto two =
      entry("organismes",
            {{"name", {{"fr", "Agence urbanisme"}}}, {"email", "contact@example.org"}, {"phone", "03 39 30 00 65"}});
  const auto three = entry("organismes", {{"name", {{"fr", "Syndicat"}}}});
  call("POST", at("/entries/", two, "/links"), {{"kind", "part_of"}, {"other", three}}, 201);
  const auto found = call("GET", "/duplicates");
  ASSERT_EQ(found["total"].as<int>(), 1) << last_.body;
  EXPECT_EQ(found["groups"].items()[0]["score"].as<int>(), 90);
  const auto merged = call("POST", "/duplicates/merge", {{"keep", one}, {"merge", Value::array({two})}});
  EXPECT_EQ(merged["entry"]["values"]["phone"].as<std::string>(), "03 39 30 00 65");
  EXPECT_EQ(merged["entry"]["links"].items().size(), 1U);
  member("GET", at("/entries/", two), {}, 404);
  EXPECT_EQ(call("GET", "/duplicates")["total"].as<int>(), 0);
  call("POST", at("/batches/", merged["batch"].as<std::int64_t>(), "/undo"));
  EXPECT_TRUE(call("GET", at("/entries/", one))["entry"]["values"]["phone"].is_null());
  EXPECT_EQ(call("GET", at("/entries/", two))["entry"]["links"].items().size(), 1U);
  call("POST", at("/batches/", merged["batch"].as<std::int64_t>(), "/undo"), {}, 409);
  call("POST", "/duplicates/dismiss", {{"entries", Value::array({one, two})}});
  EXPECT_EQ(call("GET", "/duplicates")["total"].as<int>(), 0);
}

TEST_F(Desk, AsksWhetherItIsStillCorrect) {
  directory("organismes", "partners", {{"review_months", 6}});
  const auto id = entry("organismes", {{"name", {{"fr", "Un"}}}, {"email", "un@example.org"}});
  host_.advance(hours(24 * 150));
  EXPECT_EQ(host_.asked("cluse.notify/1").size(), 0U);
  host_.advance(hours(24 * 40));
  ASSERT_EQ(host_.asked("cluse.notify/1").size(), 1U) << "once, and not every hour";
  const auto url = host_.asked("cluse.notify/1")[0].body["url"].as<std::string>();
  const std::string token = url.substr(url.rfind('/') + 1);
  const auto shown = anybody("GET", "/public/check/" + token);
  EXPECT_EQ(shown["entry"]["name"]["fr"].as<std::string>(), "Un");
  EXPECT_FALSE(shown["done"].as<bool>());
  anybody("GET", "/public/check/" + token.substr(1), {}, 404);
  anybody("POST", "/public/check/" + token, {{"correct", false}, {"values", {{"phone", "03 39 30 00 65"}}}});
  EXPECT_TRUE(anybody("GET", "/public/check/" + token)["done"].as<bool>());
  EXPECT_EQ(call("GET", "/changes")["changes"].items().at(0)["via"].as<std::string>(), "link");
  EXPECT_EQ(call("GET", "/reminders")["due"].as<int>(), 0);
  EXPECT_TRUE(host_.deliver("notify.failed",
                            {{"key", "annuaires.still_correct"}, {"to", "un@example.org"}, {"why", "550 unknown"}}));
  EXPECT_EQ(call("GET", at("/entries/", id))["entry"]["mail"].as<std::string>(), "bounced");
  host_.advance(hours(24 * 400));
  EXPECT_EQ(host_.asked("cluse.notify/1").size(), 1U) << "no more mail to where none arrives";
  anybody("GET", "/public/check/" + token, {}, 404);
}

TEST_F(Desk, ForgetsWhoWasErased) {
  directory("organismes", "partners");
  const auto id = entry("organismes", {{"name", {{"fr", "Un"}}}}, {{"account", "person-7"}});
  member("POST", at("/entries/", id, "/changes"), {{"note", "x"}}, 201, "person-7");
  EXPECT_TRUE(host_.deliver("person.erased", {{"object", "person-7"}}));
  EXPECT_TRUE(host_.deliver("person.erased", {{"object", "person-7"}})) << "it may come twice";
  EXPECT_TRUE(call("GET", at("/entries/", id))["entry"]["account"].is_null());
  EXPECT_TRUE(call("GET", "/changes")["changes"].items().at(0)["by"].is_null());
  for (const char* table : {"history", "change", "counterpart", "batch", "import"})
    EXPECT_EQ(
        host_.rows("SELECT count(*) FROM " + std::string(table) + " WHERE by = 'person-7'")[0].items()[0].as<int>(), 0)
        << table;
}

TEST_F(Desk, WhereverTheHostFailsAMergeIsWholeOrNotAtAll) {
  directory("organismes", "partners");
  const auto one = entry("organismes", {{"name", {{"fr", "Un"}}}}),
             two = entry("organismes", {{"name", {{"fr", "Deux"}}}, {"phone", "03 39 30 00 65"}});
  for (int n = 1;; ++n) {
    may_ = true;
    host_.fail_call(n);
    host_.call("POST", "/duplicates/merge", {{"keep", one}, {"merge", Value::array({two})}}, {"secretariat", "fr-FR"});
    const auto merged = host_.rows("SELECT count(*) FROM entry WHERE state = 'merged'")[0].items()[0].as<int>();
    EXPECT_EQ(host_.rows("SELECT count(*) FROM entry WHERE json_extract(data, '$.phone') IS NOT NULL")[0]
                  .items()[0]
                  .as<int>(),
              1 + merged);
    EXPECT_EQ(host_.rows("SELECT count(*) FROM batch")[0].items()[0].as<int>(), merged);
    if (!host_.call_failed()) {
      EXPECT_EQ(merged, 1);
      EXPECT_GT(n, 10);
      break;
    }
  }
}

TEST_F(Desk, IsFoundInTheSearchOfTheInstance) {
  directory("organismes", "partners");
  entry("organismes", {{"name", {{"fr", "Un"}}}, {"note", "secret"}});
  host_.advance(hours(1));
  const auto& asked = host_.asked("cluse.search/1");
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].body["readers"].items()[0].as<std::string>(), "signed-in");
  EXPECT_EQ(asked[0].body["text"].as<std::string>().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace annuaires
