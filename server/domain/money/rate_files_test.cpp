// Aim: a rate file is taken whole or refused whole, with the line. Method: real lines of the bank, and what can be
// wrong with them, one fault at a time.
#include "server/domain/money/rate_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace cluse::domain::money {
namespace {

std::string excerpt() {
  std::ifstream file(CLUSE_MONEY_TESTDATA "/eurofxref-hist-excerpt.csv", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_refused(const RatesOrProblem& rates, std::size_t line, std::string_view code, const std::string& what) {
  ASSERT_FALSE(rates.has_value()) << what;
  EXPECT_EQ(rates.error().code, code) << what;
  EXPECT_EQ(rates.error().line, line) << what;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(EcbCsv, ReadsTheRealLayout) {
  const auto rates = parse_ecb_csv(excerpt());
  ASSERT_TRUE(rates.has_value()) << rates.error().code << " " << rates.error().detail;
  ASSERT_EQ(rates->size(), 8U);
  EXPECT_EQ(rates->front().date, civil_date(2019, 4, 15));
  EXPECT_EQ(rates->front().chf_per_eur.to_string(), "1.1345");
  EXPECT_EQ(rates->back().date, civil_date(2019, 4, 26));
  RateTable table(RateSource::ecb);
  EXPECT_EQ(table.append(*rates), 8U);
}

TEST(EcbCsv, IsRefusedWholeWithTheLine) {
  const struct {
    const char* what;
    std::string text;
    std::size_t line;
    const char* code;
  } cases[] = {
      {"nothing", "", 0, "rate_file_empty"},
      {"a header alone", "Date,CHF\n", 0, "rate_file_empty"},
      {"not text", std::string("PK\x03\x04\xFF", 5), 0, "rate_file_other_kind"},
      {"another CSV", "code_insee,nom\n25388,Montbéliard\n", 1, "rate_file_other_kind"},
      {"no francs", "Date,USD\n2019-04-26,1.1\n", 1, "rate_file_without_chf"},
      {"a duplicate", "Date,CHF\n2019-04-26,1.1\n2019-04-25,1.1\n2019-04-25,1.2\n", 4, "rate_file_duplicate_date"},
      {"a far duplicate", "Date,CHF\n2019-04-26,1.1\n2019-04-25,1.1\n2019-04-26,1.1\n", 4, "rate_file_duplicate_date"},
      {"a gap", "Date,CHF\n2019-04-26,1.1\n2019-04-24,1.1\n", 3, "rate_file_gap"},
      {"a gap before 2002", "Date,CHF\n1999-01-12,1.1\n1999-01-06,1.1\n", 3, "rate_file_gap"},
      {"oldest first", "Date,CHF\n2019-04-25,1.1\n2019-04-26,1.1\n", 3, "rate_file_out_of_order"},
      {"a Sunday", "Date,CHF\n2026-11-22,0.93\n", 2, "rate_file_closed_day"},
      {"no such day", "Date,CHF\n2019-02-30,1.1\n", 2, "rate_file_bad_date"},
      {"no number", "Date,CHF\n2019-04-26,N/A\n", 2, "rate_file_bad_number"},
      {"a comma", "Date,USD,CHF\n2019-04-26,1.1,\"1,1\"\n", 2, "rate_file_bad_number"},
      {"implausible", "Date,CHF\n2019-04-26,11372\n", 2, "rate_file_bad_number"},
      {"a short line", "Date,USD,CHF\n2019-04-26,1.1\n", 2, "rate_file_malformed"},
      {"an open quote", "Date,CHF\n\"2019-04-26,1.1\n", 2, "rate_file_malformed"},
      {"too large", "Date,CHF\n" + std::string(kRateFileBytesMax, '1'), 0, "rate_file_too_large"},
  };
  for (const auto& [what, text, line, code] : cases) expect_refused(parse_ecb_csv(text), line, code, what);
}

TEST(EcbCsv, HasAtMostSoManyLines) {
  std::string text = "Date,CHF\n";
  for (std::size_t i = 0; i < kRateFileLinesMax; ++i) text += "2019-04-26,1.1\n";
  expect_refused(parse_ecb_csv(text), kRateFileLinesMax + 1, "rate_file_too_large", "many lines");
}

TEST(EcbCsv, SaysWhichPublicationIsMissing) {
  auto text = excerpt();
  const auto from = text.find("2019-04-18");
  text.erase(from, text.find('\n', from) + 1 - from);
  const auto rates = parse_ecb_csv(text);
  expect_refused(rates, 6, "rate_file_gap", "the day before Good Friday");
  EXPECT_EQ(rates.error().detail, "2019-04-18");
  EXPECT_EQ(rates.error().to_error().detail, "line 6: 2019-04-18");
  EXPECT_EQ(rates.error().to_error().field, "line:6");
}

constexpr std::string_view kXml = R"(<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" )"
                                  R"(xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
  <Cube>
    <Cube time='2019-04-26'>
      <Cube currency='USD' rate='1.1133'/>
      <Cube currency='CHF' rate='1.1372'/>
    </Cube>
    <Cube time="2019-04-25">
      <Cube currency="CHF" rate="1.1368"/>
    </Cube>
  </Cube>
</gesmes:Envelope>
)";

TEST(EcbXml, ReadsTheRealLayout) {
  const auto rates = parse_ecb_xml(kXml);
  ASSERT_TRUE(rates.has_value()) << rates.error().code << " " << rates.error().detail;
  ASSERT_EQ(rates->size(), 2U);
  EXPECT_EQ(rates->front().date, civil_date(2019, 4, 25));
  EXPECT_EQ(rates->back().chf_per_eur.to_string(), "1.1372");
}

TEST(EcbXml, IsRefusedWholeWithTheLine) {
  const std::string good(kXml);
  const struct {
    const char* what;
    std::string text;
    std::size_t line;
    const char* code;
  } cases[] = {
      {"another document", "<html/>", 1, "rate_file_other_kind"},
      {"a document type", "<!DOCTYPE a [<!ENTITY b \"b\">]>\n" + good.substr(good.find('\n') + 1), 1,
       "rate_file_other_kind"},
      {"cut off", good.substr(0, good.find("<Cube time=\"")), 10, "rate_file_malformed"},
      {"a duplicate", replaced(good, "2019-04-25", "2019-04-26"), 10, "rate_file_duplicate_date"},
      {"a gap", replaced(good, "2019-04-25", "2019-04-24"), 10, "rate_file_gap"},
      {"oldest first", replaced(good, "2019-04-25", "2019-04-29"), 10, "rate_file_out_of_order"},
      {"no such day", replaced(good, "2019-04-26", "2019-04-31"), 6, "rate_file_bad_date"},
      {"no number", replaced(good, "1.1372", "-"), 8, "rate_file_bad_number"},
      {"no francs", replaced(good, "'CHF'", "'GBP'"), 6, "rate_file_without_chf"},
      {"a rate without a day", replaced(good, "<Cube time='2019-04-26'>", "<Cube>"), 8, "rate_file_malformed"},
      {"empty",
       replaced(good,
                good.substr(good.find("    <Cube time='"), good.find("  </Cube>\n</g") - good.find("    <Cube time='")),
                ""),
       0, "rate_file_empty"},
      {"too large", std::string(kRateFileBytesMax + 1, ' '), 0, "rate_file_too_large"},
  };
  for (const auto& [what, text, line, code] : cases) expect_refused(parse_ecb_xml(text), line, code, what);
}

TEST(InfoEuro, ReadsAHistoryInAnyOrder) {
  const auto rates = parse_infoeuro_csv(
      "currencyIso;refCurrencyIso;amount;dateStart;dateEnd\n"
      "CHF;EUR;0.9387;01/01/2025;31/01/2025\n"
      "USD;EUR;n/a;01/01/2025;31/01/2025\n"
      "CHF;EUR;0.9324;2024-12-01;2024-12-31\n"
      "CHF;EUR;0.9390;01/02/2025;28/02/2025\n");
  ASSERT_TRUE(rates.has_value()) << rates.error().code;
  ASSERT_EQ(rates->size(), 3U);
  EXPECT_EQ(rates->front().date, civil_date(2024, 12, 1));
  EXPECT_EQ(rates->back().chf_per_eur.to_string(), "0.9390");
}

TEST(InfoEuro, ReadsOneMonthThatIsNamed) {
  const char* text = "country,currency,isoA3Code,isoA2Code,value,comment\nSwitzerland,Swiss Franc,CHF,CH,0.9387,\n";
  const auto rates = parse_infoeuro_csv(text, civil_date(2025, 1, 1));
  ASSERT_TRUE(rates.has_value()) << rates.error().code;
  EXPECT_EQ(rates->at(0).date, civil_date(2025, 1, 1));
  expect_refused(parse_infoeuro_csv(text), 1, "rate_file_bad_date", "no month");
  expect_refused(parse_infoeuro_csv(text, civil_date(2025, 1, 2)), 0, "rate_file_bad_date", "not a first day");
}

TEST(InfoEuro, IsRefusedWholeWithTheLine) {
  const std::string header = "currencyIso;amount;dateStart;dateEnd\n", line = "CHF;0.9387;01/01/2025;31/01/2025\n";
  const struct {
    const char* what;
    std::string text;
    std::size_t line;
    const char* code;
  } cases[] = {
      {"nothing", "", 0, "rate_file_empty"},
      {"another kind", "Date,CHF\n2019-04-26,1.1\n", 1, "rate_file_other_kind"},
      {"no francs", header + "USD;1.04;01/01/2025;31/01/2025\n", 0, "rate_file_without_chf"},
      {"a duplicate", header + line + line, 3, "rate_file_duplicate_date"},
      {"a gap", header + line + "CHF;0.93;01/11/2024;30/11/2024\n", 3, "rate_file_gap"},
      {"not a month", header + "CHF;0.93;01/01/2025;30/01/2025\n", 2, "rate_file_bad_date"},
      {"two months", header + "CHF;0.93;01/01/2025;28/02/2025\n", 2, "rate_file_bad_date"},
      {"no such day", header + "CHF;0.93;01/02/2025;29/02/2025\n", 2, "rate_file_bad_date"},
      {"a comma", header + "CHF;0,9387;01/01/2025;31/01/2025\n", 2, "rate_file_bad_number"},
      {"a short line", header + "CHF;0.9387\n", 2, "rate_file_malformed"},
      {"to another currency",
       "currencyIso;refCurrencyIso;amount;dateStart;dateEnd\nCHF;USD;1.1;01/01/2025;31/01/2025\n", 2,
       "rate_file_other_kind"},
  };
  for (const auto& [what, text, at, code] : cases) expect_refused(parse_infoeuro_csv(text), at, code, what);
}

TEST(RateFiles, APreviewNamesEveryRefusedLine) {
  const std::string text =
      "Date,USD,CHF\n2019-04-26,1,1.1372\n2019-04-25,1,x\n2019-04-24,1\n2019-02-30,1,1.1\n2019-04-21,1,1.1\n"
      "2019-04-18,1,1.1383\n2019-04-18,1,1.1383\n";
  const RateReading reading = read_rate_file(kind_of(text), text);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const auto& problem : reading.problems) found.emplace_back(problem.line, problem.code);
  const std::vector<std::pair<std::size_t, std::string_view>> expected = {{3, "rate_file_bad_number"},
                                                                          {4, "rate_file_malformed"},
                                                                          {5, "rate_file_bad_date"},
                                                                          {6, "rate_file_closed_day"},
                                                                          {8, "rate_file_duplicate_date"}};
  EXPECT_EQ(found, expected) << "and no gap where lines were refused";
}

TEST(RateFiles, APreviewOfAFileWithGapsNamesThemAll) {
  const std::string text = "Date,CHF\n2019-04-26,1.1372\n2019-04-24,1.1416\n2019-04-17,1.14\n";
  const RateReading reading = read_rate_file(RateFileKind::ecb_csv, text);
  ASSERT_EQ(reading.problems.size(), 2U);
  EXPECT_EQ(reading.problems[0].detail, "2019-04-25");
  EXPECT_EQ(reading.problems[1].line, 4U);
}

TEST(RateFiles, APreviewListsNoMoreThanItsLimit) {
  std::string text = "Date,CHF\n";
  for (std::size_t i = 0; i < kRateFileProblemsMax + 20; ++i) text += "never,1.1\n";
  EXPECT_EQ(read_rate_file(RateFileKind::ecb_csv, text).problems.size(), kRateFileProblemsMax);
}

TEST(RateFiles, TellTheirKindByTheFirstCharacters) {
  EXPECT_EQ(kind_of("\xEF\xBB\xBF<?xml version='1.0'?>"), RateFileKind::ecb_xml);
  EXPECT_EQ(kind_of("Date,USD,CHF\n"), RateFileKind::ecb_csv);
  EXPECT_EQ(kind_of("currencyIso;amount\n"), RateFileKind::infoeuro_csv);
}

}  // namespace
}  // namespace cluse::domain::money
