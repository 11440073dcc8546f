#include "server/api/live_gateway.h"

#include "server/api/json_fields.h"
#include "server/async/deadline.h"
#include "server/realtime/wire.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cluse::api {
namespace {

constexpr std::string_view kWorkspace = "workspace/";
constexpr char kBetween = kBetweenPluginAndChannel;
constexpr std::size_t kTabsAtOnce = 500;
constexpr std::uint16_t kCloseTooMany = 4429;

SharedBytes frame_of(const boost::json::object& object) {
  return share(boost::json::serialize(object));
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

/// The channel of the hub that stands for one of `plugin`; of the core where it is empty.
std::string hub_channel(const std::string& plugin, const std::string& channel) {
  return plugin.empty() ? channel : plugin + kBetween + channel;
}

boost::json::object about(std::string_view type, const std::string& plugin, const std::string& channel) {
  boost::json::object object{{"type", type}};
  if (!plugin.empty()) object["plugin"] = plugin;
  object["channel"] = channel;
  return object;
}

std::optional<Id> workspace_of(const std::string& channel) {
  if (!channel.starts_with(kWorkspace)) return std::nullopt;
  return Id::parse(std::string_view(channel).substr(kWorkspace.size()));
}

class LiveSocketOutlet final : public realtime::LiveOutlet {
 public:
  explicit LiveSocketOutlet(std::weak_ptr<net::WebSocket> socket) : socket_(std::move(socket)) {}
  void send(SharedBytes frame) override {
    if (const auto socket = socket_.lock()) socket->send(std::move(frame));
  }
  void close(std::uint16_t code, std::string reason) override {
    if (const auto socket = socket_.lock()) socket->close(code, std::move(reason));
  }
  [[nodiscard]] std::size_t queued_bytes() const override {
    const auto socket = socket_.lock();
    return socket ? socket->queued_bytes() : 0;
  }

 private:
  const std::weak_ptr<net::WebSocket> socket_;
};

class ClosedSocket final : public net::WebSocketHandler {
 public:
  void on_message(Bytes) override {}
  void on_closed() override {}
};

net::Upgrade refuse(std::uint16_t code, std::string reason) {
  net::Upgrade upgrade;
  upgrade.text = true;
  upgrade.attach = [code,
                    reason = std::move(reason)](net::WebSocket& socket) -> std::unique_ptr<net::WebSocketHandler> {
    socket.close(code, reason);
    return std::make_unique<ClosedSocket>();
  };
  return upgrade;
}

}  // namespace

struct LiveGateway::Asked {
  std::string type, plugin, channel;
  boost::json::value body;
};

/// One tab's connection. Thread: its shard.
class LiveSocket final : public net::WebSocketHandler {
 public:
  LiveSocket(LiveGateway& gateway, net::WebSocket& socket, domain::Actor actor)
      : gateway_(gateway), shard_(socket.shard()), actor_(std::move(actor)) {
    auto outlet = std::make_shared<LiveSocketOutlet>(socket.weak());
    tab_ = gateway_.hub_.enter(shard_, actor_.person_id, actor_.session_id, std::move(outlet));
    if (!tab_) socket.close(kCloseTooMany, "too_many_tabs");
  }

  void greet(bool again) {
    if (!tab_) return;
    const auto beat = std::chrono::duration_cast<std::chrono::seconds>(gateway_.hub_.limits().beat);
    tab_->send(frame_of({{"type", "hello"}, {"beat_seconds", beat.count()}}));
    // What was said while it was away is not kept: it asks anew.
    if (again) tab_->send(frame_of({{"type", "resync"}}));
    shard_.spawn("live_greet", gateway_.greet(tab_, actor_.person_id));
  }

