// Which of several twins a reader is shown first: lists of documents with one entry for all that say the same.
#pragma once

#include "server/domain/documents/document_rows.h"

#include <string_view>
#include <vector>

namespace cluse::domain {

/// How much `reader` wants `language`: 0 the most; past the end of her list if she did not name it. "fr" named, "fr-CH"
/// is nearly as good.
[[nodiscard]] std::size_t preference(const std::vector<std::string>& reader, std::string_view language);

/// Of twins that stand in `documents` one stays, at the place of the first: that in the language the reader named
/// first, else the one that stood there. Each knows its versions. Thread: the one that runs the closure.
void prefer_twins(storage::Snapshot& snapshot, const Actor& actor, DocumentReader& reader,
                  std::vector<Document>& documents);

}  // namespace cluse::domain
