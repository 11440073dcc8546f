#include "server/net/static_files.h"

#include "server/net/text.h"

#include <openssl/evp.h>

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdlib>

namespace cluse::net {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileInMemoryBytesMax = 256U << 10;
constexpr std::size_t kMemoryBytesMax = 8U << 20;  // of all files together
constexpr std::size_t kHashChunkBytes = 64U << 10;
constexpr std::size_t kEtagBytes = 15;      // 120 bits of the SHA-256: twenty characters
constexpr std::size_t kNameHashLength = 8;  // what bundlers put into a name
constexpr std::string_view kStartPage = "/index.html";

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".ico", "image/x-icon"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/plain; charset=utf-8"},
}};

std::string_view type_of(const std::string& extension) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return iequals(type.first, extension); });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// "/assets/index-BxY1_z23.js": the name changes with the content, so it may be kept for ever.
bool is_immutable(std::string_view path) {
  if (!path.starts_with("/assets/")) return false;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot <= kNameHashLength) return false;
  const std::string_view stem = name.substr(0, dot);
  const char before = stem[stem.size() - kNameHashLength - 1];
  const std::string_view hash = stem.substr(stem.size() - kNameHashLength);
  return (before == '-' || before == '.') && std::all_of(hash.begin(), hash.end(), [](char c) {
           return is_token({&c, 1}) && c != '.';
         });
}

bool read_exactly(int descriptor, char* out, std::size_t bytes, std::uint64_t offset) {
  while (bytes > 0) {
    const ssize_t n = ::pread(descriptor, out, bytes, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out += n;
    bytes -= static_cast<std::size_t>(n);
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

/// Empty on a failure.
std::string etag_of(int descriptor, std::uint64_t size) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  Bytes chunk(std::min<std::uint64_t>(size, kHashChunkBytes), '\0');
  for (std::uint64_t offset = 0; offset < size;) {
    const std::size_t bytes = std::min<std::uint64_t>(chunk.size(), size - offset);
    if (!read_exactly(descriptor, chunk.data(), bytes, offset)) return {};
    EVP_DigestUpdate(context.get(), chunk.data(), bytes);
    offset += bytes;
  }
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return '"' + to_base64url({reinterpret_cast<const char*>(digest.data()), kEtagBytes}) + '"';
}

/// Null if it cannot be read. Takes what it keeps in memory off `memory_left`.
std::shared_ptr<const StaticFile> open_file(const fs::path& path, std::size_t& memory_left) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) return nullptr;
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  std::string etag = error ? std::string() : etag_of(descriptor, size);
  if (etag.empty()) {
    ::close(descriptor);
    return nullptr;
  }
  if (size > kFileInMemoryBytesMax || size > memory_left) {
    return std::make_shared<StaticFile>(std::move(etag), size, Bytes(), descriptor);
  }
  Bytes memory(size, '\0');
  const bool complete = read_exactly(descriptor, memory.data(), size, 0);
  ::close(descriptor);
  memory_left -= size;
  return complete ? std::make_shared<StaticFile>(std::move(etag), size, std::move(memory), -1) : nullptr;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    std::string_view one = trimmed(next_item(if_none_match, ','));
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

/// The quality of "…;q=0.5" in thousandths.
int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = trimmed(next_item(parameters, ';'));
    if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') continue;
    const double value = std::atof(std::string(parameter.substr(2, 5)).c_str());
    return static_cast<int>(std::clamp(value, 0.0, 1.0) * 1000);
  }
  return 1000;
}

}  // namespace

StaticFile::~StaticFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Bytes StaticFile::read(std::uint64_t offset, std::size_t bytes) const {
  Bytes piece(std::min<std::uint64_t>(bytes, size_ - std::min(offset, size_)), '\0');
  return read_exactly(descriptor_, piece.data(), piece.size(), offset) ? piece : Bytes();
}

std::string_view choose_encoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip) {
  int brotli = -1;
  int gzip = -1;
  int identity = -1;
  int others = 0;
  while (!accept_encoding.empty()) {
    std::string_view parameters = next_item(accept_encoding, ',');
    const std::string_view name = trimmed(next_item(parameters, ';'));
    const int quality = quality_of(parameters);
    if (iequals(name, "br")) brotli = quality;
    if (iequals(name, "gzip") || iequals(name, "x-gzip")) gzip = quality;
    if (iequals(name, "identity")) identity = quality;
    if (name == "*") others = quality;
  }
  brotli = has_brotli ? (brotli < 0 ? others : brotli) : 0;
  gzip = has_gzip ? (gzip < 0 ? others : gzip) : 0;
  identity = identity < 0 ? 1 : identity;  // always acceptable, and the last choice, unless it is named
  if (brotli > 0 && brotli >= gzip && brotli >= identity) return "br";
  if (gzip > 0 && gzip >= identity) return "gzip";
  return {};
}

