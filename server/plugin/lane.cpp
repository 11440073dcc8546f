#include "server/plugin/lane.h"

#include "server/base/log.h"

#include <cluse/plugin.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>

namespace cluse::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLookAfter{1'000};  ///< how often an idle lane looks for what nobody woke it for
constexpr milliseconds kStopPatience{10'000};
constexpr milliseconds kLookAtMemory{200};

}  // namespace

std::string_view to_text(LaneState state) {
  switch (state) {
    case LaneState::starting: return "starting";
    case LaneState::running: return "running";
    case LaneState::waiting: return "waiting";
    case LaneState::off: return "off";
    case LaneState::stopped: return "stopped";
  }
  return "stopped";
}

void Lane::Pending::answer(Outcome outcome) {
  if (!is_answered.exchange(true)) done(std::move(outcome));
}

Lane::Lane(LaneSetup setup, std::unique_ptr<storage::PluginStore> store, storage::Database& database,
           const Clock& clock, Metrics& metrics)
    : setup_(std::move(setup)),
      store_(std::move(store)),
      clock_(clock),
      capabilities_(setup_.manifest, *store_, setup_.texts, setup_.services),
      calls_(capabilities_, setup_.faults.get()),
      seconds_(metrics.histogram("cluse_plugin_call_seconds", "Time a plugin takes for a call.",
                                 "plugin=\"" + setup_.manifest.id + "\"")),
      failures_(metrics.counter("cluse_plugin_failures_total", "Calls that a plugin failed at.",
                                "plugin=\"" + setup_.manifest.id + "\"")),
      deaths_(metrics.counter("cluse_plugin_deaths_total", "How often a plugin's child ended by itself.",
                              "plugin=\"" + setup_.manifest.id + "\"")),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      journal_feed_(journal_feed(database, *store_, setup_.manifest.grants.notices)),
      event_feed_(event_feed(database, setup_.manifest.id, setup_.manifest.grants.notices)),
      is_quiet_(setup_.is_quiet) {
  capabilities_.keep_lines(setup_.lines.get(), clock_);
}

Lane::~Lane() {
  ::close(wake_fd_);
}

void Lane::start() {
  thread_ = std::thread([this] { run(); });
}

void Lane::submit(Work work, Deadline deadline, Done done) {
  auto call = std::make_shared<Pending>();
  call->work = std::move(work);
  call->deadline = deadline;
  call->done = std::move(done);
  enqueue(std::move(call));
}

void Lane::enqueue(std::shared_ptr<Pending> call) {
  std::int32_t refused = CLUSE_OK;
  std::shared_ptr<Lane> successor;
  {
    const std::lock_guard lock(mutex_);
    successor = successor_;
    const bool runs = health_.state == LaneState::running || health_.state == LaneState::starting;
    if (successor) refused = CLUSE_OK;
    else if (is_stopping_ || !runs) refused = CLUSE_GONE;
    else if (queue_.size() >= setup_.manifest.limits.calls_waiting) refused = CLUSE_LIMIT;
    else queue_.push_back(call);
  }
  if (successor) successor->enqueue(std::move(call));
  else if (refused != CLUSE_OK) call->answer({refused, "the plugin does not run, or too many calls wait", {}, {}});
  else wake();
}

void Lane::wake() {
  journal_feed_->wake();
  event_feed_->wake();
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_fd_, &one, sizeof one));
}

void Lane::sweep(Deadline now) {
  std::vector<std::shared_ptr<Pending>> late;
  {
    const std::lock_guard lock(mutex_);
    if (current_ && now > current_->deadline) late.push_back(current_);
    std::erase_if(queue_, [&](const auto& call) {
      if (now <= call->deadline) return false;
      late.push_back(call);
      return true;
    });
    for (const auto& call : late)
      if (!call->is_answered) ++health_.timeouts;
  }
  for (const auto& call : late) call->answer({CLUSE_TIMEOUT, "the plugin did not answer in time", {}, {}});
}

bool Lane::stop() {
  {
    std::unique_lock lock(mutex_);
    is_stopping_ = true;
    if (!thread_.joinable()) return true;
  }
  wake();
  {
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, kStopPatience, [this] { return has_ended_; })) return false;
  }
  thread_.join();
  return true;
}

