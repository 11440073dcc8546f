// Service: one capability that is "one question, one answer" (cluse_host_service). One object serves all plugins;
// whether a plugin may ask was checked before it is called (grant_check.h), whose rights count stands in the Caller.
//
// Thread: the lane of the plugin that asks, so several at once; it may block until the deadline.
#pragma once

#include "server/plugin/guest/channel.h"
#include "server/plugin/manifest.h"
#include "server/plugin/services/catalogues.h"
#include "server/storage/sqlite/plugin_store.h"

#include <cluse/plugin.h>
#include <cluse/value.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace cluse::plugin {

struct Caller {
  /// A person, with her rights; nobody: a request without a session; the plugin for itself, with what it was granted.
  enum class Kind { person, nobody, plugin };
  Kind kind = Kind::plugin;
  const Manifest& plugin;
  const Catalogues& texts;
  storage::PluginStore& store;  ///< the plugin's; its transaction may be open
  std::string user;             ///< the person's id; empty for the others
  std::string locale;           ///< of the call; "fr-FR" where it has none
  Deadline deadline;
};

class Service {
 public:
  virtual ~Service() = default;
  /// CLUSE_…. With CLUSE_OK `answer` is a map; with another, what stands as text under "why" goes to the plugin's log.
  /// An operation that it does not know: CLUSE_UNSUPPORTED. May throw Mismatch where `body` is not as expected.
  virtual std::int32_t serve(const Caller& caller, std::string_view operation, const Value& body, Value& answer) = 0;
  /// What it does for a plugin by itself, while that has nothing else to do. True: there may be more.
  virtual bool tend(const Manifest& /*plugin*/, storage::PluginStore& /*store*/) { return false; }
  /// The plugin has ended, by itself or not; it may start again. Thread: the lane.
  virtual void ended(const Manifest& /*plugin*/, storage::PluginStore& /*store*/) {}
  /// These are installed, and no others: what is kept of others goes. Thread: whoever does it.
  virtual void installed(const std::set<std::string>& /*plugins*/) {}
  /// A plugin was switched off or taken away. Thread: whoever does it.
  virtual void closed(const std::string& /*plugin*/) {}
};

/// By id: "cluse.search/1". What is not in it answers CLUSE_UNSUPPORTED.
using Services = std::map<std::string, std::shared_ptr<Service>, std::less<>>;

/// Says why and gives the status back: `return refuse(answer, CLUSE_INVALID, "…")`.
inline std::int32_t refuse(Value& answer, std::int32_t status, std::string why) {
  answer = Value{{"why", std::move(why)}};
  return status;
}

/// The status for an error of the core's, with its code as the reason.
[[nodiscard]] std::int32_t refuse(Value& answer, const Error& error);

}  // namespace cluse::plugin
