// The answer of a rule pack: an outcome for each rule, with reasons that can be said in the reader's language.
#pragma once

#include "server/domain/rules/pack.h"

namespace cluse::domain::rules {

/// Worst last, so that the verdict of a pack is the largest of its rules'.
enum class Outcome {
  met,      ///< the rule is kept
  warned,   ///< allowed, but somebody should look
  unknown,  ///< a fact or a setting is missing; nothing is guessed
  broken,   ///< the rule is not kept
};

/// A word that the catalogue translates, such as the name of an amount: `[label.total_cost]`.
struct Label {
  std::string key;
};

/// Hundredths of a percent, rendered as a percentage.
struct Share {
  std::int64_t basis_points = 0;
};

/// A name that data gives in both languages, such as that of a holiday.
struct Bilingual {
  std::string fr;
  std::string de;
};

using Argument = std::variant<std::int64_t, std::string, Date, Amount, Label, Share, Bilingual>;

/// A sentence by its id, and what goes into it. Ids and names are those of config/rules/messages.toml.
struct Reason {
  std::string id;
  std::vector<std::pair<std::string, Argument>> arguments{};
};

struct RuleVerdict {
  const Rule* rule = nullptr;  ///< of the pack that judged; lives as long as it
  Outcome outcome = Outcome::met;
  std::vector<Reason> reasons{};  ///< at least one
};

struct Verdict {
  Stamp stamp;  ///< what a decision stores
  Outcome outcome = Outcome::met;
  std::vector<RuleVerdict> rules{};  ///< those that the facts touch, in the pack's order; none: nothing was judged
};

}  // namespace cluse::domain::rules
