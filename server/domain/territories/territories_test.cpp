// Aim: territories are what they were on the day one asks about, and a figure never comes without its year. Method: the
// excerpt in a real SQLite file.
#include "server/domain/territories/territories.h"

#include "server/domain/territories/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cluse::domain::territories {
namespace {

constexpr CivilDate kBefore = civil_date(2025, 12, 31), kAfter = civil_date(2026, 1, 1);

class Loaded : public testing::Test {
 protected:
  Loaded() { EXPECT_TRUE(store.load_now(excerpt()).has_value()); }

  Unit at(const Key& key, CivilDate on) {
    const auto unit = store.ask([&](storage::Snapshot& snapshot) { return resolve(snapshot, key, on); });
    EXPECT_TRUE(unit.has_value()) << key.code;
    return unit.value_or(Unit{});
  }
  std::vector<std::string> above(const Key& key, CivilDate on) {
    std::vector<std::string> names;
    const Id id = at(key, on).id;
    for (const auto& one : store.ask([&](storage::Snapshot& snapshot) { return ancestors(snapshot, id, on); }))
      names.push_back(std::to_string(one.distance) + " " + one.unit.name);
    return names;
  }

  TestRegion store;
};

using TerritoriesOfARegion = Loaded;

// Issue: Moutier moved from Berne to Jura on 2026-01-01; old references still resolve, history shows it.
TEST_F(TerritoriesOfARegion, FindMoutierOnBothSidesOfItsMove) {
  const Key now{Scheme::ofs, "6831"}, then{Scheme::ofs, "700"};
  EXPECT_EQ(at(now, kAfter).id, at(then, kBefore).id);
  EXPECT_EQ(at(then, kAfter).name, "Moutier");
  EXPECT_EQ(at(then, kAfter).code, now) << "an old reference leads to the present number";
  EXPECT_EQ(at(now, kBefore).code, then);
  EXPECT_EQ(store.ask([&](storage::Snapshot& snapshot) { return find(snapshot, then, kAfter); }), std::nullopt);
  EXPECT_EQ(store.ask([&](storage::Snapshot& snapshot) { return find(snapshot, now, kBefore); }), std::nullopt);
  EXPECT_THAT(above(now, kBefore), testing::ElementsAre("1 Jura bernois", "2 Canton de Berne"));
  EXPECT_THAT(above(then, kAfter), testing::ElementsAre("1 Moutier", "2 Canton du Jura"));
}

TEST_F(TerritoriesOfARegion, TellTheHistoryOfMoutier) {
  const Id moutier = at({Scheme::ofs, "6831"}, kAfter).id;
  std::vector<std::string> told;
  for (const auto& event : store.ask([&](storage::Snapshot& snapshot) { return history(snapshot, moutier); })) {
    told.push_back(from_text(event.period) + " " + until_text(event.period) + " " + event.value);
    EXPECT_FALSE(event.source.empty()) << event.value;
  }
  EXPECT_THAT(told, testing::ElementsAre("0001-01-01 2026-01-01 ofs 700", "0001-01-01 2026-01-01 Jura bernois",
                                         "0001-01-01 9999-12-31 Moutier", "2026-01-01 9999-12-31 ofs 6831",
                                         "2026-01-01 9999-12-31 Moutier"));
}

// domain.md rows 39, 40 and "Traps in the sources": 303 360 (RP 2017) and 299 264 (2023), never one constant.
TEST_F(TerritoriesOfARegion, SumThePopulationOfNordFrancheComteByVintage) {
  const Id pole = at({Scheme::cooperation, "PMNFC"}, kAfter).id;
  const auto sum = [&](int vintage) {
    return store.ask([&](storage::Snapshot& snapshot) {
      return total_population(snapshot, pole, Kind::epci, kAfter, Basis::municipale, vintage);
    });
  };
  const auto then = sum(2017), now = sum(2023), unknown = sum(1999);
  EXPECT_EQ(then.inhabitants, 303'360);
  EXPECT_EQ(then.communes, 196);
  EXPECT_EQ(then.units, 5);
  EXPECT_THAT(then.sources, testing::ElementsAre("INSEE, populations de référence 2017"));
  EXPECT_EQ(now.inhabitants, 299'264);
  EXPECT_EQ(now.communes, 197);
  EXPECT_THAT(now.sources, testing::ElementsAre("INSEE, populations de référence 2023"));
  EXPECT_TRUE(now.missing.empty());
  EXPECT_EQ(unknown.units, 0);
  EXPECT_EQ(unknown.missing.size(), 5U) << "says that it does not know";
}

TEST_F(TerritoriesOfARegion, ClimbAndDescend) {
  EXPECT_THAT(above({Scheme::insee, "25388"}, kAfter),
              testing::ElementsAre("1 CA Pays de Montbéliard Agglomération", "1 Doubs", "2 Bourgogne-Franche-Comté",
                                   "2 Pôle métropolitain Nord Franche-Comté"));
  EXPECT_THAT(above({Scheme::siren, "247000722"}, kAfter),
              testing::ElementsAre("1 Doubs", "1 Haute-Saône", "1 Pôle métropolitain Nord Franche-Comté",
                                   "2 Bourgogne-Franche-Comté"))
      << "an EPCI may lie in two departments";
  EXPECT_THAT(above({Scheme::ofs, "6458"}, kAfter), testing::ElementsAre("1 Canton de Neuchâtel"));
  const Id group = at({Scheme::siren, "200065647"}, kAfter).id;
  const auto names_below = [&](CivilDate on, std::optional<Kind> kind) {
    std::vector<std::string> names;
    for (const auto& unit : store.ask([&](storage::Snapshot& snapshot) { return children(snapshot, group, on, kind); }))
      names.push_back(unit.name);
    return names;
  };
  EXPECT_THAT(names_below(kAfter, Kind::commune),
              testing::ElementsAre("Abbévillers", "Dampjoux", "Montbéliard", "Valentigney"));
  EXPECT_THAT(names_below(civil_date(2023, 12, 31), std::nullopt),
              testing::ElementsAre("Abbévillers", "Montbéliard", "Valentigney"))
      << "Dampjoux joined with the perimeter of 2024";
  EXPECT_TRUE(names_below(kAfter, Kind::epci).empty());
}

TEST_F(TerritoriesOfARegion, KeepTheNamesOfTheirTime) {
  const Key arcade{Scheme::siren, "243900479"};
  EXPECT_EQ(at(arcade, civil_date(2021, 12, 31)).name, "CC du Haut-Jura (ARCADE)");
  EXPECT_EQ(at(arcade, civil_date(2022, 1, 1)).name, "CC Haut-Jura Arcade Communauté");
}

TEST_F(TerritoriesOfARegion, AreFoundByNameWithoutAccents) {
  const auto names = [&](const std::string& text) {
    std::vector<std::string> found;
    for (const auto& unit : store.ask([&](storage::Snapshot& snapshot) { return search(snapshot, text, kAfter, 20); }))
      found.push_back(std::string(code_of(unit.kind)) + " " + unit.name);
    return found;
  };
  EXPECT_THAT(names("MONTBELIARD"),
              testing::ElementsAre("epci CA Pays de Montbéliard Agglomération", "commune Montbéliard"));
  EXPECT_THAT(names("bienne"), testing::UnorderedElementsAre("commune Biel/Bienne", "district Biel/Bienne"));
  EXPECT_TRUE(names("100 %").empty());
}

TEST_F(TerritoriesOfARegion, ShowAPopulationWithItsYearAndBorders) {
  const Id moutier = at({Scheme::ofs, "6831"}, kAfter).id;
  const auto figures = store.ask([&](storage::Snapshot& snapshot) { return populations(snapshot, moutier); });
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_EQ(figures[0].inhabitants, 7171);
  EXPECT_EQ(figures[0].vintage, 2023);
  EXPECT_EQ(figures[0].perimeter, 2026);
  EXPECT_EQ(figures[0].basis, Basis::residante);
}

TEST(Kinds, RoundTripThroughTheirNames) {
  for (int i = 0; i < 7; ++i) EXPECT_EQ(parse_kind(code_of(static_cast<Kind>(i))), static_cast<Kind>(i));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(parse_scheme(code_of(static_cast<Scheme>(i))), static_cast<Scheme>(i));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(parse_basis(code_of(static_cast<Basis>(i))), static_cast<Basis>(i));
  EXPECT_EQ(parse_kind("county"), std::nullopt);
}

}  // namespace
}  // namespace cluse::domain::territories
