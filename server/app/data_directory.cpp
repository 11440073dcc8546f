#include "server/app/data_directory.h"

#include "server/base/metrics.h"
#include "server/domain/content/content.h"
#include "server/domain/schema.h"
#include "server/plugin/uploads.h"
#include "server/storage/blobs.h"
#include "server/storage/migrations.h"
#include "server/storage/sqlite/sqlite_copy.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>

namespace cluse::app {
namespace fs = std::filesystem;
namespace {

// Moving and checking read everything once: longer than any request may.
constexpr std::chrono::hours kWholeRead{24};

Result<void> require_database(const DataDirectory& data) {
  if (data.postgres || fs::exists(data.database())) return {};
  return fail(Errc::not_found, "data_missing", "there is no database at " + data.database().string());
}

/// Copies every file of the blob store that `target` lacks. Blobs never change, so a name says what is inside.
Result<BackupReport> copy_blobs(const fs::path& source, const fs::path& target) {
  BackupReport report;
  storage::Blobs from(source);
  storage::Blobs to(target);
  for (const std::string& name : from.audit().names) {
    CLUSE_TRY(bytes, from.get(name));
    CLUSE_TRY(stored, to.put(bytes));
    if (stored != name) return fail(Errc::internal, "blob_damaged", name);
    ++report.blobs;
    report.bytes += bytes.size();
  }
  return report;
}

}  // namespace

Result<void> inspect(const DataDirectory& data, const std::function<Result<void>(storage::Snapshot&)>& body) {
  if (!data.postgres) return storage::inspect_sqlite(data.database(), body);
  Metrics metrics;
  storage::PostgresOptions options = *data.postgres;
  options.inspect = true;
  options.readers = 1;
  options.read_time_max = kWholeRead;
  CLUSE_TRY(database, storage::open_postgres(options, metrics));
  return database->read_now([&](storage::Snapshot& snapshot) { return body(snapshot); });
}

namespace {

Result<void> copy_database(const DataDirectory& source, const DataDirectory& target) {
  if (!source.postgres && !target.postgres) return storage::copy_sqlite(source.database(), target.database());
  Metrics metrics;
  CLUSE_TRY(database, open_store(target, metrics));
  const auto copied = inspect(source, [&](storage::Snapshot& from) -> Result<void> {
    return database->write_now([&](storage::Transaction& to) -> Result<void> {
      CLUSE_CHECK(storage::copy_tables(from, to));
      return {};
    });
  });
  database->stop();
  return copied;
}

// Files and decisions as they are; databases through SQLite, since their servers may be writing.
Result<void> copy_plugins(const fs::path& source, const fs::path& target, BackupReport& report) {
  std::error_code error;
  if (!fs::exists(source, error)) return {};
  fs::create_directories(target, error);
  for (const auto& entry : fs::directory_iterator(source, error)) {
    const fs::path to = target / entry.path().filename();
    const std::string name = entry.path().filename();
    std::error_code failed;
    // What is being installed, and what somebody has not decided about yet.
    if (name == plugin::kUploadsFolder || name.ends_with(".new")) continue;
    if (entry.is_directory() || name.ends_with(".state.toml") || name.ends_with(".signer")) {
      fs::copy(entry.path(), to, fs::copy_options::recursive | fs::copy_options::skip_symlinks, failed);
      if (failed) return fail(Errc::storage_full, "storage_full", to.string() + ": " + failed.message());
    } else if (name.ends_with(".db")) {
      CLUSE_CHECK(storage::copy_sqlite(entry.path(), to));
      report.bytes += fs::file_size(to, failed);
    }
  }
  return {};
}

Result<BackupReport> copy_all(const DataDirectory& source, const DataDirectory& target) {
  std::error_code error;
  fs::create_directories(target.path, error);
  if (error) return fail(Errc::storage_full, "storage_full", error.message());
  // The database first: every file it names was there before its row, so it will be among those copied after.
  CLUSE_CHECK(copy_database(source, target));
  CLUSE_TRY(report, copy_blobs(source.blobs(), target.blobs()));
  CLUSE_CHECK(copy_plugins(source.plugins(), target.plugins(), report));
  if (!target.postgres) report.bytes += fs::file_size(target.database(), error);
  // Absent where no server has run yet. The copy keeps its mode.
  if (fs::exists(source.key(), error) && !fs::copy_file(source.key(), target.key(), error))
    return fail(Errc::storage_full, "storage_full", target.key().string() + ": " + error.message());
  return report;
}

bool is_empty_or_absent(const fs::path& path) {
  std::error_code error;
  return !fs::exists(path, error) || (fs::is_directory(path, error) && fs::is_empty(path, error));
}

void check_documents(storage::Snapshot& snapshot, CheckReport& report) {
  for (const storage::Row& row : snapshot.all("SELECT DISTINCT room FROM collab_update ORDER BY room")) {
    ++report.documents;
    const auto document = domain::content::load(snapshot, row.text(0));
    if (!document) report.complaints.push_back("document " + row.text(0) + ": " + document.error().detail);
  }
}

void check_blobs(storage::Snapshot& snapshot, const DataDirectory& data, CheckReport& report) {
  const storage::Blobs::Audit audit = storage::Blobs(data.blobs()).audit();
  report.blobs = audit.names.size();
  for (const std::string& name : audit.damaged)
    report.complaints.push_back("file " + name + ": its bytes have changed");
  const std::set<std::string> there(audit.names.begin(), audit.names.end());
  const auto has_images = [](const storage::Table& table) { return table.name == "image"; };
  if (std::ranges::none_of(snapshot.tables(), has_images)) return;
  for (const storage::Row& row : snapshot.all("SELECT DISTINCT blob_name FROM image")) {
    if (!there.contains(row.text(0))) report.complaints.push_back("file " + row.text(0) + ": missing");
  }
}

}  // namespace

DataDirectory store_of(const Config& config) {
  DataDirectory data{config.data_directory};
  if (config.postgres.empty()) return data;
  data.postgres.emplace();
  data.postgres->connection = config.postgres;
  data.postgres->schema = config.postgres_schema;
  data.postgres->writers = static_cast<std::size_t>(config.postgres_connections);
  data.postgres->readers = data.postgres->writers;
  return data;
}

Result<std::unique_ptr<storage::Database>> open_store(const DataDirectory& data, Metrics& metrics,
                                                      const std::function<void(const Error&)>& on_failed) {
  std::error_code error;
  fs::create_directories(data.path, error);
  if (error) return fail(Errc::unavailable, "data_directory", data.path.string() + ": " + error.message());
  storage::SqliteOptions sqlite{.file = data.database(), .on_failed = on_failed};
  storage::PostgresOptions postgres = data.postgres.value_or(storage::PostgresOptions{});
  postgres.on_failed = on_failed;
  CLUSE_TRY(database,
            data.postgres ? storage::open_postgres(postgres, metrics) : storage::open_sqlite(sqlite, metrics));
  CLUSE_CHECK(storage::migrate(*database, domain::migrations()));
  return std::move(database);
}

Result<BackupReport> backup(const DataDirectory& source, const fs::path& target) {
  CLUSE_CHECK(require_database(source));
  if (!is_empty_or_absent(target)) return fail(Errc::conflict, "backup_exists", target.string() + " is not empty");
  return copy_all(source, {target});
}

Result<BackupReport> restore(const fs::path& backup_path, const DataDirectory& target) {
  const DataDirectory source{backup_path};
  CLUSE_TRY(checked, check(source));
  if (!checked.complaints.empty()) return fail(Errc::internal, "backup_damaged", checked.complaints.front());
  if (!is_empty_or_absent(target.path)) return fail(Errc::conflict, "data_not_empty", target.path.string());
  return copy_all(source, target);
}

Result<CheckReport> check(const DataDirectory& data) {
  CLUSE_CHECK(require_database(data));
  CheckReport report;
  if (!data.postgres) {
    CLUSE_TRY(complaints, storage::check_sqlite(data.database()));
    report.complaints = complaints;
  }
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(data.plugins(), none)) {
    if (entry.path().extension() != ".db") continue;
    CLUSE_TRY(complaints, storage::check_sqlite(entry.path()));
    for (const auto& words : complaints) report.complaints.push_back(entry.path().filename().string() + ": " + words);
  }
  const auto body = [&](storage::Snapshot& snapshot) -> Result<void> {
    check_documents(snapshot, report);
    check_blobs(snapshot, data, report);
    return {};
  };
  CLUSE_CHECK(inspect(data, body));
  return report;
}

Result<storage::CopyReport> migrate_to(const DataDirectory& data, const std::string& engine) {
  if (!data.postgres)
    return fail(Errc::invalid, "postgres_not_configured", "data.postgres of the configuration says how to connect");
  DataDirectory file{data.path};
  const bool to_postgres = engine == "postgres";
  if (to_postgres) CLUSE_CHECK(require_database(file));
  Metrics from_metrics, to_metrics;
  CLUSE_TRY(source, open_store(to_postgres ? file : data, from_metrics));
  CLUSE_TRY(target, open_store(to_postgres ? data : file, to_metrics));
  return storage::copy_tables(*source, *target);
}

}  // namespace cluse::app
