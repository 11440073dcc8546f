// Aim: files of others are read as RFC 4180 says, and what is wrong with one is said with its line.
#include "server/base/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cluse {
namespace {

using testing::ElementsAre;

TEST(Csv, ReadsFieldsAndTheirLines) {
  const auto rows = read_csv(
      "\xEF\xBB\xBF"
      "a;b\r\n1;\"x;\"\"y\"\"\r\nz\"\r\n\r\n;\n",
      ';');
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_THAT((*rows)[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT((*rows)[1].fields, ElementsAre("1", "x;\"y\"\r\nz"));
  EXPECT_EQ((*rows)[1].line, 2U);
  EXPECT_THAT((*rows)[2].fields, ElementsAre("", ""));
  EXPECT_EQ((*rows)[2].line, 5U) << "a quoted line end and an empty line count";
}

TEST(Csv, TakesALastLineWithoutAnEnd) {
  const auto rows = read_csv("a,b", ',');
  ASSERT_TRUE(rows.has_value());
  EXPECT_THAT(rows->at(0).fields, ElementsAre("a", "b"));
  EXPECT_TRUE(read_csv("", ',')->empty());
}

TEST(Csv, SaysWhatIsWrongAndWhere) {
  const CsvLimits small{.bytes_max = 30, .rows_max = 2, .fields_max = 2};
  const struct {
    const char* text;
    std::size_t line;
    const char* code;
  } cases[] = {
      {"a,b\n\"c,d\ne", 2, "csv_quote"},     {"a,b\nc\"d,e", 2, "csv_quote"},
      {"a,b\n\"c\"d,e", 2, "csv_quote"},     {"a\nb\nc\n", 3, "csv_too_many_rows"},
      {"a,b,c\n", 1, "csv_too_many_fields"}, {"0123456789012345678901234567890", 0, "csv_too_large"},
      {"a,\xFF\n", 0, "csv_not_text"},
  };
  for (const auto& [text, line, code] : cases) {
    const auto rows = read_csv(text, ',', small);
    ASSERT_FALSE(rows.has_value()) << text;
    EXPECT_EQ(rows.error().code, code) << text;
    EXPECT_EQ(rows.error().line, line) << text;
  }
}

}  // namespace
}  // namespace cluse
