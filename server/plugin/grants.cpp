#include "server/plugin/grants.h"

#include "server/domain/journal/verb.h"
#include "server/plugin/names.h"

#include <algorithm>
#include <array>
#include <optional>

namespace cluse::plugin {
namespace {

using domain::data_file::Fields;

constexpr std::array<std::string_view, 9> kCoreAreas = {"amounts", "rules",         "delays",      "twins",   "rights",
                                                        "people",  "organisations", "territories", "mandates"};

std::vector<std::string> list_of(Fields& fields, std::string_view key) {
  return fields.has(key) ? fields.texts(key) : std::vector<std::string>();
}

// A rest ("{path*}") stands last; names within braces are words.
bool is_pattern(std::string_view pattern) {
  if (!pattern.starts_with('/') || pattern.size() > 200) return false;
  const bool is_plain = std::ranges::all_of(pattern, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!is_plain || pattern.find_first_of("?#%\\") != std::string::npos) return false;
  const auto star = pattern.find('*');
  return star == std::string_view::npos || (star + 2 == pattern.size() && pattern.ends_with("*}"));
}

std::optional<RouteGrant> parse_route(const std::string& name, RouteAccess access) {
  const auto space = name.find(' ');
  if (space == std::string::npos) return std::nullopt;
  RouteGrant route{name, name.substr(0, space), name.substr(space + 1), access};
  static constexpr std::string_view kMethods[] = {"GET",    "POST",    "PUT",      "PATCH",
                                                  "DELETE", "OPTIONS", "PROPFIND", "REPORT"};
  if (std::ranges::find(kMethods, route.method) == std::end(kMethods)) return std::nullopt;
  if (!is_pattern(route.pattern)) return std::nullopt;
  return route;
}

void read_routes(Fields& fields, std::string_view key, RouteAccess access, Grants& grants) {
  for (const std::string& name : list_of(fields, key)) {
    const auto route = parse_route(name, access);
    const bool is_twice = std::ranges::find(grants.routes, name, &RouteGrant::name) != grants.routes.end();
    if (!route) fields.complain(key, "holds \"" + name + "\", which is no route such as \"GET /polls/{poll}\"");
    else if (is_twice) fields.complain(key, "holds \"" + name + "\", which stands in another list of routes too");
    else grants.routes.push_back(*route);
  }
  if (grants.routes.size() > kRoutesMax) fields.complain(key, "has too many: 100 routes at most");
}

// Each leads below a route that takes app passwords: what asks for it brings no session.
void read_well_known(Fields& fields, Grants& grants) {
  if (!fields.has("well_known")) return;
  Fields names = fields.table("well_known");
  for (const char* name : {"carddav", "caldav"}) {
    if (!names.has(name)) continue;
    const std::string path = names.text(name);
    const auto found = match(grants, "PROPFIND", path);
    if (found.route == nullptr || found.route->access != RouteAccess::password)
      names.complain(name, "is \"" + path + "\", which no PROPFIND of password_routes answers");
    else grants.well_known[name] = path;
  }
  names.finish();
}

// Sign-in, secrets and who looks at what are no business of a plugin's.
bool is_open_verb(std::string_view verb) {
  static constexpr std::string_view kClosed[] = {"session.", "password.",     "second_factor.", "recovery_code",
                                                 "passkey.", "app_password.", "identity.",      "journal."};
  return domain::journal::parse_verb(verb) &&
         std::ranges::none_of(kClosed, [&](std::string_view start) { return verb.starts_with(start); });
}

bool is_notice(std::string_view topic) {
  const auto colon = topic.find(':');
  if (colon == std::string_view::npos) return topic == kNotifyFailed || is_open_verb(topic);
  return is_plugin_id(topic.substr(0, colon)) && is_word(topic.substr(colon + 1), "-_.");
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

bool is_channel_pattern(std::string_view text) {
  if (text.ends_with("/*")) text.remove_suffix(2);
  return text.size() <= 100 && is_word(text, "-_./") && !text.starts_with('/') && !text.ends_with('/');
}

// A name and no address: what it stands for is looked up and checked when it is spoken to.
bool is_host(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    const auto port = text.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; }))
      return false;
    text = text.substr(0, colon);
  }
  const auto dot = text.rfind('.');
  return text.size() <= 253 && dot != std::string_view::npos && is_word(text, "-.") && !text.starts_with('.') &&
         text.find("..") == std::string_view::npos && dot + 1 < text.size() && text[dot + 1] >= 'a';
}

template <class Check>
std::vector<std::string> checked(Fields& fields, std::string_view key, const Check& check, const char* expected) {
  auto list = list_of(fields, key);
  for (const std::string& each : list)
    if (!check(each)) fields.complain(key, "holds \"" + each + "\"; " + expected);
  return list;
}

