// The small parts: UTF-16 lengths, JSON as JSON.parse has it, numbers as JavaScript writes them, lib0 integers. Tables.
#include "server/crdt/json.h"
#include "server/crdt/utf16.h"
#include "server/crdt/wire.h"

#include <gtest/gtest.h>

#include <limits>

namespace cluse::crdt {
namespace {

TEST(Utf16, CountsUnitsAsJavaScriptDoes) {
  const std::pair<BytesView, std::uint64_t> cases[] = {{"", 0},
                                                       {"abcdefghij", 10},
                                                       {"\xC3\xA9", 1},
                                                       {"\xE2\x82\xAC", 1},
                                                       {"\xF0\x9F\x98\x80", 2},
                                                       {"abcdefgh\xF0\x9F\x98\x80x", 11}};
  for (const auto& [text, units] : cases) EXPECT_EQ(utf16_length(text), units) << text;
}

TEST(Utf16, KnowsWhatIsNotUtf8) {
  for (const BytesView text : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                               "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "abcdefgh\xE2\x82"}) {
    EXPECT_EQ(utf16_length(text), std::nullopt) << to_hex(text);
  }
}

TEST(Utf16, FindsTheByteWhereAUnitBegins) {
  const BytesView text = "a\xF0\x9F\x98\x80\xC3\xA9z";
  EXPECT_EQ(utf16_cut(text, 1).bytes, 1U);
  EXPECT_TRUE(utf16_cut(text, 2).inside_pair);
  EXPECT_EQ(utf16_cut(text, 2).bytes, 1U);
  EXPECT_EQ(utf16_cut(text, 3).bytes, 5U);
  EXPECT_EQ(utf16_cut(text, 4).bytes, 7U);
  EXPECT_FALSE(utf16_cut(text, 5).inside_pair);
}

TEST(Json, AcceptsWhatJsonParseAccepts) {
  for (const BytesView text :
       {"0", "-0.5e+3", " [1, 2 ] ", "{}", "{\"a\":[{},[]],\"b\":null}", "\"\\u00e9\\n\"", "true", "1E9"}) {
    EXPECT_EQ(check_json(text, 100), Fault::none) << text;
  }
  for (const BytesView text :
       {"",        " ",         "01", "-", "1.", ".5",  "1e",  "[1,]", "{\"a\"}",   "{a:1}",      "'a'", "\"\n\"",
        "\"\\x\"", "\"\\u12\"", "[",  "]", "[}", "nul", "NaN", "1 2",  "undefined", "{\"a\":1,}", "\"a"}) {
    EXPECT_EQ(check_json(text, 100), Fault::malformed) << text;
  }
  EXPECT_EQ(check_json("[[1]]", 1), Fault::too_deep);
}

TEST(Json, IsReadAndWrittenBack) {
  const BytesView text = R"({"a":[1,-2.5,true,null],"b":{"c":"é\n\"\\"},"d":"😀"})";
  std::string out;
  write_json(out, parse_json(text));
  EXPECT_EQ(out, text);
  EXPECT_EQ(parse_json(R"("\ud83d\ude00\ud83d")"), Value{std::string("\xF0\x9F\x98\x80\xEF\xBF\xBD")});
}

TEST(Numbers, AreWrittenAsJavaScriptWritesThem) {
  const std::pair<double, BytesView> cases[] = {{0, "0"},
                                                {-0.0, "0"},
                                                {1, "1"},
                                                {-1.5, "-1.5"},
                                                {100000, "100000"},
                                                {123456789012345680000.0, "123456789012345680000"},
                                                {1e21, "1e+21"},
                                                {1.5e-7, "1.5e-7"},
                                                {0.000001, "0.000001"},
                                                {0.1, "0.1"},
                                                {1e300, "1e+300"},
                                                {5e-324, "5e-324"},
                                                {std::numeric_limits<double>::infinity(), "Infinity"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(number_text(number), text);
}

TEST(Any, IsReadAsItWasWritten) {
  const Value values[] = {{nullptr},
                          {true},
                          {false},
                          {0.0},
                          {63.0},
                          {64.0},
                          {-2147483647.0},
                          {0.5},
                          {0.1},
                          {1e300},
                          {std::string("text")},
                          {ValueList{{1.0}, {ValueMap{{"k", {std::string("v")}}}}}}};
  for (const Value& value : values) {
    Writer out;
    write_any(out, value);
    Reader in(out.bytes());
    EXPECT_EQ(parse_any(in), value);
    EXPECT_EQ(in.remaining(), 0U);
    Reader skipping(out.bytes());
    skipping.skip_any(100);
    EXPECT_TRUE(skipping.ok());
    EXPECT_EQ(skipping.remaining(), 0U);
  }
}

TEST(Reader, RefusesIntegersThatJavaScriptCannotHold) {
  const std::pair<BytesView, bool> cases[] = {{BytesView("\x7f", 1), true},
                                              {BytesView("\xff\xff\xff\xff\xff\xff\xff\x0f", 8), true},
                                              {BytesView("\x80\x80\x80\x80\x80\x80\x80\x10", 8), false},
                                              {BytesView("\xff\xff\xff\xff\xff\xff\xff\xff\x01", 9), false},
                                              {BytesView("\x80", 1), false},
                                              {BytesView("", 0), false}};
  for (const auto& [bytes, accepted] : cases) {
    Reader in(bytes);
    in.var_uint();
    EXPECT_EQ(in.ok(), accepted) << to_hex(bytes);
  }
}

TEST(Reader, StaysFailed) {
  Reader in(
      "\x05"
      "ab");
  EXPECT_TRUE(in.var_bytes().empty());
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.byte(), 0);
  EXPECT_TRUE(in.take(1).empty());
}

}  // namespace
}  // namespace cluse::crdt
