// Changes to plugins, as the journal tells of them. Ids of plugins are words: they stand in the details.
#pragma once

#include "server/base/time.h"
#include "server/domain/journal/journal.h"
#include "server/storage/database.h"

#include <string>

namespace cluse::plugin {

/// What an administrator or an operator did, or a plugin did to itself.
struct Told {
  domain::journal::Verb verb;  ///< plugin_…
  domain::journal::Author by = {};
  std::string before = {};  ///< the version that was replaced
  std::string host = {};    ///< "child" or "direct": where it runs from now on
};

/// Appends the event. Blocking; a failure is logged, since the change has been made. Thread: any but a shard.
void tell_journal(storage::Database& database, const Clock& clock, const Told& told, const std::string& id,
                  const std::string& version, const std::string& why = {});

}  // namespace cluse::plugin
