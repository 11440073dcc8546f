#include "server/domain/registry/registry.h"
#include "server/domain/territories/data_builder.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::territories {
namespace {

constexpr std::string_view kFile = "swiss-communes.csv";
constexpr std::string_view kBorders = "© swisstopo, swissBOUNDARIES3D; OFS";
constexpr std::string_view kPopulation = "OFS, population résidante permanente";

struct Canton {
  std::string_view code, name, language;
};
constexpr Canton kCantons[] = {{"BE", "Canton de Berne", "multiple"},
                               {"JU", "Canton du Jura", "fr"},
                               {"NE", "Canton de Neuchâtel", "fr"},
                               {"VD", "Canton de Vaud", "fr"}};

// The canton and, where it has districts, the district: the commune's parent.
Key ensure_parent(const Canton& canton, const std::string& district, DataBuilder& builder) {
  const auto source = builder.dated(kBorders);
  const Key above{Scheme::canton, std::string(canton.code)};
  builder.ensure_unit({above, Kind::canton, "CH", std::string(canton.language), {}}, std::string(canton.name), source);
  if (district.empty()) return above;
  const Key unit{Scheme::district, above.code + "/" + district};
  builder.ensure_unit({unit, Kind::district, "CH", "", {}}, district, source);
  builder.add_parent(unit, above, source);
  return unit;
}

void read_commune(const Table& table, const CsvRow& row, DataBuilder& builder) {
  const auto number = registry::parse(registry::NumberKind::ofs_commune, table.at(row, "bfs_nr"));
  if (!number)
    return builder.complain(table.place(row, "bfs_nr"), "territory_row_code",
                            "not a number of the OFS: " + table.at(row, "bfs_nr"));
  const auto* canton = std::find_if(std::begin(kCantons), std::end(kCantons),
                                    [&](const Canton& one) { return one.code == table.at(row, "canton"); });
  if (canton == std::end(kCantons))
    return builder.complain(table.place(row, "canton"), "territory_row_unknown", table.at(row, "canton"));
  const auto& language = table.at(row, "langue");
  if (language != "fr" && language != "de" && language != "multiple")
    return builder.complain(table.place(row, "langue"), "territory_row_code", language);
  const Key unit{Scheme::ofs, number->normalised};
  if (!builder.add_unit(table.place(row, "bfs_nr"), {unit, Kind::commune, "CH", language, {}}, table.at(row, "nom"),
                        builder.dated(kBorders)))
    return;
  builder.add_parent(unit, ensure_parent(*canton, table.at(row, "district"), builder), builder.dated(kBorders));
  for (const auto& [column, vintage] : table.by_year("population_")) {
    const auto inhabitants = read_count(table.at(row, column));
    if (inhabitants)
      builder.add_population(table.place(row, column),
                             {unit, Basis::residante, vintage, builder.perimeter(), *inhabitants, std::nullopt,
                              std::string(kPopulation) + " " + std::to_string(vintage)});
    else builder.complain(table.place(row, column), "territory_row_number", table.at(row, column));
  }
}

}  // namespace

void read_swiss_communes(std::string_view text, DataBuilder& builder) {
  const Table table(kFile, text, {"bfs_nr", "nom", "canton", "district", "langue"}, builder);
  for (const auto& row : table.rows()) read_commune(table, row, builder);
}

}  // namespace cluse::domain::territories
