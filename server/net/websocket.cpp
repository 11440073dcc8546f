#include "server/net/websocket.h"

#include "server/base/log.h"
#include "server/net/inflow.h"
#include "server/net/text.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <netinet/tcp.h>
#include <algorithm>
#include <exception>

namespace cluse::net {
namespace {

namespace beast = boost::beast;
namespace ws = boost::beast::websocket;

constexpr int kUnsentBytesMax = 128 << 10;  // in the kernel: what waits longer waits where it is counted
constexpr const char* kServer = "cluse";
constexpr std::size_t kReasonBytesMax = 120;
constexpr unsigned char kOpcodeMask = 0x0f;
constexpr unsigned char kOpcodeClose = 0x08;

/// What Beast takes for the connection: reads go through, writes join Transport's queue and are done at once.
class QueuedStream {
 public:
  using executor_type = asio::any_io_executor;

  explicit QueuedStream(std::shared_ptr<Transport> transport) : transport_(std::move(transport)) {}
  [[nodiscard]] executor_type get_executor() { return transport_->socket().get_executor(); }
  [[nodiscard]] Transport& transport() { return *transport_; }
  /// True once a close frame is queued: no message may follow it.
  [[nodiscard]] bool is_write_closed() const { return write_closed_; }
  void open() { is_open_ = true; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(InitiateRead{this}, token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCode, std::size_t)>(InitiateWrite{this}, token, buffers);
  }

 private:
  struct InitiateRead {
    QueuedStream* self;
    template <class Handler, class Buffers>
    void operator()(Handler&& handler, const Buffers& buffers) const {
      Transport& transport = *self->transport_;
      if (transport.has_input()) {
        const asio::mutable_buffer first = *asio::buffer_sequence_begin(buffers);
        const std::size_t bytes = transport.take_input(static_cast<char*>(first.data()), first.size());
        asio::post(self->get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), ErrorCode(), bytes));
      } else if (transport.tls() != nullptr) {
        transport.tls()->async_read_some(buffers, std::forward<Handler>(handler));
      } else {
        transport.socket().async_read_some(buffers, std::forward<Handler>(handler));
      }
    }
  };
  struct InitiateWrite {
    QueuedStream* self;
    template <class Handler, class Buffers>
    void operator()(Handler&& handler, const Buffers& buffers) const {
      std::string octets(asio::buffer_size(buffers), '\0');
      asio::buffer_copy(asio::buffer(octets), buffers);
      const std::size_t bytes = octets.size();
      self->take(std::move(octets));
      asio::post(self->get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), ErrorCode(), bytes));
    }
  };

  void take(std::string octets) {
    if (octets.empty() || write_closed_) return;
    // Beast hands over one whole control frame at a time; the 101 comes before `open`.
    if (is_open_ && (static_cast<unsigned char>(octets[0]) & kOpcodeMask) == kOpcodeClose) write_closed_ = true;
    transport_->queue_raw(std::move(octets));
  }

  const std::shared_ptr<Transport> transport_;
  bool is_open_ = false;
  bool write_closed_ = false;
};

/// Beast closes what has timed out through this.
void beast_close_socket(QueuedStream& stream) {
  stream.transport().cut();
}

/// Nothing to do yet: Session ends the connection once the queue, with the close frame in it, is written.
template <class Handler>
void async_teardown(beast::role_type, QueuedStream& stream, Handler&& handler) {
  asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), ErrorCode()));
}

/// At most what a close frame holds, without cutting a character in two.
std::string_view fitting_reason(std::string_view reason) {
  if (reason.size() <= kReasonBytesMax) return reason;
  std::size_t size = kReasonBytesMax;
  while (size > 0 && (static_cast<unsigned char>(reason[size]) & 0xc0U) == 0x80) --size;
  return reason.substr(0, size);
}

class BeastSession final : public WebSocketSession, public std::enable_shared_from_this<BeastSession> {
 public:
  BeastSession(std::shared_ptr<Services> services, Shard& shard, std::shared_ptr<Transport> transport, Upgrade upgrade)
      : services_(std::move(services)),
        shard_(shard),
        upgrade_(std::move(upgrade)),
        stream_(std::move(transport)),
        inflow_(services_->options.limits, SteadyClock::now()),
        rest_(shard_.executor()) {}

