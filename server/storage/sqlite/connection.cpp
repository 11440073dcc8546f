#include "server/storage/sqlite/connection.h"

#include "server/storage/file.h"

#include <sqlite3.h>
#include <SQLiteCpp/Backup.h>
#include <algorithm>

namespace cluse::storage {
namespace {

constexpr int kBusyMs = 5000;
constexpr int kStepsBetweenProgress = 10'000;

using Role = ConnectionOptions::Role;

int open_flags(Role role) {
  if (role == Role::writer) return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX;
  if (role == Role::copy) return SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
  return SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX;
}

bool is_fsync_failure(int code) {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

SqlError::Kind kind_of(int code, int error_number) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: {
      const bool unique =
          code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
      return unique ? SqlError::Kind::unique : SqlError::Kind::constraint;
    }
    case SQLITE_FULL: return SqlError::Kind::full;
    case SQLITE_IOERR:
      // SQLite knows ENOSPC alone as full; a quota or a size limit reaches us as an I/O error.
      return !is_fsync_failure(code) && is_full(error_number) ? SqlError::Kind::full : SqlError::Kind::other;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return SqlError::Kind::busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return SqlError::Kind::corrupt;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_MISUSE: return SqlError::Kind::statement;
    default: return SqlError::Kind::other;
  }
}

SQLite::Database open(const ConnectionOptions& options) {
  try {
    return SQLite::Database(options.file.string(), open_flags(options.role), kBusyMs, options.vfs);
  } catch (const SQLite::Exception& e) {
    throw SqlError(kind_of(e.getErrorCode(), 0), options.file.string() + ": " + e.what());
  }
}

struct Binder {
  SQLite::Statement& statement;
  int index;

  void operator()(std::monostate) const { statement.bind(index); }
  void operator()(std::int64_t v) const { statement.bind(index, v); }
  void operator()(double v) const { statement.bind(index, v); }
  void operator()(const std::string& v) const { statement.bindNoCopy(index, v); }
  void operator()(const Blob& v) const {
    statement.bindNoCopy(index, static_cast<const void*>(v.bytes.data()), static_cast<int>(v.bytes.size()));
  }
};

Value value_of(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER: return Value(column.getInt64());
    case SQLITE_FLOAT: return Value(column.getDouble());
    case SQLITE_TEXT: return Value(column.getString());
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(column.getBlob());
      return Value(Blob{bytes ? Bytes(bytes, static_cast<std::size_t>(column.getBytes())) : Bytes()});
    }
    default: return {};
  }
}

// Pragmas that ask and change nothing, and the ones that full text search uses by itself.
bool may_ask(std::string_view pragma) {
  static constexpr std::string_view kHarmless[] = {
      "data_version",   "page_size",       "table_info",        "table_xinfo",        "table_list",
      "index_list",     "index_info",      "index_xinfo",       "foreign_key_list",   "page_count",
      "freelist_count", "integrity_check", "foreign_key_check", "defer_foreign_keys", "quick_check"};
  return std::find(std::begin(kHarmless), std::end(kHarmless), pragma) != std::end(kHarmless);
}

}  // namespace

/// A cached statement in use: bound on the way in, reset on every way out.
class Connection::Use {
 public:
  Use(Connection& connection, std::string_view sql, Parameters parameters)
      : connection_(connection), statement_(connection.prepared(sql)) {
    if (statement_.getBindParameterCount() != static_cast<int>(parameters.size())) {
      throw std::logic_error("wrong number of parameters for: " + std::string(sql));
    }
    int index = 0;
    try {
      for (const Value& value : parameters) std::visit(Binder{statement_, ++index}, value.data());
    } catch (const SQLite::Exception& e) {
      connection_.raise(e.getExtendedErrorCode(), e.what());
    }
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    statement_.tryReset();
    statement_.clearBindings();
  }

  /// True while there is a row.
  bool step() {
    const int code = statement_.tryExecuteStep();
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    connection_.raise(sqlite3_extended_errcode(connection_.handle()), sqlite3_errmsg(connection_.handle()));
  }
  [[nodiscard]] Row row() const {
    std::vector<Value> columns;
    const int count = statement_.getColumnCount();
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) columns.push_back(value_of(statement_.getColumn(i)));
    return Row(std::move(columns));
  }

 private:
  Connection& connection_;
  SQLite::Statement& statement_;
};

Connection::Connection(const ConnectionOptions& options) : database_(open(options)) {
  sqlite3_extended_result_codes(handle(), 1);
  configure(options);
  sqlite3_set_authorizer(handle(), &Connection::authorize, this);
  sqlite3_progress_handler(handle(), kStepsBetweenProgress, &Connection::on_progress, this);
}

