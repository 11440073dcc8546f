// Aim: the schema comes up on an empty store and stays within what SQLite and PostgreSQL share.

#include "server/domain/schema.h"

#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <regex>

namespace cluse::domain {
namespace {

TEST(Schema, ComesUpAndCanBeRunAgain) {
  TestDomain domain;
  EXPECT_TRUE(storage::migrate(*domain.database, migrations()).has_value());
  for (const char* table : {"organisation", "person", "account", "session", "setting", "territory", "workspace",
                            "territorial_unit", "workspace_member", "invitation", "document", "image",
                            "recently_opened", "collab_update", "rate_import", "exchange_rate"})
    EXPECT_EQ(domain.count(std::string("SELECT COUNT(*) FROM ") + table), 0) << table;
}

TEST(Schema, NumbersItsMigrationsWithoutHoles) {
  int expected = 1;
  for (const auto& migration : migrations()) EXPECT_EQ(migration.number, expected++);
}

TEST(Schema, UsesSharedTypesOnly) {
  const std::regex foreign(R"(\b(AUTOINCREMENT|WITHOUT ROWID|STRICT|DATETIME|VARCHAR|SERIAL|JSONB?|REAL|PRAGMA)\b)");
  for (const auto& migration : migrations())
    EXPECT_FALSE(std::regex_search(std::string(migration.sql), foreign)) << migration.name;
}

}  // namespace
}  // namespace cluse::domain
