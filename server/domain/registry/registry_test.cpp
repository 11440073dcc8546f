// Aim: a number that a register has given passes, a slip of the pen does not, and the answer says where to look.
// Vectors: EPCI and a commune of the region (INSEE, BANATIC), INSEE itself, La Poste; UIDs, a RIB and IBANs that the
// documentation of their registers and of the banks uses as examples. RNA, INSEE and OFS are checked for form alone.
#include "server/domain/registry/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace cluse::domain::registry {
namespace {

using enum NumberKind;

const struct {
  NumberKind kind;
  const char* typed;
  const char* normalised;
  const char* display;
} kValid[] = {
    {siren, "200065647", "200065647", "200 065 647"},                     // CA Pays de Montbéliard Agglomération
    {siren, "200 069 052", "200069052", "200 069 052"},                   // CA Grand Belfort
    {siren, "247\u00A0000\u202F722", "247000722", "247 000 722"},         // CC du Pays d'Héricourt
    {siren, "249000241", "249000241", "249 000 241"},                     // CC du Sud Territoire
    {siren, "200069060", "200069060", "200 069 060"},                     // CC des Vosges du Sud
    {siren, "210100012", "210100012", "210 100 012"},                     // L'Abergement-Clémenciat
    {siren, "356000000", "356000000", "356 000 000"},                     // La Poste
    {siret, "120 027 016 00563", "12002701600563", "120 027 016 00563"},  // INSEE
    {siret, "73282932000074", "73282932000074", "732 829 320 00074"},
    {siret, "35600000000048", "35600000000048", "356 000 000 00048"},  // La Poste, seat: Luhn
    {siret, "35600000049837", "35600000049837", "356 000 000 49837"},  // La Poste, an establishment: not Luhn
    {rna, "w000000000", "W000000000", "W000000000"},
    {uid, "CHE-107.787.577 IVA", "CHE107787577", "CHE-107.787.577 IVA"},
    {uid, "che100155212", "CHE100155212", "CHE-100.155.212"},
    {uid, "CHE 116 281 710 mwst", "CHE116281710", "CHE-116.281.710 MWST"},
    {uid, "CHE\u2011116.281.710\u00A0TVA", "CHE116281710", "CHE-116.281.710 TVA"},
    {insee_commune, "25388", "25388", "25388"},  // Montbéliard
    {insee_commune, "01001", "01001", "01001"},
    {insee_commune, "2a004", "2A004", "2A004"},  // Ajaccio
    {insee_commune, "2B033", "2B033", "2B033"},  // Bastia
    {insee_commune, "97411", "97411", "97411"},  // Saint-Denis, La Réunion
    {insee_commune, "98818", "98818", "98818"},  // Nouméa
    {ofs_commune, "6831", "6831", "6831"},       // Moutier since 2026
    {ofs_commune, "700", "700", "700"},          // Moutier before
    {ofs_commune, "0301", "301", "301"},         // Aarberg
    {iban, "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606"},
    {iban, "FR76-3000-6000-0112-3456-7890-189", "FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189"},
    {iban, "IBAN CH93 0076 2011 6238 5295 7", "CH9300762011623852957", "CH93 0076 2011 6238 5295 7"},
    {iban, "li21 0881 0000 2324 013aa", "LI21088100002324013AA", "LI21 0881 0000 2324 013A A"},
    {iban, "CH44 3199 9123 0008 8901 2", "CH4431999123000889012", "CH44 3199 9123 0008 8901 2"},
};

TEST(Registry, AcceptsWhatRegistersHaveGiven) {
  for (const auto& [kind, typed, normalised, display] : kValid) {
    const auto number = parse(kind, typed);
    ASSERT_TRUE(number.has_value()) << typed << ": " << number.error().code << " " << number.error().detail;
    EXPECT_EQ(number->normalised, normalised);
    EXPECT_EQ(number->display, display);
    EXPECT_EQ(parse(kind, number->display)->normalised, normalised) << "what is shown can be typed back";
    EXPECT_EQ(parse(kind, normalised)->normalised, normalised);
  }
}

TEST(Registry, RefusesWhatHasNotTheForm) {
  const struct {
    NumberKind kind;
    const char* typed;
    const char* code;
  } cases[] = {
      {siren, "", "registry_number_missing"},
      {siren, " .- ", "registry_number_missing"},
      {siren, "20006564", "registry_number_form"},
      {siren, "2000656470", "registry_number_form"},
      {siren, "20006564A", "registry_number_form"},
      {siren, "２00065647", "registry_number_form"},
      {siret, "200065647", "registry_number_form"},
      {siret, "1200270160056X", "registry_number_form"},
      {rna, "000000000W", "registry_number_form"},
      {rna, "W00000000", "registry_number_form"},
      {uid, "107.787.577", "registry_number_form"},
      {uid, "CHE-107.787.57", "registry_number_form"},
      {uid, "CHE-107.787.577 HR", "registry_number_form"},
      {insee_commune, "20004", "registry_number_form"},
      {insee_commune, "96001", "registry_number_form"},
      {insee_commune, "99100", "registry_number_form"},
      {insee_commune, "25000", "registry_number_form"},
      {insee_commune, "97400", "registry_number_form"},
      {insee_commune, "97901", "registry_number_form"},
      {insee_commune, "2C001", "registry_number_form"},
      {insee_commune, "1001", "registry_number_form"},
      {ofs_commune, "0", "registry_number_form"},
      {ofs_commune, "7001", "registry_number_form"},
      {ofs_commune, "12345", "registry_number_form"},
      {ofs_commune, "70O", "registry_number_form"},
      {iban, "FR76 3000 6000 0112 3456 7890 18", "registry_number_form"},
      {iban, "CH93 0076 2011 6238 5295", "registry_number_form"},
      {iban, "76 3000", "registry_number_form"},
      {iban, "F", "registry_number_form"},
      {iban, "CH93 0076 2011 6238 5295 é", "registry_number_form"},
      {iban, "DE89 3704 0044 0532 0130 00", "iban_country_unsupported"},
  };
  for (const auto& [kind, typed, code] : cases) {
    const auto number = parse(kind, typed);
    ASSERT_FALSE(number.has_value()) << typed;
    EXPECT_EQ(number.error().code, code) << typed;
  }
  EXPECT_EQ(parse(iban, std::string(kNumberTextBytesMax + 1, ' ')).error().code, "registry_number_too_long");
}

// The French suffix, the QR-IBAN and the SIREN inside a SIRET: what else a number tells.
TEST(Registry, TellsWhatANumberIs) {
  EXPECT_EQ(parse(uid, "CHE-116.281.710 TVA")->suffix, VatSuffix::tva);
  EXPECT_EQ(parse(uid, "CHE-116.281.710")->suffix, VatSuffix::none);
  EXPECT_TRUE(parse(iban, "CH4431999123000889012")->is_qr);
  EXPECT_FALSE(parse(iban, "CH9300762011623852957")->is_qr);
  EXPECT_EQ(siren_of(*parse(siret, "12002701600563")), "120027016");
  for (const auto kind : {siren, siret, rna, uid, insee_commune, ofs_commune, iban})
    EXPECT_EQ(parse_kind(code_of(kind)), kind);
  EXPECT_EQ(parse_kind("vat"), std::nullopt);
}

// La Poste's exception is La Poste's alone, and no more than that.
TEST(Registry, KeepsTheExceptionOfLaPosteSmall) {
  EXPECT_FALSE(parse(siret, "35600000049838").has_value());
  EXPECT_FALSE(parse(siret, "20006564700005").has_value()) << "the digits add up to 35, but it is not La Poste";
}

std::string_view suspect_of(NumberKind kind, const std::string& typed) {
  const auto number = parse(kind, typed);
  if (number) return "nothing";
  return number.error().suspect ? number.error().suspect->name : number.error().code;
}

TEST(WrongCheck, NamesTheGroup) {
  EXPECT_EQ(suspect_of(siren, "200065648"), "siren");
  EXPECT_EQ(suspect_of(siret, "12002701600564"), "nic") << "the SIREN's own check holds";
  EXPECT_EQ(suspect_of(siret, "12002701700563"), "siren");
  EXPECT_EQ(suspect_of(uid, "CHE-107.787.578"), "number");
  EXPECT_EQ(suspect_of(iban, "FR7730006000011234567890189"), "check") << "the key of the RIB holds";
  EXPECT_EQ(suspect_of(iban, "FR1420041010050500013M02616"), "key");
  EXPECT_EQ(suspect_of(iban, "FR1420014010050500013M02606"), "bank");
  EXPECT_EQ(suspect_of(iban, "FR7630006000011234577890189"), "account");
  EXPECT_EQ(suspect_of(iban, "FR7630006000021234567890189"), "rib") << "bank or branch: both would explain it";
  EXPECT_EQ(suspect_of(iban, "FR7639996000011234567890111"), "rib") << "more than one slip";
  EXPECT_EQ(suspect_of(iban, "CH9300762011623852967"), "account");
  EXPECT_EQ(suspect_of(iban, "CH9300762011623852975"), "number") << "five slips would explain it";
}

TEST(WrongCheck, FindsTheOnlySlip) {
  const auto swapped = parse(iban, "FR1420041010050500031M02606");
  ASSERT_FALSE(swapped.has_value());
  const auto* repair = swapped.error().only_repair();
  ASSERT_NE(repair, nullptr);
  EXPECT_EQ(*repair, (Repair{Repair::Slip::swapped, 19, "FR1420041010050500013M02606"}));
  EXPECT_EQ(swapped.error().to_error("iban").detail,
            "group=account from=14 length=11 position=19 corrected=FR1420041010050500013M02606");
  EXPECT_EQ(swapped.error().to_error("iban").field, "iban");

  const auto changed = parse(iban, "FR1420041010050500013M02616");
  ASSERT_FALSE(changed.has_value());
  ASSERT_NE(changed.error().only_repair(), nullptr);
  EXPECT_EQ(changed.error().only_repair()->corrected, "FR1420041010050500013M02606");
}

// One check digit cannot tell which of nine is wrong: the group is all that is said, and the swaps, if one is possible.
TEST(WrongCheck, DoesNotClaimMoreThanTheArithmeticPermits) {
  const auto number = parse(siren, "200065648");
  EXPECT_GT(number.error().repairs.size(), 5U);
  EXPECT_EQ(number.error().only_repair(), nullptr);
  EXPECT_EQ(number.error().to_error("siren").detail, "group=siren from=0 length=9");
  const auto swapped = parse(uid, "CHE-170.787.577");
  ASSERT_NE(swapped.error().only_swap(), nullptr);
  EXPECT_EQ(swapped.error().only_swap()->corrected, "CHE107787577");
}

bool contains(const NumberProblem& problem, const std::string& corrected) {
  for (const auto& repair : problem.repairs)
    if (repair.corrected == corrected) return true;
  return false;
}

// Every digit that a check covers, changed to every other: always found, and the true number is among the repairs.
TEST(WrongCheck, FindsEveryChangedDigit) {
  for (const auto& [kind, typed, normalised, display] : kValid) {
    const std::string number = normalised;
    if (kind == rna || kind == insee_commune || kind == ofs_commune || number.starts_with("356000000")) continue;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (number[i] < '0' || number[i] > '9') continue;
      for (char instead = '0'; instead <= '9'; ++instead) {
        std::string wrong = number;
        wrong[i] = instead;
        if (wrong == number) continue;
        const auto read = parse(kind, wrong);
        ASSERT_FALSE(read.has_value()) << wrong;
        ASSERT_TRUE(contains(read.error(), number)) << wrong;
        const auto& suspect = *read.error().suspect;
        EXPECT_TRUE(i >= suspect.from && i < suspect.from + suspect.length) << wrong << " " << suspect.name;
      }
    }
  }
}

