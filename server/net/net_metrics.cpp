#include "server/net/net_metrics.h"

#include <algorithm>
#include <string>

namespace cluse::net {
namespace {

constexpr std::array<std::string_view, 8> kMethodNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                          "PATCH", "DELETE", "OPTIONS", "other"};

constexpr std::array<std::string_view, static_cast<std::size_t>(Limit::count)> kLimitNames = {
    "none",           "malformed",    "header_bytes",     "headers",       "target_bytes", "body_bytes",
    "header_timeout", "body_timeout", "idle_timeout",     "send_timeout",  "connections",  "connections_per_address",
    "descriptors",    "handshakes",   "send_queue_bytes", "message_bytes", "message_rate", "text_message",
    "tls_handshake"};

std::string label(std::string_view key, std::string_view value) {
  std::string text(key);
  text += "=\"";
  text += value;
  return text += '"';
}

}  // namespace

NetMetrics::NetMetrics(Metrics& metrics)
    : connections(metrics.gauge("cluse_net_connections", "Open connections, WebSockets among them.")),
      websockets(metrics.gauge("cluse_net_websockets", "Open WebSockets.")),
      websocket_queued_bytes(metrics.gauge("cluse_net_websocket_queued_bytes", "Bytes waiting in all send queues.")),
      websocket_messages_in(metrics.counter("cluse_net_websocket_received_total", "WebSocket messages received.")),
      websocket_messages_out(metrics.counter("cluse_net_websocket_sent_total", "WebSocket messages queued.")),
      websocket_writes(metrics.counter("cluse_net_websocket_writes_total", "Writes that carried WebSocket frames.")),
      websocket_slowed(metrics.counter("cluse_net_websocket_slowed_total",
                                       "Pauses in reading WebSockets that send "
                                       "more than the limits of one second.")),
      bytes_sent(metrics.counter("cluse_net_sent_bytes_total", "Bytes written to HTTP connections.")) {
  for (std::size_t method = 0; method < kMethods; ++method) {
    const std::string name = label("method", kMethodNames[method]);
    for (std::size_t group = 0; group < kClasses; ++group) {
      const std::string status = std::to_string(group + 1) + "xx";
      requests_[method][group] =
          &metrics.counter("cluse_net_requests_total", "Requests answered.", name + ',' + label("status", status));
    }
    durations_[method] = &metrics.histogram("cluse_net_request_duration_seconds",
                                            "From the first octet of a request to the last of its answer.", name);
  }
  for (std::size_t limit = 0; limit < kLimitNames.size(); ++limit) {
    refused_[limit] = &metrics.counter("cluse_net_refused_total", "Refused or cut, by the limit that did it.",
                                       label("limit", kLimitNames[limit]));
  }
}

std::size_t NetMetrics::index_of(std::string_view method) {
  const auto found = std::find(kMethodNames.begin(), kMethodNames.end() - 1, method);
  return static_cast<std::size_t>(found - kMethodNames.begin());
}

void NetMetrics::answered(std::string_view method, int status, double seconds) {
  const std::size_t index = index_of(method);
  const int group = std::clamp(status / 100, 1, 5) - 1;
  requests_[index][static_cast<std::size_t>(group)]->add();
  durations_[index]->observe(seconds);
}

}  // namespace cluse::net
