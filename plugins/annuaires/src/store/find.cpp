#include "find.h"

#include "../text/fold.h"

#include <algorithm>
#include <utility>

namespace annuaires {
namespace {

constexpr std::size_t kTokensMax = 8, kTokenMax = 40, kCandidatesMax = 60, kMeaningsMax = 3;
// Above so many hits nobody goes by their rank, and ranking each is most of what a search costs.
constexpr int kRankedMax = 1'000;
// Filters that more entries than this share: the list is walked in its order until the page is full.
constexpr std::int64_t kGatheredMax = 25'000;

/// A statement that grows with its parameters.
struct Statement {
  std::string sql;
  Value::Array parameters;
  std::string bind(Value value) {
    parameters.push_back(std::move(value));
    return "?" + std::to_string(parameters.size());
  }
};

Value::Array run(Tx& tx, const Statement& statement) {
  return tx.all_of(statement.sql, statement.parameters);
}

std::string json_list(const std::vector<std::string>& all) {
  Value list = Value::array();
  for (const auto& one : all) list.add(one);
  return list.to_json();
}

std::string columns_for(Audience audience) {
  if (audience == Audience::everybody) return "{name open}";
  return audience == Audience::members ? "{name open members}" : "{name open members closed}";
}

bool occurs(Tx& tx, Audience audience, const std::string& token) {
  return !tx.all("SELECT 1 FROM entry_text WHERE entry_text MATCH ?1 LIMIT 1",
                 columns_for(audience) + " : \"" + token + "\"*")
              .empty();
}

/// What a word that stands nowhere may have meant, the nearest first.
std::vector<std::string> meanings(Tx& tx, const std::string& token) {
  const auto slips = slips_for(letters_of(token));
  if (slips == 0) return {};
  const auto rows = tx.all(
      "SELECT w.word FROM (SELECT word, count(*) AS shared FROM gram WHERE gram IN (SELECT value FROM json_each(?1))"
      " GROUP BY word ORDER BY shared DESC LIMIT ?2) g JOIN word w ON w.id = g.word",
      json_list(grams(token)), kCandidatesMax);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const auto& row : rows) {
    const auto word = row.items()[0].as<std::string>();
    // As people type: the word itself, or its beginning.
    auto apart = distance(token, word, slips);
    if (apart > slips && word.size() > token.size()) apart = distance(token, word.substr(0, token.size()), slips);
    if (apart <= slips) near.emplace_back(apart, word);
  }
  std::ranges::sort(near);
  std::vector<std::string> all;
  for (const auto& [apart, word] : near)
    if (apart == near.front().first && all.size() < kMeaningsMax) all.push_back(word);
  return all;
}

/// The expression of the search, the words as they were understood.
struct Understood {
  std::string match, corrected;
  std::string in_name;  ///< the same, in names alone
  std::vector<std::string> tokens;
};

Understood understand(Tx& tx, Audience audience, const std::string& text) {
  Understood out;
  auto tokens = words(fold(cut(text, 500)));
  if (tokens.size() > kTokensMax) tokens.resize(kTokensMax);
  bool is_corrected = false;
  for (auto& token : tokens) {
    token = cut(token, kTokenMax);
    std::vector<std::string> meant{token};
    if (!occurs(tx, audience, token))
      if (auto near = meanings(tx, token); !near.empty()) {
        meant = std::move(near);
        is_corrected = true;
      }
    std::string any;
    for (const auto& word : meant) {
      any += (any.empty() ? "\"" : " OR \"") + word + "\"*";
      out.tokens.push_back(word);
    }
    out.match += (out.match.empty() ? "(" : " AND (") + any + ")";
    out.corrected += (out.corrected.empty() ? "" : " ") + meant.front();
  }
  if (!is_corrected) out.corrected.clear();
  if (out.match.empty()) return out;
  out.in_name = "{name} : (" + out.match + ")";
  out.match = columns_for(audience) + " : (" + out.match + ")";
  return out;
}

/// A filter: which codes of facet_value it asks for, and how many rows have one of them.
struct Filter {
  std::string codes;
  bool is_one;
  std::int64_t rows;
};

std::vector<Filter> filters_of(Tx& tx, const Query& query) {
  std::vector<Filter> all;
  for (const auto& [field, values] : query.facets) {
    Filter filter{"", true, 0};
    for (const auto& row :
         tx.all("SELECT id FROM facet_value WHERE field = ?1 AND value IN (SELECT value FROM json_each(?2))", field,
                json_list(values)))
      filter.codes += (filter.codes.empty() ? "" : ", ") + std::to_string(row.items()[0].as<Id>());
    filter.is_one = filter.codes.find(',') == std::string::npos;
    // No entry has a code of 0: what nothing was ever called finds nothing.
    if (filter.codes.empty()) filter.codes = "0";
    filter.rows = tx.one<std::int64_t>(
        "SELECT count(*) FROM (SELECT 1 FROM facet_entry WHERE code IN (" + filter.codes + ") LIMIT ?1)",
        kGatheredMax + 1);
    all.push_back(std::move(filter));
  }
  std::ranges::sort(all, {}, &Filter::rows);
  return all;
}

/// What a query looks through: words, the rarest filter, or the list itself.
struct Source {
  std::string match;  ///< as FTS5 wants it, or empty
  std::vector<Filter> filters;
  bool gathers = false;  ///< the first filter is looked up, the rest of it is put into order
};

Source source_of(Tx& tx, const Query& query, const std::string& match) {
  Source source{match, filters_of(tx, query)};
  source.gathers = match.empty() && !source.filters.empty() && source.filters.front().rows <= kGatheredMax;
  return source;
}

void add_conditions(Statement& statement, const Query& query, const Source& source) {
  // Of what is gathered, filters are asked before the entry is looked at.
  const std::string audience = "?1", id = source.gathers ? "g.entry" : "e.id";
  std::string& sql = statement.sql;
  sql += " WHERE e.audience <= " + audience;
  if (!source.match.empty()) sql += " AND entry_text MATCH " + statement.bind(source.match);
  if (query.state == "all") sql += " AND e.state IN ('published', 'draft', 'archived')";
  else sql += " AND e.state = " + statement.bind(query.state);
  if (query.directory) sql += " AND e.directory = " + statement.bind(*query.directory);
  if (!query.kind.empty()) sql += " AND e.kind = " + statement.bind(query.kind);
  if (query.organisation) {
    const auto within = statement.bind(*query.organisation);
    sql += " AND e.id IN (SELECT id FROM entry WHERE organisation = " + within +
           " UNION SELECT one FROM link WHERE other = " + within + ")";
  }
  if (query.due_before) sql += " AND e.due_at <= " + statement.bind(*query.due_before);
  if (query.bounced) sql += " AND e.mail = 'bounced'";
  for (std::size_t i = source.gathers ? 1 : 0; i < source.filters.size(); ++i)
    sql += " AND EXISTS (SELECT 1 FROM facet_entry f WHERE f.entry = " + id + " AND f.code IN (" +
           source.filters[i].codes + ") AND f.audience <= " + audience + ")";
}

// `what` is what follows SELECT. ?1 is the reader's audience.
Statement statement_for(const Query& query, const Source& source, const std::string& what) {
  Statement statement;
  const auto audience = statement.bind(static_cast<int>(query.audience));
  // CROSS: words and filters are looked up first, and not once for every entry.
  statement.sql = "SELECT " + what + " FROM ";
  if (!source.match.empty()) statement.sql += "entry_text t CROSS JOIN entry e ON e.id = t.rowid";
  else if (source.gathers)
    statement.sql += std::string("(SELECT ") + (source.filters.front().is_one ? "" : "DISTINCT ") +
                     "entry FROM facet_entry WHERE code IN (" + source.filters.front().codes +
                     ") AND audience <= " + audience + ") g CROSS JOIN entry e ON e.id = g.entry";
  else statement.sql += "entry e";
  add_conditions(statement, query, source);
  return statement;
}

struct Order {
  std::string column;
  bool falls;
};

std::optional<Order> order_of(const std::string& sort) {
  const bool falls = sort.starts_with('-');
  const std::string name = falls ? sort.substr(1) : sort;
  if (name == "name") return Order{"sort_key", falls};
  if (name == "updated") return Order{"updated_at", falls};
  if (name == "checked") return Order{"checked_at", falls};
  return std::nullopt;
}

void add_order(Statement& statement, const Query& query, const std::string& sort) {
  if (sort == "relevance") {
    // Who works somewhere is often called after it: the organisation itself comes first. Smaller is better.
    statement.sql +=
        " ORDER BY bm25(entry_text, 10.0, 2.0, 2.0, 2.0) * CASE e.kind WHEN 'organisation' THEN 1.5 ELSE 1.0 END,"
        " e.sort_key, e.id";
    return;
  }
  const auto order = order_of(sort);
  if (!order) throw Failure(400, "query_wrong", "sort");
  const std::string way = order->falls ? " DESC" : "";
  if (query.after) {
    const auto id = statement.bind(*query.after);
    statement.sql += std::string(" AND (e.") + order->column + ", e.id) " + (order->falls ? "<" : ">") + " (SELECT " +
                     order->column + ", id FROM entry WHERE id = " + id + ")";
  }
  statement.sql += " ORDER BY e." + order->column + way + ", e.id" + way;
}

bool is_broad(Tx& tx, const std::string& match) {
  return tx.one<std::int64_t>("SELECT count(*) FROM (SELECT 1 FROM entry_text WHERE entry_text MATCH ?1 LIMIT ?2)",
                              match, kRankedMax + 1) > kRankedMax;
}

// Of very many hits: names that begin with the first word, then other names, then the rest, each by the alphabet.
Value::Array broad_hits(Tx& tx, const Query& query, const Source& source, const Understood& understood, int limit) {
  const auto ask = [&](const std::string& match, const std::string& first) {
    Source narrowed = source;
    narrowed.match = match;
    Statement statement = statement_for(query, narrowed, "e.id");
    statement.sql += " ORDER BY ";
    if (!first.empty()) statement.sql += first + statement.bind(understood.in_name) + "), ";
    statement.sql += "instr(e.sort_key, " + statement.bind(understood.tokens.front()) + ") <> 1, e.sort_key, e.id";
    statement.sql += " LIMIT " + statement.bind(limit) + " OFFSET " + statement.bind(query.offset);
    return run(tx, statement);
  };
  auto rows = ask(understood.in_name, "");
  if (rows.size() == static_cast<std::size_t>(limit)) return rows;
  return ask(understood.match, "t.rowid NOT IN (SELECT rowid FROM entry_text WHERE entry_text MATCH ");
}

std::string sort_of(const Query& query, const std::string& match) {
  const std::string sort = query.sort.empty() ? "relevance" : query.sort;
  return sort == "relevance" && match.empty() ? "name" : sort;
}

Understood understood_of(Tx& tx, const Query& query) {
  return query.words.empty() ? Understood() : understand(tx, query.audience, query.words);
}

bool keeps_all(const Query& query, const Source& source) {
  return query.wants_gathered && source.gathers && !query.after && query.offset == 0;
}

Value::Array page_rows(Tx& tx, const Query& query, const Source& source, const Understood& understood,
                       const std::string& sort) {
  const int limit = query.limit + 1;
  if (sort == "relevance" && is_broad(tx, understood.match)) return broad_hits(tx, query, source, understood, limit);
  if (keeps_all(query, source)) {
    Statement statement = statement_for(query, source, "e.id");
    add_order(statement, query, sort);
    return run(tx, statement);
  }
  // What is gathered is whole before it is put into order: it is counted by the way.
  Statement statement = statement_for(query, source, source.gathers ? "e.id, count(*) OVER ()" : "e.id");
  add_order(statement, query, sort);
  statement.sql += " LIMIT " + statement.bind(limit) + " OFFSET " + statement.bind(query.offset);
  return run(tx, statement);
}

}  // namespace

