// Asking for an account without having one: the public form, its confirmation, and what the secretariat makes of it.

#include "server/api/client_words.h"
#include "server/api/json_fields.h"
#include "server/api/origin.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

constexpr std::size_t kFormBytesMax = 32U << 10;

boost::json::object request_json(const domain::AccessRequest& request) {
  return {{"id", request.id.to_string()},
          {"provider", request.provider},
          {"name", request.name},
          {"email", request.email},
          {"organisation", request.organisation},
          {"organisation_id", id_or_null(request.organisation_id)},
          {"message", request.message},
          {"language", request.language},
          {"created_at", to_rfc3339(request.created_at)},
          {"email_confirmed", request.email_confirmed},
          {"has_account", request.has_account}};
}

Task<Reply> show_form(Backend backend, Call) {
  auto found = co_await backend.services->access_requests.form_organisations();
  if (!found) co_return std::unexpected(std::move(found).error());
  boost::json::array organisations;
  for (const auto& each : *found)
    organisations.push_back({{"id", each.id.to_string()}, {"name", each.name}, {"country", each.country}});
  const boost::json::object body{{"organisations", std::move(organisations)}};
  co_return answer(200, body);
}

Task<Reply> submit(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::AccessForm form;
  form.name = fields.text_if("name").value_or("");
  form.email = fields.text_if("email").value_or("");
  form.organisation_id = fields.id_if("organisation_id");
  form.organisation = fields.text_if("organisation").value_or("");
  form.message = fields.text_if("message").value_or("");
  const std::string language = choose_language(call.request.header("Accept-Language")) == Language::de ? "de" : "fr";
  form.language = fields.text_if("language").value_or(language);
  if (form.language != "fr" && form.language != "de") fields.refuse("field_invalid", "language");
  // A form that is closed says so whatever the body holds.
  if (backend.services->access_requests.policy().is_open) CLUSE_CO_CHECK(fields.check());
  auto done = co_await backend.services->access_requests.submit(std::move(form), call.place());
  if (!done) co_return std::unexpected(std::move(done).error());
  co_return answer(202, {});
}

// The token comes in the body and not in the address: addresses are written down by proxies.
Task<Reply> confirm(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string token = fields.text("token");
  CLUSE_CO_CHECK(fields.check());
  auto done = co_await backend.services->access_requests.confirm(std::move(token), call.place());
  if (!done) co_return std::unexpected(std::move(done).error());
  co_return net::Response::empty(204);
}

Task<Reply> list_requests(Backend backend, Call call) {
  auto found = co_await backend.services->access_requests.list(*call.actor);
  if (!found) co_return std::unexpected(std::move(found).error());
  boost::json::array requests;
  for (const auto& each : *found) requests.push_back(request_json(each));
  const boost::json::object body{{"requests", std::move(requests)}};
  co_return answer(200, body);
}

// {"<id of a workspace>": "editor", …}
void read_spaces(const JsonFields& fields, domain::AccessDecision& decision) {
  const auto spaces = fields.object_if("workspaces");
  if (!spaces) return;
  for (const auto& name : spaces->names()) {
    const auto workspace = Id::parse(name);
    const auto role = domain::parse_role(spaces->text(name));
    if (!workspace || !role) spaces->refuse("field_invalid", name);
    else decision.spaces.push_back({*workspace, *role});
  }
}

Task<Reply> grant_request(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "access_request_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::AccessDecision decision;
  decision.email = fields.text_if("email").value_or("");
  decision.name = fields.text_if("name").value_or("");
  decision.organisation_id = fields.id_if("organisation_id");
  decision.function = fields.text_if("function").value_or("");
  decision.first_day = fields.text_if("first_day").value_or("");
  decision.last_day = fields.text_if("last_day").value_or("");
  read_spaces(fields, decision);
  CLUSE_CO_CHECK(fields.check());
  auto in = co_await backend.services->access_requests.grant(*call.actor, id, std::move(decision));
  if (!in) co_return std::unexpected(std::move(in).error());
  const std::string& configured = backend.settings->public_url;
  const std::string origin = configured.empty() ? own_origin(call.request) : configured;
  boost::json::object body{{"person", to_json(in->person)}, {"was_sent", in->was_sent}, {"url", nullptr}};
  if (!in->token.empty()) body["url"] = origin + "/lien#" + in->token;
  co_return answer(201, body);
}

Task<Reply> refuse_request(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "access_request_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string words = fields.text_if("message").value_or("");
  CLUSE_CO_CHECK(fields.check());
  auto refused = co_await backend.services->access_requests.refuse(*call.actor, id, std::move(words));
  if (!refused) co_return std::unexpected(std::move(refused).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/access-requests/form", Access::anyone, 0, show_form},
    {"POST", "/api/v1/access-requests", Access::anyone, kFormBytesMax, submit},
    {"POST", "/api/v1/access-requests/confirm", Access::anyone, kFormBytesMax, confirm},
    {"GET", "/api/v1/access-requests", Access::signed_in, 0, list_requests},
    {"POST", "/api/v1/access-requests/{id}", Access::signed_in, kJsonBytesMax, grant_request},
    {"DELETE", "/api/v1/access-requests/{id}", Access::signed_in, kJsonBytesMax, refuse_request},
};

}  // namespace

std::span<const Route> request_routes() {
  return kRoutes;
}

}  // namespace cluse::api
