// The tables of organisations and mandates, for a numbered migration of server/domain/schema.cpp.
//
// Days are ISO dates as TEXT, which compare as dates do. `first_day` and `last_day` both count; "0001-01-01" is "as far
// back as we know", "9999-12-31" is "until further notice".
//
// `person.organisation_id` and `person.function` stay: they are what a newcomer typed of herself. A mandate is what an
// administrator has confirmed, so the migration makes none out of them (docs/decisions/0021-mandates-and-hats.md).
#pragma once

#include <string_view>

namespace cluse::domain::organisations {

inline constexpr std::string_view kSchema = R"sql(
ALTER TABLE organisation ADD COLUMN territory_id TEXT REFERENCES territorial_unit (id);
ALTER TABLE organisation ADD COLUMN parent_id TEXT REFERENCES organisation (id);
CREATE INDEX organisation_by_parent ON organisation (parent_id);

CREATE TABLE organisation_number (
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  kind TEXT NOT NULL CHECK (kind IN ('siren', 'siret', 'rna', 'uid')),
  number TEXT NOT NULL,
  PRIMARY KEY (organisation_id, kind)
);
CREATE UNIQUE INDEX organisation_number_by_number ON organisation_number (kind, number);

CREATE TABLE organisation_membership (
  id TEXT PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  body_id TEXT NOT NULL REFERENCES organisation (id),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL
);
CREATE INDEX organisation_membership_by_organisation ON organisation_membership (organisation_id);
CREATE INDEX organisation_membership_by_body ON organisation_membership (body_id);

CREATE TABLE mandate (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  organisation_id TEXT NOT NULL REFERENCES organisation (id),
  function TEXT NOT NULL,
  function_folded TEXT NOT NULL,
  quality TEXT NOT NULL CHECK (quality IN ('elected', 'technician')),
  seat TEXT NOT NULL CHECK (seat IN ('titular', 'substitute')),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX mandate_by_person ON mandate (person_id, first_day);
CREATE INDEX mandate_by_organisation ON mandate (organisation_id, first_day);

ALTER TABLE session ADD COLUMN mandate_id TEXT REFERENCES mandate (id);
ALTER TABLE person ADD COLUMN last_mandate_id TEXT REFERENCES mandate (id);
ALTER TABLE document ADD COLUMN created_hat TEXT REFERENCES mandate (id);
ALTER TABLE document ADD COLUMN updated_hat TEXT REFERENCES mandate (id);
)sql";

}  // namespace cluse::domain::organisations