  Task<void> run(Headers request, std::string target, Headers extra) override;
  void send(SharedBytes message) override;
  void close(std::uint16_t code, std::string reason) override;
  [[nodiscard]] Shard& shard() override { return shard_; }
  [[nodiscard]] std::size_t queued_bytes() const override { return stream_.next_layer().transport().queued_bytes(); }
  [[nodiscard]] std::weak_ptr<WebSocket> weak() override { return weak_from_this(); }

 private:
  void configure(Headers extra);
  Task<void> read_messages();
  void on_control(ws::frame_type kind, std::size_t bytes);
  [[nodiscard]] std::chrono::milliseconds pause_after(std::size_t bytes);
  void close_spent();
  void deliver(Bytes message);
  void attach();

  const std::shared_ptr<Services> services_;
  Shard& shard_;
  Upgrade upgrade_;
  mutable ws::stream<QueuedStream, false> stream_;
  std::unique_ptr<WebSocketHandler> handler_;
  Inflow inflow_;
  asio::steady_timer rest_;
  /// The largest message since the queue was empty. It does not count: a whole document may be larger than the limit,
  /// which is there for peers that do not keep up.
  std::size_t largest_queued_ = 0;
  bool is_open_ = false;
  bool is_closing_ = false;
};

void BeastSession::configure(Headers extra) {
  const Limits& limits = services_->options.limits;
  // Beast sends its ping after half of the idle timeout, and gives up when the other half brings nothing either.
  ws::stream_base::timeout timeout{};
  timeout.handshake_timeout = limits.close_timeout;
  timeout.idle_timeout = limits.ping_interval * 2;
  timeout.keep_alive_pings = true;
  stream_.set_option(timeout);
  stream_.set_option(ws::stream_base::decorator([extra = std::move(extra)](ws::response_type& response) {
    for (const auto& [name, value] : extra) response.set(name, value);
    response.set(beast::http::field::server, kServer);  // Beast would name itself and its version
  }));
  stream_.read_message_max(upgrade_.message_bytes_max);
  // The stream owns the callback and lives within this, so a plain pointer does.
  stream_.control_callback(
      [this](ws::frame_type kind, beast::string_view payload) { on_control(kind, payload.size()); });
  Transport& transport = stream_.next_layer().transport();
  transport.start_frames(services_->metrics, limits.send_timeout);
  using UnsentMax = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  ErrorCode ignored;
  transport.socket().set_option(UnsentMax(kUnsentBytesMax), ignored);
}

Task<void> BeastSession::run(Headers request, std::string target, Headers extra) {
  const std::shared_ptr<BeastSession> self = shared_from_this();
  configure(std::move(extra));
  ws::request_type handshake(beast::http::verb::get, target, 11);
  for (const auto& [name, value] : request) handshake.insert(name, value);
  const auto [error] = co_await stream_.async_accept(handshake, kAwait);
  if (error) co_return;
  stream_.next_layer().open();
  services_->metrics.websockets.add(1);
  is_open_ = true;
  attach();
  co_await read_messages();
  is_open_ = false;
  services_->metrics.websockets.add(-1);
  if (!handler_) co_return;
  try {
    handler_->on_closed();
  } catch (const std::exception& broken) {
    log_error("websocket_handler_failed", {{"where", "on_closed"}, {"words", broken.what()}});
  }
  handler_.reset();
}

void BeastSession::attach() {
  try {
    handler_ = upgrade_.attach(*this);
  } catch (const std::exception& broken) {
    log_error("websocket_handler_failed", {{"where", "attach"}, {"words", broken.what()}});
  }
  if (!handler_) close(1011, "internal");
  if (services_->is_stopping) close(1012, "restarting");
}

