// Connection: one SQLite connection with its prepared statements. SQLiteCpp's exceptions end here and become SqlError.
#pragma once

#include "server/storage/database.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluse::storage {

struct ConnectionOptions {
  /// writer: the only one that changes the file; reader: opened read-only, and query_only besides; inspector: read-only
  /// without the limits of a reader, for backup and check; copy: fills a new file that is nobody's database yet.
  enum class Role { writer, reader, inspector, copy };
  std::filesystem::path file;
  Role role = Role::reader;
  int cache_kib = 4096;
  std::string vfs = {};
};

/// Invariant: between two calls no statement is under way. Thread: one at a time (made on one, used on another).
class Connection {
 public:
  explicit Connection(const ConnectionOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] std::vector<Row> all(std::string_view sql, Parameters parameters = {});
  /// Rows changed by the statement itself.
  std::int64_t run(std::string_view sql, Parameters parameters = {});
  void script(std::string_view sql);
  [[nodiscard]] std::vector<Table> tables();
  void defer_references() { script("PRAGMA defer_foreign_keys=ON"); }
  /// A statement of the owner (BEGIN, COMMIT, …). Prepared apart: closures would find it past the authorizer otherwise.
  void control(const char* sql);

  /// Fills this file with the pages of `source`, all in one step: a snapshot of the log, which neither waits for the
  /// writer nor holds it up.
  void copy_from(Connection& source);

  /// False also after SQLite has ended the transaction by itself, as it does on a full disk.
  [[nodiscard]] bool in_transaction() const;
  /// True if a deferred foreign key is unresolved, which would make the COMMIT of the whole batch fail.
  [[nodiscard]] bool has_unresolved_foreign_keys() const;
  /// An fsync has failed at some time: nothing written since can be trusted.
  [[nodiscard]] bool fsync_failed() const { return fsync_failed_; }

  /// While on, transactions, attached files and pragmas are out of reach: they belong to the writer, not to closures.
  void confine(bool on) { confined_ = on; }
  /// Statements end with SQLITE_INTERRUPT past `end`.
  void set_deadline(std::chrono::steady_clock::time_point end) { deadline_ = end; }

  [[nodiscard]] sqlite3* handle() const { return database_.getHandle(); }
  /// Throws what SQLite's `code` means.
  [[noreturn]] void raise(int code, const char* words);

 private:
  static constexpr std::size_t kStatementsMax = 256;
  struct Cached {
    std::string sql;
    SQLite::Statement statement;
  };
  using Cache = std::list<Cached>;
  class Use;

  void configure(const ConnectionOptions& options);
  SQLite::Statement& prepared(std::string_view sql);
  static int authorize(void* self, int action, const char* first, const char* second, const char*, const char*);
  static int on_progress(void* self);

  SQLite::Database database_;
  Cache statements_;                                                  // the most recently used first
  std::unordered_map<std::string_view, Cache::iterator> by_sql_;      // the keys live in statements_
  std::unordered_map<std::string_view, SQLite::Statement> controls_;  // the keys are literals
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  bool confined_ = false;
  bool fsync_failed_ = false;
};

}  // namespace cluse::storage
