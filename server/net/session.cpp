#include "server/net/session.h"

#include "server/base/log.h"
#include "server/base/time.h"
#include "server/net/compression.h"
#include "server/net/response_head.h"
#include "server/net/target.h"
#include "server/net/text.h"

#include <algorithm>
#include <exception>

namespace cluse::net {
namespace {

constexpr std::size_t kHeadReadBytes = 2U << 10;  // most heads fit, and an idle connection holds no more
constexpr std::size_t kBodyReadBytes = 64U << 10;
constexpr std::size_t kFileReadBytes = 64U << 10;
constexpr std::size_t kBodyBytesPerSecond = 64U << 10;  // a body that comes faster never meets its timeout
constexpr char kTlsHandshake = 0x16;                    // the first octet of every TLS connection
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::unexpected<Refused> gone() {
  return std::unexpected(Refused{});
}

std::string micros_since(TimePoint start) {
  return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start).count());
}

/// When a body of which `received` octets have come must be complete, or must at least have moved on.
TimePoint body_deadline(TimePoint start, const Limits& limits, std::size_t received) {
  using std::chrono::milliseconds;
  const auto earned = [&](std::size_t rate) { return milliseconds(received * 1000 / std::max<std::size_t>(rate, 1)); };
  const auto whole = limits.body_timeout + earned(kBodyBytesPerSecond);
  const auto moving = limits.body_grace + earned(limits.body_bytes_per_second_min);
  return start + std::min(whole, moving);
}

}  // namespace

Session::Session(std::shared_ptr<Services> services, Shard& shard, tcp::socket socket, asio::ip::address peer,
                 Admission admission)
    : services_(std::move(services)),
      admission_(std::move(admission)),
      shard_(shard),
      peer_(std::move(peer)),
      transport_(std::make_shared<Transport>(std::move(socket))) {
  services_->connections_of_shard[shard_.index()].insert(this);
}

Session::~Session() {
  services_->connections_of_shard[shard_.index()].erase(this);
}

Pace Session::send_pace() const {
  const Limits& limits = services_->options.limits;
  return {limits.send_timeout, limits.body_bytes_per_second_min};
}

void Session::say_goodbye() {
  if (websocket_) {
    websocket_->close(1012, "restarting");
  } else if (is_idle_) {
    transport_->cancel();
  }
}

void Session::cut() {
  transport_->cut();
}

Task<void> Session::run(std::shared_ptr<Session> self) {
  Next next = Next::request;
  if (self->services_->certificates) next = co_await self->begin_tls();
  while (next == Next::request) next = co_await self->serve_one();
  self->input_ = {};
  co_await self->transport_->finish(self->services_->options.limits.linger_timeout);
  self->transport_->expires_never();
}

Task<Session::Next> Session::begin_tls() {
  const Limits& limits = services_->options.limits;
  if (!services_->addresses->may_shake_hands(peer_, SteadyClock::now())) {
    services_->metrics.refused(Limit::handshakes);
    co_return Next::close;
  }
  transport_->expires_after(limits.header_timeout);
  is_idle_ = true;  // stopping need not wait for a handshake
  const bool has_input = co_await read_more(kHeadReadBytes);
  if (!has_input || services_->is_stopping) co_return Next::close;
  if (input_.front() != kTlsHandshake) {
    Exchange exchange = begin_exchange();
    Request blank = blank_request(exchange);
    const Refused why{400, "https_required", Limit::tls_handshake};
    co_return co_await refuse(why, std::move(blank), exchange);
  }
  std::string first = std::exchange(input_, {});
  const ErrorCode error = co_await transport_->handshake(services_->certificates->current(), std::move(first));
  is_idle_ = false;
  if (!error) co_return Next::request;
  services_->metrics.refused(Limit::tls_handshake);
  co_return Next::close;
}

Session::Exchange Session::begin_exchange() {
  return {new_id(SystemClock().now()).to_string(), {}, {}, SteadyClock::now()};
}

