// Aim: what a person wrote wrongly in a data file is said with its line and its key, and nothing wrong gets through.
// Method: tables of texts; the limits by texts that just pass them.

#include "server/domain/data_file/fields.h"

#include <gtest/gtest.h>

namespace cluse::domain::data_file {
namespace {

std::string complaint(std::string_view text) {
  const auto table = parse(text, "x.toml", "test_malformed");
  if (!table) return table.error().detail;
  Complaints complaints("x.toml", "test_malformed");
  Fields fields(*table, "", 1, complaints);
  fields.text("name");
  fields.whole("count", 1, 5);
  fields.date_if("day");
  fields.flag_or("open", false);
  if (fields.has("list")) fields.texts("list");
  for (Fields& item : fields.tables("item")) {
    item.text("id");
    item.finish();
  }
  fields.finish();
  const auto result = complaints.result();
  return result ? "" : result.error().detail;
}

TEST(DataFile, SaysWhatIsWrongWithLineAndKey) {
  const std::pair<const char*, const char*> cases[] = {
      {"name = 'a'\ncount = 3\n", ""},
      {"name = 'a'\ncount = 3\nday = 2024-02-29\nopen = true\nlist = ['x', 'y']\n[[item]]\nid = 'i'\n", ""},
      {"count = 3\n", "x.toml, line 1: name: is missing or empty"},
      {"name = ' '\ncount = 3\n", "x.toml, line 1: name: is missing or empty"},
      {"name = 3\ncount = 3\n", "x.toml, line 1: name: must be text"},
      {"name = 'a'\n\ncount = 6\n", "x.toml, line 3: count: must be between 1 and 5"},
      {"name = 'a'\ncount = 2.5\n",
       "x.toml, line 2: fractions and times of day are not accepted; use whole numbers, dates or text"},
      {"name = 'a'\ncount = 3\nday = '2024-02-29'\n",
       "x.toml, line 3: day: must be a date such as 2026-01-31, without quotes"},
      {"name = 'a'\ncount = 3\nopen = 1\n", "x.toml, line 3: open: must be true or false"},
      {"name = 'a'\ncount = 3\nlist = ['x', 'x']\n", "x.toml, line 3: list: names \"x\" twice"},
      {"name = 'a'\ncount = 3\nlist = []\n", "x.toml, line 3: list: is missing or empty; a list of texts is expected"},
      {"name = 'a'\ncount = 3\n[[item]]\nid = 'i'\nsize = 2\n",
       "x.toml, line 5: item[1].size: there is no such key here"},
      {"name = 'a'\ncount = 3\nnaem = 'b'\n", "x.toml, line 3: naem: there is no such key here"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(complaint(text), expected) << text;
}

TEST(DataFile, RefusesWhatIsNotToml) {
  for (const char* text : {"name", "name = 'a'\nname = 'b'\n", "day = 2023-02-29\n", "name = '\x80'\n", "[a\n"}) {
    const auto table = parse(text, "x.toml", "test_malformed");
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().code, "test_malformed");
    EXPECT_TRUE(table.error().detail.starts_with("x.toml")) << table.error().detail;
  }
}

TEST(DataFile, HasLimits) {
  const auto refused = [](const std::string& text) { return !parse(text, "x.toml", "test_malformed").has_value(); };
  EXPECT_FALSE(refused("a = '" + std::string(kFileBytesMax - 6, 'x') + "'"));
  EXPECT_TRUE(refused("a = '" + std::string(kFileBytesMax - 5, 'x') + "'"));
  const auto nested = [](int depth) { return "a = " + std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_FALSE(refused(nested(kDepthMax)));
  EXPECT_TRUE(refused(nested(kDepthMax + 1)));
  EXPECT_TRUE(refused(nested(100'000))) << "refused, and not by a stack that overflows";
  EXPECT_EQ(complaint("name = '" + std::string(kTextBytesMax + 1, 'x') + "'\ncount = 3\n"),
            "x.toml, line 1: name: is longer than 4000 bytes");
}

TEST(DataFile, CanonicalBytesDependOnTheDataAlone) {
  const auto bytes = [](std::string_view text) { return canonical(*parse(text, "x.toml", "test_malformed")); };
  EXPECT_EQ(bytes("b = 1\na = ['x', true]\n"), "{s1:a[s1:xb1]s1:bi1;}");
  EXPECT_EQ(bytes("# words\na=[ \"x\" ,true]\nb=1"), bytes("b = 1\na = ['x', true]\n"));
  EXPECT_EQ(bytes("[t]\nday = 2017-03-27\n"), bytes("t = { day = 2017-03-27 }\n"));
  EXPECT_NE(bytes("a = 1\n"), bytes("a = '1'\n"));
  EXPECT_NE(bytes("a = ['x', 'y']\n"), bytes("a = ['y', 'x']\n"));
}

TEST(DataFile, AFolderThatIsNotThereIsAnError) {
  const auto files = read_folder("/nowhere/at/all");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, "data_file_unreadable");
}

}  // namespace
}  // namespace cluse::domain::data_file
