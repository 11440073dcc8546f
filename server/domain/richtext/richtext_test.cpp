// What each format means, by example: one table a format, the document shown as one line.
#include "server/domain/richtext/testing.h"

#include <gtest/gtest.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace cluse::domain::richtext {
namespace {

struct Case {
  std::string_view input;
  std::string_view expected;
};

void expect(Result<std::vector<XmlNode>> (*read)(std::string_view), const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const auto nodes = read(one.input);
    ASSERT_TRUE(nodes) << one.input;
    EXPECT_EQ(shown(*nodes), one.expected) << one.input;
  }
}

TEST(RichtextMarkdown, IsReadAsTheSchema) {
  expect(
      from_markdown,
      {
          {"", ""},
          {"un\ndeux\\\ntrois", R"(paragraph("un deux" hardBreak "trois"))"},
          {"# a\n###### b", R"(heading{level=1}("a") heading{level=4}("b"))"},
          {"**a** *b* ~~c~~ `d` <u>e</u>",
           R"(paragraph("a"^bold " " "b"^italic " " "c"^strike " " "d"^code " " "e"^underline))"},
          {"***a** b*", R"(paragraph("a"^bold^italic " b"^italic))"},
          {"- a\n  - b\n- c",
           R"(bulletList(listItem(paragraph("a") bulletList(listItem(paragraph("b")))) listItem(paragraph("c"))))"},
          {"3. a\n4. b", R"(orderedList{start=3}(listItem(paragraph("a")) listItem(paragraph("b"))))"},
          {"- [ ] a\n- [x] b",
           R"(taskList(taskItem{checked=false}(paragraph("a")) taskItem{checked=true}(paragraph("b"))))"},
          {"- a\n- [x] b", R"(bulletList(listItem(paragraph("a"))) taskList(taskItem{checked=true}(paragraph("b"))))"},
          {"> a\n>\n> b", R"(blockquote(paragraph("a") paragraph("b")))"},
          {"```c++\nint a;\n\n  b\n```", "codeBlock{language=c++}(\"int a;\n\n  b\")"},
          {"***", "horizontalRule"},
          {"| a | b |\n|---|---|\n| c<br>d | `e\\|f` |",
           R"(table(tableRow(tableHeader(paragraph("a")) tableHeader(paragraph("b"))) )"
           R"(tableRow(tableCell(paragraph("c" hardBreak "d")) tableCell(paragraph("e|f"^code)))))"},
          {"[a](https://x.test) <https://y.test> https://z.test/a_b. <n@x.test>",
           R"(paragraph("a"^link=https://x.test " " "https://y.test"^link=https://y.test " " )"
           R"("https://z.test/a_b"^link=https://z.test/a_b ". " "n@x.test"^link=mailto:n@x.test))"},
          {"a ![b *c*](https://x.test/y.png \"d\") e",
           R"(paragraph("a") image{alt=b c,src=https://x.test/y.png,title=d} paragraph("e"))"},
          {"&eacute; &#233; &nosuch; \\*", R"(paragraph("é é &nosuch; *"))"},
          {"a <b>c</b> <!-- d --> <br> e", R"(paragraph("a <b>c</b>" hardBreak "e"))"},
          {"    a", R"(paragraph("a"))"},
          {"![a](</api/v1/documents/1/images/2> 'b') ![c](<https://x.test/a b(.png>)",
           R"(image{alt=a,src=/api/v1/documents/1/images/2,title=b} image{alt=c,src=https://x.test/a%20b(.png})"},
          {"**a ![<u>b](https://x.test/c)** d",
           R"(paragraph("a"^bold) image{alt=b,src=https://x.test/c} paragraph("d"))"},
          {"a ![b](http://x.test/c) d", R"(paragraph("a b d"))"},
          {"| ![a\\|b](https://x.test/c) d |\n|---|",
           R"(table(tableRow(tableHeader(image{alt=a|b,src=https://x.test/c} paragraph("d")))))"},
      });
}

// Wherever in the file they stand: the parser trips over one place in 256.
TEST(RichtextMarkdown, WhatFollowsATitleARuleOrCodeInAListStaysThere) {
  const std::vector<Case> items{
      {"- # a\n\n  b", R"(heading{level=1}("a") paragraph("b"))"},
      {"- a\n\n  ___\n\n  b", R"(paragraph("a") horizontalRule paragraph("b"))"},
      {"12. > ## a\n\n    b", R"(blockquote(heading{level=2}("a")) paragraph("b"))"},
      {"- [ ] a\n\n\n  b", R"(paragraph("a") paragraph("b"))"},
      {"1) [x]  a b\n\n\n   c", R"(paragraph("a b") paragraph("c"))"},
      {"* a\n\n  ```\n  b\n  ```\n\n  c", R"(paragraph("a") codeBlock("b") paragraph("c"))"},
      {"+ - a\n    ===\n\n  b", R"(bulletList(listItem(paragraph heading{level=1}("a"))) paragraph("b"))"},
  };
  for (const auto& [markdown, item] : items) {
    for (std::size_t offset = 0; offset < 256; ++offset) {
      const auto nodes = from_markdown(std::string(offset, '\n') + std::string(markdown));
      ASSERT_TRUE(nodes);
      ASSERT_EQ(nodes->size(), 1) << offset << "\n" << markdown << "\n" << shown(*nodes);
      EXPECT_NE(shown(*nodes).find(item), std::string::npos) << offset << "\n" << markdown << "\n" << shown(*nodes);
    }
  }
}

TEST(RichtextHtml, IsReadAsTheSchema) {
  expect(
      from_html,
      {
          {"a<p>b<p>c", R"(paragraph("a") paragraph("b") paragraph("c"))"},
          {"<div>a<div>b</div>c</div>", R"(paragraph("a") paragraph("b") paragraph("c"))"},
          {"<h1>a<br>b</h1><h6>c</h6>", R"(heading{level=1}("a b") heading{level=4}("c"))"},
          {"<b>a</b><i>b</i><s>c</s><u>d</u><code>e</code><font color=red>f</font>",
           R"(paragraph("a"^bold "b"^italic "c"^strike "d"^underline "e"^code "f"))"},
          {"<ul><li>a<ul><li>b</ul><li>c</ul>",
           R"(bulletList(listItem(paragraph("a") bulletList(listItem(paragraph("b")))) listItem(paragraph("c"))))"},
          {"<ul><li>a</li><ul><li>b</li></ul></ul>",
           R"(bulletList(listItem(paragraph("a") bulletList(listItem(paragraph("b"))))))"},
          {"<ol start=3><li>a</ol>", R"(orderedList{start=3}(listItem(paragraph("a"))))"},
          {"<ul><li><input type=checkbox checked> a</li></ul>", R"(taskList(taskItem{checked=true}(paragraph("a"))))"},
          {"<ul data-type=taskList><li data-checked=false><label><input "
           "type=checkbox></label><div><p>a</p></div></li></ul>",
           R"(taskList(taskItem{checked=false}(paragraph("a"))))"},
          {"<table><tr><th>a<td colspan=2 rowspan=0>b<p>c</table>",
           R"(table(tableRow(tableHeader(paragraph("a")) tableCell{colspan=2}(paragraph("b") paragraph("c")))))"},
          {"<pre><code class=\"x language-js\">a\n  b\n</code></pre>", "codeBlock{language=js}(\"a\n  b\")"},
          {"<blockquote>a</blockquote><hr>", R"(blockquote(paragraph("a")) horizontalRule)"},
          {"<p>a <img src=\"/api/v1/documents/1/images/2\" alt=b> c</p>",
           R"(paragraph("a") image{alt=b,src=/api/v1/documents/1/images/2} paragraph("c"))"},
          {"<a href=\"/espaces/1\">a</a> <a href=\"mailto:a@b.test\">b</a>",
           R"(paragraph("a"^link=/espaces/1 " " "b"^link=mailto:a@b.test))"},
          {"  a \n <b> b </b>\t c&nbsp;d ", "paragraph(\"a \" \"b \"^bold \"c\u00A0d\")"},
          {"<title>t</title><style>s</style><script>x</script><p>a", R"(paragraph("a"))"},
          {"<html><body><main><article><section>a</section></article></main></body></html>", R"(paragraph("a"))"},
          {"<dl><dt>a<dd>b</dl>", R"(paragraph("a") paragraph("b"))"},
          {"1 < 2 & 3 &lt; 4 <é", R"(paragraph("1 < 2 & 3 < 4 <é"))"},
      });
}

TEST(RichtextText, FindsParagraphsListsTitlesAndAddresses) {
  expect(from_text,
         {
             {"a\r\nb\r\n\r\n\r\nc", R"(paragraph("a" hardBreak "b") paragraph("c"))"},
             {"LES MEMBRES\n\na", R"(heading{level=2}("LES MEMBRES") paragraph("a"))"},
             {"NB: a\nb", R"(paragraph("NB: a" hardBreak "b"))"},
             {"Notamment :\n- a\n- b",
              R"(paragraph("Notamment :") bulletList(listItem(paragraph("a")) listItem(paragraph("b"))))"},
             {"1. a\n2. b", R"(orderedList(listItem(paragraph("a")) listItem(paragraph("b"))))"},
             {"- ◊ a\n◊ b", R"(bulletList(listItem(paragraph("a")) listItem(paragraph("b"))))"},
             {"3. Oktober 2026", R"(paragraph("3. Oktober 2026"))"},
             {"Voir <https://x.test/a>, puis https://y.test.",
              R"(paragraph("Voir <" "https://x.test/a"^link=https://x.test/a ">, puis " )"
              R"("https://y.test"^link=https://y.test "."))"},
             {"*a* <b> | c", R"(paragraph("*a* <b> | c"))"},
             {"Le Comité métropolitain est l'instance institutionnelle composée\nde délégués désignés par les "
              "intercommunalités membres, selon\nleur population.",
              R"(paragraph("Le Comité métropolitain est l'instance institutionnelle composée de délégués désignés )"
              R"(par les intercommunalités membres, selon leur population."))"},
         });
}

TEST(RichtextText, StartOfAnOrderedListThatBeginsAtOneIsLeftOut) {
  const auto nodes = from_text("1. a\n2. b");
  ASSERT_TRUE(nodes);
  EXPECT_FALSE(nodes->front().attributes.contains("start"));
}

TEST(RichtextMarkdown, IsWrittenSoThatPeopleCanReadIt) {
  const auto nodes = from_markdown(
      "# Titre\n\nUn *mot* et **deux**.\n\n* a\n* b\n    1. c\n\n- [x] fait\n\n| Poste | EUR |\n|---|--:|\n"
      "| Étude | 18 400,00 |\n");
  ASSERT_TRUE(nodes);
  EXPECT_EQ(to_markdown(*nodes),
            "# Titre\n\nUn _mot_ et **deux**.\n\n- a\n- b\n\n  1. c\n\n* [x] fait\n\n"
            "| Poste | EUR |\n| --- | --- |\n| Étude | 18 400,00 |\n");
}

TEST(RichtextMarkdown, MergedCellsLeaveEmptyOnes) {
  const auto nodes = from_html("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<tr><td>e</table>");
  ASSERT_TRUE(nodes);
  EXPECT_EQ(to_markdown(*nodes), "|  |  |  |\n| --- | --- | --- |\n| a | b |  |\n|  | c | d |\n| e |  |  |\n");
}

TEST(RichtextHtml, IsACompletePageWithOneMainTitle) {
  const auto nodes = from_markdown("# a\n\n- [x] b\n\n| c |\n|---|\n| d |\n\n[e](/f)");
  ASSERT_TRUE(nodes);
  const std::string page = to_html(*nodes, {"Étude & <suite>", "fr-CH"});
  for (const char* part :
       {"<!DOCTYPE html>\n<html lang=\"fr-CH\">", "<title>Étude &amp; &lt;suite&gt;</title>",
        "<h1>Étude &amp; &lt;suite&gt;</h1>", "<h2>a</h2>",
        "<li><label><input type=\"checkbox\" disabled checked> b</label>", "<thead>\n<tr><th scope=\"col\">c</th>",
        "<tbody>\n<tr><td>d</td>", "<a href=\"/f\" rel=\"noopener noreferrer\">e</a>"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part << "\n" << page;
  }
  EXPECT_EQ(page.find("style="), std::string::npos);
}

TEST(RichtextSchema, UnknownElementsLeaveTheirText) {
  Nodes inside;
  inside.push_back(run("a"));
  Nodes nodes;
  nodes.push_back(element("vote", std::move(inside)));
  EXPECT_EQ(shown(fit_to_schema(nodes)), R"(paragraph("a"))");
  EXPECT_EQ(to_markdown(nodes), "a\n");
  EXPECT_EQ(to_plain_text(nodes), "a\n");
}

TEST(RichtextSchema, WhatAPluginDrawsIsThereAsALineOfItsWords) {
  const auto say = [](std::string_view text) { return value_of(text); };
  const auto block = [&](Marks attributes) {
    attributes["plugin"] = say("org.example.polls");
    attributes["data"] = say("{\"poll\":7}");
    XmlNode node = element("extensionBlock");
    node.attributes = std::move(attributes);
    return Nodes{node};
  };
  const auto exported = [](Nodes nodes) {
    link_extension_blocks(nodes, "https://cluse.example", "/espaces/1/documents/2");
    return to_markdown(nodes);
  };
  const std::string page = "https://cluse.example/e/org.example.polls",
                    document = "https://cluse.example/espaces/1/documents/2";
  const auto words = say("Quel jour\n [vous] convient ?");
  EXPECT_EQ(exported(block({{"text", words}, {"path", say("/7")}})),
            "[Quel jour \\[vous\\] convient ?](" + page + "/7)\n");
  EXPECT_EQ(exported(block({{"path", say("/")}})), "[org.example.polls](" + page + ")\n");
  for (const char* elsewhere :
       {"", "7", "/../../compte", "//example.org", "/a b", "/\"><script>", "javascript:alert(1)"})
    EXPECT_EQ(exported(block({{"text", say("Quel jour ?")}, {"path", say(elsewhere)}})),
              std::string_view(elsewhere) == "//example.org" ? "[Quel jour ?](" + page + "//example.org)\n"
                                                             : "[Quel jour ?](" + document + ")\n");
  EXPECT_EQ(to_plain_text(block({{"text", words}})), "Quel jour\n [vous] convient ?\n");
  EXPECT_EQ(to_plain_text(block({})), "");
  Nodes table;
  table.push_back(element("blockquote", block({{"text", say("Dedans")}})));
  EXPECT_EQ(exported(table), "> [Dedans](" + document + ")\n");
}

TEST(RichtextSchema, PlainTextHasALineABlock) {
  const auto nodes = from_markdown("# a\n\n- b\n- c **d**\n\n| e | f |\n|---|---|\n| g | h |");
  ASSERT_TRUE(nodes);
  EXPECT_EQ(to_plain_text(*nodes), "a\nb\nc d\ne\nf\ng\nh\n");
}

}  // namespace
}  // namespace cluse::domain::richtext
