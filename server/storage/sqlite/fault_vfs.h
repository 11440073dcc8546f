// FaultVfs: SQLite's file layer with failures to order and a memory of what was synced. For tests.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cluse::storage {

/// What reaches the disk is modelled as after LevelDB's fault injection: a write is safe once its file was synced, and
/// until then any part of it may or may not survive a power cut. A sync that fails loses what it should have kept, as
/// the kernel does. Names of files are taken to be safe at once. The disk itself is never synced.
/// Thread: any. Requires: outlives every connection opened through it.
class FaultVfs {
 public:
  enum class Operation { write, sync, truncate, remove, map };

  /// Which of the operations to come fails: the `nth` of those in `among` (1 is the next one), and with `sticks` all
  /// after it.
  struct Fault {
    std::set<Operation> among;
    std::int64_t nth = 1;
    int code = SQLITE_IOERR_WRITE;
    bool sticks = false;
  };

  /// How much of what was not synced a power cut spares.
  enum class Spared { nothing, everything, some };

  explicit FaultVfs(std::string name);
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  [[nodiscard]] const std::string& name() const { return name_; }

  void fail(Fault fault);
  void heal();
  [[nodiscard]] bool has_failed() const;
  /// Called before each operation, with its number (from 1) and the path. For kill points.
  void on_operation(std::function<void(std::int64_t number, Operation, const std::string& path)> hook);

  [[nodiscard]] std::int64_t count(Operation operation) const;
  /// Who has written to, synced, cut or removed the file: the thread and the open file (a number for each xOpen).
  using Hand = std::pair<std::thread::id, std::int64_t>;
  [[nodiscard]] std::set<Hand> hands_on(const std::filesystem::path& file) const;

  /// Writes into `directory` what a power cut at this moment would leave of every file.
  void cut_power(const std::filesystem::path& directory, Spared spared, std::uint32_t seed = 0) const;

  // For the file methods.
  int before(Operation operation, const std::string& path, std::int64_t file);
  void wrote(const std::string& path, std::int64_t offset, std::string bytes);
  void cut(const std::string& path, std::int64_t size);
  void synced(const std::string& path, bool worked);
  void removed(const std::string& path);
  std::int64_t opened(const std::string& path);
  [[nodiscard]] sqlite3_vfs* base() const { return base_; }

 private:
  /// A write, or with `size` ≥ 0 a truncation.
  struct Change {
    std::int64_t offset = 0;
    std::string bytes;
    std::int64_t size = -1;
  };
  struct File {
    std::string safe;
    std::vector<Change> unsafe;
  };
  static void apply(std::string& content, const Change& change);

  // Fixed at construction
  const std::string name_;
  sqlite3_vfs* base_;
  sqlite3_vfs vfs_;

  // Guarded by mutex_
  mutable std::mutex mutex_;
  Fault fault_;
  std::int64_t until_fault_ = 0;  // 0: none ordered
  bool failed_ = false;
  std::function<void(std::int64_t, Operation, const std::string&)> hook_;
  std::map<Operation, std::int64_t> counts_;
  std::int64_t operations_ = 0;
  std::int64_t opens_ = 0;
  std::map<std::string, File> files_;
  std::map<std::string, std::set<Hand>> hands_;
};

}  // namespace cluse::storage
