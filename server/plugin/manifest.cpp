#include "server/plugin/manifest.h"

#include "server/domain/data_file/fields.h"
#include "server/plugin/guest/library.h"
#include "server/plugin/guest/work.h"
#include "server/plugin/names.h"
#include "server/plugin/services/catalogues.h"

#include <cluse/plugin.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace cluse::plugin {
namespace {

using domain::data_file::Complaints;
using domain::data_file::Fields;

constexpr std::string_view kCode = "plugin_manifest_wrong";
constexpr std::string_view kCatalogue = "i18n:";

std::optional<std::pair<int, int>> parse_version(std::string_view text) {
  std::pair<int, int> version;
  const char* end = text.data() + text.size();
  const auto [dot, error] = std::from_chars(text.data(), end, version.first);
  if (error != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [last, second] = std::from_chars(dot + 1, end, version.second);
  if (second != std::errc() || last != end) return std::nullopt;
  return version;
}

bool is_file_name(std::string_view name) {
  return name.ends_with(".so") && name.find('/') == std::string_view::npos && !name.starts_with('.');
}

std::vector<std::string> list_of(Fields& fields, std::string_view key) {
  return fields.has(key) ? fields.texts(key) : std::vector<std::string>();
}

void read_extensions(Fields& fields, std::string_view key, std::vector<std::string>& into) {
  into = list_of(fields, key);
  for (const std::string& id : into)
    if (key == "needs" && std::ranges::find(known_extensions(), id) == known_extensions().end())
      fields.complain(key, "names \"" + id + "\", which this release of Cluse does not offer");
}

// "i18n:plugin.name", or { fr = …, de = … }.
std::string key_of(Fields& fields, std::string_view key) {
  const std::string text = fields.text(key);
  const std::string name = text.starts_with(kCatalogue) ? text.substr(kCatalogue.size()) : "";
  if (!is_word(name, "-_.") || name.size() > 100)
    fields.complain(key, "must name a sentence of the catalogues, such as \"i18n:plugin.name\"");
  return name;
}

void read_name(Fields& plugin, Manifest& manifest) {
  if (plugin.is_text("name")) {
    manifest.name_key = key_of(plugin, "name");
    return;
  }
  Fields name = plugin.table("name");
  for (const char* language : {"fr", "de"}) manifest.name[language] = name.text(language);
  name.finish();
}

// Below web/, of letters that need no escaping in an address.
bool is_web_file(std::string_view name, std::string_view ending) {
  return name.starts_with("web/") && name.ends_with(ending) && name.size() <= 200 &&
         name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                  c == '-' || c == '_';
         });
}

std::string slots_in_words() {
  std::string words;
  for (const auto slot : known_slots()) words += " " + std::string(slot);
  return words;
}

void read_ui(Fields& root, Manifest& manifest) {
  for (Fields& fields : root.tables("ui")) {
    UiPart part;
    part.slot = fields.text("slot");
    if (std::ranges::find(known_slots(), part.slot) == known_slots().end())
      fields.complain("slot", "names \"" + part.slot + "\", which is no place of the interface:" + slots_in_words());
    part.name = key_of(fields, "name");
    part.module = fields.text("module");
    if (!is_web_file(part.module, ".js")) fields.complain("module", "must be a file such as \"web/page.js\"");
    part.style = fields.text_or("style", "");
    if (!part.style.empty() && !is_web_file(part.style, ".css"))
      fields.complain("style", "must be a file such as \"web/page.css\"");
    part.icon = fields.text_or("icon", "");
    if (!part.icon.empty() && !is_word(part.icon, "-"))
      fields.complain("icon", "must be a name such as \"address-book\"");
    fields.finish();
    manifest.ui.push_back(std::move(part));
  }
  if (manifest.ui.size() > kUiPartsMax) root.complain("ui", "has too many: 30 at most");
}

