// The template half of database.h; include that instead.
#pragma once

#include "server/async/resume.h"
#include "server/storage/database.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace cluse::storage {

namespace database_detail {

/// One call on its way through a foreign thread: the closure, then its answer. The two callbacks share it.
template <class View, class F, class Reply>
struct Call {
  using Answer = std::invoke_result_t<const F&, View&>;

  Call(F closure, Reply reply_to) : body(std::move(closure)), reply(std::move(reply_to)) {}

  Result<void> run(View& view) {
    answer.emplace(std::as_const(*body)(view));
    if (!*answer) return std::unexpected(answer->error());
    return {};
  }

  void finish(Result<void> outcome) {
    body.reset();  // the captures die before the caller goes on
    if (outcome) {
      reply(std::move(*answer));
    } else {
      reply(Answer(std::unexpected(std::move(outcome).error())));
    }
  }

  std::optional<F> body;
  Reply reply;
  std::optional<Answer> answer;
};

/// Hands `body` to `submit(run, done)` and its answer to `reply`.
template <class View, class F, class Reply, class Submit>
void start(F body, Reply reply, Submit submit) {
  auto call = std::make_shared<Call<View, F, Reply>>(std::move(body), std::move(reply));
  submit([call](View& view) { return call->run(view); },
         [call](Result<void> outcome) { call->finish(std::move(outcome)); });
}

/// Not a coroutine itself: async_initiate makes the awaitable, so that no compiler copies `body` between two frames.
template <class View, class F, class Submit>
auto await(F body, Submit submit) {
  using Answer = std::invoke_result_t<const F&, View&>;
  auto initiate = [](auto handler, F closure, Submit hand_over) {
    start<View>(std::move(closure), Resumption<decltype(handler)>(std::move(handler)), std::move(hand_over));
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Answer)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(body), std::move(submit));
}

template <class View, class F, class Submit>
auto block(F body, Submit submit) {
  using Answer = std::invoke_result_t<const F&, View&>;
  std::promise<Answer> promise;
  auto future = promise.get_future();
  start<View>(
      std::move(body), [promise = std::move(promise)](Answer answer) mutable { promise.set_value(std::move(answer)); },
      std::move(submit));
  return future.get();
}

}  // namespace database_detail

template <class F>
auto Database::write(F body) -> Task<std::invoke_result_t<const F&, Transaction&>> {
  return database_detail::await<Transaction>(
      std::move(body), [this](auto run, auto done) { submit_write(std::move(run), std::move(done)); });
}

template <class F>
auto Database::read(F body) -> Task<std::invoke_result_t<const F&, Snapshot&>> {
  return database_detail::await<Snapshot>(
      std::move(body), [this](auto run, auto done) { submit_read(std::move(run), std::move(done)); });
}

template <class F>
auto Database::write_now(F body) -> std::invoke_result_t<const F&, Transaction&> {
  return database_detail::block<Transaction>(
      std::move(body), [this](auto run, auto done) { submit_write(std::move(run), std::move(done)); });
}

template <class F>
auto Database::read_now(F body) -> std::invoke_result_t<const F&, Snapshot&> {
  return database_detail::block<Snapshot>(
      std::move(body), [this](auto run, auto done) { submit_read(std::move(run), std::move(done)); });
}

}  // namespace cluse::storage
