// Who is like whom: opposite numbers over a border, and the same one twice.
#pragma once

#include "entry.h"

#include <string>
#include <vector>

namespace annuaires {

struct Reason {
  std::string code;  ///< same_policy, same_level, shared_competence, shared_language, near
  std::string detail;
};
struct Likeness {
  int score = 0;  ///< 0 to 100
  std::string policy;
  std::vector<Reason> reasons;
};

/// How far two entries of different countries are opposite numbers: without a policy in common, 0.
[[nodiscard]] Likeness compare(const Entry& a, const Entry& b, const Reference& reference);
/// Levels that answer each other over the border: a département and a canton, an intercommunalité and communes.
[[nodiscard]] bool are_level(std::string_view a, std::string_view b);

}  // namespace annuaires
