// HTTP over real sockets on loopback: what is served, what is refused and by which limit, and how the server stops.
// Waits are limits made short, never sleeps; a connection that should end is read until it does.
#include "server/net/testing.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <chrono>
#include <future>
#include <list>
#include <thread>

namespace cluse::net::testing {
namespace {

using std::chrono::milliseconds;

std::string request(const std::string& line, const std::string& headers = {}, const std::string& body = {}) {
  return line + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n" + body;
}

TEST(Http, AnswersOnOneConnectionAgainAndAgain) {
  TestServer server;
  Client client(server.port());
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client.get("/api/v1/hello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{}");
    EXPECT_EQ(answer.headers.count("connection"), 0U);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Http, EveryAnswerCarriesTheSecurityHeaders) {
  TestServer server;
  Client client(server.port());
  for (const char* target : {"/api/v1/hello", "/api/v1/missing", "/api/v1/nothing", "/api/v1/throw", "/%00"}) {
    const Answer answer = client.get(target);
    EXPECT_EQ(answer.headers.at("content-security-policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src "
              "'self'; font-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
              "require-trusted-types-for 'script'");
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cross-origin-opener-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.at("x-request-id").size(), 36U);
    EXPECT_EQ(answer.headers.count("permissions-policy"), 1U);
    EXPECT_EQ(answer.headers.count("strict-transport-security"), 0U);
    EXPECT_EQ(answer.headers.count("server"), 0U);
  }
}

TEST(Http, AnAnswerMayHaveItsOwnPolicyButCannotBreakTheHead) {
  TestServer server;
  Client client(server.port());
  const Answer answer = client.get("/api/v1/image");
  EXPECT_EQ(answer.headers.at("content-security-policy"), "sandbox");
  EXPECT_EQ(answer.headers.count("injected"), 0U);
  EXPECT_EQ(answer.headers.count("broken"), 0U);
}

TEST(Http, HeadIsGetWithoutTheBody) {
  TestServer server;
  Client client(server.port());
  client.send(request("HEAD /api/v1/request"));
  const Answer answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-length"), std::to_string(std::string("GET 127.0.0.1 plain").size()));
  EXPECT_EQ(client.get("/api/v1/hello").body, "{}");
}

TEST(Http, AnswersWithoutBodyHaveNoLength) {
  TestServer server;
  Client client(server.port());
  const Answer answer = client.get("/api/v1/nothing");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.count("content-length"), 0U);
  EXPECT_EQ(client.get("/api/v1/hello").status, 200);
}

TEST(Http, ReadsBodiesByLengthAndInChunks) {
  TestServer server;
  Client client(server.port());
  const std::string body(50'000, 'x');
  client.send(request("POST /api/v1/echo", "Content-Length: 50000\r\n", body));
  EXPECT_EQ(client.read_answer().body, body);
  client.send(request("PUT /api/v1/echo", "Transfer-Encoding: chunked\r\n"));
  for (const char* piece : {"5", "\r\nhel", "lo\r", "\n6;name=value\r\n world\r\n0\r\nTrailer: x", "\r\n\r\n"}) {
    client.send(piece);
  }
  EXPECT_EQ(client.read_answer().body, "hello world");
  EXPECT_EQ(client.get("/api/v1/hello").status, 200);
}

TEST(Http, SaysContinueToThoseWhoWait) {
  TestServer server;
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Content-Length: 4\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.read_answer(true).status, 100);
  client.send("body");
  EXPECT_EQ(client.read_answer().body, "body");
  client.send(request("POST /api/v1/echo", "Content-Length: 99999999\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_ended());
}

TEST(Http, AnswersAHundredPipelinedRequestsInOrder) {
  TestServer server;
  Client client(server.port());
  std::string all;
  for (int i = 0; i < 100; ++i) {
    const std::string body = std::to_string(i);
    all += request("POST /api/v1/echo", "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  }
  client.send(all);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read_answer().body, std::to_string(i));
}

TEST(Http, WhatIsMalformedIsRefusedAndNothingBehindItIsServed) {
  TestServer server;
  const std::string hidden = request("GET /api/v1/hello");
  const std::pair<int, std::string> cases[] = {
      {400, request("POST /api/v1/echo", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden)},
      {400, request("POST /api/v1/echo", "Content-Length: 0\r\nContent-Length: 0\r\n", hidden)},
      {501, request("POST /api/v1/echo", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + hidden)},
      {400, request("POST /api/v1/echo", "Transfer-Encoding: chunked\r\n", "0\n\n" + hidden + hidden)},
      {400, "GET /api/v1/hello HTTP/1.1\nHost: test\n\n" + hidden},
      {400, request("GET /api/v1/hello", "X : y\r\n", hidden)},
      {400, request("GET /api/v1/hello", "X: y\r\n z\r\n", hidden)},
      {400, request("GET /a/../b", "", hidden)},
      {400, request("GET http://test/api/v1/hello", "", hidden)},
      {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden},
      {505, "GET / HTTP/1.0\r\n\r\n" + hidden},
      {501, request("TRACE /", "", hidden)},
      {400, "POST /api/v1/echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5;" +
                std::string(64U << 10, 'e') + "\r\nhello\r\n0\r\n\r\n"},
  };
  for (const auto& [status, octets] : cases) {
    Client client(server.port());
    client.send(octets);
    Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, status) << octets.substr(0, 200);
    EXPECT_EQ(answer.headers["connection"], "close");
    EXPECT_EQ(client.read_all(), "") << octets.substr(0, 200);
  }
  EXPECT_EQ(server.handler.requests, 0);
}

TEST(Http, AnswersAPeerThatHasStoppedSending) {
  TestServer server;
  Client client(server.port());
  client.send(request("GET /api/v1/hello"));
  client.end_sending();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_ended());
}

TEST(Http, ClosesWhenAskedTo) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.get("/api/v1/hello", "Connection: close\r\n").headers.at("connection"), "close");
  EXPECT_TRUE(client.is_ended());
}

