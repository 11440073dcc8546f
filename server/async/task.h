// Task<T>: a coroutine that runs on a shard. Write coroutines as named functions or members whose parameters are
// values; never hand a capturing lambda coroutine to co_spawn (its captures die before it does).
#pragma once

#include <boost/asio/awaitable.hpp>

namespace cluse {

template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace cluse
