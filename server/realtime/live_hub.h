// LiveHub: every tab that listens on /live, each on the shard of its connection. What is told is built once, posted
// once to each shard that has tabs, and fanned out there: nothing is locked.
#pragma once

#include "server/async/shard.h"
#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/base/metrics.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace cluse::realtime {

struct LiveLimits {
  std::size_t queue_bytes_max = 256U << 10;  ///< unsent, of one tab: past it frames are dropped, and "resync" follows
  std::size_t channels_per_tab_max = 32;
  std::size_t tabs_per_person_max = 50;                       ///< of one shard
  std::chrono::milliseconds beat = std::chrono::seconds(25);  ///< so that a page can tell silence from a dead network
};

/// Where a tab's frames go. Implemented over a WebSocket by the layer above. Thread: the tab's shard.
class LiveOutlet {
 public:
  virtual ~LiveOutlet() = default;
  virtual void send(SharedBytes frame) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
};

class LiveHub;

/// One tab. Thread: the shard it was made on; destroying it leaves.
class LiveTab {
 public:
  ~LiveTab();
  LiveTab(const LiveTab&) = delete;
  LiveTab& operator=(const LiveTab&) = delete;

  void send(const SharedBytes& frame);
  void close(std::uint16_t code, std::string reason) { outlet_->close(code, std::move(reason)); }
  /// False: it has as many as are allowed.
  [[nodiscard]] bool join(const std::string& channel);
  void leave(const std::string& channel);
  [[nodiscard]] bool is_in(const std::string& channel) const { return channels_.contains(channel); }
  [[nodiscard]] const std::set<std::string>& channels() const { return channels_; }

  const Id person, session;

 private:
  friend class LiveHub;
  LiveTab(LiveHub& hub, Shard& shard, Id the_person, Id the_session, std::shared_ptr<LiveOutlet> outlet)
      : person(the_person), session(the_session), hub_(hub), shard_(shard), outlet_(std::move(outlet)) {}
  /// Says "resync" once there is room again.
  void catch_up();

  LiveHub& hub_;
  Shard& shard_;
  const std::shared_ptr<LiveOutlet> outlet_;
  std::set<std::string> channels_;
  bool is_behind_ = false;  ///< frames were dropped since the last "resync"
};

/// Thread: any, unless said otherwise. Outlives every tab.
class LiveHub {
 public:
  LiveHub(Shards& shards, Metrics& metrics, LiveLimits limits = {});

  /// Null: this person has too many here. Thread: `shard`.
  [[nodiscard]] std::shared_ptr<LiveTab> enter(Shard& shard, Id person, Id session, std::shared_ptr<LiveOutlet> outlet);
  /// Starts the beat of each shard.
  void start();

  void tell_person(Id person, SharedBytes frame);
  void tell_channel(const std::string& channel, SharedBytes frame);
  void tell_all(SharedBytes frame);
  void close_session(Id session, std::uint16_t code, std::string reason);
  /// Calls `work` with the tabs of each of `people` that has some, on each shard that has them.
  using Tabs = std::vector<std::weak_ptr<LiveTab>>;
  void for_people(const std::vector<Id>& people, std::function<void(Shard&, Id, const Tabs&)> work);
  /// Calls `work` on each shard that has tabs.
  void on_shards(std::function<void(Shard&)> work);
  /// The tabs of one shard. Thread: `shard`.
  [[nodiscard]] Tabs tabs_on(Shard& shard) const;
  [[nodiscard]] Tabs tabs_of(Shard& shard, Id person) const;
  [[nodiscard]] bool is_empty() const { return tabs_.load(std::memory_order_relaxed) == 0; }
  [[nodiscard]] const LiveLimits& limits() const { return limits_; }

 private:
  friend class LiveTab;
  /// The tabs of one shard. Touched on that shard alone.
  struct Home {
    std::unordered_map<LiveTab*, std::weak_ptr<LiveTab>> tabs;
    std::unordered_map<Id, std::set<LiveTab*>> by_person;
    std::unordered_map<std::string, std::set<LiveTab*>> by_channel;
    std::atomic<std::size_t> count = 0;  ///< read from elsewhere: a shard without tabs is told nothing
  };
  void gone(LiveTab& tab);
  Home& home_of(Shard& shard) { return *homes_[shard.index()]; }
  template <class F>
  void on_each_shard(F work);
  Task<void> keep_beating(Shard& shard);
  void beat(Shard& shard, const SharedBytes& frame);

  // Fixed at construction
  Shards& shards_;
  const LiveLimits limits_;
  Gauge& tabs_gauge_;
  Counter &sent_, &dropped_;
  const SharedBytes resync_;
  // Each touched on its shard alone
  std::vector<std::unique_ptr<Home>> homes_;
  // Any thread
  std::atomic<std::size_t> tabs_ = 0;
};

}  // namespace cluse::realtime
