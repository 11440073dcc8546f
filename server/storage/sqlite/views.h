// What closures see of a connection, and the boundary at which their exceptions become errors.
#pragma once

#include "server/storage/sqlite/connection.h"

namespace cluse::storage {

/// A reader's snapshot. Thread: the connection's.
class ConnectionSnapshot final : public Snapshot {
 public:
  explicit ConnectionSnapshot(Connection& connection) : connection_(connection) {}
  std::vector<Row> all(std::string_view sql, Parameters parameters) override {
    return connection_.all(sql, parameters);
  }

 private:
  Connection& connection_;
};

/// A savepoint of the writer's batch. Once SQLite has rolled the batch back by itself, nothing more may run in it: the
/// statement would commit on its own. Thread: the writer's.
class ConnectionTransaction final : public Transaction {
 public:
  explicit ConnectionTransaction(Connection& connection) : connection_(connection) {}
  std::vector<Row> all(std::string_view sql, Parameters parameters) override {
    check();
    return connection_.all(sql, parameters);
  }
  std::int64_t run(std::string_view sql, Parameters parameters) override {
    check();
    return connection_.run(sql, parameters);
  }
  void script(std::string_view sql) override {
    check();
    connection_.script(sql);
  }

 private:
  void check() const {
    if (!connection_.in_transaction()) throw SqlError(SqlError::Kind::other, "the transaction was rolled back");
  }
  Connection& connection_;
};

/// Requires: called inside a handler. Errors of the store keep their meaning; anything else is internal, and logged.
[[nodiscard]] Error error_of_current_exception();

/// Runs a closure, confined to its own transaction. Never throws.
template <class Body, class View>
Result<void> run_closure(Connection& connection, Body& body, View& view) {
  connection.confine(true);
  Result<void> outcome;
  try {
    outcome = body(view);
  } catch (...) {
    outcome = std::unexpected(error_of_current_exception());
  }
  connection.confine(false);
  return outcome;
}

/// Tells `done`; what it throws is logged, as there is nobody left to tell.
void tell(std::move_only_function<void(Result<void>)>& done, Result<void> outcome);

}  // namespace cluse::storage
