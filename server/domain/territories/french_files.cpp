#include "server/domain/registry/registry.h"
#include "server/domain/territories/data_builder.h"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace cluse::domain::territories {
namespace {

namespace json = boost::json;

constexpr std::string_view kCommunes = "communes.csv", kEpci = "epci.json", kSeries = "epci-series.csv";
constexpr std::string_view kBorders = "INSEE, COG; DGCL, périmètre des EPCI";
constexpr std::string_view kPopulation = "INSEE, populations de référence";

// INSEE, code officiel géographique: the departments that the communes and EPCI of the files lie in.
struct Department {
  std::string_view code, name, region;
};
constexpr Department kDepartments[] = {
    {"01", "Ain", "84"},          {"25", "Doubs", "27"},
    {"39", "Jura", "27"},         {"69", "Rhône", "84"},
    {"70", "Haute-Saône", "27"},  {"71", "Saône-et-Loire", "27"},
    {"74", "Haute-Savoie", "84"}, {"90", "Territoire de Belfort", "27"},
};
constexpr std::pair<std::string_view, std::string_view> kRegions[] = {{"27", "Bourgogne-Franche-Comté"},
                                                                      {"84", "Auvergne-Rhône-Alpes"}};

Key key(Scheme scheme, std::string_view code) {
  return {scheme, std::string(code)};
}

bool is_number(registry::NumberKind kind, std::string_view text) {
  const auto number = registry::parse(kind, text);
  return number && number->normalised == text;
}

// Makes the department, its region and the link; `name` for one that the table above does not know.
void ensure_department(std::string_view code, std::string_view name, DataBuilder& builder) {
  const auto source = builder.dated("INSEE, COG");
  const auto* known = std::find_if(std::begin(kDepartments), std::end(kDepartments),
                                   [&](const Department& one) { return one.code == code; });
  const bool is_known = known != std::end(kDepartments);
  builder.ensure_unit({key(Scheme::department, code), Kind::department, "F", "fr", {}},
                      std::string(is_known ? known->name : name), source);
  if (!is_known) return;
  for (const auto& [region, region_name] : kRegions) {
    if (region != known->region) continue;
    builder.ensure_unit({key(Scheme::region, region), Kind::region, "F", "fr", {}}, std::string(region_name), source);
    builder.add_parent(key(Scheme::department, code), key(Scheme::region, region), source);
  }
}

std::string text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

std::vector<std::string> texts_at(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = object.if_contains(name);
  if (const auto* array = value != nullptr ? value->if_array() : nullptr)
    for (const auto& one : *array)
      if (const auto* text = one.if_string()) texts.emplace_back(*text);
  return texts;
}

std::optional<int> count_of(const json::value* value) {
  const auto* number = value != nullptr ? value->if_int64() : nullptr;
  return number != nullptr && *number >= 0 && *number < 1'000'000'000 ? std::optional(static_cast<int>(*number))
                                                                      : std::nullopt;
}

// Reads epci.json: the object that holds everything, and the communes that each EPCI names.
class EpciFile {
 public:
  explicit EpciFile(DataBuilder& builder) : builder_(builder), source_(builder.dated(kBorders)) {}

  void read(const json::object& file) {
    read_cooperations(file);
    const auto* list = file.if_contains("epci");
    const auto* epci = list != nullptr ? list->if_array() : nullptr;
    if (epci == nullptr) return builder_.complain({kEpci, 0, "epci"}, "territory_file_columns", "no such list");
    for (std::size_t i = 0; i < epci->size() && i < kDataFileRowsMax; ++i) {
      const std::string path = "epci[" + std::to_string(i) + "]";
      if (const auto* one = (*epci)[i].if_object()) read_epci(*one, path);
      else builder_.complain({kEpci, 0, path}, "territory_row_columns", "not an object");
    }
  }

 private:
  void read_cooperations(const json::object& file) {
    const auto* list = file.if_contains("territoires");
    const auto* territories = list != nullptr ? list->if_array() : nullptr;
    for (std::size_t i = 0; territories != nullptr && i < territories->size() && i < kDataFileRowsMax; ++i) {
      const auto* one = (*territories)[i].if_object();
      const std::string path = "territoires[" + std::to_string(i) + "].code";
      const std::string code = one != nullptr ? text_at(*one, "code") : "";
      if (code.empty()) {
        builder_.complain({kEpci, 0, path}, "territory_row_code", "no code");
        continue;
      }
      builder_.add_unit({kEpci, 0, path}, {key(Scheme::cooperation, code), Kind::cooperation, "", "fr", {}},
                        text_at(*one, "nom"), text_at(*one, "source"));
    }
  }

