#include "server/realtime/live_hub.h"

#include "server/async/deadline.h"

#include <algorithm>
#include <utility>

namespace cluse::realtime {

LiveTab::~LiveTab() {
  hub_.gone(*this);
}

void LiveTab::send(const SharedBytes& frame) {
  if (is_behind_ || outlet_->queued_bytes() + frame->size() > hub_.limits_.queue_bytes_max) {
    // What it missed cannot be told apart from what it would have had to forget: it asks anew for all of it.
    is_behind_ = true;
    hub_.dropped_.add();
    return;
  }
  hub_.sent_.add();
  outlet_->send(frame);
}

void LiveTab::catch_up() {
  if (!is_behind_ || outlet_->queued_bytes() > hub_.limits_.queue_bytes_max / 2) return;
  is_behind_ = false;
  send(hub_.resync_);
}

bool LiveTab::join(const std::string& channel) {
  if (channels_.contains(channel)) return true;
  if (channels_.size() >= hub_.limits_.channels_per_tab_max) return false;
  channels_.insert(channel);
  hub_.home_of(shard_).by_channel[channel].insert(this);
  return true;
}

void LiveTab::leave(const std::string& channel) {
  if (channels_.erase(channel) == 0) return;
  auto& channels = hub_.home_of(shard_).by_channel;
  const auto found = channels.find(channel);
  if (found == channels.end()) return;
  found->second.erase(this);
  if (found->second.empty()) channels.erase(found);
}

LiveHub::LiveHub(Shards& shards, Metrics& metrics, LiveLimits limits)
    : shards_(shards),
      limits_(limits),
      tabs_gauge_(metrics.gauge("cluse_live_tabs", "Tabs that listen on /live.")),
      sent_(metrics.counter("cluse_live_frames_total", "Frames that were sent on /live.")),
      dropped_(metrics.counter("cluse_live_dropped_total", "Frames that a slow tab did not get.")),
      resync_(share(R"({"type":"resync"})")) {
  for (std::size_t i = 0; i < shards.size(); ++i) homes_.push_back(std::make_unique<Home>());
}

std::shared_ptr<LiveTab> LiveHub::enter(Shard& shard, Id person, Id session, std::shared_ptr<LiveOutlet> outlet) {
  Home& home = home_of(shard);
  const auto same = home.by_person.find(person);
  if (same != home.by_person.end() && same->second.size() >= limits_.tabs_per_person_max) return nullptr;
  const std::shared_ptr<LiveTab> tab(new LiveTab(*this, shard, person, session, std::move(outlet)));
  home.tabs[tab.get()] = tab;
  home.by_person[person].insert(tab.get());
  ++home.count;
  ++tabs_;
  tabs_gauge_.add(1);
  return tab;
}

void LiveHub::gone(LiveTab& tab) {
  Home& home = home_of(tab.shard_);
  while (!tab.channels_.empty()) tab.leave(std::string(*tab.channels_.begin()));
  const auto same = home.by_person.find(tab.person);
  if (same != home.by_person.end()) {
    same->second.erase(&tab);
    if (same->second.empty()) home.by_person.erase(same);
  }
  home.tabs.erase(&tab);
  --home.count;
  --tabs_;
  tabs_gauge_.add(-1);
}

// A tab that enters meanwhile has asked for everything by itself.
template <class F>
void LiveHub::on_each_shard(F work) {
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    if (homes_[i]->count.load(std::memory_order_relaxed) == 0) continue;
    shards_.at(i).post([this, i, work] { work(shards_.at(i), *homes_[i]); });
  }
}

void LiveHub::tell_person(Id person, SharedBytes frame) {
  on_each_shard([person, frame = std::move(frame)](Shard&, Home& home) {
    const auto found = home.by_person.find(person);
    if (found == home.by_person.end()) return;
    for (LiveTab* const tab : found->second) tab->send(frame);
  });
}

void LiveHub::tell_channel(const std::string& channel, SharedBytes frame) {
  on_each_shard([channel, frame = std::move(frame)](Shard&, Home& home) {
    const auto found = home.by_channel.find(channel);
    if (found == home.by_channel.end()) return;
    for (LiveTab* const tab : found->second) tab->send(frame);
  });
}

void LiveHub::tell_all(SharedBytes frame) {
  on_each_shard([frame = std::move(frame)](Shard&, Home& home) {
    for (const auto& [tab, weak] : home.tabs) tab->send(frame);
  });
}

void LiveHub::close_session(Id session, std::uint16_t code, std::string reason) {
  on_each_shard([session, code, reason = std::move(reason)](Shard&, Home& home) {
    for (const auto& [tab, weak] : home.tabs)
      if (tab->session == session) tab->close(code, reason);
  });
}

LiveHub::Tabs LiveHub::tabs_on(Shard& shard) const {
  Tabs tabs;
  for (const auto& [tab, weak] : homes_[shard.index()]->tabs) tabs.push_back(weak);
  return tabs;
}

LiveHub::Tabs LiveHub::tabs_of(Shard& shard, Id person) const {
  const Home& home = *homes_[shard.index()];
  Tabs tabs;
  const auto found = home.by_person.find(person);
  if (found == home.by_person.end()) return tabs;
  for (LiveTab* const tab : found->second) tabs.push_back(home.tabs.at(tab));
  return tabs;
}

void LiveHub::for_people(const std::vector<Id>& people, std::function<void(Shard&, Id, const Tabs&)> work) {
  on_each_shard([this, people, work = std::move(work)](Shard& shard, Home&) {
    for (const Id person : people)
      if (const Tabs tabs = tabs_of(shard, person); !tabs.empty()) work(shard, person, tabs);
  });
}

void LiveHub::on_shards(std::function<void(Shard&)> work) {
  on_each_shard([work = std::move(work)](Shard& shard, Home&) { work(shard); });
}

void LiveHub::start() {
  for (std::size_t i = 0; i < shards_.size(); ++i) shards_.at(i).spawn("live_beat", keep_beating(shards_.at(i)));
}

Task<void> LiveHub::keep_beating(Shard& shard) {
  // Slow tabs are looked at more often than all are told that the server is there.
  constexpr int kLooksPerBeat = 10;
  const SharedBytes frame = share(R"({"type":"beat"})");
  for (int look = 1;; look = look % kLooksPerBeat + 1) {
    co_await sleep_for(limits_.beat / kLooksPerBeat);
    for (const auto& [tab, weak] : home_of(shard).tabs) tab->catch_up();
    if (look == kLooksPerBeat) beat(shard, frame);
  }
}

void LiveHub::beat(Shard& shard, const SharedBytes& frame) {
  for (const auto& [tab, weak] : home_of(shard).tabs) tab->send(frame);
}

}  // namespace cluse::realtime
