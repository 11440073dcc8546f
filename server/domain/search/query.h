// What somebody types into search: its terms, what of a text they hit, and the piece of the text that shows it. Pure.
#pragma once

#include "server/domain/search/words.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::search {

/// What is longer, or has more terms, is cut: nobody types it, and every term costs a look.
inline constexpr std::size_t kQueryBytesMax = 400;
inline constexpr std::size_t kTermsMax = 12;

/// A piece of a text; `hit`: it is what was searched.
struct Run {
  std::string text;
  bool hit = false;
  bool operator==(const Run&) const = default;
};

/// Words must all be found, in any order and form; those between quotation marks next to each other. Common words count
/// only if there is nothing else.
class Query {
 public:
  explicit Query(std::string_view text);

  [[nodiscard]] bool empty() const { return terms_.empty(); }
  /// In the language of FTS5. Holds letters and digits of the query alone, each word between quotation marks.
  [[nodiscard]] std::string match() const;
  /// The single words, folded, in order.
  [[nodiscard]] std::vector<std::string> words() const;
  /// Searches for `stem` wherever `folded` was asked.
  void replace(const std::string& folded, const std::string& stem);

  /// Whether a word of a text in `language` is one of the words asked for.
  [[nodiscard]] bool hits(const Word& word, std::string_view language) const;
  /// The whole of `text` with its hits.
  [[nodiscard]] std::vector<Run> marked(std::string_view text, std::string_view language) const;
  /// The piece of `text` that says most, about `bytes` long, with "…" where it was cut.
  [[nodiscard]] std::vector<Run> excerpt(std::string_view text, std::string_view language, std::size_t bytes) const;

 private:
  struct Term {
    std::vector<std::string> folded;  ///< more than one: a phrase
    std::string instead;              ///< a stem that replaces it, or empty
  };
  [[nodiscard]] const Term* term_of(const Word& word, std::string_view language) const;

  std::vector<Term> terms_;
};

/// The stems under which a text may hold `folded`.
[[nodiscard]] std::set<std::string> stems_of_word(const std::string& folded);

}  // namespace cluse::domain::search
