// Indexer: carries what changes in the database over to the search index, by the journal and by the time of edits.
#pragma once

#include "server/domain/environment.h"
#include "server/storage/search_index.h"

#include <cstddef>

namespace cluse::domain::search {

/// Octets of a text that are searched; what is behind is found by no word.
inline constexpr std::size_t kIndexedBytesMax = 4U << 20;

/// The index may be behind by what happened since the last step; it is never ahead. Thread: one, which may block.
class Indexer {
 public:
  /// Both outlive it.
  Indexer(Environment environment, storage::SearchIndex& index) : environment_(environment), index_(index) {}

  /// One round over what changed since the last, or over everything if the index is new or belongs to another state of
  /// the database (a backup was brought back). Answers how many things it read anew.
  [[nodiscard]] Result<std::size_t> step();

 private:
  struct Changes;
  [[nodiscard]] Result<Changes> changes() const;
  [[nodiscard]] Result<std::size_t> carry(const Changes& changes);

  const Environment environment_;
  storage::SearchIndex& index_;
};

}  // namespace cluse::domain::search
