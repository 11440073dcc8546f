// Imports come from strangers, and documents from editors we did not write. Method: known payloads must leave no
// script, no other scheme and no markup of theirs in what we store and show; bombs (depth, number, size) must end soon,
// with an answer; random bytes must not crash (the sanitizers watch).
#include "server/domain/richtext/html_guard.h"
#include "server/domain/richtext/testing.h"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <regex>

namespace cluse::domain::richtext {
namespace {

constexpr std::array kPayloads{
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.test/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">",
    "<svg onload=alert(1)><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" &#106;avascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java&NewLine;script&colon;alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\"\x01javascript:alert(1)\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"//evil.test\">x</a>",
    "<a href=\"/\\evil.test\">x</a>",
    "<a href=\"https://x.test\" onclick=alert(1) style=\"x:expression(1)\">x</a>",
    "<a href='https://x.test/\"onmouseover=\"alert(1)'>x</a>",
    "<iframe src=\"https://evil.test\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=x></object><embed src=x><base href=//evil.test><meta http-equiv=refresh content=0>",
    "<form action=https://evil.test><input name=a><button>x</button></form>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<textarea></textarea><script>alert(1)</script>",
    "<style>@import 'x'</style><link rel=stylesheet href=x>",
    "<p style=\"position:fixed\" id=x class=y onfocus=alert(1) tabindex=1>x</p>",
    "<pre><code class=\"language-x&quot; onclick=alert(1)\">x</code></pre>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<table><td><script>alert(1)</script></table>",
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,AAAA)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://x.test/\"onerror=\"alert(1))",
    "![\"onerror=alert(1) x=\"](https://x.test/a.png)",
    "```x\" onclick=\"alert(1)\nx\n```",
    "[x]: javascript:alert(1)\n\n[x]",
};

// The first tag of the body that is not one of ours to the letter, or whose address is not of a safe kind.
std::string danger_in(const std::string& page) {
  static const std::regex ours(
      R"(/?(p|h[1-5]|ul|ol|li|label|blockquote|pre|code|hr|table|thead|tbody|tr|th|td|strong|em|u|s|br|a))"
      R"(|/(main|body|html)|main)"
      R"(|(a href|img src)="(https://|http://|mailto:|/(?![/\\])|\?|#|[^":/?#]*([/?#][^"]*)?")[^<]*)"
      R"(|input type="checkbox" disabled( checked)?|ul class="tasks"|ol start="[0-9]+"|code class="language-[\w+.#-]+")"
      R"(|t[hd]( (scope|colspan|rowspan)="\w+")+)");
  static const std::regex attributes(R"((a|img)( (href|rel|src|alt|title)="[^"<>]*")+)");
  const auto body = page.find("<main>");
  for (std::size_t open = page.find('<', body); open != std::string::npos; open = page.find('<', open + 1)) {
    const std::string tag = page.substr(open + 1, page.find('>', open) - open - 1);
    if (!std::regex_match(tag, ours)) return tag;
    if ((tag.starts_with("a ") || tag.starts_with("img ")) && !std::regex_match(tag, attributes)) return tag;
  }
  return {};
}

TEST(RichtextHostile, PayloadsLeaveNothingToAct) {
  for (const std::string payload : kPayloads) {
    for (const auto read : {from_html, from_markdown, from_text}) {
      const auto nodes = read(payload);
      ASSERT_TRUE(nodes) << payload;
      EXPECT_EQ(danger_in(to_html(*nodes, {"", "fr"})), "") << payload << "\n" << to_html(*nodes, {"", "fr"});
      const auto again = from_markdown(to_markdown(*nodes));
      ASSERT_TRUE(again) << payload;
      EXPECT_EQ(danger_in(to_html(*again, {"", "fr"})), "") << payload;
    }
  }
}

TEST(RichtextHostile, DocumentsOfOtherEditorsAreCheckedOnTheWayOut) {
  const crdt::Value script{crdt::ValueMap{{"href", value_of("javascript:alert(1)")}}};
  Nodes line;
  line.push_back(run("<script>alert(1)</script>", {{"link", script}, {"onclick", script}}));
  Nodes nodes;
  nodes.push_back(element("paragraph", std::move(line)));
  nodes.push_back(element("script"));
  nodes.back().children.push_back(run("alert(1)"));
  nodes.push_back(element("image"));
  nodes.back().attributes = {{"src", value_of("javascript:alert(1)")}, {"onerror", value_of("x")}};
  nodes.push_back(element("codeBlock"));
  nodes.back().attributes["language"] = value_of("\" onclick=\"x");
  nodes.push_back(element("heading"));
  nodes.back().attributes["level"] = value_of("1><script>");
  nodes.back().children.push_back(run("x"));
  EXPECT_EQ(danger_in(to_html(nodes, {"</title><script>", "\"><script>"})), "");
  EXPECT_EQ(to_markdown(nodes).find("javascript"), std::string::npos);
}

TEST(RichtextHostile, BytesThatAreNoTextAreRefused) {
  for (const std::string_view bytes : {std::string_view("caf\xE9"), std::string_view("a\0b", 3),
                                       std::string_view("\xFF\xFE"
                                                        "a"),
                                       std::string_view("\xED\xA0\x80"), std::string_view("\xC0\xAF")}) {
    for (const auto read : {from_html, from_markdown, from_text}) {
      const auto nodes = read(bytes);
      ASSERT_FALSE(nodes);
      EXPECT_EQ(nodes.error().kind, Errc::unsupported);
      EXPECT_EQ(nodes.error().code, "import_not_text");
    }
  }
}

TEST(RichtextHostile, AByteOrderMarkIsNoText) {
  for (const auto read : {from_html, from_markdown, from_text})
    EXPECT_EQ(shown(*read("\xEF\xBB\xBF"
                          "a")),
              R"(paragraph("a"))");
}

TEST(RichtextHostile, PastTenMegabytesIsTooLarge) {
  const std::string text(kImportBytesMax + 1, 'a');
  for (const auto read : {from_html, from_markdown, from_text}) {
    EXPECT_EQ(read(text).error().kind, Errc::too_large);
    EXPECT_TRUE(read(std::string_view(text).substr(1)));
  }
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  while (text.size() + part.size() <= bytes) text += part;
  return text;
}

int depth_of(const Nodes& nodes) {
  int depth = 0;
  for (const XmlNode& node : nodes) depth = std::max(depth, 1 + depth_of(node.children));
  return depth;
}

/// Ends within seconds even under the sanitizers, as a shallow document or as "too large".
void expect_survived(Result<std::vector<XmlNode>> (*read)(std::string_view), const std::string& bomb) {
  const auto start = std::chrono::steady_clock::now();
  const auto nodes = read(bomb);
  if (nodes) {
    EXPECT_LE(depth_of(*nodes), static_cast<int>(2 * kDepthMax) + 4) << bomb.substr(0, 40);
    EXPECT_FALSE(to_html(*nodes, {}).empty());
    static_cast<void>(to_markdown(*nodes));
  } else {
    EXPECT_EQ(nodes.error().kind, Errc::too_large) << bomb.substr(0, 40);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60)) << bomb.substr(0, 40);
}

TEST(RichtextHostile, HtmlBombsEnd) {
  constexpr std::size_t kSize = 1U << 18;
  for (const char* part : {"<div>",
                           "<b>",
                           "<p><b>",
                           "<div><b></div>",
                           "<a href=x>",
                           "<b><div></b>",
                           "<table><td>",
                           "<div><table><td></div>",
                           "<ul><li>",
                           "<li>",
                           "<li><blockquote>",
                           "<table>",
                           "<svg>",
                           "<",
                           "</",
                           "<!--",
                           "<!",
                           "</p>",
                           "<p>",
                           "<td>",
                           "<code><div></code>",
                           "<i><p>x</i>",
                           "<h1><h2>",
                           "<a><table><td><a>",
                           "<font size=1>",
                           "<option>",
                           "<select>",
                           "<template>",
                           "&",
                           "&amp",
                           "<pre>\n",
                           "<p a='",
                           "<script"}) {
    expect_survived(from_html, repeated(part, kSize));
  }
  std::string fonts;
  for (int i = 0; i < 20'000; ++i) fonts += "<b class=c" + std::to_string(i) + ">";
  expect_survived(from_html, fonts + repeated("<p>x", kSize));
}

TEST(RichtextHostile, MarkdownBombsEnd) {
  constexpr std::size_t kSize = 1U << 18;
  for (const char* part : {">",       "> ",      "- ",   "1. ",   "* * ",    "[",    "![",       "](",  "*a ",
                           "**a _b ", "_a__b",   "`",    "`a``b", "<",       "<u>",  "|",        "|-",  "\\",
                           "&amp;",   "&x;",     "~~a",  "~",     "[a](",    "[a][", "[a]: b\n", "#\n", "a\n=\n",
                           "\n> a\n", "- a\n  ", "www.", "a@b.",  "http://", "<!--", "!"}) {
    expect_survived(from_markdown, repeated(part, kSize));
  }
  // A wide table of short rows, and a long address behind a short name: output that grows with the square of the input.
  expect_survived(from_markdown,
                  repeated("|a", 40'000) + "\n" + repeated("|-", 40'000) + "\n" + repeated("|\n", 100'000));
  expect_survived(from_markdown, "[x]: /" + repeated("a", 100'000) + "\n\n" + repeated("[x] ", 200'000));
  std::string nested;
  for (int i = 0; i < 2'000; ++i) nested += std::string(static_cast<std::size_t>(i) * 2, ' ') + "- a\n";
  expect_survived(from_markdown, nested);
}

TEST(RichtextHostile, TextBombsEnd) {
  for (const char* part : {"- a\n", "1. a\n2. a\n", "a\n\n", "https://", "A\n\n", "\n", "http://a b", "»"}) {
    expect_survived(from_text, repeated(part, 1U << 18));
  }
}

TEST(RichtextHostile, RandomBytesDoNotCrash) {
  constexpr std::array kParts{"<",
                              ">",
                              "</",
                              "/>",
                              "=",
                              "\"",
                              "'",
                              " ",
                              "\n",
                              "&",
                              ";",
                              "#",
                              "<p",
                              "<b>",
                              "<table",
                              "<td>",
                              "</a>",
                              "<a href=",
                              "<li>",
                              "<ul>",
                              "<!--",
                              "-->",
                              "<script>",
                              "</script>",
                              "x",
                              "é",
                              "-",
                              "*",
                              "`",
                              "[",
                              "](",
                              ")",
                              "|",
                              "<pre>",
                              "<code class=",
                              "<input type=checkbox>",
                              "<svg>",
                              "<img src=",
                              "~",
                              "\\",
                              "\t",
                              "0"};
  for (std::uint32_t seed = 0; seed < 4'000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (std::uint32_t size = random() % 80; size > 0; --size) text += kParts[random() % kParts.size()];
    for (const auto read : {from_html, from_markdown, from_text}) {
      const auto nodes = read(text);
      ASSERT_TRUE(nodes) << seed;
      EXPECT_EQ(difference(fit_to_schema(*nodes), *nodes), "") << seed << "\n" << text;
      EXPECT_EQ(danger_in(to_html(*nodes, {"", "fr"})), "") << seed << "\n" << text;
    }
  }
}

TEST(RichtextHostile, TheGuardKeepsOrdinaryPagesWhole) {
  const auto guarded = guarded_html("<p class=x>a<br>b</p><ul><li>c<li>d</ul><table><tr><td>e<td>f<tr><td>g</table>");
  ASSERT_TRUE(guarded);
  EXPECT_EQ(*guarded, "<p>a<br>b</p><ul><li>c<li>d</ul><table><tr><td>e<td>f<tr><td>g</table>");
}

}  // namespace
}  // namespace cluse::domain::richtext
