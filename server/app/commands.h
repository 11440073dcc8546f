// What the command line does. Each function answers the exit status and speaks to people on stdout and stderr.
#pragma once

#include "server/app/config.h"
#include "server/base/result.h"

#include <filesystem>
#include <optional>
#include <string>

namespace cluse::app {

inline constexpr const char* kVersion = "0.1.0";

/// Where the configuration comes from, and what the command line changes about it.
struct ConfigChoice {
  std::filesystem::path file;
  std::optional<std::filesystem::path> data;
  std::optional<std::string> address;
  std::optional<int> port;
  std::optional<std::filesystem::path> static_directory;
  bool bench = false;
  bool safe_mode = false;
};

struct NewUser {
  std::string email, name, function, organisation, country, locale = "fr-FR";
  bool admin = false;
};

/// What every command begins with: the configuration and what the command line changes about it.
[[nodiscard]] Result<Config> configure(const ConfigChoice& choice);
/// Says on stderr what went wrong; the exit status.
int complain(const Error& error);

int serve(const ConfigChoice& choice);
int add_user(const ConfigChoice& choice, const NewUser& user);
int import(const ConfigChoice& choice, const std::filesystem::path& folder);
/// Communes, EPCI, cantons, … as they are on `as_of` (today if empty). Prints every row that it leaves out; then the
/// status is 1, though the others are in.
int import_territories(const ConfigChoice& choice, const std::filesystem::path& folder, const std::string& as_of);
int import_rates(const ConfigChoice& choice, const std::filesystem::path& file, const std::string& month);
int run_backup(const ConfigChoice& choice, const std::filesystem::path& target);
int run_restore(const ConfigChoice& choice, const std::filesystem::path& backup);
int run_migrate(const ConfigChoice& choice, const std::string& engine);
/// Sends one message to `address` now, past the spool, and says what is wrong with [mail].
int run_mail_test(const ConfigChoice& choice, const std::string& address);
/// Reads a mail from standard input: one that came back (docs/mail.md). 0 unless it should be tried again (75).
int run_mail_bounce(const ConfigChoice& choice);
int run_check(const ConfigChoice& choice);
/// `head`: one that was noted earlier, or empty.
int audit_verify(const ConfigChoice& choice, const std::string& head);
int audit_head(const ConfigChoice& choice);
int audit_export(const ConfigChoice& choice, const std::filesystem::path& file);
/// Plugins. All but `check`, `new`, `key` and `pack` work on a data directory, also while a server uses it: that
/// server makes the change, without a restart. `path`: a folder, or an archive made by plugin_pack.
/// A folder is also run, in a sandbox.
int plugin_check(const std::filesystem::path& path);
/// Serves an instance in a temporary folder with the plugin in it, and takes it on anew whenever its files change.
int plugin_run(const std::filesystem::path& folder, std::optional<int> port, const std::filesystem::path& client);
/// Becomes the SDK's server for development: the Cluse at `server`, with the screens of `folder` in place of those that
/// are installed there. Returns only if it cannot.
int plugin_run_against(const std::filesystem::path& folder, const std::string& server, std::optional<int> port);
/// cluse-plugin-runner, which stands beside the executable.
[[nodiscard]] std::filesystem::path plugin_runner();
int plugin_new(const std::string& name);
int plugin_key(const std::filesystem::path& file);
/// Makes <id>-<version>.cluseplugin in `target`; signed if there is a key.
int plugin_pack(const std::filesystem::path& folder, const std::optional<std::filesystem::path>& key,
                const std::filesystem::path& target);
struct PluginConsent {
  bool accept = false;         ///< without it what is granted is shown, and nothing is installed
  bool accept_signer = false;  ///< also where another signed it than before, or nobody
};
int plugin_install(const ConfigChoice& choice, const std::filesystem::path& path, PluginConsent consent);
int plugin_list(const ConfigChoice& choice);
int plugin_switch(const ConfigChoice& choice, const std::string& id, bool enabled);
int plugin_remove(const ConfigChoice& choice, const std::string& id, bool data);
/// Erases a person. The server must be stopped.
int erase_user(const ConfigChoice& choice, const std::string& email);
void print_config();

}  // namespace cluse::app