// IBANs made for the property: any account number, with the digits that the rule gives it.
RC_GTEST_PROP(WrongCheckLaws, FindsEverySwapInAnIban, ()) {
  std::string account;
  for (int i = 0; i < 17; ++i) account += static_cast<char>('0' + *rc::gen::inRange(0, 10));
  std::string number;
  for (int check = 2; check <= 98 && number.empty(); ++check) {
    const std::string candidate = "CH" + std::to_string(100 + check).substr(1) + account;
    if (parse(iban, candidate)) number = candidate;
  }
  RC_ASSERT(!number.empty());
  for (std::size_t i = 4; i + 1 < number.size(); ++i) {
    std::string swapped = number;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped == number) continue;
    const auto read = parse(iban, swapped);
    RC_ASSERT(!read.has_value());
    RC_ASSERT(contains(read.error(), number));
  }
}

RC_GTEST_PROP(RegistryLaws, AnyTextIsReadOrRefused, (std::string text)) {
  for (const auto kind : {siren, siret, rna, uid, insee_commune, ofs_commune, iban})
    for (const auto& typed : {text, "FR" + text, "CHE" + text})
      if (const auto read = parse(kind, typed); !read) RC_ASSERT(!read.error().code.empty());
}

}  // namespace
}  // namespace cluse::domain::registry
