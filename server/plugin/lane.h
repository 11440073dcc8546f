// Lane: where one plugin runs, in either host. One thread, one call at a time, a bounded queue; between calls it tells
// the plugin what happened and performs its jobs. Nobody waits for a lane without a deadline: the watch of the host
// answers for one that is late.
#pragma once

#include "server/base/metrics.h"
#include "server/base/time.h"
#include "server/plugin/capabilities.h"
#include "server/plugin/guest.h"
#include "server/storage/database.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
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
/// A notice or a job that fails is tried again after 1 s, 2 s, 4 s, … at most this long; after so many times it is set
/// aside: a notice is passed over, a job parked.
inline constexpr std::chrono::milliseconds kRetryMax = std::chrono::hours(1);
inline constexpr int kTriesMax = 12;

struct LaneSetup {
  Manifest manifest;
  Catalogues texts = {};
  Services services = {};
  GuestSetup guest;
  HostKind host = HostKind::child;
};

/// "running", "starting", "waiting" (to be started again), "off" (died too often), "stopped".
enum class LaneState { starting, running, waiting, off, stopped };
[[nodiscard]] std::string_view to_text(LaneState state);

struct Health {
  LaneState state = LaneState::starting;
  std::uint64_t calls = 0, failures = 0, timeouts = 0, deaths = 0, dropped_lines = 0, waiting = 0, memory_bytes = 0,
                passed_over = 0;
  std::string last_error;
};

class Lane {
 public:
  using Done = std::move_only_function<void(Outcome)>;

  /// Requires: database, clock and metrics outlive it.
  Lane(LaneSetup setup, std::unique_ptr<storage::PluginStore> store, storage::Database& journal, const Clock& clock,
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

  [[nodiscard]] Health health() const;
  [[nodiscard]] const Manifest& manifest() const { return setup_.manifest; }
  [[nodiscard]] HostKind host() const { return setup_.host; }

 private:
  struct Pending {
    Work work;
    Deadline deadline;
    std::atomic<bool> is_answered = false;
    Done done;
    void answer(Outcome outcome);
  };

  void run();
  void open_guest();
  void on_death(const std::string& why);
  void end_guest();
  [[nodiscard]] std::shared_ptr<Pending> next_call();
  void serve(Pending& call);
  Outcome perform(Work work, Deadline deadline);
  /// One notice or job, if there is one to do now. False: none.
  bool step();
  bool tell_notice();
  bool perform_job();
  bool tend();
  [[nodiscard]] std::optional<Work> next_notice(std::int64_t& sequence);
  void wait();
  void refuse_all(std::int32_t status);
  void note(const std::string& error);
  void set_state(LaneState state);

  // Fixed at construction
  const LaneSetup setup_;
  std::unique_ptr<storage::PluginStore> store_;  ///< closed by the lane at its end
  storage::Database& journal_;
  const Clock& clock_;
  Capabilities capabilities_;
  Histogram& seconds_;
  Counter& failures_;
  Counter& deaths_;
  const int wake_fd_;

  // Lane only
  std::unique_ptr<Guest> guest_;
  std::vector<std::chrono::steady_clock::time_point> died_at_;
  std::chrono::steady_clock::time_point restart_at_{};
  std::chrono::steady_clock::time_point retry_notice_at_{};
  int notice_tries_ = 0;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> has_news_ = true;

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::deque<std::shared_ptr<Pending>> queue_;
  std::shared_ptr<Pending> current_;
  Health health_;
  bool is_stopping_ = false;
  bool has_ended_ = false;

  std::thread thread_;
};

}  // namespace cluse::plugin
