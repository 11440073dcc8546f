#include "server/mail/spool.h"

#include "server/storage/file.h"
#include "server/storage/sha256.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cluse::mail {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "cluse mail 1";
constexpr const char* kParts[] = {"queue", "sent", "bounced", "refused", "new"};

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

std::string envelope_of(const Queued& queued) {
  std::string out =
      std::string(kMagic) + "\nto " + one_line(queued.to) + "\nqueued " + std::to_string(queued.queued_at.ms) + '\n';
  if (!queued.key.empty()) out += "key " + one_line(queued.key) + '\n';
  if (queued.expires_at) out += "expires " + std::to_string(queued.expires_at->ms) + '\n';
  return out;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One line of the envelope; false if it is none.
bool take_line(Queued& queued, std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, space), value = line.substr(space + 1);
  if (name == "to") queued.to = value;
  if (name == "key") queued.key = value;
  const bool is_words = name == "to" || name == "key";
  const auto at = is_words ? std::optional<std::int64_t>(0) : number(value);
  if (!at) return false;
  if (name == "queued") queued.queued_at = {*at};
  if (name == "expires") queued.expires_at = Instant{*at};
  return is_words || name == "queued" || name == "expires";
}

std::optional<Queued> parse(std::string_view bytes) {
  Queued queued;
  bool first = true;
  for (;;) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (first ? line != kMagic : !line.empty() && !take_line(queued, line)) return std::nullopt;
    if (!first && line.empty()) break;
    first = false;
  }
  queued.mail = bytes;
  if (queued.to.empty()) return std::nullopt;
  return queued;
}

Instant modified(const fs::path& file) {
  std::error_code ignored;
  const auto at = std::chrono::file_clock::to_sys(fs::last_write_time(file, ignored));
  return {std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()};
}

std::vector<fs::path> files_of(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    files.push_back(it->path());
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    const Instant left = modified(a), right = modified(b);
    return left == right ? a < b : left < right;
  });
  return files;
}

}  // namespace

std::string Spool::name_of(const std::string& key) {
  return storage::sha256_hex(key);
}

Result<void> Spool::open(Instant now) {
  std::error_code error;
  for (const char* part : kParts) {
    fs::create_directories(folder_ / part, error);
    if (error) return std::unexpected(storage::io_error(error.value(), (folder_ / part).string()));
    fs::permissions(folder_ / part, fs::perms::owner_all, error);
  }
  fs::permissions(folder_, fs::perms::owner_all, error);
  for (const fs::path& torn : files_of(folder_ / "new")) fs::remove(torn, error);
  // A crash between the mark and the removal (see `sent`) left what is sent already.
  for (const fs::path& file : files_of(folder_ / "queue")) {
    if (is_in("sent", file.filename()) || is_in("refused", file.filename())) fs::remove(file, error);
  }
  CLUSE_CHECK(storage::sync_directory(folder_));
  forget_sent_before(now - limits_.sent_for);
  count_ = files_of(folder_ / "queue").size();
  return {};
}

bool Spool::is_in(const char* part, const std::string& name) const {
  std::error_code ignored;
  return fs::exists(in(part, name), ignored);
}

Result<void> Spool::write(const char* part, const std::string& name, const std::string& bytes) const {
  const fs::path temporary = in("new", name);
  std::error_code error;
  fs::remove(temporary, error);
  CLUSE_CHECK(storage::write_synced(temporary, bytes));
  fs::rename(temporary, in(part, name), error);
  if (error) return std::unexpected(storage::io_error(error.value(), in(part, name).string()));
  return storage::sync_directory(folder_ / part);
}

Result<bool> Spool::put(const std::string& key, const Queued& queued) {
  const std::string name = name_of(key);
  for (const char* part : {"queue", "sent", "refused"}) {
    if (is_in(part, name)) return false;
  }
  if (queued.mail.size() > limits_.message_bytes_max) return fail(Errc::too_large, "mail_too_large");
  if (count_ >= limits_.messages_max) return fail(Errc::unavailable, "mail_queue_full", folder_.string());
  Queued named = queued;
  named.key = key;
  CLUSE_CHECK(write("queue", name, envelope_of(named) + '\n' + queued.mail));
  ++count_;
  return true;
}