TEST(Http, AnExceptionOfTheHandlerIsA500AndNoMore) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.get("/api/v1/throw").status, 500);
  EXPECT_EQ(client.get("/api/v1/hello").status, 200);
}

TEST(Http, DecodesTheTarget) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.get("/api/v1/%72equest?a=1&a=2&caf%C3%A9=x+y").body, "GET 127.0.0.1 plain a=2 caf\xC3\xA9=x y");
}

TEST(Http, BelievesOnlyTrustedProxies) {
  const std::string headers = "X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nX-Forwarded-Proto: https\r\n";
  TestServer wary;
  Client stranger(wary.port());
  EXPECT_EQ(stranger.get("/api/v1/request", headers).body, "GET 127.0.0.1 plain");
  ServerOptions options = TestServer::small();
  options.trusted_proxies = {"127.0.0.1"};
  TestServer server(options);
  Client client(server.port());
  const Answer answer = client.get("/api/v1/request", headers);
  EXPECT_EQ(answer.body, "GET 203.0.113.7 tls");
  EXPECT_EQ(answer.headers.count("strict-transport-security"), 1U);
}

TEST(Http, CountsRequestsByMethodAndStatus) {
  TestServer server;
  {
    Client client(server.port());
    client.get("/api/v1/hello");
    client.get("/api/v1/missing", "Connection: close\r\n");
    EXPECT_TRUE(client.is_ended());
  }
  const std::string text = server.metrics_text();
  EXPECT_NE(text.find("cluse_net_requests_total{method=\"GET\",status=\"2xx\"} 1"), std::string::npos);
  EXPECT_NE(text.find("cluse_net_requests_total{method=\"GET\",status=\"4xx\"} 1"), std::string::npos);
}

TEST(Limits, HeaderBytes) {
  TestServer server;
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: test\r\nX: " + std::string(64U << 10, 'x'));
  EXPECT_EQ(client.read_answer().status, 431);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("header_bytes"), 1U);
}

