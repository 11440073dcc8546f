// Twins: documents that say the same in several languages. A set has a source, in which people write first, and
// translations, each linked to it block by block. Decision 0030; state.h says what is known of a block.
#pragma once

#include "server/domain/documents/documents.h"
#include "server/domain/twins/state.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct TwinLimits {
  std::size_t per_set_max = 8;    ///< translations of one source
  std::size_t recounts_max = 50;  ///< translations whose blocks one listing counts anew
};

/// A document of a set, as lists show it.
struct TwinDocument {
  Id id;
  std::string title, language;
  std::optional<twins::Counts> counts;  ///< of a translation; absent for the source, and until somebody counts
};

/// Which text is binding.
inline constexpr std::string_view kAuthenticNone = "none", kAuthenticAll = "all";

struct TwinSet {
  Id source_id;
  std::string authentic;                ///< kAuthenticNone, kAuthenticAll or the id of a document of the set
  std::vector<TwinDocument> documents;  ///< the source first; then by the language's tag
};

struct NewTwin {
  std::string language;
  std::string title;
  bool copy = false;  ///< with the text of the source, to be overwritten; else empty
};

/// Thread: any. Codes of documents, and those named. What is in the trash is in no set until it comes back.
class Twins {
 public:
  Twins(Environment environment, DocumentLimits documents, TwinLimits limits)
      : environment_(environment), documents_(documents), limits_(limits) {}

  /// Members: every set of the workspace of which the source lives.
  Task<Result<std::vector<TwinSet>>> list(Actor actor, Id workspace);

  /// Editors, from here on. A new translation of the set that `document` is in or begins, right behind it in the tree.
  /// Codes: "twin_language_taken", "too_many_twins", "field_invalid" (a folder), "content_damaged".
  Task<Result<Document>> create(Actor actor, Id document, NewTwin twin);
  /// Makes `document` a translation of `source`; their blocks are paired by who opens them side by side. Codes: those
  /// of create, "twin_exists" (it is in a set already), "twin_elsewhere" (another workspace, or itself).
  Task<Result<void>> link(Actor actor, Id document, Id source);
  /// Takes a translation out of its set. Both texts stay as they are. Code: "twin_not_linked".
  Task<Result<void>> unlink(Actor actor, Id document);
  /// Says of the set of `document` which text is binding. Codes: "twin_not_linked", "field_invalid".
  Task<Result<void>> set_authentic(Actor actor, Id document, std::string authentic);

 private:
  const Environment environment_;
  const DocumentLimits documents_;
  const TwinLimits limits_;
};

/// Forgets every link of `document`, which is about to be erased. Thread: the one that runs the closure.
void erase_twins(storage::Transaction& tx, Id document);

}  // namespace cluse::domain
