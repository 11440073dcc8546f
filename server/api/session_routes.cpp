// Start, session and oneself.

#include "server/api/client_words.h"
#include "server/api/cookies.h"
#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {

std::string locale_or_default(const std::optional<std::string>& asked, const net::Request& request) {
  if (asked) return *asked;
  return choose_language(request.header("Accept-Language")) == Language::de ? "de-CH" : "fr-FR";
}

domain::NewOrganisation organisation_in(const JsonFields& fields) {
  return {fields.text("name"), fields.text_if("short_name").value_or(""), fields.text("country"),
          fields.text_if("kind").value_or("")};
}

void set_session_cookie(net::Response& response, const Backend& backend, const Call& call, std::string_view token) {
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(backend.services->sessions.policy().absolute);
  response.with("Set-Cookie", session_cookie(token, call.request.tls, lifetime));
}

namespace {

boost::json::object me_body(const domain::Profile& profile) {
  return {{"me", to_json(profile)}};
}

boost::json::array providers_of(const Backend& backend) {
  boost::json::array providers;
  for (const auto& each : backend.services->federation.providers())
    providers.push_back({{"id", each.key}, {"label_fr", each.label_fr}, {"label_de", each.label_de}});
  return providers;
}

}  // namespace

net::Response entered(const Backend& backend, const Call& call, const domain::SignedIn& signed_in) {
  if (signed_in.second) {
    const boost::json::object second{{"code", signed_in.second->code}, {"passkey", signed_in.second->passkey}};
    auto response = answer(200, {{"second", second}});
    response.with("Set-Cookie", step_cookie("second", signed_in.second->sealed, call.request.tls));
    return response;
  }
  const boost::json::object body{{"me", to_json(signed_in.profile)},
                                 {"must_add_factor", signed_in.actor.must_add_factor}};
  auto response = answer(200, body);
  set_session_cookie(response, backend, call, signed_in.token);
  return response;
}

std::string step_of(const Call& call, std::string_view kind) {
  return std::string(call.request.cookie(step_cookie_name(kind, call.request.tls)));
}

namespace {

Task<Reply> bootstrap(Backend backend, Call call) {
  boost::json::value me = nullptr;
  if (call.actor) {
    auto profile = co_await backend.services->people.profile(*call.actor);
    if (profile) me = to_json(*profile);
  }
  const Settings& settings = *backend.settings;
  const boost::json::object instance{{"name", settings.instance_name},
                                     {"version", settings.version},
                                     {"needs_setup", backend.services->accounts.needs_setup()},
                                     {"demo", settings.demo},
                                     {"mail", backend.services->letters.is_on()},
                                     {"sign_in_links", backend.services->recovery.sign_in_links()},
                                     {"providers", providers_of(backend)},
                                     {"access_requests", backend.services->access_requests.policy().is_open},
                                     {"passkeys", backend.services->passkeys.is_on()}};
  const boost::json::object body{
      {"instance", instance}, {"me", me}, {"must_add_factor", call.actor && call.actor->must_add_factor}};
  co_return answer(200, body);
}

Task<Reply> set_up(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::FirstAdministrator first{fields.text("token"),
                                   fields.text("name"),
                                   fields.text("email"),
                                   fields.text("password"),
                                   locale_or_default(fields.text_if("ui_locale"), call.request),
                                   organisation_in(fields.object("organisation"))};
  // An instance that is set up says so whatever the body holds.
  if (backend.services->accounts.needs_setup()) CLUSE_CO_CHECK(fields.check());
  auto opened = co_await backend.services->accounts.set_up(std::move(first), call.place());
  if (!opened) co_return std::unexpected(std::move(opened).error());
  auto response = answer(201, me_body(opened->profile));
  set_session_cookie(response, backend, call, opened->token);
  co_return response;
}

Task<Reply> sign_in(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::Credentials credentials{fields.text("email"), fields.text("password")};
  CLUSE_CO_CHECK(fields.check());
  auto opened = co_await backend.services->accounts.sign_in(std::move(credentials), call.place(), call.session_token());
  if (!opened) co_return std::unexpected(std::move(opened).error());
  co_return entered(backend, call, *opened);
}

Task<Reply> sign_out(Backend backend, Call call) {
  std::optional<std::string> elsewhere;
  if (call.actor) {
    elsewhere = co_await backend.services->federation.logout_url(*call.actor);
    auto ended = co_await backend.services->sessions.end(*call.actor, call.actor->session_id);
    if (!ended) co_return std::unexpected(std::move(ended).error());
  }
  // Where the browser goes to sign out of the provider that she came from.
  auto response = elsewhere ? answer(200, {{"end_session_url", *elsewhere}}) : net::Response::empty(204);
  response.with("Set-Cookie", removed_cookie(call.request.tls));
  co_return response;
}

Task<Reply> list_sessions(Backend backend, Call call) {
  auto sessions = co_await backend.services->sessions.list(*call.actor);
  if (!sessions) co_return std::unexpected(std::move(sessions).error());
  const boost::json::object body{{"sessions", to_json(*sessions)}};
  co_return answer(200, body);
}

Task<Reply> end_session(Backend backend, Call call) {
  // What is no session of ours is as good as ended.
  const auto id = Id::parse(call.parameters.at(0));
  if (id) {
    auto ended = co_await backend.services->sessions.end(*call.actor, *id);
    if (!ended) co_return std::unexpected(std::move(ended).error());
  }
  auto response = net::Response::empty(204);
  if (id == call.actor->session_id) response.with("Set-Cookie", removed_cookie(call.request.tls));
  co_return response;
}

Task<Reply> change_me(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::ProfileChange change{fields.text_if("name"),        fields.text_if("function"),
                               fields.text_if("ui_locale"),   fields.text_if("theme"),
                               fields.flag_if("single_keys"), fields.texts_if("content_languages"),
                               fields.flag_if("marks_terms")};
  CLUSE_CO_CHECK(fields.check());
  auto profile = co_await backend.services->people.change_profile(*call.actor, std::move(change));
  if (!profile) co_return std::unexpected(std::move(profile).error());
  co_return answer(200, me_body(*profile));
}

Task<Reply> change_password(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string current = fields.text("current");
  std::string password = fields.text("password");
  CLUSE_CO_CHECK(fields.check());
  auto changed =
      co_await backend.services->accounts.change_password(*call.actor, std::move(current), std::move(password));
  if (!changed) co_return std::unexpected(std::move(changed).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/bootstrap", Access::anyone, 0, bootstrap},
    {"POST", "/api/v1/setup", Access::anyone, kJsonBytesMax, set_up},
    {"POST", "/api/v1/session", Access::anyone, kJsonBytesMax, sign_in},
    {"DELETE", "/api/v1/session", Access::anyone, kJsonBytesMax, sign_out},
    {"GET", "/api/v1/sessions", Access::signed_in, 0, list_sessions},
    {"DELETE", "/api/v1/sessions/{id}", Access::signed_in, kJsonBytesMax, end_session},
    {"PATCH", "/api/v1/me", Access::signed_in, kJsonBytesMax, change_me},
    {"POST", "/api/v1/me/password", Access::signed_in, kJsonBytesMax, change_password},
};

}  // namespace

std::span<const Route> session_routes() {
  return kRoutes;
}

}  // namespace cluse::api
