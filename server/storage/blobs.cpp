#include "server/storage/blobs.h"

#include "server/base/log.h"
#include "server/storage/file.h"
#include "server/storage/sha256.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace cluse::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNew = "new";
// Another process (a check from the command line) may be looking while the server writes: only old files are
// left-overs.
constexpr std::chrono::hours kLeftOverAge{1};

bool is_blob_name(std::string_view name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string unique_name() {
  std::array<unsigned char, 16> random{};
  fill_random(random);
  return to_hex(BytesView(reinterpret_cast<const char*>(random.data()), random.size()));
}

Result<void> make_directory(const fs::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return std::unexpected(io_error(errno, directory.string()));
}

Result<Bytes> read_whole(const fs::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno == ENOENT) return fail(Errc::not_found, "blob_not_found", file.string());
  if (!fd) return std::unexpected(io_error(errno, file.string()));
  struct stat about {};
  if (::fstat(fd.number(), &about) != 0) return std::unexpected(io_error(errno, file.string()));
  Bytes bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(fd.number(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(io_error(errno, file.string()));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

void clear_left_overs(const fs::path& directory) {
  std::error_code ignored;  // a left-over that stays costs room and nothing else
  const auto oldest = fs::file_time_type::clock::now() - kLeftOverAge;
  for (fs::directory_iterator entry(directory, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    std::error_code gone;
    if (entry->last_write_time(gone) < oldest && !gone) fs::remove(entry->path(), gone);
  }
}

}  // namespace

Blobs::Blobs(fs::path directory) : directory_(std::move(directory)) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) log_error("blobs_unusable", {{"directory", directory_.string()}, {"error", error.message()}});
  if (const auto made = make_directory(directory_ / kNew); made) clear_left_overs(directory_ / kNew);
}

Result<std::string> Blobs::put(BytesView bytes) {
  std::string name = sha256_hex(bytes);
  const fs::path target = path_of(name);
  if (!get(name)) {  // absent, or damaged and mended by this
    CLUSE_CHECK(make_directory(directory_ / kNew));
    CLUSE_CHECK(make_directory(target.parent_path()));
    const fs::path fresh = directory_ / kNew / unique_name();
    CLUSE_CHECK(write_synced(fresh, bytes));
    if (::rename(fresh.c_str(), target.c_str()) != 0) {
      const int error_number = errno;
      ::unlink(fresh.c_str());
      return std::unexpected(io_error(error_number, target.string()));
    }
  }
  // Also for a file that was there: whoever is putting the same bytes may not have come this far yet.
  CLUSE_CHECK(sync_directory(target.parent_path()));
  CLUSE_CHECK(sync_directory(directory_));
  return name;
}

Result<Bytes> Blobs::get(std::string_view name) const {
  if (!is_blob_name(name)) return fail(Errc::not_found, "blob_not_found");
  CLUSE_TRY(bytes, read_whole(path_of(name)));
  if (sha256_hex(bytes) != name) {
    log_error("blob_damaged", {{"name", std::string(name)}});
    return fail(Errc::internal, "blob_damaged", std::string(name));
  }
  return std::move(bytes);
}

fs::path Blobs::path_of(std::string_view name) const {
  if (!is_blob_name(name)) return {};
  return directory_ / name.substr(0, 2) / name;
}

Blobs::Audit Blobs::audit() const {
  Audit audit;
  std::error_code error;
  // Stepped by hand, as the loop of the language would throw at a directory that cannot be read.
  for (fs::recursive_directory_iterator entry(directory_, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (path_of(name) != entry->path()) continue;
    if (const auto bytes = get(name); !bytes && bytes.error().kind != Errc::not_found) audit.damaged.push_back(name);
    audit.names.push_back(std::move(name));
  }
  if (error) log_error("blobs_unusable", {{"directory", directory_.string()}, {"error", error.message()}});
  std::sort(audit.names.begin(), audit.names.end());
  std::sort(audit.damaged.begin(), audit.damaged.end());
  return audit;
}

void Blobs::remove(std::string_view name) {
  if (is_blob_name(name)) ::unlink(path_of(name).c_str());
}

}  // namespace cluse::storage
