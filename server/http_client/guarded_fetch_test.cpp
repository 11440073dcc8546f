// Aim: what a plugin words reaches the hosts of its list over the public network, and nothing else. Method: a real
// server on this machine that answers what its script says; names lead to it by the explicit hook for tests, and the
// rule about private addresses holds unless the test says otherwise.
#include "server/http_client/guarded_fetch.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace cluse::http_client {
namespace {

/// Answers one connection after another; closes each.
class LocalServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit LocalServer(Answer answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { run(); });
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;
  ~LocalServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] std::string last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  [[nodiscard]] int count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  void run() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      const std::string request = read(connection);
      const std::string answer = answer_(request);
      {
        const std::lock_guard lock(mutex_);
        last_ = request;
        ++count_;
      }
      for (std::size_t at = 0; at < answer.size();) {
        const auto sent = ::send(connection, answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
      }
      ::close(connection);
    }
  }
  static std::string read(int connection) {
    std::string text;
    char buffer[4096];
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != std::string::npos) {
        const auto length = text.find("Content-Length: ");
        const std::size_t body = length == std::string::npos ? 0 : std::stoul(text.substr(length + 16));
        if (text.size() >= end + 4 + body) return text;
      }
      const auto got = ::recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(got));
    }
  }

  const Answer answer_;
  const int listener_;
  std::string port_;
  std::mutex mutex_;
  std::string last_;
  int count_ = 0;
  std::thread thread_;
};

std::string reply(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n" +
         headers + "\r\n" + body;
}

FetchPolicy to(const LocalServer& server, bool allow_private = true) {
  FetchPolicy policy;
  policy.allow_plain = true;
  policy.allow_private = allow_private;
  for (const char* host : {"api.example.org", "other.example.org"}) {
    policy.hosts.push_back(std::string(host) + ":" + server.port());
    policy.resolve.push_back(std::string(host) + ":" + server.port() + ":127.0.0.1");
  }
  return policy;
}

std::string code_of(const Result<FetchAnswer>& answer) {
  return answer ? "answered" : std::string(answer.error().code);
}

TEST(GuardedFetch, SendsWhatItIsGivenAndGivesTheAnswerBack) {
  LocalServer server([](const std::string&) { return reply("201 Created", "X-Kind: a\r\nETag: \"1\"\r\n", "é\x01"); });
  const auto url = "http://api.example.org:" + server.port() + "/hook?a=1";
  const auto answer = guarded_fetch({"POST", url, {{"X-Signature", "s"}, {"Content-Type", "a/b"}}, "body"}, to(server));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "é\x01");
  EXPECT_NE(
      std::find(answer->headers.begin(), answer->headers.end(), std::pair<std::string, std::string>("etag", "\"1\"")),
      answer->headers.end());
  EXPECT_TRUE(server.last().starts_with("POST /hook?a=1 HTTP/1.1\r\n")) << server.last();
  EXPECT_NE(server.last().find("X-Signature: s\r\n"), std::string::npos);
  EXPECT_TRUE(server.last().ends_with("\r\n\r\nbody"));
}

TEST(GuardedFetch, GoesToTheHostsOfTheListAlone) {
  LocalServer server([](const std::string&) { return reply("200 OK", "", "x"); });
  const FetchPolicy policy = to(server);
  for (const std::string& url :
       {"http://evil.example.org:" + server.port() + "/", "http://127.0.0.1:" + server.port() + "/",
        std::string("http://api.example.org/"), "ftp://api.example.org:" + server.port() + "/",
        "file:///etc/passwd" + std::string(), "http://u:p@api.example.org:" + server.port() + "/", std::string("x")})
    EXPECT_EQ(code_of(guarded_fetch({"GET", url, {}, {}}, policy)), "address_refused") << url;
  FetchPolicy strict = policy;
  strict.allow_plain = false;
  EXPECT_EQ(code_of(guarded_fetch({"GET", "http://api.example.org:" + server.port() + "/", {}, {}}, strict)),
            "address_refused")
      << "https alone";
  EXPECT_EQ(server.count(), 0);
}

