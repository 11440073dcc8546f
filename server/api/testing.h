// TestServer: the real Api over the real domain, called in-process: a request in, a response out.
#pragma once

#include "server/api/api.h"
#include "server/domain/testing.h"

#include <boost/json/value.hpp>

#include <map>
#include <string>

namespace cluse::api {

/// A response, taken apart.
struct Answer {
  int status = 0;
  net::Headers headers;
  std::string body;
  boost::json::value json;  ///< null if the body is not JSON

  [[nodiscard]] std::string header(const std::string& name) const;
  /// The member `pointer` ("/me/name") of the body as text; what is not there fails the test with the body.
  [[nodiscard]] std::string text(const std::string& pointer) const;
  [[nodiscard]] const boost::json::value& at(const std::string& pointer) const;
  [[nodiscard]] std::string code() const {
    return json.is_object() && json.as_object().contains("code") ? text("/code") : "";
  }
};

/// What a client sends besides method and address.
struct Sent {
  std::string body;
  std::string type = "application/json";
  net::Headers headers = {};
};

class TestServer;

/// Someone at a browser: keeps the cookie.
class Client {
 public:
  explicit Client(TestServer& server, std::string token = {}) : server_(&server), token_(std::move(token)) {}

  Answer send(const std::string& method, const std::string& target, Sent sent = {});
  Answer get(const std::string& target) { return send("GET", target); }
  Answer post(const std::string& target, const std::string& body = "{}") { return send("POST", target, {body}); }
  Answer patch(const std::string& target, const std::string& body) { return send("PATCH", target, {body}); }
  Answer put(const std::string& target, const std::string& body) { return send("PUT", target, {body}); }
  Answer remove(const std::string& target) { return send("DELETE", target); }

  [[nodiscard]] const std::string& token() const { return token_; }

 private:
  TestServer* server_;
  std::string token_;
};

/// Thread: the test's.
class TestServer {
 public:
  explicit TestServer(const domain::Settings& settings = domain::cheap_settings());

  net::Response handle(net::Request request);
  std::variant<net::Response, net::Upgrade> upgrade(net::Request request);

  /// The administrator; sets the instance up at the first call.
  Client administrator();
  Client newcomer(const std::string& name, const std::string& email, const std::string& country = "F");
  Client sign_in(const std::string& email, const std::string& password = domain::kTestPassword);
  Client stranger() { return Client(*this); }
  /// A workspace of the administrator's; its id.
  std::string workspace(const std::string& name = "Mobilité");
  /// Makes `client` a member.
  void join(const std::string& workspace, Client& client, const std::string& role);
  /// A document at the top; its id.
  std::string document(Client& client, const std::string& workspace, const std::string& title);

  domain::TestDomain domain;
  Settings settings;
  int handshakes = 0;                            ///< that reached the gateway
  std::optional<domain::Actor> handshake_actor;  ///< of the last one
  Api api;

 private:
  std::string administrator_token_;
};

/// Percent-encodes what may not stand in a query.
[[nodiscard]] std::string query_encoded(std::string_view text);

}  // namespace cluse::api
