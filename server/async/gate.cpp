#include "server/async/gate.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

namespace cluse {

namespace asio = boost::asio;

struct Gate::State {
  std::size_t inside = 0;
  bool closed = false;
  std::vector<asio::steady_timer*> waiters;

  [[nodiscard]] bool is_drained() const { return closed && inside == 0; }
  void wake_if_drained() {
    if (!is_drained()) return;
    for (auto* waiter : waiters) waiter->cancel();
  }
};

namespace {

/// Lists a timer while its coroutine's frame lives, however the frame ends.
template <class State>
class Listed {
 public:
  Listed(State& state, asio::steady_timer& timer) : state_(state), timer_(timer) { state_.waiters.push_back(&timer_); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { std::erase(state_.waiters, &timer_); }

 private:
  State& state_;
  asio::steady_timer& timer_;
};

}  // namespace

Gate::Gate() : state_(std::make_shared<State>()) {}
Gate::~Gate() = default;

Gate::Pass::Pass(std::shared_ptr<State> state) : state_(std::move(state)) {
  if (state_) ++state_->inside;
}

Gate::Pass::Pass(Pass&& other) noexcept = default;

Gate::Pass::~Pass() {
  if (!state_) return;
  --state_->inside;
  state_->wake_if_drained();
}

Gate::Pass Gate::enter() {
  return Pass(state_->closed ? nullptr : state_);
}

bool Gate::is_closed() const {
  return state_->closed;
}

std::size_t Gate::inside() const {
  return state_->inside;
}

void Gate::close() {
  state_->closed = true;
  state_->wake_if_drained();
}

Task<void> Gate::drained() {
  // A timer that never fires is what Asio offers as a condition to wait for.
  const auto state = state_;
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer waiter(executor, asio::steady_timer::time_point::max());
  const Listed listed(*state, waiter);
  while (!state->is_drained()) co_await waiter.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace cluse
