// Task<T>: a coroutine that runs on a shard. Write coroutines as named functions or members whose parameters are
// values; never hand a capturing lambda coroutine to co_spawn (its captures die before it does).
// Inside a co_await expression write no closure that captures a string or anything else with a destructor: g++ 12
// copies it byte by byte and destroys it twice. Name it on the line before and move it in.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace cluse {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace cluse