Page find(Tx& tx, const Query& query) {
  Page page;
  const auto understood = understood_of(tx, query);
  page.tokens = understood.tokens;
  page.corrected = understood.corrected;
  if (!query.words.empty() && understood.match.empty()) return page;
  const Source source = source_of(tx, query, understood.match);
  const auto sort = sort_of(query, understood.match);
  const auto rows = page_rows(tx, query, source, understood, sort);
  for (const auto& row : rows) page.ids.push_back(row.items()[0].as<Id>());
  if (keeps_all(query, source)) {
    page.gathered = page.ids;
    if (page.ids.size() > static_cast<std::size_t>(query.limit) + 1)
      page.ids.resize(static_cast<std::size_t>(query.limit) + 1);
  }
  const bool is_all = page.ids.size() <= static_cast<std::size_t>(query.limit);
  const bool is_counted = !rows.empty() && !query.after && rows.front().items().size() > 1;
  if (page.gathered) page.total = static_cast<std::int64_t>(page.gathered->size());
  else if (is_counted) page.total = rows.front().items()[1].as<std::int64_t>();
  else if (query.counts)
    page.total = run(tx, statement_for(query, source, "count(*)")).front().items()[0].as<std::int64_t>();
  if (is_all) return page;
  page.ids.pop_back();
  page.next = sort == "relevance" ? "@" + std::to_string(query.offset + query.limit) : std::to_string(page.ids.back());
  return page;
}

