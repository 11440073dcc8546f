// Aim: the fund for small projects is judged by the words of the call's own year, to the cent. Method: tables over the
// packs that ship; every verdict is also said in all locales (testing.h).

#include "server/domain/rules/testing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

namespace cluse::domain::rules {
namespace {

Facts with(Application application) {
  return Facts{.application = std::move(application)};
}

TEST(Fund, Of2017StopsStrictlyBelow35000Euros) {
  // domain.md row 4: strictly less than 35 000 €.
  const Pack& pack = pack_on("fppt", "2017-03-27");
  const std::pair<std::int64_t, const char*> cases[] = {{0, "met: ceiling_met_strict"},
                                                        {34'999'99, "met: ceiling_met_strict"},
                                                        {35'000'00, "broken: ceiling_broken_strict"},
                                                        {35'000'01, "broken: ceiling_broken_strict"},
                                                        {-1, "unknown: facts_impossible"}};
  for (const auto& [minor, expected] : cases) {
    EXPECT_EQ(said(judged(pack, with({.total_cost = eur(minor)})), "ceiling"), expected) << minor;
  }
  EXPECT_EQ(said(judged(pack, with({})), "ceiling"), "unknown: fact_missing");
}

TEST(Fund, Of2016AllowsExactly35000Euros) {
  // domain.md section 1.6 and conventions: two packs, two verdicts, each by its own words.
  const Pack& pack = pack_on("fppt", "2016-09-01");
  EXPECT_EQ(said(judged(pack, with({.total_cost = eur(35'000'00)})), "ceiling"), "met: ceiling_met");
  EXPECT_EQ(said(judged(pack, with({.total_cost = eur(35'000'01)})), "ceiling"), "broken: ceiling_broken");
}

TEST(Fund, Of2016LimitsShareAidAndTransport) {
  // domain.md section 1.6: aid at most 50 %, at most 6 000 €; transport and meals at most 500 €; envelope 30 000 €.
  const Pack& pack = pack_on("fppt", "2016-09-01");
  const auto verdict = [&](std::int64_t grant, std::int64_t total, std::int64_t transport) {
    const Verdict v =
        judged(pack, with({.total_cost = eur(total), .grant = eur(grant), .transport_and_meals = eur(transport)}));
    return outcome(v, "share") + ' ' + outcome(v, "grant") + ' ' + outcome(v, "transport-and-meals");
  };
  EXPECT_EQ(verdict(6'000'00, 12'000'00, 500'00), "met met met");
  EXPECT_EQ(verdict(6'000'00, 11'999'99, 500'01), "broken met broken");
  EXPECT_EQ(verdict(6'000'01, 12'000'02, 0), "met broken met");
  EXPECT_EQ(verdict(1, 1, 0), "broken met met");
  EXPECT_EQ(outcome(judged(pack, with({.grant = eur(6'000'00), .awarded_before = eur(24'000'00)})), "envelope"), "met");
  EXPECT_EQ(outcome(judged(pack, with({.grant = eur(6'000'00), .awarded_before = eur(24'000'01)})), "envelope"),
            "broken");
}

TEST(Fund, AsksForAtLeastOneOfFourTerritories) {
  // domain.md row 5.
  const Pack& pack = pack_on("fppt", "2017-03-27");
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"doubs-horloger"}, "met"},
      {{"haut-jura-vallee-de-joux", "mont-d-or-chasseron"}, "met"},
      {{"nord-franche-comte-jura", "elsewhere"}, "met"},
      {{"elsewhere"}, "broken"},
      {{}, "broken"},
  };
  for (const auto& [territories, expected] : cases) {
    EXPECT_EQ(outcome(judged(pack, with({.territories = territories})), "place"), expected);
  }
  EXPECT_EQ(outcome(judged(pack, with({})), "place"), "unknown");
}

TEST(Fund, WithABlankEndowmentSaysThatItIsNotKnown) {
  // domain.md row 7 and trap: "Fonds doté de €". The amount is a setting of the call and never a number of ours.
  const Pack& pack = pack_on("fppt", "2017-03-27");
  Facts facts = with({.grant = eur(1'00), .awarded_before = eur(0)});
  EXPECT_EQ(said(judged(pack, facts), "envelope"), "unknown: fact_missing");
  facts.settings.endowment = eur(0);
  EXPECT_EQ(outcome(judged(pack, facts), "envelope"), "broken");
  facts.settings.endowment = eur(1'00);
  EXPECT_EQ(outcome(judged(pack, facts), "envelope"), "met");
}

TEST(Fund, Of2023And2024HasALimitInEachCurrency) {
  // domain.md section 1.6: CHF 10 000 = 10 000 € in 2023, 10 800 € in 2024.
  const auto grant = [](const char* date, Amount amount) {
    return outcome(judged(pack_on("fppt", date), with({.grant = amount})), "grant");
  };
  EXPECT_EQ(grant("2023-05-01", chf(10'000'00)), "met");
  EXPECT_EQ(grant("2023-05-01", chf(10'000'01)), "broken");
  EXPECT_EQ(grant("2023-05-01", eur(10'000'00)), "met");
  EXPECT_EQ(grant("2023-05-01", eur(10'000'01)), "broken");
  EXPECT_EQ(grant("2024-05-01", eur(10'800'00)), "met");
  EXPECT_EQ(grant("2024-05-01", eur(10'800'01)), "broken");
  EXPECT_EQ(grant("2024-05-01", chf(10'000'01)), "broken");
}

TEST(Fund, Since2023WantsPartnersFromBothCountriesAndABudgetOfAtMost100000) {
  const Pack& pack = pack_on("fppt", "2023-05-01");
  EXPECT_EQ(said(judged(pack, with({.partner_countries = {{"CH", "FR"}}})), "partners"), "met: partners_met");
  EXPECT_EQ(said(judged(pack, with({.partner_countries = {{"FR"}}})), "partners"), "broken: partners_broken");
  EXPECT_EQ(said(judged(pack, with({.partner_countries = {{"DE"}}})), "partners"),
            "broken: partners_broken partners_broken");
  EXPECT_EQ(outcome(judged(pack, with({.total_cost = chf(100'000'00)})), "total"), "met");
  EXPECT_EQ(outcome(judged(pack, with({.total_cost = chf(100'000'01)})), "total"), "broken");
}

TEST(Fund, ComparesAfterRoundingInTheCurrencyOfTheLimitByTheFrozenRate) {
  // domain.md conventions: after rounding to the cent in the ceiling's own currency, with the call's frozen rate.
  const Pack& pack = pack_on("fppt", "2017-03-27");
  Facts facts = with({.total_cost = chf(37'922'50)});
  EXPECT_EQ(said(judged(pack, facts), "ceiling"), "unknown: rate_missing");
  facts.settings.rate = Rate{Currency::eur, 10'835, 4};
  EXPECT_EQ(said(judged(pack, facts), "ceiling"), "broken: amount_converted ceiling_broken_strict")
      << "exactly 35 000.00";
  facts.application->total_cost = chf(37'922'49);
  EXPECT_EQ(outcome(judged(pack, facts), "ceiling"), "met") << "34 999.99";
  facts.settings.rate = Rate{Currency::eur, 0, 4};
  EXPECT_EQ(outcome(judged(pack, facts), "ceiling"), "unknown");
}

TEST(Fund, ConvertsHalfAwayFromZero) {
  const std::tuple<Amount, Rate, std::optional<Amount>> cases[] = {
      {eur(100'00), {Currency::eur, 10'835, 4}, chf(108'35)},
      {eur(1), {Currency::eur, 5, 1}, chf(1)},
      {eur(-1), {Currency::eur, 5, 1}, chf(-1)},
      {eur(1), {Currency::eur, 49, 2}, chf(0)},
      {chf(108'35), {Currency::eur, 10'835, 4}, eur(100'00)},
      {eur(100), {Currency::chf, 2, 0}, chf(50)},
      {eur(1), {Currency::eur, -1, 0}, std::nullopt},
      {eur(1), {Currency::eur, 1, 13}, std::nullopt},
      {eur(std::numeric_limits<std::int64_t>::max()), {Currency::eur, 2, 0}, std::nullopt},
  };
  for (const auto& [amount, rate, expected] : cases) {
    EXPECT_EQ(convert(amount, amount.currency == Currency::eur ? Currency::chf : Currency::eur, rate), expected);
  }
}

TEST(Fund, ClosesOnTheDayOfItsCall) {
  // domain.md section 1.6: 15 May 2023, 15 November 2024, 15 April 2025 and 2026, two calls a year.
  const auto closing = [](const char* date, std::optional<Date> call = {}) {
    return said(judged(pack_on("fppt", date), with({.submitted_on = day(date), .call_closes_on = call})), "closing");
  };
  EXPECT_EQ(closing("2023-05-15"), "met: closing_met");
  EXPECT_EQ(closing("2023-05-16"), "broken: closing_broken");
  EXPECT_EQ(closing("2024-05-16"), "met: closing_met") << "in time for the second call of the year";
  EXPECT_EQ(closing("2024-05-16", day("2024-05-15")), "broken: closing_broken");
  EXPECT_EQ(closing("2024-05-10", day("2024-05-14")), "unknown: closing_not_in_pack");
  EXPECT_EQ(closing("2026-04-15"), "met: closing_met");
  EXPECT_EQ(closing("2026-11-16"), "broken: closing_broken");
}

TEST(Fund, AFileOf2017ReopenedTodayIsJudgedByTheRulesOf2017) {
  Facts facts = with({.total_cost = eur(36'000'00)});
  const Verdict then = judged(pack_on("fppt", "2017-06-01"), facts);
  EXPECT_EQ(then.outcome, Outcome::broken);
  // Years later: the stamp of the decision, not the day, finds the rules; those of today would say something else.
  const Pack& same = *shipped().find(then.stamp).value();
  EXPECT_EQ(same.stamp.version, "2017");
  EXPECT_EQ(said(judged(same, facts), "ceiling"), "broken: ceiling_broken_strict");
  EXPECT_EQ(judged(same, facts).stamp, then.stamp);
  EXPECT_EQ(outcome(judged(pack_on("fppt", "2026-03-01"), facts), "total"), "met");
}

RC_GTEST_PROP(FundProperty, ACeilingIsMonotoneAndNeverDependsOnOtherFacts, ()) {
  const auto amount = *rc::gen::inRange<std::int64_t>(0, 80'000'00);
  const auto less = *rc::gen::inRange<std::int64_t>(0, amount + 1);
  const auto run = [](std::int64_t minor, bool more) {
    Application application{.total_cost = eur(minor)};
    if (more) application.territories = {{"doubs-horloger"}};
    const Verdict verdict = evaluate(pack_on("fppt", "2017-06-01"), with(std::move(application)), shipped().holidays());
    return outcome(verdict, "ceiling");
  };
  RC_ASSERT(run(amount, false) == (amount < 35'000'00 ? "met" : "broken"));
  RC_ASSERT(run(amount, true) == run(amount, false));
  if (run(amount, false) == "met") RC_ASSERT(run(less, false) == "met");
}

}  // namespace
}  // namespace cluse::domain::rules
