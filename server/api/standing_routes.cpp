// The directory of people for whoever manages them: suspending, confirming where they belong, handing over.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <charconv>
#include <utility>

namespace cluse::api {
namespace {

boost::json::object to_json(const domain::DirectoryEntry& entry) {
  boost::json::object json = api::to_json(entry.person);
  json["email"] = entry.email;
  json["organisation_confirmed"] = entry.organisation_confirmed;
  json["suspended_at"] = nullptr;
  if (entry.suspended_at) json["suspended_at"] = to_rfc3339(*entry.suspended_at);
  json["suspended_reason"] = entry.suspended_reason;
  return json;
}

boost::json::array to_json(const std::vector<domain::Responsibilities::Named>& named) {
  boost::json::array array;
  for (const auto& each : named)
    array.push_back(boost::json::object{{"id", each.id.to_string()}, {"name", each.name}, {"is_last", each.is_last}});
  return array;
}

boost::json::object to_json(const domain::Responsibilities& all) {
  return {{"workspaces", to_json(all.workspaces)},
          {"groups", to_json(all.groups)},
          {"mandates", api::to_json(all.mandates)},
          {"invitations", all.invitations},
          {"is_last_administrator", all.is_last_administrator}};
}

template <class T>
Reply answered(const Result<T>& value) {
  if (!value) return std::unexpected(domain::Refusal(value.error()));
  return answer(200, to_json(*value));
}

Task<Reply> directory(Backend backend, Call call) {
  domain::DirectoryQuery query;
  query.words = call.query("q");
  CLUSE_CO_TRY(organisation, call.query_id("organisation"));
  query.organisation = organisation;
  if (const std::string status = call.query("status"); !status.empty()) {
    if (status != "active" && status != "suspended") co_return fail(Errc::invalid, "field_invalid", "", "status");
    query.suspended = status == "suspended";
  }
  query.after = call.query("after");
  if (const std::string limit = call.query("limit"); !limit.empty()) {
    const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), query.max);
    if (error != std::errc() || end != limit.data() + limit.size() || query.max < 1 ||
        query.max > domain::kDirectoryPageMax)
      co_return fail(Errc::invalid, "field_invalid", "", "limit");
  }
  const auto page = co_await backend.services->standing.list(*call.actor, std::move(query));
  if (!page) co_return std::unexpected(page.error());
  boost::json::array people;
  for (const auto& entry : page->people) people.push_back(to_json(entry));
  const boost::json::object body{{"people", std::move(people)}, {"after", text_or_null(page->after)}};
  co_return answer(200, body);
}

Task<Reply> find(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  const auto found = co_await backend.services->standing.find(*call.actor, person);
  co_return answered(found);
}

Task<Reply> suspend(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string reason = fields.text("reason");
  CLUSE_CO_CHECK(fields.check());
  const auto done = co_await backend.services->standing.suspend(*call.actor, person, std::move(reason));
  co_return answered(done);
}

Task<Reply> reactivate(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  const auto done = co_await backend.services->standing.reactivate(*call.actor, person);
  co_return answered(done);
}

Task<Reply> set_organisation(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto organisation = fields.id_if("organisation_id");
  CLUSE_CO_CHECK(fields.check());
  const auto done = co_await backend.services->standing.set_organisation(*call.actor, person, organisation);
  co_return answered(done);
}

Task<Reply> responsibilities(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  const auto found = co_await backend.services->standing.responsibilities(*call.actor, person);
  co_return answered(found);
}

Task<Reply> hand_over(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const Id to = fields.id("to");
  auto last_day = fields.text_if("last_day");
  CLUSE_CO_CHECK(fields.check());
  const auto left = co_await backend.services->standing.hand_over(*call.actor, person, to, std::move(last_day));
  co_return answered(left);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/directory", Access::signed_in, 0, directory},
    {"GET", "/api/v1/directory/{id}", Access::signed_in, 0, find},
    {"PUT", "/api/v1/people/{id}/suspension", Access::signed_in, kJsonBytesMax, suspend},
    {"DELETE", "/api/v1/people/{id}/suspension", Access::signed_in, 0, reactivate},
    {"PUT", "/api/v1/people/{id}/organisation", Access::signed_in, kJsonBytesMax, set_organisation},
    {"GET", "/api/v1/people/{id}/responsibilities", Access::signed_in, 0, responsibilities},
    {"POST", "/api/v1/people/{id}/hand-over", Access::signed_in, kJsonBytesMax, hand_over},
};

}  // namespace

std::span<const Route> standing_routes() {
  return kRoutes;
}

}  // namespace cluse::api