std::vector<Id> find_all(Tx& tx, const Query& query, std::size_t max) {
  const auto understood = understood_of(tx, query);
  if (!query.words.empty() && understood.match.empty()) return {};
  Statement statement = statement_for(query, source_of(tx, query, understood.match), "e.id");
  add_order(statement, query, sort_of(query, understood.match));
  statement.sql += " LIMIT " + statement.bind(static_cast<std::int64_t>(max));
  std::vector<Id> all;
  for (const auto& row : run(tx, statement)) all.push_back(row.items()[0].as<Id>());
  return all;
}

Value count_facets(Tx& tx, const Query& query, const std::optional<std::vector<Id>>& gathered) {
  const auto understood = understood_of(tx, query);
  Value out = Value::map();
  for (const std::string_view field : {"country", "level", "policies", "competences", "languages", "territory"})
    out.set(field, Value::map());
  if (!query.words.empty() && understood.match.empty()) return out;
  Statement statement;
  if (gathered) {
    statement.bind(static_cast<int>(query.audience));
    Value ids = Value::array();
    for (const Id id : *gathered) ids.add(id);
    statement.sql = "SELECT value FROM json_each(" + statement.bind(ids.to_json()) + ")";
  } else {
    statement = statement_for(query, source_of(tx, query, understood.match), "e.id");
  }
  statement.sql =
      "SELECT v.field, v.value, c.n FROM (SELECT code, count(*) AS n FROM facet_entry WHERE audience <= ?1 AND entry "
      "IN (" +
      statement.sql +
      ") GROUP BY code) c JOIN facet_value v ON v.id = c.code WHERE v.field <> 'within' ORDER BY v.field, c.n DESC";
  for (const auto& row : run(tx, statement)) {
    const auto& c = row.items();
    Value counts = out[c[0].as<std::string>()];
    counts.set(c[1].as<std::string>(), c[2]);
    out.set(c[0].as<std::string>(), std::move(counts));
  }
  return out;
}

