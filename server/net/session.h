// One connection: TLS, then request after request, then perhaps a WebSocket.
#pragma once

#include "server/async/task.h"
#include "server/net/services.h"
#include "server/net/transport.h"
#include "server/net/websocket.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace cluse::net {

/// Thread: its shard. Lives as long as `run` does.
class Session final : public Stoppable, public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Services> services, Shard& shard, tcp::socket socket, asio::ip::address peer,
          Admission admission);
  ~Session() override;

  /// Serves the connection to its end.
  static Task<void> run(std::shared_ptr<Session> self);

  void say_goodbye() override;
  void cut() override;
  [[nodiscard]] std::shared_ptr<Stoppable> hold() override { return shared_from_this(); }

 private:
  enum class Next { request, close, websocket };

  /// One request and its answer, for the log and the metrics.
  struct Exchange {
    std::string id;
    std::string method;
    std::string path;  ///< as the log may show it
    TimePoint started;
  };

  [[nodiscard]] static Exchange begin_exchange();
  [[nodiscard]] Request blank_request(const Exchange& exchange);
  Task<Next> begin_tls();
  Task<Next> serve_one();
  Task<std::expected<Head, Refused>> read_head(RequestReader& reader, Exchange& exchange);
  Task<std::expected<Bytes, Refused>> read_body(RequestReader& reader, Head& head, std::size_t bytes_max);
  Task<bool> read_more(std::size_t bytes_max);
  [[nodiscard]] std::expected<Request, Refused> make_request(Head& head, Exchange& exchange);
  Task<Response> ask_handler(Request request);
  Task<Next> upgrade(Request request, Exchange& exchange);
  Task<Next> refuse(Refused why, Request request, Exchange& exchange);
  Task<Next> answer(Response response, bool keep_alive, Exchange& exchange);
  Task<Next> answer_file(StaticAnswer file, bool keep_alive, Exchange& exchange);
  [[nodiscard]] std::string make_head(int status, const Headers& headers, std::optional<std::uint64_t> length,
                                      bool keep_alive, const Exchange& exchange) const;
  void finish(const Exchange& exchange, int status, std::size_t bytes, const ErrorCode& error);
  [[nodiscard]] Pace send_pace() const;

  // Declared first, so that they go last: the server waits for the admission to end.
  const std::shared_ptr<Services> services_;
  const Admission admission_;
  Shard& shard_;
  const asio::ip::address peer_;
  const std::shared_ptr<Transport> transport_;
  std::string input_;     ///< read and not used yet
  bool is_idle_ = false;  ///< between two requests
  bool is_first_request_ = true;
  bool is_tls_ = false;  ///< for the current request, by a proxy's word or by our own
  std::shared_ptr<WebSocketSession> websocket_;
};

}  // namespace cluse::net
