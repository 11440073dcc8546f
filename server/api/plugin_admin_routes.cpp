// What administrators do with plugins: the list, sending one in and accepting it, its log, its data, its end.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/plugin/host.h"

#include <charconv>
#include <utility>

namespace cluse::api {
namespace {

constexpr std::string_view to_text(plugin::HostKind kind) {
  return kind == plugin::HostKind::direct ? "direct" : "child";
}

boost::json::array list_of(const std::vector<std::string>& words) {
  boost::json::array list;
  for (const auto& word : words) list.emplace_back(word);
  return list;
}

boost::json::object name_of(const std::map<std::string, std::string>& name) {
  boost::json::object json;
  for (const auto& [language, words] : name) json[language] = words;
  return json;
}

boost::json::array ui_of(const std::vector<plugin::UiPart>& parts) {
  boost::json::array list;
  for (const auto& part : parts) list.push_back(boost::json::object{{"slot", part.slot}, {"name", part.name}});
  return list;
}

boost::json::object to_json(const plugin::Overview& one) {
  const plugin::Health& health = one.health;
  const boost::json::object latency{
      {"p50_us", health.latency.p50_us}, {"p95_us", health.latency.p95_us}, {"p99_us", health.latency.p99_us}};
  const boost::json::object limits{{"database_bytes", one.database_bytes},
                                   {"database_bytes_max", one.limits.database_bytes},
                                   {"memory_bytes_max", one.limits.memory_bytes},
                                   {"calls_waiting_max", one.limits.calls_waiting}};
  return {{"id", one.id},
          {"version", one.version},
          {"name", name_of(one.name)},
          {"grants", list_of(one.grants)},
          {"host", to_text(one.host)},
          {"enabled", one.enabled},
          {"refused", one.refused},
          {"not_asked", list_of(one.not_asked)},
          {"state", std::string(plugin::to_text(health.state))},
          {"calls", health.calls},
          {"failures", health.failures},
          {"timeouts", health.timeouts},
          {"deaths", health.deaths},
          {"dropped_lines", health.dropped_lines},
          {"passed_over", health.passed_over},
          {"memory_bytes", health.memory_bytes},
          {"last_error", health.last_error},
          {"generation", one.generation},
          {"restarts", health.restarts},
          {"latency", latency},
          {"limits", limits},
          {"signer", one.signer},
          {"trusted_ui", one.is_trusted},
          {"trusted_by_operator", one.is_operators},
          {"ui", ui_of(one.ui)}};
}

/// `work` on the thread where changes are made: it may wait for a plugin to finish what it does.
template <class F>
auto change(const Backend& backend, F work) {
  return backend.plugins->worker().run(std::move(work));
}

// One plugin as it is after a change.
Task<Reply> answer_plugin(Backend backend, std::string id, int status) {
  auto work = [plugins = backend.plugins, id = std::move(id)] { return plugins->get(id); };
  auto found = co_await backend.services->environment.workers.run(std::move(work));
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return answer(status, to_json(*found));
}

Task<Reply> list_plugins(Backend backend, Call) {
  boost::json::array all;
  const bool safe_mode = backend.plugins != nullptr && backend.plugins->is_safe_mode();
  if (backend.plugins != nullptr) {
    // It reads files: not on a shard.
    auto work = [plugins = backend.plugins]() -> Result<std::vector<plugin::Overview>> { return plugins->list(); };
    auto listed = co_await backend.services->environment.workers.run(std::move(work));
    if (!listed) co_return std::unexpected(std::move(listed).error());
    for (const auto& one : *listed) all.push_back(to_json(one));
  }
  const boost::json::object body{{"plugins", std::move(all)}, {"safe_mode", safe_mode}};
  co_return answer(200, body);
}

Task<Reply> switch_plugin(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto enabled = fields.flag_if("enabled");
  const auto trusted = fields.flag_if("trusted_ui");
  if (!enabled && !trusted) fields.refuse("field_missing", "enabled");
  CLUSE_CO_CHECK(fields.check());
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  auto work = [plugins = backend.plugins, id = call.parameters[0], enabled, trusted,
               by = author_of(*call.actor)]() -> Result<void> {
    if (trusted) CLUSE_CHECK(plugins->set_trusted(id, *trusted, by));
    if (enabled) CLUSE_CHECK(plugins->set_enabled(id, *enabled, by));
    return {};
  };
  auto done = co_await change(backend, std::move(work));
  if (!done) co_return std::unexpected(std::move(done).error());
  auto listed = co_await list_plugins(backend, std::move(call));
  co_return listed;
}

boost::json::object to_json(const plugin::Preview& one) {
  boost::json::object json{{"upload", one.key},
                           {"id", one.id},
                           {"version", one.version},
                           {"name", name_of(one.name)},
                           {"signer", one.signer},
                           {"known_signer", one.known_signer},
                           {"grants", list_of(one.grants)},
                           {"added_grants", list_of(one.added)},
                           {"removed_grants", list_of(one.removed)},
                           {"host_default", to_text(one.host_default)}};
  if (!one.present_version.empty()) json["present_version"] = one.present_version;
  return json;
}

Task<Reply> upload_plugin(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  auto work = [plugins = backend.plugins, archive = std::move(call.request.body), person = call.actor->person_id] {
    return plugins->preview(archive, person);
  };
  auto made = co_await backend.services->environment.workers.run(std::move(work));
  if (!made) co_return std::unexpected(std::move(made).error());
  co_return answer(201, to_json(*made));
}

Task<Reply> accept_plugin(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto host = fields.text_if("host");
  if (host && *host != "child" && *host != "direct") fields.refuse("field_invalid", "host");
  CLUSE_CO_CHECK(fields.check());
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_upload_not_found");
  std::optional<plugin::HostKind> kind;
  if (host) kind = *host == "direct" ? plugin::HostKind::direct : plugin::HostKind::child;
  auto work = [plugins = backend.plugins, key = call.parameters[0], kind, person = call.actor->person_id,
               by = author_of(*call.actor)] { return plugins->accept(key, person, kind, by); };
  auto id = co_await change(backend, std::move(work));
  if (!id) co_return std::unexpected(std::move(id).error());
  auto reply = co_await answer_plugin(backend, std::move(*id), 200);
  co_return reply;
}

Task<Reply> drop_upload(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_upload_not_found");
  auto work = [plugins = backend.plugins, key = call.parameters[0], person = call.actor->person_id] {
    return plugins->uploads().drop(key, person);
  };
  auto done = co_await backend.services->environment.workers.run(std::move(work));
  if (!done) co_return std::unexpected(std::move(done).error());
  co_return net::Response::empty(204);
}

Task<Reply> reload_plugin(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  auto work = [plugins = backend.plugins, id = call.parameters[0]] { return plugins->reload(id); };
  auto done = co_await change(backend, std::move(work));
  if (!done) co_return std::unexpected(std::move(done).error());
  auto reply = co_await answer_plugin(backend, call.parameters[0], 200);
  co_return reply;
}

Task<Reply> remove_plugin(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  const bool data = call.query("data") != "keep";
  auto work = [plugins = backend.plugins, id = call.parameters[0], data, by = author_of(*call.actor)] {
    return plugins->remove(id, data, by);
  };
  auto done = co_await change(backend, std::move(work));
  if (!done) co_return std::unexpected(std::move(done).error());
  co_return net::Response::empty(204);
}

Task<Reply> export_plugin(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  auto work = [plugins = backend.plugins, id = call.parameters[0]] { return plugins->export_data(id); };
  auto data = co_await change(backend, std::move(work));
  if (!data) co_return std::unexpected(std::move(data).error());
  net::Response response{200, {}, std::move(*data)};
  response.with("Content-Type", "application/vnd.sqlite3");
  response.with("Content-Disposition", "attachment; filename=\"" + call.parameters[0] + ".db\"");
  co_return response;
}

Task<Reply> plugin_logs(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_not_found");
  const std::string text = call.query("after");
  std::uint64_t after = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), after);
  if (!text.empty() && (read.ec != std::errc() || read.ptr != text.data() + text.size()))
    co_return fail(Errc::invalid, "field_invalid", "after");
  auto work = [plugins = backend.plugins, id = call.parameters[0]] { return plugins->lines(id); };
  auto ring = co_await backend.services->environment.workers.run(std::move(work));
  if (!ring) co_return std::unexpected(std::move(ring).error());
  if (after > (*ring)->last()) after = 0;  // of a server before this one
  boost::json::array lines;
  for (const auto& line : (*ring)->after(after)) {
    lines.push_back(boost::json::object{{"at", line.at.ms}, {"level", line.level}, {"line", line.line}});
    after = line.number;
  }
  const boost::json::object body{{"lines", std::move(lines)}, {"next", after}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/plugins", Access::administrator, 0, list_plugins},
    {"PUT", "/api/v1/plugins/{id}", Access::administrator, kJsonBytesMax, switch_plugin},
    {"POST", "/api/v1/plugins/uploads", Access::administrator, plugin::kUploadBytesMax, upload_plugin},
    {"POST", "/api/v1/plugins/uploads/{upload}/accept", Access::administrator, kJsonBytesMax, accept_plugin},
    {"DELETE", "/api/v1/plugins/uploads/{upload}", Access::administrator, 0, drop_upload},
    {"POST", "/api/v1/plugins/{id}/reload", Access::administrator, kJsonBytesMax, reload_plugin},
    {"GET", "/api/v1/plugins/{id}/export", Access::administrator, 0, export_plugin},
    {"GET", "/api/v1/plugins/{id}/logs", Access::administrator, 0, plugin_logs},
    {"DELETE", "/api/v1/plugins/{id}", Access::administrator, 0, remove_plugin},
};

}  // namespace

std::span<const Route> plugin_admin_routes() {
  return kRoutes;
}

}  // namespace cluse::api
