#include "server/storage/sqlite/plugin_store.h"

#include "server/storage/sha256.h"
#include "server/storage/sqlite/lock_file.h"
#include "server/storage/sqlite/sqlite_copy.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace cluse::storage {
namespace {

constexpr int kStepsBetweenProgress = 10'000;
constexpr int kPageBytes = 4096;

constexpr const char* kHostTables = R"sql(
CREATE TABLE IF NOT EXISTS cluse_migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS cluse_cursor (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS cluse_job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  parked INTEGER NOT NULL DEFAULT 0,
  body BLOB NOT NULL,
  UNIQUE (kind, key)
);
CREATE INDEX IF NOT EXISTS cluse_job_by_time ON cluse_job (parked, at);
CREATE TABLE IF NOT EXISTS cluse_object (
  key TEXT PRIMARY KEY,
  body BLOB NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,
  carried INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cluse_object_to_carry ON cluse_object (key) WHERE carried = 0;
CREATE TABLE IF NOT EXISTS cluse_emitted (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  user TEXT NOT NULL,
  body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS cluse_object_stamp (id INTEGER PRIMARY KEY CHECK (id = 1), stamp TEXT NOT NULL);
)sql";

// True for the host's own tables, whatever the case: SQLite does not tell them apart.
bool is_reserved(const char* name) {
  constexpr std::string_view kStart = "cluse_";
  if (name == nullptr) return false;
  const std::string_view text(name);
  return text.size() >= kStart.size() && std::equal(kStart.begin(), kStart.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

bool is_one_of(const char* word, std::span<const std::string_view> words) {
  return word != nullptr && std::ranges::find(words, std::string_view(word)) != words.end();
}

void bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.data())) sqlite3_bind_int64(statement, index, *whole);
  else if (const auto* real = std::get_if<double>(&value.data())) sqlite3_bind_double(statement, index, *real);
  else if (const auto* text = std::get_if<std::string>(&value.data()))
    sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  else if (const auto* blob = std::get_if<Blob>(&value.data()))
    sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
  else sqlite3_bind_null(statement, index);
}

Value column(sqlite3_stmt* statement, int i) {
  const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, i)); };
  switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(statement, i);
    case SQLITE_FLOAT: return sqlite3_column_double(statement, i);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
      return std::string(text, size());
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
      return Blob{bytes == nullptr ? Bytes() : Bytes(bytes, size())};
    }
    default: return {};
  }
}

Row row_of(sqlite3_stmt* statement) {
  std::vector<Value> columns;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) columns.push_back(column(statement, i));
  return Row(std::move(columns));
}

}  // namespace

/// One prepared statement; ends with its scope.
class PluginStore::Statement {
 public:
  Statement(sqlite3* handle, std::string_view sql) {
    const char* tail = nullptr;
    code_ = sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement_, &tail);
    // A second statement would be left out in silence.
    if (code_ == SQLITE_OK && statement_ != nullptr && tail < sql.data() + sql.size()) {
      sqlite3_stmt* more = nullptr;
      const int size = static_cast<int>(sql.data() + sql.size() - tail);
      is_whole_ = sqlite3_prepare_v2(handle, tail, size, &more, nullptr) == SQLITE_OK && more == nullptr;
      sqlite3_finalize(more);
    }
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] bool is_one() const { return statement_ != nullptr && is_whole_; }
  [[nodiscard]] sqlite3_stmt* get() const { return statement_; }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_OK;
  bool is_whole_ = true;
};

Result<std::shared_ptr<const Fd>> lock_plugin_store(const std::filesystem::path& file) {
  CLUSE_TRY(lock, lock_database(file));
  return std::make_shared<const Fd>(std::move(lock));
}

Result<void> copy_plugin_store(const std::filesystem::path& file, const std::filesystem::path& target) {
  if (!std::filesystem::exists(file)) return fail(Errc::not_found, "plugin_no_data");
  return copy_sqlite(file, target);
}

Result<std::unique_ptr<PluginStore>> PluginStore::open(const PluginStoreOptions& options) {
  auto store = std::unique_ptr<PluginStore>(new PluginStore(options));
  if (!store->options_.lock) {
    CLUSE_TRY(lock, lock_plugin_store(options.file));
    store->options_.lock = std::move(lock);
  }
  CLUSE_CHECK(store->reopen());
  return store;
}

PluginStore::~PluginStore() {
  close();
}

void PluginStore::close() {
  rollback();
  sqlite3_close(std::exchange(handle_, nullptr));
}

Result<void> PluginStore::reopen() {
  CLUSE_CHECK(create_private(options_.file));
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (const int code = sqlite3_open_v2(options_.file.c_str(), &handle_, flags, nullptr); code != SQLITE_OK)
    return error(code);
  return configure();
}

