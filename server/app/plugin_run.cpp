// `cluse plugin run`: an instance in a temporary folder with one plugin in it. It builds nothing: it watches what the
// author's build writes, and has the running server take it on.
#include "server/app/commands.h"
#include "server/app/config.h"
#include "server/app/data_directory.h"
#include "server/app/import.h"
#include "server/app/instance.h"
#include "server/app/shipped.h"
#include "server/base/log.h"
#include "server/domain/identity/password_hasher.h"
#include "server/domain/identity/people.h"
#include "server/plugin/control.h"
#include "server/plugin/installed.h"

#include <stdlib.h>
#include <unistd.h>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

namespace cluse::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{300};
constexpr int kPort = 8080;         // of an instance of one's own
constexpr int kScreensPort = 5180;  // of screens in front of another
constexpr const char* kEmail = "auteur@example.org";
constexpr const char* kPassword = "demonstration-2026";

struct TemporaryData {
  TemporaryData() {
    std::string pattern = (fs::temp_directory_path() / "cluse-run-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path = pattern;
  }
  TemporaryData(const TemporaryData&) = delete;
  TemporaryData& operator=(const TemporaryData&) = delete;
  ~TemporaryData() {
    std::error_code ignored;
    if (!path.empty()) fs::remove_all(path, ignored);
  }
  fs::path path;
};

// Everybody who is needed to try a plugin: one administrator.
Result<void> add_author(const Config& config) {
  domain::PasswordHasher hasher({});
  CLUSE_TRY(hash, hasher.hash_now(kPassword));
  hasher.stop();
  Metrics metrics;
  CLUSE_TRY(database, open_store(store_of(config), metrics));
  const Instant now = SystemClock().now();
  auto added = database->write_now([&](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(organisation, domain::find_or_add_organisation(tx, {"Arc jurassien", "", "CH", ""}, now));
    domain::NewPerson person;
    person.name = "Auteur";
    person.email = kEmail;
    person.ui_locale = "fr-CH";
    person.organisation_id = organisation.id;
    person.password_hash = hash;
    person.is_admin = true;
    CLUSE_CHECK(domain::add_person(tx, person, now));
    return {};
  });
  database->stop();
  return added;
}

/// What stands in the folder, as far as it is seen from outside.
std::map<fs::path, std::pair<std::uintmax_t, fs::file_time_type>> look_at(const fs::path& folder) {
  std::map<fs::path, std::pair<std::uintmax_t, fs::file_time_type>> seen;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    std::error_code gone;
    if (entry.is_regular_file(gone)) seen[entry.path()] = {entry.file_size(gone), entry.last_write_time(gone)};
  }
  return seen;
}

Result<std::string> put_on_shelf(const fs::path& folder, const plugin::Shelf& shelf) {
  CLUSE_TRY(package, plugin::check_folder(folder));
  CLUSE_CHECK(shelf.install(folder, package));
  return package.manifest.id + " " + package.manifest.version;
}

void take_on(const fs::path& folder, const plugin::Shelf& shelf) {
  const auto name = put_on_shelf(folder, shelf);
  if (!name) {
    complain(name.error());
    return;
  }
  const Value question = {{"do", "reload"}, {"id", name->substr(0, name->find(' '))}};
  const auto taken = plugin::ask_server(shelf.folder(), question);
  if (!taken) complain(taken.error());
  else std::cout << "Took on " << *name << std::endl;
}

// A linker writes for a while: what is taken on has not changed since the look before.
void watch(const std::stop_token& stop, const fs::path& folder, const plugin::Shelf& shelf) {
  auto taken = look_at(folder);
  auto last = taken;
  std::mutex mutex;
  std::condition_variable_any tick;
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex);
    tick.wait_for(lock, stop, kLookEvery, [] { return false; });
    const auto now = look_at(folder);
    const bool is_quiet = now == std::exchange(last, now);
    if (stop.stop_requested() || !is_quiet || now == taken) continue;
    taken = now;
    take_on(folder, shelf);
  }
}

Result<void> fill(const ConfigChoice& choice, const Config& config) {
  const fs::path demo = find_shipped({"config/demo"}, "demo.toml");  // a source tree has demonstration content
  if (demo.empty()) {
    CLUSE_CHECK(add_author(config));
    std::cout << "Sign in with " << kEmail << " and " << kPassword << '\n';
    return {};
  }
  if (import(choice, demo) != 0) return fail(Errc::internal, "import_failed", demo.string());
  return {};
}

}  // namespace

int plugin_run(const fs::path& folder, std::optional<int> port, const fs::path& client) {
  if (const auto package = plugin::check_folder(folder); !package) return complain(package.error());
  const TemporaryData data;
  ConfigChoice choice;
  choice.data = data.path;
  choice.port = port.value_or(kPort);
  choice.static_directory =
      client.empty() ? find_shipped({"client-web/dist", "share/cluse/client"}, "index.html") : client;
  auto config = configure(choice);
  if (!config) return complain(config.error());
  config->demo = true;
  if (const auto filled = fill(choice, *config); !filled) return complain(filled.error());
  const plugin::Shelf shelf(DataDirectory{config->data_directory}.plugins());
  const auto name = put_on_shelf(folder, shelf);
  if (!name) return complain(name.error());
  block_signals();
  auto instance = Instance::start(*config);
  if (!instance) return complain(instance.error());
  std::cout << "Serving " << *name << " on http://127.0.0.1:" << (*instance)->port() << "  (Ctrl+C stops it)"
            << std::endl;
  std::jthread watcher([&](const std::stop_token& stop) { watch(stop, folder, shelf); });
  return run_until_signalled(**instance);
}

int plugin_run_against(const fs::path& folder, const std::string& server, std::optional<int> port) {
  const fs::path script = find_shipped({"share/cluse/sdk/web", "sdk/web"}, "bin/cluse-sdk.mjs") / "bin/cluse-sdk.mjs";
  if (script.is_relative())
    return complain({Errc::not_found, "sdk_missing", "the SDK is not installed: share/cluse/sdk/web", ""});
  const std::string listen = std::to_string(port.value_or(kScreensPort));
  ::execlp("node", "node", script.c_str(), "dev", folder.c_str(), "--server", server.c_str(), "--port", listen.c_str(),
           nullptr);
  return complain({Errc::not_found, "node_missing", "node cannot be started: Node.js 20.19 or later is needed", ""});
}

}  // namespace cluse::app
