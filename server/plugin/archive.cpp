#include "server/plugin/archive.h"

#include "server/plugin/installed.h"
#include "server/plugin/signature.h"
#include "server/storage/file.h"
#include "server/storage/sha256.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWrong = "plugin_archive_wrong";
constexpr std::string_view kList = "cluse-plugin.list";
constexpr std::string_view kSignature = "cluse-plugin.sig";
constexpr std::string_view kListHead = "cluse-plugin 1\n";
constexpr std::string_view kSignatureHead = "ed25519 ";
constexpr std::size_t kListBytesMax = kArchiveFilesMax * 192;
constexpr std::size_t kSignatureBytesMax = 256;
constexpr std::array<std::string_view, 3> kFolders = {"migrations", "i18n", "web"};

struct Close {
  void operator()(archive* open) const { archive_free(open); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Handle = std::unique_ptr<archive, Close>;

std::unexpected<Error> wrong(std::string words) {
  return fail(Errc::invalid, kWrong, std::move(words));
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

// A name within quotes that cannot write to a terminal what it likes.
std::string shown(std::string_view name) {
  std::string out = "\"";
  for (const char c : name.substr(0, kArchivePathMax)) out += c >= ' ' && c <= '~' ? c : '?';
  return out + '"';
}

// ------------------------------------------------------------------------------------------------------ the list

std::string to_text(const std::vector<ListedFile>& files) {
  std::string out(kListHead);
  for (const auto& file : files) out += file.sha256 + ' ' + std::to_string(file.size) + ' ' + file.path + '\n';
  return out;
}

std::optional<ListedFile> parse_line(std::string_view line) {
  if (line.size() < 68 || line[64] != ' ') return std::nullopt;
  ListedFile file;
  file.sha256 = line.substr(0, 64);
  line.remove_prefix(65);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), file.size);
  const auto digits = static_cast<std::size_t>(end - line.data());
  if (error != std::errc() || digits + 1 >= line.size() || *end != ' ') return std::nullopt;
  file.path = line.substr(digits + 1);
  return file;
}

Result<std::vector<ListedFile>> parse_list(const std::string& text) {
  if (!text.starts_with(kListHead)) return wrong("its list is of another kind than this release reads");
  std::vector<ListedFile> files;
  std::uint64_t bytes = 0;
  for (std::string_view rest = std::string_view(text).substr(kListHead.size()); !rest.empty();) {
    const auto end = rest.find('\n');
    auto file = parse_line(rest.substr(0, end));
    if (end == std::string_view::npos || !file) return wrong("its list cannot be read");
    rest.remove_prefix(end + 1);
    if (!is_archive_path(file->path)) return wrong("its list names " + shown(file->path));
    if (!files.empty() && files.back().path >= file->path) return wrong("its list is not in order");
    if (file->size > kArchiveBytesMax - bytes) return wrong("it is larger than 300 MiB unpacked");
    bytes += file->size;
    files.push_back(std::move(*file));
    if (files.size() > kArchiveFilesMax) return wrong("it holds more than 2000 files");
  }
  // One way to write it only: what was hashed and signed is what was understood.
  if (to_text(files) != text) return wrong("its list cannot be read");
  return files;
}

Result<std::string> parse_signature(const std::string& text, const std::string& list) {
  const auto space = text.find(' ', kSignatureHead.size());
  if (!text.starts_with(kSignatureHead) || space == std::string::npos || !text.ends_with('\n'))
    return fail(Errc::invalid, "plugin_signature_wrong", "its signature cannot be read");
  const Signature signature{text.substr(kSignatureHead.size(), space - kSignatureHead.size()),
                            text.substr(space + 1, text.size() - space - 2)};
  if (!is_signed(list, signature))
    return fail(Errc::invalid, "plugin_signature_wrong", "its signature is not one of this list of files");
  return signature.signer;
}

// ------------------------------------------------------------------------------------------------------- reading

class Reader {
 public:
  static Result<Reader> open(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) return fail(Errc::not_found, kWrong, file.filename().string() + " cannot be read");
    if (size > kArchiveBytesMax) return wrong("it is larger than 300 MiB");
    Handle handle(archive_read_new());
    archive_read_support_format_tar(handle.get());
    archive_read_support_filter_gzip(handle.get());
    if (archive_read_open_filename(handle.get(), file.c_str(), 64U << 10) != ARCHIVE_OK)
      return wrong("it is no archive of a plugin");
    return Reader(std::move(handle));
  }

