// PostgreSQL: closures run on a pool of connections, each in a SERIALIZABLE transaction of its own that is run again
// when another got into its way. See docs/decisions/0020-postgresql.md.
#pragma once

#include "server/base/metrics.h"
#include "server/base/result.h"
#include "server/storage/database.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace cluse::storage {

struct PostgresOptions {
  std::string connection = {};           ///< as libpq reads it: "host=… dbname=… user=…" or "postgresql://…"
  std::string schema = "cluse";          ///< where the tables are; made if it is not there
  std::size_t writers = 4;               ///< connections that write
  std::size_t readers = 4;               ///< connections that read
  std::size_t write_queue_max = 10'000;  ///< closures waiting; past it Errc::unavailable, code "overloaded"
  std::size_t read_queue_max = 10'000;   ///< the same for reads
  /// Runs of one closure before it is given up as "storage_busy". Each run but the first waits a little longer.
  int runs_max = 30;
  std::chrono::seconds read_time_max{30};     ///< a statement past it is ended: code "query_too_slow"
  std::chrono::seconds connect_time_max{10};  ///< a server that is away for longer fails the closure
  std::string name = "main";                  ///< the `database` label of its metrics
  /// Called once when another server has taken the database over while ours was cut off: exit.
  std::function<void(const Error&)> on_failed = {};
  /// Reads alone, also while a server runs: takes no lock, makes nothing, refuses every write (code "read_only").
  bool inspect = false;
};

/// Connects and makes the schema. Refused, with words that say what to do: a server before 15 ("postgres_too_old"), an
/// encoding or collation that sorts otherwise than SQLite ("postgres_collation"), fsync switched off
/// ("postgres_not_durable"), a schema that a running server uses ("database_in_use"), no server
/// ("storage_unreachable"). Thread: not a shard (blocks).
[[nodiscard]] Result<std::unique_ptr<Database>> open_postgres(const PostgresOptions& options, Metrics& metrics);

}  // namespace cluse::storage
