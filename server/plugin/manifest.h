// Manifest: plugin.toml, read and checked before any code of a plugin runs. What it does not list is not granted.
//
// Values are immutable once read. Thread: any. Errors: code "plugin_manifest_wrong", `detail` names file, line, key and
// what was expected.
#pragma once

#include "server/base/result.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kRoutesMax = 100;
inline constexpr std::chrono::milliseconds kAskBudgetMax{2'000};

/// "POST /polls/{poll}/vote", taken apart.
struct RouteGrant {
  std::string name, method, pattern;
  bool operator==(const RouteGrant&) const = default;
};

struct AskGrant {
  std::string hook;
  std::chrono::milliseconds budget{50};
  bool allow_on_failure = true;  ///< what a plugin that does not answer means
  bool operator==(const AskGrant&) const = default;
};

struct Grants {
  std::vector<RouteGrant> routes;
  std::vector<std::string> notices;  ///< verbs of the journal
  std::vector<AskGrant> asks;
  std::vector<std::string> jobs;
  bool operator==(const Grants&) const = default;
};

struct Limits {
  std::size_t database_bytes = 64U << 20;
  std::size_t memory_bytes = 128U << 20;
  std::size_t calls_waiting = 64;
};

struct Manifest {
  std::string id;       ///< "org.example.polls"
  std::string version;  ///< "1.4.0"
  int abi_major = 0, abi_minor = 0;
  std::string library;                      ///< a file name
  std::map<std::string, std::string> name;  ///< by language: "fr", "de"
  std::vector<std::string> needs, wants;    ///< extensions
  Limits limits;
  Grants grants;

  [[nodiscard]] bool uses(std::string_view extension) const;
  [[nodiscard]] const AskGrant* ask(std::string_view hook) const;
};

/// What a host of this release offers: "cluse.storage/1", …
[[nodiscard]] const std::vector<std::string>& known_extensions();
/// What can be asked before it is done: "document.create", ….
[[nodiscard]] const std::vector<std::string_view>& known_hooks();

[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text, std::string_view file);
/// `folder`/plugin.toml. Blocking.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& folder);

/// Lines that say what was granted, always the same for the same grants: what an administrator accepts.
[[nodiscard]] std::vector<std::string> words_of(const Grants& grants);

struct RouteMatch {
  const RouteGrant* route = nullptr;
  std::map<std::string, std::string> parameters;
  bool path_known = false;  ///< with another method
};
/// `path` as it stands below /x/<id>: "/polls/7/vote".
[[nodiscard]] RouteMatch match(const Grants& grants, std::string_view method, std::string_view path);

}  // namespace cluse::plugin
