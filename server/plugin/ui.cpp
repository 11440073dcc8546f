#include "server/plugin/ui.h"

#include "server/storage/sha256.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCode = "plugin_ui_wrong";

// By the end of the name alone. Pages are not among them: a document of a plugin's would be one of ours.
std::string_view type_of(const fs::path& file) {
  static const std::map<std::string, std::string_view, std::less<>> kTypes = {
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".avif", "image/avif"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

Result<Bytes> read(const fs::path& file, std::size_t bytes_max, const std::string& name) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return fail(Errc::not_found, kCode, name + " cannot be read");
  if (size > bytes_max) return fail(Errc::too_large, kCode, name + " is too large");
  Bytes octets(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(octets.data(), static_cast<std::streamsize>(size));
  if (!stream) return fail(Errc::not_found, kCode, name + " cannot be read");
  return octets;
}

}  // namespace

Result<std::shared_ptr<const UiBundle>> UiBundle::load(const fs::path& folder, const Manifest& manifest,
                                                       Catalogues texts) {
  auto bundle = std::make_shared<UiBundle>();
  bundle->texts_ = std::move(texts);
  if (!manifest.ui.empty()) CLUSE_CHECK(bundle->read_files(folder / "web"));
  for (const UiPart& part : manifest.ui)
    for (const auto& name : {part.module, part.style})
      if (!name.empty() && bundle->find(name) == nullptr)
        return fail(Errc::not_found, kCode, name + " is no file below web/");
  return std::shared_ptr<const UiBundle>(std::move(bundle));
}

Result<void> UiBundle::read_files(const fs::path& web) {
  std::error_code error;
  std::size_t bytes = 0;
  std::string listing;
  // What a link leads to is not the plugin's.
  if (fs::is_symlink(web, error)) return fail(Errc::invalid, kCode, "web/ is a link");
  for (const auto& entry : fs::recursive_directory_iterator(web, error)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    const std::string name = "web/" + fs::relative(entry.path(), web, error).generic_string();
    CLUSE_TRY(octets, read(entry.path(), kUiFileBytesMax, name));
    bytes += octets.size();
    if (bytes > kUiBytesMax || files_.size() == kUiFilesMax)
      return fail(Errc::too_large, kCode, "web/ holds more than 16 MiB or 500 files");
    files_[name] = {type_of(entry.path()), std::move(octets)};
  }
  for (const auto& [name, file] : files_) listing += name + ' ' + storage::sha256_hex(file.octets) + '\n';
  hash_ = storage::sha256_hex(listing);
  return {};
}

const UiFile* UiBundle::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace cluse::plugin
