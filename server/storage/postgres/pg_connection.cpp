#include "server/storage/postgres/pg_connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cluse::storage {
namespace {

// Types by number, as in the server's pg_type; they never change.
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kOid = 26, kFloat4 = 700,
              kFloat8 = 701, kNumeric = 1700;
constexpr int kAsText = 0, kAsBytes = 1;

using Kind = SqlError::Kind;

struct Class {
  std::string_view state;
  Kind kind;
};

// SQLSTATE, the longest that fits counts (PostgreSQL manual, appendix A).
constexpr Class kClasses[] = {
    {"23505", Kind::unique}, {"23", Kind::constraint}, {"40001", Kind::serialization}, {"40P01", Kind::serialization},
    {"53100", Kind::full},   {"53300", Kind::busy},    {"55P03", Kind::busy},          {"57014", Kind::slow},
    {"57P", Kind::lost},     {"08", Kind::lost},       {"XX001", Kind::corrupt},       {"XX002", Kind::corrupt},
    {"42", Kind::statement}, {"22", Kind::statement},  {"25", Kind::statement},        {"0A", Kind::statement},
    {"26", Kind::statement}};

Kind kind_of(std::string_view state) {
  const auto found = std::ranges::find_if(kClasses, [&](const Class& one) { return state.starts_with(one.state); });
  return found == std::end(kClasses) ? Kind::other : found->kind;
}

/// One parameter on its way. Text travels as bytes, or its length would end at a zero byte.
struct Sent {
  std::string text;
  const char* data = nullptr;
  int length = 0;
  int format = kAsText;

  void operator()(std::monostate) {}
  void operator()(std::int64_t v) { own(std::to_string(v)); }
  void operator()(double v) {
    std::array<char, 32> digits;
    own(std::string(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), v).ptr));
  }
  void operator()(const std::string& v) { refer(v.data(), v.size()); }
  void operator()(const Blob& v) { refer(reinterpret_cast<const char*>(v.bytes.data()), v.bytes.size()); }

 private:
  void own(std::string digits) {
    text = std::move(digits);
    data = text.c_str();
  }
  void refer(const char* bytes, std::size_t count) {
    static constexpr char kNothing = 0;  // a null pointer would be NULL
    data = count == 0 ? &kNothing : bytes;
    length = static_cast<int>(count);
    format = kAsBytes;
  }
};

constexpr Oid kTypes[] = {0, kInt8, kFloat8, kText, kBytea};  // by index of Value::Data; 0: as the statement needs it

int hex_digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

/// What the server writes for bytes: `\x` and hexadecimal digits.
Blob blob_of(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<char>(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
  return {std::move(bytes)};
}

template <class T>
T number_of(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::logic_error("not a number that fits: " + std::string(text));
  return number;
}

Value value_of(const PGresult* result, int row, int column) {
  if (::PQgetisnull(result, row, column)) return {};
  const std::string_view text(::PQgetvalue(result, row, column),
                              static_cast<std::size_t>(::PQgetlength(result, row, column)));
  switch (::PQftype(result, column)) {
    case kBool: return Value(text == "t");
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid: return Value(number_of<std::int64_t>(text));
    case kFloat4:
    case kFloat8: return Value(number_of<double>(text));
    case kNumeric:  // the sum of 64-bit integers
      return text.find('.') == text.npos ? Value(number_of<std::int64_t>(text)) : Value(number_of<double>(text));
    case kBytea: return Value(blob_of(text));
    default: return Value(text);
  }
}

/// Told a text character by character, says whether each is part of a literal, a name in quotes or a line comment.
class QuoteScanner {
 public:
  /// `rest` begins with the character.
  bool is_inside(std::string_view rest) {
    const char c = rest.front();
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
      return true;
    }
    if (c == '\'' || c == '"') quote_ = c;
    if (rest.starts_with("--")) quote_ = '\n';
    return quote_ != 0;
  }

 private:
  char quote_ = 0;  ///< what ends it; 0 outside
};

std::string_view first_word(std::string_view sql) {
  auto start = sql.find_first_not_of(" \n\t(");
  while (start != sql.npos && sql.substr(start).starts_with("--"))
    start = sql.find_first_not_of(" \n\t(", std::min(sql.find('\n', start), sql.size()));
  if (start == sql.npos) return {};
  return sql.substr(start, sql.find_first_of(" \n\t(", start) - start);
}

