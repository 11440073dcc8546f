// What `cluse serve --bench` serves: any document name at /collab/<name>, no sign-in. Loopback only.
#pragma once

#include "server/base/metrics.h"
#include "server/net/http.h"
#include "server/realtime/rooms.h"

namespace cluse::app {

class BenchHandler final : public net::Handler {
 public:
  BenchHandler(realtime::Rooms& rooms, Metrics& metrics) : rooms_(rooms), metrics_(metrics) {}

  [[nodiscard]] std::size_t body_bytes_max(std::string_view method, std::string_view path) const override;
  Task<net::Response> handle(net::Request request) override;
  Task<std::variant<net::Response, net::Upgrade>> upgrade(net::Request request) override;
  [[nodiscard]] net::Response refusal(int status, std::string_view code, const net::Request& request) const override;

 private:
  realtime::Rooms& rooms_;
  Metrics& metrics_;
};

/// In bench mode a room is nobody's document.
class BenchHooks final : public realtime::RoomHooks {
 public:
  void on_saved(storage::Transaction&, const std::string&, Id, Id) override {}
  std::string about(storage::Snapshot&, const std::string&, const std::string&) override { return {}; }
};

}  // namespace cluse::app
