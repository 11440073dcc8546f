// Signing in through providers of identities, and the ways to sign in that somebody has.

#include "server/api/client_words.h"
#include "server/api/cookies.h"
#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"
#include "server/base/log.h"

#include <utility>

namespace cluse::api {
namespace {

constexpr std::size_t kLogoutBytesMax = 70U << 10;

boost::json::value instant_or_null(const std::optional<Instant>& at) {
  return at ? boost::json::value(to_rfc3339(*at)) : boost::json::value(nullptr);
}

const oidc::ProviderSettings* provider_of(const Backend& backend, const std::string& issuer) {
  for (const auto& each : backend.services->federation.providers())
    if (each.issuer == issuer) return &each;
  return nullptr;
}

boost::json::object ways_body(const Backend& backend, const domain::SignInWays& ways) {
  boost::json::array identities, passkeys;
  for (const auto& each : ways.identities) {
    const auto* provider = provider_of(backend, each.issuer);
    identities.push_back(
        {{"id", each.id.to_string()},
         {"provider", provider == nullptr ? boost::json::value(nullptr) : boost::json::value(provider->key)},
         {"issuer", each.issuer},
         {"label", each.label},
         {"shown", each.shown},
         {"created_at", to_rfc3339(each.created_at)},
         {"last_used_at", instant_or_null(each.last_used_at)}});
  }
  for (const auto& each : ways.passkeys)
    passkeys.push_back({{"id", each.id.to_string()},
                        {"name", each.name},
                        {"created_at", to_rfc3339(each.created_at)},
                        {"last_used_at", instant_or_null(each.last_used_at)}});
  return {{"has_password", ways.has_password},
          {"identities", std::move(identities)},
          {"passkeys", std::move(passkeys)},
          {"second_factor_since", instant_or_null(ways.second_factor_since)},
          {"recovery_codes_left", ways.recovery_codes_left}};
}

Task<Reply> ways_of_person(Backend backend, domain::Actor actor, Id person) {
  auto ways = co_await backend.services->identities.ways(std::move(actor), person);
  if (!ways) co_return std::unexpected(std::move(ways).error());
  co_return answer(200, ways_body(backend, *ways));
}

Task<Reply> my_ways(Backend backend, Call call) {
  auto reply = co_await ways_of_person(backend, *call.actor, call.actor->person_id);
  co_return reply;
}

Task<Reply> ways_of_other(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  auto reply = co_await ways_of_person(backend, *call.actor, person);
  co_return reply;
}

Task<Reply> rename_identity(Backend backend, Call call) {
  CLUSE_CO_TRY(identity, call.id(0, "identity_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string label = fields.text_if("label").value_or("");
  CLUSE_CO_CHECK(fields.check());
  auto renamed = co_await backend.services->identities.rename(*call.actor, identity, std::move(label));
  if (!renamed) co_return std::unexpected(std::move(renamed).error());
  co_return net::Response::empty(204);
}

Task<Reply> remove_identity(Backend backend, Call call) {
  CLUSE_CO_TRY(identity, call.id(0, "identity_not_found"));
  auto removed = co_await backend.services->identities.remove(*call.actor, call.actor->person_id, identity);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> remove_identity_of(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(identity, call.id(1, "identity_not_found"));
  auto removed = co_await backend.services->identities.remove(*call.actor, person, identity);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> depart(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::Departing asked;
  asked.provider = call.parameters.at(0);
  const std::string purpose = fields.text_if("purpose").value_or("sign_in");
  if (purpose != "sign_in" && purpose != "link") fields.refuse("field_invalid", "purpose");
  asked.purpose = purpose == "link" ? domain::Purpose::link : domain::Purpose::sign_in;
  asked.invitation = fields.text_if("invitation").value_or("");
  asked.return_to = fields.text_if("return_to").value_or("/");
  asked.language = choose_language(call.request.header("Accept-Language")) == Language::de ? "de" : "fr";
  CLUSE_CO_CHECK(fields.check());
  auto departure = co_await backend.services->federation.depart(std::move(asked), call.actor, call.place());
  if (!departure) co_return std::unexpected(std::move(departure).error());
  auto response = answer(200, {{"url", departure->url}});
  response.with("Set-Cookie", step_cookie("oidc", departure->sealed, call.request.tls));
  co_return response;
}

net::Response redirected(const std::string& path) {
  auto response = net::Response::empty(303);
  response.with("Location", path);
  return response;
}

// The page says what happened: a browser stands here, after a detour, and reads no JSON.
net::Response told(const Call& call, const domain::Refusal& refusal) {
  log_warning(
      "identity_not_accepted",
      {{"request", call.request.id}, {"code", std::string(refusal.error.code)}, {"detail", refusal.error.detail}});
  return redirected("/connexion#" + std::string(refusal.error.code));
}

net::Response arrived(const Backend& backend, const Call& call, const domain::Arrival& arrival) {
  if (arrival.waits) return redirected("/connexion#waiting");
  auto response = redirected(arrival.return_to);
  if (!arrival.newcomer.empty())
    response.with("Set-Cookie", step_cookie("newcomer", arrival.newcomer, call.request.tls));
  if (!arrival.signed_in) return response;
  if (const auto& second = arrival.signed_in->second) {
    auto asked = redirected(std::string("/connexion#second") + (second->code ? "-code" : "") +
                            (second->passkey ? "-passkey" : ""));
    asked.with("Set-Cookie", step_cookie("second", second->sealed, call.request.tls));
    return asked;
  }
  set_session_cookie(response, backend, call, arrival.signed_in->token);
  return response;
}

Task<Reply> arrive(Backend backend, Call call) {
  domain::Callback callback{step_of(call, "oidc"), call.query("state"), call.query("code"), call.query("error"),
                            call.query("iss")};
  auto arrival =
      co_await backend.services->federation.arrive(std::move(callback), call.actor, call.place(), call.session_token());
  net::Response response = arrival ? arrived(backend, call, *arrival) : told(call, arrival.error());
  response.with("Set-Cookie", removed_step_cookie("oidc", call.request.tls));
  co_return response;
}

Task<Reply> stranger(Backend backend, Call call) {
  boost::json::value newcomer = nullptr;
  if (const auto found = backend.services->federation.stranger(step_of(call, "newcomer")))
    newcomer = boost::json::object{
        {"provider", found->provider}, {"name", found->answer.name}, {"email", found->answer.email}};
  co_return answer(200, {{"newcomer", newcomer}});
}

// From the provider itself, without a browser: who it is, the signature of the token says.
Task<Reply> log_out(Backend backend, Call call) {
  std::string token;
  for (std::size_t at = 0; at < call.request.body.size();) {
    const std::size_t end = std::min(call.request.body.find('&', at), call.request.body.size());
    const std::string field = call.request.body.substr(at, end - at);
    if (field.starts_with("logout_token=")) token = field.substr(13);
    at = end + 1;
  }
  auto done = co_await backend.services->federation.log_out(call.parameters.at(0), std::move(token), call.place());
  if (done) co_return net::Response::empty(204);
  log_warning("logout_not_accepted", {{"request", call.request.id},
                                      {"code", std::string(done.error().error.code)},
                                      {"detail", done.error().error.detail}});
  // OpenID Connect Back-Channel Logout, 2.8: 400 for whatever is wrong with the token.
  auto error = done.error();
  if (error.error.kind == Errc::denied || error.error.kind == Errc::gone) error.error.kind = Errc::invalid;
  error.error.field.clear();
  co_return std::unexpected(std::move(error));
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/me/sign-in", Access::signed_in, 0, my_ways, true},
    {"PATCH", "/api/v1/me/identities/{id}", Access::signed_in, kJsonBytesMax, rename_identity},
    {"DELETE", "/api/v1/me/identities/{id}", Access::signed_in, kJsonBytesMax, remove_identity},
    {"GET", "/api/v1/people/{id}/sign-in", Access::administrator, 0, ways_of_other},
    {"DELETE", "/api/v1/people/{id}/identities/{identity}", Access::administrator, kJsonBytesMax, remove_identity_of},
    {"GET", "/api/v1/identity/callback", Access::anyone, 0, arrive},
    {"GET", "/api/v1/identity/newcomer", Access::anyone, 0, stranger},
    {"POST", "/api/v1/identity/providers/{id}", Access::anyone, kJsonBytesMax, depart},
    {"POST", "/api/v1/identity/providers/{id}/logout", Access::anyone, kLogoutBytesMax, log_out},
};

}  // namespace

std::span<const Route> identity_routes() {
  return kRoutes;
}

}  // namespace cluse::api
