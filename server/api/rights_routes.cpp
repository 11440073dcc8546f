// Rights: grants, groups, and why.

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

boost::json::object to_json(const NamedHolder& holder) {
  return {
      {"kind", std::string(to_text(holder.holder.kind))}, {"id", holder.holder.id.to_string()}, {"name", holder.name}};
}

boost::json::object to_json(const NamedObject& object) {
  const bool whole = object.object.kind == ScopeKind::instance;
  return {{"kind", std::string(to_text(object.object.kind))},
          {"id", whole ? boost::json::value(nullptr) : boost::json::value(object.object.id.to_string())},
          {"name", object.name}};
}

const char* state_text(Source::State state) {
  switch (state) {
    case Source::State::holds: return "holds";
    case Source::State::not_yet: return "not_yet";
    case Source::State::ended: return "ended";
    case Source::State::mandate_not_yet: return "mandate_not_yet";
    case Source::State::mandate_ended: return "mandate_ended";
  }
  return "ended";
}

boost::json::object to_json(const Grant& grant) {
  return {{"id", grant.id.to_string()},
          {"role", grant.role.id},
          {"holder", to_json(grant.holder)},
          {"scope", to_json(grant.scope)},
          {"first_day", text_or_null(grant.first_day)},
          {"last_day", text_or_null(grant.last_day)},
          {"state", state_text(grant.state)},
          {"granted_at", to_rfc3339(grant.granted_at)},
          {"granted_by", to_json_or_null(grant.granted_by)}};
}

boost::json::object to_json(const Group& group) {
  boost::json::object json{{"id", group.id.to_string()},    {"name", group.name},
                           {"territory", nullptr},          {"responsible", to_json_or_null(group.responsible)},
                           {"member_count", group.members}, {"grant_count", group.grants}};
  if (group.territory) json["territory"] = to_json(*group.territory);
  return json;
}

template <class T>
boost::json::array list_of(const std::vector<T>& values) {
  boost::json::array array;
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

boost::json::object to_json(const GroupDetail& detail) {
  boost::json::object json = to_json(detail.group);
  json["members"] = list_of(detail.members);
  json["grants"] = list_of(detail.grants);
  json["people_count"] = detail.people;
  return json;
}

boost::json::array permission_list(Permissions permissions) {
  boost::json::array array;
  for (std::size_t i = 0; i < kPermissionCount; ++i)
    if (permissions.has(static_cast<Permission>(i))) array.push_back(boost::json::string(kPermissionWords[i]));
  return array;
}

boost::json::object to_json(const Reason& reason, Language language) {
  const Source& source = reason.source;
  constexpr const char* kKinds[] = {"administrator", "member", "grant"};
  return {{"kind", kKinds[static_cast<std::size_t>(source.kind)]},
          {"state", state_text(source.state)},
          {"role", source.role.id},
          {"scope", to_json(reason.scope)},
          {"path", list_of(reason.path)},
          {"first_day", text_or_null(domain::organisations::shown_first(source.first_day))},
          {"last_day", text_or_null(domain::organisations::shown_last(source.last_day))},
          {"grant_id", id_or_null(source.grant)},
          {"sentence", reason_sentence(reason, language)}};
}

// {"kind", "id"} of a body; the instance has no id.
Object scope_in(const JsonFields& fields) {
  const auto kind = parse_scope_kind(fields.text("kind"));
  if (!kind) fields.refuse("field_invalid", "kind");
  if (!kind || *kind == ScopeKind::instance) return kInstance;
  return {*kind, fields.id("id")};
}

Holder holder_in(const JsonFields& fields) {
  const auto kind = parse_holder_kind(fields.text("kind"));
  if (!kind) fields.refuse("field_invalid", "kind");
  return {kind.value_or(HolderKind::person), fields.id("id")};
}

// "instance", "workspace:ID", …
Result<Object> object_of(const std::string& text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto kind = parse_scope_kind(std::string_view(text).substr(0, colon));
  if (!kind) return fail(Errc::invalid, "field_invalid", "no such kind", "object");
  if (*kind == ScopeKind::instance) return kInstance;
  const auto id = Id::parse(std::string_view(text).substr(std::min(colon + 1, text.size())));
  if (!id) return fail(Errc::invalid, "field_invalid", "no id", "object");
  return Object{*kind, *id};
}

template <class T>
Reply answered(int status, const Result<T>& value) {
  if (!value) return std::unexpected(domain::Refusal(value.error()));
  return answer(status, to_json(*value));
}

Reply emptied(const Result<void>& done) {
  if (!done) return std::unexpected(domain::Refusal(done.error()));
  return net::Response::empty(204);
}

Task<Reply> list_grants(Backend backend, Call call) {
  GrantQuery query;
  CLUSE_CO_TRY(holder, call.query_id("holder"));
  CLUSE_CO_TRY(before, call.query_id("before"));
  query.holder = holder;
  query.before = before;
  if (const std::string scope = call.query("scope"); !scope.empty()) {
    CLUSE_CO_TRY(object, object_of(scope));
    query.scope = object.id;
    query.scope_kind = object.kind;
  }
  const auto listed = co_await backend.services->grants.list(*call.actor, query);
  if (!listed) co_return std::unexpected(listed.error());
  boost::json::object body{{"grants", list_of(*listed)}, {"before", nullptr}};
  if (listed->size() == kGrantsListedMax) body["before"] = listed->back().id.to_string();
  co_return answer(200, body);
}

Task<Reply> give(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  NewGrant grant;
  grant.role = GivenRole::named(fields.text("role"));
  grant.holder = holder_in(fields.object("holder"));
  grant.scope = scope_in(fields.object("scope"));
  grant.first_day = fields.text_if("first_day");
  grant.last_day = fields.text_if("last_day");
  CLUSE_CO_CHECK(fields.check());
  const auto given = co_await backend.services->grants.give(*call.actor, std::move(grant));
  co_return answered(201, given);
}

Task<Reply> change_grant(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "grant_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  auto first_day = fields.text_if("first_day"), last_day = fields.text_if("last_day");
  CLUSE_CO_CHECK(fields.check());
  const auto changed =
      co_await backend.services->grants.change(*call.actor, id, std::move(first_day), std::move(last_day));
  co_return answered(200, changed);
}

Task<Reply> withdraw(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "grant_not_found"));
  const auto done = co_await backend.services->grants.withdraw(*call.actor, id);
  co_return emptied(done);
}

