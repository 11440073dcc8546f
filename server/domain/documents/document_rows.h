// Rows of the table `document`, for the services of this folder. Thread: the one that runs the closure.
#pragma once

#include "server/domain/documents/documents.h"
#include "server/domain/live.h"

#include <optional>
#include <vector>

namespace cluse::domain {

/// What document_from reads, in its order, of `document d JOIN workspace w`.
#define CLUSE_DOCUMENT_COLUMNS                                                                               \
  "d.id, d.workspace_id, d.parent_id, d.kind, d.title, d.language, d.position, d.created_at, d.created_by, " \
  "d.updated_at, d.updated_by, d.trashed_at, w.name, d.created_hat, d.updated_hat, "                         \
  "d.language_origin "

/// Turns rows into documents, each person read once.
class DocumentReader {
 public:
  DocumentReader(storage::Snapshot& snapshot, const Live& live) : snapshot_(snapshot), people_(snapshot), live_(live) {}

  [[nodiscard]] Document from(const storage::Row& row);
  [[nodiscard]] std::vector<Document> from(const std::vector<storage::Row>& rows);
  /// Code "document_not_found".
  [[nodiscard]] Result<Document> by_id(Id id);

 private:
  storage::Snapshot& snapshot_;
  PeopleReader people_;
  const Live& live_;
};

/// The position behind `after` (in front of all if absent) among the live children of `parent` other than `self`.
/// Numbers the siblings anew when there is no room between two. Code "field_invalid" if `after` is not one of them.
[[nodiscard]] Result<double> position_after(storage::Transaction& tx, Id workspace, std::optional<Id> parent,
                                            std::optional<Id> after, Id self);
/// The position behind all live children of `parent`.
[[nodiscard]] double position_last(storage::Snapshot& snapshot, Id workspace, std::optional<Id> parent);

/// `parent` and what is above it, lowest first. Code "field_invalid" if it does not live in `workspace`.
[[nodiscard]] Result<std::vector<Id>> path_to_top(storage::Snapshot& snapshot, Id workspace, std::optional<Id> parent,
                                                  const DocumentLimits& limits);

/// Writes a new row. Requires: the actor may. Codes: those of fields, "too_many_documents".
[[nodiscard]] Result<Id> insert_document(storage::Transaction& tx, const Actor& actor, const NewDocument& document,
                                         const DocumentLimits& limits, Instant now,
                                         journal::Verb verb = journal::Verb::document_created);

/// Tells the journal that `actor` did `verb` to a document.
void note(storage::Transaction& tx, const Actor& actor, journal::Verb verb, Id document, Id workspace, Instant now,
          journal::Details details = {});

}  // namespace cluse::domain