Value count_territories(Tx& tx, const Query& query, std::string_view field, std::string_view prefix) {
  const auto understood = understood_of(tx, query);
  Value out = Value::array();
  if (!query.words.empty() && understood.match.empty()) return out;
  Statement statement = statement_for(query, source_of(tx, query, understood.match), "e.id");
  const std::string within = statement.sql;
  const auto name = statement.bind(field), start = statement.bind(prefix);
  // The plus keeps it from asking for each entry and each value.
  statement.sql =
      "SELECT v.value, count(*) FROM facet_value v CROSS JOIN facet_entry f ON f.code = v.id"
      " WHERE f.audience <= ?1 AND v.field = " +
      name + " AND substr(v.value, 1, length(" + start + ")) = " + start + " AND +f.entry IN (" + within +
      ") GROUP BY v.id ORDER BY 2 DESC, 1";
  for (const auto& row : run(tx, statement)) out.add({{"code", row.items()[0]}, {"count", row.items()[1]}});
  return out;
}

std::optional<std::string> extract(std::string_view text, const std::vector<std::string>& tokens) {
  constexpr std::size_t kAround = 60;
  const auto is_meant = [&](std::string_view word) {
    const auto parts = words(fold(word));
    return std::ranges::any_of(parts, [&](const std::string& part) {
      return std::ranges::any_of(tokens, [&](const std::string& token) { return part.starts_with(token); });
    });
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto end = std::min(text.find_first_of(" \n", i), text.size());
    if (end > i && is_meant(text.substr(i, end - i))) {
      const auto from = i > kAround ? std::min(text.find(' ', i - kAround) + 1, i) : 0;
      const auto until = text.size() - end > kAround ? text.find(' ', end + kAround) : std::string_view::npos;
      return (from > 0 ? "… " : "") + std::string(text.substr(from, i - from)) + "[" +
             std::string(text.substr(i, end - i)) + "]" +
             std::string(text.substr(end, until == std::string_view::npos ? until : until - end)) +
             (until == std::string_view::npos ? "" : " …");
    }
    i = end + 1;
  }
  return std::nullopt;
}

}  // namespace annuaires