void Connection::configure(const ConnectionOptions& options) {
  // A file made elsewhere may hold triggers and views with side effects; and nothing may switch the journal off.
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  script("PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-" +
         std::to_string(options.cache_kib));
  if (options.role == Role::copy) return;
  if (options.role != Role::writer) {
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    script("PRAGMA wal_autocheckpoint=0");
    if (options.role == Role::reader) script("PRAGMA query_only=ON");
    return;
  }
  const auto mode = all("PRAGMA journal_mode=WAL");
  if (mode.empty() || mode.front().text(0) != "wal") {
    throw SqlError(SqlError::Kind::other, "this file system cannot hold a write-ahead log");
  }
  // FULL: with NORMAL a power cut loses what was acknowledged. secure_delete: what is erased is gone from the file.
  script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=0");
}

std::vector<Row> Connection::all(std::string_view sql, Parameters parameters) {
  Use use(*this, sql, parameters);
  std::vector<Row> rows;
  while (use.step()) rows.push_back(use.row());
  return rows;
}

std::int64_t Connection::run(std::string_view sql, Parameters parameters) {
  Use use(*this, sql, parameters);
  const int before = sqlite3_total_changes(handle());
  while (use.step()) {}
  // sqlite3_changes() keeps the number of an earlier statement if this one could change no rows at all.
  return sqlite3_total_changes(handle()) == before ? 0 : sqlite3_changes(handle());
}

void Connection::script(std::string_view sql) {
  const int code = database_.tryExec(std::string(sql));
  if (code != SQLITE_OK) raise(sqlite3_extended_errcode(handle()), sqlite3_errmsg(handle()));
  // Cached statements know the columns of the schema as it was.
  by_sql_.clear();
  statements_.clear();
}

std::vector<Table> Connection::tables() {
  std::vector<Table> tables;
  for (const Row& row : all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE "
                            "'\\' ORDER BY rowid")) {
    Table table{row.text(0), {}, {}};
    for (const Row& column : all("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", {table.name})) {
      table.columns.push_back(column.text(0));
      const auto place = static_cast<std::size_t>(column.integer(1));
      if (place == 0) continue;
      table.key.resize(std::max(table.key.size(), place));
      table.key[place - 1] = column.text(0);
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

void Connection::control(const char* sql) {
  auto found = controls_.find(sql);
  try {
    if (found == controls_.end()) found = controls_.emplace(sql, SQLite::Statement(database_, sql)).first;
  } catch (const SQLite::Exception& e) {
    raise(e.getExtendedErrorCode(), e.what());
  }
  const int code = found->second.tryExecuteStep();
  const int extended = sqlite3_extended_errcode(handle());
  const std::string words = sqlite3_errmsg(handle());
  found->second.tryReset();
  if (code != SQLITE_DONE) raise(extended, words.c_str());
}

void Connection::copy_from(Connection& source) {
  int code = SQLITE_OK;
  try {
    SQLite::Backup backup(database_, source.database_);
    code = backup.executeStep(-1);
  } catch (const SQLite::Exception& e) {
    code = e.getErrorCode();
  }
  // The words are known once the backup object has ended.
  if (code != SQLITE_DONE) raise(code, sqlite3_errstr(code));
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle()) == 0;
}

bool Connection::has_unresolved_foreign_keys() const {
  int unresolved = 0;
  int highest = 0;
  sqlite3_db_status(handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &highest, 0);
  return unresolved != 0;
}

void Connection::raise(int code, const char* words) {
  const std::string said = words;
  if (is_fsync_failure(code)) fsync_failed_ = true;
  if ((code & 0xff) == SQLITE_INTERRUPT) throw SqlError(SqlError::Kind::slow, said);
  throw SqlError(kind_of(code, sqlite3_system_errno(handle())), said + " (" + std::to_string(code) + ")");
}

SQLite::Statement& Connection::prepared(std::string_view sql) {
  if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return found->second->statement;
  }
  try {
    std::string text(sql);
    SQLite::Statement statement(database_, text);
    if (statements_.size() >= kStatementsMax) {
      by_sql_.erase(statements_.back().sql);
      statements_.pop_back();
    }
    statements_.push_front({std::move(text), std::move(statement)});
  } catch (const SQLite::Exception& e) {
    raise(e.getExtendedErrorCode(), (std::string(e.what()) + ": " + std::string(sql)).c_str());
  }
  by_sql_.emplace(statements_.front().sql, statements_.begin());
  return statements_.front().statement;
}

int Connection::authorize(void* self, int action, const char* first, const char* second, const char*, const char*) {
  if (!static_cast<Connection*>(self)->confined_) return SQLITE_OK;
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return SQLITE_DENY;
    case SQLITE_PRAGMA: return first && may_ask(first) ? SQLITE_OK : SQLITE_DENY;
    default: static_cast<void>(second); return SQLITE_OK;
  }
}

int Connection::on_progress(void* self) {
  return std::chrono::steady_clock::now() > static_cast<Connection*>(self)->deadline_ ? 1 : 0;
}

}  // namespace cluse::storage