  void read_epci(const json::object& epci, const std::string& path) {
    const std::string code = text_at(epci, "code");
    const Key unit = key(Scheme::siren, code);
    if (!is_number(registry::NumberKind::siren, code))
      return builder_.complain({kEpci, 0, path + ".code"}, "territory_row_code", "not a SIREN: " + code);
    if (!builder_.add_unit({kEpci, 0, path + ".code"}, {unit, Kind::epci, "F", "fr", {}}, text_at(epci, "nom"),
                           source_))
      return;
    for (const auto& department : texts_at(epci, "departements")) {
      ensure_department(department, department, builder_);
      builder_.add_parent(unit, key(Scheme::department, department), source_);
    }
    for (const auto& territory : texts_at(epci, "territoires")) {
      if (!builder_.has(key(Scheme::cooperation, territory)))
        builder_.complain({kEpci, 0, path + ".territoires"}, "territory_row_unknown", territory);
      builder_.add_parent(unit, key(Scheme::cooperation, territory), source_);
    }
    for (const auto& commune : texts_at(epci, "communes"))
      builder_.add_parent(key(Scheme::insee, commune), unit, source_);
    read_populations(epci, unit, path);
  }

  void read_populations(const json::object& epci, const Key& unit, const std::string& path) {
    const auto communes = count_of(epci.if_contains("nbCommunes"));
    if (!communes) builder_.complain({kEpci, 0, path + ".nbCommunes"}, "territory_row_number", "not a count");
    for (const auto& [name, value] : epci) {
      for (const auto& [prefix, basis] : {std::pair<std::string_view, Basis>{"populationMunicipale", Basis::municipale},
                                          {"populationTotale", Basis::totale}}) {
        if (!std::string_view(name).starts_with(prefix)) continue;
        const auto vintage = read_count(std::string_view(name).substr(prefix.size()));
        const auto inhabitants = count_of(&value);
        const Place place{kEpci, 0, path + "." + std::string(name)};
        if (!vintage || !inhabitants) {
          builder_.complain(place, "territory_row_number", json::serialize(value).substr(0, 40));
          continue;
        }
        builder_.add_population(place, {unit, basis, *vintage, builder_.perimeter(), *inhabitants, communes,
                                        std::string(kPopulation) + " " + std::to_string(*vintage)});
      }
    }
  }

