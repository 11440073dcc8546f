// Writer: the one thread with the one connection that changes the file.
//
// Invariants:
//  1. Nothing else writes to the database or its write-ahead log, and nothing else checkpoints.
//  2. A closure is acknowledged (`done` without an error) only after the COMMIT that contains it has been synced.
//  3. After a failed fsync nothing is acknowledged any more, and the file is left as it is: no commit, no checkpoint.
#pragma once

#include "server/storage/job_queue.h"
#include "server/storage/sqlite/connection.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <atomic>
#include <deque>
#include <thread>
#include <vector>

namespace cluse::storage {

/// Thread: `submit`, `failed` any; `start`, `stop` the owner's.
class Writer {
 public:
  /// Opens (or creates) the file, recovers its log, and makes durable what it shows. Throws SqlError.
  Writer(const SqliteOptions& options, Metrics& metrics);
  ~Writer();

  void start();
  void submit(Job<Transaction> job);
  /// Finishes what was submitted, checkpoints and closes. Requires: the readers are closed.
  void stop();
  [[nodiscard]] bool failed() const { return failed_.load(std::memory_order_acquire); }

 private:
  struct Ran {
    std::move_only_function<void(Result<void>)> done;
    Result<void> outcome;
  };

  void work();
  void run_batch(std::deque<Job<Transaction>>& jobs);
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] std::vector<Ran> run_closures(std::deque<Job<Transaction>>& jobs);
  [[nodiscard]] Result<void> run_in_savepoint(Job<Transaction>& job);
  [[nodiscard]] Result<void> commit(const Result<void>& last);
  [[nodiscard]] Result<void> try_control(const char* sql);
  void roll_back();
  void checkpoint_if_due();
  void checkpoint(int mode);
  void enter_failed_state(const Error& error);
  void leave_log_alone();
  static int on_commit(void* self, sqlite3*, const char*, int wal_pages);

  // Fixed at construction
  const SqliteOptions options_;
  Counter& commits_;
  Counter& closures_;
  Counter& failures_;
  Counter& checkpoints_;
  Gauge& batch_size_;
  Gauge& wal_pages_gauge_;
  Gauge& failed_gauge_;
  Histogram& commit_seconds_;
  JobQueue<Transaction> queue_;

  // Writer's thread only (the owner's before start)
  std::unique_ptr<Connection> connection_;
  int wal_pages_ = 0;
  int wal_pages_copied_ = 0;

  std::atomic<bool> failed_ = false;
  std::thread thread_;
};

}  // namespace cluse::storage
