#include "server/net/transport.h"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>

#include <algorithm>
#include <span>

namespace cluse::net {
namespace {

constexpr std::size_t kBuffersMax = 64;           // what Asio hands to one sendmsg
constexpr std::size_t kTlsChunkBytes = 16 << 10;  // one TLS record
constexpr std::size_t kDiscardBytesMax = 4U << 20;
constexpr char kFinalText = static_cast<char>(0x81), kFinalBinary = static_cast<char>(0x82);

/// What still has to be written of two pieces.
class Pieces {
 public:
  Pieces(std::string_view head, std::string_view body)
      : buffers_{asio::const_buffer(head.data(), head.size()), asio::const_buffer(body.data(), body.size())} {}
  [[nodiscard]] const std::array<asio::const_buffer, 2>& buffers() const { return buffers_; }
  [[nodiscard]] bool is_empty() const { return buffers_[0].size() + buffers_[1].size() == 0; }
  void consume(std::size_t bytes) {
    for (asio::const_buffer& buffer : buffers_) {
      const std::size_t part = std::min(bytes, buffer.size());
      buffer += part;
      bytes -= part;
    }
  }

 private:
  std::array<asio::const_buffer, 2> buffers_;
};

TimePoint deadline_at(TimePoint start, const Pace& pace, std::size_t moved) {
  return start + pace.grace + std::chrono::milliseconds(moved * 1000 / std::max<std::size_t>(pace.bytes_per_second, 1));
}

}  // namespace

Transport::Transport(tcp::socket socket) : socket_(std::move(socket)), timer_(socket_.get_executor()) {}

Transport::~Transport() {
  if (metrics_ != nullptr) metrics_->websocket_queued_bytes.add(-static_cast<std::int64_t>(queued_bytes_));
}

void Transport::expires_at(TimePoint at) {
  expired_ = false;
  deadline_ = at;
  // A timer that fires too early looks again: moving a deadline away, the common case, costs nothing.
  if (at < armed_for_) arm(at);
}

void Transport::arm(TimePoint at) {
  armed_for_ = at;
  timer_.expires_at(at);
  timer_.async_wait([weak = weak_from_this()](ErrorCode error) {
    const auto self = weak.lock();
    if (self && !error) self->on_timer();
  });
}

void Transport::on_timer() {
  armed_for_ = TimePoint::max();
  if (deadline_ == TimePoint::max()) return;
  if (SteadyClock::now() < deadline_) return arm(deadline_);
  deadline_ = TimePoint::max();
  expired_ = true;
  if (metrics_ == nullptr) return cancel();
  metrics_->refused(Limit::send_timeout);
  cut();
}

asio::awaitable<ErrorCode> Transport::handshake(std::shared_ptr<asio::ssl::context> context, std::string first) {
  tls_context_ = std::move(context);
  tls_ = std::make_unique<Tls>(socket_, *tls_context_);
  const asio::const_buffer seen = asio::buffer(first);
  const auto [error, used] = co_await tls_->async_handshake(asio::ssl::stream_base::server, seen, kAwait);
  co_return error;
}

asio::awaitable<IoResult> Transport::read_some(asio::mutable_buffer buffer) {
  if (tls_) {
    const auto [error, bytes] = co_await tls_->async_read_some(buffer, kAwait);
    co_return IoResult{error, bytes};
  }
  const auto [error, bytes] = co_await socket_.async_read_some(buffer, kAwait);
  co_return IoResult{error, bytes};
}

asio::awaitable<IoResult> Transport::write(std::string_view head, std::string_view body, Pace pace) {
  Pieces pieces(head, body);
  const TimePoint start = SteadyClock::now();
  IoResult result;
  while (!pieces.is_empty()) {
    expires_at(deadline_at(start, pace, result.bytes));
    std::size_t moved = 0;
    if (tls_) {
      const auto [error, bytes] = co_await tls_->async_write_some(pieces.buffers(), kAwait);
      result.error = error;
      moved = bytes;
    } else {
      const auto [error, bytes] = co_await socket_.async_write_some(pieces.buffers(), kAwait);
      result.error = error;
      moved = bytes;
    }
    result.bytes += moved;
    pieces.consume(moved);
    if (result.error) co_return result;
  }
  co_return result;
}

void Transport::cancel() {
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void Transport::cut() {
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

asio::awaitable<void> Transport::finish(std::chrono::milliseconds linger) {
  if (metrics_ != nullptr) co_await flushed();
  if (!socket_.is_open()) co_return;
  const TimePoint until = SteadyClock::now() + linger;
  NetMetrics* const metrics = std::exchange(metrics_, nullptr);  // from here on the deadline only cancels
  if (metrics != nullptr) metrics->websocket_queued_bytes.add(-static_cast<std::int64_t>(queued_bytes_));
  expires_at(until);
  ErrorCode ignored;
  if (tls_) {
    // How it ends does not matter: the connection is closed either way.
    static_cast<void>(co_await tls_->async_shutdown(kAwait));
  }
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  // Octets that nobody reads would make the kernel answer with a reset, which can destroy the answer on its way.
  std::string scratch(8U << 10, '\0');
  std::size_t discarded = 0;
  while (!expired_ && SteadyClock::now() < until && discarded < kDiscardBytesMax) {
    const asio::mutable_buffer buffer = asio::buffer(scratch);
    const auto [error, bytes] = co_await socket_.async_read_some(buffer, kAwait);
    if (error) break;
    discarded += bytes;
  }
  expires_never();
  socket_.close(ignored);
}

std::size_t Transport::take_input(char* out, std::size_t bytes_max) {
  const std::size_t bytes = std::min(bytes_max, input_.size());
  std::copy_n(input_.begin(), bytes, out);
  input_.erase(0, bytes);
  if (input_.empty()) input_.shrink_to_fit();
  return bytes;
}

void Transport::start_frames(NetMetrics& metrics, std::chrono::milliseconds send_timeout) {
  metrics_ = &metrics;
  send_timeout_ = send_timeout;
  expires_never();
}

void Transport::queue_raw(std::string octets) {
  Frame frame;
  frame.payload = share(std::move(octets));
  queue(std::move(frame));
}

void Transport::queue_message(SharedBytes message, bool text) {
  Frame frame;
  const std::uint64_t size = message->size();
  std::size_t used = 0;
  frame.header[used++] = text ? kFinalText : kFinalBinary;
  const int octets = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
  frame.header[used++] = static_cast<char>(octets == 0 ? size : octets == 2 ? 126 : 127);
  for (int shift = octets * 8 - 8; shift >= 0; shift -= 8) frame.header[used++] = static_cast<char>(size >> shift);
  frame.header_size = static_cast<std::uint8_t>(used);
  frame.droppable = true;
  frame.payload = std::move(message);
  queue(std::move(frame));
}

void Transport::queue(Frame frame) {
  if (failed_ || metrics_ == nullptr) return;
  queued_bytes_ += frame.size();
  metrics_->websocket_queued_bytes.add(static_cast<std::int64_t>(frame.size()));
  frames_.push_back(std::move(frame));
  if (writing_) return;
  writing_ = true;
  // Not at once: what else the shard queues in this turn goes out with it.
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->write_next(); });
}

void Transport::gather() {
  gathered_.clear();
  in_flight_ = 0;
  std::size_t skip = front_sent_;
  for (const Frame& frame : frames_) {
    if (gathered_.size() + 2 > kBuffersMax) break;
    const std::size_t header_skip = std::min<std::size_t>(skip, frame.header_size);
    const std::size_t payload_skip = skip - header_skip;
    if (header_skip < frame.header_size) {
      gathered_.emplace_back(frame.header.data() + header_skip, frame.header_size - header_skip);
    }
    if (payload_skip < frame.payload->size()) {
      gathered_.emplace_back(frame.payload->data() + payload_skip, frame.payload->size() - payload_skip);
    }
    skip = 0;
    ++in_flight_;
  }
}

void Transport::gather_for_tls() {
  // The TLS engine takes one buffer a record, so small frames are copied together to fill one.
  coalesced_.clear();
  for (const asio::const_buffer& buffer : gathered_) {
    const std::size_t room = kTlsChunkBytes - coalesced_.size();
    coalesced_.append(static_cast<const char*>(buffer.data()), std::min(room, buffer.size()));
    if (coalesced_.size() == kTlsChunkBytes) break;
  }
}

void Transport::write_next() {
  if (metrics_ == nullptr || failed_ || frames_.empty()) {
    writing_ = false;
    wake_flushed();
    return;
  }
  gather();
  metrics_->websocket_writes.add();
  expires_after(send_timeout_);
  const auto done = [self = shared_from_this()](ErrorCode error, std::size_t bytes) { self->on_written(error, bytes); };
  if (tls_) {
    gather_for_tls();
    tls_->async_write_some(asio::buffer(coalesced_), done);
  } else {
    socket_.async_write_some(std::span<const asio::const_buffer>(gathered_), done);
  }
}

void Transport::on_written(ErrorCode error, std::size_t bytes) {
  in_flight_ = 0;
  forget_sent(bytes);
  if (dropping_) erase_droppable(front_sent_ > 0 ? 1 : 0);
  if (error) {
    failed_ = true;
    forget_sent(queued_bytes_);
    ErrorCode ignored;
    socket_.close(ignored);
  }
  expires_never();
  if (frames_.empty()) {
    // An idle connection keeps no buffers.
    gathered_ = {};
    coalesced_ = {};
  }
  write_next();
}

void Transport::forget_sent(std::size_t bytes) {
  queued_bytes_ -= bytes;
  if (metrics_ != nullptr) metrics_->websocket_queued_bytes.add(-static_cast<std::int64_t>(bytes));
  bytes += front_sent_;
  while (!frames_.empty() && bytes >= frames_.front().size()) {
    bytes -= frames_.front().size();
    frames_.pop_front();
  }
  front_sent_ = bytes;
}

void Transport::erase_droppable(std::size_t first) {
  std::size_t dropped = 0;
  const auto begin = frames_.begin() + static_cast<std::ptrdiff_t>(std::min(first, frames_.size()));
  const auto end = std::remove_if(begin, frames_.end(), [&](const Frame& frame) {
    if (frame.droppable) dropped += frame.size();
    return frame.droppable;
  });
  frames_.erase(end, frames_.end());
  queued_bytes_ -= dropped;
  if (metrics_ != nullptr) metrics_->websocket_queued_bytes.add(-static_cast<std::int64_t>(dropped));
}

void Transport::drop_unsent() {
  dropping_ = true;
  erase_droppable(std::max<std::size_t>(in_flight_, front_sent_ > 0 ? 1 : 0));
}

asio::awaitable<void> Transport::flushed() {
  while (writing_ && socket_.is_open()) {
    // `wake_flushed` cancels the wait; its time is only a bound, since every write has a deadline of its own.
    flushed_ = std::make_unique<asio::steady_timer>(socket_.get_executor(), send_timeout_);
    static_cast<void>(co_await flushed_->async_wait(kAwait));
  }
  flushed_.reset();
}

void Transport::wake_flushed() {
  if (flushed_) flushed_->cancel();
}

}  // namespace cluse::net
