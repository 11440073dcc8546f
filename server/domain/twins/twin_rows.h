// Rows of the tables `twin_set` and `twin`, for Twins. Thread: the one that runs the closure, unless said otherwise.
#pragma once

#include "server/domain/content/content.h"
#include "server/domain/twins/twins.h"

#include <optional>
#include <string_view>
#include <vector>

namespace cluse::domain {

/// Where Tiptap keeps the text (docs/document-schema.md).
inline constexpr std::string_view kTextRoot = "default";

/// What a listing read: the sets, and of which translations the counts are older than the texts.
struct TwinRows {
  struct Outdated {
    std::size_t set = 0, document = 0;  ///< indices into `sets` and its documents
    content::Log source, own;
  };
  std::vector<TwinSet> sets;
  std::vector<Outdated> outdated;
};

/// Reads the texts of at most `recounts_max` translations whose counts are outdated; more of them stay without counts.
[[nodiscard]] TwinRows read_twins(storage::Snapshot& snapshot, Id workspace, std::size_t recounts_max);
/// Counts what is outdated. A text that cannot be read stays without counts. Thread: any.
void recount(TwinRows& rows);
void keep_counts(storage::Transaction& tx, const TwinRows& rows);

/// The source of a translation; nothing for any other document.
[[nodiscard]] std::optional<Id> source_of(storage::Snapshot& snapshot, Id document);
[[nodiscard]] bool is_in_set(storage::Snapshot& snapshot, Id source, std::string_view document);
/// As require_document for an editor, and of a document with a text: "field_invalid" for a folder.
[[nodiscard]] Result<DocumentAccess> require_text(storage::Snapshot& snapshot, const Actor& actor, Id document);

/// Links `document` to `source`, and begins the set if it is the first. Requires: both live in one workspace. Codes:
/// "twin_language_taken", "too_many_twins".
[[nodiscard]] Result<void> insert_twin(storage::Transaction& tx, const Actor& actor, Id document, Id source,
                                       const TwinLimits& limits, Instant now);

}  // namespace cluse::domain
