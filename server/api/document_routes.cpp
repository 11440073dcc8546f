// Documents: the tree, the trash, the start page and the quick search.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <utility>

namespace cluse::api {
namespace {

Task<Reply> list_documents(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto found = co_await backend.services->documents.list(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"documents", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> list_trash(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto found = co_await backend.services->documents.trash(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"documents", to_json(*found)}};
  co_return answer(200, body);
}

Task<Reply> add_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::NewDocument document;
  document.workspace_id = id;
  document.title = fields.text("title");
  const auto kind = domain::parse_document_kind(fields.text_if("kind").value_or("document"));
  if (!kind) fields.refuse("field_invalid", "kind");
  document.kind = kind.value_or(domain::DocumentKind::document);
  document.parent_id = fields.id_if("parent_id");
  document.language = fields.text_if("language");
  document.after_id = fields.id_if("after_id");
  CLUSE_CO_CHECK(fields.check());
  if (is_asked(backend, "document.create")) {
    // Nobody is told what somebody wants to do who may not.
    auto workspace = co_await backend.services->workspaces.find(*call.actor, id);
    if (!workspace) co_return std::unexpected(std::move(workspace).error());
    if (workspace->my_role < domain::Role::editor) co_return fail(Errc::denied, "denied");
    auto title = co_await ask_for_title(backend, *call.actor, "document.create", document.title, id.to_string());
    if (!title) co_return std::unexpected(std::move(title).error());
    document.title = std::move(*title);
  }
  auto added = co_await backend.services->documents.add(*call.actor, std::move(document));
  if (!added) co_return std::unexpected(std::move(added).error());
  co_return answer(201, to_json(*added));
}

Task<Reply> find_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto found = co_await backend.services->documents.find(*call.actor, id);
  if (!found) co_return std::unexpected(std::move(found).error());
  co_return answer(200, to_json(*found));
}

Task<Reply> change_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  domain::DocumentChange change{fields.text_if("title"), fields.text_if("language")};
  CLUSE_CO_CHECK(fields.check());
  if (change.title && is_asked(backend, "document.rename")) {
    auto access = co_await backend.services->documents.access(*call.actor, id);
    if (!access) co_return std::unexpected(std::move(access).error());
    if (access->role < domain::Role::editor) co_return fail(Errc::denied, "denied");
    const std::string workspace = access->workspace_id.to_string();
    auto title = co_await ask_for_title(backend, *call.actor, "document.rename", *change.title, workspace);
    if (!title) co_return std::unexpected(std::move(title).error());
    change.title = std::move(*title);
  }
  auto changed = co_await backend.services->documents.change(*call.actor, id, std::move(change));
  if (!changed) co_return std::unexpected(std::move(changed).error());
  co_return answer(200, to_json(*changed));
}

Task<Reply> move_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const domain::DocumentMove move{fields.id_if("parent_id"), fields.id_if("after_id")};
  CLUSE_CO_CHECK(fields.check());
  auto moved = co_await backend.services->documents.move(*call.actor, id, move);
  if (!moved) co_return std::unexpected(std::move(moved).error());
  co_return answer(200, to_json(*moved));
}

Task<Reply> remove_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  const std::string permanent = call.query("permanent");
  if (!permanent.empty() && permanent != "true" && permanent != "false")
    co_return fail(Errc::invalid, "field_invalid", "neither true nor false", "permanent");
  auto& documents = backend.services->documents;
  Result<void> removed;
  if (permanent == "true") removed = co_await documents.purge(*call.actor, id);
  else removed = co_await documents.remove(*call.actor, id);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

Task<Reply> restore_document(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto restored = co_await backend.services->documents.restore(*call.actor, id);
  if (!restored) co_return std::unexpected(std::move(restored).error());
  co_return answer(200, to_json(*restored));
}

Task<Reply> home(Backend backend, Call call) {
  auto found = co_await backend.services->finder.home(*call.actor);
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"recent", to_placed_json(found->recent)},
                                 {"writing_now", to_placed_json(found->writing_now)},
                                 {"workspaces", to_json(found->workspaces)}};
  co_return answer(200, body);
}

Task<Reply> find_all(Backend backend, Call call) {
  auto found = co_await backend.services->finder.find(*call.actor, call.query("q"));
  if (!found) co_return std::unexpected(std::move(found).error());
  const boost::json::object body{{"documents", to_placed_json(found->documents)},
                                 {"workspaces", to_json(found->workspaces)},
                                 {"people", to_json(found->people)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/workspaces/{id}/documents", Access::signed_in, 0, list_documents},
    {"GET", "/api/v1/workspaces/{id}/trash", Access::signed_in, 0, list_trash},
    {"POST", "/api/v1/workspaces/{id}/documents", Access::signed_in, kJsonBytesMax, add_document},
    {"GET", "/api/v1/documents/{id}", Access::signed_in, 0, find_document},
    {"PATCH", "/api/v1/documents/{id}", Access::signed_in, kJsonBytesMax, change_document},
    {"POST", "/api/v1/documents/{id}/move", Access::signed_in, kJsonBytesMax, move_document},
    {"DELETE", "/api/v1/documents/{id}", Access::signed_in, kJsonBytesMax, remove_document},
    {"POST", "/api/v1/documents/{id}/restore", Access::signed_in, kJsonBytesMax, restore_document},
    {"GET", "/api/v1/home", Access::signed_in, 0, home},
    {"GET", "/api/v1/find", Access::signed_in, 0, find_all},
};

}  // namespace

std::span<const Route> document_routes() {
  return kRoutes;
}

}  // namespace cluse::api
