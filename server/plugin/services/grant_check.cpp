#include "server/plugin/services/grant_check.h"

#include <cluse/plugin.h>

#include <algorithm>
#include <utility>

namespace cluse::plugin {
namespace {

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// The area of the core that an operation belongs to: "person.find" is of "people". "instance" is anybody's.
std::string_view area_of(std::string_view operation) {
  static constexpr std::pair<std::string_view, std::string_view> kAreas[] = {
      {"amount.", "amounts"},
      {"rule.", "rules"},
      {"delay.", "delays"},
      {"twins.", "twins"},
      {"rights.", "rights"},
      {"person.", "people"},
      {"organisation", "organisations"},
      {"territor", "territories"},
      {"mandates.", "mandates"},
  };
  for (const auto& [start, area] : kAreas)
    if (operation.starts_with(start)) return area;
  return {};
}

std::string core(const Manifest& manifest, std::string_view operation) {
  const auto area = area_of(operation);
  if (area.empty() ? !manifest.grants.core.empty() : has(manifest.grants.core, area)) return {};
  return "core " + std::string(area.empty() ? operation : area);
}

std::string documents(const Manifest& manifest, std::string_view operation) {
  const bool writes = operation == "create" || operation == "edit";
  const DocumentGrant needed = writes ? DocumentGrant::edit : DocumentGrant::read;
  return manifest.grants.documents >= needed ? "" : std::string("documents ") + (writes ? "edit" : "read");
}

}  // namespace

std::string not_granted(const Manifest& manifest, std::string_view service, std::string_view operation,
                        const Value& body) {
  const Grants& grants = manifest.grants;
  const auto named = [&](const char* key) { return body[key].get_or<std::string>(""); };
  if (!manifest.uses(service)) return std::string(service);
  if (service == CLUSE_EXT_SEARCH) return grants.search ? "" : "search";
  if (service == CLUSE_EXT_CORE) return core(manifest, operation);
  if (service == CLUSE_EXT_DOCUMENTS) return documents(manifest, operation);
  if (service == CLUSE_EXT_NET) return grants.network.empty() ? "network" : "";
  if (service == CLUSE_EXT_NOTIFY)
    return has(grants.notify, named("key")) || operation != "send" ? "" : "notify " + named("key");
  if (service == CLUSE_EXT_REALTIME) return is_channel(grants, named("channel")) ? "" : "channel " + named("channel");
  if (service == CLUSE_EXT_EVENTS) return has(grants.emits, named("topic")) ? "" : "emit " + named("topic");
  return {};
}

}  // namespace cluse::plugin
