// Aim: what people type is cleaned and found again whatever their keyboard, accents and case. Tables of cases.

#include "server/domain/text.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

TEST(Fold, IgnoresCaseAccentsAndTypography) {
  const std::pair<const char*, const char*> cases[] = {
      {"Évaluation", "evaluation"},
      {"ÉVALUATION", "evaluation"},
      {"Straße", "strasse"},
      {"STRASSE", "strasse"},
      {"Œuvre", "oeuvre"},
      {"cœur", "coeur"},
      {"Saint-Claude", "saint claude"},
      {"L’eau", "l eau"},
      {"l'eau", "l eau"},
      {"Zürich", "zurich"},
      {"  deux\u00a0 mots ", "deux mots"},
      {"e\u0301te\u0301", "ete"},
      {"Curaçao", "curacao"},
      {"ﬁn", "fin"},
      {"", ""},
  };
  for (const auto& [raw, folded] : cases) EXPECT_EQ(fold(raw), folded) << raw;
}

TEST(FoldCase, KeepsAccentsApart) {
  EXPECT_EQ(fold_case("Anne@Example.ORG"), "anne@example.org");
  EXPECT_NE(fold_case("rené@example.org"), fold_case("rene@example.org"));
  EXPECT_NE(fold_case("a-b@example.org"), fold_case("a'b@example.org"));
}

TEST(CleanLine, TrimsAndComposes) {
  EXPECT_EQ(*clean_line("  Compte rendu \u00a0", "title", 200), "Compte rendu");
  EXPECT_EQ(*clean_line("e\u0301te\u0301", "title", 200), "été");
}

TEST(CleanLine, RefusesWithTheReasonAndTheField) {
  const auto code_of = [](std::string_view raw) {
    const auto result = clean_line(raw, "title", 200);
    return result ? std::string("accepted") : std::string(result.error().code);
  };
  EXPECT_EQ(code_of(""), "field_missing");
  EXPECT_EQ(code_of(" \t\u200b "), "field_missing");
  EXPECT_EQ(code_of("deux\nlignes"), "field_invalid");
  EXPECT_EQ(code_of(std::string_view("nul\0dedans", 10)), "field_invalid");
  EXPECT_EQ(code_of("txt.\u202efdp"), "field_invalid");
  EXPECT_EQ(code_of("\xff\xfe"), "field_invalid");
  EXPECT_EQ(code_of(std::string(200, 'a')), "accepted");
  EXPECT_EQ(code_of(std::string(201, 'a')), "field_too_long");
  EXPECT_EQ(code_of(std::string(1U << 20, 'a')), "field_too_long");
  EXPECT_EQ(clean_line("", "title", 200).error().field, "title");
}

TEST(CleanLine, CountsCharactersAndNotOctets) {
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ü";
  EXPECT_TRUE(clean_line(umlauts, "title", 200).has_value());
  EXPECT_FALSE(clean_line(umlauts + "ü", "title", 200).has_value());
}

TEST(CleanText, KeepsLineBreaks) {
  EXPECT_EQ(*clean_text("un\r\ndeux\n", "description", 200), "un\ndeux");
  EXPECT_EQ(*clean_text("", "description", 200), "");
}

TEST(CleanLanguage, TakesTagsOnly) {
  for (const char* tag : {"fr", "de", "fr-CH", "gsw", "zh-Hant-TW", "de-CH-1901"})
    EXPECT_TRUE(clean_language(tag, "language").has_value()) << tag;
  for (const char* tag : {"", "f", "français", "fr_CH", "fr-", "-fr", "12", "fr-toolongsubtag", "fr CH"})
    EXPECT_FALSE(clean_language(tag, "language").has_value()) << tag;
}

TEST(CleanEmail, TakesWhatLooksLikeAMailbox) {
  for (const char* mail : {"a@b.ch", " Anne.Perret@exemple.fr ", "rené@exemple.fr", "a+b@c.d.e"})
    EXPECT_TRUE(clean_email(mail, "email").has_value()) << mail;
  for (const char* mail : {"", "a", "a@", "@b.ch", "a@b", "a b@c.ch", "a@b@c.ch", "a@b.ch.", "a@.ch", "<a@b.ch>"})
    EXPECT_FALSE(clean_email(mail, "email").has_value()) << mail;
}

TEST(TitleFrom, SavesWhatItCan) {
  EXPECT_EQ(title_from(" note\t2026 "), "note 2026");
  EXPECT_EQ(title_from("\xff"
                       "abc"),
            "abc");
  EXPECT_EQ(title_from(""), "");
  EXPECT_EQ(characters(title_from(std::string(500, 'x'))), 200U);
}

TEST(Initials, AreThoseOfTheFirstAndTheLastWord) {
  EXPECT_EQ(initials("Marie-Claude Dupont"), "MD");
  EXPECT_EQ(initials("élodie de la Tour"), "ÉT");
  EXPECT_EQ(initials("Ueli"), "U");
  EXPECT_EQ(initials("«»"), "");
}

TEST(LikeWords, EscapeWhatLikeWouldInterpret) {
  const auto words = like_words("100 % d’eau_douce");
  EXPECT_EQ(words[0], "%100%");
  EXPECT_EQ(words[1], "%\\%%");
  EXPECT_EQ(words[2], "%d%");
  EXPECT_EQ(words[3], "%eau\\_douce%");
  EXPECT_EQ(like_words("")[0], "%");
}

}  // namespace
}  // namespace cluse::domain
