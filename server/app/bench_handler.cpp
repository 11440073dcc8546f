#include "server/app/bench_handler.h"

#include "server/api/collab_socket.h"

namespace cluse::app {
namespace {

constexpr std::string_view kCollab = "/collab/";
constexpr std::size_t kRoomNameMax = 200;

}  // namespace

std::size_t BenchHandler::body_bytes_max(std::string_view, std::string_view) const {
  return 1024;
}

Task<net::Response> BenchHandler::handle(net::Request request) {
  if (request.path == "/metrics") {
    net::Response response;
    response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8").body = metrics_.expose();
    co_return response;
  }
  if (request.path == "/healthz" || request.path == "/readyz") co_return net::Response::json(200, R"({"status":"ok"})");
  co_return refusal(404, "route_not_found", request);
}

Task<std::variant<net::Response, net::Upgrade>> BenchHandler::upgrade(net::Request request) {
  const std::string name = request.path.starts_with(kCollab) ? request.path.substr(kCollab.size()) : std::string();
  if (name.empty() || name.size() > kRoomNameMax) co_return refusal(404, "route_not_found", request);
  realtime::Participant participant;
  participant.may_write = true;
  participant.wants_acknowledgements = api::offers_acknowledgements(request);
  co_return api::open_room(rooms_, name, std::move(participant), {});
}

net::Response BenchHandler::refusal(int status, std::string_view code, const net::Request&) const {
  net::Response response = net::Response::json(status, R"({"code":")" + std::string(code) + R"("})");
  response.headers = {{"Content-Type", "application/problem+json"}};
  return response;
}

}  // namespace cluse::app
