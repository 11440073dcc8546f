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
  /// One died too often and stays off. Called on its lane.
  std::function<void(const Manifest& manifest, const std::string& why)> on_off = {};
};

struct HttpRequest {
  std::string plugin, method, path;                   ///< path below /x/<plugin>
  std::map<std::string, std::string> query, headers;  ///< names of headers in small letters
  Bytes body;
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;
};

/// What an administrator is shown before she accepts a plugin that was sent in.
struct Preview {
  std::string key;  ///< of the upload
  std::string id, version, present_version;
  std::map<std::string, std::string> name;
  std::string signer;         ///< empty: nobody
  bool known_signer = false;  ///< the one that signed what was installed so far
  std::vector<std::string> grants, added, removed;
  HostKind host_default = HostKind::child;
};

/// For the screen of administrators.
struct Overview {
  std::string id, version;
  std::map<std::string, std::string> name;
  std::vector<std::string> grants;
  HostKind host = HostKind::child;
  bool enabled = false;
  std::uint64_t generation = 0;  ///< how many versions of it, or starts, this server has seen; 0: none
  std::string signer;            ///< empty: nobody
  Limits limits;                 ///< as its manifest says
  std::vector<UiPart> ui;
  std::uint64_t database_bytes = 0;
  std::string refused;                 ///< why it, or its next version, was not started, in English
  std::vector<std::string> not_asked;  ///< hooks it did not answer in time, for a minute
  bool is_trusted = false;             ///< its modules run in the page itself
  bool is_operators = false;           ///< and the operator has said so: nobody else can change it
  Health health;
};

}  // namespace cluse::plugin
