// The data files of a region, read into plain rows; every row that cannot be used is named and left out. Pure but for
// `read_directory`. Thread: any (the four files take a fraction of a second: call on a worker).
#pragma once

#include "server/base/result.h"
#include "server/domain/territories/kinds.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cluse::domain::territories {

struct UnitRow {
  Key key;  ///< its main code
  Kind kind = Kind::commune;
  std::string country;   ///< "F", "CH" or empty
  std::string language;  ///< "fr", "de", "multiple" or empty
  Period exists;
};
/// `period.from` empty: the files do not say since when. See `load` for what becomes of it.
struct CodeRow {
  Key unit, code;
  Period period;
  std::string source;
};
struct NameRow {
  Key unit;
  std::string name;
  Period period;
  std::string source;
};
struct ParentRow {
  Key unit, parent;
  Period period;
  std::string source;
};
/// Inhabitants at `vintage` (domain.md row 40), counted on the borders of `perimeter`: never one without the other.
struct PopulationRow {
  Key unit;
  Basis basis = Basis::municipale;
  int vintage = 0, perimeter = 0;
  std::int64_t inhabitants = 0;
  std::optional<int> communes;  ///< how many the unit had
  std::string source;
};

/// A row that was left out, or a file that could not be read (`line` 0). Codes: "territory_file_missing",
/// "territory_file_too_large", "territory_file_malformed", "territory_file_columns" (one is missing: `column`);
/// "territory_row_columns", "territory_row_code", "territory_row_number", "territory_row_empty",
/// "territory_row_duplicate", "territory_row_unknown" (names a unit that no file has), "territory_row_disagrees" (with
/// another file).
struct BadRow {
  std::string file;
  std::size_t line = 0;  ///< from 1; 0 for the file as a whole and for JSON
  std::string column;    ///< its name, or a path in JSON: "epci[3].code"
  std::string_view code;
  std::string reason;  ///< in English, with the value
};

struct DataSet {
  CivilDate as_of;  ///< the day whose borders the files show
  std::vector<UnitRow> units;
  std::vector<CodeRow> codes;
  std::vector<NameRow> names;
  std::vector<ParentRow> parents;
  std::vector<PopulationRow> populations;
  std::vector<BadRow> bad;
  std::size_t outside = 0;  ///< communes of an EPCI on the rim that communes.csv does not describe
};

inline constexpr std::size_t kDataFileBytesMax = 8U << 20;
inline constexpr std::size_t kDataFileRowsMax = 50'000;  ///< France has 35 000 communes

/// The texts of the four files; columns are found by name, others are passed over, `population_2023` names its vintage.
/// - communes.csv: code_insee, nom, departement, departement_nom, epci_code, population_YYYY…, siren
/// - epci.json: territoires [code, nom, epci], epci [code, nom, departements, nbCommunes, territoires, communes,
///   populationMunicipaleYYYY, populationTotaleYYYY]
/// - epci-series.csv: annee_perimetre, epci_code, epci_nom, population_municipale, population_totale, nb_communes. The
///   vintage is the perimeter's year less three; a year that repeats the figures of the one before has its vintage too.
/// - swiss-communes.csv: bfs_nr, nom, canton, district (may be empty), population_YYYY…, langue
struct DataTexts {
  std::string_view communes, epci, epci_series, swiss_communes;
};

[[nodiscard]] DataSet parse_data(const DataTexts& texts, CivilDate as_of);

/// The same from the files in `directory`. A file that is missing or too large is a bad row.
[[nodiscard]] DataSet read_directory(const std::filesystem::path& directory, CivilDate as_of);

}  // namespace cluse::domain::territories
