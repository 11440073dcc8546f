// What net counts. One object a server.
#pragma once

#include "server/base/metrics.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace cluse::net {

/// The limits that can refuse or cut something; each has a counter `cluse_net_refused_total{limit="…"}`.
enum class Limit : std::size_t {
  none,
  malformed,
  header_bytes,
  headers,
  target_bytes,
  body_bytes,
  header_timeout,
  body_timeout,
  idle_timeout,
  send_timeout,
  connections,
  connections_per_address,
  descriptors,
  handshakes,
  send_queue_bytes,
  message_bytes,
  message_rate,
  text_message,
  tls_handshake,
  count,
};

/// Thread: any.
class NetMetrics {
 public:
  explicit NetMetrics(Metrics& metrics);

  void refused(Limit limit) { refused_[static_cast<std::size_t>(limit)]->add(); }
  [[nodiscard]] const Counter& refusals(Limit limit) const { return *refused_[static_cast<std::size_t>(limit)]; }
  /// One request has been answered.
  void answered(std::string_view method, int status, double seconds);

  Gauge& connections;
  Gauge& websockets;
  Gauge& websocket_queued_bytes;
  Counter& websocket_messages_in;
  Counter& websocket_messages_out;
  Counter& websocket_writes;
  Counter& websocket_slowed;
  Counter& bytes_sent;

 private:
  static constexpr std::size_t kMethods = 8;  ///< GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, other
  static constexpr std::size_t kClasses = 5;  ///< 1xx to 5xx
  static std::size_t index_of(std::string_view method);

  std::array<std::array<Counter*, kClasses>, kMethods> requests_{};
  std::array<Histogram*, kMethods> durations_{};
  std::array<Counter*, static_cast<std::size_t>(Limit::count)> refused_{};
};

}  // namespace cluse::net
