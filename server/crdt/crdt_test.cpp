// What a document does with updates: samples made by Yjs must give Yjs's bytes, and hand-made ones probe the edges:
// order, repetition, things that wait, huge numbers, deep nesting, crafted cost. The broad comparison is tests/crdt/.
#include "server/crdt/crdt.h"
#include "server/crdt/json.h"
#include "server/crdt/samples.h"
#include "server/crdt/update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>

namespace cluse::crdt {
namespace {

constexpr std::uint64_t kMost = kIntegerMax;

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

/// Builds updates struct by struct.
class Update {
 public:
  Update& add(const WireStruct& item) {
    sections_.add(item);
    return *this;
  }
  Update& erase(std::uint64_t client, std::uint64_t clock, std::uint64_t length) {
    deletes_.push_back({client, clock, clock + length});
    return *this;
  }
  Bytes bytes() {
    Writer out;
    sections_.finish(out);
    normalise(deletes_);
    write_delete_set(out, deletes_);
    return out.take();
  }

 private:
  SectionWriter sections_;
  std::vector<DeleteRange> deletes_;
};

WireStruct run_of(Kind kind, std::uint64_t client, std::uint64_t clock, std::uint64_t length) {
  WireStruct item;
  item.kind = kind;
  item.client = client;
  item.clock = clock;
  item.length = length;
  return item;
}

WireStruct text_in_root(std::uint64_t client, std::uint64_t clock, BytesView text) {
  WireStruct item = run_of(Kind::string, client, clock, text.size());
  item.content = text;
  item.has_parent_key = true;
  item.parent_key = "t";
  return item;
}

WireStruct text_after(std::uint64_t client, std::uint64_t clock, BytesView text, WireId origin) {
  WireStruct item = run_of(Kind::string, client, clock, text.size());
  item.content = text;
  item.has_origin = true;
  item.origin = origin;
  return item;
}

Bytes state_of(const Document& document) {
  return document.encode_state().value();
}

TEST(Document, EncodesWhatYjsEncodes) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.seed);
    Document document;
    for (const std::string_view update : sample.updates) ASSERT_TRUE(document.apply(from_hex(update)));
    EXPECT_EQ(to_hex(state_of(document)), sample.state);
    EXPECT_FALSE(document.has_pending());
  }
}

TEST(Document, ShowsTheSameInWhateverOrderUpdatesArriveAndHoweverOften) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.seed);
    Document forwards;
    Document backwards;
    for (const std::string_view update : sample.updates) ASSERT_TRUE(forwards.apply(from_hex(update)));
    for (int times = 0; times < 2; ++times) {
      for (auto update = sample.updates.rbegin(); update != sample.updates.rend(); ++update) {
        ASSERT_TRUE(backwards.apply(from_hex(*update)));
      }
    }
    EXPECT_EQ(backwards.state_vector(), forwards.state_vector());
    // Parsed, as the order of a map's keys is that in which they came.
    for (const char* root : {"t", "x", "m", "a"}) {
      EXPECT_EQ(parse_json(backwards.to_json(root)), parse_json(forwards.to_json(root)));
    }
    EXPECT_FALSE(backwards.has_pending());
  }
}

TEST(Document, IsMadeWholeByTheDifferenceToItsStateVector) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.seed);
    Document part;
    Document whole;
    for (std::size_t i = 0; i < sample.updates.size(); ++i) {
      ASSERT_TRUE(whole.apply(from_hex(sample.updates[i])));
      if (i < sample.updates.size() / 2) {
        ASSERT_TRUE(part.apply(from_hex(sample.updates[i])));
      }
    }
    ASSERT_TRUE(part.apply(whole.encode_state(part.state_vector()).value()));
    EXPECT_EQ(part.state_vector(), whole.state_vector());
    EXPECT_EQ(part.to_json("t"), whole.to_json("t"));
  }
}

