// PluginStore: the one SQLite file of a plugin, and everything that is durable about it: its own tables, its jobs, and
// how far it has been told of what happened.
//
// The plugin's SQL runs under an authorizer: no ATTACH, no transactions, no pragmas but those that ask, no extensions,
// and none of the tables that begin with "cluse_", which are the host's. A progress handler ends what is past its time,
// max_page_count what is past the quota. Invariant: between two transactions nothing is open.
#pragma once

#include "server/base/time.h"
#include "server/storage/database.h"
#include "server/storage/file.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct sqlite3;

namespace cluse::storage {

struct PluginStoreOptions {
  std::filesystem::path file;
  std::size_t bytes_max = 64U << 20;  ///< of the file
  std::shared_ptr<const Fd> lock;     ///< held already, by a store of another version of the plugin; null: its own
};

/// Takes the lock of a plugin's database, for one store or several. Code "database_in_use".
[[nodiscard]] Result<std::shared_ptr<const Fd>> lock_plugin_store(const std::filesystem::path& file);

/// A consistent copy of a plugin's database, also while somebody writes to it; `target` must not exist. Blocking.
/// Codes: "plugin_no_data", "storage_full", "storage_error".
[[nodiscard]] Result<void> copy_plugin_store(const std::filesystem::path& file, const std::filesystem::path& target);

inline constexpr std::size_t kPluginSqlBytesMax = 64U << 10;          ///< of one statement
inline constexpr std::size_t kPluginValueBytesMax = 4U << 20;         ///< of one text or blob
inline constexpr std::int64_t kPluginJobsMax = 10'000;                ///< that wait
inline constexpr std::int64_t kPluginEmittedMax = 1'000;              ///< events that are not carried over yet
inline constexpr std::chrono::milliseconds kPluginSqlTimeMax{2'000};  ///< of the statements of one transaction
/// How long a store waits for another of the same file to finish writing. There are two only while versions change.
inline constexpr std::chrono::milliseconds kPluginBusyMax{2'000};

struct PluginMigration {
  std::string name;  ///< of the file: "001_votes.sql"
  std::string sql;
};

struct PluginJob {
  std::int64_t id = 0;
  std::string kind, key;
  Instant at;
  std::int64_t attempts = 0;
  Bytes body;
};

struct PluginObject {
  std::string key;
  Bytes body;
  bool is_removed = false;
};

/// Something the plugin tells others.
struct PluginEmission {
  std::int64_t number = 0;  ///< given by the store
  std::string id;           ///< the same however often it is carried over
  Instant at;
  std::string topic, user;  ///< `user`: whom the plugin acted for; empty: itself
  Bytes body;
};

/// Codes: "plugin_sql_wrong" (invalid), "plugin_sql_refused" (denied), "conflict", "storage_full",
/// "plugin_query_too_slow" (unavailable), "plugin_no_transaction" (gone). Thread: one at a time.
class PluginStore {
 public:
  /// Opens or creates the file. Codes: "database_in_use", "storage_error".
  [[nodiscard]] static Result<std::unique_ptr<PluginStore>> open(const PluginStoreOptions& options);
  ~PluginStore();

  /// Each new one in a transaction of its own, under the authorizer. Codes: "migration_changed" (one that has run is
  /// not what it was, or is gone: `detail` names it), "plugin_migration_failed".
  [[nodiscard]] Result<void> migrate(std::span<const PluginMigration> migrations);
  /// True if migrate() has nothing to do. Code "migration_changed".
  [[nodiscard]] Result<bool> is_migrated(std::span<const PluginMigration> migrations);

  /// Lets go of the file, but not of its lock; nothing else works until `reopen`. Requires: no transaction is open.
  void close();
  [[nodiscard]] Result<void> reopen();

  [[nodiscard]] Result<void> begin(bool write);
  /// One statement; `on_row` answers false to stop ("too_large").
  [[nodiscard]] Result<void> run(std::string_view sql, std::span<const Value> parameters,
                                 const std::function<bool(const Row&)>& on_row);
  [[nodiscard]] Result<void> commit();
  /// Nothing happens without a transaction.
  void rollback();
  [[nodiscard]] bool in_transaction() const { return open_; }

  /// Replaces a job of the same kind and key. Inside a transaction it is part of it. Code "too_many_jobs".
  [[nodiscard]] Result<void> schedule(std::string_view kind, std::string_view key, Instant at, BytesView body);
  /// The next job that is due, if there is one; `next_at` of all that wait.
  [[nodiscard]] Result<std::optional<PluginJob>> due(Instant now);
  [[nodiscard]] Result<std::optional<Instant>> next_at();
  [[nodiscard]] Result<void> finish(const PluginJob& job);
  [[nodiscard]] Result<void> retry(const PluginJob& job, Instant at);
  /// Sets it aside: it is counted, and never run again.
  [[nodiscard]] Result<void> park(const PluginJob& job);
  [[nodiscard]] Result<std::int64_t> parked();

  /// What the plugin lets people find. Inside a transaction it is part of it. A key replaces; `body` is the caller's.
  [[nodiscard]] Result<void> put_object(std::string_view key, BytesView body);
  [[nodiscard]] Result<void> remove_object(std::string_view key);
  /// False: nothing has changed since all was carried over. Costs nothing.
  [[nodiscard]] bool has_objects_to_carry() const { return has_objects_to_carry_; }
  /// Those that were put or removed since they were carried over, at most `max`. Requires: no transaction.
  [[nodiscard]] Result<std::vector<PluginObject>> objects_to_carry(int max);
  /// They are where they belong, and `stamp` says so there and here.
  [[nodiscard]] Result<void> carried(std::span<const PluginObject> objects, std::string_view stamp);
  /// Empty before the first.
  [[nodiscard]] Result<std::string> objects_stamp();
  /// All of them must be carried over anew.
  [[nodiscard]] Result<void> carry_all();

  /// Keeps what the plugin tells others until it is carried over. Inside a transaction it is part of it. Code
  /// "too_many_events".
  [[nodiscard]] Result<void> emit(const PluginEmission& emission);
  /// False: there is nothing to carry over. Costs nothing.
  [[nodiscard]] bool has_emitted() const { return has_emitted_; }
  /// In order, at most `max`. Requires: no transaction.
  [[nodiscard]] Result<std::vector<PluginEmission>> emitted(int max);
  /// Those up to `number` are where others find them.
  [[nodiscard]] Result<void> drop_emitted(std::int64_t number);

  /// The last event of the journal that the plugin was told of; nothing before the first.
  [[nodiscard]] Result<std::optional<std::int64_t>> cursor();
  [[nodiscard]] Result<void> set_cursor(std::int64_t sequence);

 private:
  class Statement;
  explicit PluginStore(PluginStoreOptions options) : options_(std::move(options)) {}
  [[nodiscard]] Result<void> configure();
  [[nodiscard]] Result<void> script(const char* sql);
  [[nodiscard]] Result<std::vector<Row>> ask(std::string_view sql, std::vector<Value> parameters = {});
  /// How many of them have run.
  [[nodiscard]] Result<std::size_t> applied(std::span<const PluginMigration> migrations);
  [[nodiscard]] Result<void> apply(const PluginMigration& migration);
  [[nodiscard]] std::unexpected<Error> error(int code) const;
  static int authorize(void* self, int action, const char* first, const char* second, const char* database,
                       const char* trigger);
  static int on_progress(void* self);

  PluginStoreOptions options_;  ///< with the lock
  sqlite3* handle_ = nullptr;
  bool confined_ = false;  ///< the plugin speaks
  bool open_ = false;
  bool write_ = false;
  bool has_objects_to_carry_ = true;
  bool has_emitted_ = true;
  std::chrono::steady_clock::duration spent_{};
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace cluse::storage
