// Time in coroutines: waiting, and giving up. Boost 1.81 has no cancel_after, so the race is written out here.
#pragma once

#include "server/async/task.h"
#include "server/base/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace cluse {

/// Resumes after `duration`, or at once with an exception if the coroutine is cancelled. Thread: a shard.
inline Task<void> sleep_for(std::chrono::steady_clock::duration duration) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

/// The answer of `work`, or Errc::unavailable with the code "deadline_exceeded" once `duration` is over; `work` is then
/// cancelled and has ended when this resumes. What cannot be cancelled (a worker's job, a write) is waited for: a
/// deadline never leaves anything behind that refers to a dead frame. Thread: a shard.
template <class T>
Task<Result<T>> with_timeout(Task<Result<T>> work, std::chrono::steady_clock::duration duration) {
  using boost::asio::experimental::awaitable_operators::operator||;
  Task<void> limit = sleep_for(duration);
  Task<std::variant<Result<T>, std::monostate>> race = std::move(work) || std::move(limit);
  std::variant<Result<T>, std::monostate> first = co_await std::move(race);
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  co_return std::unexpected(Error{Errc::unavailable, "deadline_exceeded", {}, {}});
}

}  // namespace cluse
