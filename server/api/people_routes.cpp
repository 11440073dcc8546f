// Invitations, people, organisations.

#include "server/api/cookies.h"
#include "server/api/json_fields.h"
#include "server/api/origin.h"
#include "server/api/route.h"
#include "server/api/session_answer.h"
#include "server/api/shapes.h"
#include "server/base/log.h"

#include <utility>

namespace cluse::api {
namespace {

std::string invitation_url(const Backend& backend, const Call& call, const std::string& token) {
  const std::string& configured = backend.settings->public_url;
  return (configured.empty() ? own_origin(call.request) : configured) + "/invitation/" + token;
}

/// The address that the invitation was sent to; nothing where no mail is sent: the link is then passed on by hand.
Task<std::optional<std::string>> send_invitation(Backend backend, std::string token, std::string language) {
  domain::Letters& letters = backend.services->letters;
  if (!letters.is_on()) co_return std::nullopt;
  auto invitation = co_await backend.services->invitations.find(token);
  if (!invitation || !invitation->email) co_return std::nullopt;
  const std::optional<std::string> email = invitation->email;
  auto sent = co_await letters.send_invitation(std::move(*invitation), std::move(token), std::move(language));
  if (sent) co_return email;
  log_warning("invitation_not_sent", {{"code", std::string(sent.error().code)}, {"why", sent.error().detail}});
  co_return std::nullopt;
}

Task<Reply> invite(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewInvitation invitation{fields.id_if("workspace_id"), std::nullopt, fields.text_if("email")};
  if (const auto role = fields.text_if("role")) {
    invitation.role = domain::parse_role(*role);
    if (!invitation.role) fields.refuse("field_invalid", "role");
  }
  const std::string own = call.actor->locale.starts_with("de") ? "de" : "fr";
  const std::string language = fields.text_if("language").value_or(own);
  if (language != "fr" && language != "de") fields.refuse("field_invalid", "language");
  CLUSE_CO_CHECK(fields.check());
  auto made = co_await backend.services->invitations.invite(*call.actor, std::move(invitation));
  if (!made) co_return std::unexpected(std::move(made).error());
  auto sent_to = co_await send_invitation(backend, made->token, language);
  const boost::json::object body{{"id", made->id.to_string()},
                                 {"url", invitation_url(backend, call, made->token)},
                                 {"token", made->token},
                                 {"sent_to", text_or_null(sent_to)},
                                 {"expires_at", to_rfc3339(made->expires_at)}};
  co_return answer(201, body);
}

Task<Reply> find_invitation(Backend backend, Call call) {
  auto found = co_await backend.services->invitations.find(call.parameters.at(0));
  if (!found) co_return std::unexpected(std::move(found).error());
  boost::json::object body{{"workspace", nullptr},
                           {"role", nullptr},
                           {"invited_by", to_json_or_null(found->invited_by)},
                           {"email", text_or_null(found->email)},
                           {"name", found->name},
                           {"function", found->function},
                           {"organisation_id", id_or_null(found->organisation_id)},
                           {"expires_at", to_rfc3339(found->expires_at)}};
  if (found->workspace_id)
    body["workspace"] = boost::json::object{{"id", found->workspace_id->to_string()}, {"name", found->workspace_name}};
  if (found->role) body["role"] = std::string(domain::to_text(*found->role));
  co_return answer(200, body);
}

boost::json::object accepted_body(const domain::Accepted& accepted) {
  return {{"me", to_json(accepted.profile)}, {"workspace_id", id_or_null(accepted.workspace_id)}};
}

Task<Reply> accept_as_newcomer(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::Newcomer newcomer{fields.text("name"),
                            fields.text_if("function").value_or(""),
                            fields.text("email"),
                            fields.text_if("password").value_or(""),
                            locale_or_default(fields.text_if("ui_locale"), call.request),
                            fields.id_if("organisation_id"),
                            std::nullopt};
  if (!newcomer.organisation_id) newcomer.organisation = organisation_in(fields.object("organisation"));
  if (fields.flag_if("with_identity").value_or(false)) newcomer.identity = step_of(call, "newcomer");
  else if (newcomer.password.empty()) fields.refuse("field_missing", "password");
  // Someone who is signed in nowhere and sends nothing has lost her session, not forgotten six fields.
  if (fields.is_empty()) co_return fail(Errc::unauthenticated, "not_signed_in");
  CLUSE_CO_CHECK(fields.check());
  auto accepted = co_await backend.services->invitations.accept_as_newcomer(std::move(newcomer), call.parameters.at(0),
                                                                            call.place());
  if (!accepted) co_return std::unexpected(std::move(accepted).error());
  auto response = answer(200, accepted_body(*accepted));
  if (accepted->signed_in) set_session_cookie(response, backend, call, accepted->signed_in->token);
  response.with("Set-Cookie", removed_step_cookie("newcomer", call.request.tls));
  co_return response;
}

Task<Reply> accept_invitation(Backend backend, Call call) {
  if (!call.actor) {
    auto reply = co_await accept_as_newcomer(backend, std::move(call));
    co_return reply;
  }
  auto accepted = co_await backend.services->invitations.accept(*call.actor, call.parameters.at(0));
  if (!accepted) co_return std::unexpected(std::move(accepted).error());
  co_return answer(200, accepted_body(*accepted));
}

Task<Reply> find_organisations(Backend backend, Call call) {
  if (!call.actor) {
    // Newcomers choose theirs before they have an account; the invitation opens the door.
    const std::string token = call.query("invitation");
    if (token.empty()) co_return fail(Errc::unauthenticated, "not_signed_in");
    auto invitation = co_await backend.services->invitations.find(token);
    if (!invitation) co_return std::unexpected(std::move(invitation).error());
  }
  auto found = co_await backend.services->people.organisations(call.query("q"));
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"organisations", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> find_people(Backend backend, Call call) {
  auto found = co_await backend.services->people.find(*call.actor, call.query("q"));
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"people", to_json(*found)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/invitations", Access::signed_in, kJsonBytesMax, invite},
    {"GET", "/api/v1/invitations/{token}", Access::anyone, 0, find_invitation},
    {"POST", "/api/v1/invitations/{token}/accept", Access::anyone, kJsonBytesMax, accept_invitation},
    {"GET", "/api/v1/organisations", Access::anyone, 0, find_organisations},
    {"GET", "/api/v1/people", Access::signed_in, 0, find_people},
};

}  // namespace

std::span<const Route> people_routes() {
  return kRoutes;
}

}  // namespace cluse::api
