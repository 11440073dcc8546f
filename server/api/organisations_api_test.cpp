// Aim: organisations, mandates and the hat over HTTP, as docs/api.md says.

#include "server/api/testing.h"

#include <gtest/gtest.h>

namespace cluse::api {
namespace {

class OrganisationsApi : public testing::Test {
 protected:
  std::string organisation(const std::string& name, const std::string& more = "") {
    return admin.post("/api/v1/organisations", R"({"name":")" + name + R"(","country":"F")" + more + "}").text("/id");
  }
  std::string mandate(const std::string& person, const std::string& where, const std::string& function) {
    return admin
        .post("/api/v1/people/" + person + "/mandates", R"({"organisation_id":")" + where + R"(","function":")" +
                                                            function +
                                                            R"(","quality":"elected","first_day":"2026-01-01"})")
        .text("/id");
  }
  static std::string hat(const std::string& mandate) { return R"({"mandate_id":")" + mandate + R"("})"; }

  TestServer server;
  Client admin = server.administrator();
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  std::string paul_id = paul.get("/api/v1/bootstrap").text("/me/id");
};

TEST_F(OrganisationsApi, OneIsMadeChangedAndRead) {
  const std::string pole = organisation("Pôle métropolitain");
  const Answer made = admin.post("/api/v1/organisations",
                                 R"({"name":"Grand Belfort","country":"F","kind":"intercommunalité","parent_id":")" +
                                     pole + R"(","numbers":{"siren":"200 069 052"}})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.text("/numbers/siren"), "200069052");
  EXPECT_EQ(made.text("/parent/name"), "Pôle métropolitain");
  const std::string path = "/api/v1/organisations/" + made.text("/id");
  EXPECT_EQ(paul.get(path).text("/kind"), "intercommunalité");
  const Answer changed = admin.put(path, R"({"name":"Grand Belfort","country":"F"})");
  EXPECT_EQ(changed.text("/parent"), "null") << "what is not sent is taken away";
  EXPECT_EQ(changed.text("/numbers"), "{}");
  EXPECT_EQ(
      admin.put("/api/v1/organisations/" + pole, R"({"name":"Pôle","country":"F","parent_id":")" + pole + "\"}").code(),
      "organisation_cycle");
}

TEST_F(OrganisationsApi, AWrongNumberIsRefusedWithItsSuspectGroup) {
  const Answer refused =
      admin.post("/api/v1/organisations", R"({"name":"Belfort","country":"F","numbers":{"siren":"200069053"}})");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "registry_number_check");
  EXPECT_EQ(refused.text("/field"), "numbers.siren");
  EXPECT_EQ(refused.text("/suspect").substr(0, 6), "group=");
  const Answer typed = paul.get("/api/v1/registry-numbers/siren?number=200069053");
  EXPECT_EQ(typed.text("/valid"), "false");
  EXPECT_EQ(typed.text("/code"), "registry_number_check");
  EXPECT_EQ(typed.text("/suspect/length"), "9");
  EXPECT_EQ(paul.get("/api/v1/registry-numbers/uid?number=che107787577").text("/display"), "CHE-107.787.577");
  EXPECT_EQ(paul.get("/api/v1/registry-numbers/passport?number=1").code(), "route_not_found");
}

TEST_F(OrganisationsApi, MembershipsAreDated) {
  const std::string epci = organisation("Grand Belfort"), pole = organisation("Pôle");
  const std::string path = "/api/v1/organisations/" + epci + "/memberships";
  const Answer joined = admin.post(path, R"({"body_id":")" + pole + R"(","first_day":"2016-09-01","last_day":""})");
  ASSERT_EQ(joined.status, 201) << joined.body;
  EXPECT_EQ(joined.text("/bodies/0/last_day"), "null");
  EXPECT_EQ(admin.post(path, R"({"body_id":")" + pole + "\"}").code(), "membership_overlaps");
  const Answer ended =
      admin.put(path + "/" + joined.text("/bodies/0/id"), R"({"first_day":"2016-09-01","last_day":"2025-12-31"})");
  EXPECT_EQ(ended.text("/bodies/0/is_current"), "false");
  EXPECT_EQ(paul.get("/api/v1/organisations/" + pole).text("/members/0/organisation/name"), "Grand Belfort");
}

