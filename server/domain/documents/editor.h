// Editor: edits that the server makes on somebody's behalf, in the document as people see it right now.
// server/realtime implements it.
#pragma once

#include "server/base/id.h"
#include "server/base/result.h"
#include "server/crdt/crdt.h"

#include <functional>

namespace cluse::domain {

/// Requires: that `person` may edit the document was checked.
struct ServerEdit {
  Id person;
  /// The update, from the document as it is. Thread: the room's shard; everybody in the room waits for what it takes.
  std::function<Result<Bytes>(const crdt::Document&)> make;
  /// Called exactly once: when it is on disk and on its way to whoever has the document open, or with what stood in the
  /// way: a code of `make`, "document_too_large", "overloaded", "update_too_costly", or one of the store's. Thread: the
  /// room's shard.
  std::function<void(const Result<void>&)> done;
};

/// Thread: any.
class Editor {
 public:
  virtual ~Editor() = default;
  virtual void edit(Id document, ServerEdit edit) = 0;
};

}  // namespace cluse::domain