TEST(GuardedFetch, ANameThatLeadsInsideIsRefused) {
  LocalServer server([](const std::string&) { return reply("200 OK", "", "x"); });
  const auto url = "http://api.example.org:" + server.port() + "/";
  EXPECT_EQ(code_of(guarded_fetch({"GET", url, {}, {}}, to(server, false))), "address_refused");
  EXPECT_EQ(server.count(), 0);
}

TEST(GuardedFetch, RedirectsStayOnTheListAndLeaveSecretsBehind) {
  std::string port;
  LocalServer server([&port](const std::string& request) {
    if (request.starts_with("GET /out ")) return reply("302 Found", "Location: http://evil.example.org/\r\n", "");
    if (request.starts_with("GET /over "))
      return reply("301 Moved", "Location: http://other.example.org:" + port + "/there\r\n", "");
    if (request.starts_with("GET /near ")) return reply("307 Temporary", "Location: /there\r\n", "");
    if (request.starts_with("GET /round ")) return reply("302 Found", "Location: /round\r\n", "");
    if (request.starts_with("POST ")) return reply("303 See", "Location: /there\r\n", "");
    return reply("200 OK", "", "there");
  });
  port = server.port();
  const auto policy = to(server);
  const auto get = [&](const std::string& method, const std::string& path) {
    return guarded_fetch({method, "http://api.example.org:" + port + path, {{"Authorization", "secret"}}, {}}, policy);
  };
  EXPECT_EQ(code_of(get("GET", "/out")), "address_refused");
  EXPECT_EQ(get("GET", "/near")->body, "there");
  EXPECT_NE(server.last().find("secret"), std::string::npos);
  EXPECT_EQ(get("GET", "/over")->body, "there");
  EXPECT_EQ(server.last().find("secret"), std::string::npos);
  EXPECT_EQ(get("POST", "/x")->status, 303) << "what changes something is not sent twice";
  EXPECT_EQ(code_of(get("GET", "/round")), "server_unreachable");
}

TEST(GuardedFetch, IsBoundInSizeTimeAndForm) {
  LocalServer server([](const std::string&) { return reply("200 OK", "", std::string(kFetchBodyBytesMax + 1, 'x')); });
  const auto url = "http://api.example.org:" + server.port() + "/";
  const auto policy = to(server);
  EXPECT_EQ(code_of(guarded_fetch({"GET", url, {}, {}}, policy)), "server_unreachable");
  for (const auto& [name, value] :
       {std::pair("Host", "a"), std::pair("Content-Length", "1"), std::pair("X", "a\r\nY: b"), std::pair("X:Y", "a"),
        std::pair("Transfer-Encoding", "chunked")})
    EXPECT_EQ(code_of(guarded_fetch({"GET", url, {{name, value}}, {}}, policy)), "request_wrong") << name;
  EXPECT_EQ(code_of(guarded_fetch({"TRACE", url, {}, {}}, policy)), "request_wrong");
  EXPECT_EQ(code_of(guarded_fetch({"POST", url, {}, std::string(kFetchBodyBytesMax + 1, 'x')}, policy)),
            "request_wrong");
  FetchPolicy late = policy;
  late.total = std::chrono::milliseconds(0);
  EXPECT_EQ(code_of(guarded_fetch({"GET", url, {}, {}}, late)), "server_unreachable");
}

TEST(GuardedFetch, KnowsWhichAddressesArePrivate) {
  const auto is_private = [](const std::string& text) {
    char octets[16];
    const bool is_six = text.find(':') != std::string::npos;
    EXPECT_EQ(::inet_pton(is_six ? AF_INET6 : AF_INET, text.c_str(), octets), 1) << text;
    return is_private_address({octets, is_six ? std::size_t{16} : std::size_t{4}});
  };
  for (const char* text : {"127.0.0.1",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "100.64.0.1",
                           "0.0.0.0",
                           "224.0.0.1",
                           "255.255.255.255",
                           "198.18.0.1",
                           "192.0.2.1",
                           "::1",
                           "::",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "::ffff:10.0.0.1",
                           "::ffff:127.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "2001:db8::1",
                           "2001::1"})
    EXPECT_TRUE(is_private(text)) << text;
  for (const char* text : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "193.0.0.1", "2a00:1450::1", "2001:4860::8888",
                           "::ffff:8.8.8.8", "64:ff9b::808:808"})
    EXPECT_FALSE(is_private(text)) << text;
}

}  // namespace
}  // namespace cluse::http_client
