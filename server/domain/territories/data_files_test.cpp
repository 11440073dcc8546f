// Aim: the public data of the region become rows, and each row that cannot be used is named with its place and reason.
// Method: an excerpt of real rows, the same with one fault at a time, and the whole data where they are at hand.
#include "server/domain/territories/data_files.h"

#include "server/domain/territories/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cluse::domain::territories {
namespace {

struct Texts {
  std::string communes = excerpt_text("communes.csv"), epci = excerpt_text("epci.json");
  std::string series = excerpt_text("epci-series.csv"), swiss = excerpt_text("swiss-communes.csv");

  [[nodiscard]] DataSet parse() const { return parse_data({communes, epci, series, swiss}, kBorders2026); }
};

void replace(std::string& text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

std::int64_t count(const DataSet& data, Kind kind, const std::string& country) {
  return std::count_if(data.units.begin(), data.units.end(),
                       [&](const UnitRow& unit) { return unit.kind == kind && unit.country == country; });
}

std::string words(const DataSet& data) {
  std::string out;
  for (const auto& row : data.bad)
    out += row.file + ":" + std::to_string(row.line) + ":" + row.column + ": " + std::string(row.code) + " " +
           row.reason + "\n";
  return out;
}

TEST(DataFiles, ReadsTheExcerptWithoutAFault) {
  const auto data = Texts().parse();
  EXPECT_EQ(words(data), "");
  EXPECT_EQ(count(data, Kind::commune, "F"), 9);
  EXPECT_EQ(count(data, Kind::commune, "CH"), 7);
  EXPECT_EQ(count(data, Kind::epci, "F"), 6);
  EXPECT_EQ(count(data, Kind::department, "F"), 4);
  EXPECT_EQ(count(data, Kind::region, "F"), 1);
  EXPECT_EQ(count(data, Kind::canton, "CH"), 4);
  EXPECT_EQ(count(data, Kind::district, "CH"), 5) << "Neuchâtel has none";
  EXPECT_EQ(count(data, Kind::cooperation, ""), 1);
  EXPECT_EQ(words(excerpt()), "") << "from the directory as from the texts";
}

// domain.md rows 39, 40: RP 2017 is what the perimeter of 2020 carries; that of 2026 repeats RP 2022.
TEST(DataFiles, KnowsTheVintageOfEachPerimeter) {
  const auto data = Texts().parse();
  const auto figure = [&](int vintage, int perimeter) {
    for (const auto& row : data.populations)
      if (row.unit.code == "200065647" && row.basis == Basis::municipale && row.vintage == vintage &&
          row.perimeter == perimeter)
        return row;
    return PopulationRow{};
  };
  EXPECT_EQ(figure(2017, 2020).inhabitants, 139'776);
  EXPECT_EQ(figure(2017, 2020).communes, 72);
  EXPECT_EQ(figure(2022, 2025).inhabitants, 139'232);
  EXPECT_EQ(figure(2022, 2026).inhabitants, 139'232);
  EXPECT_EQ(figure(2023, 2026).inhabitants, 138'040);
  EXPECT_EQ(figure(2023, 2026).communes, 73);
  EXPECT_EQ(figure(2023, 2026).source, "INSEE, populations de référence 2023");
}

TEST(DataFiles, NamesEveryBadRow) {
  const struct {
    const char* file;
    std::string Texts::*text;
    const char* from;
    const char* to;
    std::size_t line;
    const char* column;
    const char* code;
  } cases[] = {
      {"communes.csv", &Texts::communes, "25388,Mont", "25000,Mont", 4, "code_insee", "territory_row_code"},
      {"communes.csv", &Texts::communes, "25388,Mont", "25192,Mont", 4, "code_insee", "territory_row_duplicate"},
      {"communes.csv", &Texts::communes, "Montbéliard,25", ",25", 4, "nom", "territory_row_empty"},
      {"communes.csv", &Texts::communes, "Montbéliard,25", "Montbéliard,39", 4, "departement", "territory_row_code"},
      {"communes.csv", &Texts::communes, "25388,Montbéliard,25,Doubs,200065647", "25388,Montbéliard,25,Doubs,200065648",
       4, "epci_code", "territory_row_unknown"},
      {"communes.csv", &Texts::communes, "25388,Montbéliard,25,Doubs,200065647", "25388,Montbéliard,25,Doubs,200069052",
       4, "epci_code", "territory_row_disagrees"},
      {"communes.csv", &Texts::communes, "24672", "24 672", 4, "population_2023", "territory_row_number"},
      {"communes.csv", &Texts::communes, "212503882", "212503883", 4, "siren", "territory_row_code"},
      {"communes.csv", &Texts::communes, "24672,", "", 4, "", "territory_row_columns"},
      {"communes.csv", &Texts::communes, "code_insee", "code", 1, "code_insee", "territory_file_columns"},
      {"communes.csv", &Texts::communes, "Montbéliard,25", "\"Montbéliard,25", 4, "", "territory_file_malformed"},
      {"epci.json", &Texts::epci, "\"code\":\"200065647\"", "\"code\":\"200065648\"", 0, "epci[0].code",
       "territory_row_code"},
      {"epci.json", &Texts::epci, "138040", "-1", 0, "epci[0].populationMunicipale2023", "territory_row_number"},
      {"epci.json", &Texts::epci, "139232", "139231", 38, "population_municipale", "territory_row_disagrees"},
      {"epci.json", &Texts::epci, "{", "[", 0, "", "territory_file_malformed"},
      {"epci-series.csv", &Texts::series, "2020,200065647", "2020,200065648", 2, "epci_code", "territory_row_unknown"},
      {"epci-series.csv", &Texts::series, "139776", "139.776", 2, "population_municipale", "territory_row_number"},
      {"swiss-communes.csv", &Texts::swiss, "6831", "7831", 6, "bfs_nr", "territory_row_code"},
      {"swiss-communes.csv", &Texts::swiss, "Moutier,JU", "Moutier,XX", 6, "canton", "territory_row_unknown"},
      {"swiss-communes.csv", &Texts::swiss, "multiple", "it", 2, "langue", "territory_row_code"},
      {"swiss-communes.csv", &Texts::swiss, "bfs_nr", "\xFF", 0, "", "territory_file_malformed"},
  };
  for (const auto& [file, text, from, to, line, column, code] : cases) {
    Texts texts;
    replace(texts.*text, from, to);
    const auto data = texts.parse();
    const bool named = std::any_of(data.bad.begin(), data.bad.end(), [&, line = line](const BadRow& row) {
      return row.line == line && row.column == column && row.code == code && !row.reason.empty();
    });
    EXPECT_TRUE(named) << file << " with " << to << "\n" << words(data);
  }
}

TEST(DataFiles, HaveALimit) {
  Texts texts;
  texts.communes.append(kDataFileBytesMax, '\n');
  texts.epci.append(kDataFileBytesMax, ' ');
  std::string rows = "bfs_nr,nom,canton,district,langue\n";
  for (std::size_t i = 0; i < kDataFileRowsMax; ++i) rows += "1,a,BE,,fr\n";
  texts.swiss = rows;
  const auto data = texts.parse();
  std::vector<std::string> refused;
  for (const auto& row : data.bad)
    if (row.code == "territory_file_too_large") refused.push_back(row.file);
  EXPECT_THAT(refused, testing::UnorderedElementsAre("communes.csv", "epci.json", "swiss-communes.csv"));
}

TEST(DataFiles, SayWhichIsMissing) {
  const storage::TemporaryDirectory empty;
  const auto data = read_directory(empty.path(), kBorders2026);
  EXPECT_TRUE(data.units.empty());
  ASSERT_EQ(data.bad.size(), 4U) << words(data);
  for (const auto& row : data.bad) EXPECT_EQ(row.code, "territory_file_missing") << row.file;
}

TEST(DataFiles, OfTheWholeRegionHaveNoFault) {
  const auto directory = region_data();
  if (!directory) GTEST_SKIP() << "the whole data are not beside this checkout";
  const auto data = read_directory(*directory, kBorders2026);
  EXPECT_EQ(words(data), "");
  EXPECT_EQ(count(data, Kind::commune, "F"), 1567);
  EXPECT_EQ(count(data, Kind::epci, "F"), 52);
  EXPECT_EQ(count(data, Kind::commune, "CH"), 709);
  EXPECT_EQ(count(data, Kind::canton, "CH"), 4);
  EXPECT_EQ(count(data, Kind::cooperation, ""), 3);
}

}  // namespace
}  // namespace cluse::domain::territories