Health Lane::health() const {
  const std::lock_guard lock(mutex_);
  Health out = health_;
  out.waiting = queue_.size();
  out.latency = latency_.percentiles();
  out.dropped_lines = capabilities_.dropped_lines();
  return out;
}

void Lane::run() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) break;
    }
    if (carry_out()) continue;
    if (is_paused_) {
      wait();
      continue;
    }
    if (!guest_ && health().state != LaneState::off && steady_clock::now() >= restart_at_) open_guest();
    if (guest_ && !guest_->is_alive()) on_death("it ended by itself");
    if (!guest_) {
      wait();
      continue;
    }
    if (const auto call = next_call()) serve(*call);
    else if (!step()) wait();
  }
  refuse_orders();
  refuse_all(CLUSE_GONE);
  end_guest();
  leave_to_others();
  store_.reset();  // whoever starts it again may open the file
  set_state(LaneState::stopped);
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  ended_.notify_all();
}

void Lane::open_guest() {
  auto opened = setup_.host == HostKind::direct ? open_direct(setup_.guest, calls_) : open_child(setup_.guest, calls_);
  if (!opened) return on_death(opened.error().detail);
  guest_ = std::move(*opened);
  look_at_memory_ = {};
  Work work;
  work.kind = WorkKind::start;
  const Outcome outcome = perform(std::move(work), steady_clock::now() + kStartTimeMax);
  if (outcome.status != CLUSE_OK) {
    if (guest_) on_death("start: " + outcome.why + " (" + std::to_string(outcome.status) + ")");
    return;
  }
  // From here on it is told of everything, also of what happens before its first notice.
  journal_feed_->begin();
  event_feed_->begin();
  {
    const std::lock_guard lock(mutex_);
    if (health_.deaths > 0) ++health_.restarts;
  }
  set_state(LaneState::running);
  tell(LogLevel::info, "started, version " + setup_.manifest.version);
  log_info("plugin_started", {{"plugin", setup_.manifest.id},
                              {"version", setup_.manifest.version},
                              {"host", setup_.host == HostKind::direct ? "direct" : "child"}});
}

void Lane::on_death(const std::string& why) {
  guest_.reset();
  capabilities_.end_call();
  deaths_.add();
  const auto now = steady_clock::now();
  died_at_.push_back(now);
  std::erase_if(died_at_, [&](auto at) { return now - at > kDeathsWithin; });
  const bool is_off = died_at_.size() >= kDeathsMax;
  restart_at_ = now + kRestartAfter[std::min(died_at_.size(), std::size(kRestartAfter)) - 1];
  {
    const std::lock_guard lock(mutex_);
    ++health_.deaths;
    health_.memory_bytes = 0;
  }
  note(why);
  leave_to_others();
  set_state(is_off ? LaneState::off : LaneState::waiting);
  refuse_all(CLUSE_GONE);
  tell(LogLevel::error, (is_off ? "died, and stays off: " : "died: ") + why);
  log_warning(is_off ? "plugin_off" : "plugin_died",
              {{"plugin", setup_.manifest.id}, {"why", why}, {"deaths", std::to_string(died_at_.size())}});
  if (is_off && setup_.on_off) setup_.on_off(why);
}

void Lane::end_guest() {
  if (!guest_) return;
  Work work;
  work.kind = WorkKind::stop;
  static_cast<void>(perform(std::move(work), steady_clock::now() + kStopTimeMax));
  guest_.reset();
}

std::shared_ptr<Lane::Pending> Lane::next_call() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() || is_held_) return nullptr;
  current_ = std::move(queue_.front());
  queue_.pop_front();
  return current_;
}

void Lane::serve(Pending& call) {
  Outcome outcome{CLUSE_TIMEOUT, {}, {}, {}};
  if (!call.is_answered) outcome = perform(call.work, call.deadline);
  {
    const std::lock_guard lock(mutex_);
    ++health_.calls;
    latency_.add(steady_clock::now() - call.came);
    if (outcome.status < 0) ++health_.failures;
    current_.reset();
  }
  if (outcome.status < 0) {
    failures_.add();
    note(call.work.name + ": " + outcome.why + " (" + std::to_string(outcome.status) + ")");
  }
  call.answer(std::move(outcome));
}

