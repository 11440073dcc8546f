// Search: over the words of documents, workspaces, people and organisations, for one person and her rights.
#pragma once

#include "server/domain/environment.h"
#include "server/domain/identity/actor.h"
#include "server/domain/search/query.h"
#include "server/domain/search/readers.h"
#include "server/storage/search_index.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cluse::domain {

struct SearchRequest {
  std::string text;
  std::string kind;             ///< "document", "workspace", "person", "organisation", "object"; empty: all
  std::optional<Id> workspace;  ///< in this one alone
  std::size_t limit = 20, offset = 0;
};

struct SearchFinding {
  std::string kind;
  Id id;
  std::string language;
  std::vector<search::Run> title, excerpt;
  std::optional<Id> workspace_id;
  std::string workspace_name;
  std::optional<Instant> updated_at;  ///< of a document
  search::Object object{};            ///< of a plugin: which, its key, kind and url; `id` is nothing then
};

struct SearchFindings {
  std::vector<SearchFinding> found;
  std::int64_t total = 0;  ///< what the index counts; what was taken away in the last second may be among it
  std::string instead;     ///< the words that were searched because those of the request are nowhere; or empty
};

/// Thread: any.
class Search {
 public:
  /// Results of one request; how far a reader may leaf.
  static constexpr std::size_t kLimitMax = 50, kOffsetMax = 1000;

  /// `index` outlives it; without one nothing is found.
  Search(Environment environment, storage::SearchIndex* index) : environment_(environment), index_(index) {}

  /// Code "search_unavailable" where there is no index. An empty request finds nothing.
  Task<Result<SearchFindings>> find(Actor actor, SearchRequest request);

 private:
  [[nodiscard]] Result<storage::SearchAnswer> ask(search::Query& query, storage::SearchQuestion& question) const;
  [[nodiscard]] bool correct(search::Query& query) const;

  const Environment environment_;
  storage::SearchIndex* const index_;
};

}  // namespace cluse::domain
