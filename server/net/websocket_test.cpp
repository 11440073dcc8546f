// WebSockets over real sockets: frames are written and read by hand.
#include "server/net/testing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

namespace cluse::net::testing {
namespace {

using std::chrono::milliseconds;

TEST(WebSocket, AnswersTheHandshake) {
  TestServer server;
  SocketClient client(server.port(), "/collab/echo", Client::Tls::none, "Sec-WebSocket-Protocol: cluse.ack.1\r\n");
  EXPECT_EQ(client.handshake.status, 101);
  EXPECT_EQ(client.handshake.headers.at("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(client.handshake.headers.at("sec-websocket-protocol"), "cluse.ack.1");
  EXPECT_EQ(client.handshake.headers.count("x-request-id"), 1U);
  EXPECT_EQ(client.handshake.headers.count("content-security-policy"), 1U);
  EXPECT_EQ(client.handshake.headers.at("server"), "cluse");
}

TEST(WebSocket, AHandshakeCanBeRefused) {
  TestServer server;
  const auto status = [&](const std::string& octets) {
    Client client(server.port());
    client.send(octets);
    const Answer answer = client.read_answer();
    EXPECT_TRUE(client.is_ended());
    return answer.status;
  };
  std::string old = websocket_request("/collab/echo");
  old.replace(old.find("13"), 2, "12");
  std::string keyless = websocket_request("/collab/echo");
  keyless.replace(keyless.find("dGhl"), 4, "");
  EXPECT_EQ(status(websocket_request("/collab/denied")), 403);
  EXPECT_EQ(status(websocket_request("/elsewhere")), 404);
  EXPECT_EQ(status(old), 426);
  EXPECT_EQ(status(keyless), 400);
  EXPECT_EQ(server.handler.attached, 0);
}

TEST(WebSocket, EchoesMessagesOfEverySize) {
  TestServer server;
  SocketClient client(server.port());
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U, 256U << 10}) {
    const std::string message(size, 'm');
    client.send(kBinary, message);
    const Frame frame = client.read();
    EXPECT_EQ(frame.opcode, kBinary);
    EXPECT_EQ(frame.payload, message);
  }
}

TEST(WebSocket, ReadsWhatCameWithTheHandshake) {
  TestServer server;
  Client client(server.port());
  client.send(websocket_request("/collab/echo") + std::string("\x82\x82\0\0\0\0hi", 8));
  EXPECT_EQ(client.read_answer(true).status, 101);
  EXPECT_EQ(client.read(4), "\x82\x02hi");
}

TEST(WebSocket, JoinsFragmentsAndAnswersPingsBetweenThem) {
  TestServer server;
  SocketClient client(server.port());
  client.send(kBinary, "one ", false);
  client.send(kPing, "are you there");
  client.send(0, "two ", false);
  client.send(0, "three");
  const Frame pong = client.read();
  EXPECT_EQ(pong.opcode, kPong);
  EXPECT_EQ(pong.payload, "are you there");
  EXPECT_EQ(client.read().payload, "one two three");
}

TEST(WebSocket, AMessageTooLargeIs1009) {
  TestServer server;
  SocketClient client(server.port());
  client.send(kBinary, std::string(TestHandler::kMessageBytesMax + 1, 'x'));
  EXPECT_EQ(client.read().close_code(), 1009);
  EXPECT_TRUE(client.connection.is_ended());
  server.handler.wait_for_closed(1);
  EXPECT_EQ(server.refused("message_bytes"), 1U);
}

TEST(WebSocket, FragmentsTooLargeTogetherAre1009) {
  TestServer server;
  SocketClient client(server.port());
  const std::string half(TestHandler::kMessageBytesMax / 2 + 1, 'x');
  client.send(kBinary, half, false);
  client.send(0, half);
  EXPECT_EQ(client.read().close_code(), 1009);
}

TEST(WebSocket, TextIs1003AndBadTextIs1007) {
  TestServer server;
  SocketClient text(server.port());
  text.send(kText, "bonjour");
  EXPECT_EQ(text.read().close_code(), 1003);
  SocketClient bad(server.port());
  bad.send(kText, "\xff\xfe");
  EXPECT_EQ(bad.read().close_code(), 1007);
  server.handler.wait_for_closed(1);
}

TEST(WebSocket, FramesAgainstTheProtocolAre1002) {
  const std::string cases[] = {
      std::string("\xf2\x80\0\0\0\0", 6),                   // reserved bits
      std::string("\x83\x80\0\0\0\0", 6),                   // an opcode that does not exist
      std::string("\x80\x80\0\0\0\0", 6),                   // a continuation of nothing
      std::string("\x82\x02hi", 4),                         // not masked
      std::string("\x09\x80\0\0\0\0", 6),                   // a ping in fragments
      std::string("\x89\xfe\x00\x7e\0\0\0\0", 8),           // a ping too long
      std::string("\x88\x81\0\0\0\0x", 7),                  // half a close code
      std::string("\x88\x82\0\0\0\0\x03\xec", 8),           // close code 1004
      std::string("\x82\xfe\0\x01\0\0\0\0x", 9),            // a length that needs no second form
      std::string("\x02\x80\0\0\0\0\x82\x80\0\0\0\0", 12),  // a message inside a message
  };
  TestServer server;
  for (const std::string& octets : cases) {
    SocketClient client(server.port());
    client.connection.send(octets);
    EXPECT_EQ(client.read_data().close_code(), 1002) << ::testing::PrintToString(octets);
    EXPECT_TRUE(client.connection.is_ended());
  }
  server.handler.wait_for_closed(static_cast<int>(std::size(cases)));
}

TEST(WebSocket, EchoesTheCloseOfThePeer) {
  TestServer server;
  SocketClient client(server.port());
  client.send(kClose,
              "\x0f\xa0"
              "bye");
  EXPECT_EQ(client.read().close_code(), 4000);
  EXPECT_TRUE(client.connection.is_ended());
  server.handler.wait_for_closed(1);
  server.wait_for_connections(0);
  EXPECT_EQ(server.handler.closed, 1);
}

TEST(WebSocket, ClosesWithItsOwnCodeAndReason) {
  TestServer server;
  SocketClient client(server.port(), "/collab/closing");
  const Frame frame = client.read();
  EXPECT_EQ(frame.close_code(), 4404);
  EXPECT_EQ(frame.payload.substr(2), "no such document");
  client.send(kClose, frame.payload);
  EXPECT_TRUE(client.connection.is_ended());
  server.handler.wait_for_closed(1);
}

TEST(WebSocket, APeerThatDoesNotAnswerTheCloseIsCut) {
  TestServer server;
  SocketClient client(server.port(), "/collab/closing");
  EXPECT_EQ(client.read().close_code(), 4404);
  server.handler.wait_for_closed(1);
  server.wait_for_connections(0);
}

TEST(WebSocket, GreetsBeforeAnythingIsAsked) {
  TestServer server;
  SocketClient client(server.port(), "/collab/greeting");
  EXPECT_EQ(client.read().payload, "hello");
}

TEST(WebSocket, AnExceptionOfTheHandlerIs1011) {
  TestServer server;
  SocketClient client(server.port(), "/collab/throwing");
  client.send(kBinary, "x");
  EXPECT_EQ(client.read().close_code(), 1011);
}

TEST(WebSocket, WhatOneTurnQueuesGoesOutTogetherInOrderAndBeforeTheClose) {
  TestServer server;
  SocketClient client(server.port(), "/collab/burst");
  client.send(kBinary, "go");
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.read().payload, std::to_string(i));
  EXPECT_EQ(client.read().close_code(), 4000);
  const auto writes = server.metrics.counter("cluse_net_websocket_writes_total", "").value();
  EXPECT_LE(writes, 60U) << "a thousand messages, two buffers each, 64 buffers a write, the 101 and the close";
}

TEST(WebSocket, ASlowReaderIs1013) {
  ServerOptions options = TestServer::small();
  options.limits.send_queue_bytes_max = 1U << 20;
  options.limits.close_timeout = milliseconds(5'000);
  TestServer server(options);
  SocketClient client(server.port(), "/collab/flood", Client::Tls::none, {}, 4096);
  client.send(kBinary, "go");
  Frame frame = client.read();
  int messages = 0;
  for (; frame.opcode == kBinary; ++messages, frame = client.read()) EXPECT_EQ(frame.payload.size(), 2048U);
  EXPECT_EQ(frame.close_code(), 1013);
  EXPECT_LT(messages, 20'000);
  EXPECT_EQ(server.refused("send_queue_bytes"), 1U);
}

TEST(WebSocket, ADeadReaderIsForgotten) {
  ServerOptions options = TestServer::small();
  options.limits.send_queue_bytes_max = 1U << 20;
  TestServer server(options);
  SocketClient client(server.port(), "/collab/flood", Client::Tls::none, {}, 4096);
  client.send(kBinary, "go");
  server.handler.wait_for_closed(1);
  server.wait_for_connections(0);
  EXPECT_EQ(server.metrics.gauge("cluse_net_websocket_queued_bytes", "").value(), 0);
}

TEST(WebSocket, AStalledWriteIsCut) {
  ServerOptions options = TestServer::small();
  options.limits.send_queue_bytes_max = 1U << 30;
  options.limits.send_timeout = milliseconds(100);
  TestServer server(options);
  SocketClient client(server.port(), "/collab/flood", Client::Tls::none, {}, 4096);
  client.send(kBinary, "go");
  server.handler.wait_for_closed(1);
  EXPECT_EQ(server.refused("send_timeout"), 1U);
}

TEST(WebSocket, AWholeDocumentMayBeLargerThanTheQueue) {
  TestServer server;
  SocketClient client(server.port(), "/collab/document");
  client.send(kBinary, "go");
  EXPECT_EQ(client.read().payload.size(), 10U << 20);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client.read().payload, "update");
}

TEST(WebSocket, PingsAndForgetsThePeerThatIsSilent) {
  ServerOptions options = TestServer::small();
  options.limits.ping_interval = milliseconds(50);
  TestServer server(options);
  SocketClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.read().opcode, kPing);
    client.send(kPong, "");
  }
  EXPECT_EQ(client.read().opcode, kPing);
  EXPECT_TRUE(client.connection.is_ended());
  server.handler.wait_for_closed(1);
}

TEST(WebSocket, APeerThatVanishesIsToldOnce) {
  TestServer server;
  {
    SocketClient client(server.port());
    client.send(kBinary, "x");
    EXPECT_EQ(client.read().payload, "x");
  }
  server.handler.wait_for_closed(1);
  server.wait_for_connections(0);
  EXPECT_EQ(server.handler.closed, 1);
  EXPECT_EQ(server.metrics.gauge("cluse_net_websockets", "").value(), 0);
}

TEST(WebSocket, StoppingSays1012AndWaitsForTheAnswer) {
  TestServer server;
  SocketClient client(server.port());
  auto stopping = std::async(std::launch::async, [&] { server.server.stop(); });
  const Frame frame = client.read();
  EXPECT_EQ(frame.close_code(), 1012);
  client.send(kClose, frame.payload);
  EXPECT_TRUE(client.connection.is_ended());
  stopping.get();
  EXPECT_EQ(server.handler.closed, 1);
}

}  // namespace
}  // namespace cluse::net::testing
