// What every connection of one server shares.
#pragma once

#include "server/net/addresses.h"
#include "server/net/net_metrics.h"
#include "server/net/request_reader.h"
#include "server/net/server.h"
#include "server/net/static_files.h"
#include "server/net/tls.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

namespace cluse::net {

/// Something that stopping has to reach. Thread: its shard.
class Stoppable {
 public:
  virtual ~Stoppable() = default;
  /// First step: finish what is under way, then end.
  virtual void say_goodbye() = 0;
  /// Second step: end now.
  virtual void cut() = 0;
  /// Keeps it alive while it is told.
  [[nodiscard]] virtual std::shared_ptr<Stoppable> hold() = 0;
};

/// Counts what still uses the handler. Thread: any.
class Living {
 public:
  /// Counts one while alive.
  class Token {
   public:
    explicit Token(Living& living) : living_(&living) { living.add(1); }
    Token(Token&& other) noexcept : living_(std::exchange(other.living_, nullptr)) {}
    Token& operator=(Token&&) = delete;
    ~Token() {
      if (living_ != nullptr) living_->add(-1);
    }

   private:
    Living* living_;
  };

  [[nodiscard]] std::ptrdiff_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  /// False if some still live after `timeout`.
  bool wait_until_none(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, timeout, [&] { return count_ == 0; });
  }

 private:
  void add(std::ptrdiff_t n) {
    const std::lock_guard lock(mutex_);
    count_ += n;
    if (count_ == 0) none_.notify_all();
  }

  // Guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::ptrdiff_t count_ = 0;
};

/// One of the connections that are allowed. Movable, so that it can travel to its shard.
class Admission {
 public:
  Admission(Addresses::Seat seat, Living& living, Gauge& connections)
      : token_(living), connections_(&connections), seat_(std::move(seat)) {
    connections.add(1);
  }
  Admission(Admission&& other) noexcept
      : token_(std::move(other.token_)),
        connections_(std::exchange(other.connections_, nullptr)),
        seat_(std::move(other.seat_)) {}
  Admission& operator=(Admission&&) = delete;
  ~Admission() {
    if (connections_ != nullptr) connections_->add(-1);
  }

 private:
  Living::Token token_;  // goes last: the server waits for it
  Gauge* connections_;
  Addresses::Seat seat_;
};

/// Owned by everything that lives: the server, the listener, each connection.
struct Services {
  Services(ServerOptions the_options, Shards& the_shards, Workers& the_workers, Handler& the_handler,
           Metrics& the_metrics)
      : options(std::move(the_options)),
        shards(the_shards),
        workers(the_workers),
        handler(the_handler),
        site(options.static_directory),
        metrics(the_metrics),
        addresses(std::make_shared<Addresses>(options.limits, options.trusted_proxies)),
        connections_of_shard(the_shards.size()) {}

  [[nodiscard]] HeadLimits head_limits() const {
    return {options.limits.header_bytes_max, options.limits.target_bytes_max, options.limits.headers_max};
  }

  // Fixed once started
  const ServerOptions options;
  Shards& shards;
  Workers& workers;
  Handler& handler;
  std::unique_ptr<Certificates> certificates;  ///< null: no TLS
  // Safe from any thread
  StaticSite site;
  NetMetrics metrics;
  const std::shared_ptr<Addresses> addresses;
  std::atomic<bool> is_stopping = false;
  Living living;
  // Each element: its shard only
  std::vector<std::unordered_set<Stoppable*>> connections_of_shard;
};

}  // namespace cluse::net
