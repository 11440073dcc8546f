// From rows to tables, idempotently: what is there already is compared in memory, and only differences are written.
// Thread: the writer's, inside a transaction.
#pragma once

#include "server/base/result.h"
#include "server/base/time.h"
#include "server/domain/territories/data_files.h"
#include "server/storage/database.h"

#include <cstddef>

namespace cluse::domain::territories {

/// What was written. All zero: the data were known.
struct LoadReport {
  std::size_t units = 0, codes = 0, names = 0, parents = 0, populations = 0;
  std::size_t ended = 0;    ///< facts that the data no longer show: they end at `as_of` and stay in the history
  std::size_t adopted = 0;  ///< hosted territories that became units

  bool operator==(const LoadReport&) const = default;
};

/// Brings the tables to `data`. A fact (code, name, parent) that the rows date is written so. One that they do not date
/// begins as far back as we know if the unit had none of its kind, and at `data.as_of` if it replaces another, which
/// ends on that day: so next year's files add next year's changes. Units that the data do not mention stay as they are:
/// an excerpt ends nothing. A cooperation territory is joined to the hosted one of the same name.
/// Codes: "territories_empty" (no unit in the data), "territories_older" (than what was loaded last; `detail` has both
/// days), "territories_population_changed" (a figure of a known vintage is another one; nothing is written).
[[nodiscard]] Result<LoadReport> load(storage::Transaction& tx, const DataSet& data, Instant now);

/// Makes the units of those rows of `territory` that have none. Answers how many.
std::size_t adopt_hosted_territories(storage::Transaction& tx);

}  // namespace cluse::domain::territories
