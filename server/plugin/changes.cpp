#include "server/plugin/changes.h"

#include "server/base/log.h"

namespace cluse::plugin {

void tell_journal(storage::Database& database, const Clock& clock, const Told& told, const std::string& id,
                  const std::string& version, const std::string& why) {
  domain::journal::Details details = {{"plugin", id}, {"version", version}};
  if (!told.before.empty()) details.emplace_back("before", told.before);
  if (!told.host.empty()) details.emplace_back("host", told.host);
  if (!why.empty()) details.emplace_back("reason", why);
  const domain::journal::Event event{told.by,     told.verb,         domain::journal::ObjectKind::plugin, {}, {},
                                     clock.now(), std::move(details)};
  const auto written = database.write_now([&](storage::Transaction& tx) -> Result<void> {
    domain::journal::append(tx, event);
    return {};
  });
  if (!written)
    log_error("plugin_change_not_told",
              {{"plugin", id}, {"verb", std::string(to_text(told.verb))}, {"why", std::string(written.error().code)}});
}

}  // namespace cluse::plugin