/// Cut at each `;` outside of quotes and comments; nothing for what is empty.
std::vector<std::string_view> split_statements(std::string_view script) {
  std::vector<std::string_view> statements;
  QuoteScanner quotes;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= script.size(); ++i) {
    const bool is_inside = i < script.size() && quotes.is_inside(script.substr(i));
    if (is_inside || (i < script.size() && script[i] != ';')) continue;
    const auto statement = script.substr(start, i - start);
    if (!first_word(statement).empty()) statements.push_back(statement);
    start = i + 1;
  }
  return statements;
}

bool may_run(std::string_view sql) {
  static constexpr std::string_view kAllowed[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH",
                                                  "VALUES", "CREATE", "DROP",   "ALTER",  "EXPLAIN"};
  const std::string_view word = first_word(sql);
  return std::ranges::any_of(kAllowed, [&](std::string_view allowed) {
    return std::ranges::equal(word, allowed, [](char a, char b) { return a == b || a == (b | 0x20); });
  });
}

std::string words_of(const char* said) {
  std::string words = said ? said : "";
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  std::ranges::replace(words, '\n', ' ');
  return words;
}

PGconn* connect(const PostgresOptions& options) {
  const std::string name = "cluse " + options.schema;  // what an operator sees in pg_stat_activity
  const std::string wait = std::to_string(options.connect_time_max.count());
  const char* const keys[] = {"dbname",          "application_name", "client_encoding",
                              "connect_timeout", "tcp_user_timeout", nullptr};
  const char* const values[] = {options.connection.c_str(), name.c_str(), "UTF8", wait.c_str(), "15000", nullptr};
  return ::PQconnectdbParams(keys, values, 1);
}

}  // namespace

std::pair<std::string, std::size_t> number_parameters(std::string_view sql) {
  std::string numbered;
  std::size_t count = 0;
  QuoteScanner quotes;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (!quotes.is_inside(sql.substr(i)) && sql[i] == '?') {
      numbered += "$" + std::to_string(++count);
    } else {
      numbered += sql[i];
    }
  }
  return {std::move(numbered), count};
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

PgConnection::PgConnection(const PostgresOptions& options, Role role) : connection_(connect(options)) {
  if (::PQstatus(connection_.get()) != CONNECTION_OK)
    throw SqlError(Kind::lost, words_of(::PQerrorMessage(connection_.get())));
  ::PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  // on: with "local" or "off" a crash loses what was acknowledged.
  script(
      "SET synchronous_commit = on; SET standard_conforming_strings = on; SET bytea_output = hex; SET search_path TO " +
      quote_identifier(options.schema));
  if (role == Role::reader) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(options.read_time_max).count();
    script("SET statement_timeout = " + std::to_string(ms));
  }
}

std::vector<Row> PgConnection::all(std::string_view sql, Parameters parameters) {
  const ResultHandle result = execute(sql, parameters);
  std::vector<Row> rows;
  const int count = ::PQntuples(result.get());
  const int width = ::PQnfields(result.get());
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    std::vector<Value> columns;
    columns.reserve(static_cast<std::size_t>(width));
    for (int column = 0; column < width; ++column) columns.push_back(value_of(result.get(), row, column));
    rows.emplace_back(std::move(columns));
  }
  return rows;
}

std::int64_t PgConnection::run(std::string_view sql, Parameters parameters) {
  const ResultHandle result = execute(sql, parameters);
  const std::string_view changed = ::PQcmdTuples(result.get());
  return changed.empty() || first_word(sql) == "SELECT" ? 0 : number_of<std::int64_t>(changed);
}

void PgConnection::script(std::string_view sql) {
  const std::string text(sql);
  if (confined_) {
    for (const std::string_view statement : split_statements(text))
      if (!may_run(statement)) throw SqlError(Kind::statement, "not authorized: " + std::string(statement));
  }
  const ResultHandle result = check(::PQexec(connection_.get(), text.c_str()), sql);
  forget_statements();  // they know the tables as they were
}

