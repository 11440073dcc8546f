// Twins: documents that say the same in several languages.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

boost::json::object to_json(const domain::TwinDocument& document) {
  boost::json::object json{
      {"id", document.id.to_string()}, {"title", document.title}, {"language", document.language}, {"counts", nullptr}};
  if (const auto& counts = document.counts)
    json["counts"] = boost::json::object{{"current", counts->current},
                                         {"stale", counts->stale},
                                         {"review", counts->review},
                                         {"missing", counts->missing},
                                         {"orphan", counts->orphan}};
  return json;
}

boost::json::object to_json(const domain::TwinSet& set) {
  boost::json::array documents;
  for (const auto& document : set.documents) documents.push_back(to_json(document));
  return {{"source_id", set.source_id.to_string()}, {"authentic", set.authentic}, {"documents", std::move(documents)}};
}

Task<Reply> list_twins(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto found = co_await backend.services->twins.list(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  boost::json::array sets;
  for (const auto& set : *found) sets.push_back(to_json(set));
  const boost::json::object body{{"sets", std::move(sets)}};
  co_return answer(200, body);
}

Task<Reply> create_twin(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewTwin twin{fields.text("language"), fields.text_if("title").value_or(""),
                       fields.flag_if("copy").value_or(false)};
  CLUSE_CO_CHECK(fields.check());
  auto made = co_await backend.services->twins.create(*call.actor, id, std::move(twin));
  if (!made) co_return std::unexpected(std::move(made).error());
  co_return answer(201, api::to_json(*made));
}

Task<Reply> link_twin(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const Id source = fields.id("source_id");
  CLUSE_CO_CHECK(fields.check());
  auto linked = co_await backend.services->twins.link(*call.actor, id, source);
  if (!linked) co_return std::unexpected(std::move(linked).error());
  co_return net::Response::empty(204);
}

Task<Reply> unlink_twin(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto unlinked = co_await backend.services->twins.unlink(*call.actor, id);
  if (!unlinked) co_return std::unexpected(std::move(unlinked).error());
  co_return net::Response::empty(204);
}

Task<Reply> set_authentic(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::string authentic = fields.text("authentic");
  CLUSE_CO_CHECK(fields.check());
  auto changed = co_await backend.services->twins.set_authentic(*call.actor, id, std::move(authentic));
  if (!changed) co_return std::unexpected(std::move(changed).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/workspaces/{id}/twins", Access::signed_in, 0, list_twins},
    {"POST", "/api/v1/documents/{id}/twins", Access::signed_in, kJsonBytesMax, create_twin},
    {"PUT", "/api/v1/documents/{id}/twin", Access::signed_in, kJsonBytesMax, link_twin},
    {"DELETE", "/api/v1/documents/{id}/twin", Access::signed_in, kJsonBytesMax, unlink_twin},
    {"PUT", "/api/v1/documents/{id}/authentic", Access::signed_in, kJsonBytesMax, set_authentic},
};

}  // namespace

std::span<const Route> twin_routes() {
  return kRoutes;
}

}  // namespace cluse::api
