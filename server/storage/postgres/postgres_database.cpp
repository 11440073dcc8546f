#include "server/storage/postgres/postgres_database.h"

#include "server/base/log.h"
#include "server/storage/closure.h"
#include "server/storage/postgres/pg_pool.h"

#include <atomic>
#include <mutex>
#include <utility>

namespace cluse::storage {
namespace {

constexpr int kOldest = 150'000;

Result<void> check_server(PgConnection& connection) {
  const Row row = connection
                      .all(
                          "SELECT current_setting('server_version_num')::int, current_setting('fsync'), "
                          "pg_encoding_to_char(encoding), datcollate, datlocprovider::text "
                          "FROM pg_database WHERE datname = current_database()")
                      .at(0);
  if (row.integer(0) < kOldest)
    return fail(Errc::invalid, "postgres_too_old",
                "PostgreSQL 15 or later is needed, this is " + std::to_string(row.integer(0)));
  if (row.text(1) != "on")
    return fail(Errc::invalid, "postgres_not_durable", "fsync is off in this PostgreSQL: what is saved could be lost");
  const std::string& collation = row.text(3);
  const bool sorts_by_bytes = row.text(4) != "i" && (collation == "C" || collation == "POSIX" ||
                                                     collation == "C.UTF-8" || collation == "C.utf8");
  if (row.text(2) != "UTF8" || !sorts_by_bytes)
    return fail(Errc::invalid, "postgres_collation",
                "the database sorts by " + collation + " in " + row.text(2) +
                    "; make it with: CREATE DATABASE cluse TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' "
                    "LC_CTYPE 'C.UTF-8'");
  return {};
}

void make_schema(PgConnection& connection, const std::string& schema) {
  if (connection.all("SELECT 1 FROM pg_namespace WHERE nspname = ?", {schema}).empty())
    connection.script("CREATE SCHEMA " + quote_identifier(schema));
  const auto domain = connection.all(
      "SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
      "WHERE n.nspname = ? AND t.typname = 'blob'",
      {schema});
  if (domain.empty()) connection.script("CREATE DOMAIN blob AS bytea");
}

/// Keeps every other server away from the schema, by a lock that lives as long as its connection. Thread: any.
class PgLock {
 public:
  explicit PgLock(const PostgresOptions& options) : options_(options) {}

  /// Takes the lock if it is not held (any more). Code: "database_in_use".
  Result<void> hold() {
    const std::lock_guard guard(mutex_);
    try {
      if (connection_ && is_alive()) return {};
      connection_ = std::make_unique<PgConnection>(options_, PgConnection::Role::writer);
      // Where the network was cut, the server may not have noticed yet that our former connection is gone.
      if (process_ != 0) static_cast<void>(connection_->all("SELECT pg_terminate_backend(?::int, 5000)", {process_}));
      process_ = 0;
      const Row taken = connection_
                            ->all("SELECT pg_try_advisory_lock(hashtextextended(?, 0)), pg_backend_pid()",
                                  {"cluse " + options_.schema})
                            .at(0);
      if (taken.flag(0)) {
        process_ = taken.integer(1);
        return {};
      }
      connection_.reset();
      return fail(Errc::conflict, "database_in_use", "another server runs on schema " + options_.schema);
    } catch (const SqlError& e) {
      connection_.reset();
      return std::unexpected(to_error(e));
    }
  }

  void release() {
    const std::lock_guard guard(mutex_);
    connection_.reset();
    process_ = 0;
  }

 private:
  bool is_alive() {
    try {
      connection_->control("SELECT 1");
      return true;
    } catch (const SqlError&) {
      return false;
    }
  }

  // Fixed at construction
  const PostgresOptions& options_;
  // Guarded by mutex_
  std::mutex mutex_;
  std::unique_ptr<PgConnection> connection_;
  std::int64_t process_ = 0;  ///< of the server, that serves the connection which holds the lock; 0 if none
};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(const PostgresOptions& options, Metrics& metrics)
      : options_(options),
        metrics_(options_, metrics),
        failed_gauge_(metrics.gauge("cluse_storage_failed", "1 once the store refuses to write",
                                    "database=\"" + options.name + "\"")),
        lock_(options_),
        writers_("pg-writer", options_.write_queue_max, metrics_.write_queue,
                 [this](PgSeat& seat, Job<Transaction>& job) { return write_one(seat, job); }),
        readers_("pg-reader", options_.read_queue_max, metrics_.read_queue,
                 [this](PgSeat& seat, Job<Snapshot>& job) { return run_read(seat, metrics_, job); }) {}
  ~PostgresDatabase() override { PostgresDatabase::stop(); }

  Result<void> start() {
    try {
      PgConnection connection(options_, PgConnection::Role::writer);
      CLUSE_CHECK(check_server(connection));
      CLUSE_CHECK(confirm_lock());
      if (!options_.inspect) make_schema(connection, options_.schema);
    } catch (const SqlError& e) {
      return std::unexpected(to_error(e));
    }
    if (!options_.inspect) writers_.start(seats(options_.writers, PgConnection::Role::writer));
    readers_.start(seats(options_.readers, PgConnection::Role::reader));
    return {};
  }

  void submit_write(std::move_only_function<Result<void>(Transaction&)> body,
                    std::move_only_function<void(Result<void>)> done) override {
    if (options_.inspect) return tell(done, fail(Errc::denied, "read_only", "opened for inspection"));
    writers_.submit({std::move(body), std::move(done)});
  }
  void submit_read(std::move_only_function<Result<void>(Snapshot&)> body,
                   std::move_only_function<void(Result<void>)> done) override {
    readers_.submit({std::move(body), std::move(done)});
  }
  [[nodiscard]] bool failed() const override { return failed_; }
  void stop() override {
    readers_.stop();
    writers_.stop();
    lock_.release();
  }

 private:
  std::vector<PgSeat> seats(std::size_t count, PgConnection::Role role) {
    std::vector<PgSeat> seats;
    for (std::size_t i = 0; i < count; ++i) seats.emplace_back(options_, role, [this] { return confirm_lock(); });
    return seats;
  }

  Result<void> write_one(PgSeat& seat, Job<Transaction>& job) {
    if (failed_) return fail(Errc::unavailable, "storage_failed", "another server has taken the database over");
    return run_write(seat, options_, metrics_, job);
  }

  /// After a lost connection the lock may be lost as well, and somebody else may have taken it.
  Result<void> confirm_lock() {
    if (options_.inspect) return {};
    auto held = lock_.hold();
    if (!held && held.error().code == "database_in_use" && !failed_.exchange(true)) {
      failed_gauge_.set(1);
      log_error("storage_failed", {{"database", options_.name}, {"error", held.error().detail}});
      if (options_.on_failed) options_.on_failed(held.error());
    }
    return held;
  }

  // Fixed at construction
  const PostgresOptions options_;
  PgPoolMetrics metrics_;
  Gauge& failed_gauge_;
  // Synchronise themselves
  std::atomic<bool> failed_ = false;
  PgLock lock_;
  PgPool<Transaction> writers_;
  PgPool<Snapshot> readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options, Metrics& metrics) {
  auto database = std::make_unique<PostgresDatabase>(options, metrics);
  if (auto started = database->start(); !started) {
    log_error("database_not_opened", {{"code", std::string(started.error().code)}, {"error", started.error().detail}});
    return std::unexpected(std::move(started).error());
  }
  return database;
}

}  // namespace cluse::storage
