#include "find.h"

#include "../text/fold.h"

#include <algorithm>
#include <utility>

namespace annuaires {
namespace {

constexpr std::size_t kTokensMax = 8, kTokenMax = 40, kCandidatesMax = 60, kMeaningsMax = 3;

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
  if (!out.match.empty()) out.match = columns_for(audience) + " : (" + out.match + ")";
  return out;
}

void add_conditions(Statement& statement, const Query& query) {
  const auto audience = statement.bind(static_cast<int>(query.audience));
  std::string& sql = statement.sql;
  sql += " WHERE e.audience <= " + audience;
  if (query.state == "all") sql += " AND e.state IN ('published', 'draft', 'archived')";
  else sql += " AND e.state = " + statement.bind(query.state);
  if (query.directory) sql += " AND e.directory = " + statement.bind(*query.directory);
  if (!query.kind.empty()) sql += " AND e.kind = " + statement.bind(query.kind);
  if (query.organisation) {
    const auto id = statement.bind(*query.organisation);
    sql += " AND e.id IN (SELECT id FROM entry WHERE organisation = " + id +
           " UNION SELECT one FROM link WHERE other = " + id + ")";
  }
  if (query.due_before) sql += " AND e.due_at <= " + statement.bind(*query.due_before);
  if (query.bounced) sql += " AND e.mail = 'bounced'";
  for (const auto& [field, values] : query.facets) {
    const auto name = statement.bind(field), list = statement.bind(json_list(values));
    sql += " AND e.id IN (SELECT entry FROM facet WHERE field = " + name +
           " AND value IN (SELECT value FROM json_each(" + list + ")) AND audience <= " + audience + ")";
  }
}

// `from` is what follows SELECT … FROM.
Statement statement_for(const Query& query, const std::string& match, const std::string& what) {
  Statement statement;
  statement.sql = "SELECT " + what + " FROM entry e";
  // CROSS: the words are looked up first, and not once for every entry.
  if (!match.empty()) statement.sql = "SELECT " + what + " FROM entry_text t CROSS JOIN entry e ON e.id = t.rowid";
  add_conditions(statement, query);
  if (!match.empty()) statement.sql += " AND entry_text MATCH " + statement.bind(match);
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

void add_order(Statement& statement, const Query& query, const std::string& match, const std::string& sort) {
  if (sort == "relevance" && !match.empty()) {
    // Who works somewhere is often called after it: the organisation itself comes first. Smaller is better.
    statement.sql +=
        " ORDER BY bm25(entry_text, 10.0, 2.0, 2.0, 2.0) * CASE e.kind WHEN 'organisation' THEN 1.5 ELSE 1.0 END,"
        " e.sort_key, e.id";
  } else {
    const auto order = order_of(sort == "relevance" ? "name" : sort);
    if (!order) throw Failure(400, "query_wrong", "sort");
    const std::string way = order->falls ? " DESC" : "";
    if (query.after) {
      const auto id = statement.bind(*query.after);
      statement.sql += std::string(" AND (e.") + order->column + ", e.id) " + (order->falls ? "<" : ">") + " (SELECT " +
                       order->column + ", id FROM entry WHERE id = " + id + ")";
    }
    statement.sql += " ORDER BY e." + order->column + way + ", e.id" + way;
  }
}

std::string sort_of(const Query& query, const std::string& match) {
  if (!query.sort.empty()) return query.sort;
  return match.empty() ? "name" : "relevance";
}

}  // namespace

Page find(Tx& tx, const Query& query) {
  Page page;
  auto understood = query.words.empty() ? Understood() : understand(tx, query.audience, query.words);
  page.tokens = std::move(understood.tokens);
  page.corrected = std::move(understood.corrected);
  if (!query.words.empty() && understood.match.empty()) return page;
  page.total = run(tx, statement_for(query, understood.match, "count(*)")).front().items()[0].as<std::int64_t>();
  const auto sort = sort_of(query, understood.match);
  Statement statement = statement_for(query, understood.match, "e.id");
  add_order(statement, query, understood.match, sort);
  statement.sql += " LIMIT " + statement.bind(query.limit + 1) + " OFFSET " + statement.bind(query.offset);
  for (const auto& row : run(tx, statement)) page.ids.push_back(row.items()[0].as<Id>());
  if (page.ids.size() <= static_cast<std::size_t>(query.limit)) return page;
  page.ids.pop_back();
  page.next = sort == "relevance" ? "@" + std::to_string(query.offset + query.limit) : std::to_string(page.ids.back());
  return page;
}

std::vector<Id> find_all(Tx& tx, const Query& query, std::size_t max) {
  const auto understood = query.words.empty() ? Understood() : understand(tx, query.audience, query.words);
  if (!query.words.empty() && understood.match.empty()) return {};
  Statement statement = statement_for(query, understood.match, "e.id");
  add_order(statement, query, understood.match, sort_of(query, understood.match));
  statement.sql += " LIMIT " + statement.bind(static_cast<std::int64_t>(max));
  std::vector<Id> all;
  for (const auto& row : run(tx, statement)) all.push_back(row.items()[0].as<Id>());
  return all;
}

Value count_facets(Tx& tx, const Query& query) {
  const auto understood = query.words.empty() ? Understood() : understand(tx, query.audience, query.words);
  Value out = Value::map();
  for (const std::string_view field : {"country", "level", "policies", "competences", "languages", "territory"})
    out.set(field, Value::map());
  if (!query.words.empty() && understood.match.empty()) return out;
  Statement statement = statement_for(query, understood.match, "e.id");
  const std::string within =
      std::exchange(statement.sql, "SELECT field, value, count(*) FROM facet WHERE audience <= ?1 AND entry IN (");
  statement.sql += within + ") AND field <> 'within' GROUP BY field, value ORDER BY field, count(*) DESC";
  for (const auto& row : run(tx, statement)) {
    const auto& c = row.items();
    Value counts = out[c[0].as<std::string>()];
    counts.set(c[1].as<std::string>(), c[2]);
    out.set(c[0].as<std::string>(), std::move(counts));
  }
  return out;
}

Value count_territories(Tx& tx, const Query& query, std::string_view field, std::string_view prefix) {
  const auto understood = query.words.empty() ? Understood() : understand(tx, query.audience, query.words);
  Value out = Value::array();
  if (!query.words.empty() && understood.match.empty()) return out;
  Statement statement = statement_for(query, understood.match, "e.id");
  const std::string within = statement.sql;
  const auto name = statement.bind(field), start = statement.bind(prefix);
  statement.sql = "SELECT f.value, count(DISTINCT f.entry) FROM facet f WHERE f.audience <= ?1 AND f.field = " + name +
                  " AND substr(f.value, 1, length(" + start + ")) = " + start + " AND f.entry IN (" + within +
                  ") GROUP BY f.value ORDER BY 2 DESC, 1";
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
