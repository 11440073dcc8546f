#include "server/plugin/installed.h"

#include "server/domain/data_file/fields.h"
#include "server/plugin/guest/library.h"
#include "server/storage/file.h"
#include "server/storage/sha256.h"
#include "server/storage/sqlite/lock_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

namespace cluse::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFolderDigits = 16;
constexpr std::size_t kFileBytesMax = 300U << 20;

std::unexpected<Error> file_error(const std::error_code& error, const fs::path& what) {
  return std::unexpected(storage::io_error(error.value(), what.string()));
}

Result<std::string> read_file(const fs::path& file, std::size_t bytes_max, std::string_view code) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return fail(Errc::not_found, code, file.filename().string() + " cannot be read");
  if (size > bytes_max) return fail(Errc::too_large, code, file.filename().string() + " is too large");
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

Result<std::vector<storage::PluginMigration>> read_migrations(const fs::path& folder) {
  std::vector<storage::PluginMigration> migrations;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".sql") || name.size() < 5 || name.front() < '0' || name.front() > '9')
      return fail(Errc::invalid, "plugin_migration_wrong", "migrations/" + name + " is not called NNN_name.sql");
    CLUSE_TRY(sql, read_file(entry.path(), 1U << 20, "plugin_migration_wrong"));
    migrations.push_back({name, std::move(sql)});
    if (migrations.size() > kMigrationsMax) return fail(Errc::too_large, "plugin_migration_wrong", "too many");
  }
  std::ranges::sort(migrations, {}, &storage::PluginMigration::name);
  return migrations;
}

// What the manifest names is there: sentences in the catalogues, files below web/.
Result<void> check_parts(const fs::path& folder, const Manifest& manifest, const Catalogues& texts) {
  const auto need = [&](const std::string& key) -> Result<void> {
    if (texts.has(key)) return {};
    return fail(Errc::invalid, "plugin_catalogue_wrong", "i18n/: \"" + key + "\" is missing");
  };
  for (const std::string& key : manifest.grants.notify)
    for (const char* part : {".subject", ".body"}) CLUSE_CHECK(need(key + part));
  for (const UiPart& part : manifest.ui) {
    CLUSE_CHECK(need(part.name));
    std::error_code error;
    for (const auto& file : {part.module, part.style})
      if (!file.empty() && !fs::is_regular_file(folder / file, error))
        return fail(Errc::invalid, "plugin_manifest_wrong", "plugin.toml: ui names " + file + ", which is not there");
  }
  return {};
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

bool is_hash(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// One name for one set of files: paths and contents, in the order of the paths.
Result<std::string> hash_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  std::string all;
  for (const auto& file : files) {
    CLUSE_TRY(text, read_file(file, kFileBytesMax, "plugin_files_wrong"));
    all += storage::sha256_hex(text) + ' ' + fs::relative(file, folder).string() + '\n';
  }
  return storage::sha256_hex(all).substr(0, kFolderDigits);
}

std::string to_toml(const State& state) {
  std::string out = "# What was decided about this plugin; `cluse plugin` writes it.\n";
  out += "enabled = " + std::string(state.enabled ? "true" : "false") + "\nversion = " + toml_text(state.version) +
         "\nlibrary_sha256 = " + toml_text(state.library_sha256) + "\n";
  if (!state.folder.empty()) out += "folder = " + toml_text(state.folder) + "\n";
  if (state.child_only) out += "child_only = true\n";
  if (state.trusted_ui) out += "trusted_ui = true\n";
  if (!state.signer.empty()) out += "signer = " + toml_text(state.signer) + "\n";
  if (state.grants.empty()) return out;
  out += "grants = [\n";
  for (const auto& grant : state.grants) out += "  " + toml_text(grant) + ",\n";
  return out + "]\n";
}

}  // namespace

