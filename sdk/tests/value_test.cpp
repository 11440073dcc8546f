// SPDX-License-Identifier: Apache-2.0
//
// Aim: what crosses the boundary is read strictly and alike on both sides. Method: the examples of RFC 8949, appendix
// A; everything cut short or bent; random values, which libcbor (a reader of others) must understand as we do.
#include <cluse/plugin.hpp>

#include <gtest/gtest.h>

#include <cbor.h>
#include <memory>
#include <random>

namespace cluse {
namespace {

using namespace std::string_literals;

std::string octets(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

TEST(Cbor, ReadsAndWritesTheExamplesOfTheNorm) {
  const std::pair<const char*, Value> cases[] = {
      {"00", 0},
      {"17", 23},
      {"1818", 24},
      {"1903e8", 1000},
      {"1b000000e8d4a51000", 1000000000000},
      {"20", -1},
      {"3863", -100},
      {"3b7fffffffffffffff", std::numeric_limits<std::int64_t>::min()},
      {"fb3ff199999999999a", 1.1},
      {"f4", false},
      {"f5", true},
      {"f6", nullptr},
      {"4401020304", Octets{"\1\2\3\4"}},
      {"62c3bc", "ü"},
      {"64f0908591", "𐅑"},
      {"83010203", Value::array({1, 2, 3})},
      {"a26161016162820203", {{"a", 1}, {"b", Value::array({2, 3})}}},
  };
  for (const auto& [hex, value] : cases) {
    EXPECT_EQ(value.to_cbor(), octets(hex)) << hex;
    const auto read = Value::from_cbor(octets(hex));
    ASSERT_TRUE(read) << hex;
    EXPECT_EQ(*read, value) << hex;
  }
  EXPECT_EQ(Value::from_cbor(octets("f93c00")), Value(1.0)) << "half precision";
  EXPECT_EQ(Value::from_cbor(octets("fa47c35000")), Value(100000.0)) << "single precision";
}

TEST(Cbor, RefusesWhatIsNotOneWholeItemOfOurs) {
  for (const char* hex : {
           "",                      // nothing
           "0000",                  // two
           "18",                    // cut
           "62c3",                  // cut text
           "1c",                    // no such length
           "5f42010243030405ff",    // no definite length
           "9fff",                  // nor here
           "c074",                  // a tag
           "f7",                    // undefined
           "f8ff",                  // another simple value
           "1bffffffffffffffff",    // past int64
           "3bffffffffffffffff",    // nor below
           "62c328",                // not UTF-8
           "63eda080",              // a surrogate
           "62c080",                // overlong
           "a10102",                // a key that is no text
           "a2616101616102",        // a key twice
           "9affffffff",            // more items than bytes
           "baffffffff",            // the same of a map
           "5bffffffffffffffff00",  // bytes that lie about their size
           "ff",
       })
    EXPECT_FALSE(Value::from_cbor(octets(hex))) << hex;
}

TEST(Cbor, HoldsToItsLimits) {
  const std::string deep = std::string(15, '\x81') + "\x01";
  EXPECT_TRUE(Value::from_cbor(deep));
  EXPECT_FALSE(Value::from_cbor("\x81" + deep)) << "17 levels";
  EXPECT_FALSE(Value::from_cbor(std::string(1'000'000, '\x81') + "\x01"));
  EXPECT_FALSE(Value::from_cbor(Value(Octets{std::string(100, 'x')}).to_cbor(), {100, 16, 10}));
  EXPECT_FALSE(Value::from_cbor(octets("83010203"), {100, 16, 3}));
  EXPECT_TRUE(Value::from_cbor(octets("83010203"), {100, 16, 4}));
  EXPECT_EQ(Value::sequence_from_cbor(octets("0102"))->size(), 2U);
}

class Sampler {
 public:
  explicit Sampler(unsigned seed) : random_(seed) {}
  Value value(int depth = 0) {
    switch (random_() % (depth > 4 ? 6 : 8)) {
      case 0: return nullptr;
      case 1: return random_() % 2 == 0;
      case 2: return static_cast<std::int64_t>(random_()) >> random_() % 64;
      case 3: return static_cast<double>(random_() % 1'000'000) / 7;
      case 4: return text();
      case 5: return Octets{std::string(random_() % 40, '\xff')};
      case 6: {
        Value out = Value::array();
        for (auto n = random_() % 5; n > 0; --n) out.add(value(depth + 1));
        return out;
      }
      default: {
        Value out = Value::map();
        for (auto n = random_() % 5; n > 0; --n) out.set(text(), value(depth + 1));
        return out;
      }
    }
  }
  std::uint64_t number() { return random_(); }

 private:
  std::string text() {
    static const char* const kWords[] = {"", "a", "Neuchâtel", "ß", "𐅑", "\"\\\n"};
    return kWords[random_() % std::size(kWords)] + std::to_string(random_() % 1000);
  }
  std::mt19937_64 random_;
};

TEST(Cbor, IsWhatAnotherReaderUnderstands) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    const Value value = Sampler(seed).value();
    const std::string bytes = value.to_cbor();
    ASSERT_EQ(Value::from_cbor(bytes), value) << seed;
    cbor_load_result result{};
    cbor_item_t* item = cbor_load(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), &result);
    ASSERT_NE(item, nullptr) << seed;
    EXPECT_EQ(result.read, bytes.size());
    unsigned char* again = nullptr;
    std::size_t room = 0;
    const std::size_t size = cbor_serialize_alloc(item, &again, &room);
    EXPECT_EQ(Value::from_cbor({reinterpret_cast<char*>(again), size}), value) << seed;
    std::unique_ptr<unsigned char, decltype(&std::free)> owner(again, &std::free);
    cbor_decref(&item);
  }
}