void read_plugin(Fields plugin, Manifest& manifest) {
  manifest.id = plugin.text("id");
  if (!is_plugin_id(manifest.id))
    plugin.complain("id", "must be a name such as \"org.example.polls\": a-z, 0-9, - and dots");
  manifest.version = plugin.text("version");
  if (!is_word(manifest.version, ".-+") || manifest.version.size() > 40)
    plugin.complain("version", "must be a version such as \"1.4.0\"");
  const auto abi = parse_version(plugin.text("abi"));
  if (!abi) plugin.complain("abi", "must be two numbers, such as \"0.1\"");
  manifest.abi_major = abi.value_or(std::pair(0, 0)).first;
  manifest.abi_minor = abi.value_or(std::pair(0, 0)).second;
  if (abi && (abi->first < 0 || abi->second < 0 ||
              !is_offered_abi(static_cast<std::uint32_t>(abi->first), static_cast<std::uint32_t>(abi->second))))
    plugin.complain("abi", "is " + std::to_string(manifest.abi_major) + '.' + std::to_string(manifest.abi_minor) +
                               ", and this release of Cluse offers " + offered_abis());
  manifest.library = plugin.text("library");
  if (!is_file_name(manifest.library)) plugin.complain("library", "must be the name of a file that ends with .so");
  read_name(plugin, manifest);
  read_extensions(plugin, "needs", manifest.needs);
  read_extensions(plugin, "wants", manifest.wants);
  if (plugin.has("limits")) {
    Fields limits = plugin.table("limits");
    const auto size = [&](const char* key, std::int64_t low, std::int64_t high, std::size_t unit, std::size_t& into) {
      if (const auto n = limits.whole_if(key, low, high)) into = static_cast<std::size_t>(*n) * unit;
    };
    size("database_mb", 1, 4096, 1U << 20, manifest.limits.database_bytes);
    size("memory_mb", 16, 4096, 1U << 20, manifest.limits.memory_bytes);
    size("calls_in_flight", 1, 1000, 1, manifest.limits.calls_waiting);
    limits.finish();
  }
  plugin.finish();
}

// What is granted can be used only through an extension that is named.
void check_extensions(Fields& root, const Manifest& manifest) {
  const auto need = [&](bool used, const char* extension, const char* what) {
    if (used && !manifest.uses(extension))
      root.complain("grants", std::string("has ") + what + ": name " + extension + " in needs or wants");
  };
  need(!manifest.grants.routes.empty(), CLUSE_EXT_HTTP, "routes");
  const Grants& grants = manifest.grants;
  need(!grants.notices.empty() || !grants.asks.empty() || !grants.emits.empty(), CLUSE_EXT_EVENTS,
       "notices, asks or emits");
  need(!grants.jobs.empty(), CLUSE_EXT_JOBS, "jobs");
  need(!grants.channels.empty(), CLUSE_EXT_REALTIME, "channels");
  need(!grants.notify.empty(), CLUSE_EXT_NOTIFY, "notify");
  need(grants.search, CLUSE_EXT_SEARCH, "search");
  need(grants.documents != DocumentGrant::none, CLUSE_EXT_DOCUMENTS, "documents");
  need(!grants.core.empty(), CLUSE_EXT_CORE, "core");
  need(!grants.network.empty(), CLUSE_EXT_NET, "network");
}

}  // namespace

bool Manifest::uses(std::string_view extension) const {
  return std::ranges::find(needs, extension) != needs.end() || std::ranges::find(wants, extension) != wants.end();
}

const AskGrant* Manifest::ask(std::string_view hook) const {
  const auto found = std::ranges::find(grants.asks, hook, &AskGrant::hook);
  return found == grants.asks.end() ? nullptr : &*found;
}

const std::vector<std::string>& known_extensions() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> ids = {CLUSE_EXT_STORAGE, CLUSE_EXT_HTTP, CLUSE_EXT_JOBS, CLUSE_EXT_HANDOVER};
    ids.insert(ids.end(), kServiceIds.begin(), kServiceIds.end());
    return ids;
  }();
  return all;
}

const std::vector<std::string_view>& known_slots() {
  static const std::vector<std::string_view> all = {"page",           "workspace.tab", "document.sidebar",
                                                    "document.block", "dashboard",     "command",
                                                    "settings",       "portal",        "admin"};
  return all;
}

Result<Manifest> parse_manifest(std::string_view text, std::string_view file) {
  CLUSE_TRY(table, domain::data_file::parse(text, file, kCode));
  Complaints complaints{std::string(file), kCode};
  Fields root(table, "", 1, complaints);
  Manifest manifest;
  read_plugin(root.table("plugin"), manifest);
  if (root.has("grants")) read_grants(root.table("grants"), manifest.grants);
  check_extensions(root, manifest);
  read_ui(root, manifest);
  root.finish();
  CLUSE_CHECK(complaints.result());
  return manifest;
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
  std::ifstream stream(folder / "plugin.toml", std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return fail(Errc::not_found, kCode, (folder / "plugin.toml").string() + " cannot be read");
  CLUSE_TRY(manifest, parse_manifest(text.str(), "plugin.toml"));
  if (manifest.name_key.empty()) return manifest;
  CLUSE_TRY(texts, Catalogues::read(folder));
  for (const char* language : {"fr", "de"}) {
    if (const auto words = texts.text(language, manifest.name_key, Value::map())) manifest.name[language] = *words;
    else return fail(Errc::invalid, "plugin_catalogue_wrong", "i18n/: \"" + manifest.name_key + "\" is missing");
  }
  return manifest;
}

std::vector<std::string> words_of(const Manifest& manifest) {
  std::vector<std::string> words = words_of(manifest.grants);
  for (const auto& part : manifest.ui) words.push_back("ui " + part.slot);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace cluse::plugin