  void on_message(Bytes message) override {
    if (!tab_) return;
    if (!may_speak()) return refuse("too_many_messages", {});
    boost::system::error_code wrong;
    boost::json::parse_options options;
    options.max_depth = kJsonDepthMax;
    const auto value = boost::json::parse(message, wrong, {}, options);
    const auto* object = value.if_object();
    if (wrong || object == nullptr) return tab_->close(realtime::kCloseMalformed, "malformed");
    LiveGateway::Asked asked{text_of(*object, "type"), text_of(*object, "plugin"), text_of(*object, "channel"), {}};
    if (asked.channel.empty() || asked.channel.size() > kLiveChannelBytesMax ||
        asked.plugin.size() > kLiveChannelBytesMax || asked.plugin.find(kBetween) != std::string::npos)
      return refuse("channel_invalid", asked);
    if (const auto* body = object->if_contains("body")) asked.body = *body;
    take(std::move(asked));
  }

  void on_closed() override { tab_.reset(); }

 private:
  void take(LiveGateway::Asked asked) {
    const std::string channel = hub_channel(asked.plugin, asked.channel);
    if (asked.type == "leave") {
      tab_->leave(channel);
    } else if (asked.type == "join") {
      shard_.spawn("live_join", gateway_.join(tab_, actor_, std::move(asked)));
    } else if (asked.type == "message" && !asked.plugin.empty() && tab_->is_in(channel)) {
      shard_.spawn("live_message", gateway_.pass_on(tab_, actor_, std::move(asked)));
    } else {
      refuse(asked.type == "message" ? "channel_not_joined" : "type_unknown", asked);
    }
  }

  void refuse(std::string_view code, const LiveGateway::Asked& asked) {
    gateway_.refused_.add();
    auto object = about("refused", asked.plugin, asked.channel);
    object["code"] = code;
    tab_->send(frame_of(object));
  }

