// Aim: money is never lost, made or mixed. Method: hand-computed cases, and the laws of arithmetic as properties
// (rapidcheck; a failure prints RC_PARAMS="reproduce=…", which replays it).
#include "server/domain/money/amount.h"

#include "server/domain/money/wide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <numeric>

namespace cluse::domain::money {
namespace {

using testing::ElementsAre;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

Amount eur(std::int64_t minor) {
  return {minor, Currency::eur, TaxBasis::none};
}
Amount chf(std::int64_t minor) {
  return {minor, Currency::chf, TaxBasis::none};
}
Amount ht(std::int64_t minor) {
  return {minor, Currency::eur, TaxBasis::ht};
}
Amount ttc(std::int64_t minor) {
  return {minor, Currency::eur, TaxBasis::ttc};
}
Ratio ratio(std::int64_t numerator, std::int64_t denominator) {
  return *Ratio::make(numerator, denominator);
}
std::vector<std::int64_t> minors(const Result<std::vector<Amount>>& parts) {
  std::vector<std::int64_t> out;
  for (const auto& part : parts.value()) out.push_back(part.minor);
  return out;
}

TEST(Amount, RefusesMixedCurrencies) {
  EXPECT_EQ(add(eur(1), chf(1)).error().code, "money_currencies_differ");
  EXPECT_EQ(subtract(eur(1), chf(1)).error().code, "money_currencies_differ");
  EXPECT_EQ(compare(eur(1), chf(1)).error().code, "money_currencies_differ");
  EXPECT_EQ(sum(std::vector{eur(1), chf(1)}).error().code, "money_currencies_differ");
}

// domain.md row 61: the flag HT/TTC is mandatory.
TEST(Amount, RefusesMixedTaxBases) {
  EXPECT_EQ(add(ht(1), ttc(1)).error().code, "money_tax_bases_differ");
  EXPECT_EQ(add(ht(1), eur(1)).error().code, "money_tax_bases_differ");
  EXPECT_EQ(compare(ttc(1), eur(1)).error().code, "money_tax_bases_differ");
  EXPECT_EQ(add(ht(17'555'532'900), ht(1)), ht(17'555'532'901));
}

TEST(Amount, RefusesWhatDoesNotFit) {
  EXPECT_EQ(add(eur(kMax), eur(1)).error().code, "money_overflow");
  EXPECT_EQ(subtract(eur(kMin), eur(1)).error().code, "money_overflow");
  EXPECT_EQ(negate(eur(kMin)).error().code, "money_overflow");
  EXPECT_EQ(multiply(eur(kMax), ratio(2, 1)).error().code, "money_overflow");
  EXPECT_EQ(sum(std::vector{eur(kMax), eur(1), eur(-1)}), eur(kMax)) << "only the total counts";
  EXPECT_EQ(sum(std::vector<Amount>{}).error().code, "money_nothing_to_sum");
  EXPECT_EQ(multiply(eur(kMin), ratio(kMax, kMax)), eur(kMin));
}

TEST(Amount, ComparesWhatIsComparable) {
  EXPECT_EQ(compare(eur(3'499'999), eur(3'500'000)), std::strong_ordering::less);
  EXPECT_EQ(compare(chf(5), chf(5)), std::strong_ordering::equal);
}

// domain.md, conventions: half away from zero to the cent.
TEST(Amount, RoundsHalfAwayFromZero) {
  const struct {
    std::int64_t minor, numerator, denominator, expected;
  } cases[] = {
      {1, 1, 2, 1},       {-1, 1, 2, -1},
      {3, 1, 2, 2},       {-3, 1, 2, -2},
      {1, 1, 3, 0},       {2, 1, 3, 1},
      {-2, 1, 3, -1},     {5, 1, 10, 1},
      {4, 1, 10, 0},      {100, 1, 3, 33},
      {0, 7, 9, 0},       {1, -1, 2, -1},
      {250, 19, 1000, 5}, {kMax, 1, 2, kMax / 2 + 1},
  };
  for (const auto& [minor, numerator, denominator, expected] : cases)
    EXPECT_EQ(multiply(eur(minor), ratio(numerator, denominator)), eur(expected)) << minor << "×" << numerator;
}

TEST(Amount, AddsAndRemovesTax) {
  EXPECT_EQ(with_tax(ht(10'000), ratio(1, 5)), ttc(12'000));
  EXPECT_EQ(without_tax(ttc(12'000), ratio(1, 5)), ht(10'000));
  EXPECT_EQ(with_tax(ht(999), ratio(81, 1000)), ttc(1080)) << "8,1 %: 80,919 cents";
  EXPECT_EQ(with_tax(ttc(1), ratio(1, 5)).error().code, "money_tax_basis_wrong");
  EXPECT_EQ(without_tax(eur(1), ratio(1, 5)).error().code, "money_tax_basis_wrong");
  EXPECT_EQ(with_tax(ht(1), ratio(-1, 5)).error().code, "ratio_invalid");
  EXPECT_EQ(without_tax(ttc(1), ratio(kMax, 1)).error().code, "ratio_invalid");
}

TEST(Ratio, IsKeptInLowestTerms) {
  EXPECT_EQ(ratio(6, -4).numerator(), -3);
  EXPECT_EQ(ratio(6, -4).denominator(), 2);
  EXPECT_EQ(ratio(0, 7).denominator(), 1);
  for (const auto& [n, d] : {std::pair{kMax, std::int64_t{0}}, {kMin, std::int64_t{3}}, {std::int64_t{3}, kMin}})
    EXPECT_EQ(Ratio::make(n, d).error().code, "ratio_invalid") << n << "/" << d;
}

// domain.md row 41: the five EPCI of the Pôle métropolitain by their municipal populations of row 39 (RP 2017, row 40).
// Of 10 000 000 cents: 139 776 × 10^7 ÷ 303 360 = 4 607 594 rest 284 160; 103 741: 3 419 732 rest 100 480;
// 20 962: 690 994 rest 60 160; 23 531: 775 679 rest 18 560; 15 350: 505 999 rest 143 360. Certain: 9 999 998; the two
// cents left go to the largest rests, the first and the last EPCI.
TEST(Split, SharesTheContributionsOfTheFiveEpci) {
  const std::vector<std::int64_t> populations = {139'776, 103'741, 20'962, 23'531, 15'350};
  ASSERT_EQ(std::accumulate(populations.begin(), populations.end(), std::int64_t{0}), 303'360);
  EXPECT_THAT(minors(split(eur(10'000'000), populations)),
              ElementsAre(4'607'595, 3'419'732, 690'994, 775'679, 506'000));
}

// domain.md, conventions: ties go to the party named first.
TEST(Split, GivesTiesToThePartyNamedFirst) {
  EXPECT_THAT(minors(split(eur(100), std::vector<std::int64_t>{1, 1, 1})), ElementsAre(34, 33, 33));
  EXPECT_THAT(minors(split(eur(-100), std::vector<std::int64_t>{1, 1, 1})), ElementsAre(-34, -33, -33));
  EXPECT_THAT(minors(split(eur(2), std::vector<std::int64_t>{0, 1, 1, 1})), ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(minors(split(eur(0), std::vector<std::int64_t>{1, 2})), ElementsAre(0, 0));
  EXPECT_THAT(minors(split(eur(kMin), std::vector<std::int64_t>{0, kMax})), ElementsAre(0, kMin));
}

TEST(Split, RefusesWeightsThatSayNothing) {
  EXPECT_EQ(split(eur(1), {}).error().code, "split_weights_invalid");
  EXPECT_EQ(split(eur(1), std::vector<std::int64_t>{0, 0}).error().code, "split_weights_invalid");
  EXPECT_EQ(split(eur(1), std::vector<std::int64_t>{2, -1}).error().code, "split_weights_invalid");
  EXPECT_EQ(split(eur(1), std::vector<std::int64_t>(kSplitPartsMax + 1, 1)).error().code, "split_too_many");
}

// Any amounts at all, the largest included.
RC_GTEST_PROP(SplitLaws, AlwaysSumsAndIsFairToTheCent, ()) {
  const auto total = *rc::gen::arbitrary<std::int64_t>();
  auto weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::oneOf(rc::gen::inRange<std::int64_t>(0, 200'000), rc::gen::inRange<std::int64_t>(0, kMax))));
  weights.back() += weights.back() == 0 ? 1 : 0;
  const auto parts = split(chf(total), weights).value();
  RC_ASSERT(sum(parts).value() == chf(total));
  Wide all = 0;
  for (const auto weight : weights) all += weight;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // Within a cent of the exact share, on the side of zero that the amount is on; nothing for no weight.
    const Wide magnitude = total < 0 ? -Wide{total} : Wide{total};
    const Wide part = total < 0 ? -Wide{parts[i].minor} : Wide{parts[i].minor};
    const Wide certain = magnitude * weights[i] / all;
    RC_ASSERT(part >= certain);
    RC_ASSERT(part <= certain + 1);
    RC_ASSERT(weights[i] != 0 || part == 0);
  }
}

RC_GTEST_PROP(AmountLaws, AdditionCommutesAndSubtractionUndoesIt, (std::int64_t a, std::int64_t b)) {
  const auto there = add(eur(a), eur(b));
  const auto other = add(eur(b), eur(a));
  RC_ASSERT(there.has_value() == other.has_value());
  if (!there) return;
  RC_ASSERT(*there == *other);
  RC_ASSERT(subtract(*there, eur(b)).value() == eur(a));
}

RC_GTEST_PROP(AmountLaws, MultiplicationIsOddAndWithinHalfACent, (std::int64_t minor)) {
  const auto n = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000);
  const auto d = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
  minor /= 2'000'000;
  const auto product = multiply(eur(minor), ratio(n, d)).value();
  RC_ASSERT(multiply(eur(-minor), ratio(n, d)).value() == eur(-product.minor));
  const Wide off = (Wide{product.minor} * d - Wide{minor} * n) * 2;
  RC_ASSERT(off <= d);
  RC_ASSERT(off >= -Wide{d});
}

}  // namespace
}  // namespace cluse::domain::money
