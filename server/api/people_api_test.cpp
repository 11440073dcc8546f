// Aim: how people come in: invitations, organisations, members.

#include "server/api/testing.h"

#include <gtest/gtest.h>

namespace cluse::api {
namespace {

using namespace std::chrono_literals;

const std::string kNewcomer =
    R"({"name":"Paul Rochat","function":"Chef de projet","email":"paul@example.org",)"
    R"("password":"correct horse battery","organisation":{"name":"Canton test","country":"CH","kind":"canton"},)"
    R"("ui_locale":"fr-CH"})";

class PeopleApi : public testing::Test {
 protected:
  std::string invite(const std::string& body) { return admin.post("/api/v1/invitations", body).text("/token"); }
  std::string for_workspace(const std::string& role) {
    return invite(R"({"workspace_id":")" + workspace + R"(","role":")" + role + R"("})");
  }
  std::string accept_path(const std::string& token) { return "/api/v1/invitations/" + token + "/accept"; }

  TestServer server;
  Client admin = server.administrator();
  std::string workspace = server.workspace();
};

TEST_F(PeopleApi, InvitationSaysWhereItLeads) {
  const Answer made = admin.post("/api/v1/invitations", R"({"workspace_id":")" + workspace + R"(","role":"editor"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.text("/url"), "http://cluse.example/invitation/" + made.text("/token"));
  const Answer shown = server.stranger().get("/api/v1/invitations/" + made.text("/token"));
  EXPECT_EQ(shown.text("/workspace/name"), "Mobilité");
  EXPECT_EQ(shown.text("/role"), "editor");
  EXPECT_EQ(shown.text("/invited_by/name"), "Anne Perret");
  EXPECT_EQ(shown.text("/email"), "null");
  EXPECT_EQ(server.stranger().get("/api/v1/invitations/none").status, 404);
  EXPECT_EQ(server.domain.count("SELECT COUNT(*) FROM invitation WHERE token_hash = '" + made.text("/token") + "'"), 0);
}

TEST_F(PeopleApi, NewcomerGetsAnAccountASessionAndTheRole) {
  const std::string token = for_workspace("editor");
  Client paul = server.stranger();
  const Answer accepted = paul.post(accept_path(token), kNewcomer);
  ASSERT_EQ(accepted.status, 200) << accepted.body;
  EXPECT_EQ(accepted.text("/me/email"), "paul@example.org");
  EXPECT_EQ(accepted.text("/me/organisation/name"), "Canton test");
  EXPECT_EQ(accepted.text("/me/is_admin"), "false");
  EXPECT_EQ(accepted.text("/workspace_id"), workspace);
  EXPECT_EQ(paul.get("/api/v1/workspaces/" + workspace).text("/my_role"), "editor");
}

TEST_F(PeopleApi, InvitationIsGoodOnceAndForTwoWeeks) {
  const std::string token = for_workspace("editor");
  Client paul = server.stranger();
  ASSERT_EQ(paul.post(accept_path(token), kNewcomer).status, 200);
  EXPECT_EQ(server.stranger().get("/api/v1/invitations/" + token).code(), "invitation_over");
  EXPECT_EQ(server.stranger().post(accept_path(token), kNewcomer).code(), "invitation_over");
  EXPECT_EQ(paul.post(accept_path(token)).status, 200) << "the one who used it may ask twice";
  const std::string late = for_workspace("editor");
  server.domain.clock.advance(14 * 24h - 1ms);
  EXPECT_EQ(server.stranger().get("/api/v1/invitations/" + late).status, 200);
  server.domain.clock.advance(1ms);
  EXPECT_EQ(server.stranger().get("/api/v1/invitations/" + late).status, 410);
}

TEST_F(PeopleApi, AcceptingNeverLowersARole) {
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  server.join(workspace, paul, "editor");
  ASSERT_EQ(paul.post(accept_path(for_workspace("reader"))).status, 200);
  EXPECT_EQ(paul.get("/api/v1/workspaces/" + workspace).text("/my_role"), "editor");
  ASSERT_EQ(paul.post(accept_path(for_workspace("manager"))).status, 200);
  EXPECT_EQ(paul.get("/api/v1/workspaces/" + workspace).text("/my_role"), "manager");
}

TEST_F(PeopleApi, InvitationForAnAddressIsForThatAddress) {
  const std::string token = invite(R"({"email":"Lea@Example.org"})");
  EXPECT_EQ(server.stranger().post(accept_path(token), kNewcomer).code(), "invitation_other_email");
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  EXPECT_EQ(paul.post(accept_path(token)).code(), "invitation_other_email");
  Client lea = server.newcomer("Léa", "lea@example.org");
  EXPECT_EQ(lea.post(accept_path(token)).status, 200);
}

TEST_F(PeopleApi, NewcomerNeedsAGoodPasswordAFreeAddressAndAnOrganisation) {
  const std::string token = invite("{}");
  const auto code = [&](const std::string& from, const std::string& to) {
    std::string body = kNewcomer;
    body.replace(body.find(from), from.size(), to);
    const Answer answer = server.stranger().post(accept_path(token), body);
    return answer.code() + " " + (answer.json.as_object().contains("field") ? answer.text("/field") : "");
  };
  EXPECT_EQ(code("correct horse battery", "short"), "password_weak password");
  EXPECT_EQ(code("paul@example.org", "ANNE@example.org"), "email_taken email");
  EXPECT_EQ(code("paul@example.org", "paul"), "field_invalid email");
  EXPECT_EQ(code(R"("country":"CH")", R"("country":"DE")"), "field_invalid organisation.country");
  EXPECT_EQ(code(R"("organisation")", R"("other")"), "field_missing organisation");
  EXPECT_EQ(code(R"("organisation":{)", R"("organisation_id":")" + workspace + R"(","organisation":{)"),
            "field_invalid organisation_id");
  EXPECT_EQ(code("fr-CH", "en-GB"), "field_invalid ui_locale");
  EXPECT_EQ(server.stranger().post(accept_path(token)).code(), "not_signed_in");
  EXPECT_EQ(server.stranger().get("/api/v1/invitations/" + token).status, 200) << "nothing has used it up";
}

TEST_F(PeopleApi, OrganisationsAreNotDoubled) {
  const std::string first =
      admin.post("/api/v1/organisations", R"({"name":"Ville de Pontarlier","country":"F"})").text("/id");
  EXPECT_EQ(admin.post("/api/v1/organisations", R"({"name":"ville de PONTARLIER","country":"F"})").text("/id"), first);
  EXPECT_NE(admin.post("/api/v1/organisations", R"({"name":"Ville de Pontarlier","country":"CH"})").text("/id"), first);
  EXPECT_EQ(admin.post("/api/v1/organisations", R"({"name":"","country":"F"})").text("/field"), "name");
}

TEST_F(PeopleApi, PeopleAreFoundByNameFunctionAndOrganisation) {
  server.newcomer("Élodie Müller", "elodie@example.org", "CH");
  for (const char* query : {"elodie", "MULLER", "chargee mission", "organisme ch", "muller elodie"})
    EXPECT_EQ(admin.get("/api/v1/people?q=" + query_encoded(query)).text("/people/0/name"), "Élodie Müller") << query;
  const Answer found = admin.get("/api/v1/people?q=elodie");
  EXPECT_FALSE(found.at("/people/0").as_object().contains("email")) << "addresses are their owners'";
}

TEST_F(PeopleApi, WorkspaceKeepsAManager) {
  const std::string anne = admin.get("/api/v1/bootstrap").text("/me/id");
  const std::string anne_here = "/api/v1/workspaces/" + workspace + "/members/" + anne;
  EXPECT_EQ(admin.remove(anne_here).code(), "last_manager");
  EXPECT_EQ(admin.put(anne_here, R"({"role":"editor"})").code(), "last_manager");
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  server.join(workspace, paul, "manager");
  EXPECT_EQ(admin.remove(anne_here).status, 204);
  EXPECT_EQ(admin.remove(anne_here).status, 204) << "twice is once";
  EXPECT_EQ(paul.get("/api/v1/workspaces/" + workspace + "/members").at("/members").as_array().size(), 1U);
  const std::string nobody = "/api/v1/workspaces/" + workspace + "/members/" + workspace;
  EXPECT_EQ(paul.put(nobody, R"({"role":"reader"})").code(), "person_not_found");
  EXPECT_EQ(paul.put(anne_here, R"({"role":"owner"})").code(), "field_invalid");
}

TEST_F(PeopleApi, ManagersInviteIntoTheirWorkspaceOnly) {
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  server.join(workspace, paul, "manager");
  EXPECT_EQ(paul.post("/api/v1/invitations", R"({"workspace_id":")" + workspace + R"("})").status, 201);
  const std::string other = server.workspace("Santé");
  EXPECT_EQ(paul.post("/api/v1/invitations", R"({"workspace_id":")" + other + R"("})").code(), "workspace_not_found");
  EXPECT_EQ(paul.post("/api/v1/invitations", R"({"role":"reader"})").code(), "denied");
  EXPECT_EQ(admin.post("/api/v1/invitations", R"({"role":"reader"})").code(), "field_missing");
}

}  // namespace
}  // namespace cluse::api
