// Aim: deny by default. Every route of the tables is called by everyone there is, and every answer is compared with the
// table below; a route without a row fails the test (reliability B16).
// Method: the world is made once; before each call a fresh document, invitation and session are made for it.

#include "server/api/testing.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace cluse::api {
namespace {

enum Who { anonymous, outsider, reader, commenter, editor, manager, administrator, everyone };

constexpr std::array<const char*, everyone> kNames = {"anonymous", "stranger", "reader",       "commenter",
                                                      "editor",    "manager",  "administrator"};

struct Row {
  const char* method;
  const char* pattern;  ///< of the route
  const char*
      target;  ///< with {workspace}, {document}, {trashed}, {invitation}, {link}, {member}, {image}, {nobody}, {n}
  const char* body;
  std::array<int, everyone> expected;
  const char* type = "application/json";
};

constexpr std::array<int, everyone> kAll = {200, 200, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kSignedIn = {401, 200, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kMembers = {401, 404, 200, 200, 200, 200, 200};
constexpr std::array<int, everyone> kEditors = {401, 404, 403, 403, 200, 200, 200};
constexpr std::array<int, everyone> kEditorsMake = {401, 404, 403, 403, 201, 201, 201};
constexpr std::array<int, everyone> kManagers = {401, 404, 403, 403, 403, 200, 200};
constexpr std::array<int, everyone> kAdministrator = {401, 403, 403, 403, 403, 403, 200};
constexpr std::array<int, everyone> kNobodyHasIt = {401, 404, 404, 404, 404, 404, 404};
constexpr std::array<int, everyone> kNoRateYet = kNobodyHasIt;
constexpr std::array<int, everyone> kAdministratorMakes = {401, 403, 403, 403, 403, 403, 201};

constexpr const char* kGif = "GIF89a\x04\x01\xf0\x03";

const Row kRows[] = {
    {"GET", "/api/v1/bootstrap", "/api/v1/bootstrap", "", kAll},
    {"POST",
     "/api/v1/setup",
     "/api/v1/setup",
     R"({"token":"setup-token-of-the-tests"})",
     {410, 410, 410, 410, 410, 410, 410}},
    {"POST", "/api/v1/session", "/api/v1/session",
     R"({"email":"spare@example.org","password":"correct horse battery"})", kAll},
    {"DELETE", "/api/v1/session", "/api/v1/session", "", {204, 204, 204, 204, 204, 204, 204}},
    {"GET", "/api/v1/sessions", "/api/v1/sessions", "", kSignedIn},
    {"DELETE", "/api/v1/sessions/{id}", "/api/v1/sessions/{nobody}", "", {401, 204, 204, 204, 204, 204, 204}},
    {"PATCH", "/api/v1/me", "/api/v1/me", R"({"theme":"dark"})", kSignedIn},
    {"POST",
     "/api/v1/me/password",
     "/api/v1/me/password",
     R"({"current":"correct horse battery","password":"correct horse battery"})",
     {401, 204, 204, 204, 204, 204, 204}},
    {"POST",
     "/api/v1/invitations",
     "/api/v1/invitations",
     R"({"workspace_id":"{workspace}","role":"editor"})",
     {401, 404, 403, 403, 403, 201, 201}},
    {"POST", "/api/v1/invitations", "/api/v1/invitations", "{}", kAdministratorMakes},
    {"GET", "/api/v1/invitations/{token}", "/api/v1/invitations/{invitation}", "", kAll},
    {"POST", "/api/v1/invitations/{token}/accept", "/api/v1/invitations/{invitation}/accept",
     R"({"name":"Nina","email":"nina{n}@example.org","password":"correct horse battery",)"
     R"("organisation":{"name":"Ville","country":"CH","kind":""}})",
     kAll},
    {"GET", "/api/v1/organisations", "/api/v1/organisations?q=r", "", kSignedIn},
    {"GET", "/api/v1/organisations", "/api/v1/organisations?q=r&invitation={invitation}", "", kAll},
    {"POST", "/api/v1/organisations", "/api/v1/organisations", R"({"name":"Ville {n}","country":"F"})",
     kAdministratorMakes},
    {"POST", "/api/v1/organisations", "/api/v1/organisations",
     R"({"name":"Parc {n}","country":"F","parent_id":"{organisation}"})", kAdministratorMakes},
    {"GET", "/api/v1/organisations/{id}", "/api/v1/organisations/{organisation}", "", kSignedIn},
    {"PUT", "/api/v1/organisations/{id}", "/api/v1/organisations/{organisation}",
     R"({"name":"Région {n}","country":"F"})", kAdministrator},
    {"POST", "/api/v1/organisations/{id}/memberships", "/api/v1/organisations/{organisation}/memberships",
     R"({"body_id":"{body}"})", kAdministratorMakes},
    {"PUT", "/api/v1/organisations/{id}/memberships/{membership_id}",
     "/api/v1/organisations/{body}/memberships/{membership}", R"({"first_day":"2020-01-01"})", kAdministrator},
    {"GET", "/api/v1/people", "/api/v1/people?q=a", "", kSignedIn},
    {"POST",
     "/api/v1/recovery",
     "/api/v1/recovery",
     R"({"email":"spare@example.org","purpose":"password"})",
     {409, 409, 409, 409, 409, 409, 409}},
    {"POST", "/api/v1/recovery/link", "/api/v1/recovery/link", R"({"token":"{link}"})", kAll},
    {"POST", "/api/v1/recovery/session", "/api/v1/recovery/session",
     R"({"token":"{link}","password":"correct horse battery"})", kAll},
    {"POST", "/api/v1/people/{id}/recovery", "/api/v1/people/{member}/recovery", "{}", kAdministratorMakes},
    {"GET", "/api/v1/people/{id}", "/api/v1/people/{member}", "", kSignedIn},
    {"GET", "/api/v1/people/{id}/mandates", "/api/v1/people/{member}/mandates", "", kSignedIn},
    {"POST", "/api/v1/people/{id}/mandates", "/api/v1/people/{member}/mandates",
     R"({"organisation_id":"{organisation}","function":"Fonction {n}"})", kAdministratorMakes},
    {"PUT", "/api/v1/people/{id}/administrator", "/api/v1/people/{member}/administrator", R"({"is_admin":false})",
     kAdministrator},
    {"PUT", "/api/v1/mandates/{id}", "/api/v1/mandates/{mandate}",
     R"({"function":"Changée {n}","first_day":"2020-01-01"})", kAdministrator},
    // The mandate is another person's: nobody learns that it is there.
    {"PUT",
     "/api/v1/session/hat",
     "/api/v1/session/hat",
     R"({"mandate_id":"{mandate}"})",
     {401, 404, 404, 404, 404, 404, 404}},
    {"GET", "/api/v1/territorial-units", "/api/v1/territorial-units?q=a", "", kSignedIn},
    {"GET", "/api/v1/registry-numbers/{kind}", "/api/v1/registry-numbers/siren?number=200065647", "", kSignedIn},
    {"GET", "/api/v1/territories", "/api/v1/territories", "", kSignedIn},
    {"POST", "/api/v1/territories", "/api/v1/territories", R"({"name":"Parc {n}","short":"P"})", kAdministratorMakes},
    {"GET", "/api/v1/workspaces", "/api/v1/workspaces", "", kSignedIn},
    {"POST", "/api/v1/workspaces", "/api/v1/workspaces", R"({"name":"Atelier","territory_id":"{territory}"})",
     kAdministratorMakes},
    {"GET", "/api/v1/workspaces/{id}", "/api/v1/workspaces/{workspace}", "", kMembers},
    {"PATCH", "/api/v1/workspaces/{id}", "/api/v1/workspaces/{workspace}", R"({"description":"Nouveau"})", kManagers},
    {"GET", "/api/v1/workspaces/{id}/members", "/api/v1/workspaces/{workspace}/members", "", kMembers},
    {"PUT", "/api/v1/workspaces/{id}/members/{person_id}", "/api/v1/workspaces/{workspace}/members/{member}",
     R"({"role":"commenter"})", kManagers},
    {"DELETE",
     "/api/v1/workspaces/{id}/members/{person_id}",
     "/api/v1/workspaces/{workspace}/members/{member}",
     "",
     {401, 404, 403, 403, 403, 204, 204}},
    {"GET", "/api/v1/workspaces/{id}/documents", "/api/v1/workspaces/{workspace}/documents", "", kMembers},
    {"GET", "/api/v1/workspaces/{id}/trash", "/api/v1/workspaces/{workspace}/trash", "", kMembers},
    {"POST", "/api/v1/workspaces/{id}/documents", "/api/v1/workspaces/{workspace}/documents", R"({"title":"Note"})",
     kEditorsMake},
    {"POST", "/api/v1/workspaces/{id}/import", "/api/v1/workspaces/{workspace}/import?filename=note.md", "# Note",
     kEditorsMake, "text/markdown"},
    {"GET", "/api/v1/documents/{id}", "/api/v1/documents/{document}", "", kMembers},
    {"PATCH", "/api/v1/documents/{id}", "/api/v1/documents/{document}", R"({"title":"Autre"})", kEditors},
    {"POST", "/api/v1/documents/{id}/move", "/api/v1/documents/{document}/move",
     R"({"parent_id":null,"after_id":null})", kEditors},
    {"DELETE", "/api/v1/documents/{id}", "/api/v1/documents/{document}", "", {401, 404, 403, 403, 204, 204, 204}},
    {"GET", "/api/v1/workspaces/{id}/twins", "/api/v1/workspaces/{workspace}/twins", "", kMembers},
    {"POST", "/api/v1/documents/{id}/twins", "/api/v1/documents/{document}/twins", R"({"language":"de-CH"})",
     kEditorsMake},
    {"PUT",
     "/api/v1/documents/{id}/twin",
     "/api/v1/documents/{document}/twin",
     R"({"source_id":"00000000-0000-7000-8000-000000000000"})",
     {401, 404, 403, 403, 404, 404, 404}},
    {"DELETE",
     "/api/v1/documents/{id}/twin",
     "/api/v1/documents/{document}/twin",
     "",
     {401, 404, 403, 403, 409, 409, 409}},
    {"PUT",
     "/api/v1/documents/{id}/authentic",
     "/api/v1/documents/{document}/authentic",
     R"({"authentic":"all"})",
     {401, 404, 403, 403, 409, 409, 409}},
    {"DELETE",
     "/api/v1/documents/{id}",
     "/api/v1/documents/{trashed}?permanent=true",
     "",
     {401, 404, 403, 403, 403, 204, 204}},
    {"POST", "/api/v1/documents/{id}/restore", "/api/v1/documents/{trashed}/restore", "{}", kEditors},
    {"GET", "/api/v1/documents/{id}/export", "/api/v1/documents/{document}/export?format=html", "", kMembers},
    {"POST", "/api/v1/documents/{id}/images", "/api/v1/documents/{document}/images", kGif, kEditorsMake, "image/gif"},
    {"GET", "/api/v1/documents/{id}/images/{blob}", "/api/v1/documents/{document}/images/{image}", "", kMembers},
    {"GET", "/api/v1/home", "/api/v1/home", "", kSignedIn},
    {"GET", "/api/v1/find", "/api/v1/find?q=note", "", kSignedIn},
    {"GET", "/api/v1/journal", "/api/v1/journal?limit=1", "", kAdministrator},
    {"GET", "/api/v1/journal/state", "/api/v1/journal/state", "", kAdministrator},
    {"GET", "/api/v1/journal/export", "/api/v1/journal/export", "", kAdministrator},
    {"GET", "/api/v1/me/export", "/api/v1/me/export", "", kSignedIn},
    {"POST", "/api/v1/people/{id}/erase", "/api/v1/people/{doomed}/erase", "", {401, 403, 403, 403, 403, 403, 204}},
    {"GET", "/api/v1/rules", "/api/v1/rules", "", kSignedIn},
    {"GET", "/api/v1/rules/{id}", "/api/v1/rules/fppt?on=2017-06-01", "", kSignedIn},
    {"POST", "/api/v1/rules/{id}/evaluate", "/api/v1/rules/fppt/evaluate", R"({"version":"2017","facts":{}})",
     kSignedIn},
    {"POST", "/api/v1/delays/evaluate", "/api/v1/delays/evaluate",
     R"({"pack":"fr-epci","what":"convocation","session_on":"2026-10-06"})", kSignedIn},
    {"GET", "/api/v1/rates", "/api/v1/rates?source=ecb", "", kSignedIn},
    {"POST", "/api/v1/rates", "/api/v1/rates?preview=true&filename=a.csv", "Date,CHF\n2019-04-18,1.1383\n",
     kAdministrator, "text/csv"},
    {"GET", "/api/v1/rates/convert", "/api/v1/rates/convert?amount=10,00&currency=EUR&to=EUR&on=2019-04-18", "",
     kNoRateYet},
    {"GET", "/api/v1/territories/units", "/api/v1/territories/units?q=mont", "", kSignedIn},
    {"GET", "/api/v1/territories/units/{id}", "/api/v1/territories/units/{nobody}", "", kNobodyHasIt},
    {"GET", "/api/v1/contributions", "/api/v1/contributions?unit={nobody}&vintage=2017&amount=100,00", "",
     kNobodyHasIt},
    {"GET", "/healthz", "/healthz", "", kAll},
    {"GET", "/readyz", "/readyz", "", kAll},
    {"GET", "/metrics", "/metrics", "", {403, 403, 403, 403, 403, 403, 403}},
};

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, name.size(), value);
  return text;
}

class AccessMatrix : public testing::Test {
 protected:
  AccessMatrix() {
    server.newcomer("Solène Spare", "spare@example.org");
    for (int who = outsider; who < administrator; ++who) {
      Client client = server.newcomer(kNames[who], std::string(kNames[who]) + "@example.org");
      if (who != outsider) server.join(workspace, client, kNames[who]);
    }
    Client member = server.newcomer("Membre", "member@example.org");
    member_id = member.get("/api/v1/bootstrap").text("/me/id");
    territory = server.administrator().get("/api/v1/territories").text("/territories/0/id");
  }

