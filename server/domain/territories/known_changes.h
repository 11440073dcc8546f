// What the data files cannot say: they show the borders of one day. Changes that are known otherwise, as data with
// their source; a later file with its own day adds the later ones by itself (see `load`).
#pragma once

#include "server/domain/territories/data_files.h"

namespace cluse::domain::territories {

/// Dates the rows of `data` that a known change made, and adds those that it ended. Changes of units that are not in
/// `data` are passed over.
void apply_known_changes(DataSet& data);

}  // namespace cluse::domain::territories
