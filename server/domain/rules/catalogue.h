// Verdicts in words: the sentences of config/rules/messages.toml, filled by ICU for the reader's locale.
//
// Immutable once read. Thread: any. Error of the loader: `rule_messages_malformed`, with file, line and key.
#pragma once

#include "server/domain/rules/verdict.h"

#include <memory>

namespace cluse::domain::rules {

/// The locales of the interface: words, numbers, dates and amounts follow them.
enum class Locale { fr_fr, fr_ch, de_ch };

/// One rule of a verdict, ready to be shown. Words of the source stay in their own language.
struct RuleWords {
  std::string rule;  ///< its id
  Outcome outcome = Outcome::met;
  std::string title;
  std::vector<std::string> sentences;
  std::string convention;  ///< what was chosen where the source leaves room, or empty
  Source source;           ///< not verbatim: show it as a summary, not in quotation marks
};

struct VerdictWords {
  std::string summary;  ///< one sentence
  std::string pack;     ///< name, version and validity of the pack that judged
  std::string jurist;   ///< what a jurist must still confirm, or who has
  std::vector<RuleWords> rules;
};

class Catalogue {
 public:
  /// Refuses a sentence without one of its languages, one that ICU cannot read, and one whose languages want other
  /// arguments.
  [[nodiscard]] static Result<Catalogue> read(const data_file::File& file);
  [[nodiscard]] static Result<Catalogue> load(const std::filesystem::path& file);

  [[nodiscard]] bool has(const std::string& id) const { return messages_.contains(id); }
  [[nodiscard]] bool has_label(const std::string& key) const { return labels_.contains(key); }
  /// Every sentence's id with the names of its arguments.
  [[nodiscard]] std::map<std::string, std::vector<std::string>> arguments() const;

  /// A reason in words. A sentence that is not there gives its id: never nothing, never an exception.
  [[nodiscard]] std::string sentence(const Reason& reason, Locale locale) const;
  /// The words of a label; its key if there are none.
  [[nodiscard]] std::string label(const std::string& key, Locale locale) const;
  /// A number, a date, an amount, a share as the reader writes it.
  [[nodiscard]] std::string shown(const Argument& value, Locale locale) const;
  [[nodiscard]] VerdictWords words(const Pack& pack, const Verdict& verdict, Locale locale) const;

 private:
  struct Words {
    std::string fr;
    std::string de;
    std::vector<std::string> arguments;
  };

  std::map<std::string, Words> messages_;
  std::map<std::string, Bilingual> labels_;
};

}  // namespace cluse::domain::rules
