// Names of holders and objects, for screens and sentences. Reads each once. Use within one closure.
#pragma once

#include "server/domain/rights/judge.h"

#include <map>
#include <string>

namespace cluse::domain::rights {

struct NamedHolder {
  Holder holder;
  std::string name;  ///< of a mandate: function, organisation and person
};
struct NamedObject {
  Object object;
  std::string name;  ///< empty for the instance, and for what is gone
};

/// Thread: the one that runs the closure.
class Names {
 public:
  explicit Names(storage::Snapshot& snapshot) : snapshot_(snapshot) {}

  [[nodiscard]] NamedHolder of(const Holder& holder);
  [[nodiscard]] NamedObject of(const Object& object);
  /// Whether it is there (a person: and not erased).
  [[nodiscard]] bool exists(const Holder& holder);

 private:
  std::optional<std::string> read(const Holder& holder);

  storage::Snapshot& snapshot_;
  std::map<Id, std::optional<std::string>> holders_;
  std::map<Id, std::string> objects_;
};

}  // namespace cluse::domain::rights
