// `cluse import DIR`: brings a folder of organisations, people, workspaces and documents into an instance.
// The folder holds `demo.toml` (or any *.toml named on the command line) and the files it refers to; config/demo shows
// the form.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/storage/database.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace cluse::app {

struct ImportedAccount {
  std::string email, name, function;
  bool is_admin = false;
};

struct ImportReport {
  std::size_t territories = 0, organisations = 0, people = 0, workspaces = 0, documents = 0, mandates = 0;
  std::string password;  ///< the one given to every imported account, empty if none was
  std::vector<ImportedAccount> accounts;
};

/// All or nothing, in one transaction. `hash_password` turns the folder's password into what the account table keeps.
/// Codes: "import_unreadable", "import_malformed" (detail names the entry), "import_not_empty" (there are workspaces
/// already). Thread: not a shard (blocks).
[[nodiscard]] Result<ImportReport> import_folder(storage::Database& database, const std::filesystem::path& folder,
                                                 const std::string& password_hash, const Clock& clock);

/// The password that the folder gives to its accounts, or empty. Codes as above.
[[nodiscard]] Result<std::string> import_password(const std::filesystem::path& folder);

}  // namespace cluse::app
