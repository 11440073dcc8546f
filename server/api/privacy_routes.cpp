// Personal data: contact details, the register of processing, retention.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/domain/privacy/processing.h"

#include <algorithm>
#include <utility>

namespace cluse::api {
namespace {

boost::json::object to_json(const domain::ContactDetail& detail) {
  return {{"kind", std::string(to_text(detail.kind))},
          {"value", detail.value},
          {"audience", std::string(to_text(detail.audience))},
          {"consented_at", detail.consented_at ? boost::json::value(to_rfc3339(*detail.consented_at)) : nullptr}};
}

Reply contact_answer(Result<std::vector<domain::ContactDetail>> details) {
  if (!details) return std::unexpected(std::move(details).error());
  boost::json::array contact;
  for (const auto& each : *details) contact.push_back(to_json(each));
  return answer(200, {{"contact", std::move(contact)}});
}

Task<Reply> my_contact(Backend backend, Call call) {
  auto details = co_await backend.services->contact_details.mine(*call.actor);
  co_return contact_answer(std::move(details));
}

Task<Reply> set_contact(Backend backend, Call call) {
  const auto kind = domain::parse_contact_kind(call.parameters.at(0));
  if (!kind) co_return fail(Errc::not_found, "route_not_found");
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::ContactDetail detail{*kind, fields.text_if("value").value_or(""), domain::Audience::nobody, {}};
  const auto audience = domain::parse_audience(fields.text("audience"));
  if (!audience) fields.refuse("field_invalid", "audience");
  CLUSE_CO_CHECK(fields.check());
  detail.audience = *audience;
  auto details = co_await backend.services->contact_details.set(*call.actor, std::move(detail));
  co_return contact_answer(std::move(details));
}

Task<Reply> contact_of(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "person_not_found"));
  auto details = co_await backend.services->contact_details.of(*call.actor, id);
  co_return contact_answer(std::move(details));
}

boost::json::object clock_json(const domain::RetentionClock& clock) {
  return {{"id", std::string(domain::kClocks[static_cast<std::size_t>(clock.id)])}, {"days", clock.keep.count()}};
}

Task<Reply> processing_register(Backend backend, Call) {
  const auto clocks = backend.services->retention.clocks();
  boost::json::array activities;
  for (const auto& activity : domain::processing_activities()) {
    boost::json::array ends;
    for (const auto id : activity.clocks) ends.push_back(clock_json(clocks.at(static_cast<std::size_t>(id))));
    activities.push_back(boost::json::object{{"id", std::string(activity.id)}, {"clocks", std::move(ends)}});
  }
  // Not of a table: passages go to another server, where there is one.
  if (const std::string host = backend.services->translation.host(); !host.empty())
    activities.push_back(
        boost::json::object{{"id", "translation"}, {"clocks", boost::json::array()}, {"recipient", host}});
  const boost::json::object body{{"controller", backend.settings->controller},
                                 {"contact", backend.settings->privacy_contact},
                                 {"activities", std::move(activities)}};
  co_return answer(200, body);
}

Task<Reply> retention(Backend backend, Call call) {
  auto view = co_await backend.services->retention.view(*call.actor);
  if (!view) co_return std::unexpected(std::move(view).error());
  boost::json::array clocks, dormant;
  for (const auto& clock : view->clocks) {
    auto json = clock_json(clock);
    json["held"] = clock.held;
    clocks.push_back(std::move(json));
  }
  for (const auto& each : view->dormant)
    dormant.push_back(boost::json::object{{"id", each.person.to_string()},
                                          {"name", each.name},
                                          {"email", each.email},
                                          {"last_seen", to_rfc3339(each.last_seen)}});
  const boost::json::object body{
      {"clocks", std::move(clocks)},
      {"last_sweep", view->last_sweep ? boost::json::value(to_rfc3339(*view->last_sweep)) : nullptr},
      {"dormant", std::move(dormant)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/me/contact", Access::signed_in, 0, my_contact},
    {"PUT", "/api/v1/me/contact/{kind}", Access::signed_in, kJsonBytesMax, set_contact},
    {"GET", "/api/v1/people/{id}/contact", Access::signed_in, 0, contact_of},
    {"GET", "/api/v1/privacy/register", Access::signed_in, 0, processing_register},
    {"GET", "/api/v1/privacy/retention", Access::administrator, 0, retention},
};

}  // namespace

std::span<const Route> privacy_routes() {
  return kRoutes;
}

}  // namespace cluse::api
