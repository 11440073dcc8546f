#include "server/storage/sqlite/writer.h"

#include "server/base/assert.h"
#include "server/base/log.h"
#include "server/storage/closure.h"

#include <pthread.h>
#include <sqlite3.h>
#include <chrono>
#include <string>

namespace cluse::storage {
namespace {

using Ticks = std::chrono::steady_clock;

// A log of this many times `checkpoint_pages` is checkpointed even by a busy writer …
constexpr int kBusyFactor = 4;
// … and of this many times with a wait for readers to step aside, since the log can start again only without them.
constexpr int kRestartFactor = 16;
constexpr int kRestartWaitMs = 100;
constexpr int kBusyMs = 5000;

std::string label(const SqliteOptions& options) {
  return "database=\"" + options.name + "\"";
}

}  // namespace

Writer::Writer(const SqliteOptions& options, Metrics& metrics)
    : options_(options),
      commits_(metrics.counter("cluse_storage_commits_total", "Commits of the writer", label(options))),
      closures_(metrics.counter("cluse_storage_closures_total", "Closures run by the writer", label(options))),
      failures_(metrics.counter("cluse_storage_commit_failures_total", "Commits that failed", label(options))),
      checkpoints_(metrics.counter("cluse_storage_checkpoints_total", "Checkpoints of the log", label(options))),
      batch_size_(metrics.gauge("cluse_storage_batch_closures", "Closures in the last commit", label(options))),
      wal_pages_gauge_(metrics.gauge("cluse_storage_wal_pages", "Pages in the write-ahead log", label(options))),
      failed_gauge_(metrics.gauge("cluse_storage_failed", "1 once the store refuses to write", label(options))),
      commit_seconds_(metrics.histogram("cluse_storage_commit_seconds", "Time of a COMMIT", label(options))),
      queue_(options.write_queue_max,
             metrics.gauge("cluse_storage_write_queue_closures", "Closures waiting for the writer", label(options))),
      connection_(std::make_unique<Connection>(
          ConnectionOptions{options.file, ConnectionOptions::Role::writer, options.cache_kib, options.vfs})) {
  sqlite3_wal_hook(connection_->handle(), &Writer::on_commit, this);
  // A killed process may leave commits in the log that were never synced. They are visible from here on, so they are
  // made durable first: what was seen is saved.
  checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  if (connection_->fsync_failed()) {
    leave_log_alone();
    throw SqlError(SqlError::Kind::other, "the write-ahead log cannot be synced");
  }
}

Writer::~Writer() {
  stop();
}

void Writer::start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "writer");
    work();
  });
}

void Writer::submit(Job<Transaction> job) {
  const auto refused =
      failed() ? fail(Errc::unavailable, "storage_failed", "the store has failed; the server has to be started again")
               : queue_.push(job);
  if (!refused) tell(job.done, refused);
}