Request Session::blank_request(const Exchange& exchange) {
  Request blank;
  blank.id = exchange.id;
  blank.peer = peer_.to_string();
  blank.shard = &shard_;
  return blank;
}

Task<bool> Session::read_more(std::size_t bytes_max) {
  const std::size_t size = input_.size();
  input_.resize(size + bytes_max);
  const asio::mutable_buffer room = asio::buffer(input_.data() + size, bytes_max);
  const IoResult got = co_await transport_->read_some(room);
  input_.resize(size + got.bytes);
  co_return !got.error && got.bytes > 0;
}

Task<std::expected<Head, Refused>> Session::read_head(RequestReader& reader, Exchange& exchange) {
  const Limits& limits = services_->options.limits;
  HeadScanner scanner(services_->head_limits());
  if (input_.empty()) {
    if (services_->is_stopping) co_return gone();
    input_.shrink_to_fit();
    transport_->expires_after(is_first_request_ ? limits.header_timeout : limits.idle_timeout);
    is_idle_ = true;
    const bool has_input = co_await read_more(kHeadReadBytes);
    is_idle_ = false;
    if (!has_input) {
      if (transport_->is_expired()) {
        services_->metrics.refused(is_first_request_ ? Limit::header_timeout : Limit::idle_timeout);
      }
      co_return gone();
    }
  }
  is_first_request_ = false;
  exchange.started = SteadyClock::now();
  transport_->expires_after(limits.header_timeout);
  for (;;) {
    const auto size = scanner.scan(input_);
    if (!size) co_return std::unexpected(size.error());
    if (*size > 0) {
      auto head = reader.head(std::string_view(input_).substr(0, *size));
      input_.erase(0, *size);
      co_return head;
    }
    const bool has_more = co_await read_more(kHeadReadBytes);
    if (has_more) continue;
    if (!transport_->is_expired()) co_return gone();
    co_return std::unexpected(Refused{408, "request_timeout", Limit::header_timeout});
  }
}

Task<std::expected<Bytes, Refused>> Session::read_body(RequestReader& reader, Head& head, std::size_t bytes_max) {
  if (!head.has_body()) co_return Bytes();
  if (head.content_length.value_or(0) > bytes_max) {
    co_return std::unexpected(Refused{413, "body_too_large", Limit::body_bytes});
  }
  reader.limit_body(bytes_max);
  const TimePoint start = SteadyClock::now();
  if (head.expects_continue && input_.empty()) {
    const IoResult told = co_await transport_->write(kContinue, {}, send_pace());
    if (told.error) co_return gone();
  }
  std::size_t received = input_.size();
  for (;;) {
    const auto used = reader.feed(input_);
    if (!used) co_return std::unexpected(used.error());
    input_.erase(0, *used);  // what a finished body leaves is the next request
    if (reader.is_done()) co_return reader.take_body();
    transport_->expires_at(body_deadline(start, services_->options.limits, received));
    const std::size_t before = input_.size();
    const bool has_more = co_await read_more(kBodyReadBytes);
    received += input_.size() - before;
    if (has_more) continue;
    if (!transport_->is_expired()) co_return gone();
    co_return std::unexpected(Refused{408, "request_timeout", Limit::body_timeout});
  }
}

std::expected<Request, Refused> Session::make_request(Head& head, Exchange& exchange) {
  Request request;
  request.method = exchange.method = head.method;
  if (request.method == "HEAD") request.method = "GET";
  request.headers = std::move(head.headers);
  request.id = exchange.id;
  request.shard = &shard_;
  request.tls = transport_->tls() != nullptr;
  asio::ip::address client = peer_;
  if (services_->addresses->is_trusted_proxy(peer_)) {
    client = services_->addresses->client_of(peer_, request.header("X-Forwarded-For"));
    const std::string_view proto = request.header("X-Forwarded-Proto");
    if (!proto.empty()) request.tls = iequals(proto, "https");
  }
  is_tls_ = request.tls;
  request.peer = client.to_string();
  auto target = parse_target(head.target);
  if (!target) return std::unexpected(Refused{400, "target_malformed", Limit::malformed});
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  exchange.path = loggable_path(request.path);
  return request;
}

