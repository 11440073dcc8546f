// Territories, workspaces and their members.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

Task<Reply> list_territories(Backend backend, Call) {
  auto found = co_await backend.services->workspaces.territories();
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"territories", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> add_territory(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string name = fields.text("name");
  std::string short_name = fields.text("short");
  CLUSE_CO_CHECK(fields.check());
  auto added = co_await backend.services->workspaces.add_territory(*call.actor, std::move(name), std::move(short_name));
  if (!added) co_return std::unexpected(std::move(added).error());
  co_return answer(201, to_json(*added));
}

Task<Reply> list_workspaces(Backend backend, Call call) {
  auto found = co_await backend.services->workspaces.list(*call.actor);
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"workspaces", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> add_workspace(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewWorkspace workspace{fields.text("name"), fields.text_if("description").value_or(""),
                                 fields.id("territory_id"), fields.text_if("language").value_or("fr")};
  CLUSE_CO_CHECK(fields.check());
  auto added = co_await backend.services->workspaces.add(*call.actor, std::move(workspace));
  if (!added) co_return std::unexpected(std::move(added).error());
  co_return answer(201, to_json(*added));
}

Task<Reply> find_workspace(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto found = co_await backend.services->workspaces.find(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return answer(200, to_json(*found));
}

Task<Reply> change_workspace(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::WorkspaceChange change{fields.text_if("name"), fields.text_if("description"), fields.text_if("language")};
  CLUSE_CO_CHECK(fields.check());
  auto changed = co_await backend.services->workspaces.change(*call.actor, id, std::move(change));
  if (!changed) co_return std::unexpected(std::move(changed).error());
  co_return answer(200, to_json(*changed));
}

Task<Reply> list_members(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto found = co_await backend.services->workspaces.members(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"members", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> set_member(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  CLUSE_CO_TRY(person, call.id(1, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const std::string text = fields.text("role");
  const auto role = domain::parse_role(text);
  if (!role) fields.refuse("field_invalid", "role");
  CLUSE_CO_CHECK(fields.check());
  auto member = co_await backend.services->workspaces.set_member(*call.actor, id, person, *role);
  if (!member) co_return std::unexpected(std::move(member).error());
  co_return answer(200, to_json(*member));
}

Task<Reply> remove_member(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  CLUSE_CO_TRY(person, call.id(1, "person_not_found"));
  auto removed = co_await backend.services->workspaces.remove_member(*call.actor, id, person);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/territories", Access::signed_in, 0, list_territories},
    {"POST", "/api/v1/territories", Access::signed_in, kJsonBytesMax, add_territory},
    {"GET", "/api/v1/workspaces", Access::signed_in, 0, list_workspaces},
    {"POST", "/api/v1/workspaces", Access::signed_in, kJsonBytesMax, add_workspace},
    {"GET", "/api/v1/workspaces/{id}", Access::signed_in, 0, find_workspace},
    {"PATCH", "/api/v1/workspaces/{id}", Access::signed_in, kJsonBytesMax, change_workspace},
    {"GET", "/api/v1/workspaces/{id}/members", Access::signed_in, 0, list_members},
    {"PUT", "/api/v1/workspaces/{id}/members/{person_id}", Access::signed_in, kJsonBytesMax, set_member},
    {"DELETE", "/api/v1/workspaces/{id}/members/{person_id}", Access::signed_in, kJsonBytesMax, remove_member},
};

}  // namespace

std::span<const Route> workspace_routes() {
  return kRoutes;
}

}  // namespace cluse::api