TEST(Document, RefusesEveryBeginningOfAnUpdate) {
  for (const Sample& sample : samples()) {
    const Bytes update = from_hex(sample.state);
    Document document;
    for (std::size_t size = 0; size < update.size(); ++size) {
      ASSERT_FALSE(document.apply(BytesView(update).substr(0, size))) << size;
    }
    ASSERT_FALSE(document.apply(update + "x"));
    EXPECT_EQ(state_of(document), Bytes("\0\0", 2));
  }
}

TEST(Document, KeepsWhatComesTooEarlyAndPassesItOn) {
  const Bytes first = Update().add(text_in_root(1, 0, "abc")).bytes();
  const Bytes second = Update().add(text_after(1, 3, "def", {1, 2})).erase(1, 1, 4).bytes();
  Document document;
  ASSERT_TRUE(document.apply(second));
  EXPECT_TRUE(document.has_pending());
  EXPECT_EQ(document.state_vector(), Bytes("\0", 1));

  Document other;
  ASSERT_TRUE(other.apply(first));
  ASSERT_TRUE(other.apply(state_of(document)));
  EXPECT_EQ(other.text("t"), "af");

  ASSERT_TRUE(document.apply(first));
  EXPECT_FALSE(document.has_pending());
  EXPECT_EQ(state_of(document), state_of(other));
}

TEST(Document, WakesOnlyAfterTheLastOfTheThingsItWaitsFor) {
  WireStruct between = text_after(3, 0, "-", {1, 1});
  between.has_right_origin = true;
  between.right_origin = {2, 0};
  Document document;
  ASSERT_TRUE(document.apply(Update().add(between).bytes()));
  ASSERT_TRUE(document.apply(Update().add(text_after(2, 0, "z", {1, 1})).bytes()));
  EXPECT_EQ(document.text("t"), "");
  ASSERT_TRUE(document.apply(Update().add(text_in_root(1, 0, "ab")).bytes()));
  EXPECT_EQ(document.text("t"), "ab-z");
  EXPECT_FALSE(document.has_pending());
}

TEST(Document, PutsReplacementCharactersWhereASurrogatePairIsCut) {
  Document document;
  ASSERT_TRUE(document.insert_text(1, "t", 0, "a\xF0\x9F\x98\x80z"));
  ASSERT_TRUE(document.insert_text(2, "t", 2, "-"));
  EXPECT_EQ(document.text("t"), "a\xEF\xBF\xBD-\xEF\xBF\xBDz");
}

TEST(Document, HoldsTheLargestNumbersWithoutHarm) {
  Document document;
  ASSERT_TRUE(document.apply(Update().add(run_of(Kind::gc, kMost, 0, kMost)).bytes()));
  ASSERT_TRUE(document.apply(Update().add(run_of(Kind::gc, 5, kMost - 1, 1)).erase(5, kMost - 9, 9).bytes()));
  ASSERT_TRUE(
      document.apply(Update().add(run_of(Kind::skip, 6, 0, kMost - 1)).add(run_of(Kind::gc, 6, kMost - 1, 1)).bytes()));
  ASSERT_TRUE(document.apply(Update().erase(kMost, 0, kMost).erase(1, 0, kMost).bytes()));
  EXPECT_TRUE(document.has_pending());
  ASSERT_TRUE(document.apply(state_of(document)));
  EXPECT_FALSE(document.apply(Update().add(run_of(Kind::gc, 7, 1, kMost)).bytes())) << "ends behind the largest number";
  EXPECT_FALSE(document.apply(Update().add(run_of(Kind::gc, 7, 0, 0)).bytes())) << "empty";
}

TEST(Document, RefusesWhatBuildsOnItsOwnFuture) {
  Document document;
  EXPECT_FALSE(document.apply(Update().add(text_after(1, 4, "x", {1, 4})).bytes()));
  EXPECT_FALSE(document.apply(Update().add(text_after(1, 4, "x", {1, 9})).bytes()));
  EXPECT_TRUE(document.apply(Update().add(text_after(1, 4, "x", {1, 3})).bytes()));
}

