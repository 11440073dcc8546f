// Instance: a plugin that was loaded, with the tables it sees of its host. The only code that calls slots of the C
// boundary, and the same in the server (direct) and in the runner (child).
#pragma once

#include "server/plugin/guest/work.h"

#include <cluse/plugin.h>

#include <atomic>
#include <string>
#include <thread>

namespace cluse::plugin {

/// In an offer: the plugin is on trial (validator.h). Rows and answers then come in the smallest pieces that the
/// boundary allows, and the runner says how many threads are left after `stop`.
inline constexpr std::string_view kUnderCheck = "cluse.check/1";
inline constexpr std::string_view kOneThread = "1";
inline constexpr std::size_t kPieceBytes = 7;

/// Requires: `calls` outlives it. Thread: the lane, which is the thread of the first `run`.
class Instance {
 public:
  Instance(const cluse_entry& entry, Offer offer, HostCalls& calls);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// Makes the call and collects what it answers. The first is `start`; after `stop` the plugin is gone.
  [[nodiscard]] Outcome run(const Work& work);

 private:
  struct Tables;
  friend struct Tables;

  [[nodiscard]] std::int32_t start();
  void stop();
  [[nodiscard]] std::int32_t handle(const Work& work, const cluse_call& call, Outcome& outcome);
  [[nodiscard]] std::int32_t tell(const Work& work, const cluse_call& call, Outcome& outcome);
  [[nodiscard]] std::int32_t talk(const Work& work, const cluse_call& call);
  [[nodiscard]] std::int32_t hand_over(const Work& work, const cluse_call& call, Outcome& outcome);
  template <class Table>
  [[nodiscard]] const Table* table(const char* id) const;
  [[nodiscard]] bool is_lane() const { return is_running_ && std::this_thread::get_id() == lane_; }

  // Fixed at construction
  const cluse_entry& entry_;
  const Offer offer_;
  HostCalls& calls_;
  cluse_host host_{};
  std::thread::id lane_;  // written before the plugin's first code runs
  // Lane only, but is_running_
  std::atomic<bool> is_running_ = false;  ///< a call is under way: when the host may be used
  cluse_plugin* plugin_ = nullptr;
  std::string why_;
};

}  // namespace cluse::plugin
