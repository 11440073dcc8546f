// Tables of the terminology base: what the secretariat has added or changed; what is shipped stands in config/terms
// (decision 0031). With them what migration 14 adds elsewhere for languages: which ones a person reads, and how the
// language of a document came to be known.
#pragma once

#include <string_view>

namespace cluse::domain::terms {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE term (
  id TEXT PRIMARY KEY,
  shipped TEXT UNIQUE,
  field TEXT NOT NULL,
  confused_with TEXT NOT NULL,
  warning_fr TEXT NOT NULL,
  warning_de TEXT NOT NULL,
  withdrawn_at BIGINT,
  updated_at BIGINT NOT NULL,
  updated_by TEXT REFERENCES person (id)
);

CREATE TABLE term_wording (
  term_id TEXT NOT NULL REFERENCES term (id),
  language TEXT NOT NULL,
  word TEXT NOT NULL,
  forms TEXT NOT NULL,
  is_rendering INTEGER NOT NULL,
  definition TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (term_id, language)
);

ALTER TABLE person ADD COLUMN content_languages TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN language_origin TEXT NOT NULL DEFAULT 'chosen';
)sql";

}  // namespace cluse::domain::terms