TEST_F(OrganisationsApi, MandatesAreGivenAndEnd) {
  const std::string where = organisation("Grand Belfort");
  const std::string id = mandate(paul_id, where, "Conseiller communautaire");
  const std::string list = "/api/v1/people/" + paul_id + "/mandates";
  EXPECT_EQ(paul.get(list).text("/mandates/0/is_current"), "true");
  EXPECT_EQ(paul.get("/api/v1/organisations/" + where).text("/mandates/0/person/name"), "Paul Rochat");
  const Answer twice = admin.post(
      list, R"({"organisation_id":")" + where + R"(","function":"conseiller communautaire","first_day":"2026-06-01"})");
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.code(), "mandate_overlaps");
  EXPECT_EQ(admin.put("/api/v1/mandates/" + id, R"({"function":"Conseiller communautaire"})").text("/field"),
            "first_day");
  const Answer ended = admin.put("/api/v1/mandates/" + id, R"({"function":"Conseiller communautaire",
      "quality":"elected","first_day":"2026-01-01","last_day":"2026-03-31"})");
  EXPECT_EQ(ended.text("/is_current"), "false");
  EXPECT_EQ(paul.get(list).at("/mandates").as_array().size(), 1U) << "it stays as history";
  EXPECT_EQ(admin.post(list, R"({"organisation_id":")" + where + R"(","function":"x","seat":"deputy"})").text("/field"),
            "seat");
}

TEST_F(OrganisationsApi, TheHatIsChangedWithoutSigningOutAndShownOnWhatIsWritten) {
  const std::string workspace = server.workspace();
  server.join(workspace, paul, "editor");
  EXPECT_EQ(paul.get("/api/v1/bootstrap").text("/me/hat"), "null");
  const std::string here = mandate(paul_id, organisation("Grand Belfort"), "Conseiller");
  const std::string there = mandate(paul_id, organisation("Syndicat mixte"), "Vice-président");
  ASSERT_EQ(paul.put("/api/v1/session/hat", hat(here)).text("/me/hat/function"), "Conseiller");
  const std::string document = server.document(paul, workspace, "Note");
  const Answer worn = paul.put("/api/v1/session/hat", hat(there));
  EXPECT_EQ(worn.text("/me/hat/organisation/name"), "Syndicat mixte");
  EXPECT_EQ(worn.at("/me/mandates").as_array().size(), 2U);
  EXPECT_EQ(paul.get("/api/v1/bootstrap").text("/me/hat/id"), there);
  paul.patch("/api/v1/documents/" + document, R"({"title":"Autre"})");
  const Answer seen = admin.get("/api/v1/documents/" + document);
  EXPECT_EQ(seen.text("/created_by/hat/function"), "Conseiller");
  EXPECT_EQ(seen.text("/updated_by/hat/function"), "Vice-président");
  EXPECT_EQ(seen.text("/updated_by/name"), "Paul Rochat");
  const Answer members = admin.get("/api/v1/workspaces/" + workspace + "/members");
  for (const auto& member : members.at("/members").as_array())
    EXPECT_FALSE(member.as_object().contains("hat")) << "a list of members shows people";
}

TEST_F(OrganisationsApi, OnlyAHatOfOnesOwnThatRunsIsWorn) {
  const std::string where = organisation("Grand Belfort");
  const std::string id = mandate(paul_id, where, "Conseiller");
  EXPECT_EQ(admin.put("/api/v1/session/hat", hat(id)).code(), "mandate_not_found");
  EXPECT_EQ(paul.put("/api/v1/session/hat", "{}").text("/field"), "mandate_id");
  admin.put("/api/v1/mandates/" + id, R"({"function":"x","first_day":"2026-01-01","last_day":"2026-02-01"})");
  const Answer ended = paul.put("/api/v1/session/hat", hat(id));
  EXPECT_EQ(ended.status, 409);
  EXPECT_EQ(ended.code(), "mandate_not_current");
}

TEST_F(OrganisationsApi, AdministratorsAreMadeAndOneStays) {
  const std::string anne = admin.get("/api/v1/bootstrap").text("/me/id");
  EXPECT_EQ(admin.put("/api/v1/people/" + anne + "/administrator", R"({"is_admin":false})").code(),
            "last_administrator");
  EXPECT_EQ(admin.put("/api/v1/people/" + paul_id + "/administrator", R"({"is_admin":true})").text("/is_admin"),
            "true");
  EXPECT_EQ(paul.post("/api/v1/organisations", R"({"name":"Nouvelle","country":"F"})").status, 201) << "at once";
  EXPECT_EQ(paul.put("/api/v1/people/" + anne + "/administrator", R"({"is_admin":false})").status, 200);
  EXPECT_EQ(admin.put("/api/v1/people/" + anne + "/administrator", "{}").code(), "denied");
}

}  // namespace
}  // namespace cluse::api
