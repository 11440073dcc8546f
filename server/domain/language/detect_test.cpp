// Aim: the language of what people paste is told, and nothing is told of what is too short or mixed. Method: sentences
// of the kind that stand in minutes on both sides of the border.
#include "server/domain/language/detect.h"

#include <gtest/gtest.h>

namespace cluse::domain::language {
namespace {

const std::string kFrench =
    "Le comité de pilotage se réunit deux fois par an. Les membres empêchés donnent pouvoir par écrit, et le "
    "secrétariat transmet le procès-verbal dans les dix jours.";
const std::string kGerman =
    "Die Steuerungsgruppe tagt zweimal im Jahr. Verhinderte Mitglieder erteilen eine schriftliche Vollmacht, und das "
    "Sekretariat stellt das Protokoll innert zehn Tagen zu.";

TEST(Detect, TellsTheTwoLanguagesOfTheBorderAndThoseOfVisitors) {
  EXPECT_EQ(detect(kFrench), "fr");
  EXPECT_EQ(detect(kGerman), "de");
  EXPECT_EQ(detect("The steering committee meets twice a year. Members who cannot attend may give a written proxy."),
            "en");
  EXPECT_EQ(detect("Il comitato direttivo si riunisce due volte l'anno. I membri assenti possono dare una delega "
                   "scritta a un altro membro."),
            "it");
}

TEST(Detect, SaysNothingOfTextsThatAreShortMixedOrInAnotherLanguage) {
  EXPECT_EQ(detect(""), std::nullopt);
  EXPECT_EQ(detect("Procès-verbal du comité"), std::nullopt);
  EXPECT_EQ(detect("12.04.2019 14:30 – 1 234 567,00 € / CHF 1 234 567.00 — 03 81 00 00 00 — 2500 – 2600 – 2700"),
            std::nullopt);
  EXPECT_EQ(detect(kFrench + " " + kGerman), std::nullopt);
  EXPECT_EQ(detect("El comité directivo se reúne dos veces al año. Los miembros ausentes pueden delegar su voto por "
                   "escrito en otro miembro."),
            std::nullopt);
}

TEST(Detect, LooksAtTheBeginningOfALongTextAndDoesNotStumbleOverBadBytes) {
  std::string text;
  while (text.size() < 3 * kBytesMax) text += kGerman + ' ';
  EXPECT_EQ(detect(text), "de");
  EXPECT_EQ(detect(std::string(500, '\xff')), std::nullopt);
  EXPECT_NO_FATAL_FAILURE(static_cast<void>(detect(kFrench + "\xc3")));
}

TEST(Detect, KeepsTheCountryThatWasAssumed) {
  EXPECT_EQ(refined("fr", "fr-CH"), "fr-CH");
  EXPECT_EQ(refined("de", "fr-CH"), "de");
  EXPECT_EQ(refined("fr", "fr"), "fr");
}

}  // namespace
}  // namespace cluse::domain::language
