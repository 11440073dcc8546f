// Organisations, mandates, the hat; territories and registry numbers for the forms about them.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

domain::OrganisationContent content_in(const JsonFields& fields) {
  domain::OrganisationContent content{fields.text("name"),
                                      fields.text_if("short_name").value_or(""),
                                      fields.text("country"),
                                      fields.text_if("kind").value_or(""),
                                      fields.id_if("territory_id"),
                                      fields.id_if("parent_id"),
                                      {}};
  if (const auto numbers = fields.object_if("numbers")) {
    for (const auto kind : domain::kOrganisationNumbers) {
      const auto number = numbers->text_if(domain::registry::code_of(kind));
      if (number && !number->empty()) content.numbers.push_back({kind, *number});
    }
  }
  return content;
}

// An empty text is no day: forms send what stands in their fields.
std::optional<std::string> day_in(const JsonFields& fields, std::string_view name) {
  auto day = fields.text_if(name);
  return day && day->empty() ? std::nullopt : day;
}

domain::NewMandate mandate_in(const JsonFields& fields) {
  domain::NewMandate mandate;
  mandate.function = fields.text("function");
  const auto quality = domain::parse_quality(fields.text_if("quality").value_or("technician"));
  const auto seat = domain::parse_seat(fields.text_if("seat").value_or("titular"));
  if (!quality) fields.refuse("field_invalid", "quality");
  if (!seat) fields.refuse("field_invalid", "seat");
  mandate.quality = quality.value_or(mandate.quality);
  mandate.seat = seat.value_or(mandate.seat);
  mandate.first_day = day_in(fields, "first_day");
  mandate.last_day = day_in(fields, "last_day");
  return mandate;
}

Reply answered(int status, const Result<domain::OrganisationDetail>& detail) {
  if (!detail) return std::unexpected(domain::Refusal(detail.error()));
  return answer(status, to_json(*detail));
}

Reply answered(int status, const Result<domain::Mandate>& mandate) {
  if (!mandate) return std::unexpected(domain::Refusal(mandate.error()));
  return answer(status, to_json(*mandate));
}

Task<Reply> add_organisation(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::OrganisationContent content = content_in(fields);
  CLUSE_CO_CHECK(fields.check());
  if (content.territory_id || content.parent_id || !content.numbers.empty()) {
    const auto added = co_await backend.services->organisations.add(*call.actor, std::move(content));
    co_return answered(201, added);
  }
  // A name alone twice is once.
  domain::NewOrganisation named{content.name, content.short_name, content.country, content.kind};
  const auto added = co_await backend.services->people.add_organisation(*call.actor, std::move(named));
  if (!added) co_return std::unexpected(added.error());
  const auto detail = co_await backend.services->organisations.find(*call.actor, added->id);
  co_return answered(201, detail);
}

Task<Reply> find_organisation(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "organisation_not_found"));
  const auto found = co_await backend.services->organisations.find(*call.actor, id);
  co_return answered(200, found);
}

Task<Reply> change_organisation(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "organisation_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::OrganisationContent content = content_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->organisations.change(*call.actor, id, std::move(content));
  co_return answered(200, changed);
}

Task<Reply> add_membership(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "organisation_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewMembership membership{fields.id("body_id"), day_in(fields, "first_day"), day_in(fields, "last_day")};
  CLUSE_CO_CHECK(fields.check());
  const auto joined = co_await backend.services->organisations.join(*call.actor, id, std::move(membership));
  co_return answered(201, joined);
}

Task<Reply> change_membership(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "organisation_not_found"));
  CLUSE_CO_TRY(membership, call.id(1, "membership_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  auto first_day = day_in(fields, "first_day"), last_day = day_in(fields, "last_day");
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->organisations.change_membership(
      *call.actor, id, membership, std::move(first_day), std::move(last_day));
  co_return answered(200, changed);
}

Task<Reply> find_person(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "person_not_found"));
  const auto person = co_await backend.services->people.person(*call.actor, id);
  if (!person) co_return std::unexpected(person.error());
  co_return answer(200, to_json(*person));
}

Task<Reply> list_mandates(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  const auto mandates = co_await backend.services->mandates.list(*call.actor, person);
  if (!mandates) co_return std::unexpected(mandates.error());
  const boost::json::object body{{"mandates", to_json(*mandates)}};
  co_return answer(200, body);
}

