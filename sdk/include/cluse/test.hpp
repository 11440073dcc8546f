// SPDX-License-Identifier: Apache-2.0
//
// cluse::test::Host: a host for the tests of a plugin. Header-only C++20 for GoogleTest; needs libsqlite3, and nothing
// of a server. `cluse_add_plugin_test()` in CMake sets all of it up.
//
//     cluse::test::Host host;                              // plugin.toml and migrations/ of this folder
//     EXPECT_EQ(host.call("POST", "/polls", {{"question", "Quel jour ?"}}).status, 201);
//     host.deliver("document.purged", {{"object", "42"}});
//     host.advance(std::chrono::hours(1));                 // performs what is due
//     host.answer("cluse.core/1", "person.get", [](const cluse::Value&) { return cluse::Value{{"name", "…"}}; });
//     EXPECT_EQ(host.asked("cluse.notify/1").size(), 1U);
//     EXPECT_EQ(host.emitted().size(), 1U);                // what it told other plugins
//
// As the server does it: what plugin.toml does not grant is refused, migrations run before the start, SQL runs under
// the same authorizer, a transaction that a call leaves open is rolled back, a job that fails is tried again after 1 s,
// 2 s, 4 s, … Time stands still until `advance`, for the plugin too if it asks cluse::now(). What it lacks: processes,
// deadlines, quotas. Misuse by the test throws std::logic_error. Thread: one; one Host at a time.
#pragma once

#include <cluse/plugin.hpp>
#include <cluse/test_services.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluse::test {

using Clock = std::chrono::system_clock;

/// Who calls. An empty id is the system itself.
struct User {
  std::string id = "person-1";
  std::string locale = "fr-FR";
};

struct Answer {
  int status = 200;  ///< as a browser sees it
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  std::string why;  ///< of a refusal or a failure: the words of the exception
  /// Null where the body is no JSON.
  [[nodiscard]] Value json() const { return Value::from_json(body).value_or(Value()); }
};

/// How a notice or an ask ended.
struct Told {
  cluse_status status = CLUSE_OK;
  std::string why;
  Value body;  ///< of an ask: as the plugin left it
  explicit operator bool() const { return status == CLUSE_OK; }
};

struct LogLine {
  int level = 0;  ///< 0 debug, 1 info, 2 warning, 3 error
  std::string line;
};

struct Job {
  std::string kind, key;
  Clock::time_point at;
  std::int64_t attempts = 0;
  bool parked = false;  ///< failed twelve times: set aside
  Value body;
};

/// What the plugin told others: the notice "<its id>:<topic>".
struct Emitted {
  std::string topic;
  Value body;
  std::string user;  ///< whom it acted for; empty: itself
};

struct Notice {
  std::string topic;
  Value body;
  cluse_status status = CLUSE_OK;
};

namespace detail {

/// What is in quotes after `key =` of [section], over as many lines as its brackets take. Enough for what a host
/// grants; `cluse plugin check` is what judges a manifest.
class Manifest {
 public:
  explicit Manifest(const std::string& text) {
    std::string section, key;
    int depth = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const std::string code = without_comment(line);
      const auto start = code.find_first_not_of(" \t");
      if (start == std::string::npos) continue;
      if (depth == 0 && code[start] == '[') {
        section = code.substr(start + 1, code.find(']') - start - 1);
        continue;
      }
      std::string value = code;
      if (depth == 0) {
        const auto equals = code.find('=');
        if (equals == std::string::npos) continue;
        const auto end = code.find_last_not_of(" \t", equals == 0 ? 0 : equals - 1);
        key = section + "." + code.substr(start, end + 1 - start);
        value = code.substr(equals + 1);
      }
      if (value.find('"') == std::string::npos && value.find("true") != std::string::npos)
        values_[key].emplace_back("true");
      depth += take(values_[key], value);
    }
  }
  /// Every text, in order; for tables within, "hook" and its value both.
  [[nodiscard]] const std::vector<std::string>& texts(const std::string& key) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(key);
    return found == values_.end() ? none : found->second;
  }
  [[nodiscard]] bool has(const std::string& key, std::string_view text) const {
    return std::ranges::find(texts(key), text) != texts(key).end();
  }
  [[nodiscard]] bool uses(std::string_view extension) const {
    return has("plugin.needs", extension) || has("plugin.wants", extension);
  }

 private:
  static std::string without_comment(const std::string& line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"') quoted = !quoted;
      if (line[i] == '#' && !quoted) return line.substr(0, i);
    }
    return line;
  }
  /// The brackets that are opened and not closed.
  static int take(std::vector<std::string>& out, const std::string& value) {
    int depth = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '[' || value[i] == '{') ++depth;
      if (value[i] == ']' || value[i] == '}') --depth;
      if (value[i] != '"') continue;
      const auto end = std::min(value.find('"', i + 1), value.size());
      out.push_back(value.substr(i + 1, end - i - 1));
      i = end;
    }
    return depth;
  }
  std::map<std::string, std::vector<std::string>> values_;
};

