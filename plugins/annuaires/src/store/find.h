// Lists: which entries, in which order, and how many of each kind.
#pragma once

#include "../model/entry.h"

#include <cluse/plugin.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace annuaires {

using cluse::Tx;

inline constexpr int kPageMax = 200, kOffsetMax = 10'000;

struct Query {
  Audience audience = Audience::everybody;  ///< of the reader
  std::optional<Id> directory, organisation;
  std::string words, kind, state = "published";
  std::map<std::string, std::vector<std::string>> facets;  ///< field to any of these values
  std::optional<Moment> due_before;
  bool bounced = false;
  std::string sort;  ///< name, -name, updated, -updated, checked, -checked, relevance; empty: the default
  int limit = 50, offset = 0;
  std::optional<Id> after;      ///< the last entry of the page before
  bool counts = true;           ///< whether `total` is wanted
  bool wants_gathered = false;  ///< whether `Page::gathered` is wanted
};

struct Page {
  std::vector<Id> ids;
  std::int64_t total = 0;
  std::string next;                 ///< cursor, empty at the end
  std::string corrected;            ///< the words that were searched instead, empty if none were
  std::vector<std::string> tokens;  ///< what was looked for, folded
  /// All that is found, if it was wanted and had to be looked up for the first page anyway.
  std::optional<std::vector<Id>> gathered;
};

/// Throws Failure("query_wrong") for a sort that there is not.
[[nodiscard]] Page find(Tx& tx, const Query& query);
/// All ids, at most `max`, in the order of the list.
[[nodiscard]] std::vector<Id> find_all(Tx& tx, const Query& query, std::size_t max);
/// {field: {value: count}} over what the query finds. `gathered`: of that page of it, so that it is not looked up
/// twice.
[[nodiscard]] Value count_facets(Tx& tx, const Query& query, const std::optional<std::vector<Id>>& gathered = {});
/// {code: {count, countries}} of territories.
[[nodiscard]] Value count_territories(Tx& tx, const Query& query, std::string_view field, std::string_view prefix);

/// Some words of `text` around the first that was looked for, that one between « [ » and « ] »; nothing if none is in
/// it.
[[nodiscard]] std::optional<std::string> extract(std::string_view text, const std::vector<std::string>& tokens);

}  // namespace annuaires