void Writer::stop() {
  CLUSE_ASSERT(thread_.get_id() != std::this_thread::get_id(), "the writer cannot wait for itself");
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Writer::work() {
  std::deque<Job<Transaction>> jobs;
  while (queue_.take(jobs, options_.batch_max)) {
    while (!jobs.empty()) run_batch(jobs);
    checkpoint_if_due();
  }
  if (!failed()) checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  if (connection_->fsync_failed()) leave_log_alone();
  connection_.reset();
}

void Writer::run_batch(std::deque<Job<Transaction>>& jobs) {
  Result<void> begun = begin();
  if (!begun) {
    for (auto& job : std::exchange(jobs, {})) tell(job.done, begun);
    return;
  }
  std::vector<Ran> ran = run_closures(jobs);
  const Result<void> committed = commit(ran.back().outcome);
  closures_.add(ran.size());
  batch_size_.set(static_cast<std::int64_t>(ran.size()));
  for (Ran& one : ran) {
    // A closure that failed by itself keeps its own error; the others share the fate of the commit.
    if (one.outcome && !committed) one.outcome = committed;
    tell(one.done, std::move(one.outcome));
  }
}

Result<void> Writer::begin() {
  if (failed()) return fail(Errc::unavailable, "storage_failed", "the store has failed");
  auto begun = try_control("BEGIN IMMEDIATE");
  if (!begun && connection_->fsync_failed()) enter_failed_state(begun.error());
  return begun;
}

std::vector<Writer::Ran> Writer::run_closures(std::deque<Job<Transaction>>& jobs) {
  const auto end = Ticks::now() + options_.batch_time_max;
  std::vector<Ran> ran;
  do {
    Job<Transaction> job = std::move(jobs.front());
    jobs.pop_front();
    Result<void> outcome = run_in_savepoint(job);
    ran.push_back({std::move(job.done), std::move(outcome)});
  } while (!jobs.empty() && connection_->in_transaction() && Ticks::now() < end);
  return ran;
}

Result<void> Writer::run_in_savepoint(Job<Transaction>& job) {
  try {
    connection_->control("SAVEPOINT closure");
    ClosureTransaction transaction(*connection_);
    Result<void> outcome = run_closure(*connection_, job.body, transaction);
    if (!connection_->in_transaction()) {
      // On a full disk, among others, SQLite rolls everything back by itself; commit() tells the rest of the batch.
      if (outcome) outcome = fail(Errc::unavailable, "batch_rolled_back", "the store rolled the batch back");
      return outcome;
    }
    if (outcome && connection_->has_unresolved_foreign_keys()) {
      outcome = fail(Errc::conflict, "constraint_violated", "a foreign key is unresolved at the end of the closure");
    }
    if (!outcome) connection_->control("ROLLBACK TO closure");
    connection_->control("RELEASE closure");
    return outcome;
  } catch (...) {
    Error error = error_of_current_exception();
    roll_back();  // where a savepoint fails, what the batch holds is unknown
    return std::unexpected(std::move(error));
  }
}

Result<void> Writer::commit(const Result<void>& last) {
  const auto start = Ticks::now();
  Result<void> outcome;
  if (!connection_->in_transaction()) {
    // The last closure ended the batch for all. A full disk is everybody's answer; the rest is its own affair.
    const bool full = !last && last.error().kind == Errc::storage_full;
    outcome = full ? last : fail(Errc::unavailable, "batch_rolled_back", "another closure ended the batch");
  } else if (!connection_->fsync_failed()) {
    outcome = try_control("COMMIT");
  }
  if (connection_->fsync_failed()) {
    outcome = fail(Errc::unavailable, "storage_failed", "an fsync failed");
    enter_failed_state(outcome.error());
  }
  roll_back();
  commit_seconds_.observe(std::chrono::duration<double>(Ticks::now() - start).count());
  (outcome ? commits_ : failures_).add();
  return outcome;
}

Result<void> Writer::try_control(const char* sql) {
  try {
    connection_->control(sql);
    return {};
  } catch (...) {
    return std::unexpected(error_of_current_exception());
  }
}

void Writer::roll_back() {
  // Should this fail, the next BEGIN does too and says so.
  if (connection_->in_transaction()) static_cast<void>(try_control("ROLLBACK"));
}

void Writer::checkpoint_if_due() {
  if (failed()) return;
  // A log that has started again counts from zero.
  if (wal_pages_ < wal_pages_copied_) wal_pages_copied_ = 0;
  const int due = wal_pages_ - wal_pages_copied_;
  const int step = options_.checkpoint_pages;
  if (due < step || (due < step * kBusyFactor && !queue_.is_empty())) return;
  const bool restart = wal_pages_ >= step * kRestartFactor;
  checkpoint(restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE);
  if (connection_->fsync_failed()) {
    enter_failed_state({Errc::unavailable, "storage_failed", "an fsync failed while checkpointing", {}});
  }
}

void Writer::checkpoint(int mode) {
  sqlite3* const handle = connection_->handle();
  int pages = 0;
  int copied = 0;
  if (mode == SQLITE_CHECKPOINT_RESTART) sqlite3_busy_timeout(handle, kRestartWaitMs);
  const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, mode, &pages, &copied);
  sqlite3_busy_timeout(handle, kBusyMs);
  checkpoints_.add();
  if (copied > 0) wal_pages_copied_ = copied;
  if (code == SQLITE_OK || code == SQLITE_BUSY) return;
  // The log still holds everything, so a full disk or a passing error costs nothing but room. Tried again later.
  wal_pages_copied_ = wal_pages_;
  try {
    connection_->raise(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
  } catch (const SqlError& e) {
    log_warning("checkpoint_failed", {{"database", options_.name}, {"error", e.what()}});
  }
}

void Writer::enter_failed_state(const Error& error) {
  if (failed_.exchange(true, std::memory_order_acq_rel)) return;
  failed_gauge_.set(1);
  log_error("storage_failed", {{"database", options_.name}, {"error", error.detail}});
  if (options_.on_failed) options_.on_failed(error);
}

void Writer::leave_log_alone() {
  // Closing would checkpoint otherwise, and trust a log whose fsync has failed.
  sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

int Writer::on_commit(void* self, sqlite3*, const char*, int wal_pages) {
  auto* writer = static_cast<Writer*>(self);
  writer->wal_pages_ = wal_pages;
  writer->wal_pages_gauge_.set(wal_pages);
  return SQLITE_OK;
}

}  // namespace cluse::storage
