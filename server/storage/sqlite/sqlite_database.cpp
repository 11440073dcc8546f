#include "server/storage/sqlite/sqlite_database.h"

#include "server/base/log.h"
#include "server/storage/closure.h"
#include "server/storage/file.h"
#include "server/storage/sqlite/lock_file.h"
#include "server/storage/sqlite/log_rewrite.h"
#include "server/storage/sqlite/maintenance.h"
#include "server/storage/sqlite/readers.h"
#include "server/storage/sqlite/writer.h"

#include <utility>

namespace cluse::storage {
namespace {

/// Owns, in the order of opening: the lock, the writer, the readers. Closed the other way round.
class SqliteDatabase final : public Database, public Inspectable {
 public:
  SqliteDatabase(const SqliteOptions& options, Metrics& metrics, Fd lock)
      : options_(options), lock_(std::move(lock)), writer_(options, metrics), readers_(options, metrics) {
    writer_.start();
  }
  ~SqliteDatabase() override { SqliteDatabase::stop(); }

  void submit_write(std::move_only_function<Result<void>(Transaction&)> body,
                    std::move_only_function<void(Result<void>)> done) override {
    writer_.submit({std::move(body), std::move(done)});
  }
  void submit_read(std::move_only_function<Result<void>(Snapshot&)> body,
                   std::move_only_function<void(Result<void>)> done) override {
    readers_.submit({std::move(body), std::move(done)});
  }
  [[nodiscard]] bool failed() const override { return writer_.failed(); }

  void stop() override {
    // The readers go first: the last connection to close tidies the log away, and that is the writer's to do.
    readers_.stop();
    writer_.stop();
    lock_ = Fd();
  }

  [[nodiscard]] ConnectionOptions inspector() const override {
    return {options_.file, ConnectionOptions::Role::inspector, options_.cache_kib, options_.vfs};
  }

 private:
  const SqliteOptions options_;
  Fd lock_;
  Writer writer_;
  Readers readers_;
};

std::filesystem::path directory_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options, Metrics& metrics) {
  CLUSE_TRY(lock, lock_database(options.file));
  CLUSE_CHECK(create_private(options.file));  // SQLite gives the log and its index the mode of this file
  try {
    rewrite_log(options);
    std::unique_ptr<Database> database = std::make_unique<SqliteDatabase>(options, metrics, std::move(lock));
    // Without this the name of a new file may be lost with the power, and every commit with it.
    CLUSE_CHECK(sync_directory(directory_of(options.file)));
    return database;
  } catch (const SqlError& e) {
    log_error("database_not_opened", {{"file", options.file.string()}, {"error", e.what()}});
    Error error = to_error(e);
    if (error.kind == Errc::storage_full) {
      error.detail = directory_of(options.file).string() + ": the disk is full; make room there and start again";
    }
    return std::unexpected(std::move(error));
  }
}

}  // namespace cluse::storage
