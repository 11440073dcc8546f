#include "server/storage/sqlite/fault_vfs.h"

#include "server/base/assert.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

namespace cluse::storage {
namespace {

using Operation = FaultVfs::Operation;

/// What SQLite allocates for us, the system's own file behind it.
struct FaultFile {
  sqlite3_file base;
  FaultVfs* vfs;
  const char* path;  // SQLite keeps it alive until xClose; null for temporary files
  std::int64_t number;
};

FaultFile& ours(sqlite3_file* file) {
  return *reinterpret_cast<FaultFile*>(file);
}

sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(FaultFile));
}

int before(sqlite3_file* file, Operation operation) {
  const FaultFile& f = ours(file);
  return f.path ? f.vfs->before(operation, f.path, f.number) : SQLITE_OK;
}

int on_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (const int code = before(file, Operation::write); code != SQLITE_OK) return code;
  const int code = real(file)->pMethods->xWrite(real(file), bytes, size, offset);
  if (code == SQLITE_OK && ours(file).path) {
    ours(file).vfs->wrote(ours(file).path, offset, std::string(static_cast<const char*>(bytes), size));
  }
  return code;
}

int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const int code = before(file, Operation::truncate); code != SQLITE_OK) return code;
  const int code = real(file)->pMethods->xTruncate(real(file), size);
  if (code == SQLITE_OK && ours(file).path) ours(file).vfs->cut(ours(file).path, size);
  return code;
}

int on_sync(sqlite3_file* file, int) {
  // The disk itself is not asked: what a sync keeps is known here, and the tests run twenty times faster.
  const int code = before(file, Operation::sync);
  if (ours(file).path) ours(file).vfs->synced(ours(file).path, code == SQLITE_OK);
  return code;
}

int on_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  if (const int code = before(file, Operation::map); code != SQLITE_OK) return code;
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

int on_close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}
int on_read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  return real(file)->pMethods->xRead(real(file), out, size, offset);
}
int on_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int on_lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int on_unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int on_check_lock(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int on_control(sqlite3_file* file, int op, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), op, argument);
}
int on_sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int on_characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int on_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void on_shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int on_shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: shared memory for the log's index, no memory-mapped reads.
constexpr sqlite3_io_methods kMethods = {2,
                                         on_close,
                                         on_read,
                                         on_write,
                                         on_truncate,
                                         on_sync,
                                         on_size,
                                         on_lock,
                                         on_unlock,
                                         on_check_lock,
                                         on_control,
                                         on_sector_size,
                                         on_characteristics,
                                         on_map,
                                         on_shm_lock,
                                         on_shm_barrier,
                                         on_shm_unmap,
                                         nullptr,
                                         nullptr};

int on_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* owner = static_cast<FaultVfs*>(vfs->pAppData);
  FaultFile& f = ours(file);
  f = {};
  sqlite3_file* behind = real(file);
  behind->pMethods = nullptr;
  const int code = owner->base()->xOpen(owner->base(), path, behind, flags, out_flags);
  if (!behind->pMethods) return code;
  f.base.pMethods = &kMethods;
  f.vfs = owner;
  f.path = path;
  if (path) f.number = owner->opened(path);
  return code;
}

int on_remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
  auto* owner = static_cast<FaultVfs*>(vfs->pAppData);
  if (const int code = owner->before(Operation::remove, path, 0); code != SQLITE_OK) return code;
  const int code = owner->base()->xDelete(owner->base(), path, sync_directory);
  if (code == SQLITE_OK) owner->removed(path);
  return code;
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

FaultVfs::FaultVfs(std::string name) : name_(std::move(name)), base_(sqlite3_vfs_find(nullptr)), vfs_(*base_) {
  // The functions of the system's layer look at no field of the sqlite3_vfs but pAppData, and that in xOpen alone.
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(FaultFile)) + base_->szOsFile;
  vfs_.xOpen = on_open;
  vfs_.xDelete = on_remove;
  CLUSE_ASSERT(sqlite3_vfs_register(&vfs_, 0) == SQLITE_OK, "a file layer can be registered");
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

void FaultVfs::fail(Fault fault) {
  const std::lock_guard lock(mutex_);
  until_fault_ = fault.nth;
  fault_ = std::move(fault);
  failed_ = false;
}

void FaultVfs::heal() {
  const std::lock_guard lock(mutex_);
  until_fault_ = 0;
}

bool FaultVfs::has_failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void FaultVfs::on_operation(std::function<void(std::int64_t, Operation, const std::string&)> hook) {
  const std::lock_guard lock(mutex_);
  hook_ = std::move(hook);
}

std::int64_t FaultVfs::count(Operation operation) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(operation);
  return found == counts_.end() ? 0 : found->second;
}

std::set<FaultVfs::Hand> FaultVfs::hands_on(const std::filesystem::path& file) const {
  const std::lock_guard lock(mutex_);
  const auto found = hands_.find(file.string());
  return found == hands_.end() ? std::set<Hand>{} : found->second;
}

int FaultVfs::before(Operation operation, const std::string& path, std::int64_t file) {
  const std::lock_guard lock(mutex_);
  ++counts_[operation];
  if (hook_) hook_(++operations_, operation, path);
  if (operation != Operation::map) hands_[path].emplace(std::this_thread::get_id(), file);
  if (until_fault_ == 0 || !fault_.among.contains(operation)) return SQLITE_OK;
  if (until_fault_ > 1) {
    --until_fault_;
    return SQLITE_OK;
  }
  failed_ = true;
  if (!fault_.sticks) until_fault_ = 0;
  return fault_.code;
}

void FaultVfs::wrote(const std::string& path, std::int64_t offset, std::string bytes) {
  const std::lock_guard lock(mutex_);
  files_[path].unsafe.push_back({offset, std::move(bytes), -1});
}

void FaultVfs::cut(const std::string& path, std::int64_t size) {
  const std::lock_guard lock(mutex_);
  files_[path].unsafe.push_back({0, {}, size});
}

void FaultVfs::synced(const std::string& path, bool worked) {
  const std::lock_guard lock(mutex_);
  File& file = files_[path];
  if (worked) {
    for (const Change& change : file.unsafe) apply(file.safe, change);
  }
  file.unsafe.clear();
}

void FaultVfs::removed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
}

std::int64_t FaultVfs::opened(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!files_.contains(path)) files_[path].safe = content_of(path);
  return ++opens_;
}

void FaultVfs::apply(std::string& content, const Change& change) {
  if (change.size >= 0) {
    content.resize(static_cast<std::size_t>(change.size));
    return;
  }
  const auto offset = static_cast<std::size_t>(change.offset);
  if (content.size() < offset + change.bytes.size()) content.resize(offset + change.bytes.size());
  content.replace(offset, change.bytes.size(), change.bytes);
}

void FaultVfs::cut_power(const std::filesystem::path& directory, Spared spared, std::uint32_t seed) const {
  const std::lock_guard lock(mutex_);
  std::mt19937 random(seed);
  for (const auto& [path, file] : files_) {
    std::string content = file.safe;
    for (Change change : file.unsafe) {
      const bool torn = spared == Spared::some && random() % 4 == 0;
      if (spared == Spared::nothing || (spared == Spared::some && random() % 2 == 0)) continue;
      if (torn && change.size < 0) change.bytes.resize(random() % (change.bytes.size() + 1));
      apply(content, change);
    }
    std::ofstream(directory / std::filesystem::path(path).filename(), std::ios::binary) << content;
  }
}

}  // namespace cluse::storage