std::vector<Table> PgConnection::tables() {
  std::vector<Table> tables;
  for (const Row& row :
       all("SELECT c.relname::text, a.attname::text, coalesce(array_position(i.indkey::int2[], a.attnum), -1) "
           "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
           "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
           "WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace "
           "ORDER BY c.oid, a.attnum")) {
    if (tables.empty() || tables.back().name != row.text(0)) tables.push_back({row.text(0), {}, {}});
    tables.back().columns.push_back(row.text(1));
    if (row.integer(2) < 0) continue;
    auto& key = tables.back().key;
    key.resize(std::max(key.size(), static_cast<std::size_t>(row.integer(2)) + 1));
    key[static_cast<std::size_t>(row.integer(2))] = row.text(1);
  }
  return tables;
}

void PgConnection::defer_references() {
  for (const Row& row : all("SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE contype = 'f' "
                            "AND NOT condeferrable AND connamespace = current_schema()::regnamespace"))
    control(("ALTER TABLE " + row.text(0) + " ALTER CONSTRAINT " + quote_identifier(row.text(1)) +
             " DEFERRABLE INITIALLY IMMEDIATE")
                .c_str());
  control("SET CONSTRAINTS ALL DEFERRED");
}

std::string PgConnection::control(const char* sql) {
  const ResultHandle result = check(::PQexec(connection_.get(), sql), sql);
  return ::PQcmdStatus(result.get());
}

bool PgConnection::in_transaction() const {
  const PGTransactionStatusType status = ::PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool PgConnection::is_lost() const {
  return ::PQstatus(connection_.get()) != CONNECTION_OK;
}

PgConnection::ResultHandle PgConnection::execute(std::string_view sql, Parameters parameters) {
  if (confined_ && !may_run(sql)) throw SqlError(Kind::statement, "not authorized: " + std::string(sql));
  const Prepared& statement = prepare(sql, parameters);
  std::vector<Sent> sent(parameters.size());
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    std::visit(sent[i], parameters[i].data());
    values.push_back(sent[i].data);
    lengths.push_back(sent[i].length);
    formats.push_back(sent[i].format);
  }
  return check(::PQexecPrepared(connection_.get(), statement.name.c_str(), static_cast<int>(sent.size()), values.data(),
                                lengths.data(), formats.data(), kAsText),
               sql);
}

const PgConnection::Prepared& PgConnection::prepare(std::string_view sql, Parameters parameters) {
  std::vector<Oid> types;
  std::string key;
  for (const Value& value : parameters) {
    types.push_back(kTypes[value.data().index()]);
    key += static_cast<char>('0' + value.data().index());
  }
  key += sql;
  auto found = statements_.find(key);
  if (found == statements_.end()) {
    if (statements_.size() >= kStatementsMax) forget_statements();
    const auto [numbered, count] = number_parameters(sql);
    Prepared prepared{"s" + std::to_string(++named_), count};
    if (count == parameters.size())
      check(::PQprepare(connection_.get(), prepared.name.c_str(), numbered.c_str(), static_cast<int>(count),
                        types.data()),
            sql);
    found = statements_.emplace(std::move(key), std::move(prepared)).first;
  }
  if (found->second.parameters != parameters.size())
    throw std::logic_error("wrong number of parameters for: " + std::string(sql));
  return found->second;
}

PgConnection::ResultHandle PgConnection::check(PGresult* raw, std::string_view sql) {
  ResultHandle result(raw);
  const ExecStatusType status = ::PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return result;
  const char* state = raw ? ::PQresultErrorField(raw, PG_DIAG_SQLSTATE) : nullptr;
  const std::string words = words_of(::PQerrorMessage(connection_.get()));
  if (is_lost() || !state) throw SqlError(Kind::lost, words);
  const Kind kind = kind_of(state);
  const std::string told = words + " (" + state + ")";
  throw SqlError(kind, kind == Kind::statement ? told + ": " + std::string(sql) : told);
}

void PgConnection::forget_statements() {
  if (std::exchange(statements_, {}).empty()) return;
  check(::PQexec(connection_.get(), "DEALLOCATE ALL"), "DEALLOCATE ALL");
}

}  // namespace cluse::storage
