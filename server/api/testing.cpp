#include "server/api/testing.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <future>
#include <stdexcept>

namespace cluse::api {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The packs that ship.
domain::Settings with_rules(domain::Settings settings) {
  auto book = domain::rules::Rulebook::load(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/rules");
  if (!book) throw std::runtime_error(book.error().detail);
  settings.rules = std::move(*book);
  return settings;
}

// What net makes of a request line.
void set_target(net::Request& request, std::string_view target) {
  const auto mark = target.find('?');
  request.path = percent_decoded(target.substr(0, mark));
  if (mark == std::string_view::npos) return;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    request.query[percent_decoded(pair.substr(0, equals))] =
        percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

Task<net::Response> handled(Api* api, net::Request request) {
  auto response = co_await api->handle(std::move(request));
  co_return response;
}

struct Shaken {
  std::variant<net::Response, net::Upgrade> answer;
};

Task<Shaken> shaken(Api* api, net::Request request) {
  auto answer = co_await api->upgrade(std::move(request));
  Shaken wrapped{std::move(answer)};
  co_return wrapped;
}

Task<std::variant<net::Response, net::Upgrade>> note_handshake(TestServer* server, std::optional<domain::Actor> actor) {
  ++server->handshakes;
  server->handshake_actor = std::move(actor);
  co_return net::Upgrade{};
}

std::string cookie_of(const net::Headers& headers) {
  for (const auto& [name, value] : headers)
    if (name == "Set-Cookie") return value.substr(value.find('=') + 1, value.find(';') - value.find('=') - 1);
  return {};
}

}  // namespace

std::string query_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[code >> 4];
    out += kDigits[code & 15];
  }
  return out;
}

std::string Answer::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

const boost::json::value& Answer::at(const std::string& pointer) const {
  boost::json::error_code error;
  const auto* found = json.find_pointer(pointer, error);
  if (found == nullptr) throw std::runtime_error("no " + pointer + " in " + std::to_string(status) + " " + body);
  return *found;
}

std::string Answer::text(const std::string& pointer) const {
  const auto& found = at(pointer);
  return found.is_string() ? std::string(found.as_string()) : boost::json::serialize(found);
}

Answer Client::send(const std::string& method, const std::string& target, Sent sent) {
  net::Request request;
  request.method = method;
  set_target(request, target);
  request.headers = std::move(sent.headers);
  request.headers.emplace_back("Host", "cluse.example");
  if (!sent.body.empty()) request.headers.emplace_back("Content-Type", sent.type);
  if (!token_.empty()) request.headers.emplace_back("Cookie", "other=1; cluse_session=" + token_);
  request.body = std::move(sent.body);
  request.peer = "192.0.2.40";
  request.id = "request-1";
  const net::Response response = server_->handle(std::move(request));
  Answer answer{response.status, response.headers, response.body, nullptr};
  if (answer.header("Content-Type").find("json") != std::string::npos) answer.json = boost::json::parse(response.body);
  if (!answer.header("Set-Cookie").empty()) token_ = cookie_of(response.headers);
  return answer;
}

TestServer::TestServer(const domain::Settings& domain_settings)
    : domain(with_rules(domain_settings)),
      api(*domain.services, domain.metrics, settings,
          [this](net::Request, std::optional<domain::Actor> actor, std::string) {
            return note_handshake(this, std::move(actor));
          }) {
  api.set_ready(true);
}

net::Response TestServer::handle(net::Request request) {
  request.shard = &domain.shards.at(0);
  return domain.run(handled(&api, std::move(request)));
}

std::variant<net::Response, net::Upgrade> TestServer::upgrade(net::Request request) {
  request.shard = &domain.shards.at(0);
  return domain.run(shaken(&api, std::move(request))).answer;
}

Client TestServer::administrator() {
  if (administrator_token_.empty()) {
    Client client(*this);
    const Answer made =
        client.post("/api/v1/setup",
                    std::string(R"({"token":")") + domain::kTestSetupToken +
                        R"(","name":"Anne Perret","email":"anne@example.org","password":")" + domain::kTestPassword +
                        R"(","organisation":{"name":"Région test","country":"F"},"ui_locale":"fr-FR"})");
    if (made.status != 201) throw std::runtime_error("setup: " + made.body);
    administrator_token_ = client.token();
  }
  return Client(*this, administrator_token_);
}

Client TestServer::newcomer(const std::string& name, const std::string& email, const std::string& country) {
  Client admin = administrator();
  const std::string invitation = admin.post("/api/v1/invitations").text("/token");
  Client client(*this);
  const Answer accepted =
      client.post("/api/v1/invitations/" + invitation + "/accept",
                  R"({"name":")" + name + R"(","function":"Chargée de mission","email":")" + email +
                      R"(","password":")" + domain::kTestPassword + R"(","organisation":{"name":"Organisme )" +
                      country + R"(","country":")" + country + R"(","kind":"canton"},"ui_locale":"fr-CH"})");
  if (accepted.status != 200) throw std::runtime_error("accept: " + accepted.body);
  return client;
}

Client TestServer::sign_in(const std::string& email, const std::string& password) {
  Client client(*this);
  const Answer opened =
      client.post("/api/v1/session", R"({"email":")" + email + R"(","password":")" + password + R"("})");
  if (opened.status != 200) throw std::runtime_error("sign in: " + opened.body);
  return client;
}

std::string TestServer::workspace(const std::string& name) {
  Client admin = administrator();
  const std::string territory =
      admin.post("/api/v1/territories", R"({"name":"Aire urbaine","short":"AU"})").text("/id");
  return admin.post("/api/v1/workspaces", R"({"name":")" + name + R"(","territory_id":")" + territory + R"("})")
      .text("/id");
}

void TestServer::join(const std::string& workspace, Client& client, const std::string& role) {
  const std::string person = client.get("/api/v1/bootstrap").text("/me/id");
  const Answer joined =
      administrator().put("/api/v1/workspaces/" + workspace + "/members/" + person, R"({"role":")" + role + R"("})");
  if (joined.status != 200) throw std::runtime_error("join: " + joined.body);
}

std::string TestServer::document(Client& client, const std::string& workspace, const std::string& title) {
  return client.post("/api/v1/workspaces/" + workspace + "/documents", R"({"title":")" + title + R"("})").text("/id");
}

}  // namespace cluse::api
