// UiBundle: what a plugin shows in the browser: its files below web/ and its sentences, read and hashed once when it is
// loaded. Its address names its content, so browsers may keep it for ever, and files may refer to one another.
//
// Immutable once made. Thread: any (loading is blocking). Code "plugin_ui_wrong".
#pragma once

#include "server/base/bytes.h"
#include "server/base/result.h"
#include "server/plugin/manifest.h"
#include "server/plugin/services/catalogues.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::plugin {

inline constexpr std::size_t kUiFileBytesMax = 4U << 20;
inline constexpr std::size_t kUiBytesMax = 16U << 20;  ///< all files of a plugin together
inline constexpr std::size_t kUiFilesMax = 500;

struct UiFile {
  std::string_view type;  ///< Content-Type
  Bytes octets;
};

class UiBundle {
 public:
  /// `folder` holds plugin.toml. A plugin without modules has an empty bundle.
  [[nodiscard]] static Result<std::shared_ptr<const UiBundle>> load(const std::filesystem::path& folder,
                                                                    const Manifest& manifest, Catalogues texts);

  /// 64 digits: of all files and their names.
  [[nodiscard]] const std::string& hash() const { return hash_; }
  /// `path` as below the plugin's folder: "web/page.js". Null: no such file.
  [[nodiscard]] const UiFile* find(std::string_view path) const;
  /// "fr" or "de".
  [[nodiscard]] const Catalogues::Messages& messages(std::string_view language) const {
    return texts_.messages(language);
  }

 private:
  Result<void> read_files(const std::filesystem::path& web);

  std::map<std::string, UiFile, std::less<>> files_;
  Catalogues texts_;
  std::string hash_;
};

/// A plugin that runs and shows something: what the client is told of it.
struct Extension {
  std::string id, version;
  std::map<std::string, std::string> name;  ///< by language
  bool is_trusted = false;                  ///< its modules run in the page itself
  std::vector<UiPart> ui;
  std::shared_ptr<const UiBundle> bundle;
};

}  // namespace cluse::plugin