Result<void> PluginStore::configure() {
  sqlite3_busy_timeout(handle_, static_cast<int>(kPluginBusyMax.count()));
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, static_cast<int>(kPluginSqlBytesMax));
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, static_cast<int>(kPluginValueBytesMax));
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(handle_, SQLITE_LIMIT_EXPR_DEPTH, 200);
  sqlite3_limit(handle_, SQLITE_LIMIT_COMPOUND_SELECT, 50);
  sqlite3_limit(handle_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
  CLUSE_CHECK(
      script("PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
             "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON"));
  const std::string quota = "PRAGMA max_page_count=" + std::to_string(options_.bytes_max / kPageBytes);
  CLUSE_CHECK(script(quota.c_str()));
  CLUSE_CHECK(script(kHostTables));
  sqlite3_set_authorizer(handle_, &PluginStore::authorize, this);
  sqlite3_progress_handler(handle_, kStepsBetweenProgress, &PluginStore::on_progress, this);
  return {};
}

Result<std::size_t> PluginStore::applied(std::span<const PluginMigration> migrations) {
  CLUSE_TRY(applied, ask("SELECT name, sha256 FROM cluse_migration ORDER BY name"));
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const std::string& name = applied[i].text(0);
    if (i >= migrations.size() || migrations[i].name != name || sha256_hex(migrations[i].sql) != applied[i].text(1))
      return fail(Errc::conflict, "migration_changed",
                  name + " has run on this database and is no longer what it was, or no longer first");
  }
  return applied.size();
}

Result<bool> PluginStore::is_migrated(std::span<const PluginMigration> migrations) {
  CLUSE_TRY(count, applied(migrations));
  return count == migrations.size();
}

Result<void> PluginStore::migrate(std::span<const PluginMigration> migrations) {
  CLUSE_TRY(count, applied(migrations));
  for (const PluginMigration& migration : migrations.subspan(count)) CLUSE_CHECK(apply(migration));
  return {};
}

Result<void> PluginStore::apply(const PluginMigration& migration) {
  CLUSE_CHECK(script("BEGIN IMMEDIATE"));
  confined_ = true;
  auto done = script(migration.sql.c_str());
  confined_ = false;
  if (done) {
    auto noted = ask("INSERT INTO cluse_migration (name, sha256, at) VALUES (?, ?, ?)",
                     {migration.name, sha256_hex(migration.sql), SystemClock().now()});
    if (!noted) done = std::unexpected(std::move(noted).error());
  }
  if (done) done = script("COMMIT");
  if (done) return {};
  if (sqlite3_get_autocommit(handle_) == 0) static_cast<void>(script("ROLLBACK"));
  return fail(done.error().kind, "plugin_migration_failed", migration.name + ": " + done.error().detail);
}

Result<void> PluginStore::begin(bool write) {
  if (open_) return fail(Errc::conflict, "plugin_transaction_open", "one transaction at a time");
  CLUSE_CHECK(script(write ? "BEGIN IMMEDIATE" : "BEGIN"));
  open_ = true;
  write_ = write;
  spent_ = {};
  return {};
}

Result<void> PluginStore::run(std::string_view sql, std::span<const Value> parameters,
                              const std::function<bool(const Row&)>& on_row) {
  if (!open_) return fail(Errc::gone, "plugin_no_transaction", "the transaction is over");
  const auto start = std::chrono::steady_clock::now();
  deadline_ = start + kPluginSqlTimeMax - spent_;
  confined_ = true;
  const auto outcome = [&]() -> Result<void> {
    const Statement statement(handle_, sql);
    if (statement.code() != SQLITE_OK) return error(statement.code());
    if (!statement.is_one()) return fail(Errc::invalid, "plugin_sql_wrong", "exactly one statement is expected");
    if (!write_ && sqlite3_stmt_readonly(statement.get()) == 0)
      return fail(Errc::denied, "plugin_sql_refused", "a reading transaction writes nothing");
    if (sqlite3_bind_parameter_count(statement.get()) != static_cast<int>(parameters.size()))
      return fail(Errc::invalid, "plugin_sql_wrong", "another number of parameters than the statement has");
    for (std::size_t i = 0; i < parameters.size(); ++i) bind(statement.get(), static_cast<int>(i) + 1, parameters[i]);
    int code = sqlite3_step(statement.get());
    for (; code == SQLITE_ROW; code = sqlite3_step(statement.get()))
      if (!on_row(row_of(statement.get()))) return fail(Errc::too_large, "plugin_rows_too_large", "past the limit");
    if (code != SQLITE_DONE) return error(code);
    return {};
  }();
  confined_ = false;
  deadline_ = std::chrono::steady_clock::time_point::max();
  spent_ += std::chrono::steady_clock::now() - start;
  // SQLite ends a transaction by itself on a full disk.
  if (sqlite3_get_autocommit(handle_) != 0) open_ = false;
  return outcome;
}

