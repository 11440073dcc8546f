#include "server/storage/sqlite/readers.h"

#include "server/base/assert.h"
#include "server/storage/closure.h"

#include <pthread.h>
#include <chrono>
#include <deque>
#include <string>

namespace cluse::storage {

Readers::Readers(const SqliteOptions& options, Metrics& metrics)
    : read_time_max_(options.read_time_max),
      read_seconds_(metrics.histogram("cluse_storage_read_seconds", "Time of a read on its thread",
                                      "database=\"" + options.name + "\"")),
      queue_(options.read_queue_max, metrics.gauge("cluse_storage_read_queue_closures", "Closures waiting for a reader",
                                                   "database=\"" + options.name + "\"")) {
  CLUSE_ASSERT(options.readers > 0, "a database has at least one reader");
  const ConnectionOptions reader{options.file, ConnectionOptions::Role::reader, options.cache_kib, options.vfs};
  for (std::size_t i = 0; i < options.readers; ++i) connections_.push_back(std::make_unique<Connection>(reader));
  for (std::size_t i = 0; i < options.readers; ++i) {
    threads_.emplace_back([this, i] {
      pthread_setname_np(pthread_self(), ("reader-" + std::to_string(i)).c_str());
      work(*connections_[i]);
    });
  }
}

Readers::~Readers() {
  stop();
}

void Readers::submit(Job<Snapshot> job) {
  const auto pushed = queue_.push(job);
  if (!pushed) tell(job.done, pushed);
}

void Readers::stop() {
  queue_.close();
  for (auto& thread : threads_) {
    CLUSE_ASSERT(thread.get_id() != std::this_thread::get_id(), "a reader cannot wait for itself");
    if (thread.joinable()) thread.join();
  }
  connections_.clear();
}

void Readers::work(Connection& connection) {
  std::deque<Job<Snapshot>> jobs;
  while (queue_.take(jobs, 1)) {
    tell(jobs.front().done, run(connection, jobs.front()));
    jobs.clear();
  }
}

Result<void> Readers::run(Connection& connection, Job<Snapshot>& job) const {
  const auto start = std::chrono::steady_clock::now();
  connection.set_deadline(start + read_time_max_);
  Result<void> outcome;
  try {
    connection.control("BEGIN");
    ClosureSnapshot snapshot(connection);
    outcome = run_closure(connection, job.body, snapshot);
  } catch (...) {
    outcome = std::unexpected(error_of_current_exception());
  }
  connection.set_deadline(std::chrono::steady_clock::time_point::max());
  try {
    if (connection.in_transaction()) connection.control("ROLLBACK");
  } catch (...) {
    static_cast<void>(error_of_current_exception());
  }
  read_seconds_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return outcome;
}

}  // namespace cluse::storage
