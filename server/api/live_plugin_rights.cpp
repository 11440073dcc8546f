// Plugins are asked again who may listen to their channels, and who may not any more is put out.
#include "server/api/live_gateway.h"
#include "server/async/deadline.h"

#include <boost/json.hpp>

#include <set>
#include <utility>

namespace cluse::api {
namespace {

using std::chrono::steady_clock;

/// A no. A plugin that does not run, is late or fails has not said anything.
bool is_answer(const Error& error) {
  if (error.code == "plugin_not_found") return false;
  return error.kind == Errc::denied || error.kind == Errc::not_found || error.kind == Errc::invalid ||
         error.kind == Errc::conflict;
}

struct Place {
  std::string plugin, channel;
};

std::optional<Place> place_of(const std::string& name) {
  const auto at = name.find(kBetweenPluginAndChannel);
  if (at == std::string::npos) return std::nullopt;
  return Place{name.substr(0, at), name.substr(at + 1)};
}

std::set<Id> people_in(const realtime::LiveHub& hub, Shard& shard, const std::string& name) {
  std::set<Id> people;
  for (const auto& weak : hub.tabs_on(shard))
    if (const auto tab = weak.lock(); tab && tab->is_in(name)) people.insert(tab->person);
  return people;
}

void put_out(const realtime::LiveHub& hub, Shard& shard, Id person, const std::string& name, std::string_view code) {
  const auto place = place_of(name);
  const boost::json::object said{
      {"type", "refused"}, {"plugin", place->plugin}, {"channel", place->channel}, {"code", code}};
  const auto frame = share(boost::json::serialize(said));
  for (const auto& weak : hub.tabs_of(shard, person)) {
    const auto tab = weak.lock();
    if (!tab || !tab->is_in(name)) continue;
    tab->leave(name);
    tab->send(frame);
  }
}

}  // namespace

void LiveGateway::ask_again(const std::string& plugin, const std::string& channel) {
  hub_.on_shards([this, name = plugin + kBetweenPluginAndChannel + channel](Shard& shard) {
    shard.spawn("live_ask_again", answer_recheck(shard, name));
  });
}

Task<void> LiveGateway::answer_recheck(Shard& shard, std::string name) {
  static_cast<void>(co_await ask_channel(shard, std::move(name)));
}

Task<void> LiveGateway::keep_asking(Shard& shard) {
  std::uint64_t seen = services_.watched.version();
  auto next = steady_clock::now() + kAskAllEvery;
  for (;;) {
    co_await sleep_for(kLookEvery);
    const std::uint64_t version = services_.watched.version();
    if (version == seen && steady_clock::now() < next) continue;
    seen = version;
    const bool all_answered = co_await ask_all(shard);
    next = steady_clock::now() + (all_answered ? kAskAllEvery : kAskLater);
  }
}

Task<bool> LiveGateway::ask_all(Shard& shard) {
  std::set<std::string> names;
  for (const auto& weak : hub_.tabs_on(shard))
    if (const auto tab = weak.lock())
      for (const auto& channel : tab->channels())
        if (place_of(channel)) names.insert(channel);
  std::set<std::string> silent;  // one that is late is not waited for once a channel
  for (const auto& name : names) {
    const std::string plugin = place_of(name)->plugin;
    if (silent.contains(plugin)) continue;
    const bool answered = co_await ask_channel(shard, name);
    if (!answered) silent.insert(plugin);
  }
  co_return silent.empty();
}

// What comes while it is asked is asked once more, together.
Task<bool> LiveGateway::ask_channel(Shard& shard, std::string name) {
  auto& asking = reading_[shard.index()]->asking;
  const auto [place, is_first] = asking.try_emplace(name, false);
  if (!is_first) {
    place->second = true;
    co_return true;
  }
  bool answered = false;
  do {
    place->second = false;
    answered = co_await ask_people(shard, name);
  } while (answered && place->second);
  asking.erase(place);
  co_return answered;
}

Task<bool> LiveGateway::ask_people(Shard& shard, std::string name) {
  const auto place = place_of(name);
  if (plugins_ == nullptr || !place) co_return true;
  for (const Id person : people_in(hub_, shard, name)) {
    auto read = [person](storage::Snapshot& snapshot) -> Result<std::string> {
      const auto row = snapshot.one("SELECT ui_locale FROM person WHERE id = ?", {person});
      return row ? row->text(0) : std::string();
    };
    auto locale = co_await services_.environment.database.read(std::move(read));
    if (!locale) co_return false;
    domain::Actor actor;
    actor.person_id = person;
    actor.locale = std::move(*locale);
    auto allowed = co_await plugins_->join(std::move(actor), place->plugin, place->channel);
    if (allowed) continue;
    if (!is_answer(allowed.error())) co_return false;
    refused_.add();
    put_out(hub_, shard, person, name, allowed.error().code);
  }
  co_return true;
}

}  // namespace cluse::api
