// What backup needs to know of a database that is in use.
#pragma once

#include "server/storage/sqlite/connection.h"

namespace cluse::storage {

class Inspectable {
 public:
  virtual ~Inspectable() = default;
  /// How to open one more connection that only reads. Thread: any.
  [[nodiscard]] virtual ConnectionOptions inspector() const = 0;
};

}  // namespace cluse::storage
