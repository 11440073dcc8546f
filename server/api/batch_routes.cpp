// Inviting many people at once from a list.

#include "server/api/json_fields.h"
#include "server/api/origin.h"
#include "server/api/problem.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

const char* outcome_text(domain::BatchRow::Outcome outcome) {
  using enum domain::BatchRow::Outcome;
  switch (outcome) {
    case invite: return "invite";
    case renew: return "renew";
    case add: return "add";
    case already_invited: return "already_invited";
    case already_here: return "already_here";
    case refused: return "refused";
  }
  return "refused";
}

boost::json::object row_json(const domain::BatchRow& row, const std::string& origin, Language language) {
  boost::json::object json{{"line", row.person.line},
                           {"email", row.person.email},
                           {"name", row.person.name},
                           {"function", row.person.function},
                           {"organisation", row.person.organisation},
                           {"outcome", outcome_text(row.outcome)},
                           {"code", nullptr},
                           {"why", nullptr},
                           {"was_sent", row.was_sent},
                           {"url", nullptr}};
  if (!row.code.empty()) {
    json["code"] = boost::json::string(row.code);
    if (const auto* sentence = find_sentence(row.code))
      json["why"] = boost::json::string(language == Language::de ? sentence->de : sentence->fr);
  }
  // A link that a mail has carried is nobody else's to see.
  if (!row.token.empty() && !row.was_sent) json["url"] = origin + (row.is_link ? "/lien#" : "/invitation/") + row.token;
  return json;
}

Task<Reply> invite_many(Backend backend, Call call) {
  domain::BatchTarget target;
  CLUSE_CO_TRY(workspace, call.query_id("workspace"));
  target.workspace_id = workspace;
  if (const std::string role = call.query("role"); !role.empty()) {
    target.role = domain::parse_role(role);
    if (!target.role || !workspace) co_return fail(Errc::invalid, "field_invalid", "", "role");
  }
  const bool preview = call.query("preview") == "true";
  auto& batch = backend.services->invitation_batch;
  std::string csv(call.request.body.begin(), call.request.body.end());
  Result<std::vector<domain::BatchRow>> rows;
  if (preview) rows = co_await batch.preview(*call.actor, std::move(csv), target);
  else rows = co_await batch.run(*call.actor, std::move(csv), target);
  if (!rows) co_return std::unexpected(rows.error());
  const std::string& configured = backend.settings->public_url;
  const std::string origin = configured.empty() ? own_origin(call.request) : configured;
  const Language language = choose_language(call.request.header("Accept-Language"));
  boost::json::array list;
  for (const auto& row : *rows) list.push_back(row_json(row, origin, language));
  const boost::json::object body{{"rows", std::move(list)}, {"done", !preview}};
  co_return answer(preview ? 200 : 201, body);
}

// {"organisations": [ids], "workspace_id", "role"}
Task<Reply> invite_organisations(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::vector<Id> organisations;
  for (const auto& text : fields.texts_if("organisations").value_or(std::vector<std::string>())) {
    if (const auto id = Id::parse(text)) organisations.push_back(*id);
    else fields.refuse("field_invalid", "organisations");
  }
  domain::BatchTarget target;
  target.workspace_id = fields.id_if("workspace_id");
  if (const auto role = fields.text_if("role")) {
    target.role = domain::parse_role(*role);
    if (!target.role || !target.workspace_id) fields.refuse("field_invalid", "role");
  }
  CLUSE_CO_CHECK(fields.check());
  const bool preview = call.query("preview") == "true";
  auto& batch = backend.services->organisation_batch;
  Result<std::vector<domain::BatchRow>> rows;
  if (preview) rows = co_await batch.preview(*call.actor, std::move(organisations), target);
  else rows = co_await batch.run(*call.actor, std::move(organisations), target);
  if (!rows) co_return std::unexpected(rows.error());
  const std::string& configured = backend.settings->public_url;
  const std::string origin = configured.empty() ? own_origin(call.request) : configured;
  const Language language = choose_language(call.request.header("Accept-Language"));
  boost::json::array list;
  for (const auto& row : *rows) list.push_back(row_json(row, origin, language));
  const boost::json::object body{{"rows", std::move(list)}, {"done", !preview}};
  co_return answer(preview ? 200 : 201, body);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/invitations/organisations", Access::signed_in, kJsonBytesMax, invite_organisations},
    {"POST", "/api/v1/invitations/batch", Access::signed_in, domain::kCsvBytesMax, invite_many},
};

}  // namespace

std::span<const Route> batch_routes() {
  return kRoutes;
}

}  // namespace cluse::api