/// The plugin's database, in memory, under the rules of the server's.
class Store {
 public:
  Store() {
    check(sqlite3_open_v2(":memory:", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                          nullptr));
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
    sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 4 << 20);
    sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle_, SQLITE_LIMIT_EXPR_DEPTH, 200);
    sqlite3_limit(handle_, SQLITE_LIMIT_COMPOUND_SELECT, 50);
    sqlite3_limit(handle_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
    script("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON");
    script(
        "CREATE TABLE cluse_job (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL,"
        " at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, parked INTEGER NOT NULL DEFAULT 0,"
        " body BLOB NOT NULL, UNIQUE (kind, key))");
    script(
        "CREATE TABLE cluse_emitted (number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL,"
        " body BLOB NOT NULL, user TEXT NOT NULL)");
    sqlite3_set_authorizer(handle_, &Store::authorize, this);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store() { sqlite3_close(handle_); }

  void migrate(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) {
      const Confined confined(*this);
      if (sqlite3_exec(handle_, text_of(file).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::logic_error("cluse::test: " + file.filename().string() + ": " + sqlite3_errmsg(handle_));
    }
  }

  cluse_status begin(bool write) {
    if (open_) return CLUSE_CONFLICT;
    script(write ? "BEGIN IMMEDIATE" : "BEGIN");
    write_ = write;
    open_ = true;
    return CLUSE_OK;
  }
  cluse_status run(std::string_view sql, const Value::Array& parameters, std::string& rows, std::string& why) {
    const Confined confined(*this);
    Value::Array found;
    const int code = step(sql, parameters, !write_, found, why);
    for (const auto& row : found) row.append_cbor(rows);
    if (sqlite3_get_autocommit(handle_) != 0) open_ = false;
    return status_of(code);
  }
  cluse_status commit() {
    open_ = false;
    const int code = sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) script("ROLLBACK");
    return status_of(code);
  }
  void rollback() {
    if (std::exchange(open_, false) && sqlite3_get_autocommit(handle_) == 0) script("ROLLBACK");
  }
  [[nodiscard]] bool reads_only() const { return open_ && !write_; }

  /// The host's own statements, and the test's: no rules. Throws std::logic_error.
  Value::Array ask(std::string_view sql, const Value::Array& parameters = {}) {
    Value::Array found;
    std::string why;
    if (step(sql, parameters, false, found, why) != SQLITE_DONE) throw std::logic_error("cluse::test: " + why);
    return found;
  }

 private:
  struct Confined {
    explicit Confined(Store& of) : store(of) { store.confined_ = true; }
    Confined(const Confined&) = delete;
    Confined& operator=(const Confined&) = delete;
    ~Confined() { store.confined_ = false; }
    Store& store;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  void check(int code) const {
    if (code != SQLITE_OK) throw std::logic_error(std::string("cluse::test: ") + sqlite3_errmsg(handle_));
  }
  void script(const char* sql) const { check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr)); }

  int step(std::string_view sql, const Value::Array& parameters, bool reads_only, Value::Array& rows,
           std::string& why) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
    const Statement statement(raw);
    const auto refuse = [&why](const char* words, int with) {
      why = words;
      return with;
    };
    if (code != SQLITE_OK) return refuse(sqlite3_errmsg(handle_), code);
    sqlite3_stmt* second = nullptr;
    const int left = static_cast<int>(sql.data() + sql.size() - tail);
    const bool is_one =
        raw != nullptr && sqlite3_prepare_v2(handle_, tail, left, &second, nullptr) == SQLITE_OK && !second;
    sqlite3_finalize(second);
    if (!is_one) return refuse("exactly one statement is expected", SQLITE_ERROR);
    if (reads_only && sqlite3_stmt_readonly(raw) == 0)
      return refuse("a reading transaction writes nothing", SQLITE_AUTH);
    if (sqlite3_bind_parameter_count(raw) != static_cast<int>(parameters.size()))
      return refuse("another number of parameters than the statement has", SQLITE_ERROR);
    for (std::size_t i = 0; i < parameters.size(); ++i) bind(raw, static_cast<int>(i) + 1, parameters[i]);
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) rows.push_back(row_of(raw));
    return code == SQLITE_DONE ? code : refuse(sqlite3_errmsg(handle_), code);
  }
  static void bind(sqlite3_stmt* statement, int at, const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value.data())) sqlite3_bind_int(statement, at, *flag ? 1 : 0);
    else if (const auto* whole = std::get_if<std::int64_t>(&value.data())) sqlite3_bind_int64(statement, at, *whole);
    else if (const auto* real = std::get_if<double>(&value.data())) sqlite3_bind_double(statement, at, *real);
    else if (const auto* text = std::get_if<std::string>(&value.data()))
      sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    else if (const auto* octets = std::get_if<Octets>(&value.data()))
      sqlite3_bind_blob64(statement, at, octets->data.data(), octets->data.size(), SQLITE_STATIC);
    else sqlite3_bind_null(statement, at);
  }
  static Value row_of(sqlite3_stmt* statement) {
    Value::Array row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(column(statement, i));
    return row;
  }
  static Value column(sqlite3_stmt* statement, int i) {
    const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, i)); };
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER: return Value(static_cast<std::int64_t>(sqlite3_column_int64(statement, i)));
      case SQLITE_FLOAT: return sqlite3_column_double(statement, i);
      case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        std::string copy(text, size());
        return value_detail::is_utf8(copy) ? Value(std::move(copy)) : Value(Octets{std::move(copy)});
      }
      case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
        return Octets{bytes == nullptr ? std::string() : std::string(bytes, size())};
      }
      default: return nullptr;
    }
  }
  static cluse_status status_of(int code) {
    switch (code & 0xff) {
      case SQLITE_OK:
      case SQLITE_DONE: return CLUSE_OK;
      case SQLITE_CONSTRAINT: return CLUSE_CONFLICT;
      case SQLITE_AUTH: return CLUSE_DENIED;
      case SQLITE_TOOBIG:
      case SQLITE_FULL: return CLUSE_LIMIT;
      case SQLITE_ERROR:
      case SQLITE_MISMATCH:
      case SQLITE_RANGE: return CLUSE_INVALID;
      default: return CLUSE_INTERNAL;
    }
  }
  static bool is_reserved(const char* name) {
    constexpr std::string_view kStart = "cluse_";
    const std::string_view text(name == nullptr ? "" : name);
    return text.size() >= kStart.size() && std::equal(kStart.begin(), kStart.end(), text.begin(), [](char a, char b) {
             return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
           });
  }
  static int authorize(void* self, int action, const char* first, const char* second, const char* database,
                       const char*) {
    if (!static_cast<Store*>(self)->confined_) return SQLITE_OK;
    static constexpr std::array<std::string_view, 8> kAsking = {"table_info",   "table_xinfo",      "table_list",
                                                                "index_list",   "index_info",       "foreign_key_list",
                                                                "data_version", "foreign_key_check"};
    const std::string_view one(first == nullptr ? "" : first), two(second == nullptr ? "" : second);
    if (is_reserved(first) || is_reserved(second)) return SQLITE_DENY;
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
      case SQLITE_PRAGMA:
        return one.empty() || std::ranges::find(kAsking, one) != kAsking.end() ? SQLITE_OK : SQLITE_DENY;
      case SQLITE_FUNCTION: return two == "load_extension" || two == "fts3_tokenizer" ? SQLITE_DENY : SQLITE_OK;
      default: return SQLITE_OK;
    }
  }

  sqlite3* handle_ = nullptr;
  bool confined_ = false, open_ = false, write_ = false;
};

inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const bool is_octet =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3;
    out += is_octet ? static_cast<char>(value) : text[i] == '+' ? ' ' : text[i];
    if (is_octet) i += 2;
  }
  return out;
}

inline std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto end = std::min(text.find(at, from), text.size());
    parts.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return parts;
}

}  // namespace detail

class Host {
 public:
#ifdef CLUSE_PLUGIN_FOLDER
  Host() : Host(cluse_plugin_entry, CLUSE_PLUGIN_FOLDER) {}
#endif
  /// `folder`: that of plugin.toml. Throws std::logic_error where the plugin does not start.
  Host(const cluse_entry& entry, const std::filesystem::path& folder)
      : turn_(this), entry_(entry), manifest_(detail::text_of(folder / "plugin.toml")), services_(folder) {
    table_ = {sizeof(cluse_host), CLUSE_ABI_MINOR, this, &Host::extension, &Host::fail, &Host::log};
    store_.migrate(folder / "migrations");
    start();
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() {
    stop();
  }

  /// A request below /x/<id>. `path` may have a query: "/polls?closed=yes".
  Answer call(std::string_view method, std::string_view path, const Value& body = {}, const User& as = {}) {
    const std::string text = body.is_null() ? "" : body.to_json();
    return send(method, path, text, body.is_null() ? Value::map() : Value{{"content-type", "application/json"}}, as);
  }

  /// The same with a body as it is, of any type. Names of headers in small letters.
  Answer send(std::string_view method, std::string_view path, std::string_view text,
              const Value& headers = Value::map(), const User& as = {}) {
    const auto question = std::min(path.find('?'), path.size());
    const std::string_view place = path.substr(0, question);
    Value params = Value::map(), query = Value::map();
    const std::string route = route_of(method, place, params);
    if (route.empty()) return {404, {}, {}, "plugin.toml grants no such route"};
    for (const auto part : detail::split(path.substr(std::min(question + 1, path.size())), '&')) {
      const auto equals = std::min(part.find('='), part.size());
      if (!part.empty())
        query.set(detail::decoded(part.substr(0, equals)),
                  detail::decoded(part.substr(std::min(equals + 1, part.size()))));
    }
    return handle(method, route, place, {params.to_cbor(), query.to_cbor(), headers.to_cbor()}, text, as);
  }

  /// Something happened. Fields of a notice that `body` does not have are made up. Of another plugin's event,
  /// "org.example.polls:poll.closed", `body` is what that plugin emitted.
  Told deliver(const std::string& topic, const Value& body = Value::map()) {
    granted("grants.notices", topic);
    const Value whole = notice_of(topic, body);
    const std::string encoded = whole.to_cbor();
    const Told told = run(User{"", "fr-FR"}, [&](const cluse_call& c) {
      const auto* events = extension_of<cluse_plugin_events>(CLUSE_EXT_EVENTS);
      return CLUSE_HAS(events, notice) ? events->notice(plugin_, &c, to_c(topic), bytes_of(encoded))
                                       : CLUSE_UNSUPPORTED;
    });
    notices_.push_back({topic, whole, told.status});
    return told;
  }

  /// Something is about to happen: the status CLUSE_REFUSED is a veto, `body` what it became.
  Told ask(const std::string& hook, const Value& body, const User& as = {}) {
    granted("grants.asks", hook);
    const std::string encoded = body.to_cbor();
    std::string instead;
    const cluse_sink sink = sink_of(instead);
    Told told = run(as, [&](const cluse_call& c) {
      const auto* events = extension_of<cluse_plugin_events>(CLUSE_EXT_EVENTS);
      return CLUSE_HAS(events, ask) ? events->ask(plugin_, &c, to_c(hook), bytes_of(encoded), &sink)
                                    : CLUSE_UNSUPPORTED;
    });
    told.body = instead.empty() ? body : Value::from_cbor(instead).value_or(body);
    return told;
  }

  /// `as` wants to hear `channel`: CLUSE_REFUSED keeps her out.
  Told join(const std::string& channel, const User& as = {}) {
    granted_channel(channel);
    return run(as, [&](const cluse_call& c) {
      const auto* realtime = extension_of<cluse_plugin_realtime>(CLUSE_EXT_REALTIME);
      return CLUSE_HAS(realtime, join) ? realtime->join(plugin_, &c, to_c(channel)) : CLUSE_UNSUPPORTED;
    });
  }
  /// `as` says something on `channel`. What the plugin publishes: asked("cluse.realtime/1").
  Told say(const std::string& channel, const Value& body, const User& as = {}) {
    granted_channel(channel);
    const std::string encoded = body.to_cbor();
    return run(as, [&](const cluse_call& c) {
      const auto* realtime = extension_of<cluse_plugin_realtime>(CLUSE_EXT_REALTIME);
      return CLUSE_HAS(realtime, message) ? realtime->message(plugin_, &c, to_c(channel), bytes_of(encoded))
                                          : CLUSE_UNSUPPORTED;
    });
  }
  /// What the plugin has told others so far. What was rolled back was never told.
  [[nodiscard]] std::vector<Emitted> emitted() {
    std::vector<Emitted> all;
    for (const auto& row : store_.ask("SELECT topic, body, user FROM cluse_emitted ORDER BY number")) {
      const auto& column = row.items();
      all.push_back({column[0].as<std::string>(), body_of(column[1]), column[2].as<std::string>()});
    }
    return all;
  }
  /// What the plugin has asked of a service so far.
  [[nodiscard]] const std::vector<Asked>& asked(const std::string& service) {
    return services_.asked[service];
  }
  /// Answers an operation from now on; `fn` may throw Refused, NotFound or HostError.
  void answer(const std::string& service, const std::string& operation, std::function<Value(const Value& body)> fn) {
    services_.answers[{service, operation}] = std::move(fn);
  }

  /// Moves the clock, from job to job: each is performed at its time, those that it schedules too.
  void advance(std::chrono::milliseconds by) {
    const auto end = now_ + by;
    for (int performed = 0;; ++performed) {
      const auto due = store_.ask(
          "SELECT id, kind, at, attempts, body FROM cluse_job WHERE parked = 0 AND at <= ?"
          " ORDER BY at, id LIMIT 1",
          {ms(end)});
      if (due.empty()) break;
      if (performed == kJobsAtOnceMax) throw std::logic_error("cluse::test: jobs that schedule themselves without end");
      now_ = std::max(now_, Clock::time_point(std::chrono::milliseconds(due[0].items()[2].as<std::int64_t>())));
      perform(due[0].items());
    }
    now_ = end;
  }

  /// The `n`th call that the plugin makes from now on (1 is the next: begin, run, commit, schedule) does not work.
  void fail_call(int n, cluse_status status = CLUSE_TIMEOUT) {
    fail_at_ = calls_ + n;
    fail_with_ = status;
  }
  /// True once it came to that call. So every place can be tried: for (n = 1; host.call_failed(); ++n) …
  [[nodiscard]] bool call_failed() const {
    return fail_at_ != 0 && calls_ >= fail_at_;
  }

  /// Stops the plugin and starts it anew on the same database.
  void restart() {
    stop();
    start();
  }
  /// The same, with what its memory holds handed over as to a next version. How `load` ended.
  Told hand_over() {
    std::string state;
    const cluse_sink sink = sink_of(state);
    run(User{"", "fr-FR"}, [&](const cluse_call& c) {
      const auto* handover = extension_of<cluse_plugin_handover>(CLUSE_EXT_HANDOVER);
      return CLUSE_HAS(handover, save) ? handover->save(plugin_, &c, &sink) : CLUSE_UNSUPPORTED;
    });
    restart();
    if (state.empty()) return {};
    return run(User{"", "fr-FR"}, [&](const cluse_call& c) {
      const auto* handover = extension_of<cluse_plugin_handover>(CLUSE_EXT_HANDOVER);
      return CLUSE_HAS(handover, load) ? handover->load(plugin_, &c, bytes_of(state)) : CLUSE_UNSUPPORTED;
    });
  }

  [[nodiscard]] Clock::time_point now() const {
    return now_;
  }
  [[nodiscard]] const std::vector<LogLine>& log() const {
    return log_;
  }
  [[nodiscard]] const std::vector<Notice>& notices() const {
    return notices_;
  }
  /// Those that wait, by time.
  [[nodiscard]] std::vector<Job> jobs() {
    std::vector<Job> all;
    for (const auto& row : store_.ask("SELECT kind, key, at, attempts, parked, body FROM cluse_job ORDER BY at, id")) {
      const auto& column = row.items();
      all.push_back({column[0].as<std::string>(), column[1].as<std::string>(),
                     Clock::time_point(std::chrono::milliseconds(column[2].as<std::int64_t>())),
                     column[3].as<std::int64_t>(), column[4].as<std::int64_t>() != 0, body_of(column[5])});
    }
    return all;
  }
  /// Looks into the database, past all rules.
  template <class... Args>
  Value::Array rows(std::string_view sql, const Args&... args) {
    return store_.ask(sql, Value::Array{Value(args)...});
  }

 private:
  struct Maps {
    std::string params, query, headers;
  };
  static constexpr int kJobsAtOnceMax = 10'000;
  static constexpr std::array<std::string_view, 8> kServices = {
      CLUSE_EXT_SEARCH, CLUSE_EXT_NOTIFY, CLUSE_EXT_DOCUMENTS, CLUSE_EXT_CORE,
      CLUSE_EXT_NET,    CLUSE_EXT_I18N,   CLUSE_EXT_REALTIME,  CLUSE_EXT_EVENTS};
  static constexpr std::int64_t kTriesMax = 12;

  static std::int64_t ms(Clock::time_point at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  }
  static Value body_of(const Value& octets) {
    const auto* bytes = std::get_if<Octets>(&octets.data());
    return bytes == nullptr ? Value() : Value::from_cbor(bytes->data).value_or(Value());
  }
  static cluse_sink sink_of(std::string& out) {
    return {&out, [](void* ctx, cluse_bytes chunk) -> cluse_status {
              static_cast<std::string*>(ctx)->append(view(chunk));
              return CLUSE_OK;
            }};
  }
  void granted(const std::string& key, const std::string& name) const {
    if (!manifest_.has(key, name))
      throw std::logic_error("cluse::test: plugin.toml does not list " + name + " in " + key);
  }

  Value notice_of(const std::string& topic, const Value& body) {
    if (const auto colon = topic.find(':'); colon != std::string::npos)
      return {{"sequence", ++sequence_},          {"at", ms(now_)}, {"plugin", topic.substr(0, colon)},
              {"topic", topic.substr(colon + 1)}, {"actor", ""},    {"body", body}};
    Value whole = {{"sequence", ++sequence_},
                   {"at", ms(now_)},
                   {"verb", topic},
                   {"object_kind", topic.substr(0, topic.find('.'))},
                   {"object", ""},
                   {"workspace", ""},
                   {"actor", "person-1"},
                   {"hat", ""}};
    for (const auto& [key, value] : body.entries()) whole.set(key, value);
    return whole;
  }

  void granted_channel(const std::string& channel) const {
    if (!is_channel(channel)) throw std::logic_error("cluse::test: plugin.toml does not list " + channel);
  }
  [[nodiscard]] bool is_channel(std::string_view channel) const {
    return std::ranges::any_of(manifest_.texts("grants.channels"), [&](const std::string& pattern) {
      return pattern.ends_with("/*") ? channel.starts_with(pattern.substr(0, pattern.size() - 1)) : channel == pattern;
    });
  }

  void start() {
    plugin_ = entry_.create(&table_);
    if (plugin_ == nullptr) throw std::logic_error("cluse::test: the plugin was not created");
    const Told told = run(User{"", "fr-FR"}, [this](const cluse_call&) { return plugin_->start(plugin_); });
    if (told) return;
    plugin_->destroy(std::exchange(plugin_, nullptr));
    throw std::logic_error("cluse::test: the plugin did not start: " + told.why);
  }
  void stop() {
    if (plugin_ == nullptr) return;
    plugin_->stop(plugin_);
    store_.rollback();
    plugin_->destroy(std::exchange(plugin_, nullptr));
  }

  template <class Table>
  [[nodiscard]] const Table* extension_of(const char* id) const {
    return manifest_.uses(id) ? static_cast<const Table*>(plugin_->extension(plugin_, id)) : nullptr;
  }

  template <class F>
  Told run(const User& as, const F& body) {
    why_.clear();
    user_ = as;
    const cluse_call call{sizeof(cluse_call), 0, ++call_id_, ms(now_ + std::chrono::seconds(10)), to_c(as.id),
                          to_c(as.locale)};
    Told told;
    told.status = body(call);
    told.why = why_;
    store_.rollback();
    transaction_ = 0;
    return told;
  }

  Answer handle(std::string_view method, std::string_view route, std::string_view path, const Maps& maps,
                std::string_view text, const User& as) {
    std::string head, body;
    const cluse_sink head_sink = sink_of(head), body_sink = sink_of(body);
    const cluse_request request{sizeof(cluse_request),
                                0,
                                to_c(method),
                                to_c(route),
                                to_c(path),
                                bytes_of(maps.params),
                                bytes_of(maps.query),
                                bytes_of(maps.headers),
                                bytes_of(text)};
    const Told told = run(as, [&](const cluse_call& c) {
      const auto* http = extension_of<cluse_plugin_http>(CLUSE_EXT_HTTP);
      return CLUSE_HAS(http, handle) ? http->handle(plugin_, &c, &request, &head_sink, &body_sink) : CLUSE_UNSUPPORTED;
    });
    Answer answer;
    answer.why = told.why;
    answer.status = http_status(told.status);
    if (!told) return answer;
    const Value said = Value::from_cbor(head).value_or(Value::map());
    answer.status = said["status"].get_or<int>(200);
    for (const auto& [name, value] : said["headers"].entries()) answer.headers[name] = value.as<std::string>();
    answer.body = std::move(body);
    return answer;
  }
  /// As the server answers.
  static int http_status(cluse_status status) {
    switch (status) {
      case CLUSE_OK: return 200;
      case CLUSE_NOT_FOUND: return 404;
      case CLUSE_CONFLICT: return 409;
      case CLUSE_REFUSED: return 403;
      case CLUSE_INVALID: return 400;
      case CLUSE_TIMEOUT:
      case CLUSE_GONE:
      case CLUSE_LIMIT: return 503;
      default: return 500;
    }
  }

  std::string route_of(std::string_view method, std::string_view path, Value& params) const {
    for (const char* list : {"grants.routes", "grants.public_routes", "grants.password_routes"})
      for (const std::string& route : manifest_.texts(list)) {
        const auto space = std::min(route.find(' '), route.size() - 1);
        Value found = Value::map();
        if (method != route.substr(0, space) || !fits(std::string_view(route).substr(space + 1), path, found)) continue;
        params = found;
        return route;
      }
    return {};
  }
  static bool fits(std::string_view pattern, std::string_view path, Value& found) {
    auto want = detail::split(pattern, '/'), have = detail::split(path, '/');
    if (want.back().ends_with("*}") && have.size() >= want.size()) {
      const auto rest = path.substr(static_cast<std::size_t>(have[want.size() - 1].data() - path.data()));
      found.set(want.back().substr(1, want.back().size() - 3), detail::decoded(rest));
      want.pop_back();
      have.resize(want.size());
    }
    if (want.size() != have.size()) return false;
    return std::equal(want.begin(), want.end(), have.begin(), [&found](auto is, auto part) {
      if (!is.starts_with('{')) return is == part;
      found.set(is.substr(1, is.size() - 2), detail::decoded(part));
      return !part.empty();
    });
  }

  void perform(const Value::Array& job) {
    const auto id = job[0].as<std::int64_t>(), tries = job[3].as<std::int64_t>() + 1;
    const auto kind = job[1].as<std::string>();
    const std::string body = std::get<Octets>(job[4].data()).data;
    // As the server does: counted before it runs.
    const auto again =
        now_ + std::min<std::chrono::milliseconds>(std::chrono::seconds(1LL << (tries - 1)), std::chrono::hours(1));
    store_.ask("UPDATE cluse_job SET at = ?, attempts = ? WHERE id = ?", {ms(again), tries, id});
    const Told told = run(User{"", "fr-FR"}, [&](const cluse_call& c) {
      const auto* jobs = extension_of<cluse_plugin_jobs>(CLUSE_EXT_JOBS);
      return CLUSE_HAS(jobs, perform) ? jobs->perform(plugin_, &c, to_c(kind), bytes_of(body)) : CLUSE_UNSUPPORTED;
    });
    if (told.status >= 0) store_.ask("DELETE FROM cluse_job WHERE id = ?", {id});
    else if (tries >= kTriesMax) store_.ask("UPDATE cluse_job SET parked = 1 WHERE id = ?", {id});
  }

  // ------------------------------------------------------------------------------------- what the plugin calls

  static Host& of(const cluse_host* host) {
    return *static_cast<Host*>(host->self);
  }
  /// Counts a call; what it answers if this is the one that fails.
  [[nodiscard]] cluse_status counted() {
    return ++calls_ == fail_at_ ? fail_with_ : cluse_status{CLUSE_OK};
  }
  cluse_status say(cluse_status status, const std::string& line) {
    if (status != CLUSE_OK) log_.push_back({2, line});
    return status;
  }

  static const void* extension(const cluse_host* host, const char* id) {
    static constexpr cluse_host_storage kStorage{sizeof(cluse_host_storage), 0, &begin, &run_sql, &commit, &rollback};
    static constexpr cluse_host_jobs kJobs{sizeof(cluse_host_jobs), 0, &schedule};
    const std::string_view wanted(id);
    if (!of(host).manifest_.uses(wanted)) return nullptr;
    if (wanted == CLUSE_EXT_STORAGE) return &kStorage;
    if (wanted == CLUSE_EXT_JOBS) return &kJobs;
    return service(wanted, std::make_index_sequence<kServices.size()>());
  }
  template <std::size_t... I>
  static const void* service(std::string_view id, std::index_sequence<I...>) {
    static constexpr cluse_host_service kTables[] = {{sizeof(cluse_host_service), 0, &ask_service<I>}...};
    const auto found = std::ranges::find(kServices, id);
    return found == kServices.end() ? nullptr : &kTables[found - kServices.begin()];
  }
  /// What plugin.toml must list for a question, and does not.
  [[nodiscard]] std::string not_granted(std::string_view service, std::string_view operation, const Value& body) const {
    const auto lacks = [&](const char* list, const char* field) {
      const auto name = body[field].get_or<std::string>("");
      return manifest_.has(list, name) ? "" : std::string(list) + " " + name;
    };
    if (service == CLUSE_EXT_SEARCH) return manifest_.has("grants.search", "true") ? "" : "grants.search";
    if (service == CLUSE_EXT_NOTIFY) return operation == "send" ? lacks("grants.notify", "key") : "";
    if (service == CLUSE_EXT_EVENTS) return lacks("grants.emits", "topic");
    if (service == CLUSE_EXT_CORE) return manifest_.texts("grants.core").empty() ? "grants.core" : "";
    if (service == CLUSE_EXT_NET) return manifest_.texts("grants.network").empty() ? "grants.network" : "";
    if (service == CLUSE_EXT_REALTIME)
      return is_channel(body["channel"].get_or<std::string>("")) ? "" : "grants.channels";
    if (service != CLUSE_EXT_DOCUMENTS) return {};
    const bool writes = operation == "create" || operation == "edit";
    if (!writes && manifest_.has("grants.documents", "read")) return {};
    return manifest_.has("grants.documents", "edit") ? "" : "grants.documents";
  }
  template <std::size_t I>
  static cluse_status ask_service(const cluse_host* host, const cluse_call* call, cluse_str operation, cluse_bytes body,
                                  const cluse_sink* answer) {
    Host& self = of(host);
    if (const auto status = self.counted(); status != CLUSE_OK) return status;
    const auto question = Value::from_cbor(view(body));
    if (!question || !question->is_map()) return CLUSE_INVALID;
    const std::string id(kServices[I]), what(view(operation));
    if (const auto lacking = self.not_granted(id, what, *question); !lacking.empty())
      return self.say(CLUSE_DENIED, "not granted: " + lacking);
    if (call != nullptr && (call->id != self.call_id_ || view(call->user) != self.user_.id))
      return self.say(CLUSE_DENIED, "not granted: " + id + " for somebody who does not ask");
    Value said;
    std::string why;
    const std::string user = call == nullptr ? "" : self.user_.id;
    auto status = self.services_.serve(id, what, *question, user, self.user_.locale, said, why);
    if (status == CLUSE_OK && id == CLUSE_EXT_EVENTS) status = self.keep(*question, user, why);
    if (status != CLUSE_OK) return self.say(status, id + " " + what + ": " + why);
    const std::string encoded = said.to_cbor();
    return answer == nullptr ? cluse_status{CLUSE_OK} : answer->write(answer->ctx, bytes_of(encoded));
  }
  /// Within a transaction an event is part of it.
  cluse_status keep(const Value& event, const std::string& user, std::string& why) {
    constexpr std::size_t kEventBytesMax = 16U << 10;
    const std::string body = event["body"].to_cbor();
    why = store_.reads_only() ? "a reading transaction writes nothing" : "an event has at most 16 KiB";
    if (store_.reads_only()) return CLUSE_DENIED;
    if (body.size() > kEventBytesMax) return CLUSE_LIMIT;
    store_.ask("INSERT INTO cluse_emitted (topic, body, user) VALUES (?, ?, ?)",
               {event["topic"].as<std::string>(), Octets{body}, user});
    return CLUSE_OK;
  }
  static void fail(const cluse_host* host, cluse_str why) {
    of(host).why_ = view(why);
  }
  static void log(const cluse_host* host, std::int32_t level, cluse_str line) {
    of(host).log_.push_back({level, std::string(view(line))});
  }
  static cluse_status begin(const cluse_host* host, const cluse_call*, std::uint32_t write, cluse_handle* tx) {
    if (const auto status = of(host).counted(); status != CLUSE_OK) return status;
    const auto status = of(host).store_.begin(write != 0);
    if (status == CLUSE_OK) *tx = of(host).transaction_ = ++of(host).last_transaction_;
    return of(host).say(status, "begin: one transaction at a time");
  }
  static cluse_status run_sql(const cluse_host* host, cluse_handle tx, cluse_str sql, cluse_bytes params,
                              const cluse_sink* rows) {
    if (tx == 0 || tx != of(host).transaction_) return CLUSE_GONE;
    if (const auto status = of(host).counted(); status != CLUSE_OK) return status;
    const auto given = Value::from_cbor(view(params), {1U << 20, 2, 1'000});
    if (!given || !given->is_array()) return CLUSE_INVALID;
    std::string found, why;
    const auto status = of(host).store_.run(view(sql), given->items(), found, why);
    if (status != CLUSE_OK) return of(host).say(status, "storage: " + why);
    if (found.size() > (4U << 20)) return of(host).say(CLUSE_LIMIT, "storage: the rows are larger than 4 MiB");
    return found.empty() || rows == nullptr ? cluse_status{CLUSE_OK} : rows->write(rows->ctx, bytes_of(found));
  }
  static cluse_status commit(const cluse_host* host, cluse_handle tx) {
    if (tx == 0 || tx != of(host).transaction_) return CLUSE_GONE;
    of(host).transaction_ = 0;
    if (const auto status = of(host).counted(); status != CLUSE_OK) {
      of(host).store_.rollback();
      return status;
    }
    return of(host).store_.commit();
  }
  static void rollback(const cluse_host* host, cluse_handle tx) {
    if (tx == 0 || tx != of(host).transaction_) return;
    of(host).transaction_ = 0;
    of(host).store_.rollback();
  }
  static cluse_status schedule(const cluse_host* host, const cluse_call*, cluse_str kind, cluse_str key,
                               std::int64_t at_ms, cluse_bytes body) {
    Host& self = of(host);
    if (const auto status = self.counted(); status != CLUSE_OK) return status;
    if (!self.manifest_.has("grants.jobs", view(kind)))
      return self.say(CLUSE_DENIED, "not granted: job " + std::string(view(kind)));
    if (self.store_.reads_only()) return self.say(CLUSE_DENIED, "a reading transaction writes nothing");
    if (!Value::from_cbor(view(body))) return CLUSE_INVALID;
    self.store_.ask("REPLACE INTO cluse_job (kind, key, at, body) VALUES (?, ?, ?, ?)",
                    {std::string(view(kind)), std::string(view(key)), at_ms, Octets{std::string(view(body))}});
    return CLUSE_OK;
  }

  inline static Host* current_ = nullptr;  ///< for the clock, which has no context
  /// The clock is this host's as long as it lives, also where its constructor throws.
  struct Turn {
    explicit Turn(Host* host) : before(plugin_detail::clock) {
      if (current_ != nullptr) throw std::logic_error("cluse::test: one Host at a time");
      current_ = host;
      plugin_detail::clock = [] { return current_->now_; };
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      current_ = nullptr;
      plugin_detail::clock = before;
    }
    Clock::time_point (*before)();
  };

  const Turn turn_;
  const cluse_entry& entry_;
  const detail::Manifest manifest_;
  cluse_host table_{};
  detail::Services services_;
  detail::Store store_;
  cluse_plugin* plugin_ = nullptr;
  User user_;                                                            ///< of the call that is under way
  Clock::time_point now_{std::chrono::milliseconds(1'767'600'000'000)};  ///< 2026-01-05, 08:00 UTC, a Monday
  std::string why_;
  std::vector<LogLine> log_;
  std::vector<Notice> notices_;
  cluse_handle transaction_ = 0, last_transaction_ = 0;
  std::uint64_t call_id_ = 0;
  std::int64_t sequence_ = 0, calls_ = 0, fail_at_ = 0;
  cluse_status fail_with_ = CLUSE_TIMEOUT;
};

}  // namespace cluse::test