Task<Session::Next> Session::serve_one() {
  Exchange exchange = begin_exchange();
  RequestReader reader(services_->head_limits());
  Request blank = blank_request(exchange);
  is_tls_ = transport_->tls() != nullptr;
  auto head = co_await read_head(reader, exchange);
  if (!head) co_return co_await refuse(head.error(), std::move(blank), exchange);
  auto request = make_request(*head, exchange);
  if (!request) co_return co_await refuse(request.error(), std::move(blank), exchange);
  const std::size_t body_bytes_max =
      head->has_body() ? services_->handler.body_bytes_max(request->method, request->path) : 0;
  auto body = co_await read_body(reader, *head, body_bytes_max);
  if (!body) co_return co_await refuse(body.error(), std::move(*request), exchange);
  transport_->expires_never();
  request->body = std::move(*body);
  if (head->upgrades_to_websocket) co_return co_await upgrade(std::move(*request), exchange);
  if (request->method == "GET") {
    auto file =
        services_->site.find(request->path, request->header("Accept-Encoding"), request->header("If-None-Match"));
    if (file) co_return co_await answer_file(std::move(*file), head->keep_alive, exchange);
  }
  const std::string encodings(request->header("Accept-Encoding"));
  Response response = co_await ask_handler(std::move(*request));
  pack(response, encodings);
  co_return co_await answer(std::move(response), head->keep_alive, exchange);
}

Task<Response> Session::ask_handler(Request request) {
  Request blank;  // for the apology, as the request itself moves on
  blank.id = request.id;
  blank.headers = request.headers;
  std::string words;
  try {
    Task<Response> task = services_->handler.handle(std::move(request));
    Response response = co_await std::move(task);
    co_return response;
  } catch (const std::exception& broken) {
    words = broken.what();
  }
  log_error("handler_failed", {{"request_id", blank.id}, {"words", words}});
  co_return services_->handler.refusal(500, "internal", blank);
}

Task<Session::Next> Session::upgrade(Request request, Exchange& exchange) {
  const int status = check_handshake(request);
  if (status != 0) {
    const std::string_view code = status == 426 ? "websocket_version_unsupported" : "request_malformed";
    co_return co_await refuse(Refused{status, code, Limit::malformed}, std::move(request), exchange);
  }
  ErrorCode error;
  const asio::ip::address client = asio::ip::make_address(request.peer, error);
  if (!services_->addresses->may_shake_hands(error ? peer_ : client, SteadyClock::now())) {
    const Refused why{429, "too_many_requests", Limit::handshakes};
    co_return co_await refuse(why, std::move(request), exchange);
  }
  Headers handshake = request.headers;
  Request blank;
  blank.id = request.id;
  blank.headers = request.headers;
  std::variant<Response, Upgrade> verdict;
  try {
    Task<std::variant<Response, Upgrade>> task = services_->handler.upgrade(std::move(request));
    verdict = co_await std::move(task);
  } catch (const std::exception& broken) {
    log_error("handler_failed", {{"request_id", blank.id}, {"words", broken.what()}});
    verdict = services_->handler.refusal(500, "internal", blank);
  }
  if (Response* refusal = std::get_if<Response>(&verdict)) {
    co_return co_await answer(std::move(*refusal), false, exchange);
  }
  Upgrade& accepted = std::get<Upgrade>(verdict);
  Headers extra = security_headers();
  extra.emplace_back("X-Request-Id", exchange.id);
  if (is_tls_) extra.push_back(strict_transport());
  if (!accepted.subprotocol.empty()) extra.emplace_back("Sec-WebSocket-Protocol", accepted.subprotocol);
  transport_->push_back_input(std::exchange(input_, {}));
  websocket_ = WebSocketSession::make(services_, shard_, transport_, std::move(accepted));
  finish(exchange, 101, 0, {});
  co_await websocket_->run(std::move(handshake), "/", std::move(extra));
  websocket_.reset();
  co_return Next::close;
}

