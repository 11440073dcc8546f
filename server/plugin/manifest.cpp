#include "server/plugin/manifest.h"

#include "server/domain/data_file/fields.h"
#include "server/domain/journal/verb.h"

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
constexpr std::size_t kIdBytesMax = 100;

bool is_word(std::string_view text, std::string_view also) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

// Reverse DNS: it names files, addresses and metrics.
bool is_id(std::string_view id) {
  if (id.size() > kIdBytesMax || id.find('.') == std::string_view::npos) return false;
  for (std::size_t at = 0; at <= id.size();) {
    const auto dot = std::min(id.find('.', at), id.size());
    const auto part = id.substr(at, dot - at);
    if (!is_word(part, "-") || part.front() == '-' || part.back() == '-') return false;
    at = dot + 1;
  }
  return true;
}

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

std::optional<RouteGrant> parse_route(const std::string& name) {
  const auto space = name.find(' ');
  if (space == std::string::npos) return std::nullopt;
  RouteGrant route{name, name.substr(0, space), name.substr(space + 1)};
  static constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (std::ranges::find(kMethods, route.method) == std::end(kMethods)) return std::nullopt;
  if (!route.pattern.starts_with('/') || route.pattern.size() > 200) return std::nullopt;
  const bool is_plain = std::ranges::all_of(route.pattern, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!is_plain || route.pattern.find_first_of("?#%\\*") != std::string::npos) return std::nullopt;
  return route;
}

// Sign-in, secrets and who looks at what are no business of a plugin's.
bool is_open_verb(std::string_view verb) {
  static constexpr std::string_view kClosed[] = {"session.", "password.", "second_factor.", "recovery_code",
                                                 "passkey.", "identity.", "journal."};
  return domain::journal::parse_verb(verb) &&
         std::ranges::none_of(kClosed, [&](std::string_view start) { return verb.starts_with(start); });
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

void read_plugin(Fields plugin, Manifest& manifest) {
  manifest.id = plugin.text("id");
  if (!is_id(manifest.id)) plugin.complain("id", "must be a name such as \"org.example.polls\": a-z, 0-9, - and dots");
  manifest.version = plugin.text("version");
  if (!is_word(manifest.version, ".-+") || manifest.version.size() > 40)
    plugin.complain("version", "must be a version such as \"1.4.0\"");
  const auto abi = parse_version(plugin.text("abi"));
  if (!abi) plugin.complain("abi", "must be two numbers, such as \"0.1\"");
  manifest.abi_major = abi.value_or(std::pair(0, 0)).first;
  manifest.abi_minor = abi.value_or(std::pair(0, 0)).second;
  const bool fits = manifest.abi_major == static_cast<int>(CLUSE_ABI_MAJOR) &&
                    manifest.abi_minor <= static_cast<int>(CLUSE_ABI_MINOR);
  if (abi && !fits)
    plugin.complain("abi", "is " + std::to_string(manifest.abi_major) + '.' + std::to_string(manifest.abi_minor) +
                               ", and this release of Cluse offers " + std::to_string(CLUSE_ABI_MAJOR) + '.' +
                               std::to_string(CLUSE_ABI_MINOR));
  manifest.library = plugin.text("library");
  if (!is_file_name(manifest.library)) plugin.complain("library", "must be the name of a file that ends with .so");
  Fields name = plugin.table("name");
  for (const char* language : {"fr", "de"}) manifest.name[language] = name.text(language);
  name.finish();
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

void read_asks(Fields& fields, Grants& grants) {
  for (Fields& ask : fields.tables("asks")) {
    AskGrant grant;
    grant.hook = ask.text("hook");
    if (std::ranges::find(known_hooks(), grant.hook) == known_hooks().end())
      ask.complain("hook", "names \"" + grant.hook + "\", which is never asked");
    grant.budget = std::chrono::milliseconds(ask.whole("budget_ms", 1, kAskBudgetMax.count()));
    grant.allow_on_failure = ask.choice<bool>("on_failure", {{"allow", true}, {"refuse", false}});
    ask.finish();
    grants.asks.push_back(std::move(grant));
  }
}

void read_grants(Fields fields, Grants& grants) {
  for (const std::string& name : list_of(fields, "routes")) {
    const auto route = parse_route(name);
    if (!route) fields.complain("routes", "holds \"" + name + "\", which is no route such as \"GET /polls/{poll}\"");
    else grants.routes.push_back(*route);
  }
  if (grants.routes.size() > kRoutesMax) fields.complain("routes", "has too many: 100 at most");
  grants.notices = list_of(fields, "notices");
  for (const std::string& verb : grants.notices)
    if (!is_open_verb(verb)) fields.complain("notices", "names \"" + verb + "\", which plugins are not told of");
  read_asks(fields, grants);
  grants.jobs = list_of(fields, "jobs");
  for (const std::string& kind : grants.jobs)
    if (!is_word(kind, "-_.")) fields.complain("jobs", "names \"" + kind + "\": a-z, 0-9, - and dots are allowed");
  fields.finish();
}

// What is granted can be used only through an extension that is named.
void check_extensions(Fields& root, const Manifest& manifest) {
  const auto need = [&](bool used, const char* extension, const char* what) {
    if (used && !manifest.uses(extension))
      root.complain("grants", std::string("has ") + what + ": name " + extension + " in needs or wants");
  };
  need(!manifest.grants.routes.empty(), CLUSE_EXT_HTTP, "routes");
  need(!manifest.grants.notices.empty() || !manifest.grants.asks.empty(), CLUSE_EXT_EVENTS, "notices or asks");
  need(!manifest.grants.jobs.empty(), CLUSE_EXT_JOBS, "jobs");
}

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto slash = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, slash);
  path.remove_prefix(slash);
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, std::map<std::string, std::string>& parameters) {
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto found = next_segment(path);
    if (wanted.starts_with('{') && wanted.ends_with('}') && !found.empty())
      parameters[std::string(wanted.substr(1, wanted.size() - 2))] = found;
    else if (wanted != found) return false;
  }
  return pattern.empty() && path.empty();
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
  static const std::vector<std::string> all = {CLUSE_EXT_STORAGE, CLUSE_EXT_EVENTS, CLUSE_EXT_HTTP, CLUSE_EXT_JOBS};
  return all;
}

