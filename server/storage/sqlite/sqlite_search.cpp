#include "server/base/log.h"
#include "server/storage/closure.h"
#include "server/storage/search_index.h"
#include "server/storage/sqlite/connection.h"

#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

namespace cluse::storage {
namespace {

// Raised whenever the tables, or the way the callers cut words, change: older files are then filled anew.
constexpr std::int64_t kFormat = 2;

constexpr const char* kTables = R"sql(
CREATE TABLE entry (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  stamp TEXT NOT NULL,
  guarded INTEGER NOT NULL,
  extra TEXT NOT NULL
);
CREATE INDEX entry_by_scope ON entry (scope) WHERE guarded = 1;
CREATE TABLE reader (entry INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (entry, token)) WITHOUT ROWID;
CREATE TABLE mark (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
PRAGMA user_version = 2;
)sql";

std::string placeholders(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += i == 0 ? "?" : ", ?";
  return out;
}

void append(std::vector<Value>& values, const std::vector<std::string>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

class SqliteSearch final : public SearchIndex {
 public:
  explicit SqliteSearch(const std::filesystem::path& file)
      : writer_({.file = file, .role = ConnectionOptions::Role::writer}) {
    // What is overwritten is overwritten with zeroes: an erased name is not found in the free pages either.
    writer_.script("PRAGMA secure_delete = ON");
    const auto version = writer_.all("PRAGMA user_version").at(0).integer(0);
    if (version != kFormat) {
      if (version != 0) throw SqlError(SqlError::Kind::corrupt, "the search index is of another format");
      writer_.script(kTables);
    }
    reader_.emplace(ConnectionOptions{.file = file, .role = ConnectionOptions::Role::reader});
  }

  Result<void> change(std::span<const SearchEntry> put, std::span<const std::string> removed,
                      const std::map<std::string, std::string>& marks) override {
    return writing([&] {
      for (const auto& id : removed) remove(id);
      for (const auto& entry : put) {
        remove(entry.id);
        insert(entry);
      }
      set_marks(marks);
    });
  }

  Result<void> forget(std::string_view scope, const std::map<std::string, std::string>& marks) override {
    return writing([&] {
      for (const char* sql : {"DELETE FROM words WHERE rowid IN (SELECT key FROM entry WHERE scope = ?)",
                              "DELETE FROM reader WHERE entry IN (SELECT key FROM entry WHERE scope = ?)",
                              "DELETE FROM entry WHERE scope = ?"})
        writer_.run(sql, {scope});
      set_marks(marks);
    });
  }

  Result<std::string> mark(std::string_view key) override {
    return reading([&]() -> std::string {
      const auto rows = reader_->all("SELECT value FROM mark WHERE key = ?", {key});
      return rows.empty() ? std::string() : rows.front().text(0);
    });
  }

  Result<std::map<std::string, std::string>> marks(std::string_view start) override {
    return reading([&] {
      std::map<std::string, std::string> found;
      for (const auto& row : reader_->all("SELECT key, value FROM mark"))
        if (row.text(0).starts_with(start)) found[row.text(0)] = row.text(1);
      return found;
    });
  }

  Result<std::map<std::string, std::string>> stamps(std::span<const std::string> ids) override {
    return reading([&] {
      std::map<std::string, std::string> found;
      for (const auto& id : ids)
        for (const auto& row : reader_->all("SELECT stamp FROM entry WHERE id = ?", {id})) found[id] = row.text(0);
      return found;
    });
  }

  Result<SearchAnswer> find(const SearchQuestion& question) override {
    std::string where = " FROM words JOIN entry e ON e.key = words.rowid WHERE words MATCH ?";
    std::vector<Value> values{question.match};
    if (!question.kinds.empty()) {
      where += " AND e.kind IN (" + placeholders(question.kinds.size()) + ")";
      append(values, question.kinds);
    }
    add_rights(question, where, values);
    if (!question.within.empty()) {
      where += " AND e.scope = ?";
      values.emplace_back(question.within);
    }
    return reading([&] {
      SearchAnswer answer;
      answer.total = reader_->all("SELECT COUNT(*)" + where, Parameters(values)).at(0).integer(0);
      values.emplace_back(question.limit);
      values.emplace_back(question.offset);
      const auto rows = reader_->all("SELECT e.id, e.kind, e.scope, e.language, e.title, e.body, e.extra" + where +
                                         " ORDER BY bm25(words, 8.0, 1.0), e.key DESC LIMIT ? OFFSET ?",
                                     Parameters(values));
      for (const auto& row : rows)
        answer.hits.push_back(
            {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)});
      return answer;
    });
  }

  Result<std::vector<SearchTerm>> terms(std::size_t shortest, std::size_t longest) override {
    return reading([&] {
      std::vector<SearchTerm> found;
      for (const auto& row :
           reader_->all("SELECT term, doc FROM vocabulary WHERE length(term) BETWEEN ? AND ?", {shortest, longest}))
        found.push_back({row.text(0), row.integer(1)});
      return found;
    });
  }

  Result<void> clear() override {
    return writing([&] {
      for (const char* table : {"words", "entry", "reader", "mark"}) writer_.run(std::string("DELETE FROM ") + table);
    });
  }

  Result<void> purge() override {
    auto merged = writing([&] { writer_.run("INSERT INTO words (words) VALUES ('optimize')"); });
    if (!merged) return merged;
    const std::scoped_lock both(writing_, reading_);
    return guarded([&] { writer_.script("PRAGMA wal_checkpoint(TRUNCATE)"); });
  }

 private:
  void remove(const std::string& id) {
    const auto rows = writer_.all("SELECT key FROM entry WHERE id = ?", {id});
    if (rows.empty()) return;
    writer_.run("DELETE FROM words WHERE rowid = ?", {rows.front().integer(0)});
    writer_.run("DELETE FROM entry WHERE key = ?", {rows.front().integer(0)});
    writer_.run("DELETE FROM reader WHERE entry = ?", {rows.front().integer(0)});
  }

  void insert(const SearchEntry& entry) {
    writer_.run(
        "INSERT INTO entry (id, kind, scope, language, title, body, stamp, guarded, extra) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {entry.id, entry.kind, entry.scope, entry.language, entry.title, entry.body, entry.stamp,
         std::int64_t{entry.readers.empty() ? 0 : 1}, entry.extra});
    const auto key = writer_.all("SELECT key FROM entry WHERE id = ?", {entry.id}).at(0).integer(0);
    writer_.run("INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", {key, entry.title_words, entry.body_words});
    for (const auto& token : entry.readers)
      writer_.run("INSERT OR IGNORE INTO reader (entry, token) VALUES (?, ?)", {key, token});
  }