  Client client_of(int who) {
    if (who == anonymous) return server.stranger();
    if (who == administrator) return server.sign_in("anne@example.org");
    return server.sign_in(std::string(kNames[who]) + "@example.org");
  }

  /// Somebody new; her id.
  std::string newcomer() {
    Client admin = server.sign_in("anne@example.org");
    const std::string token = admin.post("/api/v1/invitations").text("/token");
    const std::string email = "doomed" + std::to_string(n) + "@example.org";
    return server.stranger()
        .post("/api/v1/invitations/" + token + "/accept",
              R"({"name":"Sur le départ","email":")" + email +
                  R"(","password":"correct horse battery","organisation":{"name":"Ville","country":"CH","kind":""}})")
        .text("/me/id");
  }

  /// What a call in which `used` stands needs: links are made only for those that use one, as a person may hold so
  /// many.
  std::map<std::string, std::string> fresh_values(std::string_view used = {}) {
    // Her session of the set-up ends when she is the one who changes her password.
    Client admin = server.sign_in("anne@example.org");
    const std::string document = server.document(admin, workspace, "Note");
    const std::string trashed = server.document(admin, workspace, "Vieille note");
    admin.remove("/api/v1/documents/" + trashed);
    admin.put("/api/v1/workspaces/" + workspace + "/members/" + member_id, R"({"role":"reader"})");
    const std::string url =
        admin.send("POST", "/api/v1/documents/" + document + "/images", {kGif, "image/gif", {}}).text("/url");
    ++n;
    const auto organisation = [&](const std::string& name) {
      return admin.post("/api/v1/organisations", R"({"name":")" + name + std::to_string(n) + R"(","country":"F"})")
          .text("/id");
    };
    const std::string first = organisation("Organisme "), body = organisation("Pôle "), third = organisation("Tiers ");
    const std::string membership =
        admin.post("/api/v1/organisations/" + body + "/memberships", R"({"body_id":")" + third + R"("})")
            .text("/bodies/0/id");
    // Once: a person holds a hundred at most.
    if (mandate_id.empty())
      mandate_id = admin
                       .post("/api/v1/people/" + member_id + "/mandates",
                             R"({"organisation_id":")" + third + R"(","function":"Déléguée"})")
                       .text("/id");
    return {{"{organisation}", first},
            {"{body}", body},
            {"{membership}", membership},
            {"{mandate}", mandate_id},
            {"{workspace}", workspace},
            {"{document}", document},
            {"{trashed}", trashed},
            {"{invitation}",
             used.find("{invitation}") == used.npos ? "" : admin.post("/api/v1/invitations").text("/token")},
            {"{member}", member_id},
            {"{image}", url.substr(url.rfind('/') + 1)},
            {"{link}", used.find("{link}") == used.npos
                           ? ""
                           : admin.post("/api/v1/people/" + member_id + "/recovery").text("/token")},
            {"{territory}", territory},
            {"{nobody}", new_id(server.domain.clock.now()).to_string()},
            {"{n}", std::to_string(n)}};
  }

  TestServer server;
  std::string workspace = server.workspace();
  std::string member_id, territory, mandate_id;
  int n = 0;
};

