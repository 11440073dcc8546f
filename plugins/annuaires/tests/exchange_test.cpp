// Aim: a file of somebody's is brought in as it was meant, seen before anything happens, and can be taken back whole;
// what goes out opens elsewhere and says no more than its reader may see.
#include "desk.h"

#include "../src/files/sheets.h"

namespace annuaires {
namespace {

using std::chrono::hours;

class Exchange : public Desk {
 protected:
  /// Sends a file in parts and has it looked at; the import.
  Value brought_in(const std::string& slug, const std::string& name, const std::string& octets) {
    const auto made = call("POST", "/directories/" + slug + "/imports", {{"name", name}, {"size", octets.size()}}, 201);
    const auto part = made["part_bytes"].as<std::size_t>();
    path_ = at("/imports/", made["import"]["id"].get_or<std::int64_t>(0));
    for (std::size_t i = 0; i * part < octets.size(); ++i) {
      const auto sent = host_.send("PUT", path_ + "/parts/" + std::to_string(i), octets.substr(i * part, part),
                                   {{"content-type", "application/octet-stream"}}, {"secretariat", "fr-FR"});
      EXPECT_EQ(sent.status, 200) << sent.body;
    }
    return call("POST", path_ + "/preview")["import"];
  }
  /// Checks with the proposed columns.
  Value checked(const Value& import, const Value& more = Value::map()) {
    Value body = {{"columns", import["columns"]}};
    for (const auto& [key, value] : more.entries()) body.set(key, value);
    call("POST", path_ + "/check", body, 202);
    host_.advance(std::chrono::seconds(1));
    return call("GET", path_)["import"];
  }
  Value applied() {
    call("POST", path_ + "/apply", {}, 202);
    host_.advance(std::chrono::seconds(1));
    return call("GET", path_)["import"];
  }
  std::string get(const std::string& path) {
    call("GET", path);
    return last_.body;
  }
  cluse::test::Answer dav(const std::string& method, const std::string& path, const std::string& body,
                          const std::string& depth = "1") {
    may_ = false;
    return host_.send(method, path, body, {{"content-type", "application/xml"}, {"depth", depth}}, {"member", "fr-FR"});
  }
  std::string path_;
};

constexpr const char* kList =
    "Raison sociale;Mail;T\xe9l\xe9phone;Ville;\xc9"
    "chelon\r\n"
    "Agence de Ma\xee"
    "che;agence@example.org;03 39 30 00 65;Ma\xee"
    "che;Intercommunalit\xe9\r\n"
    "Syndicat;;03 39;Belfort;D\xe9partement\r\n"
    "'=1+1;nobody;;;\r\n"
    "Ancien;ancien@example.org;03 84 00 00 00;Belfort;\r\n";

TEST_F(Exchange, ATableIsSeenBeforeItIsTaken) {
  directory("organismes", "partners");
  const auto old = entry("organismes", {{"name", {{"fr", "Ancien"}}}, {"email", "ANCIEN@example.org"}});
  const auto import = brought_in("organismes", "liste.csv", kList);
  EXPECT_EQ(import["encoding"].as<std::string>(), "windows-1252");
  EXPECT_EQ(import["separator"].as<std::string>(), ";");
  ASSERT_EQ(import["columns"].items().size(), 5U);
  EXPECT_EQ(import["columns"].items()[0]["field"].as<std::string>(), "name");
  EXPECT_EQ(import["columns"].items()[3]["field"].as<std::string>(), "address.city");
  EXPECT_EQ(import["columns"].items()[4]["field"].as<std::string>(), "level");
  EXPECT_EQ(import["columns"].items()[0]["samples"].items()[0].as<std::string>(), "Agence de Maîche");
  const auto seen = checked(import, {{"on_match", "fill"}});
  EXPECT_EQ(seen["state"].as<std::string>(), "checked");
  EXPECT_EQ(seen["counts"]["new"].as<int>(), 1) << last_.body;
  EXPECT_EQ(seen["counts"]["problems"].as<int>(), 2);
  EXPECT_EQ(seen["counts"]["matched"].as<int>(), 1);
  const auto wrong = call("GET", path_ + "/rows?state=problem")["rows"];
  EXPECT_EQ(wrong.items().at(0)["problems"].items()[0]["code"].as<std::string>(), "phone_wrong");
  EXPECT_EQ(wrong.items().at(1)["values"]["name"]["fr"].as<std::string>(), "=1+1");
  const auto same = call("GET", path_ + "/rows?state=matched")["rows"].items().at(0);
  EXPECT_EQ(same["matches"].items()[0]["why"].as<std::string>(), "email");
  EXPECT_EQ(same["changes"].items().size(), 2U);
  EXPECT_EQ(call("GET", "/entries")["total"].as<int>(), 1) << "nothing has happened yet";
  const auto done = applied();
  EXPECT_EQ(done["counts"]["created"].as<int>(), 1) << last_.body;
  EXPECT_EQ(done["counts"]["changed"].as<int>(), 1);
  EXPECT_EQ(call("GET", at("/entries/", old))["entry"]["values"]["phone"].as<std::string>(), "03 84 00 00 00");
  call("POST", path_ + "/undo", {}, 202);
  host_.advance(std::chrono::seconds(1));
  EXPECT_EQ(call("GET", path_)["import"]["state"].as<std::string>(), "undone");
  EXPECT_EQ(call("GET", "/entries")["total"].as<int>(), 1);
  EXPECT_TRUE(call("GET", at("/entries/", old))["entry"]["values"]["phone"].is_null());
  EXPECT_EQ(code(call("POST", path_ + "/undo", {}, 409)), "import_state");
}

TEST_F(Exchange, OfVeryManyHitsNamesThatBeginSoComeFirst) {
  directory("organismes", "partners");
  std::string list = "Nom complet;Présentation;Pays\n";
  for (int i = 0; i < 1'100; ++i) list += "Bureau " + std::to_string(10'000 + i) + ";Haute montagne;FR\n";
  list += "Maison de la montagne;;CH\nMontagne vive;;CH\n";
  checked(brought_in("organismes", "liste.csv", list));
  applied();
  const auto page = call("GET", "/entries?q=montagne&limit=3");
  const auto& rows = page["entries"].items();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["name"]["fr"].as<std::string>(), "Montagne vive");
  EXPECT_EQ(rows[1]["name"]["fr"].as<std::string>(), "Maison de la montagne");
  EXPECT_EQ(rows[2]["name"]["fr"].as<std::string>(), "Bureau 10000");
  EXPECT_EQ(page["total"].as<int>(), 1'102);
  const auto next = call("GET", "/entries?q=montagne&limit=3&cursor=" + page["next"].as<std::string>())["entries"];
  EXPECT_EQ(next.items().at(0)["name"]["fr"].as<std::string>(), "Bureau 10001");
  const auto swiss = call("GET", "/entries?q=montagne&country=CH&limit=1&facets=1");
  EXPECT_EQ(swiss["total"].as<int>(), 2);
  EXPECT_EQ(swiss["facets"]["country"]["CH"].as<int>(), 2);
  // The same without words: the filter is what is looked up, and counted by the way.
  EXPECT_EQ(call("GET", "/entries?country=CH&limit=1")["total"].as<int>(), 2);
  EXPECT_EQ(call("GET", "/entries?country=CH,FR&limit=1")["total"].as<int>(), 1'102);
  EXPECT_EQ(call("GET", "/entries?country=CH,DE&limit=1&offset=5")["total"].as<int>(), 2);
  EXPECT_EQ(call("GET", "/entries?country=XX")["total"].as<int>(), 0);
}

TEST_F(Exchange, WhatWasTouchedSinceStays) {
  directory("organismes", "partners");
  checked(brought_in("organismes", "liste.csv", "Nom\nUn\nDeux\n"));
  applied();
  const auto id = call("GET", "/search?q=un")["hits"].items().at(0)["id"].as<std::int64_t>();
  call("PUT", at("/entries/", id), {{"version", 1}, {"values", {{"phone", "03 84 00 00 00"}}}});
  call("POST", path_ + "/undo", {}, 202);
  host_.advance(std::chrono::seconds(1));
  EXPECT_EQ(call("GET", path_)["import"]["counts"]["kept"].as<int>(), 1);
  EXPECT_EQ(call("GET", "/entries")["total"].as<int>(), 1);
}

TEST_F(Exchange, SheetsAndCardsComeInToo) {
  directory("techniciens", "technicians");
  const auto sheet = write_xlsx(
      "Liste", {{"Nom", "Prénom", "Courriel", "Langues"}, {"Rôle", "Une", "une@example.org", "français, allemand"}});
  auto import = brought_in("techniciens", "liste.xlsx", sheet);
  EXPECT_EQ(import["format"].as<std::string>(), "xlsx");
  EXPECT_EQ(checked(import)["counts"]["new"].as<int>(), 1) << last_.body;
  applied();
  EXPECT_EQ(call("GET", "/entries?language=de")["total"].as<int>(), 1);
  import = brought_in("techniciens", "c.vcf",
                      "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Une Rôle\r\nN:Rôle;Une;;;\r\nEMAIL:une@example.org\r\nTEL:+33 "
                      "3 84 00 00 00\r\nEND:VCARD\r\n");
  EXPECT_EQ(import["format"].as<std::string>(), "vcard");
  EXPECT_EQ(checked(import, {{"match", Value::array({"email"})}, {"on_match", "fill"}})["counts"]["matched"].as<int>(),
            1)
      << last_.body;
  EXPECT_EQ(applied()["counts"]["changed"].as<int>(), 1);
}

TEST_F(Exchange, RefusesWhatCannotBeRead) {
  directory("organismes", "partners");
  call("POST", "/directories/organismes/imports", {{"name", "x"}, {"size", 33 << 20}}, 413);
  const auto made = call("POST", "/directories/organismes/imports", {{"name", "x"}, {"size", 10}}, 201)["import"]["id"]
                        .as<std::int64_t>();
  EXPECT_EQ(code(call("POST", at("/imports/", made, "/preview"), {}, 409)), "import_incomplete");
  const auto sent = host_.send("PUT", at("/imports/", made, "/parts/0"), std::string(11, 'x'), Value::map(),
                               {"secretariat", "fr-FR"});
  EXPECT_EQ(sent.status, 413);
  const auto broken = std::string("PK\x03\x04 and nothing else");
  const auto again = call("POST", "/directories/organismes/imports", {{"name", "x.xlsx"}, {"size", broken.size()}},
                          201)["import"]["id"]
                         .as<std::int64_t>();
  host_.send("PUT", at("/imports/", again, "/parts/0"), broken, Value::map(), {"secretariat", "fr-FR"});
  EXPECT_EQ(code(call("POST", at("/imports/", again, "/preview"), {}, 422)), "import_unreadable");
  member("GET", "/imports", {}, 403);
}

TEST_F(Exchange, TakesNoMoreOfARowThanItShows) {
  directory("organismes", "partners");
  std::string wide = "Nom complet;Présentation", row = "\nUn;" + std::string(20'001, 'x');
  for (int i = 2; i < 201; ++i) wide += ";c" + std::to_string(i), row += ";v";
  const auto import = brought_in("organismes", "large.csv", wide + row + "\n");
  EXPECT_EQ(import["columns"].items().size(), 200U);
  const auto seen = checked(import);
  EXPECT_EQ(seen["counts"]["problems"].as<int>(), 1) << "a text that is too long is said, not cut";
  const auto wrong = call("GET", path_ + "/rows?state=problem")["rows"].items().at(0)["problems"];
  EXPECT_EQ(wrong.items().at(0)["code"].as<std::string>(), "value_too_long");
}

TEST_F(Exchange, GoesOutAsFiles) {
  directory("organismes", "partners");
  entry("organismes", {{"name", {{"fr", "Maîche"}, {"de", "Maiche"}}},
                       {"about", {{"fr", "=1+1"}}},

                       {"note", "secret"}});
  may_ = false;
  const auto csv = host_.call("GET", "/directories/organismes/export/csv", {}, {"member", "fr-FR"});
  EXPECT_TRUE(csv.body.starts_with("\xef\xbb\xbfNom complet (fr);Nom complet (de);")) << csv.body;
  EXPECT_NE(csv.body.find("'=1+1"), std::string::npos);
  EXPECT_EQ(csv.body.find("secret"), std::string::npos);
  EXPECT_EQ(csv.headers.at("content-disposition"), "attachment; filename=\"organismes-2026-01-05.csv\"");
  std::vector<Cells> rows;
  read_xlsx(get("/directories/organismes/export/xlsx"), "", [&](Cells&& row) {
    rows.push_back(std::move(row));
    return true;
  });
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1][0], "Maîche");
  EXPECT_EQ(rows[1][4], "=1+1") << rows[0][4];
  EXPECT_TRUE(get("/export/ods").starts_with("PK"));
  EXPECT_TRUE(get("/directories/organismes/export/pdf").starts_with("%PDF"));
  EXPECT_NE(get("/directories/organismes/export/vcf").find("VERSION:4.0"), std::string::npos);
  EXPECT_NE(get("/directories/organismes/export/vcf?version=3.0").find("X-ABSHOWAS:COMPANY"), std::string::npos);
  call("GET", "/directories/organismes/export/exe", {}, 404);
}

TEST_F(Exchange, LivesInTelephones) {
  directory("organismes", "partners");
  const auto id = entry("organismes", {{"name", {{"fr", "Un"}}}, {"email", "un@example.org"}, {"note", "secret"}});
  const auto uid = call("GET", at("/entries/", id))["entry"]["uid"].as<std::string>();
  EXPECT_EQ(dav("OPTIONS", "/dav/", "").headers.at("dav"), "1, 3, addressbook");
  const auto root = dav("PROPFIND", "/dav/",
                        "<propfind xmlns=\"DAV:\"><prop><current-user-principal/><nonsense/></prop></propfind>", "0");
  EXPECT_EQ(root.status, 207);
  EXPECT_NE(root.body.find("<d:current-user-principal><d:href>/x/org.cluse.annuaires/dav/</d:href>"), std::string::npos)
      << root.body;
  EXPECT_NE(root.body.find("404 Not Found"), std::string::npos);
  const auto home =
      dav("PROPFIND", "/dav/books/", "<propfind xmlns=\"DAV:\"><prop><resourcetype/><displayname/></prop></propfind>");
  EXPECT_NE(home.body.find("/dav/books/organismes/</d:href>"), std::string::npos) << home.body;
  const auto all = dav("REPORT", "/dav/books/organismes/",
                       "<c:addressbook-query xmlns:c=\"urn:ietf:params:xml:ns:carddav\" "
                       "xmlns=\"DAV:\"><prop><getetag/><c:address-data/></prop>"
                       "<c:filter><c:prop-filter name=\"EMAIL\"><c:text-match "
                       "match-type=\"contains\">un@</c:text-match></c:prop-filter></c:filter></c:addressbook-query>");
  EXPECT_NE(all.body.find("BEGIN:VCARD"), std::string::npos) << all.body;
  EXPECT_EQ(all.body.find("secret"), std::string::npos);
  const std::string sync = "<sync-collection xmlns=\"DAV:\"><sync-token>";
  const auto first =
      dav("REPORT", "/dav/books/organismes/", sync + "</sync-token><prop><getetag/></prop></sync-collection>");
  const auto from = first.body.find("<d:sync-token>") + 14;
  const auto token = first.body.substr(from, first.body.find("</d:sync-token>") - from);
  const auto body = sync + token + "</sync-token><prop><getetag/></prop></sync-collection>";
  EXPECT_EQ(dav("REPORT", "/dav/books/organismes/", body).body.find(uid), std::string::npos) << "nothing new";
  call("DELETE", at("/entries/", id));
  const auto gone = dav("REPORT", "/dav/books/organismes/", body).body;
  EXPECT_NE(gone.find(uid + ".vcf</d:href><d:status>HTTP/1.1 404 Not Found"), std::string::npos) << gone;
  EXPECT_EQ(dav("REPORT", "/dav/books/organismes/", sync + "urn:other</sync-token></sync-collection>").status, 403);
  EXPECT_EQ(dav("GET", "/dav/books/organismes/" + uid + ".vcf", "").status, 404);
  EXPECT_EQ(dav("PROPFIND", "/dav/", "<!DOCTYPE x><x/>").status, 400);
}

TEST_F(Exchange, WhereverTheHostFailsAnImportIsWholeInTheEnd) {
  directory("organismes", "partners");
  std::string list = "Nom;Courriel\n";
  for (int i = 0; i < 700; ++i) list += "Organisme " + std::to_string(i) + ";o" + std::to_string(i) + "@example.org\n";
  checked(brought_in("organismes", "liste.csv", list));
  call("POST", path_ + "/apply", {}, 202);
  // Every place at which a call may fail, one after the other, while the work goes on.
  for (int n = 1; n < 60; n += 3) {
    host_.fail_call(n);
    host_.advance(std::chrono::seconds(40));
  }
  host_.advance(hours(3));
  EXPECT_EQ(call("GET", path_)["import"]["state"].as<std::string>(), "applied");
  EXPECT_EQ(call("GET", "/entries")["total"].as<int>(), 700);
  EXPECT_EQ(host_.rows("SELECT count(*) FROM history WHERE action = 'imported'")[0].items()[0].as<int>(), 700)
      << "none twice";
  EXPECT_EQ(host_.rows("SELECT count(*) FROM entry_text")[0].items()[0].as<int>(), 700);
}

}  // namespace
}  // namespace annuaires