  /// Nothing at the end.
  Result<std::optional<std::string>> next() {
    const int status = archive_read_next_header(handle_.get(), &entry_);
    if (status == ARCHIVE_EOF) return std::optional<std::string>();
    if (status != ARCHIVE_OK) return wrong("it is no archive of a plugin, or it is damaged");
    const char* name = archive_entry_pathname(entry_);
    if (name == nullptr) return wrong("it holds a file with a name that is not allowed");
    return std::optional<std::string>(name);
  }

  /// The octets of the entry that `next` gave. Never reads more than `max`.
  Result<std::string> body(std::size_t max) {
    const bool is_file = archive_entry_filetype(entry_) == AE_IFREG && archive_entry_hardlink(entry_) == nullptr &&
                         archive_entry_symlink(entry_) == nullptr && archive_entry_size_is_set(entry_) != 0;
    if (!is_file) return wrong("it holds something that is no plain file");
    const auto size = static_cast<std::uint64_t>(archive_entry_size(entry_));
    if (size > max) return wrong("it holds a file that is larger than its list says");
    std::string out(size, '\0');
    std::size_t have = 0;
    while (have < out.size()) {
      const auto read = archive_read_data(handle_.get(), out.data() + have, out.size() - have);
      if (read < 0) return wrong("it is damaged");
      if (read == 0) return wrong("it ends too early");
      have += static_cast<std::size_t>(read);
    }
    return out;
  }

 private:
  explicit Reader(Handle handle) : handle_(std::move(handle)) {}
  Handle handle_;
  archive_entry* entry_ = nullptr;  ///< of the handle
};

using Visit = std::function<Result<void>(const ListedFile&, const std::string& body)>;

Result<void> read_files(Reader& reader, std::optional<std::string> name, const Contents& contents, const Visit& visit) {
  for (const auto& file : contents.files) {
    if (!name) return wrong("it lacks " + file.path);
    if (*name != file.path) return wrong("it holds " + shown(*name) + " where its list says " + file.path);
    CLUSE_TRY(body, reader.body(file.size));
    if (body.size() != file.size || storage::sha256_hex(body) != file.sha256)
      return wrong(file.path + " is not what its list says");
    CLUSE_CHECK(visit(file, body));
    CLUSE_TRY(following, reader.next());
    name = following;
  }
  if (name) return wrong("it holds " + shown(*name) + ", which its list does not name");
  return {};
}

Result<Contents> read_all(const fs::path& file, const Visit& visit) {
  CLUSE_TRY(reader, Reader::open(file));
  CLUSE_TRY(first, reader.next());
  if (!first || *first != kList) return wrong("it is no archive of a plugin: its list is missing");
  CLUSE_TRY(list, reader.body(kListBytesMax));
  Contents contents;
  CLUSE_TRY(files, parse_list(list));
  contents.files = std::move(files);
  CLUSE_TRY(name, reader.next());
  if (name && *name == kSignature) {
    CLUSE_TRY(text, reader.body(kSignatureBytesMax));
    CLUSE_TRY(signer, parse_signature(text, list));
    contents.signer = std::move(signer);
    CLUSE_TRY(following, reader.next());
    name = following;
  }
  CLUSE_CHECK(read_files(reader, name, contents, visit));
  return contents;
}

// ------------------------------------------------------------------------------------------------------- packing

struct Part {
  std::string path;
  std::string body;
};

Result<void> add_part(std::vector<Part>& parts, const fs::path& folder, const std::string& path) {
  const fs::path file = folder / path;
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return wrong(path + " is no plain file");
  if (!is_archive_path(path)) return wrong(shown(path) + " is a name that an archive may not hold");
  if (fs::file_size(file, error) > kArchiveBytesMax || error) return wrong(path + " cannot be read, or is too large");
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return wrong(path + " cannot be read");
  parts.push_back({path, text.str()});
  return {};
}

Result<void> add_folder(std::vector<Part>& parts, const fs::path& folder, std::string_view name) {
  std::error_code error;
  if (fs::is_symlink(folder / name, error)) return wrong(std::string(name) + " is no plain folder");
  for (const auto& entry : fs::recursive_directory_iterator(folder / name, error)) {
    if (entry.is_directory() && !entry.is_symlink()) continue;
    CLUSE_CHECK(add_part(parts, folder, fs::relative(entry.path(), folder).generic_string()));
    if (parts.size() > kArchiveFilesMax) return wrong("there are more than 2000 files");
  }
  return {};
}

std::vector<std::string> left_out(const fs::path& folder, const std::string& library) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if (name != "plugin.toml" && name != library && std::ranges::find(kFolders, name) == kFolders.end())
      names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t size) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

