// SearchIndex: full text beside the database. It holds nothing that cannot be made again from the database, so it is in
// no backup, and one that is damaged or of another format is thrown away and filled anew
// (docs/decisions/0040-search.md).
#pragma once

#include "server/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::storage {

/// One thing that can be found. The caller cuts words and stems them; the index compares them as they are.
struct SearchEntry {
  std::string id;                       ///< unique over all kinds
  std::string kind;                     ///< "document", "person", …
  std::string scope;                    ///< who may find it, for the caller to say; empty: whoever may search
  std::string language;                 ///< BCP 47, or empty
  std::string title, body;              ///< as written: what an answer shows
  std::string title_words, body_words;  ///< what is compared: words between spaces
  std::string stamp;                    ///< whatever tells one state of the thing from the next
  std::vector<std::string> readers{};   ///< not empty: found by whoever is one of these, whatever the scope
  std::string extra{};                  ///< the caller's own, given back with an answer
};

struct SearchQuestion {
  std::string match;               ///< in the language of FTS5; made by the caller from words alone, never from input
  std::vector<std::string> kinds;  ///< empty: all
  bool everywhere = false;         ///< all scopes; otherwise only `scopes`, `ids`, and what has no scope
  std::vector<std::string> scopes, ids;
  std::vector<std::string> readers{};  ///< which of the readers of entries that have some the asking person is
  bool every_workspace = false;        ///< … and whatever begins with "workspace:"
  bool all_readers = false;            ///< … or all of them
  std::string within{};                ///< in this scope alone; empty: in all
  std::size_t limit = 20, offset = 0;
};

struct SearchHit {
  std::string id, kind, scope, language, title, body;
  std::string extra{};
};

struct SearchAnswer {
  std::vector<SearchHit> hits;  ///< the best first; a word in the title weighs more
  std::int64_t total = 0;
};

struct SearchTerm {
  std::string word;
  std::int64_t entries = 0;  ///< that hold it
};

/// Every call blocks: from a worker or a thread of its own. Thread: any; one writes at a time.
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;
  /// All of it or nothing. `marks` are the caller's, and change with the entries.
  virtual Result<void> change(std::span<const SearchEntry> put, std::span<const std::string> removed,
                              const std::map<std::string, std::string>& marks) = 0;
  /// Takes every entry of a scope out, and sets `marks`.
  virtual Result<void> forget(std::string_view scope, const std::map<std::string, std::string>& marks) = 0;
  /// Empty if there is none.
  virtual Result<std::string> mark(std::string_view key) = 0;
  /// All whose key begins so.
  virtual Result<std::map<std::string, std::string>> marks(std::string_view start) = 0;
  /// Of those of `ids` that are there.
  virtual Result<std::map<std::string, std::string>> stamps(std::span<const std::string> ids) = 0;
  virtual Result<SearchAnswer> find(const SearchQuestion& question) = 0;
  /// The words of the index from `shortest` to `longest` octets.
  virtual Result<std::vector<SearchTerm>> terms(std::size_t shortest, std::size_t longest) = 0;
  /// Forgets every entry and mark.
  virtual Result<void> clear() = 0;
  /// Takes what was removed off the disk too, not only out of answers: after an erasure.
  virtual Result<void> purge() = 0;
};

/// Made if need be; a file of another format, or one that is damaged, is replaced by an empty one. Code: "unavailable".
[[nodiscard]] Result<std::unique_ptr<SearchIndex>> open_search_index(const std::filesystem::path& file);

}  // namespace cluse::storage