TEST(Document, SurvivesClientsThatWaitForEachOther) {
  Document document;
  const Bytes circle = Update()
                           .add(text_after(9, 0, "a", {8, 0}))
                           .add(text_in_root(9, 1, "b"))
                           .add(text_after(8, 0, "c", {9, 1}))
                           .bytes();
  ASSERT_TRUE(document.apply(circle));
  EXPECT_TRUE(document.has_pending());
  EXPECT_EQ(document.text("t"), "");
}

TEST(Document, DeletesTypesNestedAsDeepAsAnyoneLikes) {
  constexpr std::uint64_t kDepth = 200'000;
  Update nested;
  for (std::uint64_t clock = 0; clock < kDepth; ++clock) {
    WireStruct item = run_of(Kind::type, 1, clock, 1);
    item.type = TypeRef::xml_element;
    item.content = "p";
    item.has_parent_key = clock == 0;
    item.parent_key = "x";
    item.has_parent_id = clock > 0;
    item.parent_id = {1, clock - 1};
    nested.add(item);
  }
  const Bytes update = nested.bytes();
  {
    Document dropped_whole;
    ASSERT_TRUE(dropped_whole.apply(update));
    EXPECT_FALSE(dropped_whole.xml("x").empty());
    EXPECT_FALSE(dropped_whole.to_json("x").empty());
  }
  Document document;
  ASSERT_TRUE(document.apply(update));
  ASSERT_TRUE(document.apply(Update().erase(1, 0, 1).bytes()));
  EXPECT_TRUE(document.xml("x").empty());
  EXPECT_EQ(document.stats().structs, 2U) << "the element, deleted, and one collected run for all that was in it";
}

TEST(Document, RefusesValuesNestedTooDeep) {
  for (const auto& [depth, accepted] : {std::pair{100, true}, {101, false}, {1'000'000, false}}) {
    Bytes any;
    for (int i = 0; i < depth; ++i) any += Bytes("\x75\x01", 2);
    any += '\x7e';
    WireStruct item = run_of(Kind::any, 1, 0, 1);
    item.content = any;
    item.has_parent_key = true;
    item.parent_key = "a";
    EXPECT_EQ(check_update(Update().add(item).bytes()).has_value(), accepted) << depth;

    const Bytes json = Bytes(static_cast<std::size_t>(depth), '[') + Bytes(static_cast<std::size_t>(depth), ']');
    item.kind = Kind::embed;
    item.content = json;
    EXPECT_EQ(check_update(Update().add(item).bytes()).has_value(), accepted) << depth;
  }
}

/// Items that all compete for the beginning of a text, and make each one look at all before it: none has the right
/// neighbour of another, and clients ascend.
Bytes quarrel(std::uint64_t count, std::uint64_t from) {
  std::vector<Bytes> updates;
  std::vector<BytesView> views;
  for (std::uint64_t i = 0; i < count; ++i) updates.push_back(Update().add(text_in_root(from + i, 0, "x")).bytes());
  for (const Bytes& update : updates) views.emplace_back(update);
  return merge_updates(views).value();
}

