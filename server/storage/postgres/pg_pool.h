// PgPool: threads, each with a connection of its own, that run closures from one queue. A connection that is lost is
// made anew, and the closure that it was lost under runs again, unless its COMMIT was already under way.
#pragma once

#include "server/base/metrics.h"
#include "server/storage/job_queue.h"
#include "server/storage/postgres/pg_connection.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace cluse::storage {

/// What a thread of the pool holds: a connection, while there is one. Thread: its own.
class PgSeat {
 public:
  /// `connected`: called after each connection that is made; its error fails the closure.
  PgSeat(const PostgresOptions& options, PgConnection::Role role, std::function<Result<void>()> connected)
      : options_(options), role_(role), connected_(std::move(connected)) {}

  /// Connects if need be. Throws SqlError, kind `lost`.
  PgConnection& connection();
  /// Ends what a failure left open; drops a connection that is lost.
  void tidy();

 private:
  const PostgresOptions& options_;
  const PgConnection::Role role_;
  const std::function<Result<void>()> connected_;
  std::unique_ptr<PgConnection> connection_;
};

struct PgPoolMetrics {
  PgPoolMetrics(const PostgresOptions& options, Metrics& metrics);
  Counter &commits, &closures, &failures, &retries;
  Gauge &write_queue, &read_queue;
  Histogram &commit_seconds, &read_seconds;
};

/// Runs `job` in a SERIALIZABLE transaction, again while others get into its way. Never throws.
[[nodiscard]] Result<void> run_write(PgSeat& seat, const PostgresOptions& options, PgPoolMetrics& metrics,
                                     Job<Transaction>& job);
/// Runs `job` on one consistent view. Never throws.
[[nodiscard]] Result<void> run_read(PgSeat& seat, PgPoolMetrics& metrics, Job<Snapshot>& job);

/// Thread: `submit` from any; the rest from its owner's.
template <class View>
class PgPool {
 public:
  using Run = std::function<Result<void>(PgSeat&, Job<View>&)>;

  PgPool(const char* name, std::size_t queue_max, Gauge& depth, Run run)
      : name_(name), run_(std::move(run)), queue_(queue_max, depth) {}
  ~PgPool() { stop(); }

  void start(std::vector<PgSeat> seats);
  void submit(Job<View> job);
  /// Finishes what was submitted and refuses the rest.
  void stop();

 private:
  void work(PgSeat seat);

  // Fixed at construction
  const char* const name_;
  const Run run_;
  // Synchronises itself
  JobQueue<View> queue_;
  // The owner's
  std::vector<std::thread> threads_;
};

}  // namespace cluse::storage
