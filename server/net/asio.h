// The names of Asio that net uses. Beast itself is included by request_reader.cpp and websocket.cpp alone: it is what
// takes long to compile.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace cluse::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;
using TimePoint = SteadyClock::time_point;

/// An expected end is a branch and not an exception: `auto [error, bytes] = co_await …(kAwait);`
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace cluse::net
