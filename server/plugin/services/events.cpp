#include "server/plugin/services/events.h"

#include "server/base/id.h"
#include "server/base/log.h"
#include "server/plugin/event_log.h"

#include <cluse/plugin.h>

#include <utility>

namespace cluse::plugin {
namespace {

// Plugins are few; each is somebody's decision.
constexpr std::size_t kPluginsRemembered = 10'000;
constexpr std::chrono::hours kSweepEvery{1};

}  // namespace

EventsService::EventsService(storage::Database& database, const Clock& clock, std::function<void()> wake)
    : database_(database), clock_(clock), wake_(std::move(wake)), rate_(clock, kEmittedRate, kPluginsRemembered) {}

std::int32_t EventsService::serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) {
  if (operation != "emit") return CLUSE_UNSUPPORTED;
  storage::PluginEmission emission;
  emission.topic = body["topic"].as<std::string>();
  emission.body = body["body"].to_cbor();
  if (emission.body.size() > kEventBytesMax) return refuse(answer, CLUSE_LIMIT, "an event has at most 16 KiB");
  if (!rate_.take(caller.plugin.id)) return refuse(answer, CLUSE_LIMIT, "too many events in a second");
  emission.at = clock_.now();
  emission.id = new_id(emission.at).to_string();
  emission.user = caller.user;
  const auto kept = caller.store.emit(emission);
  if (!kept) return kept.error().kind == Errc::denied ? CLUSE_DENIED : refuse(answer, kept.error());
  return CLUSE_OK;
}

bool EventsService::tend(const Manifest& plugin, storage::PluginStore& store) {
  sweep();
  if (!store.has_emitted()) return false;
  const auto carried = carry(plugin.id, store);
  if (carried) return *carried;
  log_warning("plugin_events_not_carried",
              {{"plugin", plugin.id}, {"code", std::string(carried.error().code)}, {"why", carried.error().detail}});
  return false;
}

// What it told others is theirs, whatever became of it.
void EventsService::ended(const Manifest& plugin, storage::PluginStore& store) {
  while (tend(plugin, store)) {}
}

// The log first: after a crash between the two they are carried over again, and known by their ids.
Result<bool> EventsService::carry(const std::string& plugin, storage::PluginStore& store) {
  CLUSE_TRY(emitted, store.emitted(kCarriedEventsAtOnce));
  if (emitted.empty()) return false;
  const auto body = [&](storage::Transaction& tx) -> Result<Appended> { return append_events(tx, plugin, emitted); };
  CLUSE_TRY(appended, database_.write_now(body));
  CLUSE_CHECK(store.drop_emitted(emitted.back().number));
  if (appended.dropped > 0)
    log_warning("plugin_events_dropped", {{"plugin", plugin},
                                          {"events", std::to_string(appended.dropped)},
                                          {"why", "more wait than are kept of one plugin"}});
  if (appended.kept > 0) wake_();
  return true;
}

void EventsService::installed(const std::set<std::string>& plugins) {
  const auto done =
      database_.write_now([&](storage::Transaction& tx) -> Result<std::int64_t> { return leave_all_but(tx, plugins); });
  if (!done) log_warning("plugin_events_not_left", {{"why", std::string(done.error().code)}});
}

void EventsService::sweep() {
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    if (now < sweep_at_) return;
    sweep_at_ = now + kSweepEvery;
  }
  const Instant before = now - kEventAgeMax;
  const auto gone = database_.write_now(
      [before](storage::Transaction& tx) -> Result<std::int64_t> { return drop_events_before(tx, before); });
  if (gone && *gone > 0)
    log_warning("plugin_events_dropped", {{"events", std::to_string(*gone)}, {"why", "nobody took them in time"}});
}

}  // namespace cluse::plugin
