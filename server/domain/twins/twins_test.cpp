// Aim: what is said of a block of a translation is right, and the same here and in the browser.
// Method: the vectors that client-web/src/twins reads too; then random edits, of which each may turn its own twin
// alone.

#include "server/domain/twins/state.h"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

namespace cluse::domain::twins {
namespace {

namespace json = boost::json;

json::object vectors() {
  std::ifstream file(CLUSE_SOURCE_DIR "/server/domain/twins/testdata/vectors.json");
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_object();
}

crdt::Value value_of(const json::value& value) {
  if (value.is_string()) return {std::string(value.get_string())};
  if (value.is_number()) return {value.to_number<double>()};
  crdt::ValueMap map;
  if (value.is_object())
    for (const auto& entry : value.get_object()) map[entry.key()] = value_of(entry.value());
  return {map};
}

crdt::XmlNode node_of(const json::object& object) {
  crdt::XmlNode node;
  const bool is_text = object.contains("text");
  if (is_text) node.text = object.at("text").as_string();
  else node.name = object.at("name").as_string();
  for (const auto& entry : object.at(is_text ? "marks" : "attributes").as_object())
    node.attributes[entry.key()] = value_of(entry.value());
  if (!is_text)
    for (const auto& child : object.at("children").as_array()) node.children.push_back(node_of(child.as_object()));
  return node;
}

std::vector<Unit> units_in(const json::value& list) {
  std::vector<Unit> units;
  for (const auto& each : list.as_array()) {
    const auto& unit = each.as_object();
    units.push_back({std::string(unit.at("id").as_string()), std::string(unit.at("text").as_string()),
                     std::string(unit.at("hash").as_string())});
  }
  return units;
}

TEST(Units, AreThoseOfTheVectors) {
  const auto all = vectors();
  for (const auto& each : all.at("units").as_array()) {
    const auto& vector = each.as_object();
    std::vector<crdt::XmlNode> nodes;
    for (const auto& node : vector.at("nodes").as_array()) nodes.push_back(node_of(node.as_object()));
    EXPECT_EQ(units_of(nodes), units_in(vector.at("units"))) << vector.at("name").as_string();
  }
}

TEST(State, IsThatOfTheVectors) {
  const auto all = vectors();
  for (const auto& each : all.at("states").as_array()) {
    const auto& vector = each.as_object();
    const auto marks = read_marks(json::serialize(vector.at("marks")));
    json::array judged;
    for (const auto& one : judge(units_in(vector.at("source")), units_in(vector.at("translation")), marks))
      judged.push_back(json::array{one.id, to_text(one.state)});
    EXPECT_EQ(json::value(judged), vector.at("judged")) << vector.at("name").as_string();
  }
}

TEST(State, PassesOverWhatIsNoMark) {
  EXPECT_TRUE(read_marks("null").empty());
  EXPECT_TRUE(read_marks("not json").empty());
  EXPECT_TRUE(read_marks(R"({"a": 3, "b": "x"})").empty());
}

/// A text of random blocks and its confirmed translation; then random edits of the source.
class Pair {
 public:
  explicit Pair(unsigned seed) : random_(seed) {
    const std::size_t size = 1 + random_() % 30;
    for (std::size_t i = 0; i < size; ++i) {
      crdt::XmlNode block;
      block.name = random_() % 4 == 0 ? "heading" : "paragraph";
      block.attributes["block"] = {"b" + std::to_string(i)};
      block.children.push_back(run("mot " + std::to_string(random_())));
      source.push_back(block);
      block.children.front().text = "Wort " + std::to_string(i);
      translation.push_back(block);
    }
    const auto from = units_of(source), to = units_of(translation);
    for (std::size_t i = 0; i < size; ++i) marks["b" + std::to_string(i)] = {from[i].hash, to[i].hash, false};
  }
  static crdt::XmlNode run(std::string text) {
    crdt::XmlNode node;
    node.text = std::move(text);
    return node;
  }
  std::size_t any() { return random_() % source.size(); }
  [[nodiscard]] std::vector<std::string> stale() const {
    std::vector<std::string> ids;
    for (const auto& each : judge(units_of(source), units_of(translation), marks))
      if (each.state != State::current) ids.push_back(each.id);
    return ids;
  }

  std::vector<crdt::XmlNode> source, translation;
  Marks marks;

 private:
  std::mt19937 random_;
};

TEST(State, OneEditedBlockTurnsItsTwinAndNoOther) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Pair pair(seed);
    ASSERT_TRUE(pair.stale().empty()) << seed;
    const std::size_t at = pair.any();
    auto& text = pair.source[at].children.front().text;
    text.insert(pair.any() % (text.size() + 1), "x");
    EXPECT_EQ(pair.stale(), std::vector<std::string>{"b" + std::to_string(at)}) << seed;
  }
}

TEST(State, MovingBlocksAndTheirLooksTurnsNone) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Pair pair(seed);
    auto& block = pair.source[pair.any()];
    block.name = "paragraph";
    block.children.front().attributes["bold"] = {crdt::ValueMap{}};
    std::swap(pair.source[pair.any()], pair.source[pair.any()]);
    EXPECT_TRUE(pair.stale().empty()) << seed;
  }
}

}  // namespace
}  // namespace cluse::domain::twins