TEST(Limits, NumberOfHeaders) {
  TestServer server;
  Client client(server.port());
  std::string headers;
  for (int i = 0; i < 1000; ++i) headers += "X: y\r\n";
  client.send(request("GET /", headers));
  EXPECT_EQ(client.read_answer().status, 431);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("headers"), 1U);
}

TEST(Limits, TargetBytes) {
  TestServer server;
  Client client(server.port());
  client.send("GET /" + std::string(64U << 10, 'x'));
  EXPECT_EQ(client.read_answer().status, 414);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("target_bytes"), 1U);
}

TEST(Limits, BodyBytesByLengthBeforeTheyAreRead) {
  TestServer server;
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Content-Length: 65537\r\n"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.handler.requests, 0);
  EXPECT_EQ(server.refused("body_bytes"), 1U);
}

TEST(Limits, BodyBytesInChunks) {
  TestServer server;
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Transfer-Encoding: chunked\r\n", "fffffff\r\n"));
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.handler.requests, 0);
}

TEST(Limits, APeerStillSendingARefusedBodyCanReadWhy) {
  TestServer server;
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Content-Length: 2000000\r\n"));
  client.send(std::string(2'000'000, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST(Limits, HeaderTimeout) {
  ServerOptions options = TestServer::small();
  options.limits.header_timeout = milliseconds(50);
  TestServer server(options);
  Client silent(server.port());
  EXPECT_TRUE(silent.is_ended());
  Client slow(server.port());
  slow.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(slow.read_answer().status, 408);
  EXPECT_TRUE(slow.is_ended());
  EXPECT_EQ(server.refused("header_timeout"), 2U);
}

TEST(Limits, IdleTimeout) {
  ServerOptions options = TestServer::small();
  options.limits.idle_timeout = milliseconds(50);
  TestServer server(options);
  Client client(server.port());
  EXPECT_EQ(client.get("/api/v1/hello").status, 200);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("idle_timeout"), 1U);
}

TEST(Limits, BodyTimeout) {
  ServerOptions options = TestServer::small();
  options.limits.body_timeout = milliseconds(50);
  TestServer server(options);
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Content-Length: 10\r\n", "12345"));
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("body_timeout"), 1U);
}

TEST(Limits, BodyPace) {
  ServerOptions options = TestServer::small();
  options.limits.body_grace = milliseconds(50);
  TestServer server(options);
  Client client(server.port());
  client.send(request("POST /api/v1/echo", "Content-Length: 10\r\n", "12345"));
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_EQ(server.refused("body_timeout"), 1U);
}

TEST(Limits, APeerThatDoesNotReadItsAnswerIsCut) {
  ServerOptions options = TestServer::small();
  options.limits.send_timeout = milliseconds(100);
  options.limits.body_bytes_per_second_min = 1U << 30;
  TestServer server(options);
  Client client(server.port(), Client::Tls::none, 4096);
  client.send(request("GET /api/v1/big"));
  server.handler.wait_for_requests(1);
  server.wait_for_connections(0);
  EXPECT_EQ(server.refused("send_timeout"), 1U);
}

TEST(Limits, Connections) {
  ServerOptions options = TestServer::small();
  options.limits.connections_max = 2;
  TestServer server(options);
  Client first(server.port());
  auto second = std::make_unique<Client>(server.port());
  EXPECT_EQ(first.get("/api/v1/hello").status, 200);
  EXPECT_EQ(second->get("/api/v1/hello").status, 200);
  Client third(server.port());
  const Answer answer = third.get("/api/v1/hello");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.count("retry-after"), 1U);
  EXPECT_TRUE(third.is_ended());
  EXPECT_EQ(server.refused("connections"), 1U);
  second.reset();
  server.wait_for_connections(1);
  Client fourth(server.port());
  EXPECT_EQ(fourth.get("/api/v1/hello").status, 200);
}

