// The template half of workers.h; include that instead.
#pragma once

#include "server/async/resume.h"
#include "server/async/workers.h"
#include "server/base/log.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace cluse {

namespace workers_detail {

template <class T>
struct AsResult {
  using type = Result<T>;
};
template <class T>
struct AsResult<Result<T>> {
  using type = Result<T>;
};

/// What `work` answers, with exceptions turned into errors: this is the boundary of a job.
template <class Answer, class F>
Answer run_guarded(F& work) {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const std::exception& e) {
    log_error("worker_failed", {{"error", e.what()}});
    return fail(Errc::internal, "internal", e.what());
  } catch (...) {
    log_error("worker_failed", {{"error", "not a std::exception"}});
    return fail(Errc::internal, "internal");
  }
}

}  // namespace workers_detail

// Not a coroutine itself: async_initiate makes the awaitable, so that no compiler copies `work` between two frames.
template <class F>
auto Workers::run(F work) {
  using Answer = typename workers_detail::AsResult<std::invoke_result_t<F&>>::type;
  auto initiate = [this](auto handler, F job) {
    // Shared, as the caller has to be answered too when the queue refuses the job.
    auto resume = std::make_shared<Resumption<decltype(handler)>>(std::move(handler));
    auto call = [resume, body = std::make_unique<F>(std::move(job))]() mutable {
      auto answer = workers_detail::run_guarded<Answer>(*body);
      body.reset();  // the captures die before the caller goes on
      (*resume)(std::move(answer));
    };
    if (!submit(std::move(call))) (*resume)(Answer(fail(Errc::unavailable, "overloaded", "the workers are full")));
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Answer)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(work));
}

}  // namespace cluse
