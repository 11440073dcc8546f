// Links by mail: asking for one, looking at it, using it; and one that an administrator passes on by hand.

#include "server/api/json_fields.h"
#include "server/api/origin.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

Task<Reply> ask_for_link(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const std::string email = fields.text("email");
  const std::string purpose = fields.text("purpose");
  if (purpose != "password" && purpose != "sign_in") fields.refuse("field_invalid", "purpose");
  CLUSE_CO_CHECK(fields.check());
  const auto wanted = purpose == "password" ? domain::LinkPurpose::password : domain::LinkPurpose::sign_in;
  if (const auto asked = backend.services->recovery.ask(email, wanted, call.place()); !asked)
    co_return std::unexpected(asked.error());
  co_return answer(202, {});
}

// The token comes in the body and not in the address: addresses are written down by proxies.
Task<Reply> look_at_link(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string token = fields.text("token");
  CLUSE_CO_CHECK(fields.check());
  auto found = co_await backend.services->recovery.find(std::move(token), call.place());
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"purpose", found->purpose == domain::LinkPurpose::password ? "password" : "sign_in"},
                                 {"expires_at", to_rfc3339(found->expires_at)}};
  co_return answer(200, body);
}

Task<Reply> use_link(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string token = fields.text("token");
  std::string password = fields.text_if("password").value_or("");
  CLUSE_CO_CHECK(fields.check());
  auto opened = co_await backend.services->recovery.use(std::move(token), std::move(password), call.place(),
                                                        call.session_token());
  if (!opened) co_return std::unexpected(std::move(opened).error());
  co_return entered(backend, call, *opened);
}

Task<Reply> make_link(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  auto made = co_await backend.services->recovery.make(*call.actor, person);
  if (!made) co_return std::unexpected(std::move(made).error());
  const std::string& configured = backend.settings->public_url;
  const std::string start = configured.empty() ? own_origin(call.request) : configured;
  const boost::json::object body{
      {"url", start + "/lien#" + made->token}, {"token", made->token}, {"expires_at", to_rfc3339(made->expires_at)}};
  co_return answer(201, body);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/recovery", Access::anyone, kJsonBytesMax, ask_for_link},
    {"POST", "/api/v1/recovery/link", Access::anyone, kJsonBytesMax, look_at_link},
    {"POST", "/api/v1/recovery/session", Access::anyone, kJsonBytesMax, use_link},
    {"POST", "/api/v1/people/{id}/recovery", Access::administrator, kJsonBytesMax, make_link},
};

}  // namespace

std::span<const Route> recovery_routes() {
  return kRoutes;
}

}  // namespace cluse::api