TEST(Cbor, SurvivesEveryCutAndFlip) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Sampler sampler(seed);
    std::string bytes = sampler.value().to_cbor();
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) EXPECT_FALSE(Value::from_cbor(bytes.substr(0, cut)));
    for (int i = 0; i < 50; ++i) {
      bytes[sampler.number() % bytes.size()] ^= static_cast<char>(1U << sampler.number() % 8);
      const auto read = Value::from_cbor(bytes);
      EXPECT_TRUE(!read || Value::from_cbor(read->to_cbor()));
    }
  }
}

TEST(Json, ReadsStrictlyAndWritesWhatItReads) {
  const auto value = Value::from_json(R"( {"a": [1, -2.5, 1e3, "é\u00e9\ud834\udd1e\n"], "b": {}, "c": null} )");
  ASSERT_TRUE(value);
  EXPECT_EQ((*value)["a"].items()[0], Value(1));
  EXPECT_EQ((*value)["a"].items()[3].as<std::string>(), "éé𝄞\n");
  EXPECT_EQ(value->to_json(), "{\"a\":[1,-2.5,1000,\"éé𝄞\\u000a\"],\"b\":{},\"c\":null}");
  for (const char* bad :
       {"",    "{",   "[1,]",    "{\"a\":1,}",  "{\"a\":1,\"a\":2}", "01",  "1.",    ".5",       "+1",
        "- 1", "nul", "\"\\x\"", "\"\\ud834\"", "\"\\udd1e\"",       "'a'", "[1] 2", "\"\x01\"", "\"\xc3\"",
        "1e",  "--1", "NaN"})
    EXPECT_FALSE(Value::from_json(bad)) << bad;
  EXPECT_FALSE(Value::from_json(std::string(100'000, '[')));
}

TEST(Value, SaysWhatItIs) {
  const Value value = {{"n", 300}, {"t", "x"}};
  EXPECT_EQ(value["n"].as<int>(), 300);
  EXPECT_FALSE(value["n"].get<std::uint8_t>()) << "too large for it";
  EXPECT_THROW(static_cast<void>(value["t"].as<std::int64_t>()), Mismatch);
  EXPECT_TRUE(value["t"]["deeper"].is_null());
  EXPECT_EQ(Value({{"only", "pair"}}).to_json(), "{\"only\":\"pair\"}");
}

}  // namespace
}  // namespace cluse