TEST_F(AccessMatrix, EveryRouteAnswersEveryoneAsTheTableSays) {
  for (const auto& row : kRows) {
    for (int who = anonymous; who < everyone; ++who) {
      auto values = fresh_values(std::string(row.target) + row.body);
      // Newcomers knock at a door that counts: one for each call would be too many.
      if (std::string_view(row.target).find("{doomed}") != std::string_view::npos) values["{doomed}"] = newcomer();
      Client client = client_of(who);
      const Answer answer =
          client.send(row.method, replaced(row.target, values), {replaced(row.body, values), row.type, {}});
      EXPECT_EQ(answer.status, row.expected[static_cast<std::size_t>(who)])
          << row.method << " " << row.target << " by " << kNames[static_cast<std::size_t>(who)] << ": " << answer.body;
    }
  }
}

TEST(AccessMatrixTable, HasARowForEveryRoute) {
  std::set<std::string> rows;
  for (const auto& row : kRows) rows.insert(std::string(row.method) + " " + row.pattern);
  for (const auto& route : all_routes())
    EXPECT_TRUE(rows.contains(std::string(route.method) + " " + std::string(route.pattern)))
        << route.method << " " << route.pattern;
}

TEST_F(AccessMatrix, StrangersCannotTellAHiddenThingFromNone) {
  const auto values = fresh_values();
  Client stranger = client_of(outsider);
  const std::string nothing = new_id(server.domain.clock.now()).to_string();
  const auto same = [&](const std::string& before, const std::string& hidden, const std::string& after) {
    const Answer one = stranger.get(before + hidden + after), other = stranger.get(before + nothing + after);
    EXPECT_EQ(one.status, 404);
    EXPECT_EQ(one.body, other.body) << before << after;
  };
  same("/api/v1/workspaces/", workspace, "");
  same("/api/v1/workspaces/", workspace, "/documents");
  same("/api/v1/documents/", values.at("{document}"), "");
  same("/api/v1/documents/", values.at("{trashed}"), "");
  same("/api/v1/documents/", values.at("{document}"), "/images/" + values.at("{image}"));
}

