// The terminology base: what everybody reads, and what the secretariat changes.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

using namespace domain::terms;  // NOLINT(google-build-using-namespace): this file is about nothing else

boost::json::array list_of(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const auto& each : texts) array.push_back(boost::json::string(each));
  return array;
}

boost::json::object to_json(const Wording& wording) {
  return {{"language", wording.language},     {"word", wording.word},
          {"forms", list_of(wording.forms)},  {"rendering", wording.is_rendering},
          {"definition", wording.definition}, {"source", wording.source}};
}

boost::json::object to_json(const Term& term) {
  boost::json::array wordings;
  for (const auto& each : term.wordings) wordings.push_back(to_json(each));
  boost::json::object json{{"id", term.id},
                           {"field", term.field},
                           {"wordings", std::move(wordings)},
                           {"confused_with", list_of(term.confused_with)},
                           {"warning", nullptr},
                           {"shipped", term.is_shipped},
                           {"changed", term.is_changed},
                           {"withdrawn_at", nullptr}};
  if (term.is_false_friend()) json["warning"] = boost::json::object{{"fr", term.warning_fr}, {"de", term.warning_de}};
  if (term.withdrawn_at) json["withdrawn_at"] = to_rfc3339(*term.withdrawn_at);
  return json;
}

Wording wording_in(const JsonFields& fields, std::string_view language) {
  return {std::string(language),
          fields.text("word"),
          fields.texts_if("forms").value_or(std::vector<std::string>()),
          fields.flag_if("rendering").value_or(false),
          fields.text_if("definition").value_or(""),
          fields.text_if("source").value_or("")};
}

// {"field", "wordings": {"fr-CH": {…}}, "confused_with", "warning": {"fr", "de"}}
TermContent content_in(const JsonFields& fields) {
  TermContent content;
  content.field = fields.text("field");
  const auto wordings = fields.object("wordings");
  for (const auto& language : wordings.names())
    if (const auto wording = wordings.object_if(language)) content.wordings.push_back(wording_in(*wording, language));
  content.confused_with = fields.texts_if("confused_with").value_or(std::vector<std::string>());
  if (const auto warning = fields.object_if("warning")) {
    content.warning_fr = warning->text_if("fr").value_or("");
    content.warning_de = warning->text_if("de").value_or("");
  }
  return content;
}

Reply answered(int status, const Result<Term>& term) {
  if (!term) return std::unexpected(domain::Refusal(term.error()));
  return answer(status, to_json(*term));
}

Task<Reply> list_terms(Backend backend, Call call) {
  TermQuery query{call.query("q"), call.query("language"), call.query("withdrawn") == "true"};
  const auto found = co_await backend.services->terms.list(*call.actor, std::move(query));
  if (!found) co_return std::unexpected(found.error());
  boost::json::array terms;
  for (const auto& each : *found) terms.push_back(to_json(each));
  const boost::json::object body{{"terms", std::move(terms)}};
  co_return answer(200, body);
}

Task<Reply> add_term(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  TermContent content = content_in(fields);
  CLUSE_CO_CHECK(fields.check());
  const auto added = co_await backend.services->terms.add(*call.actor, std::move(content));
  co_return answered(201, added);
}

Task<Reply> change_term(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  TermContent content = content_in(fields);
  CLUSE_CO_CHECK(fields.check());
  std::string id = call.parameters.at(0);
  const auto changed = co_await backend.services->terms.change(*call.actor, std::move(id), std::move(content));
  co_return answered(200, changed);
}

Task<Reply> withdraw_term(Backend backend, Call call) {
  std::string id = call.parameters.at(0);
  const auto withdrawn = co_await backend.services->terms.withdraw(*call.actor, std::move(id));
  if (!withdrawn) co_return std::unexpected(domain::Refusal(withdrawn.error()));
  co_return net::Response::empty(204);
}

Task<Reply> restore_term(Backend backend, Call call) {
  std::string id = call.parameters.at(0);
  const auto restored = co_await backend.services->terms.restore(*call.actor, std::move(id));
  co_return answered(200, restored);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/terms", Access::signed_in, 0, list_terms},
    {"POST", "/api/v1/terms", Access::signed_in, kJsonBytesMax, add_term},
    {"PUT", "/api/v1/terms/{id}", Access::signed_in, kJsonBytesMax, change_term},
    {"DELETE", "/api/v1/terms/{id}", Access::signed_in, 0, withdraw_term},
    {"POST", "/api/v1/terms/{id}/restore", Access::signed_in, kJsonBytesMax, restore_term},
};

}  // namespace

std::span<const Route> term_routes() {
  return kRoutes;
}

}  // namespace cluse::api