Result<Package> check_folder(const fs::path& folder) {
  CLUSE_TRY(manifest, read_manifest(folder));
  if (!fs::exists(folder / manifest.library))
    return fail(Errc::not_found, "plugin_library_wrong",
                manifest.library + " is not there: give the folder that the build makes (build/plugins/<name>)");
  CLUSE_TRY(library, read_file(folder / manifest.library, kLibraryBytesMax, "plugin_library_wrong"));
  const auto facts = inspect_library(library);
  if (!facts) {
    Error error = facts.error();
    error.detail = manifest.library + ": " + error.detail;
    return std::unexpected(std::move(error));
  }
  if (facts->abi_major != static_cast<std::uint32_t>(manifest.abi_major) ||
      facts->abi_minor != static_cast<std::uint32_t>(manifest.abi_minor))
    return fail(Errc::invalid, "plugin_library_wrong",
                manifest.library + ": it was built for another ABI than plugin.toml says");
  CLUSE_TRY(migrations, read_migrations(folder / "migrations"));
  CLUSE_TRY(texts, Catalogues::read(folder));
  CLUSE_CHECK(check_parts(folder, manifest, texts));
  return Package{manifest, std::move(texts), storage::sha256_hex(library), migrations};
}

std::vector<std::string> Shelf::ids() const {
  std::vector<std::string> ids;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error))
    if (const std::string name = entry.path().filename(); name.ends_with(".state.toml"))
      ids.push_back(name.substr(0, name.size() - std::string_view(".state.toml").size()));
  std::ranges::sort(ids);
  return ids;
}

Result<State> Shelf::state(const std::string& id) const {
  constexpr std::string_view kCode = "plugin_not_found";
  CLUSE_TRY(text, read_file(state_file(id), 1U << 20, kCode));
  CLUSE_TRY(table, domain::data_file::parse(text, id + ".state.toml", kCode));
  domain::data_file::Complaints complaints{id + ".state.toml", kCode};
  domain::data_file::Fields fields(table, "", 1, complaints);
  State state;
  state.enabled = fields.flag_or("enabled", false);
  state.version = fields.text("version");
  state.library_sha256 = fields.text("library_sha256");
  if (fields.has("grants")) state.grants = fields.texts("grants");
  if (fields.has("folder")) state.folder = fields.text("folder");
  state.child_only = fields.flag_or("child_only", false);
  state.trusted_ui = fields.flag_or("trusted_ui", false);
  state.signer = fields.has("signer") ? fields.text("signer") : signer(id);
  if (!is_hash(state.folder)) fields.complain("folder", "must be the hash that `cluse plugin install` wrote");
  fields.finish();
  CLUSE_CHECK(complaints.result());
  return state;
}

Result<void> Shelf::set_state(const std::string& id, const State& state) const {
  const fs::path draft = folder_ / (id + ".state.toml.new");
  std::error_code error;
  fs::remove(draft, error);
  CLUSE_CHECK(storage::write_synced(draft, to_toml(state)));
  fs::rename(draft, state_file(id), error);
  if (error) return file_error(error, state_file(id));
  return storage::sync_directory(folder_);
}

Result<void> Shelf::set_enabled(const std::string& id, bool enabled) const {
  CLUSE_TRY(now, state(id));
  now.enabled = enabled;
  return set_state(id, now);
}

std::string Shelf::signer(const std::string& id) const {
  const auto text = read_file(signer_file(id), 1U << 10, "plugin_not_found");
  return text ? text->substr(0, text->find('\n')) : "";
}

Result<void> Shelf::check_signer(const std::string& id, const std::string& signer) const {
  const std::string before = this->signer(id);
  if (before.empty() || before == signer) return {};
  return fail(Errc::denied, "plugin_signer_other",
              id + " was signed by " + before + " so far, and this is " +
                  (signer.empty() ? "not signed" : "signed by " + signer));
}

Result<void> Shelf::set_signer(const std::string& id, const std::string& signer) const {
  std::error_code error;
  const fs::path draft = signer_file(id).string() + ".new";
  fs::remove(draft, error);
  CLUSE_CHECK(storage::write_synced(draft, signer + "\n"));
  fs::rename(draft, signer_file(id), error);
  if (error) return file_error(error, signer_file(id));
  return storage::sync_directory(folder_);
}

fs::path Shelf::files(const std::string& id, const State& state) const {
  return state.folder.empty() ? folder_ / id : folder_ / id / state.folder;
}

fs::path Shelf::files(const std::string& id) const {
  const auto now = state(id);
  return files(id, now ? *now : State());
}

