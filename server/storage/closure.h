// The boundary of a closure, the same on every engine: exceptions become errors, and a failed statement ends it.
#pragma once

#include "server/storage/database.h"

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace cluse::storage {

/// What a SqlError means to a caller outside of storage.
[[nodiscard]] Error to_error(const SqlError& error);

/// Requires: called inside a handler. Errors of the store keep their meaning; anything else is internal, and logged.
[[nodiscard]] Error error_of_current_exception();

/// Tells `done`; what it throws is logged, as there is nobody left to tell.
void tell(std::move_only_function<void(Result<void>)>& done, Result<void> outcome);

/// The transaction of a closure over `Connection` (all, run, script). After a statement has failed nothing more runs:
/// PostgreSQL would refuse it, and SQLite may have rolled the batch back. Thread: the connection's.
template <class Connection>
class ClosureTransaction : public Transaction {
 public:
  explicit ClosureTransaction(Connection& connection) : connection_(connection) {}

  std::vector<Row> all(std::string_view sql, Parameters parameters) final {
    return attempt([&] { return connection_.all(sql, parameters); });
  }
  std::int64_t run(std::string_view sql, Parameters parameters) final {
    return attempt([&] { return connection_.run(sql, parameters); });
  }
  void script(std::string_view sql) final {
    attempt([&] { connection_.script(sql); });
  }
  std::vector<Table> tables() final {
    return attempt([&] { return connection_.tables(); });
  }
  void defer_references() final {
    attempt([&] { connection_.defer_references(); });
  }

  /// The first statement that failed. The closure has failed then, whatever it answers.
  [[nodiscard]] const std::optional<SqlError>& failure() const { return failure_; }

 private:
  template <class F>
  auto attempt(F statement) {
    if (failure_) throw *failure_;
    if (!connection_.in_transaction()) throw SqlError(SqlError::Kind::other, "the transaction was rolled back");
    try {
      return statement();
    } catch (const SqlError& e) {
      failure_ = e;
      throw;
    }
  }

  Connection& connection_;
  std::optional<SqlError> failure_;
};

/// A consistent view over `Connection`. Thread: the connection's.
template <class Connection>
class ClosureSnapshot final : public Snapshot {
 public:
  explicit ClosureSnapshot(Connection& connection) : connection_(connection) {}
  std::vector<Row> all(std::string_view sql, Parameters parameters) override {
    return connection_.all(sql, parameters);
  }
  std::vector<Table> tables() override { return connection_.tables(); }

 private:
  Connection& connection_;
};

/// Runs a closure, confined to its own transaction. Never throws.
template <class Connection, class Body, class View>
Result<void> run_closure(Connection& connection, Body& body, View& view) {
  connection.confine(true);
  Result<void> outcome;
  try {
    outcome = body(view);
  } catch (...) {
    outcome = std::unexpected(error_of_current_exception());
  }
  connection.confine(false);
  if constexpr (requires { view.failure(); }) {
    if (outcome && view.failure()) outcome = std::unexpected(to_error(*view.failure()));
  }
  return outcome;
}

}  // namespace cluse::storage
