#include "server/app/plugin_services.h"

#include "server/api/rule_answers.h"
#include "server/plugin/services/core.h"
#include "server/plugin/services/net.h"
#include "server/plugin/services/search.h"

#include <boost/json/serialize.hpp>

#include <utility>

namespace cluse::app {
namespace {

Result<Value> judge(const api::Backend& backend, const Value& question, const std::string& locale) {
  const auto pack = question["pack"].as<std::string>();
  Value body = {{"facts", question["facts"]}};
  for (const char* name : {"on", "version"})
    if (!question[name].is_null()) body.set(name, question[name]);
  CLUSE_TRY(said, api::judge_rules(backend, pack, body.to_json(), locale));
  auto read = Value::from_json(boost::json::serialize(said));
  if (!read) return fail(Errc::internal, "internal", "a verdict that cannot be read");
  return std::move(*read);
}

}  // namespace

plugin::Services plugin_services(const Config& config, domain::Services& services, const api::Backend& backend) {
  plugin::Services all;
  auto& database = services.environment.database;
  plugin::CoreSettings settings;
  settings.name = config.instance_name;
  settings.public_url = config.public_url;
  settings.rules = services.rules;
  settings.judge = [backend](const Value& question, const std::string& locale) {
    return judge(backend, question, locale);
  };
  all[CLUSE_EXT_CORE] =
      std::make_shared<plugin::CoreService>(database, services.environment.clock, std::move(settings));
  all[CLUSE_EXT_NET] = std::make_shared<plugin::NetService>();
  if (services.search_index)
    all[CLUSE_EXT_SEARCH] = std::make_shared<plugin::SearchService>(database, *services.search_index);
  return all;
}

}  // namespace cluse::app