const std::vector<std::string_view>& known_hooks() {
  static const std::vector<std::string_view> all = {"document.create", "document.rename"};
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
  root.finish();
  CLUSE_CHECK(complaints.result());
  return manifest;
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
  std::ifstream stream(folder / "plugin.toml", std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return fail(Errc::not_found, kCode, (folder / "plugin.toml").string() + " cannot be read");
  return parse_manifest(text.str(), "plugin.toml");
}

std::vector<std::string> words_of(const Grants& grants) {
  std::vector<std::string> words;
  for (const auto& route : grants.routes) words.push_back("route " + route.name);
  for (const auto& verb : grants.notices) words.push_back("notice " + verb);
  for (const auto& ask : grants.asks)
    words.push_back("ask " + ask.hook + " " + std::to_string(ask.budget.count()) + " ms, " +
                    (ask.allow_on_failure ? "allow" : "refuse") + " on failure");
  for (const auto& kind : grants.jobs) words.push_back("job " + kind);
  std::ranges::sort(words);
  return words;
}

RouteMatch match(const Grants& grants, std::string_view method, std::string_view path) {
  RouteMatch found;
  for (const auto& route : grants.routes) {
    std::map<std::string, std::string> parameters;
    if (!path.starts_with('/') || !fits(route.pattern, path, parameters)) continue;
    found.path_known = true;
    if (route.method != method) continue;
    found.route = &route;
    found.parameters = std::move(parameters);
    return found;
  }
  return found;
}

}  // namespace cluse::plugin
