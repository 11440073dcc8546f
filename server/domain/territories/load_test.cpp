// Aim: loading twice changes nothing, loading next year's files adds next year's changes, and nothing of the past is
// overwritten. Method: the excerpt, and the excerpt changed, in a real SQLite file.
#include "server/domain/territories/load.h"

#include "server/domain/territories/reconcile.h"
#include "server/domain/territories/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace cluse::domain::territories {
namespace {

constexpr CivilDate kNextYear = civil_date(2027, 1, 1);

std::optional<Unit> look(TestRegion& store, const Key& key, CivilDate on) {
  return store.ask([&](storage::Snapshot& snapshot) { return resolve(snapshot, key, on); });
}

TEST(Load, IsIdempotent) {
  TestRegion store;
  const auto data = excerpt();
  const auto first = store.load_now(data);
  ASSERT_TRUE(first.has_value()) << first.error().code << " " << first.error().detail;
  EXPECT_EQ(first->units, data.units.size());
  EXPECT_EQ(first->populations, data.populations.size());
  EXPECT_EQ(first->parents, data.parents.size());
  EXPECT_EQ(store.load_now(data), LoadReport{}) << "nothing is written";
}

TEST(Load, AddsNextYearsChangesAndKeepsThePast) {
  TestRegion store;
  ASSERT_TRUE(store.load_now(excerpt()).has_value());
  auto next = excerpt();
  next.as_of = kNextYear;
  const Key commune{Scheme::insee, "90010"}, other{Scheme::siren, "249000241"};
  for (auto& row : next.names)
    if (row.unit == commune) row.name = "Belfort-Nouveau";
  for (auto& row : next.parents)
    if (row.unit == commune && row.parent.scheme == Scheme::siren) row.parent = other;
  const auto report = store.load_now(next);
  ASSERT_TRUE(report.has_value()) << report.error().detail;
  EXPECT_EQ(*report, (LoadReport{.names = 1, .parents = 1, .ended = 2}));
  EXPECT_EQ(look(store, commune, civil_date(2026, 12, 31))->name, "Belfort");
  EXPECT_EQ(look(store, commune, kNextYear)->name, "Belfort-Nouveau");
  EXPECT_EQ(store.load_now(next), LoadReport{});
  EXPECT_EQ(store.load_now(excerpt()).error().code, "territories_older");
}

TEST(Load, EndsNothingThatAnExcerptDoesNotMention) {
  TestRegion store;
  ASSERT_TRUE(store.load_now(excerpt()).has_value());
  auto part = excerpt();
  const auto is_moutier = [](const auto& row) { return row.unit.code == "6831"; };
  std::erase_if(part.units, [](const UnitRow& unit) { return unit.key.code == "6831"; });
  std::erase_if(part.names, is_moutier);
  std::erase_if(part.codes, is_moutier);
  std::erase_if(part.parents, is_moutier);
  std::erase_if(part.populations, is_moutier);
  EXPECT_EQ(store.load_now(part), LoadReport{});
  EXPECT_EQ(look(store, {Scheme::ofs, "6831"}, kBorders2026)->name, "Moutier");
}

// A known vintage never changes silently: contributions were computed from it (domain.md rows 40, 41).
TEST(Load, RefusesAnotherFigureForAKnownVintage) {
  TestRegion store;
  ASSERT_TRUE(store.load_now(excerpt()).has_value());
  auto changed = excerpt();
  changed.populations.front().inhabitants += 1;
  changed.names.front().name = "Autre nom";
  const auto report = store.load_now(changed);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, "territories_population_changed");
  EXPECT_EQ(store.load_now(excerpt()), LoadReport{}) << "refused whole";
}

TEST(Load, RefusesNothing) {
  TestRegion store;
  EXPECT_EQ(store.load_now(DataSet{}).error().code, "territories_empty");
}

