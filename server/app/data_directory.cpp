#include "server/app/data_directory.h"

#include "server/base/metrics.h"
#include "server/domain/content/content.h"
#include "server/storage/blobs.h"
#include "server/storage/sqlite/sqlite_copy.h"
#include "server/storage/sqlite/sqlite_database.h"

#include <algorithm>
#include <set>
#include <system_error>

namespace cluse::app {
namespace fs = std::filesystem;
namespace {

Result<void> require_database(const DataDirectory& data) {
  if (fs::exists(data.database())) return {};
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

Result<BackupReport> copy_all(const DataDirectory& source, const DataDirectory& target) {
  std::error_code error;
  fs::create_directories(target.path, error);
  if (error) return fail(Errc::storage_full, "storage_full", error.message());
  // The database first: every file it names was there before its row, so it will be among those copied after.
  CLUSE_CHECK(storage::copy_sqlite(source.database(), target.database()));
  CLUSE_TRY(report, copy_blobs(source.blobs(), target.blobs()));
  report.bytes += fs::file_size(target.database(), error);
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
  if (!snapshot.one("SELECT 1 FROM sqlite_master WHERE name = 'image'")) return;
  for (const storage::Row& row : snapshot.all("SELECT DISTINCT blob_name FROM image")) {
    if (!there.contains(row.text(0))) report.complaints.push_back("file " + row.text(0) + ": missing");
  }
}

}  // namespace

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
  CLUSE_TRY(complaints, storage::check_sqlite(data.database()));
  report.complaints = complaints;
  const auto inspect = [&](storage::Snapshot& snapshot) -> Result<void> {
    check_documents(snapshot, report);
    check_blobs(snapshot, data, report);
    return {};
  };
  CLUSE_CHECK(storage::inspect_sqlite(data.database(), inspect));
  return report;
}

}  // namespace cluse::app
