#include "server/plugin/uploads.h"

#include "server/plugin/archive.h"
#include "server/storage/file.h"

#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

}  // namespace

Uploads::Uploads(fs::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Result<Uploads::Added> Uploads::add(BytesView archive, Id person) {
  const std::lock_guard lock(mutex_);
  drop_old();
  if (uploads_.size() >= kUploadsMax) return fail(Errc::too_many, "plugin_uploads_too_many");
  const std::string key = new_id(clock_.now()).to_string();
  const fs::path place = folder_ / key, file = place / "archive", files = place / "plugin";
  std::error_code error;
  fs::create_directories(place, error);
  if (error) return std::unexpected(storage::io_error(error.value(), place.string()));
  const auto made = [&]() -> Result<Upload> {
    CLUSE_CHECK(storage::write_synced(file, archive));
    CLUSE_TRY(contents, unpack(file, files));
    CLUSE_TRY(package, check_folder(files));
    return Upload{person, clock_.now(), files, std::move(package), contents.signer};
  }();
  fs::remove(file, error);
  if (!made) {
    fs::remove_all(place, error);
    return std::unexpected(made.error());
  }
  uploads_.emplace(key, *made);
  return Added{key, *made};
}

Result<Upload> Uploads::get(const std::string& key, Id person) {
  const std::lock_guard lock(mutex_);
  drop_old();
  const auto found = uploads_.find(key);
  if (found == uploads_.end() || found->second.person != person)
    return fail(Errc::not_found, "plugin_upload_not_found");
  return found->second;
}

Result<void> Uploads::drop(const std::string& key, Id person) {
  CLUSE_CHECK(get(key, person));
  const std::lock_guard lock(mutex_);
  uploads_.erase(key);
  std::error_code error;
  fs::remove_all(folder_ / key, error);
  return {};
}

void Uploads::drop_old() {
  const Instant now = clock_.now();
  std::erase_if(uploads_, [&](const auto& each) {
    if (now < each.second.at + kUploadTimeMax) return false;
    std::error_code error;
    fs::remove_all(folder_ / each.first, error);
    return true;
  });
}

}  // namespace cluse::plugin