Task<Session::Next> Session::refuse(Refused why, Request request, Exchange& exchange) {
  if (why.status == 0) co_return Next::close;
  services_->metrics.refused(why.limit);
  transport_->expires_never();
  Response response = services_->handler.refusal(why.status, why.code, request);
  if (why.status == 426) response.with("Sec-WebSocket-Version", "13");
  if ((why.status == 429 || why.status == 503) && !has_header(response.headers, "Retry-After")) {
    response.with("Retry-After", "1");
  }
  // Past a refusal nobody can say where the next request begins.
  co_return co_await answer(std::move(response), false, exchange);
}

std::string Session::make_head(int status, const Headers& headers, std::optional<std::uint64_t> length, bool keep_alive,
                               const Exchange& exchange) const {
  HeadOptions options;
  options.content_length = length;
  options.keep_alive = keep_alive;
  options.tls = is_tls_;
  options.request_id = exchange.id;
  return response_head(status, headers, options);
}

Task<Session::Next> Session::answer(Response response, bool keep_alive, Exchange& exchange) {
  if (services_->is_stopping) keep_alive = false;
  if (!has_header(response.headers, "Cache-Control")) response.with("Cache-Control", "no-store");
  const std::string head = make_head(response.status, response.headers, response.body.size(), keep_alive, exchange);
  const bool has_body = exchange.method != "HEAD" && !is_bodiless(response.status);
  const std::string_view body = has_body ? std::string_view(response.body) : std::string_view();
  const IoResult sent = co_await transport_->write(head, body, send_pace());
  finish(exchange, response.status, sent.bytes, sent.error);
  co_return sent.error || !keep_alive ? Next::close : Next::request;
}

Task<Session::Next> Session::answer_file(StaticAnswer file, bool keep_alive, Exchange& exchange) {
  if (services_->is_stopping) keep_alive = false;
  const std::uint64_t size = file.file ? file.file->size() : 0;
  const std::string head = make_head(file.status, file.headers, size, keep_alive, exchange);
  const bool has_body = file.file && exchange.method != "HEAD";
  const std::string_view memory = has_body ? file.file->memory() : std::string_view();
  IoResult sent = co_await transport_->write(head, memory, send_pace());
  const std::size_t before = head.size() + memory.size();
  for (std::uint64_t at = memory.size(); has_body && at < size && !sent.error;) {
    const Bytes piece = file.file->read(at, kFileReadBytes);
    if (piece.empty()) {  // it was cut short on disk: the length is promised already, so only the end is left
      transport_->cut();
      co_return Next::close;
    }
    sent = co_await transport_->write(piece, {}, send_pace());
    at += piece.size();
  }
  finish(exchange, file.status, before, sent.error);
  co_return sent.error || !keep_alive ? Next::close : Next::request;
}

void Session::finish(const Exchange& exchange, int status, std::size_t bytes, const ErrorCode& error) {
  const std::chrono::duration<double> seconds = SteadyClock::now() - exchange.started;
  services_->metrics.answered(exchange.method, status, seconds.count());
  services_->metrics.bytes_sent.add(bytes);
  if (error && transport_->is_expired()) {
    services_->metrics.refused(Limit::send_timeout);
    transport_->cut();
  }
  log_info("request", {{"request_id", exchange.id},
                       {"method", exchange.method.empty() ? "-" : exchange.method},
                       {"path", exchange.path.empty() ? "-" : exchange.path},
                       {"status", std::to_string(status)},
                       {"micros", micros_since(exchange.started)},
                       {"bytes", std::to_string(bytes)}});
}

}  // namespace cluse::net
