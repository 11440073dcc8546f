// PgConnection: one PostgreSQL connection with its prepared statements. libpq ends here; its failures become SqlError.
#pragma once

#include "server/storage/database.h"
#include "server/storage/postgres/postgres_database.h"

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cluse::storage {

/// Invariant: between two calls no statement is under way. Thread: one at a time (made on one, used on another).
class PgConnection {
 public:
  enum class Role { writer, reader };
  /// Throws SqlError, kind `lost` if there is no server.
  PgConnection(const PostgresOptions& options, Role role);

  [[nodiscard]] std::vector<Row> all(std::string_view sql, Parameters parameters = {});
  /// Rows changed.
  std::int64_t run(std::string_view sql, Parameters parameters = {});
  void script(std::string_view sql);
  [[nodiscard]] std::vector<Table> tables();
  void defer_references();
  /// A statement of the owner (BEGIN, COMMIT, …); gives the command that the server says it ran.
  std::string control(const char* sql);

  /// Also true when a failed statement has ended the transaction and it waits for its ROLLBACK.
  [[nodiscard]] bool in_transaction() const;
  /// The connection is gone for good: make another.
  [[nodiscard]] bool is_lost() const;
  /// While on, only statements that ask or change rows and tables are let through: transactions belong to the owner.
  void confine(bool on) { confined_ = on; }

 private:
  struct Finish {
    void operator()(PGconn* connection) const { ::PQfinish(connection); }
    void operator()(PGresult* result) const { ::PQclear(result); }
  };
  using ResultHandle = std::unique_ptr<PGresult, Finish>;
  struct Prepared {
    std::string name;
    std::size_t parameters;
  };
  static constexpr std::size_t kStatementsMax = 512;

  ResultHandle execute(std::string_view sql, Parameters parameters);
  const Prepared& prepare(std::string_view sql, Parameters parameters);
  ResultHandle check(PGresult* result, std::string_view sql);
  void forget_statements();

  std::unique_ptr<PGconn, Finish> connection_;
  std::unordered_map<std::string, Prepared> statements_;  ///< by text and types of the parameters
  std::size_t named_ = 0;
  bool confined_ = false;
};

/// `sql` with `$1`, `$2`, … for each `?` outside of quotes and comments, and how many there were.
[[nodiscard]] std::pair<std::string, std::size_t> number_parameters(std::string_view sql);

/// `name` as an identifier in quotes.
[[nodiscard]] std::string quote_identifier(std::string_view name);

}  // namespace cluse::storage
