// Lane: where one plugin runs, in either host. One thread, one call at a time, a bounded queue; between calls it tells
// the plugin what happened and performs its jobs. Nobody waits for a lane without a deadline: the watch of the host
// answers for one that is late.
#pragma once

#include "server/base/log.h"
#include "server/base/metrics.h"
#include "server/base/time.h"
#include "server/plugin/capabilities.h"
#include "server/plugin/faults.h"
#include "server/plugin/feed.h"
#include "server/plugin/guest.h"
#include "server/plugin/latency.h"
#include "server/plugin/log_ring.h"
#include "server/plugin/ui.h"
#include "server/storage/database.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cluse::plugin {

enum class HostKind { child, direct };

inline constexpr std::chrono::milliseconds kNoticeTimeMax{10'000};
inline constexpr std::chrono::milliseconds kJobTimeMax{30'000};
/// Deaths within kDeathsWithin after which a plugin stays off.
inline constexpr std::size_t kDeathsMax = 3;
inline constexpr std::chrono::minutes kDeathsWithin{10};
inline constexpr std::chrono::milliseconds kRestartAfter[] = {
    std::chrono::milliseconds(200), std::chrono::milliseconds(1'000), std::chrono::milliseconds(5'000)};
/// How long a version that is to be replaced may take to finish what it does.
inline constexpr std::chrono::milliseconds kDrainMax{10'000};

struct LaneSetup {
  Manifest manifest;
  Catalogues texts = {};
  Services services = {};
  GuestSetup guest;
  HostKind host = HostKind::child;
  std::shared_ptr<const UiBundle> ui;
  std::uint64_t generation = 1;                        ///< of the plugin in this server: 1, 2, …
  bool is_quiet = false;                               ///< serves calls, but tells nothing and performs no job yet
  std::shared_ptr<LogRing> lines;                      ///< may be null
  std::shared_ptr<Faults> faults;                      ///< of a trial; else null
  std::function<void(const std::string& why)> on_off;  ///< it died too often; called on the lane
};

/// "running", "starting", "waiting" (to be started again), "off" (died too often), "stopped".
enum class LaneState { starting, running, waiting, off, stopped };
[[nodiscard]] std::string_view to_text(LaneState state);

struct Health {
  LaneState state = LaneState::starting;
  std::uint64_t calls = 0, failures = 0, timeouts = 0, deaths = 0, dropped_lines = 0, waiting = 0, memory_bytes = 0,
                passed_over = 0, restarts = 0;
  Percentiles latency;
  std::string last_error;
};

class Lane {
 public:
  using Done = std::move_only_function<void(Outcome)>;

  /// Requires: database, clock and metrics outlive it.
  Lane(LaneSetup setup, std::unique_ptr<storage::PluginStore> store, storage::Database& database, const Clock& clock,
       Metrics& metrics);
  ~Lane();

  void start();
  /// `done` is called exactly once: on the lane, on the watch (CLUSE_TIMEOUT), or here (CLUSE_GONE where the plugin
  /// does not run, CLUSE_LIMIT where too many wait). Thread: any.
  void submit(Work work, Deadline deadline, Done done);
  /// Something may have happened. Thread: any.
  void wake();
  /// Answers what is past its deadline. Thread: the watch.
  void sweep(Deadline now);
  /// Stops the plugin; what waits answers CLUSE_GONE. False if it does not come back from a call (direct only): then
  /// its thread is left behind, with all it needs. Thread: the owner's.
  bool stop();

  // Changing versions. Thread: one at a time, which may block; not the lane.

  /// True once it runs; false if its first start fails or takes too long.
  [[nodiscard]] bool wait_until_ready();
  /// From now on calls wait, and nothing is told or performed; what runs finishes.
  void hold(bool is_held);
  /// What the plugin hands over. Statuses: CLUSE_…; CLUSE_TIMEOUT if it does not finish what it does within kDrainMax.
  [[nodiscard]] Outcome save();
  [[nodiscard]] Outcome load(Bytes state);
  /// Stops the plugin and lets go of its database; calls wait. `resume` starts it again with what it has saved.
  [[nodiscard]] Outcome pause();
  [[nodiscard]] Outcome resume(std::optional<Bytes> state);
  /// Gives everything that waits, and all that comes late, to the next version.
  void retire(std::shared_ptr<Lane> successor);
  /// The version before has ended: no longer quiet.
  void set_active();

  [[nodiscard]] Health health() const;
  [[nodiscard]] const Manifest& manifest() const { return setup_.manifest; }
  [[nodiscard]] HostKind host() const { return setup_.host; }
  /// Never null where a host made the lane.
  [[nodiscard]] const std::shared_ptr<const UiBundle>& ui() const { return setup_.ui; }
  [[nodiscard]] std::uint64_t generation() const { return setup_.generation; }

 private:
  struct Pending {
    Work work;
    Deadline deadline;
    std::chrono::steady_clock::time_point came = std::chrono::steady_clock::now();
    std::atomic<bool> is_answered = false;
    Done done;
    void answer(Outcome outcome);
  };

  /// What another thread has the lane do between two calls.
  struct Order {
    std::function<Outcome()> what;
    std::promise<Outcome> answer;
    std::atomic<bool> is_dropped = false;
  };

  void run();
  void enqueue(std::shared_ptr<Pending> call);
  [[nodiscard]] Outcome order(std::function<Outcome()> what);
  bool carry_out();
  void refuse_orders();
  Outcome hand(WorkKind kind, Bytes state);
  void open_guest();
  void on_death(const std::string& why);
  void end_guest();
  [[nodiscard]] std::shared_ptr<Pending> next_call();
  void serve(Pending& call);
  Outcome perform(Work work, Deadline deadline);
  /// One notice or job, if there is one to do now. False: none.
  bool step();
  bool tell_notice(Feed& feed);
  bool perform_job();
  bool tend();
  void leave_to_others();
  void wait();
  void refuse_all(std::int32_t status);
  void note(const std::string& error);
  void tell(LogLevel level, const std::string& line);
  void set_state(LaneState state);

  // Fixed at construction
  const LaneSetup setup_;
  std::unique_ptr<storage::PluginStore> store_;  ///< closed by the lane at its end
  const Clock& clock_;
  Capabilities capabilities_;
  FaultyCalls calls_;  ///< `capabilities_`, as the plugin meets them
  Histogram& seconds_;
  Counter& failures_;
  Counter& deaths_;
  const int wake_fd_;
  const std::unique_ptr<Feed> journal_feed_, event_feed_;

  // Lane only
  std::unique_ptr<Guest> guest_;
  std::vector<std::chrono::steady_clock::time_point> died_at_;
  std::chrono::steady_clock::time_point restart_at_{};
  std::chrono::steady_clock::time_point look_at_memory_{};
  std::uint64_t last_id_ = 0;
  std::atomic<bool> is_quiet_ = false;
  bool is_paused_ = false;

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable ended_, state_changed_;
  std::deque<std::shared_ptr<Pending>> queue_;
  std::shared_ptr<Pending> current_;
  std::deque<std::shared_ptr<Order>> orders_;
  std::shared_ptr<Lane> successor_;
  Health health_;
  Latency latency_;
  bool is_held_ = false;
  bool is_stopping_ = false;
  bool has_ended_ = false;

  std::thread thread_;
};

}  // namespace cluse::plugin