TEST(Limits, ConnectionsOfOneAddress) {
  ServerOptions options = TestServer::small();
  options.limits.connections_per_address_max = 1;
  options.limits.loopback_exempt = false;
  TestServer server(options);
  Client first(server.port());
  EXPECT_EQ(first.get("/api/v1/hello").status, 200);
  Client second(server.port());
  EXPECT_EQ(second.get("/api/v1/hello").status, 503);
  EXPECT_EQ(server.refused("connections_per_address"), 1U);
}

TEST(Limits, HandshakesOfOneAddress) {
  ServerOptions options = TestServer::small();
  options.limits.handshakes_per_second_per_address_max = 2;
  options.limits.handshakes_burst_per_address_max = 2;
  options.limits.loopback_exempt = false;
  TestServer server(options);
  int refused = 0;
  for (int i = 0; i < 10; ++i) {
    SocketClient client(server.port());
    if (client.handshake.status == 429) ++refused;
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(server.refused("handshakes"), static_cast<std::uint64_t>(refused));
}

TEST(Limits, OutOfDescriptorsIsAnswered) {
  TestServer server;
  // A connection to each shard first, kept open: no thread of the server opens or closes anything after that.
  std::list<Client> earlier;
  for (std::size_t i = 0; i < server.shards.size(); ++i)
    ASSERT_EQ(earlier.emplace_back(server.port()).get("/api/v1/hello").status, 200);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  // The server shares the process with its clients: room for one more descriptor, which the next client takes.
  const int lowest = ::dup(0);
  ::close(lowest);
  rlimit scarce = before;
  scarce.rlim_cur = static_cast<rlim_t>(lowest) + 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
  Client client(server.port());
  const Answer answer = client.read_answer();
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.count("retry-after"), 1U);
  EXPECT_GT(server.refused("descriptors"), 0U);
  // The server may still be clearing its queue; it must be back within two seconds.
  int status = 0;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (status != 200 && std::chrono::steady_clock::now() < until)
    status = Client(server.port()).get("/api/v1/hello").status;
  EXPECT_EQ(status, 200);
}

TEST(Stop, IdleConnectionsEndAtOnce) {
  TestServer server;
  Client idle(server.port());
  EXPECT_EQ(idle.get("/api/v1/hello").status, 200);
  Client fresh(server.port());
  server.wait_for_connections(2);
  server.server.stop();
  EXPECT_TRUE(idle.is_ended());
  EXPECT_TRUE(fresh.is_ended());
  EXPECT_EQ(server.connections(), 0);
}

TEST(Stop, ARequestUnderWayIsAnsweredFirst) {
  TestServer server;
  Client client(server.port());
  client.send(request("GET /api/v1/held"));
  server.handler.wait_for_requests(1);
  auto stopping = std::async(std::launch::async, [&] { server.server.stop(); });
  Client late(server.port());
  while (late.is_open() && Client(server.port()).is_open()) std::this_thread::yield();
  server.handler.release();
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "{\"held\":true}");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.is_ended());
  stopping.get();
}

TEST(Stop, WhatDoesNotEndIsCut) {
  ServerOptions options = TestServer::small();
  options.limits.stop_timeout = milliseconds(50);
  TestServer server(options);
  Client client(server.port(), Client::Tls::none, 4096);
  client.send(request("GET /api/v1/big"));
  server.handler.wait_for_requests(1);
  server.server.stop();
  EXPECT_EQ(server.connections(), 0);
}

TEST(Start, SaysWhyItCannot) {
  TestServer first;
  const auto code = [&](ServerOptions options) {
    Server server(std::move(options), first.shards, first.workers, first.handler, first.metrics);
    const auto started = server.start();
    return started ? std::string_view("started") : started.error().code;
  };
  ServerOptions options = TestServer::small();
  options.port = first.port();
  EXPECT_EQ(code(options), "address_in_use");
  options.address = "not an address";
  EXPECT_EQ(code(options), "address_invalid");
  options = TestServer::small();
  options.static_directory = "/nonexistent";
  EXPECT_EQ(code(options), "static_directory_invalid");
  options = TestServer::small();
  options.certificate = "/nonexistent";
  EXPECT_EQ(code(options), "certificate_invalid");
}

}  // namespace
}  // namespace cluse::net::testing
