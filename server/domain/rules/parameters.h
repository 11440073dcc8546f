// What a rule says, as labels and values in the reader's language: for people who read a pack or compare two versions.
// Pure. Thread: any.
#pragma once

#include "server/domain/rules/catalogue.h"

#include <string>
#include <vector>

namespace cluse::domain::rules {

struct Parameter {
  std::string key;  ///< as in the file: "limits"
  std::string label;
  std::string value;
};

/// In the order of the README's table. What a pack leaves out is left out.
[[nodiscard]] std::vector<Parameter> parameters(const Rule& rule, const Catalogue& catalogue, Locale locale);

}  // namespace cluse::domain::rules
