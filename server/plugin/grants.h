// Grants: what a plugin asks for in plugin.toml and an administrator accepts. What is not listed is not granted.
//
// Values are immutable once read. Thread: any.
#pragma once

#include "server/domain/data_file/fields.h"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kRoutesMax = 100;
inline constexpr std::chrono::milliseconds kAskBudgetMax{2'000};
inline constexpr std::size_t kChannelsMax = 20;  ///< patterns of live channels
inline constexpr std::size_t kNetworkMax = 20;   ///< hosts that are spoken to
/// The notice that a mail of the plugin's was not delivered.
inline constexpr std::string_view kNotifyFailed = "notify.failed";

/// Who is answered: people with a session; those and whoever brings a mail address and an app password; anybody.
enum class RouteAccess { session, password, everyone };

/// "POST /polls/{poll}/vote", taken apart. "{path*}" at the end stands for the rest, which may be empty.
struct RouteGrant {
  std::string name, method, pattern;
  RouteAccess access = RouteAccess::session;
  bool operator==(const RouteGrant&) const = default;
};

struct AskGrant {
  std::string hook;
  std::chrono::milliseconds budget{50};
  bool allow_on_failure = true;  ///< what a plugin that does not answer means
  bool operator==(const AskGrant&) const = default;
};

enum class DocumentGrant { none, read, edit };

struct Grants {
  std::vector<RouteGrant> routes;
  std::map<std::string, std::string> well_known;  ///< "carddav" → "/dav/", below /x/<id>
  std::vector<std::string> notices;               ///< verbs of the journal, "<plugin>:<topic>", kNotifyFailed
  std::vector<AskGrant> asks;
  std::vector<std::string> jobs;
  std::vector<std::string> channels;  ///< "poll/*"
  std::vector<std::string> notify;    ///< keys of sentences: `<key>.subject`, `<key>.body`
  bool search = false;
  DocumentGrant documents = DocumentGrant::none;
  std::vector<std::string> core;     ///< areas: "amounts", …
  std::vector<std::string> network;  ///< "api.example.org", "api.example.org:8443"
  std::vector<std::string> emits;    ///< topics
  bool operator==(const Grants&) const = default;
};

/// What can be asked before it is done: "document.create", ….
[[nodiscard]] const std::vector<std::string_view>& known_hooks();

/// Reads [grants]; what is wrong goes to the complaints of `fields`.
void read_grants(domain::data_file::Fields fields, Grants& grants);

/// True where `pattern` ("poll/*", "poll") stands for `channel`.
[[nodiscard]] bool is_channel(const Grants& grants, std::string_view channel);

struct RouteMatch {
  const RouteGrant* route = nullptr;
  std::map<std::string, std::string> parameters;
  bool path_known = false;  ///< with another method
};
/// `path` as it stands below /x/<id>: "/polls/7/vote".
[[nodiscard]] RouteMatch match(const Grants& grants, std::string_view method, std::string_view path);

/// Lines that say what was granted.
[[nodiscard]] std::vector<std::string> words_of(const Grants& grants);

}  // namespace cluse::plugin
