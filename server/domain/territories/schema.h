// The tables of territories, for a numbered migration of server/domain/schema.cpp after "workspaces", whose table
// `territory` they join.
//
// How the two fit. `territory` stays what a workspace belongs to: a cooperation territory that this instance hosts. A
// `territorial_unit` is any territory there is: commune, EPCI, department, region, district, canton, cooperation
// territory. A hosted territory is a unit of kind 'cooperation' *with the same id*: nothing that points at `territory`
// changes, and a workspace's territory has parents, children and populations like any other unit. The migration makes
// the units of the territories that are there; whoever inserts into `territory` calls `adopt_hosted_territories` after
// it.
//
// Everything about a unit but its kind is dated: from `valid_from` up to, and not with, `valid_until`, both ISO dates
// as TEXT, which compare as dates do. "0001-01-01" is "as far back as we know", "9999-12-31" is "still".
#pragma once

#include <string_view>

namespace cluse::domain::territories {

inline constexpr std::string_view kAlways = "0001-01-01";
inline constexpr std::string_view kStill = "9999-12-31";

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE territorial_unit (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('commune', 'epci', 'department', 'region', 'canton', 'district', 'cooperation')),
  country TEXT CHECK (country IN ('F', 'CH')),
  language TEXT NOT NULL,
  exists_from TEXT NOT NULL,
  exists_until TEXT NOT NULL
);

CREATE TABLE territorial_code (
  scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  unit_id TEXT NOT NULL REFERENCES territorial_unit (id),
  is_main INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (scheme, code, valid_from)
);
CREATE INDEX territorial_code_by_unit ON territorial_code (unit_id);

CREATE TABLE territorial_name (
  unit_id TEXT NOT NULL REFERENCES territorial_unit (id),
  valid_from TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (unit_id, valid_from)
);
CREATE INDEX territorial_name_by_name ON territorial_name (name_folded);

CREATE TABLE territorial_parent (
  unit_id TEXT NOT NULL REFERENCES territorial_unit (id),
  parent_id TEXT NOT NULL REFERENCES territorial_unit (id),
  valid_from TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (unit_id, parent_id, valid_from)
);
CREATE INDEX territorial_parent_by_parent ON territorial_parent (parent_id);

CREATE TABLE territorial_population (
  unit_id TEXT NOT NULL REFERENCES territorial_unit (id),
  basis TEXT NOT NULL CHECK (basis IN ('municipale', 'totale', 'residante')),
  vintage INTEGER NOT NULL,
  perimeter INTEGER NOT NULL,
  inhabitants BIGINT NOT NULL,
  communes INTEGER,
  source TEXT NOT NULL,
  PRIMARY KEY (unit_id, basis, vintage, perimeter)
);

CREATE TABLE territorial_import (
  as_of TEXT PRIMARY KEY,
  imported_at BIGINT NOT NULL
);

INSERT INTO territorial_unit (id, kind, country, language, exists_from, exists_until)
  SELECT id, 'cooperation', country, '', '0001-01-01', '9999-12-31' FROM territory;
INSERT INTO territorial_name (unit_id, valid_from, valid_until, name, name_folded, source)
  SELECT id, '0001-01-01', '9999-12-31', name, name_folded, '' FROM territory;
)sql";

}  // namespace cluse::domain::territories