  void set_marks(const std::map<std::string, std::string>& marks) {
    for (const auto& [key, value] : marks)
      writer_.run("INSERT INTO mark (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                  {key, value});
  }

  // Who may find what: by scope where an entry has no readers of its own, by its readers where it has.
  static void add_rights(const SearchQuestion& question, std::string& where, std::vector<Value>& values) {
    std::string open = "e.guarded = 0";
    if (!question.everywhere) {
      open += " AND (e.scope = '' OR e.scope IN (" + placeholders(question.scopes.size()) + ") OR e.id IN (" +
              placeholders(question.ids.size()) + "))";
      append(values, question.scopes);
      append(values, question.ids);
    }
    std::string guarded = "e.guarded = 1";
    if (!question.all_readers) {
      guarded += " AND EXISTS (SELECT 1 FROM reader r WHERE r.entry = e.key AND (r.token IN (" +
                 placeholders(question.readers.size()) + ")";
      if (question.every_workspace) guarded += " OR r.token LIKE 'workspace:%'";
      guarded += "))";
      append(values, question.readers);
    }
    where += " AND ((" + open + ") OR (" + guarded + "))";
  }

  template <class F>
  static Result<void> guarded(F work) {
    try {
      work();
      return {};
    } catch (...) {
      return std::unexpected(error_of_current_exception());
    }
  }

  template <class F>
  Result<void> writing(F work) {
    const std::scoped_lock lock(writing_);
    return guarded([&] {
      writer_.control("BEGIN IMMEDIATE");
      try {
        work();
        writer_.control("COMMIT");
      } catch (...) {
        if (writer_.in_transaction()) writer_.control("ROLLBACK");
        throw;
      }
    });
  }

  template <class F>
  auto reading(F work) -> Result<decltype(work())> {
    const std::scoped_lock lock(reading_);
    try {
      return work();
    } catch (...) {
      return std::unexpected(error_of_current_exception());
    }
  }

  std::mutex writing_, reading_;
  Connection writer_;                 // under writing_
  std::optional<Connection> reader_;  // under reading_
};

void discard(const std::filesystem::path& file) {
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + ending, ignored);
}

}  // namespace

Result<std::unique_ptr<SearchIndex>> open_search_index(const std::filesystem::path& file) {
  for (const bool again : {false, true}) {
    try {
      return std::make_unique<SqliteSearch>(file);
    } catch (const SqlError& error) {
      if (again || error.kind != SqlError::Kind::corrupt) return std::unexpected(to_error(error));
      log_warning("search_index_discarded", {{"why", error.what()}});
      discard(file);
    }
  }
  return fail(Errc::internal, "internal");
}

}  // namespace cluse::storage