Result<void> write_entry(archive* out, std::string_view path, std::string_view body) {
  const std::unique_ptr<archive_entry, Close> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), std::string(path).c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(body.size()));
  archive_entry_set_mtime(entry.get(), 0, 0);
  if (archive_write_header(out, entry.get()) != ARCHIVE_OK ||
      archive_write_data(out, body.data(), body.size()) != static_cast<la_ssize_t>(body.size()))
    return fail(Errc::internal, kWrong, std::string(path) + " cannot be packed");
  return {};
}

Result<Bytes> write_all(const std::vector<Part>& parts, const std::string& list, const std::string& signature) {
  Bytes out;
  const Handle handle(archive_write_new());
  const bool is_open =
      archive_write_set_format_ustar(handle.get()) == ARCHIVE_OK &&
      archive_write_add_filter_gzip(handle.get()) == ARCHIVE_OK &&
      archive_write_set_options(handle.get(), "gzip:!timestamp,gzip:compression-level=9") == ARCHIVE_OK &&
      archive_write_set_bytes_in_last_block(handle.get(), 1) == ARCHIVE_OK &&
      archive_write_open(handle.get(), &out, nullptr, append, nullptr) == ARCHIVE_OK;
  if (!is_open) return fail(Errc::internal, kWrong, "no archive can be written");
  CLUSE_CHECK(write_entry(handle.get(), kList, list));
  if (!signature.empty()) CLUSE_CHECK(write_entry(handle.get(), kSignature, signature));
  for (const auto& part : parts) CLUSE_CHECK(write_entry(handle.get(), part.path, part.body));
  if (archive_write_close(handle.get()) != ARCHIVE_OK) return fail(Errc::internal, kWrong, "no archive can be written");
  return out;
}

}  // namespace

bool is_archive_path(std::string_view path) {
  if (path.empty() || path.size() > kArchivePathMax) return false;
  std::size_t depth = 0;
  for (std::size_t at = 0; at <= path.size(); ++depth) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto name = path.substr(at, end - at);
    if (name.empty() || name.front() == '.' || !std::ranges::all_of(name, is_plain)) return false;
    at = end + 1;
  }
  return depth <= kArchiveDepthMax;
}

Result<Packed> pack(const fs::path& folder, const std::optional<fs::path>& key) {
  CLUSE_TRY(package, check_folder(folder));
  std::vector<Part> parts;
  CLUSE_CHECK(add_part(parts, folder, "plugin.toml"));
  CLUSE_CHECK(add_part(parts, folder, package.manifest.library));
  for (const auto name : kFolders) CLUSE_CHECK(add_folder(parts, folder, name));
  std::ranges::sort(parts, {}, &Part::path);
  std::vector<ListedFile> files;
  for (const auto& part : parts) files.push_back({storage::sha256_hex(part.body), part.body.size(), part.path});
  const std::string list = to_text(files);
  // As it will be read: what is too much is said here already.
  CLUSE_CHECK(parse_list(list));
  Packed packed;
  std::string signature;
  if (key) {
    CLUSE_TRY(made, sign(list, *key));
    packed.signer = made.signer;
    signature = std::string(kSignatureHead) + made.signer + ' ' + made.value + '\n';
  }
  CLUSE_TRY(archive, write_all(parts, list, signature));
  packed.archive = std::move(archive);
  packed.name = package.manifest.id + "-" + package.manifest.version + std::string(kArchiveEnd);
  packed.left_out = left_out(folder, package.manifest.library);
  return packed;
}

Result<Contents> verify(const fs::path& file) {
  return read_all(file, [](const ListedFile&, const std::string&) -> Result<void> { return {}; });
}

Result<Contents> unpack(const fs::path& file, const fs::path& folder) {
  CLUSE_TRY(first, verify(file));
  std::error_code error;
  if (!fs::create_directory(folder, error))
    return fail(Errc::conflict, kWrong, folder.string() + " cannot be made: " + error.message());
  const auto write = [&folder](const ListedFile& listed, const std::string& body) -> Result<void> {
    const fs::path to = folder / listed.path;
    std::error_code failed;
    fs::create_directories(to.parent_path(), failed);
    return storage::write_synced(to, body);
  };
  // Every octet is checked again as it is written: the file may have been exchanged since.
  CLUSE_TRY(second, read_all(file, write));
  if (second.signer != first.signer) return wrong("it was exchanged while it was read");
  return second;
}

}  // namespace cluse::plugin
