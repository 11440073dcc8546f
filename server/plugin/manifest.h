// Manifest: plugin.toml, read and checked before any code of a plugin runs. What it does not list is not granted.
//
// Values are immutable once read. Thread: any. Errors: code "plugin_manifest_wrong", `detail` names file, line, key and
// what was expected.
#pragma once

#include "server/base/result.h"
#include "server/plugin/grants.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {

struct Limits {
  std::size_t database_bytes = 64U << 20;
  std::size_t memory_bytes = 128U << 20;
  std::size_t calls_waiting = 64;
};

/// A part of the user interface: [[ui]]. Files are named as they lie in the plugin's folder, below web/.
struct UiPart {
  std::string slot;           ///< one of known_slots()
  std::string name;           ///< a key of the catalogues
  std::string module, style;  ///< "web/page.js"; no style: empty
  std::string icon;           ///< of the host's icons; may be empty
};
inline constexpr std::size_t kUiPartsMax = 30;

struct Manifest {
  std::string id;       ///< "org.example.polls"
  std::string version;  ///< "1.4.0"
  int abi_major = 0, abi_minor = 0;
  std::string library;                      ///< a file name
  std::map<std::string, std::string> name;  ///< by language: "fr", "de"
  std::string name_key;                     ///< where it stands in the catalogues: `name` is filled by read_manifest
  std::vector<std::string> needs, wants;    ///< extensions
  Limits limits;
  Grants grants;
  std::vector<UiPart> ui;

  [[nodiscard]] bool uses(std::string_view extension) const;
  [[nodiscard]] const AskGrant* ask(std::string_view hook) const;
};

/// What a host of this release offers: "cluse.storage/1", …
[[nodiscard]] const std::vector<std::string>& known_extensions();
/// Where a plugin may show something: "page", "workspace.tab", …
[[nodiscard]] const std::vector<std::string_view>& known_slots();

[[nodiscard]] Result<Manifest> parse_manifest(std::string_view text, std::string_view file);
/// `folder`/plugin.toml, and its name out of i18n/ where it stands there. Blocking. Besides "plugin_catalogue_wrong".
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& folder);

/// Lines that say what was granted, always the same for the same manifest: what an administrator accepts.
[[nodiscard]] std::vector<std::string> words_of(const Manifest& manifest);

}  // namespace cluse::plugin
