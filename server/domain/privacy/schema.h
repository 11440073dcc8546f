// Contact details: what a person lets others know of how to reach her, field by field.
#pragma once

#include <string_view>

namespace cluse::domain::privacy {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE contact_detail (
  person_id TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('phone', 'mobile', 'email', 'address')),
  value TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('nobody', 'spaces', 'everyone')),
  consented_at BIGINT,
  PRIMARY KEY (person_id, kind)
);
)sql";

}  // namespace cluse::domain::privacy