TEST_F(AccessMatrix, ListsAndSearchesShowStrangersNothing) {
  fresh_values();
  Client stranger = client_of(outsider);
  EXPECT_EQ(stranger.get("/api/v1/workspaces").text("/workspaces"), "[]");
  EXPECT_EQ(stranger.get("/api/v1/find?q=note").text("/documents"), "[]");
  EXPECT_EQ(stranger.get("/api/v1/find?q=mobilite").text("/workspaces"), "[]");
  const Answer home = stranger.get("/api/v1/home");
  EXPECT_EQ(home.text("/recent"), "[]");
  EXPECT_EQ(home.text("/workspaces"), "[]");
}

TEST_F(AccessMatrix, LosingMembershipEndsAccessAtOnce) {
  const auto values = fresh_values();
  Client client = client_of(editor);
  const std::string document = "/api/v1/documents/" + values.at("{document}");
  EXPECT_EQ(client.get(document).status, 200);
  const std::string me = client.get("/api/v1/bootstrap").text("/me/id");
  EXPECT_EQ(client.remove("/api/v1/workspaces/" + workspace + "/members/" + me).status, 204) << "one may leave";
  EXPECT_EQ(client.get(document).status, 404);
  EXPECT_EQ(client.get("/api/v1/home").text("/recent"), "[]");
  EXPECT_TRUE(server.domain.live.told_access_changed(*Id::parse(workspace), *Id::parse(me)));
}

}  // namespace
}  // namespace cluse::api
