// Aim: rates are taken whole or not at all, a preview writes nothing, and what was answered once is answered for ever
// (row "Amount" of the core types). Method: a real store; the bank's own lines around Easter 2019.

#include "server/domain/rates/rates.h"

#include "server/domain/testing.h"

#include <gtest/gtest.h>

namespace cluse::domain {
namespace {

using money::Currency;
using money::RateSource;

const std::string kEaster =
    "Date,USD,CHF\n2019-04-24,1.1209,1.1416\n2019-04-23,1.1245,1.147\n2019-04-18,1.125,1.1383\n2019-04-17,1.13,1.14\n";
const std::string kGap = "Date,USD,CHF\n2019-04-24,1.1209,1.1416\n2019-04-18,1.125,1.1383\n";

class RatesTest : public testing::Test {
 protected:
  Result<RateImport> import(const std::string& bytes) {
    return domain.run(domain.services->rates.import(admin, {"eurofxref-hist.csv", bytes}));
  }
  Result<RateImport> preview(const std::string& bytes) {
    return domain.run(domain.services->rates.preview(admin, {"eurofxref-hist.csv", bytes}));
  }
  std::int64_t kept() { return domain.count("SELECT COUNT(*) FROM exchange_rate"); }

  TestDomain domain;
  Actor admin = domain.administrator();
};

TEST_F(RatesTest, APreviewSaysWhatWouldBeAddedAndWritesNothing) {
  const auto seen = preview(kEaster);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->added.size(), 4U);
  EXPECT_EQ(seen->known, 0U);
  EXPECT_EQ(to_iso(*seen->first), "2019-04-17");
  EXPECT_EQ(kept(), 0);
}

TEST_F(RatesTest, AnImportIsWholeAndSecondTimeAddsNothing) {
  ASSERT_TRUE(import(kEaster));
  EXPECT_EQ(kept(), 4);
  const auto again = import(kEaster);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "rate_file_nothing_new");
  const auto seen = preview("Date,USD,CHF\n2019-04-25,1,1.1368\n" + kEaster.substr(kEaster.find('\n') + 1));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->known, 4U);
  ASSERT_EQ(seen->added.size(), 1U);
  EXPECT_EQ(seen->added[0].chf_per_eur.to_string(), "1.1368");
}

TEST_F(RatesTest, AFileWithAGapIsRefusedWholeWithItsLine) {
  const auto seen = preview(kGap);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->problems.size(), 1U);
  EXPECT_EQ(seen->problems[0].line, 3U);
  EXPECT_EQ(seen->problems[0].code, "rate_file_gap");
  const auto refused = import(kGap);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "rate_file_gap");
  EXPECT_EQ(refused.error().field, "line:3");
  EXPECT_EQ(kept(), 0);
}

TEST_F(RatesTest, AKnownRateIsNeverRewritten) {
  ASSERT_TRUE(import(kEaster));
  const auto refused = import("Date,USD,CHF\n2019-04-18,1.125,1.2383\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "rate_rewritten");
  EXPECT_EQ(kept(), 4);
}

TEST_F(RatesTest, AnswersWithTheLastRateBeforeAHolidayAndNothingBeyondTheTable) {
  ASSERT_TRUE(import(kEaster));
  const auto on = [&](CivilDate date) { return domain.run(domain.services->rates.on(RateSource::ecb, date)); };
  EXPECT_EQ(to_iso(on(civil_date(2019, 4, 22))->date), "2019-04-18") << "Easter Monday";
  EXPECT_EQ(on(civil_date(2019, 4, 16)).error().code, "rate_none_before");
  EXPECT_EQ(on(civil_date(2019, 5, 24)).error().code, "rate_not_yet");
}

TEST_F(RatesTest, AConversionCarriesItsStamp) {
  ASSERT_TRUE(import(kEaster));
  const auto converted = domain.run(
      domain.services->rates.convert({100'00, Currency::eur}, Currency::chf, RateSource::ecb, civil_date(2019, 4, 20)));
  ASSERT_TRUE(converted);
  EXPECT_EQ(converted->converted.minor, 113'83);
  EXPECT_EQ(to_iso(converted->stamp.quote.date), "2019-04-18");
  EXPECT_TRUE(money::verify(*converted));
}

TEST_F(RatesTest, TheOverviewNamesTablesAndWhoImported) {
  ASSERT_TRUE(import(kEaster));
  const auto overview = domain.run(domain.services->rates.overview());
  ASSERT_EQ(overview->tables.size(), 1U);
  EXPECT_EQ(overview->tables[0].count, 4);
  EXPECT_EQ(to_iso(overview->tables[0].latest.date), "2019-04-24");
  ASSERT_EQ(overview->imports.size(), 1U);
  EXPECT_EQ(overview->imports[0].added, 4);
  EXPECT_FALSE(overview->imports[0].by.empty());
  EXPECT_EQ(domain.run(domain.services->rates.list(RateSource::ecb, civil_date(2019, 4, 20)))->size(), 2U);
}

TEST_F(RatesTest, OnlyAdministratorsImport) {
  const Actor other = domain.person("Chargée de mission", "other@example.org");
  EXPECT_EQ(domain.run(domain.services->rates.preview(other, {"a.csv", kEaster})).error().code, "denied");
  EXPECT_EQ(domain.run(domain.services->rates.import(other, {"a.csv", kEaster})).error().code, "denied");
}

}  // namespace
}  // namespace cluse::domain
