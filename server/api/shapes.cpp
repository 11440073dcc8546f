#include "server/api/shapes.h"

#include "server/domain/text.h"

#include <boost/json/serialize.hpp>

#include <cmath>

namespace cluse::api {
namespace {

std::string text_of(std::string_view text) {
  return std::string(text);
}

// Positions are mostly whole: "3" reads better than "3E0".
boost::json::value number(double value) {
  const bool whole = std::nearbyint(value) == value && std::abs(value) < 1e15;
  return whole ? boost::json::value(static_cast<std::int64_t>(value)) : boost::json::value(value);
}

}  // namespace

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

boost::json::value id_or_null(const std::optional<Id>& id) {
  return id ? boost::json::value(id->to_string()) : boost::json::value(nullptr);
}

boost::json::object to_json(const domain::Organisation& organisation) {
  return {{"id", organisation.id.to_string()},
          {"name", organisation.name},
          {"short_name", organisation.short_name},
          {"country", organisation.country},
          {"kind", organisation.kind}};
}

boost::json::object to_json(const domain::territories::Unit& unit) {
  boost::json::object json{{"id", unit.id.to_string()},
                           {"kind", text_of(domain::territories::code_of(unit.kind))},
                           {"country", text_or_null(unit.country)},
                           {"name", unit.name},
                           {"code", nullptr}};
  if (unit.code)
    json["code"] = boost::json::object{{"scheme", text_of(domain::territories::code_of(unit.code->scheme))},
                                       {"code", unit.code->code}};
  return json;
}

boost::json::object to_json(const domain::Membership& membership) {
  return {{"id", membership.id.to_string()},
          {"organisation", to_json(membership.organisation)},
          {"first_day", text_or_null(membership.first_day)},
          {"last_day", text_or_null(membership.last_day)},
          {"is_current", membership.is_current}};
}

boost::json::object to_json(const domain::Mandate& mandate) {
  return {{"id", mandate.id.to_string()},
          {"organisation", to_json(mandate.organisation)},
          {"function", mandate.function},
          {"quality", text_of(domain::to_text(mandate.quality))},
          {"seat", text_of(domain::to_text(mandate.seat))},
          {"first_day", mandate.first_day},
          {"last_day", text_or_null(mandate.last_day)},
          {"is_current", mandate.is_current}};
}

boost::json::object to_json(const domain::OrganisationDetail::Holder& holder) {
  boost::json::object json = to_json(holder.mandate);
  json["person"] = to_json(holder.person);
  return json;
}

boost::json::object to_json(const domain::OrganisationDetail& detail) {
  boost::json::object json = to_json(detail.organisation);
  boost::json::object numbers;
  for (const auto& [kind, number] : detail.numbers) numbers[text_of(domain::registry::code_of(kind))] = number;
  json["territory"] = to_json_or_null(detail.territory);
  json["parent"] = to_json_or_null(detail.parent);
  json["children"] = to_json(detail.children);
  json["numbers"] = std::move(numbers);
  json["bodies"] = to_json(detail.bodies);
  json["members"] = to_json(detail.members);
  json["mandates"] = to_json(detail.mandates);
  return json;
}

boost::json::object to_json(const domain::Person& person) {
  boost::json::object json{{"id", person.id.to_string()},
                           {"name", person.name},
                           {"function", person.function},
                           {"initials", domain::initials(person.name)},
                           {"organisation", to_json_or_null(person.organisation)}};
  if (person.is_admin) json["is_admin"] = true;
  if (person.hat) json["hat"] = to_json(*person.hat);
  return json;
}

boost::json::object to_json(const domain::Profile& profile) {
  boost::json::object json = to_json(profile.person);
  json["is_admin"] = profile.permissions.has(domain::rights::Permission::administrators_manage);
  boost::json::array permissions;
  for (std::size_t i = 0; i < domain::rights::kPermissionCount; ++i)
    if (profile.permissions.has(static_cast<domain::rights::Permission>(i)))
      permissions.push_back(boost::json::string(domain::rights::kPermissionWords[i]));
  json["permissions"] = std::move(permissions);
  json["email"] = profile.email;
  json["ui_locale"] = profile.ui_locale;
  json["theme"] = profile.theme;
  json["single_keys"] = profile.single_keys;
  json["marks_terms"] = profile.marks_terms;
  boost::json::array languages;
  for (const auto& each : profile.content_languages) languages.push_back(boost::json::string(each));
  json["content_languages"] = std::move(languages);
  json["hat"] = to_json_or_null(profile.person.hat);
  json["mandates"] = to_json(profile.mandates);
  return json;
}

boost::json::object to_json(const domain::SessionInfo& session) {
  return {{"id", session.id.to_string()},
          {"created_at", to_rfc3339(session.created_at)},
          {"last_seen_at", to_rfc3339(session.last_seen_at)},
          {"device", session.device},
          {"current", session.current}};
}

boost::json::object to_json(const domain::Territory& territory) {
  return {{"id", territory.id.to_string()},
          {"name", territory.name},
          {"short", territory.short_name},
          {"country", text_or_null(territory.country)}};
}

boost::json::object to_json(const domain::Workspace& workspace) {
  return {{"id", workspace.id.to_string()},
          {"name", workspace.name},
          {"description", workspace.description},
          {"territory", to_json(workspace.territory)},
          {"language", workspace.language},
          {"my_role", text_of(domain::to_text(workspace.my_role))},
          {"counts", boost::json::object{{"documents", workspace.documents},
                                         {"members", workspace.members},
                                         {"members_f", workspace.members_f},
                                         {"members_ch", workspace.members_ch}}},
          {"updated_at", to_rfc3339(workspace.updated_at)}};
}

boost::json::object to_json(const domain::Member& member) {
  boost::json::object json = to_json(member.person);
  json["role"] = text_of(domain::to_text(member.role));
  json["joined_at"] = to_rfc3339(member.joined_at);
  return json;
}

boost::json::object to_json(const domain::Document& document) {
  boost::json::object json{{"id", document.id.to_string()},
                           {"workspace_id", document.workspace_id.to_string()},
                           {"parent_id", id_or_null(document.parent_id)},
                           {"kind", text_of(domain::to_text(document.kind))},
                           {"title", document.title},
                           {"language", document.language},
                           {"language_origin", text_of(domain::to_text(document.language_origin))},
                           {"position", number(document.position)},
                           {"created_at", to_rfc3339(document.created_at)},
                           {"created_by", to_json_or_null(document.created_by)},
                           {"updated_at", to_rfc3339(document.updated_at)},
                           {"updated_by", to_json_or_null(document.updated_by)},
                           {"trashed_at", nullptr},
                           {"writers", to_json(document.writers)}};
  if (document.trashed_at) json["trashed_at"] = to_rfc3339(*document.trashed_at);
  if (document.my_role) json["my_role"] = text_of(domain::to_text(*document.my_role));
  return json;
}

boost::json::object to_placed_json(const domain::Document& document) {
  boost::json::object json = to_json(document);
  json["workspace"] = boost::json::object{{"id", document.workspace_id.to_string()}, {"name", document.workspace_name}};
  boost::json::array versions;
  for (const auto& each : document.versions)
    versions.push_back(boost::json::object{{"id", each.id.to_string()}, {"language", each.language}});
  json["versions"] = std::move(versions);
  return json;
}

boost::json::array to_placed_json(const std::vector<domain::Document>& documents) {
  boost::json::array array;
  array.reserve(documents.size());
  for (const auto& document : documents) array.push_back(to_placed_json(document));
  return array;
}

net::Response answer(int status, const boost::json::object& body) {
  return net::Response::json(status, boost::json::serialize(body));
}

}  // namespace cluse::api
