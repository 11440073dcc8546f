// Aim: a rate is dated, sourced and never rewritten, and a converted amount keeps its own for ever (Jems'
// BrokenReportCurrencyCheck is the failure to avoid: a resubmission that changed frozen rates).
#include "server/domain/money/rates.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace cluse::domain::money {
namespace {

using std::chrono::days;

Decimal decimal(std::string_view text) {
  return *Decimal::parse(text);
}

// Real rates of the bank around Good Friday (2019-04-19) and Easter Monday (2019-04-22).
std::vector<Rate> easter_2019() {
  return {{civil_date(2019, 4, 17), decimal("1.14")},
          {civil_date(2019, 4, 18), decimal("1.1383")},
          {civil_date(2019, 4, 23), decimal("1.147")},
          {civil_date(2019, 4, 24), decimal("1.1416")}};
}

RateTable table() {
  RateTable table(RateSource::ecb);
  EXPECT_EQ(table.append(easter_2019()), 4U);
  return table;
}

TEST(Decimal, KeepsWhatItsSourceWrote) {
  for (const char* text : {"1.1383", "1.10", "0.000000001", "10", "999999999999"})
    EXPECT_EQ(decimal(text).to_string(), text);
  EXPECT_EQ(decimal("1.10"), decimal("1.1"));
  EXPECT_NE(decimal("1.10"), decimal("1.11"));
  for (const char* text : {"", "0", "0.000", "-1", "+1", "1,5", "1.", ".5", "1.2.3", "N/A", "1e3", "1 000", "nan",
                           "1234567890123", "0.0000000001"})
    EXPECT_FALSE(Decimal::parse(text).has_value()) << text;
}

TEST(RateTable, AnswersTheLastRatePublishedOnOrBefore) {
  const auto rates = table();
  EXPECT_EQ(rates.on(civil_date(2019, 4, 18))->date, civil_date(2019, 4, 18));
  const auto good_friday = rates.on(civil_date(2019, 4, 19));
  ASSERT_TRUE(good_friday.has_value());
  EXPECT_EQ(good_friday->date, civil_date(2019, 4, 18)) << "the date of the rate, not of the question";
  EXPECT_EQ(good_friday->chf_per_eur, decimal("1.1383"));
  EXPECT_EQ(good_friday->source, RateSource::ecb);
}

TEST(RateTable, SaysWhenItDoesNotKnow) {
  const auto rates = table();
  EXPECT_EQ(rates.on(civil_date(2019, 4, 16)).error().code, "rate_none_before");
  EXPECT_TRUE(rates.on(civil_date(2019, 4, 25)).has_value()) << "before the hour of publication";
  EXPECT_EQ(rates.on(civil_date(2019, 4, 26)).error().code, "rate_not_yet") << "the rate of the 25th is missing";
  EXPECT_EQ(RateTable(RateSource::ecb).on(civil_date(2019, 4, 16)).error().code, "rate_none_before");
}

TEST(RateTable, OnlyEverGrowsAtItsEnds) {
  auto rates = table();
  EXPECT_EQ(rates.append(easter_2019()), 0U) << "repeating what is known is harmless";
  EXPECT_EQ(rates.append({{civil_date(2019, 4, 18), decimal("1.1384")}}).error().code, "rate_rewritten");
  EXPECT_EQ(rates.append({{civil_date(2019, 4, 19), decimal("1.1")}}).error().code, "rate_fills_past");
  EXPECT_EQ(rates.append({{civil_date(2019, 4, 26), decimal("1.1372")}}).error().code, "rate_gap");
  EXPECT_EQ(rates.append({{civil_date(2019, 4, 15), decimal("1.1345")}}).error().code, "rate_gap");
  EXPECT_EQ(rates.append({{civil_date(2019, 4, 25), decimal("11.368")}}).error().code, "rate_implausible");
  const Rate later{civil_date(2019, 4, 25), decimal("1.1368")}, earlier{civil_date(2019, 4, 16), decimal("1.1371")};
  EXPECT_EQ(rates.append({later, earlier}).error().code, "rate_out_of_order");
  EXPECT_EQ(rates.rates().size(), 4U) << "refused whole";
  EXPECT_EQ(rates.append({earlier, later}), 2U);
}

TEST(RateTable, OfInfoEuroKnowsMonths) {
  RateTable rates(RateSource::infoeuro);
  ASSERT_TRUE(
      rates.append({{civil_date(2024, 12, 1), decimal("0.9324")}, {civil_date(2025, 1, 1), decimal("0.9387")}}));
  EXPECT_EQ(rates.on(civil_date(2024, 12, 31))->date, civil_date(2024, 12, 1));
  EXPECT_EQ(rates.on(civil_date(2025, 1, 31))->date, civil_date(2025, 1, 1));
  EXPECT_EQ(rates.on(civil_date(2025, 2, 1)).error().code, "rate_not_yet");
  EXPECT_EQ(rates.append({{civil_date(2025, 3, 1), decimal("0.94")}}).error().code, "rate_gap");
  EXPECT_EQ(rates.append({{civil_date(2025, 2, 2), decimal("0.94")}}).error().code, "rate_date_invalid");
}

TEST(Calendar, KnowsWhenTheBankPublishes) {
  for (const auto& closed :
       {civil_date(2024, 1, 1), civil_date(2024, 3, 29), civil_date(2024, 4, 1), civil_date(2024, 5, 1),
        civil_date(2024, 12, 25), civil_date(2024, 12, 26), civil_date(2026, 11, 21), civil_date(2026, 11, 22)})
    EXPECT_FALSE(is_target_business_day(closed)) << to_iso(closed);
  for (const auto& open : {civil_date(2024, 3, 28), civil_date(2024, 4, 2), civil_date(2024, 7, 14) + days(1),
                           civil_date(2024, 8, 1), civil_date(2024, 12, 24), civil_date(2024, 12, 31)})
    EXPECT_TRUE(is_target_business_day(open)) << to_iso(open);
}

TEST(Calendar, FindsTheMissingPublication) {
  EXPECT_EQ(missing_between(RateSource::ecb, civil_date(2019, 4, 18), civil_date(2019, 4, 23)), std::nullopt);
  EXPECT_EQ(missing_between(RateSource::ecb, civil_date(2019, 4, 17), civil_date(2019, 4, 23)),
            civil_date(2019, 4, 18));
  EXPECT_EQ(missing_between(RateSource::ecb, civil_date(2001, 12, 28), civil_date(2002, 1, 2)), std::nullopt);
  EXPECT_EQ(missing_between(RateSource::ecb, civil_date(2001, 12, 27), civil_date(2002, 1, 2)),
            civil_date(2001, 12, 28));
  EXPECT_EQ(missing_between(RateSource::infoeuro, civil_date(2024, 11, 1), civil_date(2025, 1, 1)),
            civil_date(2024, 12, 1));
}

TEST(Conversion, CarriesItsStampBothWays) {
  const auto quote = table().on(civil_date(2019, 4, 19)).value();
  const Amount euros{100'000, Currency::eur, TaxBasis::ht};
  const auto francs = convert(euros, Currency::chf, quote).value();
  EXPECT_EQ(francs.converted, (Amount{113'830, Currency::chf, TaxBasis::ht}));
  EXPECT_EQ(francs.stamp, (RateStamp{quote, Direction::eur_to_chf}));
  const auto back = convert(francs.converted, Currency::eur, quote).value();
  EXPECT_EQ(back.converted, euros);
  EXPECT_EQ(back.stamp.direction, Direction::chf_to_eur);
  EXPECT_EQ(convert({1000, Currency::chf, TaxBasis::none}, Currency::eur, quote)->converted.minor, 879)
      << "1000 ÷ 1.1383 = 878,503…";
  EXPECT_EQ(convert(euros, Currency::eur, quote).error().code, "conversion_needless");
}

TEST(Conversion, KeepsItsRateWhenTheTableGrows) {
  auto rates = table();
  const auto before = convert({100'000, Currency::eur, {}}, Currency::chf, *rates.on(civil_date(2019, 4, 25))).value();
  ASSERT_TRUE(rates.append({{civil_date(2019, 4, 25), decimal("1.1368")}}));
  const auto after = convert({100'000, Currency::eur, {}}, Currency::chf, *rates.on(civil_date(2019, 4, 25))).value();
  EXPECT_NE(before.converted, after.converted);
  EXPECT_EQ(before.stamp.quote.date, civil_date(2019, 4, 24));
  EXPECT_TRUE(verify(before).has_value()) << "its own stamp still yields it";
}

TEST(Conversion, NoticesThatItWasAltered) {
  auto amount = convert({100'000, Currency::eur, {}}, Currency::chf, *table().on(civil_date(2019, 4, 18))).value();
  EXPECT_TRUE(verify(amount).has_value());
  amount.stamp.quote.chf_per_eur = decimal("1.1384");
  EXPECT_EQ(verify(amount).error().code, "conversion_altered");
}

// domain.md 1.6: the fund's call of 2023 counted CHF 10 000 as 10 000 €, that of 2024 as 10 800 €: per call, by
// decision.
TEST(FixedRate, StandsOnTheWordsOfADecision) {
  const auto quote = fixed_rate(decimal("1"), civil_date(2023, 4, 1), "Appel à projets 2023, règlement, article 4");
  ASSERT_TRUE(quote.has_value());
  EXPECT_EQ(quote->source, RateSource::fixed);
  EXPECT_EQ(convert({1'000'000, Currency::chf, {}}, Currency::eur, *quote)->converted.minor, 1'000'000);
  EXPECT_EQ(fixed_rate(decimal("1"), civil_date(2023, 4, 1), " \n").error().code, "rate_without_decision");
  EXPECT_EQ(fixed_rate(decimal("1"), civil_date(2023, 4, 1), std::string(kDecisionBytesMax + 1, 'x')).error().code,
            "rate_decision_too_long");
  EXPECT_EQ(fixed_rate(decimal("96.34"), civil_date(2023, 4, 1), "Appel").error().code, "rate_implausible");
}

RC_GTEST_PROP(ConversionLaws, VerifiesWhateverItMakes, (std::int64_t minor)) {
  const auto digits = *rc::gen::inRange(1'000, 99'999);
  const auto rate = decimal(std::to_string(digits / 10'000) + "." + std::to_string(10'000 + digits % 10'000).substr(1));
  const Amount amount{minor / 100, *rc::gen::element(Currency::eur, Currency::chf), TaxBasis::none};
  const auto to = amount.currency == Currency::eur ? Currency::chf : Currency::eur;
  const auto converted = convert(amount, to, {RateSource::ecb, civil_date(2024, 1, 2), rate, ""}).value();
  RC_ASSERT(verify(converted).has_value());
  RC_ASSERT(converted.original == amount);
}

}  // namespace
}  // namespace cluse::domain::money
