// Readers: threads with a read-only connection each. Every read is one transaction, and so one consistent view.
#pragma once

#include "server/storage/job_queue.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <thread>
#include <vector>

namespace cluse::storage {

/// Thread: `submit` any; `stop` the owner's.
class Readers {
 public:
  /// Requires: the writer has opened the file. Throws SqlError.
  Readers(const SqliteOptions& options, Metrics& metrics);
  ~Readers();

  void submit(Job<Snapshot> job);
  /// Finishes what was submitted and closes the connections.
  void stop();

 private:
  void work(Connection& connection);
  [[nodiscard]] Result<void> run(Connection& connection, Job<Snapshot>& job) const;

  // Fixed at construction
  const std::chrono::seconds read_time_max_;
  Histogram& read_seconds_;
  JobQueue<Snapshot> queue_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::thread> threads_;
};

}  // namespace cluse::storage