std::vector<std::string> Spool::waiting() const {
  std::vector<std::string> names;
  for (const fs::path& file : files_of(folder_ / "queue")) names.push_back(file.filename().string());
  return names;
}

Result<Queued> Spool::read(const std::string& name) const {
  std::ifstream stream(in("queue", name), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (auto queued = parse(bytes)) return std::move(*queued);
  return fail(Errc::invalid, "mail_unreadable", name);
}

Result<void> Spool::remove_queued(const std::string& name) {
  std::error_code error;
  if (fs::remove(in("queue", name), error) && count_ > 0) --count_;
  if (error) return std::unexpected(storage::io_error(error.value(), in("queue", name).string()));
  return storage::sync_directory(folder_ / "queue");
}

Result<void> Spool::sent(const std::string& name, const std::string& key) {
  // First the mark, then the removal: after a crash between the two, `open` knows that it is sent.
  CLUSE_CHECK(write("sent", name, one_line(key)));
  return remove_queued(name);
}

Result<void> Spool::refused(const std::string& name, const Queued& queued, const std::string& reason) {
  const std::string headers = queued.mail.substr(0, queued.mail.find("\r\n\r\n"));
  CLUSE_CHECK(write("refused", name, envelope_of(queued) + "reason " + one_line(reason) + "\n\n" + headers + "\r\n"));
  trim_refused();
  return remove_queued(name);
}

void Spool::trim_refused() const {
  const auto files = files_of(folder_ / "refused");
  std::error_code ignored;
  for (std::size_t i = 0; i + limits_.refused_max < files.size(); ++i) fs::remove(files[i], ignored);
}

Result<bool> Spool::bounced(const fs::path& folder, const std::string& name, const std::string& reason) {
  std::error_code error;
  std::ifstream sent(folder / "sent" / name);
  std::string key;
  if (!sent || !std::getline(sent, key)) return false;
  if (fs::exists(folder / "refused" / name, error) || fs::exists(folder / "bounced" / name, error)) return false;
  // Beside it may be the spool of the server and another of us: a name of its own until it is whole.
  const fs::path temporary = folder / "new" / (name + '.' + std::to_string(::getpid()));
  CLUSE_CHECK(storage::write_synced(
      temporary, std::string(kMagic) + "\nkey " + key + "\nreason bounced: " + one_line(reason) + "\n\n"));
  fs::rename(temporary, folder / "bounced" / name, error);
  if (error) return std::unexpected(storage::io_error(error.value(), (folder / "bounced" / name).string()));
  CLUSE_CHECK(storage::sync_directory(folder / "bounced"));
  return true;
}

std::vector<Bounced> Spool::all_bounced(const fs::path& folder, std::size_t max) {
  std::vector<Bounced> all;
  for (const fs::path& file : files_of(folder / "bounced")) {
    if (all.size() == max) break;
    Bounced one{file.filename().string(), "", ""};
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line) && !line.empty();) {
      if (line.starts_with("key ")) one.key = line.substr(4);
      if (line.starts_with("reason ")) one.reason = line.substr(7);
    }
    all.push_back(std::move(one));
  }
  return all;
}

Result<void> Spool::settle_bounced(const fs::path& folder, const std::string& name) {
  std::error_code error;
  fs::rename(folder / "bounced" / name, folder / "refused" / name, error);
  if (error) return std::unexpected(storage::io_error(error.value(), (folder / "refused" / name).string()));
  return storage::sync_directory(folder / "refused");
}

void Spool::forget_sent_before(Instant limit) const {
  std::error_code ignored;
  for (const fs::path& file : files_of(folder_ / "sent")) {
    if (modified(file) < limit) fs::remove(file, ignored);
  }
}

}  // namespace cluse::mail