Task<Reply> explain(Backend backend, Call call) {
  CLUSE_CO_TRY(asked, call.query_id("person"));
  const std::string object_text = call.query("object");
  CLUSE_CO_TRY(object, object_of(object_text.empty() ? "instance" : object_text));
  std::optional<Permission> permission;
  if (const std::string word = call.query("permission"); !word.empty()) {
    permission = parse_permission(word);
    if (!permission) co_return fail(Errc::invalid, "field_invalid", "no such permission", "permission");
  }
  const auto why =
      co_await backend.services->grants.explain(*call.actor, asked.value_or(call.actor->person_id), object);
  if (!why) co_return std::unexpected(why.error());
  const Language language = language_of(call);
  boost::json::array reasons;
  for (const auto& reason : why->reasons) reasons.push_back(to_json(reason, language));
  boost::json::object body{{"person", api::to_json(why->person)},
                           {"object", to_json(why->object)},
                           {"permissions", permission_list(why->judgement.permissions)},
                           {"is_suspended", why->judgement.is_suspended},
                           {"allowed", nullptr},
                           {"sentence", answer_sentence(*why, permission, language)},
                           {"reasons", std::move(reasons)}};
  if (permission) body["allowed"] = why->judgement.permissions.has(*permission);
  co_return answer(200, body);
}

Task<Reply> list_groups(Backend backend, Call call) {
  const auto listed = co_await backend.services->groups.list(*call.actor);
  if (!listed) co_return std::unexpected(listed.error());
  const boost::json::object body{{"groups", list_of(*listed)}};
  co_return answer(200, body);
}

Task<Reply> add_group(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string name = fields.text("name");
  const auto territory = fields.id_if("territory_id");
  CLUSE_CO_CHECK(fields.check());
  const auto added = co_await backend.services->groups.add(*call.actor, std::move(name), territory);
  co_return answered(201, added);
}

Task<Reply> find_group(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "group_not_found"));
  const auto found = co_await backend.services->groups.find(*call.actor, id);
  co_return answered(200, found);
}

Task<Reply> rename_group(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "group_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string name = fields.text("name");
  CLUSE_CO_CHECK(fields.check());
  const auto renamed = co_await backend.services->groups.rename(*call.actor, id, std::move(name));
  co_return answered(200, renamed);
}

Task<Reply> remove_group(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "group_not_found"));
  const auto done = co_await backend.services->groups.remove(*call.actor, id);
  co_return emptied(done);
}

Task<Reply> add_group_member(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "group_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const Holder member = holder_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->groups.add_member(*call.actor, id, member);
  co_return answered(200, changed);
}

Task<Reply> remove_group_member(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "group_not_found"));
  CLUSE_CO_TRY(member, call.id(1, "holder_not_found"));
  const auto changed = co_await backend.services->groups.remove_member(*call.actor, id, member);
  co_return answered(200, changed);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/grants", Access::signed_in, 0, list_grants},
    {"POST", "/api/v1/grants", Access::signed_in, kJsonBytesMax, give},
    {"PUT", "/api/v1/grants/{id}", Access::signed_in, kJsonBytesMax, change_grant},
    {"DELETE", "/api/v1/grants/{id}", Access::signed_in, 0, withdraw},
    {"GET", "/api/v1/rights/explain", Access::signed_in, 0, explain},
    {"GET", "/api/v1/groups", Access::signed_in, 0, list_groups},
    {"POST", "/api/v1/groups", Access::signed_in, kJsonBytesMax, add_group},
    {"GET", "/api/v1/groups/{id}", Access::signed_in, 0, find_group},
    {"PUT", "/api/v1/groups/{id}", Access::signed_in, kJsonBytesMax, rename_group},
    {"DELETE", "/api/v1/groups/{id}", Access::signed_in, 0, remove_group},
    {"POST", "/api/v1/groups/{id}/members", Access::signed_in, kJsonBytesMax, add_group_member},
    {"DELETE", "/api/v1/groups/{id}/members/{member_id}", Access::signed_in, 0, remove_group_member},
};

}  // namespace

std::span<const Route> rights_routes() {
  return kRoutes;
}

}  // namespace cluse::api
