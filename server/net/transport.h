// Transport: one connection's octets, plain or TLS, with a deadline, and (for a WebSocket) a queue of frames that is
// written in as few system calls as possible.
#pragma once

#include "server/base/bytes.h"
#include "server/net/asio.h"
#include "server/net/net_metrics.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::net {

struct IoResult {
  ErrorCode error;
  std::size_t bytes = 0;
};

/// How slow a peer may be: `grace`, and one second more for every `bytes_per_second` octets that have moved.
struct Pace {
  std::chrono::milliseconds grace;
  std::size_t bytes_per_second;
};

/// Thread: its shard. One read and one write at a time.
class Transport : public std::enable_shared_from_this<Transport> {
 public:
  using Tls = asio::ssl::stream<tcp::socket&>;

  explicit Transport(tcp::socket socket);
  ~Transport();

  [[nodiscard]] tcp::socket& socket() { return socket_; }
  /// Null for a plain connection.
  [[nodiscard]] Tls* tls() { return tls_.get(); }

  // The deadline: when it passes, what is under way ends with operation_aborted and `is_expired` says why.
  void expires_at(TimePoint at);
  void expires_after(std::chrono::milliseconds duration) { expires_at(SteadyClock::now() + duration); }
  void expires_never() { expires_at(TimePoint::max()); }
  [[nodiscard]] bool is_expired() const { return expired_; }

  /// Answers a TLS client whose first octets, `first`, have been read already.
  asio::awaitable<ErrorCode> handshake(std::shared_ptr<asio::ssl::context> context, std::string first);
  asio::awaitable<IoResult> read_some(asio::mutable_buffer buffer);
  /// Writes both, in one piece if the kernel takes it. The octets must outlive the call.
  asio::awaitable<IoResult> write(std::string_view head, std::string_view body, Pace pace);
  /// Ends what is under way; the socket stays usable.
  void cancel();
  /// Ends the connection at once, and what the kernel still holds for it.
  void cut();
  /// Says goodbye: queued frames, our end of stream, then up to `linger` for the peer to read it and close.
  asio::awaitable<void> finish(std::chrono::milliseconds linger);

  // The queue of frames.
  /// What was read beyond the request that became a WebSocket; read first.
  void push_back_input(std::string octets) { input_ = std::move(octets); }
  [[nodiscard]] std::size_t take_input(char* out, std::size_t bytes_max);
  [[nodiscard]] bool has_input() const { return !input_.empty(); }
  /// Starts the queue. A write during which nothing moves for `send_timeout` cuts the connection.
  void start_frames(NetMetrics& metrics, std::chrono::milliseconds send_timeout);
  /// Queues octets as they are: what the WebSocket protocol itself says (handshake, ping, pong, close).
  void queue_raw(std::string octets);
  /// Queues one unmasked message, of text or of octets.
  void queue_message(SharedBytes message, bool text);
  /// Forgets every message of which nothing has been sent: the peer is too slow, and a close frame must get through.
  void drop_unsent();
  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  struct Frame {
    std::array<char, 10> header{};
    std::uint8_t header_size = 0;
    bool droppable = false;
    SharedBytes payload;
    [[nodiscard]] std::size_t size() const { return header_size + payload->size(); }
  };
  void arm(TimePoint at);
  void on_timer();
  void queue(Frame frame);
  void write_next();
  void gather();
  void gather_for_tls();
  void on_written(ErrorCode error, std::size_t bytes);
  void forget_sent(std::size_t bytes);
  void erase_droppable(std::size_t first);
  void wake_flushed();
  asio::awaitable<void> flushed();

  tcp::socket socket_;
  std::shared_ptr<asio::ssl::context> tls_context_;
  std::unique_ptr<Tls> tls_;
  asio::steady_timer timer_;
  TimePoint deadline_ = TimePoint::max();
  TimePoint armed_for_ = TimePoint::max();
  bool expired_ = false;

  std::string input_;
  NetMetrics* metrics_ = nullptr;  ///< set once there is a queue
  std::chrono::milliseconds send_timeout_{0};
  std::deque<Frame> frames_;
  std::size_t front_sent_ = 0;  ///< octets of the first frame that are sent already
  std::size_t in_flight_ = 0;   ///< frames that the write under way refers to
  std::size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool dropping_ = false;
  bool failed_ = false;
  std::vector<asio::const_buffer> gathered_;
  std::string coalesced_;
  std::unique_ptr<asio::steady_timer> flushed_;
};

}  // namespace cluse::net