Result<void> PluginStore::commit() {
  if (!open_) return fail(Errc::gone, "plugin_no_transaction", "the transaction is over");
  auto done = script("COMMIT");
  if (!done) rollback();
  open_ = false;
  return done;
}

void PluginStore::rollback() {
  if (std::exchange(open_, false) && sqlite3_get_autocommit(handle_) == 0) static_cast<void>(script("ROLLBACK"));
}

Result<void> PluginStore::schedule(std::string_view kind, std::string_view key, Instant at, BytesView body) {
  if (open_ && !write_) return fail(Errc::denied, "plugin_sql_refused", "a reading transaction writes nothing");
  CLUSE_TRY(waiting, ask("SELECT count(*) FROM cluse_job WHERE NOT (kind = ? AND key = ?)", {kind, key}));
  if (waiting.front().integer(0) >= kPluginJobsMax) return fail(Errc::too_many, "too_many_jobs");
  // A new id, so that the end of the job that runs now does not take this one with it.
  CLUSE_CHECK(
      ask("REPLACE INTO cluse_job (kind, key, at, body) VALUES (?, ?, ?, ?)", {kind, key, at, Blob{Bytes(body)}}));
  return {};
}

Result<std::optional<PluginJob>> PluginStore::due(Instant now) {
  CLUSE_TRY(rows, ask("SELECT id, kind, key, at, attempts, body FROM cluse_job WHERE parked = 0 AND at <= ? "
                      "ORDER BY at, id LIMIT 1",
                      {now}));
  if (rows.empty()) return std::optional<PluginJob>();
  const Row& row = rows.front();
  return PluginJob{row.integer(0), row.text(1), row.text(2), row.instant(3), row.integer(4), row.blob(5)};
}

Result<std::optional<Instant>> PluginStore::next_at() {
  CLUSE_TRY(rows, ask("SELECT min(at) FROM cluse_job WHERE parked = 0"));
  return rows.front().instant_or_null(0);
}

Result<void> PluginStore::finish(const PluginJob& job) {
  CLUSE_CHECK(ask("DELETE FROM cluse_job WHERE id = ?", {job.id}));
  return {};
}

Result<void> PluginStore::retry(const PluginJob& job, Instant at) {
  CLUSE_CHECK(ask("UPDATE cluse_job SET at = ?, attempts = attempts + 1 WHERE id = ?", {at, job.id}));
  return {};
}

Result<void> PluginStore::park(const PluginJob& job) {
  CLUSE_CHECK(ask("UPDATE cluse_job SET parked = 1 WHERE id = ?", {job.id}));
  return {};
}

Result<std::int64_t> PluginStore::parked() {
  CLUSE_TRY(rows, ask("SELECT count(*) FROM cluse_job WHERE parked = 1"));
  return rows.front().integer(0);
}

Result<void> PluginStore::put_object(std::string_view key, BytesView body) {
  if (open_ && !write_) return fail(Errc::denied, "plugin_sql_refused", "a reading transaction writes nothing");
  has_objects_to_carry_ = true;
  CLUSE_CHECK(ask("REPLACE INTO cluse_object (key, body) VALUES (?, ?)", {key, Blob{Bytes(body)}}));
  return {};
}

Result<void> PluginStore::remove_object(std::string_view key) {
  if (open_ && !write_) return fail(Errc::denied, "plugin_sql_refused", "a reading transaction writes nothing");
  has_objects_to_carry_ = true;
  CLUSE_CHECK(ask("UPDATE cluse_object SET removed = 1, carried = 0, body = x'' WHERE key = ?", {key}));
  return {};
}

Result<std::vector<PluginObject>> PluginStore::objects_to_carry(int max) {
  CLUSE_TRY(rows, ask("SELECT key, body, removed FROM cluse_object WHERE carried = 0 LIMIT ?", {std::int64_t{max}}));
  std::vector<PluginObject> objects;
  for (const Row& row : rows) objects.push_back({row.text(0), row.blob(1), row.integer(2) != 0});
  if (objects.empty()) has_objects_to_carry_ = false;
  return objects;
}

Result<void> PluginStore::carried(std::span<const PluginObject> objects, std::string_view stamp) {
  CLUSE_CHECK(script("BEGIN IMMEDIATE"));
  const auto done = [&]() -> Result<void> {
    for (const auto& object : objects)
      CLUSE_CHECK(ask(object.is_removed ? "DELETE FROM cluse_object WHERE key = ?"
                                        : "UPDATE cluse_object SET carried = 1 WHERE key = ?",
                      {object.key}));
    CLUSE_CHECK(ask("REPLACE INTO cluse_object_stamp (id, stamp) VALUES (1, ?)", {stamp}));
    return script("COMMIT");
  }();
  if (!done) static_cast<void>(script("ROLLBACK"));
  return done;
}

