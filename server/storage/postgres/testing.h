// What tests on PostgreSQL share: a schema of their own on the server that CLUSE_TEST_POSTGRES names
// (tests/with_postgres starts one), dropped at the end.
#pragma once

#include "server/base/assert.h"
#include "server/base/id.h"
#include "server/storage/postgres/pg_connection.h"

#include <cstdlib>
#include <string>

namespace cluse::storage {

/// How to connect, or empty: the test says that it was skipped.
inline std::string test_postgres() {
  const char* const connection = std::getenv("CLUSE_TEST_POSTGRES");
  return connection ? connection : "";
}

class TestSchema {
 public:
  TestSchema() {
    options_.connection = test_postgres();
    options_.schema = "test_" + new_id(SystemClock().now()).to_string();
    options_.writers = 2;
    options_.readers = 2;
  }
  TestSchema(const TestSchema&) = delete;
  TestSchema& operator=(const TestSchema&) = delete;
  ~TestSchema() {
    try {
      PgConnection(options_, PgConnection::Role::writer)
          .script("DROP SCHEMA IF EXISTS " + quote_identifier(options_.schema) + " CASCADE");
    } catch (const SqlError& e) {
      std::fprintf(stderr, "the schema of a test was not dropped: %s\n", e.what());
    }
  }

  [[nodiscard]] const PostgresOptions& options() const { return options_; }

 private:
  PostgresOptions options_;
};

}  // namespace cluse::storage
