// What is exported can be imported again. Method: random documents, written from words that Markdown likes to
// misunderstand, go out and come back; random bytes come in, go out and come back. A failure prints its seed.
#include "server/domain/richtext/testing.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>

namespace cluse::domain::richtext {
namespace {

constexpr std::uint32_t kSeeds = 1'000;

// The page makes room for its title: headings come back one level deeper, but no deeper than the schema goes.
void deepen(Nodes& nodes) {
  for (XmlNode& node : nodes) {
    if (node.name == "heading") {
      node.attributes["level"] = value_of(double(std::min(4, number_attribute(node.attributes, "level", 1) + 1)));
    }
    deepen(node.children);
  }
}

TEST(RichtextRoundTrip, RandomDocumentsSurviveMarkdown) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Nodes nodes = RandomDocument(seed).make();
    const std::string markdown = to_markdown(nodes);
    const auto back = from_markdown(markdown);
    ASSERT_TRUE(back);
    ASSERT_EQ(difference(*back, nodes), "") << "seed " << seed << "\n" << markdown;
  }
}

TEST(RichtextRoundTrip, RandomDocumentsSurviveHtml) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    Nodes nodes = RandomDocument(seed).make();
    const auto back = from_html(to_html(nodes, {"", "fr"}));
    ASSERT_TRUE(back);
    deepen(nodes);
    ASSERT_EQ(difference(*back, nodes), "") << "seed " << seed << "\n" << to_html(nodes, {"", "fr"});
  }
}

TEST(RichtextRoundTrip, AnyMarkdownSettlesAfterOnePass) {
  constexpr std::array kSigns{
      "a",  "b",    " ",  "1", "2", ".",    "-", "+", "*",      "_",  "~",   "`",  "#",
      ">",  "|",    "[",  "]", "(", ")",    "<", "!", "&",      ";",  ":",   "=",  "\\",
      "\n", "\n\n", "  ", "/", "@", "www.", "é", "«", "\u202F", "\"", "```", "![", "](https://x.test/"};
  for (std::uint32_t seed = 0; seed < 4 * kSeeds; ++seed) {
    std::mt19937 random(seed);
    std::string markdown;
    for (std::uint32_t size = random() % 160; size > 0; --size) markdown += kSigns[random() % kSigns.size()];
    const auto nodes = from_markdown(markdown);
    ASSERT_TRUE(nodes);
    const auto back = from_markdown(to_markdown(*nodes));
    ASSERT_TRUE(back);
    ASSERT_EQ(difference(*back, *nodes), "") << "seed " << seed << "\n" << markdown << "\n---\n" << to_markdown(*nodes);
  }
}

TEST(RichtextRoundTrip, FittingTwiceChangesNothing) {
  for (std::uint32_t seed = 0; seed < kSeeds; ++seed) {
    const Nodes nodes = RandomDocument(seed).make();
    ASSERT_EQ(shown(fit_to_schema(nodes)), shown(nodes)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace cluse::domain::richtext