TEST(Load, JoinsHostedTerritories) {
  TestRegion store;
  const Id pole = new_id({1'790'000'000'000}), other = new_id({1'790'000'000'001});
  ASSERT_TRUE(store.database->write_now([&](storage::Transaction& tx) -> Result<bool> {
    const char* insert =
        "INSERT INTO territory (id, name, name_folded, short, country, created_at) VALUES (?, ?, ?, ?, ?, ?)";
    tx.run(insert,
           {pole, "Pôle métropolitain Nord Franche-Comté", "pole metropolitain nord franche comte", "PM", "F", 0});
    tx.run(insert, {other, "Doubs horloger", "doubs horloger", "DH", nullptr, 0});
    return true;
  }));
  const auto report = store.load_now(excerpt());
  ASSERT_TRUE(report.has_value()) << report.error().detail;
  EXPECT_EQ(report->adopted, 2U);
  EXPECT_EQ(look(store, {Scheme::cooperation, "PMNFC"}, kBorders2026)->id, pole) << "same id: workspaces keep theirs";
  EXPECT_EQ(store.ask([&](storage::Snapshot& snapshot) { return children(snapshot, pole, kBorders2026); }).size(), 5U);
  const auto hosted = store.ask([&](storage::Snapshot& snapshot) { return find(snapshot, other, kBorders2026); });
  ASSERT_TRUE(hosted.has_value());
  EXPECT_EQ(hosted->name, "Doubs horloger");
  EXPECT_EQ(hosted->code, std::nullopt);
  EXPECT_EQ(store.load_now(excerpt()), LoadReport{});
}

TEST(Reconcile, DatesWhatItLearns) {
  const std::string always(kAlways), still(kStill);
  const std::vector<Fact> known = {{"a", always, still}};
  const auto steps = reconcile(known, {{"a", {civil_date(2024, 1, 1), std::nullopt}, ""}}, "2026-01-01", Absent::ends);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].what, Step::What::date);
  EXPECT_EQ(steps[0].since, "2024-01-01");
}

TEST(Reconcile, TakesBackWhatWasWrittenOnTheSameDay) {
  const std::vector<Fact> known = {{"a", "0001-01-01", "2026-01-01"}, {"b", "2026-01-01", "9999-12-31"}};
  const auto steps = reconcile(known, {{"c", {}, ""}}, "2026-01-01", Absent::ends);
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].what, Step::What::remove) << "before the insertion, which has the same key";
  EXPECT_EQ(steps[1].what, Step::What::insert);
  EXPECT_EQ(steps[1].from, "2026-01-01");
}

TEST(TerritorySchema, UsesSharedTypesOnly) {
  const std::regex foreign(
      R"(\b(AUTOINCREMENT|WITHOUT ROWID|STRICT|DATETIME|VARCHAR|SERIAL|JSONB?|REAL|BLOB|PRAGMA)\b)");
  EXPECT_FALSE(std::regex_search(std::string(kSchema), foreign));
}

TEST(Load, TakesTheWholeRegion) {
  const auto directory = region_data();
  if (!directory) GTEST_SKIP() << "the whole data are not beside this checkout";
  TestRegion store;
  const auto data = read_directory(*directory, kBorders2026);
  const auto report = store.load_now(data);
  ASSERT_TRUE(report.has_value()) << report.error().code << " " << report.error().detail;
  EXPECT_EQ(report->units, data.units.size());
  EXPECT_EQ(store.load_now(data), LoadReport{});
  const Id jura = look(store, {Scheme::canton, "JU"}, kBorders2026)->id;
  std::int64_t inhabitants = 0;
  store.ask([&](storage::Snapshot& snapshot) {
    for (const auto& district : children(snapshot, jura, kBorders2026))
      inhabitants +=
          total_population(snapshot, district.id, Kind::commune, kBorders2026, Basis::residante, 2023).inhabitants;
    return true;
  });
  EXPECT_EQ(inhabitants, 81'719) << "on the borders of 2026, Moutier included";
}

}  // namespace
}  // namespace cluse::domain::territories
