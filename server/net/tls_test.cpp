// TLS over real sockets, with certificates made for the test.
#include "server/net/testing.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <filesystem>

namespace cluse::net::testing {
namespace {

class Tls : public ::testing::Test {
 protected:
  Tls() : server(options()) {}

  ServerOptions options() {
    write_certificate(folder, "first");
    ServerOptions made = TestServer::small();
    made.certificate = folder.path() / "certificate.pem";
    made.private_key = folder.path() / "key.pem";
    made.limits.header_timeout = std::chrono::milliseconds(2'000);
    made.limits.certificate_interval = std::chrono::milliseconds(20);
    return made;
  }

  TemporaryFolder folder;
  TestServer server;
};

TEST_F(Tls, SpeaksBothVersions) {
  for (const auto version : {Client::Tls::v12, Client::Tls::v13}) {
    Client client(server.port(), version);
    ASSERT_TRUE(client.is_open());
    EXPECT_EQ(client.tls_version(), version == Client::Tls::v12 ? "TLSv1.2" : "TLSv1.3");
    const Answer answer = client.get("/api/v1/request");
    EXPECT_EQ(answer.body, "GET 127.0.0.1 tls");
    EXPECT_EQ(answer.headers.at("strict-transport-security"), "max-age=63072000");
    EXPECT_EQ(client.get("/api/v1/big").body.size(), TestHandler::kBigBytes);
    EXPECT_EQ(client.get("/api/v1/hello", "Connection: close\r\n").status, 200);
    EXPECT_TRUE(client.is_ended());
  }
}

TEST_F(Tls, CarriesWebSockets) {
  SocketClient client(server.port(), "/collab/echo", Client::Tls::v13);
  EXPECT_EQ(client.handshake.headers.count("strict-transport-security"), 1U);
  for (const std::size_t size : {1U, 200U, 20'000U, 200'000U}) {
    client.send(kBinary, std::string(size, 'm'));
    EXPECT_EQ(client.read().payload, std::string(size, 'm'));
  }
  client.send(kClose, "\x03\xe8");
  EXPECT_EQ(client.read().close_code(), 1000);
  EXPECT_TRUE(client.connection.is_ended());
}

TEST_F(Tls, GathersFramesIntoRecords) {
  SocketClient client(server.port(), "/collab/burst", Client::Tls::v13);
  client.send(kBinary, "go");
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.read().payload, std::to_string(i));
  EXPECT_EQ(client.read().close_code(), 4000);
  EXPECT_LE(server.metrics.counter("cluse_net_websocket_writes_total", "").value(), 60U);
}

TEST_F(Tls, TellsAPlainClient) {
  Client client(server.port());
  EXPECT_EQ(client.get("/api/v1/hello").status, 400);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.refused("tls_handshake"), 1U);
  EXPECT_EQ(server.handler.requests, 0);
}

TEST_F(Tls, NoiseIsNotATlsClient) {
  Client client(server.port());
  client.send(std::string("\x16\x03\x01\x00\x05hello", 10));
  EXPECT_TRUE(client.is_ended());
  server.wait_for_connections(0);
  EXPECT_EQ(server.refused("tls_handshake"), 1U);
}

TEST_F(Tls, AHandshakeThatStopsIsCut) {
  Client client(server.port());
  client.send("\x16");
  EXPECT_TRUE(client.is_ended());
  server.wait_for_connections(0);
}

TEST_F(Tls, ANewCertificateServesNewConnectionsAndOldOnesGoOn) {
  SocketClient old(server.port(), "/collab/echo", Client::Tls::v13);
  EXPECT_EQ(old.connection.certificate_name(), "first");
  write_certificate(folder, "second");
  EXPECT_TRUE(server.server.reload_certificate());
  Client fresh(server.port(), Client::Tls::v13);
  EXPECT_EQ(fresh.certificate_name(), "second");
  EXPECT_EQ(fresh.get("/api/v1/hello").status, 200);
  old.send(kBinary, "still here");
  EXPECT_EQ(old.read().payload, "still here");
}

TEST_F(Tls, ABrokenCertificateChangesNothing) {
  folder.write("certificate.pem", "nonsense");
  const auto loaded = server.server.reload_certificate();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, "certificate_invalid");
  Client client(server.port(), Client::Tls::v13);
  EXPECT_EQ(client.certificate_name(), "first");
}

TEST_F(Tls, ANewFileIsNoticed) {
  write_certificate(folder, "second");
  std::filesystem::last_write_time(folder.path() / "certificate.pem",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
  std::string name;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (name != "second" && std::chrono::steady_clock::now() < until) {
    name = Client(server.port(), Client::Tls::v13).certificate_name();
  }
  EXPECT_EQ(name, "second");
}

TEST_F(Tls, OldProtocolsAndWeakCiphersAreRefused) {
  const auto agrees = [&](int version, const char* ciphers) {
    Client probe(server.port());
    return probe.agrees_on(version, ciphers);
  };
  EXPECT_TRUE(agrees(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"));
  EXPECT_TRUE(agrees(TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305"));
  EXPECT_FALSE(agrees(TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
  EXPECT_FALSE(agrees(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256"));
  EXPECT_FALSE(agrees(TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA"));
}

TEST_F(Tls, StoppingEndsTlsConnectionsToo) {
  Client idle(server.port(), Client::Tls::v13);
  EXPECT_EQ(idle.get("/api/v1/hello").status, 200);
  Client half(server.port());
  half.send("\x16");
  server.wait_for_connections(2);
  const auto begin = std::chrono::steady_clock::now();
  server.server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  EXPECT_TRUE(idle.is_ended());
}

}  // namespace
}  // namespace cluse::net::testing
