// Whether words are cut, folded and stemmed alike in a text and in a query, and hits are shown where they stand.
#include "server/domain/search/words.h"
#include "server/domain/search/query.h"

#include <gtest/gtest.h>

namespace cluse::domain::search {
namespace {

std::vector<std::string> folded(std::string_view text) {
  std::vector<std::string> out;
  for (const Word& word : words_of(text)) out.push_back(word.folded);
  return out;
}

using Words = std::vector<std::string>;

TEST(SearchWords, AreCutAtWhatIsNoLetter) {
  EXPECT_EQ(folded("L’École d’Élèves, 2026-01-31"), (Words{"ecole", "eleves", "2026", "01", "31"}));
  EXPECT_EQ(folded("l'eau\nd'Orbe"), (Words{"eau", "orbe"}));
  EXPECT_EQ(folded("Straße – Häuser"), (Words{"strasse", "hauser"}));
  EXPECT_EQ(folded("Cœur"), (Words{"coeur"}));
  EXPECT_TRUE(folded(" … ’ — ").empty());
  EXPECT_TRUE(folded("").empty());
}

TEST(SearchWords, KnowWhereTheyStand) {
  const std::string text = "À Delémont, demain";
  const auto words = words_of(text);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_EQ(text.substr(words[1].begin, words[1].size), "Delémont");
}

TEST(SearchWords, LongOnesAreComparedByTheirBeginning) {
  const auto words = words_of(std::string(500, 'x') + " " + std::string(500, '\xc3') + " \xff\xfe é");
  ASSERT_FALSE(words.empty());
  EXPECT_EQ(words.front().folded.size(), kWordBytesMax);
}

TEST(SearchWords, FormsOfAWordHaveOneStem) {
  EXPECT_EQ(stem("mobilite", "fr"), stem("mobilites", "fr-CH"));
  EXPECT_EQ(stem("cyclable", "fr"), stem("cyclables", "fr"));
  EXPECT_EQ(stem("gemeinde", "de-CH"), stem("gemeinden", "de"));
  EXPECT_EQ(stem("mobilita", "it"), "mobilita");
}

TEST(SearchWords, DistanceCountsMistakes) {
  EXPECT_EQ(distance("mobilit", "mobilit", 2), 0U);
  EXPECT_EQ(distance("mobilit", "mobliit", 2), 1U);  // two neighbours swapped
  EXPECT_EQ(distance("porrentruy", "porentruy", 2), 1U);
  EXPECT_EQ(distance("delle", "belfort", 2), 3U);  // more than two
  EXPECT_EQ(distance("", "ab", 2), 2U);
}

TEST(SearchQuery, LeavesCommonWordsOutUnlessThereIsNothingElse) {
  EXPECT_EQ(Query("la mobilité des élèves").words(), (Words{"mobilite", "eleves"}));
  EXPECT_EQ(Query("la").words(), (Words{"la"}));
  EXPECT_TRUE(Query("  ’ ").empty());
}

TEST(SearchQuery, HoldsNothingOfTheInputButLettersAndDigits) {
  const std::string match = Query("\"; DROP) OR title:* NEAR(a -b ^c {x}").match();
  for (const char* wrong : {";", "NEAR(", ":", "^", "{", "-"}) EXPECT_EQ(match.find(wrong), match.npos) << match;
  EXPECT_LE(Query(std::string(10'000, 'x')).match().size(), 2'000U);
}

TEST(SearchQuery, MarksTheFormsThatItFinds) {
  const Query query("liaisons cyclable");
  const std::vector<search::Run> runs{
      {"La ", false}, {"liaison", true}, {" ", false}, {"cyclable", true}, {" existe", false}};
  EXPECT_EQ(query.marked("La liaison cyclable existe", "fr"), runs);
}

TEST(SearchQuery, ShowsThePieceInWhichItsTermsMeet) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "remplissage ";
  text += "une liaison cyclable entre Delle et Porrentruy ";
  for (int i = 0; i < 200; ++i) text += "remplissage ";
  std::string piece, hits;
  for (const search::Run& run : Query("cyclable porrentruy").excerpt("cyclable d’abord. " + text, "fr", 120)) {
    piece += run.text;
    if (run.hit) hits += run.text + " ";
  }
  EXPECT_EQ(hits, "cyclable Porrentruy ");
  EXPECT_TRUE(piece.starts_with("…") && piece.ends_with("…")) << piece;
  EXPECT_LE(piece.size(), 140U);
}

TEST(SearchQuery, KeepsParagraphsApart) {
  EXPECT_EQ(Query("Delle").excerpt("\nOrdre du jour\n\nDelle\n", "fr", 100),
            (std::vector<search::Run>{{"Ordre du jour · ", false}, {"Delle", true}}));
}

}  // namespace
}  // namespace cluse::domain::search