Result<StaticFiles> StaticFiles::load(const fs::path& directory) {
  StaticFiles files;
  std::error_code error;
  std::size_t memory_left = kMemoryBytesMax;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().native().starts_with('.')) {
      it.disable_recursion_pending();
      continue;
    }
    if (it->is_symlink(error) || !it->is_regular_file(error)) continue;
    CLUSE_CHECK(files.add(it->path(), '/' + it->path().lexically_relative(directory).generic_string(), memory_left));
  }
  if (error) return fail(Errc::invalid, "static_directory_invalid", directory.string() + ": " + error.message());
  return files;
}

Result<void> StaticFiles::add(const fs::path& file, std::string path, std::size_t& memory_left) {
  auto opened = open_file(file, memory_left);
  if (!opened) return fail(Errc::invalid, "static_directory_invalid", "cannot read " + file.string());
  const std::string extension = file.extension().string();
  const bool compressed = extension == ".br" || extension == ".gz";
  if (compressed) path.resize(path.size() - extension.size());
  Entry& entry = entries_[path];
  (extension == ".br" ? entry.brotli : extension == ".gz" ? entry.gzip : entry.plain) = std::move(opened);
  entry.content_type = type_of(compressed ? file.stem().extension().string() : extension);
  entry.cache_control = is_immutable(path) ? "public, max-age=31536000, immutable" : "no-cache";
  return {};
}

void StaticFiles::keep_hashed_of(const StaticFiles& before) {
  for (const auto& [path, entry] : before.entries_) {
    if (entry.is_kept || !is_immutable(path)) continue;
    const auto [kept, fresh] = entries_.try_emplace(path, entry);
    if (fresh) kept->second.is_kept = true;
  }
}

bool StaticFiles::is_reserved(std::string_view path) {
  constexpr std::array<std::string_view, 8> kPrefixes = {"/api",     "/collab", "/live",    "/x",
                                                         "/healthz", "/readyz", "/metrics", "/.well-known"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
  });
}

std::optional<StaticAnswer> StaticFiles::find(std::string_view path, std::string_view accept_encoding,
                                              std::string_view if_none_match) const {
  if (is_reserved(path)) return std::nullopt;
  auto found = entries_.find(path == "/" ? std::string(kStartPage) : std::string(path));
  // The id of a plugin has dots, and is no file's name: /e/org.example.polls, /portail/e/org.example.polls.
  const bool is_screen = path.find("/e/") != std::string_view::npos;
  const bool has_extension = !is_screen && path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
  if (found == entries_.end() && !has_extension) found = entries_.find(std::string(kStartPage));
  if (found == entries_.end() || !found->second.plain) return std::nullopt;
  const Entry& entry = found->second;
  const std::string_view encoding = choose_encoding(accept_encoding, entry.brotli != nullptr, entry.gzip != nullptr);
  const auto& file = encoding == "br" ? entry.brotli : encoding == "gzip" ? entry.gzip : entry.plain;
  StaticAnswer answer{200, {{"Cache-Control", entry.cache_control}, {"ETag", file->etag()}}, nullptr};
  if (entry.brotli || entry.gzip) answer.headers.emplace_back("Vary", "Accept-Encoding");
  if (etag_matches(if_none_match, file->etag())) {
    answer.status = 304;
    return answer;
  }
  answer.headers.emplace_back("Content-Type", entry.content_type);
  if (!encoding.empty()) answer.headers.emplace_back("Content-Encoding", std::string(encoding));
  answer.file = file;
  return answer;
}

Result<void> StaticSite::load() {
  if (directory_.empty()) return {};
  const Stamp found = stamp();  // before reading: what is written meanwhile is noticed as another build
  auto files = StaticFiles::load(directory_);
  const std::lock_guard lock(mutex_);
  loaded_ = seen_ = found;
  if (!files) return std::unexpected(files.error());
  files->keep_hashed_of(*files_);
  files_ = std::make_shared<const StaticFiles>(std::move(*files));
  return {};
}

bool StaticSite::has_new_build() {
  if (directory_.empty()) return false;
  std::error_code error;
  // A build empties the folder first: until there is a start page again, the one in memory is served.
  if (!fs::is_regular_file(directory_ / kStartPage.substr(1), error)) return false;
  const Stamp found = stamp();
  const std::lock_guard lock(mutex_);
  const bool settled = found == std::exchange(seen_, found);
  return settled && found != loaded_;
}

std::optional<StaticAnswer> StaticSite::find(std::string_view path, std::string_view accept_encoding,
                                             std::string_view if_none_match) const {
  std::shared_ptr<const StaticFiles> files;
  {
    const std::lock_guard lock(mutex_);
    files = files_;
  }
  return files->find(path, accept_encoding, if_none_match);
}

StaticSite::Stamp StaticSite::stamp() const {
  constexpr std::array<std::string_view, 5> kWatched = {"", "assets", "index.html", "index.html.br", "index.html.gz"};
  Stamp found{};
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    std::error_code error;  // what is not there counts as such
    found[i] = fs::last_write_time(directory_ / kWatched[i], error);
  }
  return found;
}

}  // namespace cluse::net