  DataBuilder& builder_;
  const std::string source_;
};

// One line of communes.csv, or a complaint.
void read_commune(const Table& table, const CsvRow& row, DataBuilder& builder) {
  const auto source = builder.dated(kBorders);
  const auto& code = table.at(row, "code_insee");
  const auto &department = table.at(row, "departement"), &epci = table.at(row, "epci_code");
  if (!is_number(registry::NumberKind::insee_commune, code))
    return builder.complain(table.place(row, "code_insee"), "territory_row_code", "not a code of a commune: " + code);
  if (!code.starts_with(department) || department.size() < 2)
    return builder.complain(table.place(row, "departement"), "territory_row_code", department + " for " + code);
  const Key unit = key(Scheme::insee, code), group = key(Scheme::siren, epci);
  // Four communes of France, all islands, belong to none.
  if (!epci.empty() && !builder.has(group))
    return builder.complain(table.place(row, "epci_code"), "territory_row_unknown", epci);
  if (!epci.empty() && !builder.has_parent(unit, group))
    return builder.complain(table.place(row, "epci_code"), "territory_row_disagrees", epci + " does not name " + code);
  if (!builder.add_unit(table.place(row, "code_insee"), {unit, Kind::commune, "F", "fr", {}}, table.at(row, "nom"),
                        source))
    return;
  ensure_department(department, table.at(row, "departement_nom"), builder);
  builder.add_parent(unit, key(Scheme::department, department), source);
  const auto& siren = table.at(row, "siren");
  if (is_number(registry::NumberKind::siren, siren))
    builder.add_code(unit, key(Scheme::siren, siren), builder.dated("INSEE, Sirene"));
  else builder.complain(table.place(row, "siren"), "territory_row_code", "not a SIREN: " + siren);
  for (const auto& [column, vintage] : table.by_year("population_")) {
    const auto inhabitants = read_count(table.at(row, column));
    if (inhabitants)
      builder.add_population(table.place(row, column),
                             {unit, Basis::municipale, vintage, builder.perimeter(), *inhabitants, std::nullopt,
                              std::string(kPopulation) + " " + std::to_string(vintage)});
    else builder.complain(table.place(row, column), "territory_row_number", table.at(row, column));
  }
}

struct SeriesRow {
  int perimeter = 0, municipale = 0, totale = 0, communes = 0;
  std::string name;
  const CsvRow* row = nullptr;
};
using Series = std::map<Key, std::map<int, SeriesRow>>;

Series read_series(const Table& table, DataBuilder& builder) {
  Series series;
  for (const auto& row : table.rows()) {
    const Key unit = key(Scheme::siren, table.at(row, "epci_code"));
    const auto year = read_count(table.at(row, "annee_perimetre"));
    const auto municipale = read_count(table.at(row, "population_municipale"));
    const auto totale = read_count(table.at(row, "population_totale")),
               communes = read_count(table.at(row, "nb_communes"));
    if (!builder.has(unit)) {
      builder.complain(table.place(row, "epci_code"), "territory_row_unknown", unit.code);
    } else if (!year || *year < 1800 || *year > 9999 || !municipale || !totale || !communes) {
      builder.complain(table.place(row, !year         ? "annee_perimetre"
                                        : !municipale ? "population_municipale"
                                        : !totale     ? "population_totale"
                                                      : "nb_communes"),
                       "territory_row_number", "not a number");
    } else if (!series[unit]
                    .try_emplace(*year,
                                 SeriesRow{*year, *municipale, *totale, *communes, table.at(row, "epci_nom"), &row})
                    .second) {
      builder.complain(table.place(row, "annee_perimetre"), "territory_row_duplicate", std::to_string(*year));
    }
  }
  return series;
}

// The vintage of each perimeter: three years before, unless every EPCI has the figures of the year before.
std::map<int, int> vintages_of(const Series& series) {
  std::map<int, bool> repeats;
  for (const auto& [unit, years] : series) {
    for (const auto& [year, row] : years) {
      const auto before = years.find(year - 1);
      const bool same =
          before != years.end() && before->second.municipale == row.municipale && before->second.totale == row.totale;
      repeats.try_emplace(year, true).first->second &= same;
    }
  }
  std::map<int, int> vintages;
  for (const auto& [year, is_repeated] : repeats) vintages[year] = is_repeated ? vintages[year - 1] : year - 3;
  return vintages;
}

void add_series(const Table& table, const Series& series, DataBuilder& builder) {
  const auto vintages = vintages_of(series);
  for (const auto& [unit, years] : series) {
    std::vector<NameRow> names;
    for (const auto& [year, row] : years) {
      const int vintage = vintages.at(year);
      const auto source = std::string(kPopulation) + " " + std::to_string(vintage);
      builder.add_population(table.place(*row.row, "population_municipale"),
                             {unit, Basis::municipale, vintage, year, row.municipale, row.communes, source});
      builder.add_population(table.place(*row.row, "population_totale"),
                             {unit, Basis::totale, vintage, year, row.totale, row.communes, source});
      if (!names.empty() && names.back().name == row.name) continue;
      const CivilDate from = civil_date(year, 1, 1);
      if (!names.empty()) names.back().period.until = from;
      names.push_back({unit,
                       row.name,
                       {names.empty() ? std::nullopt : std::optional(from), std::nullopt},
                       "DGCL, périmètre des EPCI " + std::to_string(year)});
    }
    builder.set_names(unit, std::move(names));
  }
}

}  // namespace

void read_epci(std::string_view text, DataBuilder& builder) {
  if (text.size() > kDataFileBytesMax)
    return builder.complain({kEpci, 0, ""}, "territory_file_too_large", std::to_string(text.size()) + " octets");
  boost::system::error_code error;
  const json::value file = json::parse(text, error);
  if (error || !file.is_object())
    return builder.complain({kEpci, 0, ""}, "territory_file_malformed", error ? error.message() : "not an object");
  EpciFile(builder).read(file.get_object());
}

void read_french_communes(std::string_view text, DataBuilder& builder) {
  const Table table(kCommunes, text, {"code_insee", "nom", "departement", "departement_nom", "epci_code", "siren"},
                    builder);
  for (const auto& row : table.rows()) read_commune(table, row, builder);
}

void read_epci_series(std::string_view text, DataBuilder& builder) {
  const Table table(
      kSeries, text,
      {"annee_perimetre", "epci_code", "epci_nom", "population_municipale", "population_totale", "nb_communes"},
      builder);
  add_series(table, read_series(table, builder), builder);
}

}  // namespace cluse::domain::territories
