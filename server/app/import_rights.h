// The part of an import that says who may what: roles made here, groups and grants.
#pragma once

#include "server/base/id.h"
#include "server/base/result.h"
#include "server/base/time.h"
#include "server/storage/database.h"

#include <toml++/toml.h>

#include <map>
#include <string>

namespace cluse::app {

/// What the entries of the folder are called there, kind by kind.
struct ImportedIds {
  using Ids = std::map<std::string, Id>;
  const Ids &people, &organisations, &mandates, &territories, &workspaces;
};

/// `[[role]]`, `[[group]]` and `[[grant]]`, in this order; each notes its event. Code "import_malformed". Thread: the
/// one that runs the closure.
[[nodiscard]] Result<void> import_rights(storage::Transaction& transaction, const toml::table& manifest,
                                         const ImportedIds& ids, Instant now);

}  // namespace cluse::app
