// Who may enter the room of a document, and as what. Between the WebSocket handshake and realtime.
#pragma once

#include "server/domain/services.h"
#include "server/net/http.h"
#include "server/realtime/rooms.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cluse::api {

/// What rooms tell the documents they belong to.
class DocumentHooks final : public realtime::RoomHooks {
 public:
  explicit DocumentHooks(const Clock& clock) : clock_(clock) {}
  void on_saved(storage::Transaction& transaction, const std::string& room, Id person, Id session) override;
  std::string about(storage::Snapshot& snapshot, const std::string& room, const std::string& role) override;

 private:
  const Clock& clock_;
};

/// Thread: any shard.
class CollabGateway {
 public:
  CollabGateway(realtime::Rooms& rooms, domain::Services& services) : rooms_(rooms), services_(services) {}

  /// The handshake at /collab/<document id> by `actor` (nobody: not signed in), whose session cookie holds `token`.
  /// Refusals are close codes, since a browser hides the status of a failed handshake from the page.
  Task<std::variant<net::Response, net::Upgrade>> open(net::Request request, std::optional<domain::Actor> actor,
                                                       std::string token);

  /// From now on the rights of everyone in a room are checked again: within kLookEvery after a change of rights was
  /// committed, and every kCheckAllEvery, since grants and mandates end by themselves. Until `shard` ends.
  void start(Shard& shard);
  static constexpr std::chrono::milliseconds kLookEvery = std::chrono::milliseconds(250);
  static constexpr std::chrono::milliseconds kCheckAllEvery = std::chrono::seconds(30);

 private:
  Task<void> keep_checking();
  Task<void> check_everyone();
  Task<void> check_again(domain::Actor actor, std::string token, Id document, std::weak_ptr<net::WebSocket> socket,
                         std::string role);

  realtime::Rooms& rooms_;
  domain::Services& services_;
};

}  // namespace cluse::api
