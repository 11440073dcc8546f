// Languages of documents: telling one from the text, and machine translation.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

Task<Reply> detect_language(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto told = co_await backend.services->documents.detect_language(*call.actor, id);
  if (!told) co_return std::unexpected(std::move(told).error());
  co_return answer(200, to_json(*told));
}

Task<Reply> show_provider(Backend backend, Call) {
  const auto& translation = backend.services->translation;
  boost::json::object body{{"provider", nullptr}};
  if (const std::string host = translation.host(); !host.empty()) {
    boost::json::array languages;
    for (const auto& each : translation.languages()) languages.push_back(boost::json::string(each));
    body["provider"] = boost::json::object{{"host", host}, {"languages", std::move(languages)}};
  }
  co_return answer(200, body);
}

Task<Reply> translate(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::translation::Question question{id, fields.texts_if("passages").value_or(std::vector<std::string>())};
  const std::string format = fields.text_if("format").value_or("text");
  CLUSE_CO_CHECK(fields.check());
  if (format != "text" && format != "html") co_return fail(Errc::invalid, "field_invalid", "text or html", "format");
  if (format == "html") question.format = domain::translation::TextFormat::html;
  auto said = co_await backend.services->translation.translate(*call.actor, std::move(question));
  if (!said) co_return std::unexpected(std::move(said).error());
  boost::json::array passages;
  for (const auto& each : *said) passages.push_back(boost::json::string(each));
  const boost::json::object body{{"passages", std::move(passages)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"POST", "/api/v1/documents/{id}/language", Access::signed_in, kJsonBytesMax, detect_language},
    {"GET", "/api/v1/translation", Access::signed_in, 0, show_provider},
    {"POST", "/api/v1/documents/{id}/translation", Access::signed_in, kJsonBytesMax, translate},
};

}  // namespace

std::span<const Route> translation_routes() {
  return kRoutes;
}

}  // namespace cluse::api
