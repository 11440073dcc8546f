// Translator: what a provider of machine translation must be able to do. One provider an instance, none by default;
// LibreTranslate's interface is the first (decision 0032).
#pragma once

#include "server/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::translation {

/// Thread: `translate` blocks, and is called from the threads of `Translation` alone; the rest from any.
/// What the texts of a question are made of. `html`: a line each, with no tags but those of inline marks; what comes
/// back is the word of a stranger, to be read as such.
enum class TextFormat { plain, html };

class Translator {
 public:
  virtual ~Translator() = default;

  /// Where texts go, as people are told: the name of a host.
  [[nodiscard]] virtual const std::string& host() const = 0;
  /// Translates each of `texts`, in their order, from `source` to `target` ("fr", "de": without a country). Codes:
  /// "translation_unreachable", "translation_refused" (the provider says why in `detail`), "translation_malformed".
  [[nodiscard]] virtual Result<std::vector<std::string>> translate(const std::vector<std::string>& texts,
                                                                   TextFormat format, std::string_view source,
                                                                   std::string_view target) = 0;
  /// Ends what is under way, and refuses the rest.
  virtual void stop() = 0;
};

}  // namespace cluse::domain::translation
