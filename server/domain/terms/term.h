// Term: one notion of public life with its words on both sides of the border. Pure values, and the glossary that is
// shipped as files (config/terms, decision 0031). Immutable once read. Thread: any (blocking for `Glossary::load`).
#pragma once

#include "server/base/time.h"
#include "server/domain/data_file/data_file.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::terms {

/// The languages a term has words in, in the order in which they are shown.
inline constexpr std::array<std::string_view, 3> kLanguages = {"fr-FR", "fr-CH", "de-CH"};
/// What a term is about.
inline constexpr std::array<std::string_view, 5> kFields = {"institutions", "people", "sessions", "money", "projects"};

// Of what people write, in characters; of lists, in items.
inline constexpr std::size_t kWordMax = 120;
inline constexpr std::size_t kFormsMax = 12;
inline constexpr std::size_t kDefinitionMax = 1000;
inline constexpr std::size_t kSourceMax = 300;
inline constexpr std::size_t kWarningMax = 1000;
inline constexpr std::size_t kConfusedMax = 8;

/// How a notion is named in one language.
struct Wording {
  std::string language;
  std::string word;
  std::vector<std::string> forms;  ///< plurals, abbreviations, other names: found in texts as the word is
  bool is_rendering = false;       ///< the notion does not exist on that side: how it is to be said there
  std::string definition, source;  ///< in that language
  bool operator==(const Wording&) const = default;
};

struct Term {
  std::string id;     ///< a word of a-z and "-" for what is shipped, else a UUID
  std::string field;  ///< one of kFields
  std::vector<Wording> wordings;
  std::vector<std::string> confused_with;  ///< ids
  std::string warning_fr, warning_de;      ///< both or none: what makes it a false friend
  bool is_shipped = false;
  bool is_changed = false;  ///< shipped, and the instance says it otherwise
  std::optional<Instant> withdrawn_at = {};
  [[nodiscard]] bool is_false_friend() const { return !warning_fr.empty(); }
  bool operator==(const Term&) const = default;
};

/// What the product ships. Codes: "terms_malformed" (file, line and key in `detail`), "data_file_unreadable".
class Glossary {
 public:
  Glossary() = default;
  /// Every `*.toml` of `folder`. Blocking.
  [[nodiscard]] static Result<std::shared_ptr<const Glossary>> load(const std::filesystem::path& folder);
  [[nodiscard]] static Result<std::shared_ptr<const Glossary>> read(const std::vector<data_file::File>& files);

  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }
  [[nodiscard]] const Term* find(std::string_view id) const;

 private:
  std::vector<Term> terms_;
};

/// False friends first, then by the first word, as people sort.
void sort(std::vector<Term>& terms);

/// Whether all words of `query` (folded) stand in the words, forms or definitions of `term`, in `language` if one is
/// asked for ("fr" asks for both kinds of French).
[[nodiscard]] bool matches(const Term& term, std::string_view query, std::string_view language);

}  // namespace cluse::domain::terms