Task<Reply> add_mandate(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewMandate mandate = mandate_in(fields);
  mandate.organisation_id = fields.id("organisation_id");
  CLUSE_CO_CHECK(fields.check());
  const auto added = co_await backend.services->mandates.add(*call.actor, person, std::move(mandate));
  co_return answered(201, added);
}

Task<Reply> change_mandate(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "mandate_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewMandate mandate = mandate_in(fields);
  // A change that forgot the day would move the beginning to today.
  if (!mandate.first_day) fields.refuse("field_missing", "first_day");
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->mandates.change(*call.actor, id, std::move(mandate));
  co_return answered(200, changed);
}

Task<Reply> wear(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const Id mandate = fields.id("mandate_id");
  CLUSE_CO_CHECK(fields.check());
  const auto profile = co_await backend.services->mandates.wear(*call.actor, mandate);
  if (!profile) co_return std::unexpected(profile.error());
  const boost::json::object body{{"me", to_json(*profile)}};
  co_return answer(200, body);
}

Task<Reply> set_administrator(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto is_admin = fields.flag_if("is_admin");
  if (!is_admin) fields.refuse("field_missing", "is_admin");
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->people.set_administrator(*call.actor, person, *is_admin);
  if (!changed) co_return std::unexpected(changed.error());
  co_return answer(200, to_json(*changed));
}

Task<Reply> find_territorial_units(Backend backend, Call call) {
  const auto units = co_await backend.services->organisations.find_territories(*call.actor, call.query("q"));
  if (!units) co_return std::unexpected(units.error());
  const boost::json::object body{{"units", to_json(*units)}};
  co_return answer(200, body);
}

// A wrong number is an answer here, not a failure: forms ask while people type.
Task<Reply> check_number(Backend, Call call) {
  const auto kind = domain::registry::parse_kind(call.parameters.at(0));
  if (!kind) co_return fail(Errc::not_found, "route_not_found", "no such register");
  const auto number = domain::registry::parse(*kind, call.query("number"));
  if (number) {
    const boost::json::object good{{"valid", true}, {"normalised", number->normalised}, {"display", number->display}};
    co_return answer(200, good);
  }
  const auto& problem = number.error();
  boost::json::object body{
      {"valid", false}, {"code", std::string(problem.code)}, {"suspect", nullptr}, {"corrected", nullptr}};
  if (problem.suspect)
    body["suspect"] = boost::json::object{{"group", std::string(problem.suspect->name)},
                                          {"from", problem.suspect->from},
                                          {"length", problem.suspect->length}};
  const auto* repair = problem.only_repair() != nullptr ? problem.only_repair() : problem.only_swap();
  if (repair != nullptr) body["corrected"] = repair->corrected;
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/organisations", Access::signed_in, kJsonBytesMax, add_organisation},
    {"GET", "/api/v1/organisations/{id}", Access::signed_in, 0, find_organisation},
    {"PUT", "/api/v1/organisations/{id}", Access::signed_in, kJsonBytesMax, change_organisation},
    {"POST", "/api/v1/organisations/{id}/memberships", Access::signed_in, kJsonBytesMax, add_membership},
    {"PUT", "/api/v1/organisations/{id}/memberships/{membership_id}", Access::signed_in, kJsonBytesMax,
     change_membership},
    {"GET", "/api/v1/people/{id}", Access::signed_in, 0, find_person},
    {"GET", "/api/v1/people/{id}/mandates", Access::signed_in, 0, list_mandates},
    {"POST", "/api/v1/people/{id}/mandates", Access::signed_in, kJsonBytesMax, add_mandate},
    {"PUT", "/api/v1/people/{id}/administrator", Access::administrator, kJsonBytesMax, set_administrator},
    {"PUT", "/api/v1/mandates/{id}", Access::signed_in, kJsonBytesMax, change_mandate},
    {"PUT", "/api/v1/session/hat", Access::signed_in, kJsonBytesMax, wear},
    {"GET", "/api/v1/territorial-units", Access::signed_in, 0, find_territorial_units},
    {"GET", "/api/v1/registry-numbers/{kind}", Access::signed_in, 0, check_number},
};

}  // namespace

std::span<const Route> organisation_routes() {
  return kRoutes;
}

}  // namespace cluse::api
