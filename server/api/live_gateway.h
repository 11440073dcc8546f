// /live: one WebSocket of JSON for each signed-in tab. What travels on it stands in docs/api.md, "/live".
#pragma once

#include "server/domain/services.h"
#include "server/net/http.h"
#include "server/realtime/live_fan.h"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>

namespace cluse::api {

/// Of one message of a page; nesting as in a body (json_fields.h).
inline constexpr std::size_t kLiveMessageBytesMax = 16U << 10;
inline constexpr std::size_t kLiveChannelBytesMax = 200;
/// What one tab may ask: so many a second, after a burst.
inline constexpr int kLiveMessagesPerSecond = 20, kLiveMessagesBurst = 60;
/// Lines that come with the count of unread notifications.
inline constexpr std::size_t kLiveLatest = 5;

/// In a name of the hub, between the plugin and its channel: no id of a plugin holds it, and core channels have none.
inline constexpr char kBetweenPluginAndChannel = '\n';

/// Who decides about the channels of plugins.
class PluginChannels {
 public:
  virtual ~PluginChannels() = default;
  /// Whether `actor` may listen. Codes: those of plugin::Host, "denied".
  virtual Task<Result<void>> join(domain::Actor actor, std::string plugin, std::string channel) = 0;
  /// Something that a page says on a channel that it joined.
  virtual Task<Result<void>> message(domain::Actor actor, std::string plugin, std::string channel,
                                     boost::json::value body) = 0;
};

/// Requires: everything outlives it. Thread: any shard.
class LiveGateway final : public realtime::LiveNews {
 public:
  LiveGateway(realtime::LiveHub& hub, domain::Services& services, Metrics& metrics);

  /// Requires: outlives this; before the first tab.
  void use(PluginChannels& plugins) { plugins_ = &plugins; }

  /// The handshake at /live. Refusals are close codes: a browser hides the status of a failed handshake from the page.
  Task<std::variant<net::Response, net::Upgrade>> open(net::Request request, std::optional<domain::Actor> actor);

  /// From now on sessions that end by age and rights to channels are checked again, on each of `shards`.
  void start(Shards& shards);
  static constexpr std::chrono::milliseconds kLookEvery = std::chrono::milliseconds(500);
  static constexpr std::chrono::milliseconds kCheckAllEvery = std::chrono::seconds(30);
  /// Plugins are asked again who may listen when rights have changed; so often for what changes with the day, and so
  /// long after one did not answer.
  static constexpr std::chrono::milliseconds kAskAllEvery = std::chrono::minutes(10);
  static constexpr std::chrono::milliseconds kAskLater = std::chrono::seconds(5);

  void notified(const std::vector<Id>& people) override;
  void happened(const domain::Happening& happening) override;
  /// Pages reload what they show of the plugin. Thread: any.
  void plugin_changed(const std::string& plugin);
  /// A plugin wants to be asked again who may listen to one of its channels: who may not is put out. Thread: any.
  void ask_again(const std::string& plugin, const std::string& channel);
  /// What a plugin says on one of its channels. `json`: the body. Thread: any.
  void publish(const std::string& plugin, const std::string& channel, const std::string& json);

 private:
  friend class LiveSocket;
  struct Asked;  ///< one message of a page
  /// People of one shard whose news are being read; `again`: something came meanwhile. Touched on that shard alone.
  struct Reading {
    std::unordered_map<Id, bool> again;
    std::map<std::string, bool> asking;  ///< channels of plugins, the same way
  };

  Task<void> tell_unread(Shard& shard, Id person);
  Task<void> greet(std::weak_ptr<realtime::LiveTab> tab, Id person);
  Task<void> join(std::weak_ptr<realtime::LiveTab> tab, domain::Actor actor, Asked asked);
  Task<void> pass_on(std::weak_ptr<realtime::LiveTab> tab, domain::Actor actor, Asked asked);
  Task<Result<void>> may_join(domain::Actor actor, Asked asked);
  Task<void> keep_checking(Shard& shard);
  Task<void> check_sessions(Shard& shard);
  Task<void> check_channels(Shard& shard);
  Task<void> keep_asking(Shard& shard);
  Task<void> answer_recheck(Shard& shard, std::string name);
  Task<bool> ask_all(Shard& shard);
  Task<bool> ask_channel(Shard& shard, std::string name);
  Task<bool> ask_people(Shard& shard, std::string name);

  // Fixed at construction
  realtime::LiveHub& hub_;
  domain::Services& services_;
  Counter& refused_;
  PluginChannels* plugins_ = nullptr;
  // Each touched on its shard alone; made by `start`
  std::vector<std::unique_ptr<Reading>> reading_;
};

/// A notification as /live and the API show it.
[[nodiscard]] boost::json::object to_json(const domain::Shown& shown);

}  // namespace cluse::api
