// What the host of plugins is told, asked and answers.
#pragma once

#include "server/base/bytes.h"
#include "server/plugin/lane.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cluse::plugin {

inline constexpr std::chrono::milliseconds kRequestTimeMax{10'000};
/// Of a database that is given over HTTP. `cluse backup` takes larger ones.
inline constexpr std::size_t kExportBytesMax = 256U << 20;

struct Settings {
  std::filesystem::path folder;      ///< <data>/plugins
  std::filesystem::path runner;      ///< cluse-plugin-runner
  std::set<std::string> direct;      ///< ids that run in the server
  bool allow_unsandboxed = false;    ///< children where the kernel lacks a layer of the sandbox
  bool safe_mode = false;            ///< none is started
  std::set<std::string> trusted_ui;  ///< ids, and keys of signers, whose modules run in the page itself
  bool uploads = true;               ///< administrators may install over HTTP
  std::chrono::milliseconds request_time_max = kRequestTimeMax;
  std::shared_ptr<Faults> faults = {};  ///< of all plugins, in a trial
  /// One died too often and stays off. Called on its lane.
  std::function<void(const Manifest& manifest, const std::string& why)> on_off = {};
  /// Another version runs, or it was switched on or off: tabs that show it look again. Thread: any.
  std::function<void(const std::string& id)> on_changed = {};
};

struct HttpRequest {
  std::string plugin, method, path;                   ///< path below /x/<plugin>
  std::map<std::string, std::string> query, headers;  ///< names of headers in small letters
  Bytes body;
  std::string locale = "fr-FR";  ///< of somebody without a session
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;
};

}  // namespace cluse::plugin
