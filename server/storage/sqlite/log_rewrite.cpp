#include "server/storage/sqlite/log_rewrite.h"

#include "server/base/log.h"

#include <sqlite3.h>
#include <algorithm>
#include <memory>
#include <string>

namespace cluse::storage {
namespace {

constexpr sqlite3_int64 kChunk = 1 << 20;

/// The log as SQLite's file layer sees it, so that tests can fail this too.
class LogFile {
 public:
  LogFile(sqlite3_vfs* vfs, const std::string& database)
      : name_(sqlite3_create_filename(database.c_str(), (database + "-journal").c_str(), (database + "-wal").c_str(), 0,
                                      nullptr)),
        memory_(new char[static_cast<std::size_t>(vfs->szOsFile)]()),
        file_(reinterpret_cast<sqlite3_file*>(memory_.get())) {
    if (!name_) throw std::bad_alloc();
    int exists = 0;
    check(vfs->xAccess(vfs, sqlite3_filename_wal(name_.get()), SQLITE_ACCESS_EXISTS, &exists));
    if (exists == 0) return;
    check(vfs->xOpen(vfs, sqlite3_filename_wal(name_.get()), file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, nullptr));
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile() {
    if (file_->pMethods) file_->pMethods->xClose(file_);
  }

  void rewrite() {
    if (!file_->pMethods) return;
    sqlite3_int64 size = 0;
    check(file_->pMethods->xFileSize(file_, &size));
    std::string chunk;
    for (sqlite3_int64 at = 0; at < size; at += kChunk) {
      chunk.resize(static_cast<std::size_t>(std::min(kChunk, size - at)));
      const int length = static_cast<int>(chunk.size());
      check(file_->pMethods->xRead(file_, chunk.data(), length, at));
      check(file_->pMethods->xWrite(file_, chunk.data(), length, at));
    }
    if (size > 0) check(file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL));
  }

 private:
  struct FreeName {
    void operator()(const char* name) const { sqlite3_free_filename(const_cast<char*>(name)); }
  };

  static void check(int code) {
    if (code == SQLITE_OK) return;
    const auto kind = (code & 0xff) == SQLITE_FULL ? SqlError::Kind::full : SqlError::Kind::other;
    throw SqlError(kind, "rewriting the write-ahead log: error " + std::to_string(code));
  }

  std::unique_ptr<const char, FreeName> name_;
  std::unique_ptr<char[]> memory_;
  sqlite3_file* file_;
};

}  // namespace

void rewrite_log(const SqliteOptions& options) {
  sqlite3_initialize();
  sqlite3_vfs* const vfs = sqlite3_vfs_find(options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (!vfs) throw SqlError(SqlError::Kind::other, "no file layer is called " + options.vfs);
  try {
    LogFile(vfs, std::filesystem::absolute(options.file).string()).rewrite();
  } catch (const SqlError& e) {
    // Only a file system that copies on writing has no room for what was there before. Reading has to go on there, and
    // the log is as good as it was.
    if (e.kind != SqlError::Kind::full) throw;
    log_warning("log_not_rewritten", {{"database", options.name}, {"error", e.what()}});
  }
}

}  // namespace cluse::storage