TEST(Document, TakesBackAnUpdateThatCostsTooMuch) {
  Limits limits;
  limits.conflict_steps_max = 50;
  Document document(limits);
  ASSERT_TRUE(document.apply(Update().add(text_in_root(500'000, 0, "begin")).bytes()));
  ASSERT_TRUE(document.apply(quarrel(40, 1)));
  const Bytes before = state_of(document);
  const std::size_t structs = document.stats().structs;
  Bytes costly = quarrel(40, 1000);
  const auto refused = document.apply(costly);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "update_too_costly");
  EXPECT_EQ(state_of(document), before);
  EXPECT_EQ(document.stats().structs, structs);

  // The same if the update has cut surrogate pairs before it came to that.
  limits.conflict_steps_max = 1;
  Document strict(limits);
  ASSERT_TRUE(strict.insert_text(900'000, "t", 0, "a\xF0\x9F\x98\x80\xF0\x9F\x98\x80z"));
  ASSERT_TRUE(strict.apply(Update().add(text_after(1, 0, "-", {900'000, 0})).bytes()));
  const Bytes text = strict.text("t");
  const Bytes cutting = Update()
                            .add(text_after(800'000, 0, "1", {900'000, 3}))
                            .add(text_after(700'000, 0, "2", {900'000, 1}))
                            .add(text_after(3, 0, "3", {900'000, 0}))
                            .add(text_after(2, 0, "4", {900'000, 0}))
                            .bytes();
  ASSERT_FALSE(strict.apply(cutting));
  EXPECT_EQ(strict.text("t"), text);

  Document patient;
  ASSERT_TRUE(patient.apply(before));
  ASSERT_TRUE(patient.apply(costly));
  EXPECT_EQ(patient.text("t").size(), 85U);
}

TEST(Document, RefusesToHoldBackMoreThanItsLimit) {
  Limits limits;
  limits.pending_bytes_max = 2000;
  Document document(limits);
  const Bytes text(1000, 'x');
  ASSERT_TRUE(document.apply(Update().add(text_after(1, 5, text, {1, 4})).bytes()));
  const Bytes before = state_of(document);
  const auto refused = document.apply(Update().add(text_after(2, 5, text, {2, 4})).bytes());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "pending_too_large");
  EXPECT_EQ(state_of(document), before);
  EXPECT_TRUE(document.apply(Update().add(text_in_root(3, 0, text)).bytes())) << "this one need not wait";
}

TEST(Document, GivesBackTheXmlItWasGiven) {
  const std::vector<XmlNode> nodes = {
      {"heading", {{"level", {2.0}}}, "", {{"", {}, "Title \xF0\x9F\x98\x80", {}}}},
      {"paragraph",
       {},
       "",
       {{"", {}, "plain ", {}},
        {"", {{"bold", {ValueMap{}}}}, "bold", {}},
        {"", {{"bold", {ValueMap{}}}, {"link", {ValueMap{{"href", {"https://example.org/"}}}}}}, "both", {}},
        {"", {}, " end", {}}}},
      {"image", {{"src", {"a.png"}}, {"width", {0.5}}, {"alt", {nullptr}}, {"open", {true}}}, "", {}},
  };
  Document document;
  const auto first = document.append_xml(77, "prosemirror", nodes);
  ASSERT_TRUE(first);
  EXPECT_EQ(document.xml("prosemirror"), nodes);
  const auto second = document.append_xml(78, "prosemirror", {nodes[0]});
  ASSERT_TRUE(second);
  ASSERT_EQ(document.xml("prosemirror").size(), 4U);
  EXPECT_EQ(document.xml("prosemirror")[3], nodes[0]);

  Document other;
  ASSERT_TRUE(other.apply(*second));
  ASSERT_TRUE(other.apply(*first));
  EXPECT_EQ(state_of(other), state_of(document));
}

TEST(Document, EditsTextAtAnyPlace) {
  Document document;
  ASSERT_TRUE(document.insert_text(7, "t", 0, "hello"));
  ASSERT_TRUE(document.insert_text(7, "t", 2, "XX"));
  ASSERT_TRUE(document.insert_text(8, "t", 99, "!"));
  ASSERT_TRUE(document.insert_text(8, "t", 0, ">"));
  ASSERT_TRUE(document.erase_text(7, "t", 1, 1));
  EXPECT_EQ(document.text("t"), ">eXXllo!");
  ASSERT_TRUE(document.erase_text(7, "t", 4, 1000));
  EXPECT_EQ(document.text("t"), ">eXX");
  EXPECT_FALSE(document.insert_text(7, "t", 0, "\xff"));
  EXPECT_EQ(document.text("t"), ">eXX");
}

TEST(Document, GrowsOneRunWhileOnePersonTypes) {
  Document document;
  std::string expected;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const Bytes letter(1, static_cast<char>('a' + i % 26));
    expected += letter;
    const WireStruct item = i == 0 ? text_in_root(1, 0, letter) : text_after(1, i, letter, {1, i - 1});
    ASSERT_TRUE(document.apply(Update().add(item).bytes()));
  }
  EXPECT_EQ(document.text("t"), expected);
  EXPECT_EQ(document.stats().structs, 1U);
  // Many cuts, from the middle to both ends, and the joining of what is deleted.
  for (std::uint64_t i = 0; i < 20'000; i += 3)
    ASSERT_TRUE(document.apply(Update().erase(1, (i * 7) % 20'000, 1).bytes()));
  for (std::uint64_t i = 0; i < 20'000; i += 3) expected[(i * 7) % 20'000] = ' ';
  std::erase(expected, ' ');
  EXPECT_EQ(document.text("t"), expected);
  ASSERT_TRUE(document.apply(Update().erase(1, 0, 20'000).bytes()));
  EXPECT_EQ(document.stats().structs, 1U);
}

TEST(Document, KeepsItsMemoryInProportionToWhatItHolds) {
  Document document;
  const Bytes page(4000, 'x');
  std::uint64_t clock = 0;
  for (int i = 0; i < 2000; ++i, clock += page.size()) {
    const WireStruct item = i == 0 ? text_in_root(1, 0, page) : text_after(1, clock, page, {1, clock - 1});
    ASSERT_TRUE(document.apply(Update().add(item).bytes()));
    ASSERT_TRUE(document.apply(Update().erase(1, clock, page.size() - 1).bytes()));
  }
  EXPECT_EQ(document.text("t"), Bytes(2000, 'x'));
  EXPECT_LT(document.stats().bytes, 2U << 20) << "eight megabytes came and went";
}

TEST(Document, CutsALongTextOfPairsInTimeThatGrowsWithItsSize) {
  Document document;
  Bytes pairs;
  for (int i = 0; i < 200'000; ++i) pairs += "\xF0\x9F\x98\x80";
  WireStruct text = text_in_root(1, 0, pairs);
  text.length = 400'000;
  Update cuts;
  cuts.add(text);
  for (std::uint64_t clock = 0; clock < 400'000; clock += 4) cuts.erase(1, clock + 1, 1);
  ASSERT_TRUE(document.apply(cuts.bytes()));
  EXPECT_EQ(document.text("t").size(), 100'000U * (3 + 4));
}

TEST(Document, FindsItsPlaceAmongManyKeys) {
  Document document;
  Update keys;
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("key" + std::to_string(i));
  for (std::uint64_t i = 0; i < 1000; ++i) {
    WireStruct item = run_of(Kind::any, 1, i, 1);
    item.content = BytesView("\x78", 1);
    item.has_parent_key = item.has_parent_sub = true;
    item.parent_key = "m";
    item.parent_sub = names[i];
    keys.add(item);
  }
  ASSERT_TRUE(document.apply(keys.bytes()));
  const std::string json = document.to_json("m");
  EXPECT_EQ(std::count(json.begin(), json.end(), ':'), 1000);
  EXPECT_TRUE(json.starts_with(R"({"key0":true,"key1":true,)")) << json.substr(0, 80);
}

TEST(Merge, GivesOneUpdateWithTheSameEffect) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.seed);
    std::vector<Bytes> updates;
    for (const std::string_view update : sample.updates) updates.push_back(from_hex(update));
    Document one_by_one;
    for (const Bytes& update : updates) ASSERT_TRUE(one_by_one.apply(update));
    const auto merged = merge_updates({updates.rbegin(), updates.rend()});
    ASSERT_TRUE(merged);
    Document at_once;
    ASSERT_TRUE(at_once.apply(*merged));
    EXPECT_EQ(at_once.state_vector(), one_by_one.state_vector());
    EXPECT_EQ(at_once.to_json("t"), one_by_one.to_json("t"));
    EXPECT_EQ(state_vector_of(*merged).value(), one_by_one.state_vector());

    const Bytes vector = state_vector_of(updates[0]).value();
    Document in_two;
    ASSERT_TRUE(in_two.apply(updates[0]));
    ASSERT_TRUE(in_two.apply(diff_update(*merged, vector).value()));
    EXPECT_EQ(in_two.state_vector(), one_by_one.state_vector());
  }
}

TEST(Merge, OfNothingIsTheEmptyUpdate) {
  EXPECT_EQ(merge_updates({}).value(), Bytes("\0\0", 2));
}

TEST(Merge, FillsGapsWithSkips) {
  const Bytes early = Update().add(text_in_root(1, 0, "ab")).bytes();
  const Bytes late = Update().add(text_after(1, 5, "f", {1, 4})).bytes();
  const Bytes middle = Update().add(text_after(1, 2, "cde", {1, 1})).bytes();
  const Bytes merged = merge_updates({late, early}).value();
  EXPECT_EQ(state_vector_of(merged).value(), Bytes("\1\1\2", 3)) << "as far as there is no gap";
  Document document;
  ASSERT_TRUE(document.apply(merged));
  EXPECT_EQ(document.text("t"), "ab");
  EXPECT_TRUE(document.has_pending());
  ASSERT_TRUE(document.apply(middle));
  EXPECT_EQ(document.text("t"), "abcdef");
}

XmlNode paragraph(const std::string& words) {
  return {"paragraph", {}, "", {{"", {}, words, {}}}};
}

std::string words_of(const Document& document) {
  std::string words;
  for (const XmlBlock& block : document.xml_blocks("x"))
    for (const XmlNode& run : block.node.children) words += run.text + ' ';
  return words;
}

TEST(Blocks, AreChangedByNameInOneEdit) {
  Document document;
  ASSERT_TRUE(document.append_xml(1, "x", {paragraph("a"), paragraph("b"), paragraph("c")}));
  const auto blocks = document.xml_blocks("x");
  ASSERT_EQ(blocks.size(), 3U);
  const auto update = document.edit_xml(2, "x",
                                        {{XmlEdit::Kind::insert, blocks[0].id, {paragraph("later")}},
                                         {XmlEdit::Kind::insert, blocks[0].id, {paragraph("1"), paragraph("2")}},
                                         {XmlEdit::Kind::insert, "", {paragraph("first")}},
                                         {XmlEdit::Kind::replace, blocks[1].id, {paragraph("B")}},
                                         {XmlEdit::Kind::remove, blocks[2].id, {}}});
  ASSERT_TRUE(update) << update.error().code;
  EXPECT_EQ(words_of(document), "a b c ") << "the update alone";
  ASSERT_TRUE(document.apply(*update));
  EXPECT_EQ(words_of(document), "first a 1 2 later B ");
}

TEST(Blocks, KeepTheirNamesInEveryReplicaAndConvergeWhenChangedOnTwoSides) {
  Document left, right;
  ASSERT_TRUE(right.apply(*left.append_xml(1, "x", {paragraph("a"), paragraph("b")})));
  const auto names = left.xml_blocks("x");
  EXPECT_EQ(names[1].id, right.xml_blocks("x")[1].id);
  const auto here = left.edit_xml(2, "x", {{XmlEdit::Kind::replace, names[0].id, {paragraph("A")}}});
  const auto there = right.edit_xml(3, "x", {{XmlEdit::Kind::insert, names[0].id, {paragraph("new")}}});
  for (Document* one : {&left, &right}) {
    ASSERT_TRUE(one->apply(*here));
    ASSERT_TRUE(one->apply(*there));
  }
  ASSERT_TRUE(right.apply(*here));
  EXPECT_EQ(words_of(left), words_of(right));
  EXPECT_EQ(left.xml_blocks("x").size(), 3U);
  EXPECT_EQ(state_of(left), state_of(right));
}

TEST(Blocks, ThatAreGoneAreNamedAndNothingIsChanged) {
  Document document;
  ASSERT_TRUE(document.append_xml(1, "x", {paragraph("a")}));
  const std::string name = document.xml_blocks("x")[0].id;
  for (const std::string& gone : {std::string("9.9"), std::string("no id"), name + "0"}) {
    const auto refused = document.edit_xml(2, "x", {{XmlEdit::Kind::remove, gone, {}}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "block_not_found");
    EXPECT_EQ(refused.error().field, gone);
  }
  const auto twice = document.edit_xml(2, "x", {{XmlEdit::Kind::remove, name, {}}, {XmlEdit::Kind::remove, name, {}}});
  EXPECT_FALSE(twice);
}

}  // namespace
}  // namespace cluse::crdt
