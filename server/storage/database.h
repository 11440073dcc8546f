// Database: what domain code sees of storage. Closures run on the writer or a reader; coroutines await them.
#pragma once

#include "server/async/task.h"
#include "server/base/bytes.h"
#include "server/base/id.h"
#include "server/base/result.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace cluse::storage {

struct Blob {
  Bytes bytes;
  bool operator==(const Blob&) const = default;
};

/// A parameter or a column.
class Value {
 public:
  using Data = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

  Value() = default;
  Value(std::nullptr_t) {}                   // NOLINT(google-explicit-constructor)
  Value(bool v) : data_(std::int64_t{v}) {}  // NOLINT
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) Value(T v)
      : data_(static_cast<std::int64_t>(v)) {}          // NOLINT
  Value(double v) : data_(v) {}                         // NOLINT
  Value(const char* v) : data_(std::string(v)) {}       // NOLINT
  Value(std::string_view v) : data_(std::string(v)) {}  // NOLINT
  Value(std::string v) : data_(std::move(v)) {}         // NOLINT
  Value(Blob v) : data_(std::move(v)) {}                // NOLINT
  Value(const Id& v) : data_(v.to_string()) {}          // NOLINT
  Value(Instant v) : data_(v.ms) {}                     // NOLINT
  template <class T>
  Value(const std::optional<T>& v) : Value(v ? Value(*v) : Value()) {}  // NOLINT

  [[nodiscard]] const Data& data() const { return data_; }
  bool operator==(const Value&) const = default;

 private:
  Data data_;
};

/// One line of an answer. Asking for another type than the column holds throws std::logic_error (our mistake).
class Row {
 public:
  explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] const std::vector<Value>& columns() const { return columns_; }

  [[nodiscard]] bool is_null(std::size_t i) const;
  [[nodiscard]] std::int64_t integer(std::size_t i) const;
  [[nodiscard]] bool flag(std::size_t i) const { return integer(i) != 0; }
  [[nodiscard]] double real(std::size_t i) const;
  [[nodiscard]] const std::string& text(std::size_t i) const;
  [[nodiscard]] std::string text_or(std::size_t i, std::string_view otherwise) const;
  [[nodiscard]] const Bytes& blob(std::size_t i) const;
  [[nodiscard]] Id id(std::size_t i) const;
  [[nodiscard]] std::optional<Id> id_or_null(std::size_t i) const;
  [[nodiscard]] Instant instant(std::size_t i) const { return {integer(i)}; }
  [[nodiscard]] std::optional<Instant> instant_or_null(std::size_t i) const;

 private:
  std::vector<Value> columns_;
};

/// Thrown by statements when the store fails; caught at the boundary of the closure and turned into an Error
/// (a violated constraint: conflict; full disk: storage_full; a wrong statement: internal; else unavailable).
/// A closure need not catch it, and cannot go on after it: later statements throw it again, and the closure has failed.
class SqlError : public std::runtime_error {
 public:
  enum class Kind { unique, constraint, full, busy, slow, corrupt, statement, serialization, lost, other };
  SqlError(Kind error_kind, const std::string& words) : std::runtime_error(words), kind(error_kind) {}
  Kind kind;
};

/// The values of the `?` of one statement, in order: `{id, "text", nullptr}`, or a span of values made earlier. Refers
/// to them: for the length of a call alone.
class Parameters {
 public:
  Parameters() = default;
  Parameters(std::initializer_list<Value> values) : values_(values.begin(), values.size()) {}  // NOLINT
  explicit Parameters(std::span<const Value> values) : values_(values) {}

  [[nodiscard]] auto begin() const { return values_.begin(); }
  [[nodiscard]] auto end() const { return values_.end(); }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t i) const { return values_[i]; }

 private:
  std::span<const Value> values_;
};

/// A table as the store knows it.
struct Table {
  std::string name;
  std::vector<std::string> columns, key;  ///< `key`: the columns of the primary key, in its order
};

/// A consistent view. SQL keeps to the subset shared by SQLite ≥ 3.40 and PostgreSQL ≥ 15; parameters are `?`.
/// Thread: the one that runs the closure; never keep a reference.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  [[nodiscard]] virtual std::vector<Row> all(std::string_view sql, Parameters parameters = {}) = 0;
  [[nodiscard]] std::optional<Row> one(std::string_view sql, Parameters parameters = {});
  /// Every table, in the order in which they were made: what one refers to comes before it.
  [[nodiscard]] virtual std::vector<Table> tables() = 0;
};

/// A write transaction (in SQLite a savepoint inside the writer's batch).
class Transaction : public Snapshot {
 public:
  /// Rows changed.
  virtual std::int64_t run(std::string_view sql, Parameters parameters = {}) = 0;
  /// Several statements without parameters (migrations).
  virtual void script(std::string_view sql) = 0;
  /// From here on references between rows are checked at the end of the closure: for moving whole tables.
  virtual void defer_references() = 0;
};

/// A store. Thread: any.
class Database {
 public:
  virtual ~Database() = default;

  /// Runs `body` (Transaction& → Result<T>) on the writer and resumes the caller on its own shard after the commit is
  /// durable. An error or exception from `body` rolls its changes back and is the answer. `body` may run again from the
  /// start (PostgreSQL ends one of two transactions that got into each other's way): it is called as const, and must
  /// not change what it refers to but by assigning it anew. Give the closure a name (`auto body = [...,
  /// this](Transaction& tx) { … }; co_await write(std::move(body));`): see task.h for what g++ 12 does to a nameless
  /// one.
  template <class F>
  auto write(F body) -> Task<std::invoke_result_t<const F&, Transaction&>>;

  /// Runs `body` (Snapshot& → Result<T>) on a reader.
  template <class F>
  auto read(F body) -> Task<std::invoke_result_t<const F&, Snapshot&>>;

  /// What `write` is made of: `done` is called exactly once, on the writer's thread after the commit (or the failure);
  /// a refusal (overloaded, stopping, failed) is told at once on the calling thread. For rooms.
  virtual void submit_write(std::move_only_function<Result<void>(Transaction&)> body,
                            std::move_only_function<void(Result<void>)> done) = 0;
  virtual void submit_read(std::move_only_function<Result<void>(Snapshot&)> body,
                           std::move_only_function<void(Result<void>)> done) = 0;

  /// The same, blocking: for the command line, start-up and tests. Thread: not a shard, nor inside a closure.
  template <class F>
  auto write_now(F body) -> std::invoke_result_t<const F&, Transaction&>;
  template <class F>
  auto read_now(F body) -> std::invoke_result_t<const F&, Snapshot&>;

  /// True once the store cannot be trusted to keep what it is given (a failed fsync): every write is refused from then
  /// on, and the process should exit and be started again.
  [[nodiscard]] virtual bool failed() const { return false; }

  /// Finishes what was submitted, refuses the rest (Errc::unavailable), checkpoints and closes.
  virtual void stop() = 0;
};

}  // namespace cluse::storage

#include "server/storage/database_inl.h"
