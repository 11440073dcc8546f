// Terms: the terminology base of an instance. What is shipped (term.h) and what the secretariat has added, said
// otherwise or withdrawn. Decision 0031.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/terms/term.h"

#include <memory>
#include <string>
#include <vector>

namespace cluse::domain::terms {

/// Rows an instance has of its own, those that were withdrawn too.
inline constexpr std::int64_t kTermsMax = 1000;

struct TermQuery {
  std::string words;       ///< empty: all
  std::string language;    ///< "fr", "fr-CH", …; empty: all
  bool withdrawn = false;  ///< with those that are not shown to readers: `terms_manage`
};

/// What a person writes of a term.
struct TermContent {
  std::string field;
  std::vector<Wording> wordings;
  std::vector<std::string> confused_with;
  std::string warning_fr, warning_de;
};

/// Thread: any. Everybody who is signed in reads; changing asks for `terms_manage` on the instance, else "denied".
class Terms {
 public:
  Terms(Environment environment, std::shared_ptr<const Glossary> shipped)
      : environment_(environment), shipped_(std::move(shipped)) {}

  /// In the order of `sort`. Code "denied" where withdrawn ones are asked for.
  Task<Result<std::vector<Term>>> list(Actor actor, TermQuery query);
  /// Codes: those of fields, "field_invalid" (field, language, confused_with; a warning in one language only),
  /// "term_taken" (a word that another term has in that language), "too_many_terms".
  Task<Result<Term>> add(Actor actor, TermContent content);
  /// A shipped term is said otherwise from then on; what is shipped stays in its file. Codes: those of add,
  /// "term_not_found".
  Task<Result<Term>> change(Actor actor, std::string id, TermContent content);
  /// Nothing happens to one that is withdrawn. Codes: "term_not_found", "too_many_terms".
  Task<Result<void>> withdraw(Actor actor, std::string id);
  /// Shows a withdrawn term again; one that is not withdrawn, and was shipped, says what is shipped again. Code
  /// "term_not_found".
  Task<Result<Term>> restore(Actor actor, std::string id);

 private:
  const Environment environment_;
  const std::shared_ptr<const Glossary> shipped_;
};

}  // namespace cluse::domain::terms