Result<std::string> PluginStore::objects_stamp() {
  CLUSE_TRY(rows, ask("SELECT stamp FROM cluse_object_stamp"));
  return rows.empty() ? std::string() : rows.front().text(0);
}

Result<void> PluginStore::carry_all() {
  has_objects_to_carry_ = true;
  CLUSE_CHECK(ask("UPDATE cluse_object SET carried = 0 WHERE carried = 1"));
  return {};
}

Result<void> PluginStore::emit(const PluginEmission& emission) {
  if (open_ && !write_) return fail(Errc::denied, "plugin_sql_refused", "a reading transaction writes nothing");
  CLUSE_TRY(waiting, ask("SELECT count(*) FROM cluse_emitted"));
  if (waiting.front().integer(0) >= kPluginEmittedMax) return fail(Errc::too_many, "too_many_events");
  has_emitted_ = true;
  CLUSE_CHECK(ask("INSERT INTO cluse_emitted (id, at, topic, user, body) VALUES (?, ?, ?, ?, ?)",
                  {emission.id, emission.at, emission.topic, emission.user, Blob{emission.body}}));
  return {};
}

Result<std::vector<PluginEmission>> PluginStore::emitted(int max) {
  CLUSE_TRY(rows, ask("SELECT number, id, at, topic, user, body FROM cluse_emitted ORDER BY number LIMIT ?",
                      {std::int64_t{max}}));
  std::vector<PluginEmission> all;
  for (const Row& row : rows)
    all.push_back({row.integer(0), row.text(1), row.instant(2), row.text(3), row.text(4), row.blob(5)});
  if (all.empty()) has_emitted_ = false;
  return all;
}

Result<void> PluginStore::drop_emitted(std::int64_t number) {
  CLUSE_CHECK(ask("DELETE FROM cluse_emitted WHERE number <= ?", {number}));
  return {};
}

Result<std::optional<std::int64_t>> PluginStore::cursor() {
  CLUSE_TRY(rows, ask("SELECT sequence FROM cluse_cursor"));
  if (rows.empty()) return std::optional<std::int64_t>();
  return rows.front().integer(0);
}

Result<void> PluginStore::set_cursor(std::int64_t sequence) {
  CLUSE_CHECK(ask("REPLACE INTO cluse_cursor (id, sequence) VALUES (1, ?)", {sequence}));
  return {};
}

Result<void> PluginStore::script(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::vector<Row>> PluginStore::ask(std::string_view sql, std::vector<Value> parameters) {
  const Statement statement(handle_, sql);
  if (statement.code() != SQLITE_OK) return error(statement.code());
  for (std::size_t i = 0; i < parameters.size(); ++i) bind(statement.get(), static_cast<int>(i) + 1, parameters[i]);
  std::vector<Row> rows;
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) rows.push_back(row_of(statement.get()));
  if (code != SQLITE_DONE) return error(code);
  return rows;
}

std::unexpected<Error> PluginStore::error(int code) const {
  const std::string words = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return fail(Errc::conflict, "conflict", words);
    case SQLITE_FULL: return fail(Errc::storage_full, "storage_full", words);
    case SQLITE_INTERRUPT: return fail(Errc::unavailable, "plugin_query_too_slow", words);
    case SQLITE_AUTH: return fail(Errc::denied, "plugin_sql_refused", words);
    case SQLITE_TOOBIG: return fail(Errc::too_large, "plugin_rows_too_large", words);
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return fail(Errc::invalid, "plugin_sql_wrong", words);
    default: return fail(Errc::unavailable, "storage_error", words);
  }
}

int PluginStore::authorize(void* self, int action, const char* first, const char* second, const char* database,
                           const char*) {
  if (!static_cast<PluginStore*>(self)->confined_) return SQLITE_OK;
  static constexpr std::array<std::string_view, 8> kAsking = {"table_info",   "table_xinfo",      "table_list",
                                                              "index_list",   "index_info",       "foreign_key_list",
                                                              "data_version", "foreign_key_check"};
  static constexpr std::array<std::string_view, 2> kFunctions = {"load_extension", "fts3_tokenizer"};
  if (is_reserved(first) || is_reserved(second)) return SQLITE_DENY;
  // Temporary tables would live beside the quota, however they are spelt.
  if (database != nullptr && std::string_view(database) == "temp" && action != SQLITE_READ) return SQLITE_DENY;
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW: return SQLITE_DENY;
    case SQLITE_PRAGMA: return is_one_of(first, kAsking) || first == nullptr ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION: return is_one_of(second, kFunctions) ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_OK;
  }
}

int PluginStore::on_progress(void* self) {
  return std::chrono::steady_clock::now() > static_cast<PluginStore*>(self)->deadline_ ? 1 : 0;
}

}  // namespace cluse::storage
