// Aim: what holds for every request: where it comes from, who makes it, how it is refused.
// Method: requests handed to the real Api in-process.

#include "server/api/testing.h"

#include <gtest/gtest.h>

namespace cluse::api {
namespace {

using namespace std::chrono_literals;

net::Headers with(std::string name, std::string value) {
  return {{std::move(name), std::move(value)}};
}

TEST(Api, SaysWhatIsWrongInTheLanguageOfTheReader) {
  TestServer server;
  Client client = server.stranger();
  const Answer french = client.get("/api/v1/me/nothing");
  EXPECT_EQ(french.status, 404);
  EXPECT_EQ(french.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(french.header("Content-Language"), "fr");
  EXPECT_EQ(french.text("/type"), "about:blank");
  EXPECT_EQ(french.text("/status"), "404");
  EXPECT_EQ(french.code(), "route_not_found");
  EXPECT_EQ(french.text("/title"), "Introuvable");
  EXPECT_EQ(french.text("/request_id"), "request-1");
  const Answer german =
      client.send("GET", "/api/v1/sessions", {"", "", with("Accept-Language", "en, de-CH;q=0.9, fr;q=0.8")});
  EXPECT_EQ(german.status, 401);
  EXPECT_EQ(german.header("Content-Language"), "de-CH");
  EXPECT_TRUE(german.text("/detail").starts_with("Sie sind nicht")) << german.body;
}

TEST(Api, NamesTheMethodsOfAnAddress) {
  TestServer server;
  const Answer refused = server.stranger().remove("/api/v1/workspaces");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD, POST");
  EXPECT_EQ(server.stranger().send("HEAD", "/api/v1/bootstrap").status, 200);
}

TEST(Api, KnowsHowMuchBodyEachRouteTakes) {
  TestServer server;
  EXPECT_EQ(server.api.body_bytes_max("GET", "/api/v1/home"), 0U);
  EXPECT_EQ(server.api.body_bytes_max("POST", "/api/v1/session"), 1U << 20);
  EXPECT_EQ(server.api.body_bytes_max("POST", "/api/v1/documents/x/images"), 25U << 20);
  EXPECT_EQ(server.api.body_bytes_max("POST", "/api/v1/workspaces/x/import"), 10U << 20);
  EXPECT_EQ(server.api.body_bytes_max("POST", "/nowhere"), 1U << 20);
}

TEST(Api, RefusesBodiesThatAreNotWhatTheySay) {
  TestServer server;
  Client client = server.stranger();
  const auto code = [&](const std::string& body, const std::string& type = "application/json") {
    const Answer answer = client.send("POST", "/api/v1/session", {body, type, {}});
    return std::to_string(answer.status) + " " + answer.code() +
           (answer.json.as_object().contains("field") ? " " + answer.text("/field") : "");
  };
  EXPECT_EQ(code("{"), "400 body_malformed");
  EXPECT_EQ(code("[]"), "400 body_malformed");
  EXPECT_EQ(code("{\"email\":\"\xff\"}"), "400 body_malformed");
  EXPECT_EQ(code(std::string(100'000, '[')), "400 body_malformed");
  EXPECT_EQ(code("email=a", "application/x-www-form-urlencoded"), "415 type_unsupported");
  EXPECT_EQ(code("{}", "text/plain"), "415 type_unsupported");
  EXPECT_EQ(code("{}"), "422 field_missing email");
  EXPECT_EQ(code(R"({"email":"a@b.ch","password":null})"), "422 field_missing password");
  EXPECT_EQ(code(R"({"email":7,"password":"x"})"), "422 field_invalid email");
  EXPECT_EQ(code(R"({"email":")" + std::string(20'000, 'a') + R"(","password":"x"})"), "422 field_too_long email");
  EXPECT_EQ(code(R"({"email":"a@b.ch","password":"x"})", "application/json; charset=utf-8"), "401 sign_in_failed");
}

TEST(Origin, DecidesOverRequestsThatChangeSomething) {
  TestServer server;
  Client client = server.administrator();
  const auto status = [&](net::Headers headers) {
    return client.send("PATCH", "/api/v1/me", {R"({"theme":"dark"})", "application/json", std::move(headers)}).status;
  };
  EXPECT_EQ(status({}), 200);
  EXPECT_EQ(status(with("Origin", "http://cluse.example")), 200);
  EXPECT_EQ(status(with("Origin", "http://CLUSE.example")), 200);
  EXPECT_EQ(status(with("Origin", "https://cluse.example")), 403);
  EXPECT_EQ(status(with("Origin", "http://cluse.example.evil.test")), 403);
  EXPECT_EQ(status(with("Origin", "http://evil.test")), 403);
  EXPECT_EQ(status(with("Origin", "null")), 403);
  EXPECT_EQ(status(with("Sec-Fetch-Site", "same-origin")), 200);
  EXPECT_EQ(status(with("Sec-Fetch-Site", "none")), 200);
  EXPECT_EQ(status(with("Sec-Fetch-Site", "same-site")), 403);
  EXPECT_EQ(status(with("Sec-Fetch-Site", "cross-site")), 403);
  EXPECT_EQ(client.send("GET", "/api/v1/sessions", {"", "", with("Origin", "http://evil.test")}).status, 200)
      << "reading changes nothing, and the other site cannot read the answer";
}

TEST(Origin, IsCheckedOnEveryRouteThatChangesSomething) {
  TestServer server;
  Client client = server.administrator();
  for (const auto& route : all_routes()) {
    if (route.method == "GET") continue;
    const Answer answer = client.send(std::string(route.method), std::string(route.pattern),
                                      {"{}", "application/json", with("Origin", "http://evil.test")});
    EXPECT_EQ(answer.code(), "cross_origin") << route.method << " " << route.pattern;
  }
}

TEST(SessionCookie, IsForThisHostAndNotForScripts) {
  TestServer server;
  server.administrator();
  net::Request request;
  request.method = "POST";
  request.path = "/api/v1/session";
  request.headers = {{"Host", "cluse.example"}, {"Content-Type", "application/json"}};
  request.body = R"({"email":"anne@example.org","password":"correct horse battery"})";
  request.peer = "192.0.2.1";
  const auto cookie_over = [&](bool tls) {
    net::Request copy = request;
    copy.tls = tls;
    Answer answer;
    answer.headers = server.handle(std::move(copy)).headers;
    return answer.header("Set-Cookie");
  };
  const std::string plain = cookie_over(false), secure = cookie_over(true);
  EXPECT_TRUE(plain.starts_with("cluse_session=")) << plain;
  EXPECT_TRUE(plain.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax")) << plain;
  EXPECT_TRUE(secure.starts_with("__Host-cluse_session=")) << secure;
  EXPECT_TRUE(secure.ends_with("; HttpOnly; SameSite=Lax; Secure")) << secure;
}

TEST(SessionCookie, OfPlainHttpIsNotTakenOverTls) {
  TestServer server;
  net::Request request;
  request.method = "GET";
  request.path = "/api/v1/sessions";
  request.tls = true;
  request.headers = {{"Cookie", "cluse_session=" + server.administrator().token()}};
  EXPECT_EQ(server.handle(request).status, 401);
  request.headers = {{"Cookie", "__Host-cluse_session=" + server.administrator().token()}};
  EXPECT_EQ(server.handle(request).status, 200);
}

TEST(Session, EndsWithSignOut) {
  TestServer server;
  server.administrator();
  Client client = server.sign_in("anne@example.org");
  const std::string token = client.token();
  EXPECT_EQ(client.get("/api/v1/sessions").status, 200);
  EXPECT_EQ(client.remove("/api/v1/session").status, 204);
  EXPECT_EQ(client.token(), "") << "the cookie is removed";
  EXPECT_EQ(Client(server, token).get("/api/v1/sessions").status, 401);
  EXPECT_EQ(client.remove("/api/v1/session").status, 204) << "twice is once";
}

TEST(Session, CannotBeFixed) {
  TestServer server;
  server.administrator();
  Client client(server, "chosen-by-someone-else");
  EXPECT_EQ(client.post("/api/v1/session", R"({"email":"anne@example.org","password":"correct horse battery"})").status,
            200);
  EXPECT_NE(client.token(), "chosen-by-someone-else");
  EXPECT_EQ(Client(server, "chosen-by-someone-else").get("/api/v1/sessions").status, 401);
}

TEST(Session, IsListedWithItsDeviceAndCanBeEndedFromAnother) {
  TestServer server;
  server.administrator();
  Client here(server), there = server.sign_in("anne@example.org");
  here.send("POST", "/api/v1/session",
            {R"({"email":"anne@example.org","password":"correct horse battery"})", "application/json",
             with("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")});
  const Answer list = here.get("/api/v1/sessions");
  const auto& sessions = list.at("/sessions").as_array();
  ASSERT_EQ(sessions.size(), 3U);
  std::string other;
  for (const auto& session : sessions) {
    const auto& object = session.as_object();
    if (object.at("current").as_bool()) {
      EXPECT_EQ(object.at("device").as_string(), "Firefox, Linux");
    }
  }
  const Answer theirs = there.get("/api/v1/sessions");
  for (const auto& session : theirs.at("/sessions").as_array())
    if (session.as_object().at("current").as_bool()) other = session.as_object().at("id").as_string().c_str();
  EXPECT_EQ(here.remove("/api/v1/sessions/" + other).status, 204);
  EXPECT_EQ(there.get("/api/v1/sessions").code(), "not_signed_in");
  EXPECT_EQ(server.domain.live.count("session_ended", *Id::parse(other)), 1);
}

TEST(Session, OfSomeoneElseIsOutOfReach) {
  TestServer server;
  Client admin = server.administrator();
  Client paul = server.newcomer("Paul Rochat", "paul@example.org");
  const std::string theirs = admin.get("/api/v1/sessions").text("/sessions/0/id");
  EXPECT_EQ(paul.remove("/api/v1/sessions/" + theirs).status, 204);
  EXPECT_EQ(admin.get("/api/v1/sessions").status, 200);
}

TEST(SignInRoute, SaysHowLongToWait) {
  TestServer server;
  server.administrator();
  Client client = server.stranger();
  const std::string body = R"({"email":"anne@example.org","password":"wrong password"})";
  // The administrator has signed in from another place only by setting up, which makes no place known.
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client.post("/api/v1/session", body).code(), "sign_in_failed");
  const Answer refused = client.post("/api/v1/session", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code(), "too_many_attempts");
  EXPECT_EQ(refused.header("Retry-After"), "900");
}

TEST(Setup, IsOfferedUntilItIsDone) {
  TestServer server;
  EXPECT_EQ(server.stranger().get("/api/v1/bootstrap").text("/instance/needs_setup"), "true");
  EXPECT_EQ(server.stranger().get("/api/v1/bootstrap").text("/me"), "null");
  EXPECT_EQ(server.stranger().post("/api/v1/setup", R"({"token":"x"})").code(), "field_missing");
  Client admin = server.administrator();
  const Answer after = admin.get("/api/v1/bootstrap");
  EXPECT_EQ(after.text("/instance/needs_setup"), "false");
  EXPECT_EQ(after.text("/me/name"), "Anne Perret");
  EXPECT_EQ(after.text("/me/initials"), "AP");
  EXPECT_EQ(after.text("/me/is_admin"), "true");
  EXPECT_EQ(after.text("/me/organisation/country"), "F");
  EXPECT_EQ(after.text("/me/single_keys"), "true");
  EXPECT_EQ(server.stranger().post("/api/v1/setup").status, 410);
}

TEST(Me, ChangesWhatIsGivenOnly) {
  TestServer server;
  Client admin = server.administrator();
  const Answer changed = admin.patch("/api/v1/me", R"({"function":"Secrétaire générale","single_keys":false})");
  EXPECT_EQ(changed.text("/me/function"), "Secrétaire générale");
  EXPECT_EQ(changed.text("/me/name"), "Anne Perret");
  EXPECT_EQ(changed.text("/me/single_keys"), "false");
  EXPECT_EQ(changed.text("/me/marks_terms"), "true");
  EXPECT_EQ(admin.patch("/api/v1/me", R"({"marks_terms":false})").text("/me/marks_terms"), "false");
  EXPECT_EQ(admin.get("/api/v1/bootstrap").text("/me/marks_terms"), "false") << "it goes with her to each browser";
  EXPECT_EQ(admin.patch("/api/v1/me", R"({"ui_locale":"en-GB"})").code(), "field_invalid");
  EXPECT_EQ(admin.patch("/api/v1/me", R"({"name":"  "})").code(), "field_missing");
  EXPECT_EQ(admin.patch("/api/v1/me", R"({"is_admin":false})").text("/me/is_admin"), "true");
}

TEST(Upgrade, KnowsWhoAsksAndRefusesOtherOrigins) {
  TestServer server;
  net::Request request;
  request.method = "GET";
  request.path = "/collab/0190a1b2-0000-7000-8000-000000000001";
  request.headers = {{"Host", "cluse.example"}, {"Origin", "http://cluse.example"}};
  EXPECT_TRUE(std::holds_alternative<net::Upgrade>(server.upgrade(request)));
  EXPECT_EQ(server.handshakes, 1);
  EXPECT_EQ(server.handshake_actor, std::nullopt);
  request.headers.emplace_back("Cookie", "cluse_session=" + server.administrator().token());
  EXPECT_TRUE(std::holds_alternative<net::Upgrade>(server.upgrade(request)));
  ASSERT_TRUE(server.handshake_actor.has_value());
  EXPECT_TRUE(server.handshake_actor->is_admin);
  const auto status = [&](const net::Request& asked) {
    const auto answer = server.upgrade(asked);
    return std::holds_alternative<net::Response>(answer) ? std::get<net::Response>(answer).status : 101;
  };
  net::Request foreign = request;
  foreign.headers[1].second = "http://evil.test";
  EXPECT_EQ(status(foreign), 403);
  for (const char* path : {"/collab/", "/collab", "/live", "/collab/a/b", "/api/v1/home"}) {
    net::Request elsewhere = request;
    elsewhere.path = path;
    EXPECT_EQ(status(elsewhere), 404) << path;
  }
  EXPECT_EQ(server.handshakes, 2);
}

TEST(Operations, MetricsAreForThisMachineAndForTheToken) {
  TestServer server;
  net::Request request;
  request.method = "GET";
  request.path = "/metrics";
  request.peer = "127.0.0.1";
  const auto answer = server.handle(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("cluse_api_request_seconds"), std::string::npos);
  request.headers = with("X-Forwarded-For", "203.0.113.7");
  EXPECT_EQ(server.handle(request).status, 403) << "a proxy nobody declared";
  request.peer = "203.0.113.7";
  request.headers = with("Authorization", "Bearer ");
  EXPECT_EQ(server.handle(request).status, 403) << "no token is configured";
}

TEST(Operations, ReadyFollowsTheServer) {
  TestServer server;
  EXPECT_EQ(server.stranger().get("/readyz").status, 200);
  server.api.set_ready(false);
  const Answer answer = server.stranger().get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_EQ(server.stranger().get("/healthz").status, 200);
}

TEST(Refusal, GivesNetTheSameKindOfProblem) {
  TestServer server;
  net::Request request;
  request.id = "r";
  const auto response = server.api.refusal(413, "body_too_large", request);
  EXPECT_EQ(response.status, 413);
  EXPECT_NE(response.body.find("body_too_large"), std::string::npos);
  EXPECT_EQ(server.api.refusal(418, "never_heard_of", request).status, 418);
}

}  // namespace
}  // namespace cluse::api
