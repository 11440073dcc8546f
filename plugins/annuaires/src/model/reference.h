// What entries refer to and the plugin keeps at hand: territories and the vocabulary of policies and competences.
#pragma once

#include "directory.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace annuaires {

struct Territory {
  std::string code, kind, country, parent, aliases;
  Value name;
  Value population;  ///< null where it is not known
};

struct Reference {
  std::map<std::string, Territory, std::less<>> territories;
  std::map<std::string, std::string, std::less<>> territory_names;  ///< folded, in both languages: to a code
  std::map<std::string, std::vector<Option>, std::less<>> lists;    ///< "policies", "competences"

  /// The territory and all that it lies in, itself first; the code alone where it is not known.
  [[nodiscard]] std::vector<std::string> with_parents(const std::string& code) const;
  /// {fr, de} of a choice: an option of the field's, of the vocabulary or of a fixed list; the key where there is none.
  [[nodiscard]] Value label(const Field& field, const std::string& key) const;
  [[nodiscard]] bool has_choice(const Field& field, const std::string& key) const;
};

}  // namespace annuaires
