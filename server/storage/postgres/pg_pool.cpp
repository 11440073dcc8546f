#include "server/storage/postgres/pg_pool.h"

#include "server/base/assert.h"
#include "server/base/log.h"
#include "server/storage/closure.h"

#include <pthread.h>
#include <algorithm>
#include <chrono>
#include <deque>
#include <random>
#include <string>

namespace cluse::storage {
namespace {

using Ticks = std::chrono::steady_clock;
using Kind = SqlError::Kind;

std::string label(const PostgresOptions& options) {
  return "database=\"" + options.name + "\"";
}

double seconds_since(Ticks::time_point start) {
  return std::chrono::duration<double>(Ticks::now() - start).count();
}

/// Two transactions that met should not meet again: a random part of a span that doubles up to 50 ms.
void step_aside(int run) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int span_us = std::min(50'000, 500 << std::min(run, 10));
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution(0, span_us)(random)));
}

/// One run of a closure. `again` says whether another can help.
struct Run {
  Result<void> outcome;
  bool again = false;
};

Run failed(const SqlError& error, bool is_committing) {
  log_warning("statement_failed", {{"error", error.what()}});
  if (error.kind == Kind::serialization) return {std::unexpected(to_error(error)), true};
  // Lost before the COMMIT: nothing was kept. Lost within it: nobody knows.
  if (error.kind == Kind::lost) return {std::unexpected(to_error(error)), !is_committing};
  return {std::unexpected(to_error(error)), false};
}

Run run_once(PgSeat& seat, PgPoolMetrics& metrics, Job<Transaction>& job) {
  bool is_committing = false;
  try {
    PgConnection& connection = seat.connection();
    connection.control("BEGIN ISOLATION LEVEL SERIALIZABLE");
    ClosureTransaction transaction(connection);
    Result<void> outcome = run_closure(connection, job.body, transaction);
    if (transaction.failure() && transaction.failure()->kind != Kind::statement) {
      const Kind kind = transaction.failure()->kind;
      return {std::move(outcome), kind == Kind::serialization || kind == Kind::lost};
    }
    if (!outcome) return {std::move(outcome), false};
    is_committing = true;
    const auto start = Ticks::now();
    if (connection.control("COMMIT") != "COMMIT")
      return {fail(Errc::unavailable, "storage_error", "the transaction was rolled back"), false};
    metrics.commits.add();
    metrics.commit_seconds.observe(seconds_since(start));
    return {};
  } catch (const SqlError& e) {
    return failed(e, is_committing);
  } catch (...) {
    return {std::unexpected(error_of_current_exception()), false};
  }
}

}  // namespace

PgPoolMetrics::PgPoolMetrics(const PostgresOptions& options, Metrics& metrics)
    : commits(metrics.counter("cluse_storage_commits_total", "Commits of the writers", label(options))),
      closures(metrics.counter("cluse_storage_closures_total", "Closures run by the writers", label(options))),
      failures(metrics.counter("cluse_storage_commit_failures_total", "Closures that were given up", label(options))),
      retries(metrics.counter("cluse_storage_retries_total",
                              "Closures run again after a collision or a lost connection", label(options))),
      write_queue(metrics.gauge("cluse_storage_write_queue_closures", "Closures waiting for a writer", label(options))),
      read_queue(metrics.gauge("cluse_storage_read_queue_closures", "Closures waiting for a reader", label(options))),
      commit_seconds(metrics.histogram("cluse_storage_commit_seconds", "Time of a COMMIT", label(options))),
      read_seconds(metrics.histogram("cluse_storage_read_seconds", "Time of a read on its thread", label(options))) {}

PgConnection& PgSeat::connection() {
  if (connection_) return *connection_;
  connection_ = std::make_unique<PgConnection>(options_, role_);
  if (const auto allowed = connected_(); !allowed) {
    connection_.reset();
    throw SqlError(Kind::other, allowed.error().detail);
  }
  return *connection_;
}

void PgSeat::tidy() {
  if (!connection_) return;
  try {
    if (!connection_->is_lost() && connection_->in_transaction()) connection_->control("ROLLBACK");
  } catch (const SqlError& e) {
    log_warning("rollback_failed", {{"error", e.what()}});
  }
  if (connection_->is_lost() || connection_->in_transaction()) connection_.reset();
}

Result<void> run_write(PgSeat& seat, const PostgresOptions& options, PgPoolMetrics& metrics, Job<Transaction>& job) {
  metrics.closures.add();
  const auto give_up = Ticks::now() + options.connect_time_max;
  for (int runs = 1;; ++runs) {
    Run run = run_once(seat, metrics, job);
    seat.tidy();
    if (run.outcome) return run.outcome;
    if (!run.again || runs >= options.runs_max || Ticks::now() >= give_up) {
      if (run.again) metrics.failures.add();
      return run.outcome;
    }
    metrics.retries.add();
    step_aside(runs);
  }
}

Result<void> run_read(PgSeat& seat, PgPoolMetrics& metrics, Job<Snapshot>& job) {
  const auto start = Ticks::now();
  Result<void> outcome;
  for (int runs = 1; runs <= 2; ++runs) {
    try {
      PgConnection& connection = seat.connection();
      connection.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      ClosureSnapshot snapshot(connection);
      outcome = run_closure(connection, job.body, snapshot);
    } catch (...) {
      outcome = std::unexpected(error_of_current_exception());
    }
    seat.tidy();
    // An idle connection may have been lost long ago: once more on a new one.
    if (outcome || outcome.error().code != "storage_unreachable" || seconds_since(start) > 1) break;
  }
  metrics.read_seconds.observe(seconds_since(start));
  return outcome;
}

template <class View>
void PgPool<View>::start(std::vector<PgSeat> seats) {
  for (std::size_t i = 0; i < seats.size(); ++i) {
    threads_.emplace_back([this, i, seat = std::move(seats[i])]() mutable {
      pthread_setname_np(pthread_self(), (std::string(name_) + "-" + std::to_string(i)).c_str());
      work(std::move(seat));
    });
  }
}

template <class View>
void PgPool<View>::submit(Job<View> job) {
  if (const auto pushed = queue_.push(job); !pushed) tell(job.done, pushed);
}

template <class View>
void PgPool<View>::stop() {
  queue_.close();
  for (auto& thread : threads_) {
    CLUSE_ASSERT(thread.get_id() != std::this_thread::get_id(), "a pool cannot wait for itself");
    if (thread.joinable()) thread.join();
  }
}

template <class View>
void PgPool<View>::work(PgSeat seat) {
  std::deque<Job<View>> jobs;
  while (queue_.take(jobs, 1)) {
    tell(jobs.front().done, run_(seat, jobs.front()));
    jobs.clear();
  }
}

template class PgPool<Transaction>;
template class PgPool<Snapshot>;

}  // namespace cluse::storage
