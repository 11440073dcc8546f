// What is installed: <data>/plugins/<id>/<hash>/ holds the files of a version of a plugin as they came, beside those of
// the version before as long as that one runs; <id>.state.toml what an administrator decided about it, <id>.signer who
// signed it, <id>.db its data. Files alone, so that the command line may look and decide while the server runs.
//
// Thread: any, one at a time for one folder (blocking).
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/plugin/manifest.h"
#include "server/plugin/services/catalogues.h"
#include "server/storage/sqlite/plugin_store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kMigrationsMax = 1'000;

/// What was accepted when it was installed.
struct State {
  bool enabled = true;
  std::string version, library_sha256;
  std::vector<std::string> grants;  ///< words_of(Manifest)
  std::string folder;               ///< below <id>/: the hash of all files; empty: <id>/ itself
  bool child_only = false;          ///< in a child also where the configuration would have it in the server
  std::string signer;               ///< of this version; empty: nobody
  bool trusted_ui = false;          ///< its modules run in the page itself
  bool operator==(const State&) const = default;
};

/// A folder that can be run: everything about it was checked but its behaviour.
struct Package {
  Manifest manifest;
  Catalogues texts;
  std::string library_sha256;
  std::vector<storage::PluginMigration> migrations;  ///< by name
};

/// Checks a folder without running anything of it. Codes: "plugin_manifest_wrong", "plugin_library_wrong",
/// "plugin_migration_wrong", "plugin_catalogue_wrong".
[[nodiscard]] Result<Package> check_folder(const std::filesystem::path& folder);

/// The plugins of a data directory.
class Shelf {
 public:
  explicit Shelf(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::vector<std::string> ids() const;  ///< by name
  /// Of the version that was accepted last.
  [[nodiscard]] std::filesystem::path files(const std::string& id) const;
  [[nodiscard]] std::filesystem::path files(const std::string& id, const State& state) const;
  [[nodiscard]] std::filesystem::path database(const std::string& id) const { return folder_ / (id + ".db"); }
  /// Code "plugin_not_found".
  [[nodiscard]] Result<State> state(const std::string& id) const;
  [[nodiscard]] Result<void> set_state(const std::string& id, const State& state) const;
  [[nodiscard]] Result<void> set_enabled(const std::string& id, bool enabled) const;

  /// Who signed what was installed last under this id, also after its files were removed and its data stayed; empty:
  /// nobody did, or nothing was.
  [[nodiscard]] std::string signer(const std::string& id) const;
  /// Code "plugin_signer_other": what was signed so far is to be replaced by what another signed, or nobody.
  [[nodiscard]] Result<void> check_signer(const std::string& id, const std::string& signer) const;

  /// Copies a checked folder in beside the version before, and records what was accepted. Data and whether it is
  /// enabled stay.
  [[nodiscard]] Result<void> install(const std::filesystem::path& source, const Package& package,
                                     const std::string& signer = {}, bool child_only = false) const;
  /// Back to what was accepted before, with its signer.
  [[nodiscard]] Result<void> restore(const std::string& id, const State& state) const;
  /// Removes the files of versions that are neither accepted nor one of `used`.
  void sweep(const std::string& id, const std::vector<State>& used = {}) const;
  /// Files and state; with `data` the database too. Code "database_in_use" while a server runs it.
  [[nodiscard]] Result<void> remove(const std::string& id, bool data) const;
  /// The same where the caller holds the lock of its database, or nobody can run it.
  [[nodiscard]] Result<void> erase(const std::string& id, bool data) const;

  /// Checks the files against what was accepted. Codes: those of check_folder; "plugin_changed" (the library is another
  /// than was installed), "plugin_wants_more" (`detail` names what was not accepted).
  [[nodiscard]] Result<Package> open(const std::string& id) const;

 private:
  [[nodiscard]] std::filesystem::path state_file(const std::string& id) const { return folder_ / (id + ".state.toml"); }
  [[nodiscard]] std::filesystem::path signer_file(const std::string& id) const { return folder_ / (id + ".signer"); }
  [[nodiscard]] Result<void> set_signer(const std::string& id, const std::string& signer) const;
  const std::filesystem::path folder_;
};

/// What `wanted` asks for and `accepted` does not hold, by name; and the other way round with its arguments swapped.
[[nodiscard]] std::vector<std::string> grants_beyond(const std::vector<std::string>& accepted,
                                                     const std::vector<std::string>& wanted);

}  // namespace cluse::plugin