Task<void> BeastSession::read_messages() {
  for (;;) {
    Bytes message;
    auto buffer = asio::dynamic_buffer(message);
    const auto [error, bytes] = co_await stream_.async_read(buffer, kAwait);
    if (error == ws::error::message_too_big || error == ws::error::buffer_overflow) {
      services_->metrics.refused(Limit::message_bytes);
    }
    if (error) co_return;
    if (is_closing_) continue;
    services_->metrics.websocket_messages_in.add();
    if (stream_.got_text() != upgrade_.text) {
      services_->metrics.refused(Limit::text_message);
      close(1003, upgrade_.text ? "text messages only" : "binary messages only");
    } else {
      deliver(std::move(message));
      // What is not read waits in the network, and there it holds up the peer that sends it.
      const std::chrono::milliseconds pause = pause_after(bytes);
      if (pause.count() == 0) continue;
      rest_.expires_after(pause);
      static_cast<void>(co_await rest_.async_wait(kAwait));
    }
  }
}

std::chrono::milliseconds BeastSession::pause_after(std::size_t bytes) {
  const std::chrono::milliseconds pause = inflow_.take(bytes, SteadyClock::now());
  if (pause.count() == 0 || is_closing_) return {};
  if (inflow_.is_spent()) {
    close_spent();
    return {};
  }
  services_->metrics.websocket_slowed.add();
  return pause;
}

/// Beast reads on between pings, each of which queues an answer: they cannot be slowed, but they are counted.
void BeastSession::on_control(ws::frame_type kind, std::size_t bytes) {
  if (kind != ws::frame_type::ping) return;
  static_cast<void>(inflow_.take(bytes, SteadyClock::now()));
  // Not from within a read, which is what calls this.
  if (inflow_.is_spent()) asio::post(shard_.executor(), [self = shared_from_this()] { self->close_spent(); });
}

void BeastSession::close_spent() {
  if (!is_open_ || is_closing_) return;
  services_->metrics.refused(Limit::message_rate);
  stream_.next_layer().transport().drop_unsent();
  close(1008, "too_many_messages");
}

void BeastSession::deliver(Bytes message) {
  try {
    handler_->on_message(std::move(message));
  } catch (const std::exception& broken) {
    log_error("websocket_handler_failed", {{"where", "on_message"}, {"words", broken.what()}});
    close(1011, "internal");
  }
}

void BeastSession::send(SharedBytes message) {
  QueuedStream& queued = stream_.next_layer();
  if (!is_open_ || is_closing_ || queued.is_write_closed()) return;
  Transport& transport = queued.transport();
  if (transport.queued_bytes() == 0) largest_queued_ = 0;
  largest_queued_ = std::max(largest_queued_, message->size());
  // The largest message is not counted. Added on the right: once it is on its way, less than its size may be waiting.
  if (transport.queued_bytes() + message->size() > services_->options.limits.send_queue_bytes_max + largest_queued_) {
    services_->metrics.refused(Limit::send_queue_bytes);
    transport.drop_unsent();
    close(1013, "too slow: try again");
    return;
  }
  services_->metrics.websocket_messages_out.add();
  transport.queue_message(std::move(message), upgrade_.text);
}

void BeastSession::close(std::uint16_t code, std::string reason) {
  if (!is_open_ || is_closing_) return;
  is_closing_ = true;
  rest_.cancel();
  const std::string_view fitting = fitting_reason(reason);
  const ws::close_reason why(static_cast<ws::close_code>(code), beast::string_view(fitting.data(), fitting.size()));
  // The end is seen by the read, which this ends in every case.
  stream_.async_close(why, [self = shared_from_this()](ErrorCode) {});
}

}  // namespace

std::shared_ptr<WebSocketSession> WebSocketSession::make(std::shared_ptr<Services> services, Shard& shard,
                                                         std::shared_ptr<Transport> transport, Upgrade upgrade) {
  return std::make_shared<BeastSession>(std::move(services), shard, std::move(transport), std::move(upgrade));
}

int check_handshake(const Request& request) {
  constexpr std::size_t kKeyLength = 24;  // base64 of sixteen octets
  if (request.method != "GET") return 400;
  if (request.header("Sec-WebSocket-Version") != "13") return 426;
  const std::string_view key = request.header("Sec-WebSocket-Key");
  return key.size() == kKeyLength && key.ends_with("==") ? 0 : 400;
}

}  // namespace cluse::net
