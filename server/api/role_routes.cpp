// Roles: what there is to give, and those that are made here.

#include "server/api/client_words.h"
#include "server/api/json_fields.h"
#include "server/api/rights_words.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

using namespace domain::rights;  // NOLINT(google-build-using-namespace): this file is about nothing else

Language language_of(const Call& call) {
  return choose_language(call.request.header("Accept-Language"));
}

boost::json::array permission_list(Permissions permissions, Language language) {
  boost::json::array array;
  for (std::size_t i = 0; i < kPermissionCount; ++i) {
    const auto one = static_cast<Permission>(i);
    if (!permissions.has(one)) continue;
    array.push_back(boost::json::object{{"id", kPermissionWords[i]}, {"words", permission_words(one, language)}});
  }
  return array;
}

boost::json::object role_json(const RoleInfo& info, Language language) {
  const GivenRole& role = info.role;
  return {{"id", role.id},
          {"name", role_words(role, language)},
          {"name_fr", role_words(role, Language::fr)},
          {"name_de", role_words(role, Language::de)},
          {"is_own", info.is_own},
          {"grant_count", info.grants},
          {"permissions", permission_list(role.permissions, language)}};
}

Permissions permissions_in(const JsonFields& fields) {
  Permissions permissions;
  for (const auto& word : fields.texts_if("permissions").value_or(std::vector<std::string>())) {
    const auto one = parse_permission(word);
    if (!one) fields.refuse("field_invalid", "permissions");
    else permissions |= Permissions{*one};
  }
  return permissions;
}

RoleText text_in(const JsonFields& fields) {
  return {fields.text_if("name_fr").value_or(""), fields.text_if("name_de").value_or(""), permissions_in(fields)};
}

Task<Reply> list_roles(Backend backend, Call call) {
  const Language language = language_of(call);
  const auto listed = co_await backend.services->roles.list();
  if (!listed) co_return std::unexpected(listed.error());
  boost::json::array roles;
  for (const auto& each : *listed) roles.push_back(role_json(each, language));
  const boost::json::object body{{"roles", std::move(roles)},
                                 {"permissions", permission_list(Permissions::all(), language)}};
  co_return answer(200, body);
}

Task<Reply> add_role(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  RoleText text = text_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto added = co_await backend.services->roles.add(*call.actor, std::move(text));
  if (!added) co_return std::unexpected(added.error());
  co_return answer(201, role_json(*added, language_of(call)));
}

Task<Reply> change_role(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  RoleText text = text_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->roles.change(*call.actor, call.parameters.at(0), std::move(text));
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(200, role_json(*changed, language_of(call)));
}

Task<Reply> preview_role(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const Permissions wanted = permissions_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto preview = co_await backend.services->roles.preview(*call.actor, call.parameters.at(0), wanted);
  if (!preview) co_return std::unexpected(preview.error());
  const Language language = language_of(call);
  boost::json::array effects;
  for (const auto& each : preview->effects) {
    const auto& object = each.scope.object;
    const auto id = object.kind == ScopeKind::instance ? std::optional<Id>() : std::optional(object.id);
    const boost::json::object scope{
        {"kind", std::string(to_text(object.kind))}, {"id", id_or_null(id)}, {"name", each.scope.name}};
    effects.push_back(boost::json::object{{"person", to_json(each.person)},
                                          {"scope", scope},
                                          {"gains", permission_list(each.gains, language)},
                                          {"loses", permission_list(each.loses, language)}});
  }
  const boost::json::object body{{"permissions", permission_list(preview->permissions, language)},
                                 {"added", permission_list(preview->added, language)},
                                 {"removed", permission_list(preview->removed, language)},
                                 {"grant_count", preview->grants},
                                 {"people_count", preview->people},
                                 {"effects", std::move(effects)},
                                 {"is_complete", preview->is_complete}};
  co_return answer(200, body);
}

Task<Reply> remove_role(Backend backend, Call call) {
  const auto done = co_await backend.services->roles.remove(*call.actor, call.parameters.at(0));
  if (!done) co_return std::unexpected(domain::Refusal(done.error()));
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/roles", Access::signed_in, 0, list_roles},
    {"POST", "/api/v1/roles", Access::administrator, kJsonBytesMax, add_role},
    {"PUT", "/api/v1/roles/{id}", Access::administrator, kJsonBytesMax, change_role},
    {"DELETE", "/api/v1/roles/{id}", Access::administrator, 0, remove_role},
    {"POST", "/api/v1/roles/{id}/preview", Access::administrator, kJsonBytesMax, preview_role},
};

}  // namespace

std::span<const Route> role_routes() {
  return kRoutes;
}

}  // namespace cluse::api
