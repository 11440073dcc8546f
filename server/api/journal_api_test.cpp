// Aim: the routes of the journal and of personal data speak as docs/api.md says.
// Method: the real Api over the real domain, as a browser calls it.

#include "server/api/testing.h"

#include <gtest/gtest.h>

namespace cluse::api {
namespace {

TEST(JournalApi, TellsWhoDidWhatToWhat) {
  TestServer server;
  const std::string workspace = server.workspace();
  Client admin = server.administrator();
  const std::string document = server.document(admin, workspace, "Budget");
  const Answer page = admin.get("/api/v1/journal?object=" + document);
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_EQ(page.text("/events/0/verb"), "document.created");
  EXPECT_EQ(page.text("/events/0/actor/name"), "Anne Perret");
  EXPECT_EQ(page.text("/events/0/object/name"), "Budget");
  EXPECT_EQ(page.text("/events/0/workspace/name"), "Mobilité");
  EXPECT_EQ(page.text("/events/0/details/title"), "Budget");
  EXPECT_EQ(page.text("/events/0/request"), "request-1");
  EXPECT_EQ(page.text("/before"), "null");
}

TEST(JournalApi, FiltersAndPages) {
  TestServer server;
  server.workspace();
  Client admin = server.administrator();
  const std::string day = to_rfc3339(server.domain.clock.now()).substr(0, 10);
  const Answer first = admin.get("/api/v1/journal?limit=1");
  EXPECT_NE(first.text("/before"), "null");
  EXPECT_EQ(admin.get("/api/v1/journal?verb=workspace.created").text("/events/0/object/name"), "Mobilité");
  EXPECT_NE(admin.get("/api/v1/journal?from=" + day + "&to=" + day).text("/events"), "[]");
  EXPECT_EQ(admin.get("/api/v1/journal?to=2020-01-31").text("/events"), "[]");
  EXPECT_EQ(admin.get("/api/v1/journal?before=1").text("/events"), "[]");
  for (const char* query :
       {"verb=x", "person=x", "from=2026-02-30", "to=yesterday", "before=x", "limit=0", "limit=101"})
    EXPECT_EQ(admin.get(std::string("/api/v1/journal?") + query).code(), "field_invalid") << query;
}

TEST(JournalApi, SaysWhetherTheChainIsIntact) {
  TestServer server;
  server.workspace();
  Client admin = server.administrator();
  const Answer state = admin.get("/api/v1/journal/state");
  EXPECT_EQ(state.text("/finding"), "null");
  const std::string head = state.text("/head");
  EXPECT_EQ(admin.get("/api/v1/journal/state?head=" + head).text("/finding"), "null");
  EXPECT_EQ(admin.get("/api/v1/journal/state?head=abc").code(), "field_invalid");
  ASSERT_TRUE(server.domain.database->write_now([](storage::Transaction& tx) -> Result<void> {
    tx.run("UPDATE journal SET actor_id = 'system' WHERE sequence = 3");
    return {};
  }));
  const Answer broken = admin.get("/api/v1/journal/state");
  EXPECT_EQ(broken.text("/finding/fault"), "altered");
  EXPECT_EQ(broken.text("/finding/sequence"), "3");
}

TEST(JournalApi, ExportsTheChainAndThePerson) {
  TestServer server;
  Client admin = server.administrator();
  const Answer chain = admin.get("/api/v1/journal/export");
  EXPECT_NE(chain.body.find("\"verb\":\"instance.set_up\""), std::string::npos);
  EXPECT_NE(chain.body.find("\"verb\":\"journal.exported\""), std::string::npos);
  EXPECT_NE(chain.header("Content-Disposition").find("journal.jsonl"), std::string::npos);
  const Answer mine = admin.get("/api/v1/me/export");
  EXPECT_EQ(mine.text("/format"), "cluse.person.1");
  EXPECT_EQ(mine.text("/account/email"), "anne@example.org");
}

TEST(JournalApi, AnErasedPersonIsSignedOut) {
  TestServer server;
  Client admin = server.administrator();
  Client person = server.newcomer("Nina Blanc", "nina@example.org");
  const std::string id = person.get("/api/v1/bootstrap").text("/me/id");
  EXPECT_EQ(admin.post("/api/v1/people/" + id + "/erase").status, 204);
  EXPECT_EQ(person.get("/api/v1/sessions").status, 401);
  EXPECT_EQ(admin.post("/api/v1/people/x/erase").code(), "person_not_found");
  const Answer told = admin.get("/api/v1/journal?verb=person.added");
  EXPECT_EQ(told.text("/events/0/details_erased"), "true");
  EXPECT_EQ(told.body.find("Nina Blanc"), std::string::npos);
  const std::string me = admin.get("/api/v1/bootstrap").text("/me/id");
  EXPECT_EQ(admin.post("/api/v1/people/" + me + "/erase").code(), "erase_oneself");
  const auto name_in = [&](const std::string& language) {
    return admin.send("GET", "/api/v1/people/" + id, {"", "", {{"Accept-Language", language}}}).text("/name");
  };
  EXPECT_EQ(name_in("fr"), "Personne effacée");
  EXPECT_EQ(name_in("de-CH"), "Gelöschte Person");
}

TEST(SessionApi, ABrowserGetsANewCookieWhenTheRightsOfItsAccountChange) {
  TestServer server;
  Client admin = server.administrator();
  Client person = server.newcomer("Nina Blanc", "nina@example.org");
  const std::string id = person.get("/api/v1/bootstrap").text("/me/id"), before = person.token();
  EXPECT_EQ(person.get("/api/v1/sessions").header("Set-Cookie"), "") << "nothing has changed";
  EXPECT_EQ(admin.put("/api/v1/people/" + id + "/administrator", R"({"is_admin":true})").status, 200);
  EXPECT_EQ(person.get("/api/v1/journal?limit=1").status, 200);
  EXPECT_NE(person.token(), before);
  EXPECT_EQ(person.get("/api/v1/sessions").header("Set-Cookie"), "") << "once";
  Client late(server, before);
  EXPECT_EQ(late.get("/api/v1/sessions").status, 200) << "what was on its way";
  EXPECT_EQ(late.token(), before) << "and gets no new one";
  server.domain.clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(late.get("/api/v1/sessions").status, 401);
  EXPECT_EQ(person.get("/api/v1/sessions").status, 200);
}

}  // namespace
}  // namespace cluse::api
