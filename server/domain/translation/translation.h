// Translation: passages of a document, as a provider of machine translation would say them. Off without a provider.
// Nothing is kept here: whoever asked puts the words into the text, marked as a machine's (twins, decision 0030).
#pragma once

#include "server/async/workers.h"
#include "server/domain/documents/documents.h"
#include "server/domain/environment.h"
#include "server/domain/translation/translator.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace cluse::domain::translation {

inline constexpr std::size_t kPassagesMax = 50;              ///< of one question
inline constexpr std::size_t kPassageCharactersMax = 4'000;  ///< of one passage
inline constexpr std::size_t kCharactersMax = 20'000;        ///< of all passages of one question
inline constexpr std::size_t kQuestionsWaitingMax = 16;      ///< past it: "overloaded"

struct TranslationSettings {
  std::shared_ptr<Translator> translator;  ///< null: off
  std::vector<std::string> languages;      ///< "fr", "de": what the provider is asked for
};

struct Question {
  Id document;  ///< the translation the words are for
  std::vector<std::string> passages;
  TextFormat format = TextFormat::plain;
};

/// Thread: make and `stop` from the main thread; the rest from any.
class Translation {
 public:
  Translation(Environment environment, TranslationSettings settings);
  ~Translation();

  /// Where texts go; empty where there is no provider.
  [[nodiscard]] std::string host() const { return settings_.translator ? settings_.translator->host() : ""; }
  [[nodiscard]] const std::vector<std::string>& languages() const { return settings_.languages; }

  /// Editors of a document that is a translation, from the language of its source into its own. The journal says that
  /// passages left the server, and how many. Codes: those of documents, "translation_off", "twin_not_linked",
  /// "translation_language", "field_missing", "field_too_long" (passages), "overloaded", those of Translator.
  Task<Result<std::vector<std::string>>> translate(Actor actor, Question question);

  /// Ends what is under way with the provider. Blocks.
  void stop();

 private:
  // Fixed at construction
  const Environment environment_;
  const TranslationSettings settings_;
  // Synchronises itself
  Workers threads_{1, kQuestionsWaitingMax};
};

}  // namespace cluse::domain::translation
