// Resumption: what a foreign thread (worker, writer, reader) keeps of a suspended coroutine in order to wake it.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace cluse {

/// Resumes once, always through the coroutine's own executor and never inside the call: the frame is touched by its
/// shard alone. Holds the executor's loop open meanwhile.
/// Thread: any. Requires: the io_context outlives it, so stop the foreign threads before the shards are destroyed.
template <class Handler>
class Resumption {
 public:
  explicit Resumption(Handler handler) : handler_(std::move(handler)), loop_(boost::asio::make_work_guard(handler_)) {}

  template <class Answer>
  void operator()(Answer answer) {
    auto resume = [handler = std::move(handler_), answer = std::move(answer)]() mutable {
      std::move(handler)(std::move(answer));
    };
    boost::asio::post(loop_.get_executor(), std::move(resume));
    loop_.reset();
  }

 private:
  Handler handler_;
  boost::asio::executor_work_guard<typename boost::asio::associated_executor<Handler>::type> loop_;
};

}  // namespace cluse
