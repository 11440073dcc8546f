// Catalogues: the sentences of one plugin, i18n/fr.json and i18n/de.json in its folder: one map of keys to ICU
// messages each. Allowed are {name}, plural and select; both languages have the same keys and the same names in them.
//
// Immutable once read. Thread: any. Errors: code "plugin_catalogue_wrong", `detail` names file, key and what was
// expected.
#pragma once

#include "server/base/result.h"

#include <cluse/value.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace cluse::plugin {

inline constexpr std::size_t kCatalogueBytesMax = 1U << 20;
inline constexpr std::size_t kCatalogueKeysMax = 5'000;
inline constexpr std::size_t kSentenceBytesMax = 4'000;
inline constexpr std::size_t kMessageArgumentsMax = 30;
inline constexpr std::size_t kArgumentBytesMax = 4'000;

class Catalogues {
 public:
  using Messages = std::map<std::string, std::string, std::less<>>;

  /// Reads `folder`/i18n; a folder without one has no sentences. Blocking.
  [[nodiscard]] static Result<Catalogues> read(const std::filesystem::path& folder);

  [[nodiscard]] bool has(std::string_view key) const { return french_.contains(key); }
  /// The messages as they are written, for the reader's client. `locale`: "fr-FR", "de", ….
  [[nodiscard]] const Messages& messages(std::string_view locale) const;
  /// Renders a sentence; numbers as the locale writes them. `args`: a map of text, numbers and booleans. Codes
  /// "plugin_sentence_unknown" (not_found), "plugin_sentence_input" (an argument is missing, of another kind or long).
  [[nodiscard]] Result<std::string> text(std::string_view locale, std::string_view key, const Value& args) const;

 private:
  Messages french_, german_;
};

}  // namespace cluse::plugin
