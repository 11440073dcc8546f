// Tables of rates of exchange. Rows are added and never changed: a converted amount carries a rate's stamp for ever.
#pragma once

#include <string_view>

namespace cluse::domain::rates {

inline constexpr std::string_view kSchema = R"sql(
CREATE TABLE rate_import (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('ecb', 'infoeuro')),
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  added BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by TEXT REFERENCES person (id)
);

CREATE TABLE exchange_rate (
  source TEXT NOT NULL CHECK (source IN ('ecb', 'infoeuro')),
  published_on TEXT NOT NULL,
  chf_per_eur TEXT NOT NULL,
  import_id TEXT NOT NULL REFERENCES rate_import (id),
  PRIMARY KEY (source, published_on)
);
)sql";

}  // namespace cluse::domain::rates
