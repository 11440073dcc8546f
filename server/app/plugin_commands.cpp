// `cluse plugin …`: what authors and operators do with plugins from the command line.
#include "server/app/commands.h"
#include "server/app/data_directory.h"
#include "server/app/shipped.h"
#include "server/plugin/archive.h"
#include "server/plugin/changes.h"
#include "server/plugin/control.h"
#include "server/plugin/installed.h"
#include "server/plugin/signature.h"
#include "server/plugin/validator.h"
#include "server/storage/file.h"

#include <stdlib.h>
#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <system_error>
#include <vector>

namespace cluse::app {
namespace {

namespace fs = std::filesystem;
using domain::journal::Verb;

void print_grants(const std::vector<std::string>& grants) {
  for (const auto& grant : grants) std::cout << "  " << grant << '\n';
  if (grants.empty()) std::cout << "  nothing\n";
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string renamed(std::string text, const std::string& name) {
  std::string type = name;
  type.front() = static_cast<char>(type.front() - 'a' + 'A');
  return replaced(replaced(std::move(text), "hello", name), "Hello", type);
}

Result<void> copy_template(const fs::path& source, const fs::path& target, const std::string& name) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(source, error)) {
    if (!entry.is_regular_file()) continue;
    const fs::path file = target / renamed(fs::relative(entry.path(), source).string(), name);
    fs::create_directories(file.parent_path(), error);
    std::ifstream stream(entry.path(), std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    CLUSE_CHECK(storage::write_synced(file, renamed(text.str(), name)));
  }
  return {};
}

Result<plugin::Shelf> shelf_of(const ConfigChoice& choice) {
  CLUSE_TRY(config, configure(choice));
  return plugin::Shelf(DataDirectory{config.data_directory}.plugins());
}

// The event of a change that no server made. Where there is no database yet, there is no journal to write to.
Result<void> tell_journal(const ConfigChoice& choice, const plugin::Told& told, const std::string& id,
                          const std::string& version) {
  CLUSE_TRY(config, configure(choice));
  const DataDirectory data{config.data_directory};
  if (config.postgres.empty() && !fs::exists(data.database())) return {};
  Metrics metrics;
  CLUSE_TRY(database, open_store(store_of(config), metrics));
  plugin::tell_journal(*database, SystemClock(), told, id, version);
  database->stop();
  return {};
}

// Has the server that uses the data directory make the change; else `alone` makes it, and it is told here.
Result<bool> change(const ConfigChoice& choice, const plugin::Shelf& shelf, const Value& question,
                    const plugin::Told& told, const std::function<Result<void>()>& alone) {
  const std::string id = question["id"].get_or<std::string>("");
  const auto state = shelf.state(id);
  CLUSE_TRY(is_made, plugin::ask_server(shelf.folder(), question));
  if (is_made) return true;
  CLUSE_CHECK(alone());
  const auto now = shelf.state(id);
  CLUSE_CHECK(tell_journal(choice, told, id, now ? now->version : state ? state->version : ""));
  return false;
}

// A plugin as it was given: a folder as it is, an archive unpacked for as long as this lives.
struct Given {
  fs::path folder, unpacked;
  std::string signer;
  Given() = default;
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() {
    std::error_code ignored;
    if (!unpacked.empty()) fs::remove_all(unpacked, ignored);
  }
};

Result<std::unique_ptr<Given>> take(const fs::path& path) {
  auto given = std::make_unique<Given>();
  given->folder = path;
  std::error_code error;
  if (fs::is_directory(path, error)) return given;
  std::string pattern = (fs::temp_directory_path() / "cluse-plugin-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return std::unexpected(storage::io_error(errno, pattern));
  given->unpacked = pattern;
  given->folder = given->unpacked / "plugin";
  CLUSE_TRY(contents, plugin::unpack(path, given->folder));
  given->signer = contents.signer;
  return given;
}

int print_findings(const std::vector<plugin::Finding>& findings) {
  int status = 0;
  std::cout << "On trial:\n";
  for (const auto& [name, trouble] : findings) {
    std::cout << (trouble.empty() ? "  good  " : "  BAD   ") << name << '\n';
    if (trouble.empty()) continue;
    std::cout << "        " << trouble << '\n';
    status = 1;
  }
  return status;
}

void print_signer(const std::string& signer) {
  std::cout << (signer.empty() ? "It is not signed.\n" : "Signed by " + signer + "\n");
}

}  // namespace

int plugin_check(const fs::path& path) {
  const auto given = take(path);
  if (!given) return complain(given.error());
  const auto package = plugin::check_folder((*given)->folder);
  if (!package) return complain(package.error());
  const auto& manifest = package->manifest;
  std::cout << manifest.id << ' ' << manifest.version << ", ABI " << manifest.abi_major << '.' << manifest.abi_minor
            << ", " << package->migrations.size() << " migrations\nIt asks for:\n";
  print_grants(words_of(manifest));
  if (!(*given)->unpacked.empty()) {
    // Somebody else's: it is looked at and not run.
    print_signer((*given)->signer);
    return 0;
  }
  return print_findings(plugin::validate((*given)->folder, *package, plugin_runner(), false));
}

int plugin_key(const fs::path& file) {
  const auto signer = plugin::make_key(file);
  if (!signer) return complain(signer.error());
  std::cout << "Made " << file.string() << ". Keep it secret, and keep a copy: who has it signs in your name.\n";
  print_signer(*signer);
  return 0;
}

int plugin_pack(const fs::path& folder, const std::optional<fs::path>& key, const fs::path& target) {
  const auto packed = plugin::pack(folder, key);
  if (!packed) return complain(packed.error());
  const fs::path file = target / packed->name;
  if (fs::exists(file)) return complain({Errc::conflict, "target_exists", file.string() + " is there already", ""});
  if (const auto done = storage::write_synced(file, packed->archive); !done) return complain(done.error());
  std::cout << file.string() << ", " << packed->archive.size() << " bytes\n";
  for (const auto& name : packed->left_out) std::cout << "Left out, for it is no part of a plugin: " << name << '\n';
  print_signer(packed->signer);
  return 0;
}

int plugin_new(const std::string& name) {
  if (!is_name(name)) return complain({Errc::invalid, "name_wrong", "a name of a-z and 0-9, such as polls", ""});
  if (fs::exists(name)) return complain({Errc::conflict, "target_exists", name + " is there already", ""});
  const fs::path templates = find_shipped({"share/cluse/sdk/templates", "sdk/templates"}, "hello/plugin.toml");
  if (templates.empty())
    return complain({Errc::not_found, "sdk_missing", "the SDK is not installed: share/cluse/sdk/templates", ""});
  if (const auto made = copy_template(templates / "hello", name, name); !made) return complain(made.error());
  std::cout << "Made " << name << ". Now:\n  cmake -S " << name << " -B " << name << "/build && cmake --build " << name
            << "/build\n  ctest --test-dir " << name << "/build\n  cluse plugin check " << name << "/build/plugins/"
            << name << '\n'
            << "Its page is web/page.js. In a browser, with an instance of its own:\n  cluse plugin run " << name
            << "/build/plugins/" << name << '\n';
  return 0;
}

int plugin_install(const ConfigChoice& choice, const fs::path& path, PluginConsent consent) {
  const auto shelf = shelf_of(choice);
  if (!shelf) return complain(shelf.error());
  const auto given = take(path);
  if (!given) return complain(given.error());
  const auto& [folder, unpacked, signer] = **given;
  const auto package = plugin::check_folder(folder);
  if (!package) return complain(package.error());
  std::cout << package->manifest.id << ' ' << package->manifest.version << " asks for:\n";
  print_grants(words_of(package->manifest));
  print_signer(signer);
  const auto same = shelf->check_signer(package->manifest.id, signer);
  if (!same && !consent.accept_signer) {
    std::cout << "Nothing was installed. Add --accept-signer if you know why it changed.\n";
    return complain(same.error());
  }
  if (!consent.accept) {
    std::cout << "Nothing was installed. Add --accept to grant this.\n";
    return 1;
  }
  const auto before = shelf->state(package->manifest.id);
  if (const auto done = shelf->install(folder, *package, signer); !done) return complain(done.error());
  const plugin::Told told{before ? Verb::plugin_updated : Verb::plugin_installed, {}, before ? before->version : ""};
  const Value question = {
      {"do", "reload"}, {"id", package->manifest.id}, {"verb", to_text(told.verb)}, {"before", told.before}};
  const auto taken = change(choice, *shelf, question, told, [] { return Result<void>(); });
  if (!taken) return complain(taken.error());
  std::cout << (*taken ? "Installed, and taken on by the running server.\n"
                       : "Installed. It starts with the server.\n");
  return 0;
}

int plugin_list(const ConfigChoice& choice) {
  const auto shelf = shelf_of(choice);
  if (!shelf) return complain(shelf.error());
  for (const auto& id : shelf->ids()) {
    const auto state = shelf->state(id);
    if (!state) {
      complain(state.error());
      continue;
    }
    std::cout << id << ' ' << state->version << (state->enabled ? "" : " (disabled)") << '\n';
    print_grants(state->grants);
    if (const auto signer = shelf->signer(id); !signer.empty()) std::cout << "  signed by " << signer << '\n';
    if (const auto package = shelf->open(id); !package)
      std::cout << "  will not start: " << package.error().detail << '\n';
  }
  return 0;
}

int plugin_switch(const ConfigChoice& choice, const std::string& id, bool enabled) {
  const auto shelf = shelf_of(choice);
  if (!shelf) return complain(shelf.error());
  const plugin::Told told{enabled ? Verb::plugin_enabled : Verb::plugin_disabled};
  const auto done = change(choice, *shelf, {{"do", enabled ? "enable" : "disable"}, {"id", id}}, told,
                           [&] { return shelf->set_enabled(id, enabled); });
  if (!done) return complain(done.error());
  std::cout << id << (enabled ? " is started" : " is stopped")
            << (*done ? " in the running server\n" : " from the server's next start on\n");
  return 0;
}

int plugin_remove(const ConfigChoice& choice, const std::string& id, bool data) {
  const auto shelf = shelf_of(choice);
  if (!shelf) return complain(shelf.error());
  const auto done = change(choice, *shelf, {{"do", "remove"}, {"id", id}, {"data", data}}, {Verb::plugin_removed},
                           [&] { return shelf->remove(id, data); });
  if (!done) return complain(done.error());
  std::cout << id << " is removed" << (data ? ", with its data" : "; its data stay in " + shelf->database(id).string())
            << '\n';
  return 0;
}

}  // namespace cluse::app