Result<void> Shelf::install(const fs::path& source, const Package& package, const std::string& signer,
                            bool child_only) const {
  const std::string& id = package.manifest.id;
  const fs::path draft = folder_ / (id + ".new");
  std::error_code error;
  fs::create_directories(folder_, error);
  fs::remove_all(draft, error);
  // Neither links nor devices: what is not a file or a folder stays behind.
  fs::copy(source, draft, fs::copy_options::recursive | fs::copy_options::skip_symlinks, error);
  if (error) return file_error(error, draft);
  CLUSE_TRY(hash, hash_of(draft));
  const auto before = state(id);
  // Trust is in who made it: it outlives a version only where the same key signed both.
  const bool is_trusted = before && before->trusted_ui && !signer.empty() && before->signer == signer;
  const State accepted{!before || before->enabled,
                       package.manifest.version,
                       package.library_sha256,
                       words_of(package.manifest),
                       hash,
                       child_only,
                       signer,
                       is_trusted};
  CLUSE_CHECK(set_signer(id, signer));
  const fs::path target = files(id, accepted);
  fs::create_directories(target.parent_path(), error);
  if (const auto there = hash_of(target); there && *there == hash) {
    fs::remove_all(draft, error);  // they may be in use
  } else {
    fs::remove_all(target, error);
    fs::rename(draft, target, error);
  }
  if (error) return file_error(error, target);
  CLUSE_CHECK(storage::sync_directory(target.parent_path()));
  return set_state(id, accepted);
}

Result<void> Shelf::restore(const std::string& id, const State& state) const {
  CLUSE_CHECK(set_signer(id, state.signer));
  return set_state(id, state);
}

void Shelf::sweep(const std::string& id, const std::vector<State>& used) const {
  const auto accepted = state(id);
  if (!accepted || accepted->folder.empty()) return;
  std::error_code error;
  std::vector<fs::path> over;
  for (const auto& entry : fs::directory_iterator(folder_ / id, error)) {
    const auto is = [&](const State& one) { return one.folder == entry.path().filename() || one.folder.empty(); };
    if (!is(*accepted) && std::ranges::none_of(used, is)) over.push_back(entry.path());
  }
  for (const auto& path : over) fs::remove_all(path, error);
}

Result<void> Shelf::remove(const std::string& id, bool data) const {
  CLUSE_CHECK(state(id));
  const auto lock = storage::lock_database(database(id));  // nobody runs it meanwhile
  if (!lock) return std::unexpected(lock.error());
  return erase(id, data);
}

Result<void> Shelf::erase(const std::string& id, bool data) const {
  std::error_code error;
  fs::remove(state_file(id), error);
  fs::remove_all(folder_ / id, error);
  if (error) return file_error(error, folder_ / id);
  // Who signed it is remembered as long as there are data that another's version could read.
  if (!data) return storage::sync_directory(folder_);
  fs::remove(signer_file(id), error);
  for (const char* end : {"", "-wal", "-shm", ".lock", ".before"}) fs::remove(database(id).string() + end, error);
  return storage::sync_directory(folder_);
}

Result<Package> Shelf::open(const std::string& id) const {
  CLUSE_TRY(accepted, state(id));
  CLUSE_TRY(package, check_folder(files(id, accepted)));
  if (package.manifest.id != id)
    return fail(Errc::invalid, "plugin_manifest_wrong", "plugin.toml says it is " + package.manifest.id);
  std::string more;
  for (const auto& grant : grants_beyond(accepted.grants, words_of(package.manifest)))
    more += (more.empty() ? "" : "; ") + grant;
  if (!more.empty()) return fail(Errc::denied, "plugin_wants_more", "not accepted: " + more);
  if (package.library_sha256 != accepted.library_sha256)
    return fail(Errc::conflict, "plugin_changed",
                package.manifest.library + " is " + package.library_sha256.substr(0, 12) + "…, and " +
                    accepted.library_sha256.substr(0, 12) + "… was installed");
  return package;
}

std::vector<std::string> grants_beyond(const std::vector<std::string>& accepted,
                                       const std::vector<std::string>& wanted) {
  std::vector<std::string> more;
  for (const auto& grant : wanted)
    if (std::ranges::find(accepted, grant) == accepted.end()) more.push_back(grant);
  return more;
}

}  // namespace cluse::plugin
