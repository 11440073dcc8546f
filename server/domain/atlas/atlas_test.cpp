// Aim: contributions and populations as the sources demand (domain.md rows 39 to 41 and "Traps in the sources").
// Method: the demonstration's excerpt of the public data, in a real store.

#include "server/domain/atlas/atlas.h"

#include "server/domain/territories/load.h"
#include "server/domain/testing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace cluse::domain {
namespace {

using territories::Basis;
using territories::Kind;
using territories::Scheme;

constexpr CivilDate kToday = civil_date(2026, 6, 1);

class AtlasTest : public testing::Test {
 protected:
  AtlasTest() {
    const auto data = territories::read_directory(std::filesystem::path(CLUSE_SOURCE_DIR) / "config/demo/territories",
                                                  civil_date(2026, 1, 1));
    for (const auto& bad : data.bad) ADD_FAILURE() << bad.file << ' ' << bad.line << ' ' << bad.reason;
    const auto loaded = domain.database->write_now(
        [&](storage::Transaction& tx) { return territories::load(tx, data, Instant{1'790'000'000'000}); });
    EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().detail);
  }
  Id unit(Scheme scheme, const std::string& code) {
    return domain.run(domain.services->atlas.resolve({scheme, code}, kToday)).value().id;
  }
  Result<Contributions> contributions(int vintage, std::int64_t minor = 100'000'00) {
    ContributionQuestion question;
    question.unit = unit(Scheme::cooperation, "PMNFC");
    question.vintage = vintage;
    question.amount = {minor, money::Currency::eur};
    question.on = kToday;
    return domain.run(domain.services->atlas.contributions(question));
  }

  TestDomain domain;
};

TEST_F(AtlasTest, SplitsContributionsByMunicipalPopulationWithoutLosingACent) {
  // domain.md row 41: 46.08 / 34.20 / 6.91 / 7.76 / 5.06 %.
  const auto split = contributions(2017);
  ASSERT_TRUE(split) << split.error().detail;
  EXPECT_EQ(split->inhabitants, 303'360) << "domain.md row 39";
  ASSERT_EQ(split->shares.size(), 5U);
  std::int64_t sum = 0;
  std::vector<std::int64_t> parts;
  for (const auto& share : split->shares) {
    sum += share.amount.minor;
    parts.push_back(share.amount.minor);
    EXPECT_EQ(share.population.vintage, 2017);
    EXPECT_FALSE(share.population.source.empty());
  }
  EXPECT_EQ(sum, 100'000'00);
  std::ranges::sort(parts);
  EXPECT_EQ(parts, (std::vector<std::int64_t>{5'060'00, 6'909'94, 7'756'79, 34'197'32, 46'075'95}));
}

TEST_F(AtlasTest, ANewerVintageGivesOtherShares) {
  const auto split = contributions(2023);
  ASSERT_TRUE(split) << split.error().detail;
  EXPECT_EQ(split->inhabitants, 299'264);
}

TEST_F(AtlasTest, SplitsNothingIfAFigureIsMissing) {
  EXPECT_EQ(contributions(1999).error().code, "contribution_population_missing");
  ContributionQuestion question;
  question.unit = unit(Scheme::insee, "25388");
  question.vintage = 2017;
  question.amount = {100, money::Currency::eur};
  question.on = kToday;
  EXPECT_EQ(domain.run(domain.services->atlas.contributions(question)).error().code, "contribution_without_members");
}

TEST_F(AtlasTest, FindsByNameWithoutAccentsAndByKind) {
  const auto found = domain.run(domain.services->atlas.search("montbeliard", std::nullopt, kToday));
  ASSERT_TRUE(found);
  EXPECT_GE(found->size(), 2U);
  const auto groups = domain.run(domain.services->atlas.search("", Kind::epci, kToday));
  EXPECT_EQ(groups->size(), 5U);
}

TEST_F(AtlasTest, ShowsTheHistoryOfMoutierAndTheSumsOfThePole) {
  const auto moutier = domain.run(domain.services->atlas.detail(unit(Scheme::ofs, "700"), kToday));
  ASSERT_TRUE(moutier);
  EXPECT_EQ(moutier->unit.name, "Moutier");
  EXPECT_GE(std::ranges::count(moutier->history, territories::Event::What::parent, &territories::Event::what), 2);
  const auto pole = domain.run(domain.services->atlas.detail(unit(Scheme::cooperation, "PMNFC"), kToday));
  ASSERT_TRUE(pole);
  const auto total = [&](int vintage) {
    for (const auto& each : pole->totals)
      if (each.sum.vintage == vintage && each.sum.basis == Basis::municipale) return each.sum.inhabitants;
    return std::int64_t{0};
  };
  EXPECT_EQ(total(2017), 303'360);
  EXPECT_EQ(total(2023), 299'264);
  EXPECT_EQ(domain.run(domain.services->atlas.detail(Id(), kToday)).error().code, "territory_unit_not_found");
}

}  // namespace
}  // namespace cluse::domain