void read_services(Fields& fields, Grants& grants) {
  grants.channels = checked(fields, "channels", is_channel_pattern, "channels are called \"poll\" or \"poll/*\"");
  if (grants.channels.size() > kChannelsMax) fields.complain("channels", "has too many: 20 at most");
  const auto is_key = [](const std::string& text) { return text.size() <= 100 && is_word(text, "-_."); };
  constexpr const char* kKeyWords = "a-z, 0-9, -, _ and dots are allowed";
  grants.notify = checked(fields, "notify", is_key, kKeyWords);
  grants.emits = checked(fields, "emits", is_key, kKeyWords);
  grants.search = fields.flag_or("search", false);
  grants.documents = fields.choice_or<DocumentGrant>(
      "documents", DocumentGrant::none,
      {{"none", DocumentGrant::none}, {"read", DocumentGrant::read}, {"edit", DocumentGrant::edit}});
  const auto is_area = [](const std::string& text) { return std::ranges::find(kCoreAreas, text) != kCoreAreas.end(); };
  grants.core =
      checked(fields, "core", is_area,
              "known are amounts, rules, delays, twins, rights, people, organisations, territories, mandates");
  grants.network = checked(fields, "network", is_host, "names of hosts are expected, such as \"api.example.org\"");
  if (grants.network.size() > kNetworkMax) fields.complain("network", "has too many: 20 at most");
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
    if (wanted.ends_with("*}")) {
      parameters[std::string(wanted.substr(1, wanted.size() - 3))] = path.substr(1);
      return true;
    }
    const auto found = next_segment(path);
    if (wanted.starts_with('{') && wanted.ends_with('}') && !found.empty())
      parameters[std::string(wanted.substr(1, wanted.size() - 2))] = found;
    else if (wanted != found) return false;
  }
  return pattern.empty() && path.empty();
}

std::string_view prefix_of(RouteAccess access) {
  switch (access) {
    case RouteAccess::session: return "route ";
    case RouteAccess::password: return "password route ";
    case RouteAccess::everyone: return "public route ";
  }
  return "route ";
}

}  // namespace

const std::vector<std::string_view>& known_hooks() {
  static const std::vector<std::string_view> all = {"document.create", "document.rename"};
  return all;
}

void read_grants(Fields fields, Grants& grants) {
  read_routes(fields, "routes", RouteAccess::session, grants);
  read_routes(fields, "public_routes", RouteAccess::everyone, grants);
  read_routes(fields, "password_routes", RouteAccess::password, grants);
  read_well_known(fields, grants);
  grants.notices = list_of(fields, "notices");
  for (const std::string& verb : grants.notices)
    if (!is_notice(verb)) fields.complain("notices", "names \"" + verb + "\", which plugins are not told of");
  read_asks(fields, grants);
  grants.jobs = list_of(fields, "jobs");
  for (const std::string& kind : grants.jobs)
    if (!is_word(kind, "-_.")) fields.complain("jobs", "names \"" + kind + "\": a-z, 0-9, - and dots are allowed");
  read_services(fields, grants);
  fields.finish();
}

bool is_channel(const Grants& grants, std::string_view channel) {
  if (channel.size() > 200 || !is_word(channel, "-_./")) return false;
  return std::ranges::any_of(grants.channels, [&](const std::string& pattern) {
    if (!pattern.ends_with("/*")) return pattern == channel;
    const auto start = std::string_view(pattern).substr(0, pattern.size() - 1);
    return channel.starts_with(start) && channel.size() > start.size();
  });
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

std::vector<std::string> words_of(const Grants& grants) {
  std::vector<std::string> words;
  const auto each = [&](std::string_view start, const std::vector<std::string>& list) {
    for (const auto& one : list) words.push_back(std::string(start) + one);
  };
  for (const auto& route : grants.routes) words.push_back(std::string(prefix_of(route.access)) + route.name);
  for (const auto& [name, path] : grants.well_known) words.push_back("well-known " + name + " at " + path);
  each("notice ", grants.notices);
  for (const auto& ask : grants.asks)
    words.push_back("ask " + ask.hook + " " + std::to_string(ask.budget.count()) + " ms, " +
                    (ask.allow_on_failure ? "allow" : "refuse") + " on failure");
  each("job ", grants.jobs);
  each("channel ", grants.channels);
  each("notify ", grants.notify);
  if (grants.search) words.emplace_back("search");
  if (grants.documents != DocumentGrant::none) words.emplace_back("documents read");
  if (grants.documents == DocumentGrant::edit) words.emplace_back("documents edit");
  each("core ", grants.core);
  each("network ", grants.network);
  each("emit ", grants.emits);
  std::ranges::sort(words);
  return words;
}

}  // namespace cluse::plugin