Outcome Lane::perform(Work work, Deadline deadline) {
  const auto start = steady_clock::now();
  work.id = ++last_id_;
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - start);
  work.deadline_ms = (clock_.now() + left).ms;
  capabilities_.begin_call(work, deadline);
  Outcome outcome = guest_->run(work, deadline);
  capabilities_.end_call();
  seconds_.observe(std::chrono::duration<double>(steady_clock::now() - start).count());
  if (!guest_->is_alive()) {
    if (work.kind != WorkKind::stop) on_death(outcome.why);
    return outcome;
  }
  if (steady_clock::now() < look_at_memory_) return outcome;
  look_at_memory_ = steady_clock::now() + kLookAtMemory;  // the system makes a file of it each time
  const auto memory = guest_->memory_bytes();
  const std::lock_guard lock(mutex_);
  health_.memory_bytes = memory;
  return outcome;
}

bool Lane::step() {
  {
    const std::lock_guard lock(mutex_);
    if (is_held_ || is_quiet_) return false;
  }
  return tell_notice(*journal_feed_) || tell_notice(*event_feed_) || perform_job() || tend();
}

// What it committed while it ran, and nobody has taken yet. A version that does not count yet leaves nothing.
void Lane::leave_to_others() {
  if (is_quiet_ || is_paused_) return;
  for (const auto& [id, service] : setup_.services) service->ended(setup_.manifest, *store_);
}

bool Lane::tend() {
  bool is_more = false;
  for (const auto& [id, service] : setup_.services) is_more |= service->tend(setup_.manifest, *store_);
  return is_more;
}

bool Lane::tell_notice(Feed& feed) {
  if (!feed.is_due()) return false;
  const auto notice = feed.take();
  if (!notice) return feed.has_news();
  const Outcome outcome = perform(notice->work, steady_clock::now() + kNoticeTimeMax);
  const bool is_told = outcome.status >= 0;
  if (!is_told) note(notice->work.name + ": " + outcome.why);
  if (feed.settle(*notice, is_told)) return true;
  const std::lock_guard lock(mutex_);
  ++health_.passed_over;
  return true;
}

bool Lane::perform_job() {
  if (setup_.manifest.grants.jobs.empty()) return false;
  const auto due = store_->due(clock_.now());
  if (!due || !*due) return false;
  const storage::PluginJob& job = **due;
  // Counted before it runs: a job that kills the plugin each time must not do so for ever.
  const auto tries = static_cast<int>(job.attempts) + 1;
  if (!store_->retry(job, clock_.now() + backoff(tries - 1))) return false;
  Work work;
  work.kind = WorkKind::perform;
  work.name = job.kind;
  work.body = job.body;
  const Outcome outcome = perform(std::move(work), steady_clock::now() + kJobTimeMax);
  if (outcome.status >= 0) {
    static_cast<void>(store_->finish(job));
    return true;
  }
  note(job.kind + ": " + outcome.why);
  if (tries >= kTriesMax) static_cast<void>(store_->park(job));
  return true;
}

void Lane::wait() {
  pollfd both[2] = {{wake_fd_, POLLIN, 0}, {guest_ ? guest_->fd() : -1, POLLIN, 0}};
  milliseconds patience = kLookAfter;
  if (!guest_ && !is_paused_ && health().state != LaneState::off)
    patience =
        std::clamp(std::chrono::ceil<milliseconds>(restart_at_ - steady_clock::now()), milliseconds(1), patience);
  const int ready = ::poll(both, 2, static_cast<int>(patience.count()));
  if (ready == 0) {
    journal_feed_->wake();
    event_feed_->wake();
  }
  std::uint64_t count = 0;
  if ((both[0].revents & POLLIN) != 0) static_cast<void>(!::read(wake_fd_, &count, sizeof count));
  if (guest_ && both[1].revents != 0) guest_->attend();
}

void Lane::refuse_all(std::int32_t status) {
  std::deque<std::shared_ptr<Pending>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(queue_);
  }
  for (const auto& call : waiting) call->answer({status, "the plugin does not run", {}, {}});
}

void Lane::note(const std::string& error) {
  const std::lock_guard lock(mutex_);
  health_.last_error = tidy_words(error);
}

void Lane::tell(LogLevel level, const std::string& line) {
  if (setup_.lines) setup_.lines->add(clock_.now(), static_cast<int>(level), tidy_words(line));
}

void Lane::set_state(LaneState state) {
  const std::lock_guard lock(mutex_);
  health_.state = state;
  state_changed_.notify_all();
}

}  // namespace cluse::plugin
