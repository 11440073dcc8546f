// Second factors and passkeys: setting them up, and what they answer.

#include "server/api/cookies.h"
#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"
#include "server/base/bytes.h"

#include <utility>

namespace cluse::api {
namespace {

constexpr std::string_view kPasskeyStep = "passkey";

boost::json::array texts(const std::vector<std::string>& all) {
  boost::json::array array;
  for (const auto& each : all) array.emplace_back(each);
  return array;
}

std::string octets_in(const JsonFields& fields, std::string_view name) {
  const auto octets = from_base64url(fields.text(name));
  if (!octets) fields.refuse("field_invalid", name);
  return octets.value_or("");
}

domain::Assertion assertion_in(const JsonFields& fields) {
  domain::Assertion answer{octets_in(fields, "id"),
                           octets_in(fields, "client_data"),
                           octets_in(fields, "authenticator_data"),
                           octets_in(fields, "signature"),
                           {}};
  if (fields.text_if("user_handle")) answer.user_handle = octets_in(fields, "user_handle");
  return answer;
}

net::Response with_token(const Backend& backend, const Call& call, const std::string& token, net::Response response) {
  set_session_cookie(response, backend, call, token);
  return response;
}

Task<Reply> begin_factor(Backend backend, Call call) {
  auto made = co_await backend.services->second_factors.begin(*call.actor);
  if (!made) co_return std::unexpected(std::move(made).error());
  auto response = answer(200, {{"secret", made->secret}, {"uri", made->uri}});
  response.with("Set-Cookie", step_cookie("factor", made->sealed, call.request.tls));
  co_return response;
}

Task<Reply> add_factor(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string code = fields.text("code");
  CLUSE_CO_CHECK(fields.check());
  auto added = co_await backend.services->second_factors.add(*call.actor, step_of(call, "factor"), std::move(code));
  if (!added) co_return std::unexpected(std::move(added).error());
  auto response =
      with_token(backend, call, added->token, answer(200, {{"recovery_codes", texts(added->recovery_codes)}}));
  response.with("Set-Cookie", removed_step_cookie("factor", call.request.tls));
  co_return response;
}

Task<Reply> remove_factor(Backend backend, Call call) {
  auto removed = co_await backend.services->second_factors.remove(*call.actor, call.actor->person_id);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> reset_factor(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  auto removed = co_await backend.services->second_factors.remove(*call.actor, person);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> new_recovery_codes(Backend backend, Call call) {
  auto made = co_await backend.services->second_factors.new_recovery_codes(*call.actor);
  if (!made) co_return std::unexpected(std::move(made).error());
  co_return answer(200, {{"recovery_codes", texts(*made)}});
}

Task<Reply> second_step(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto code = fields.text_if("code");
  std::string second = step_of(call, "second"), previous = call.session_token();
  domain::Guarded<domain::SignedIn> opened = fail(Errc::invalid, "field_missing", "", "code");
  if (code) {
    CLUSE_CO_CHECK(fields.check());
    opened = co_await backend.services->second_factors.answer(std::move(second), *code, call.place(), previous);
  } else if (const auto passkey = fields.object_if("passkey")) {
    auto assertion = assertion_in(*passkey);
    CLUSE_CO_CHECK(fields.check());
    opened = co_await backend.services->passkeys.answer(std::move(second), step_of(call, kPasskeyStep),
                                                        std::move(assertion), call.place(), previous);
  }
  if (!opened) co_return std::unexpected(std::move(opened).error());
  auto response = entered(backend, call, *opened);
  response.with("Set-Cookie", removed_step_cookie("second", call.request.tls));
  co_return response;
}

Task<Reply> prove(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const auto password = fields.text_if("password");
  domain::Guarded<std::string> token = fail(Errc::invalid, "field_missing", "", "password");
  if (password) {
    CLUSE_CO_CHECK(fields.check());
    token = co_await backend.services->second_factors.prove(*call.actor, *password);
  } else if (const auto passkey = fields.object_if("passkey")) {
    auto assertion = assertion_in(*passkey);
    CLUSE_CO_CHECK(fields.check());
    token = co_await backend.services->passkeys.prove(*call.actor, step_of(call, kPasskeyStep), std::move(assertion));
  }
  if (!token) co_return std::unexpected(std::move(token).error());
  co_return with_token(backend, call, *token, net::Response::empty(204));
}

Task<Reply> ask_passkey(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const std::string word = fields.text("use");
  constexpr std::pair<std::string_view, domain::PasskeyUse> kUses[] = {{"sign_in", domain::PasskeyUse::sign_in},
                                                                       {"second", domain::PasskeyUse::second},
                                                                       {"add", domain::PasskeyUse::add},
                                                                       {"prove", domain::PasskeyUse::prove}};
  std::optional<domain::PasskeyUse> use;
  for (const auto& [name, value] : kUses)
    if (name == word) use = value;
  if (!use) fields.refuse("field_invalid", "use");
  CLUSE_CO_CHECK(fields.check());
  auto asked = co_await backend.services->passkeys.ask(*use, call.actor, step_of(call, "second"));
  if (!asked) co_return std::unexpected(std::move(asked).error());
  auto response = answer(200, {{"challenge", asked->challenge},
                               {"rp_id", asked->party.id},
                               {"rp_name", backend.settings->instance_name},
                               {"known", texts(asked->known)},
                               {"user_verification", asked->user_verified ? "required" : "preferred"},
                               {"user", {{"id", asked->user}, {"name", asked->name}, {"shown", asked->shown}}}});
  response.with("Set-Cookie", step_cookie(kPasskeyStep, asked->sealed, call.request.tls));
  co_return response;
}

Task<Reply> passkey_session(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  auto assertion = assertion_in(fields);
  CLUSE_CO_CHECK(fields.check());
  auto opened = co_await backend.services->passkeys.sign_in(step_of(call, kPasskeyStep), std::move(assertion),
                                                            call.place(), call.session_token());
  if (!opened) co_return std::unexpected(std::move(opened).error());
  auto response = entered(backend, call, *opened);
  response.with("Set-Cookie", removed_step_cookie(kPasskeyStep, call.request.tls));
  co_return response;
}

Task<Reply> add_passkey(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string name = fields.text("name");
  domain::Attestation attestation{octets_in(fields, "client_data"), octets_in(fields, "authenticator_data")};
  CLUSE_CO_CHECK(fields.check());
  auto token = co_await backend.services->passkeys.add(*call.actor, step_of(call, kPasskeyStep), std::move(name),
                                                       std::move(attestation));
  if (!token) co_return std::unexpected(std::move(token).error());
  co_return with_token(backend, call, *token, net::Response::empty(204));
}

Task<Reply> rename_passkey(Backend backend, Call call) {
  CLUSE_CO_TRY(passkey, call.id(0, "passkey_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string name = fields.text("name");
  CLUSE_CO_CHECK(fields.check());
  auto renamed = co_await backend.services->passkeys.rename(*call.actor, passkey, std::move(name));
  if (!renamed) co_return std::unexpected(std::move(renamed).error());
  co_return net::Response::empty(204);
}

Task<Reply> remove_passkey(Backend backend, Call call) {
  CLUSE_CO_TRY(passkey, call.id(0, "passkey_not_found"));
  auto removed = co_await backend.services->passkeys.remove(*call.actor, call.actor->person_id, passkey);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> remove_passkey_of(Backend backend, Call call) {
  CLUSE_CO_TRY(person, call.id(0, "person_not_found"));
  CLUSE_CO_TRY(passkey, call.id(1, "passkey_not_found"));
  auto removed = co_await backend.services->passkeys.remove(*call.actor, person, passkey);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/session/second", Access::anyone, kJsonBytesMax, second_step},
    {"POST", "/api/v1/session/passkey", Access::anyone, kJsonBytesMax, passkey_session},
    {"POST", "/api/v1/session/proof", Access::signed_in, kJsonBytesMax, prove, true},
    {"POST", "/api/v1/passkeys/question", Access::anyone, kJsonBytesMax, ask_passkey},
    {"POST", "/api/v1/me/second-factor", Access::signed_in, kJsonBytesMax, begin_factor, true},
    {"PUT", "/api/v1/me/second-factor", Access::signed_in, kJsonBytesMax, add_factor, true},
    {"DELETE", "/api/v1/me/second-factor", Access::signed_in, kJsonBytesMax, remove_factor},
    {"POST", "/api/v1/me/recovery-codes", Access::signed_in, kJsonBytesMax, new_recovery_codes},
    {"POST", "/api/v1/me/passkeys", Access::signed_in, kJsonBytesMax, add_passkey, true},
    {"PATCH", "/api/v1/me/passkeys/{id}", Access::signed_in, kJsonBytesMax, rename_passkey},
    {"DELETE", "/api/v1/me/passkeys/{id}", Access::signed_in, kJsonBytesMax, remove_passkey},
    {"DELETE", "/api/v1/people/{id}/second-factor", Access::administrator, kJsonBytesMax, reset_factor},
    {"DELETE", "/api/v1/people/{id}/passkeys/{passkey}", Access::administrator, kJsonBytesMax, remove_passkey_of},
};

}  // namespace

std::span<const Route> factor_routes() {
  return kRoutes;
}

}  // namespace cluse::api
