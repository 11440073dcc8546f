// What happens to a lane while one version of a plugin takes the place of another.
#include "server/plugin/lane.h"

#include <cluse/plugin.h>

namespace cluse::plugin {
namespace {

using std::chrono::steady_clock;

// A version that hands over is asked to at the end of what it does, and has as long as one that stops.
constexpr std::chrono::milliseconds kOrderPatience = kDrainMax + kStopTimeMax + kOvertime;
constexpr std::chrono::milliseconds kReadyPatience = kStartTimeMax * 2 + kOvertime;

}  // namespace

bool Lane::wait_until_ready() {
  std::unique_lock lock(mutex_);
  state_changed_.wait_for(lock, kReadyPatience, [this] { return health_.state != LaneState::starting; });
  return health_.state == LaneState::running;
}

void Lane::hold(bool is_held) {
  {
    const std::lock_guard lock(mutex_);
    is_held_ = is_held;
  }
  wake();
}

Outcome Lane::order(std::function<Outcome()> what) {
  const auto order = std::make_shared<Order>();
  order->what = std::move(what);
  auto answer = order->answer.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || !thread_.joinable()) return {CLUSE_GONE, "the plugin does not run", {}, {}};
    orders_.push_back(order);
  }
  wake();
  if (answer.wait_for(kOrderPatience) == std::future_status::ready) return answer.get();
  order->is_dropped = true;
  return {CLUSE_TIMEOUT, "it did not finish what it does in time", {}, {}};
}

bool Lane::carry_out() {
  std::shared_ptr<Order> order;
  {
    const std::lock_guard lock(mutex_);
    if (orders_.empty()) return false;
    order = std::move(orders_.front());
    orders_.pop_front();
  }
  if (!order->is_dropped) order->answer.set_value(order->what());
  return true;
}

void Lane::refuse_orders() {
  const std::lock_guard lock(mutex_);
  for (const auto& order : orders_) order->answer.set_value({CLUSE_GONE, "the plugin does not run", {}, {}});
  orders_.clear();
}

Outcome Lane::hand(WorkKind kind, Bytes state) {
  if (!guest_ || !guest_->is_alive()) return {CLUSE_GONE, "the plugin does not run", {}, {}};
  Work work;
  work.kind = kind;
  work.body = std::move(state);
  return perform(std::move(work), steady_clock::now() + kStopTimeMax);
}

Outcome Lane::save() {
  return order([this] { return hand(WorkKind::save, {}); });
}

Outcome Lane::load(Bytes state) {
  return order([this, state = std::move(state)] { return hand(WorkKind::load, state); });
}

Outcome Lane::pause() {
  return order([this]() -> Outcome {
    end_guest();
    store_->close();
    is_paused_ = true;
    return {};
  });
}

Outcome Lane::resume(std::optional<Bytes> state) {
  return order([this, state = std::move(state)]() -> Outcome {
    if (const auto opened = store_->reopen(); !opened) return {CLUSE_INTERNAL, opened.error().detail, {}, {}};
    is_paused_ = false;
    open_guest();
    if (!guest_) return {CLUSE_GONE, "it does not start again", {}, {}};
    return state ? hand(WorkKind::load, *state) : Outcome{};
  });
}

void Lane::retire(std::shared_ptr<Lane> successor) {
  std::deque<std::shared_ptr<Pending>> moving;
  {
    const std::lock_guard lock(mutex_);
    successor_ = successor;
    moving.swap(queue_);
  }
  for (auto& call : moving) successor->enqueue(std::move(call));
}

void Lane::set_active() {
  is_quiet_ = false;
  wake();
}

}  // namespace cluse::plugin