  bool may_speak() {
    const auto now = std::chrono::steady_clock::now();
    const double passed = std::chrono::duration<double>(now - refilled_).count();
    refilled_ = now;
    left_ = std::min<double>(kLiveMessagesBurst, left_ + passed * kLiveMessagesPerSecond);
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

  LiveGateway& gateway_;
  Shard& shard_;
  const domain::Actor actor_;
  std::shared_ptr<realtime::LiveTab> tab_;
  double left_ = kLiveMessagesBurst;
  std::chrono::steady_clock::time_point refilled_ = std::chrono::steady_clock::now();
};

LiveGateway::LiveGateway(realtime::LiveHub& hub, domain::Services& services, Metrics& metrics)
    : hub_(hub),
      services_(services),
      refused_(metrics.counter("cluse_live_refused_total", "Messages of tabs on /live that were refused.")) {}

Task<std::variant<net::Response, net::Upgrade>> LiveGateway::open(net::Request request,
                                                                  std::optional<domain::Actor> actor) {
  if (!actor) co_return refuse(realtime::kCloseSessionEnded, "not_signed_in");
  if (actor->must_add_factor) co_return refuse(realtime::kCloseDenied, "second_factor_required");
  net::Upgrade upgrade;
  upgrade.text = true;
  upgrade.message_bytes_max = kLiveMessageBytesMax;
  const bool again = request.query.contains("again");
  upgrade.attach = [this, who = *actor, again](net::WebSocket& socket) -> std::unique_ptr<net::WebSocketHandler> {
    auto handler = std::make_unique<LiveSocket>(*this, socket, who);
    handler->greet(again);
    return handler;
  };
  co_return upgrade;
}

// ---------------------------------------------------------------- what is told

void LiveGateway::notified(const std::vector<Id>& people) {
  hub_.for_people(people, [this](Shard& shard, Id person, const realtime::LiveHub::Tabs&) {
    auto& again = reading_[shard.index()]->again;
    const auto [place, is_first] = again.try_emplace(person, false);
    // Ten events in a moment are read together.
    if (!is_first) place->second = true;
    else shard.spawn("live_notify", tell_unread(shard, person));
  });
}

Task<void> LiveGateway::tell_unread(Shard& shard, Id person) {
  auto& again = reading_[shard.index()]->again;
  for (;;) {
    auto page = co_await services_.notifications.brief(person, kLiveLatest);
    if (page) {
      boost::json::array latest;
      for (const auto& each : page->items) latest.push_back(to_json(each));
      const auto frame = frame_of({{"type", "notifications"}, {"unread", page->unread}, {"latest", std::move(latest)}});
      for (const auto& weak : hub_.tabs_of(shard, person))
        if (const auto tab = weak.lock()) tab->send(frame);
    }
    const auto place = again.find(person);
    if (place == again.end()) co_return;
    if (!std::exchange(place->second, false)) {
      again.erase(place);
      co_return;
    }
  }
}

// Rights may have changed between the handshake and now; and the count is shown at once.
Task<void> LiveGateway::greet(std::weak_ptr<realtime::LiveTab> tab, Id person) {
  std::vector<Id> sessions;
  if (const auto here = tab.lock()) sessions.push_back(here->session);
  auto over = co_await services_.sessions.over(std::move(sessions));
  auto page = co_await services_.notifications.brief(person, kLiveLatest);
  const auto here = tab.lock();
  if (!here) co_return;
  if (over && !over->empty()) {
    here->close(realtime::kCloseSessionEnded, "session_ended");
    co_return;
  }
  if (!page) co_return;
  boost::json::array latest;
  for (const auto& each : page->items) latest.push_back(to_json(each));
  here->send(frame_of({{"type", "notifications"}, {"unread", page->unread}, {"latest", std::move(latest)}}));
}

void LiveGateway::happened(const domain::Happening& happening) {
  const std::string channel = std::string(kWorkspace) + happening.workspace.to_string();
  boost::json::object object{{"type", "event"},
                             {"channel", channel},
                             {"verb", happening.verb},
                             {"object_kind", happening.object_kind},
                             {"object", happening.object}};
  if (!happening.by.empty()) object["by"] = happening.by;
  hub_.tell_channel(channel, frame_of(object));
}

void LiveGateway::plugin_changed(const std::string& plugin) {
  hub_.tell_all(frame_of({{"type", "plugin.changed"}, {"plugin", plugin}}));
}

void LiveGateway::publish(const std::string& plugin, const std::string& channel, const std::string& json) {
  auto object = about("message", plugin, channel);
  std::string frame = boost::json::serialize(object);
  // The body is spelled out already, once for everybody.
  frame.replace(frame.size() - 1, 1, ",\"body\":" + json + "}");
  hub_.tell_channel(hub_channel(plugin, channel), share(std::move(frame)));
}

// ---------------------------------------------------------------- what tabs ask

Task<Result<void>> LiveGateway::may_join(domain::Actor actor, Asked asked) {
  if (!asked.plugin.empty()) {
    if (plugins_ == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
    auto allowed = co_await plugins_->join(std::move(actor), std::move(asked.plugin), std::move(asked.channel));
    co_return allowed;
  }
  const auto workspace = workspace_of(asked.channel);
  if (!workspace) co_return fail(Errc::not_found, "channel_not_found");
  auto body = [actor, id = *workspace](storage::Snapshot& snapshot) -> Result<void> {
    CLUSE_CHECK(domain::access(snapshot, actor, id));
    return {};
  };
  auto allowed = co_await services_.environment.database.read(std::move(body));
  co_return allowed;
}

Task<void> LiveGateway::join(std::weak_ptr<realtime::LiveTab> tab, domain::Actor actor, Asked asked) {
  auto allowed = co_await may_join(std::move(actor), asked);
  const auto here = tab.lock();
  if (!here) co_return;
  const bool joined = allowed && here->join(hub_channel(asked.plugin, asked.channel));
  auto answer = about(joined ? "joined" : "refused", asked.plugin, asked.channel);
  if (!joined) {
    refused_.add();
    answer["code"] = allowed ? std::string_view("too_many_channels") : allowed.error().code;
  }
  here->send(frame_of(answer));
}

Task<void> LiveGateway::pass_on(std::weak_ptr<realtime::LiveTab> tab, domain::Actor actor, Asked asked) {
  if (plugins_ == nullptr) co_return;
  auto done = co_await plugins_->message(std::move(actor), asked.plugin, asked.channel, std::move(asked.body));
  const auto here = tab.lock();
  if (!here || done) co_return;
  refused_.add();
  auto answer = about("refused", asked.plugin, asked.channel);
  answer["code"] = done.error().code;
  here->send(frame_of(answer));
}

// ---------------------------------------------------------------- what is checked again

void LiveGateway::start(Shards& shards) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    reading_.push_back(std::make_unique<Reading>());
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    shards.at(i).spawn("live_rights", keep_checking(shards.at(i)));
    // On its own: a plugin that is slow keeps nobody in whose session is over.
    shards.at(i).spawn("live_plugins", keep_asking(shards.at(i)));
  }
}

Task<void> LiveGateway::keep_checking(Shard& shard) {
  std::uint64_t seen = services_.watched.version();
  auto checked = std::chrono::steady_clock::now();
  for (;;) {
    co_await sleep_for(kLookEvery);
    const std::uint64_t version = services_.watched.version();
    const auto now = std::chrono::steady_clock::now();
    const bool all = now - checked >= kCheckAllEvery;
    if (version == seen && !all) continue;
    seen = version;
    if (all) checked = now;
    co_await check_channels(shard);
    // An administrator suspends; time ends what nobody touches.
    co_await check_sessions(shard);
  }
}

Task<void> LiveGateway::check_sessions(Shard& shard) {
  const auto tabs = hub_.tabs_on(shard);
  for (std::size_t from = 0; from < tabs.size(); from += kTabsAtOnce) {
    std::vector<Id> sessions;
    for (std::size_t i = from; i < std::min(from + kTabsAtOnce, tabs.size()); ++i)
      if (const auto tab = tabs[i].lock()) sessions.push_back(tab->session);
    auto over = co_await services_.sessions.over(std::move(sessions));
    if (!over) co_return;  // a store that does not answer ends nothing
    for (const auto& weak : tabs)
      if (const auto tab = weak.lock(); tab && std::ranges::find(*over, tab->session) != over->end())
        tab->close(realtime::kCloseSessionEnded, "session_ended");
  }
}

Task<void> LiveGateway::check_channels(Shard& shard) {
  struct Seat {
    std::weak_ptr<realtime::LiveTab> tab;
    Id person, workspace;
  };
  std::vector<Seat> seats;
  for (const auto& weak : hub_.tabs_on(shard))
    if (const auto tab = weak.lock())
      for (const auto& channel : tab->channels())
        if (const auto workspace = workspace_of(channel)) seats.push_back({weak, tab->person, *workspace});
  for (std::size_t from = 0; from < seats.size(); from += kTabsAtOnce) {
    const std::vector<Seat> some(
        seats.begin() + static_cast<std::ptrdiff_t>(from),
        seats.begin() + static_cast<std::ptrdiff_t>(std::min(from + kTabsAtOnce, seats.size())));
    auto body = [some](storage::Snapshot& snapshot) -> Result<std::vector<std::size_t>> {
      std::vector<std::size_t> lost;
      for (std::size_t i = 0; i < some.size(); ++i) {
        domain::Actor actor;
        actor.person_id = some[i].person;
        const auto access = domain::access(snapshot, actor, some[i].workspace);
        if (!access && access.error().kind == Errc::not_found) lost.push_back(i);
      }
      return lost;
    };
    const auto lost = co_await services_.environment.database.read(std::move(body));
    if (!lost) co_return;
    for (const std::size_t i : *lost) {
      const auto tab = some[i].tab.lock();
      if (!tab) continue;
      const std::string channel = std::string(kWorkspace) + some[i].workspace.to_string();
      tab->leave(channel);
      auto said = about("refused", "", channel);
      said["code"] = "workspace_not_found";
      tab->send(frame_of(said));
    }
  }
}

}  // namespace cluse::api
