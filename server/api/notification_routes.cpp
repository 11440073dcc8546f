// Notifications: a person's centre, what she follows, and what of it comes by mail.

#include "server/api/json_fields.h"
#include "server/api/live_gateway.h"
#include "server/api/route.h"
#include "server/api/shapes.h"

#include <charconv>
#include <utility>

namespace cluse::api {
namespace {

using namespace domain::notifications;  // NOLINT(google-build-using-namespace): this file is about nothing else

boost::json::object to_json(const domain::Marked& marked) {
  return {{"undo", marked.undo == 0 ? boost::json::value(nullptr) : boost::json::value(std::to_string(marked.undo))},
          {"unread", marked.unread}};
}

boost::json::object to_json(const domain::LevelView& view) {
  boost::json::object json{{"level", nullptr}, {"inherited", to_text(view.inherited)}, {"from", nullptr}};
  if (view.own) json["level"] = to_text(*view.own);
  if (!view.from_id.empty())
    json["from"] = boost::json::object{{"kind", view.from_kind}, {"id", view.from_id}, {"name", view.from_name}};
  return json;
}

boost::json::object to_json(const MailSettings& settings) {
  return {
      {"action", to_text(settings.action)}, {"info", to_text(settings.info)}, {"digest_hour", settings.digest_hour}};
}

template <class T>
Reply answered(const Result<T>& result) {
  if (!result) return std::unexpected(domain::Refusal(result.error()));
  return answer(200, to_json(*result));
}

Task<Reply> list_notifications(Backend backend, Call call) {
  domain::NotificationQuery query{call.query("filter") == "unread", call.query("after"), 30};
  const std::string limit = call.query("limit");
  if (!limit.empty()) std::from_chars(limit.data(), limit.data() + limit.size(), query.limit);
  const auto page = co_await backend.services->notifications.list(*call.actor, std::move(query));
  if (!page) co_return std::unexpected(domain::Refusal(page.error()));
  boost::json::array items;
  for (const auto& each : page->items) items.push_back(api::to_json(each));
  const boost::json::object body{
      {"notifications", std::move(items)},
      {"unread", page->unread},
      {"next", page->next.empty() ? boost::json::value(nullptr) : boost::json::value(page->next)}};
  co_return answer(200, body);
}

// {"ids": […], "read": true} or {"all": true} or {"undo": "…"}
Task<Reply> mark_notifications(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const bool all = fields.flag_if("all").value_or(false);
  const bool read = fields.flag_if("read").value_or(true);
  const std::string undo = fields.text_if("undo").value_or("");
  std::vector<Id> ids;
  for (const auto& text : fields.texts_if("ids").value_or(std::vector<std::string>())) {
    const auto id = Id::parse(text);
    if (!id) fields.refuse("field_invalid", "ids");
    else ids.push_back(*id);
  }
  std::int64_t mark = 0;
  if (!undo.empty() && std::from_chars(undo.data(), undo.data() + undo.size(), mark).ec != std::errc())
    fields.refuse("field_invalid", "undo");
  if (!all && undo.empty() && ids.empty()) fields.refuse("field_missing", "ids");
  CLUSE_CO_CHECK(fields.check());
  domain::Notifications& centre = backend.services->notifications;
  if (all) {
    const auto marked = co_await centre.mark_all(*call.actor);
    co_return answered(marked);
  }
  if (!undo.empty()) {
    const auto marked = co_await centre.undo(*call.actor, mark);
    co_return answered(marked);
  }
  const auto marked = co_await centre.mark(*call.actor, std::move(ids), read);
  co_return answered(marked);
}

Task<Reply> dismiss_notification(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "notification_not_found"));
  const auto marked = co_await backend.services->notifications.dismiss(*call.actor, id, true);
  co_return answered(marked);
}

Task<Reply> restore_notification(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "notification_not_found"));
  const auto marked = co_await backend.services->notifications.dismiss(*call.actor, id, false);
  co_return answered(marked);
}

boost::json::array to_json(const std::vector<domain::Followed>& followed) {
  boost::json::array array;
  for (const auto& each : followed)
    array.push_back(boost::json::object{{"kind", each.kind},
                                        {"id", each.id.to_string()},
                                        {"name", each.name},
                                        {"url", each.url},
                                        {"level", to_text(each.level)}});
  return array;
}

Task<Reply> read_settings(Backend backend, Call call) {
  const auto settings = co_await backend.services->notifications.settings(*call.actor);
  if (!settings) co_return std::unexpected(domain::Refusal(settings.error()));
  const auto followed = co_await backend.services->notifications.followed(*call.actor);
  if (!followed) co_return std::unexpected(domain::Refusal(followed.error()));
  auto body = to_json(*settings);
  body["has_mail"] = backend.services->letters.is_on();
  body["followed"] = to_json(*followed);
  co_return answer(200, body);
}

Task<Reply> change_settings(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  MailSettings settings;
  const auto choice = [&](std::string_view name, MailChoice& value) {
    const auto parsed = parse_mail_choice(fields.text(name));
    if (!parsed) fields.refuse("field_invalid", name);
    value = parsed.value_or(value);
  };
  choice("action", settings.action);
  choice("info", settings.info);
  settings.digest_hour =
      static_cast<int>(fields.integer_if("digest_hour", kDigestHourMin, kDigestHourMax).value_or(settings.digest_hour));
  CLUSE_CO_CHECK(fields.check());
  const auto changed = co_await backend.services->notifications.change_settings(*call.actor, settings);
  if (!changed) co_return std::unexpected(domain::Refusal(changed.error()));
  auto reply = co_await read_settings(backend, std::move(call));
  co_return reply;
}

Task<Reply> read_level(Backend backend, Call call, std::string kind, Id id) {
  const auto view = co_await backend.services->notifications.level(*call.actor, std::move(kind), id);
  co_return answered(view);
}

// {"level": "everything" | "mine" | "nothing" | null}
Task<Reply> change_level(Backend backend, Call call, std::string kind, Id id) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  std::optional<Level> level;
  if (const auto word = fields.text_if("level")) {
    level = parse_level(*word);
    if (!level) fields.refuse("field_invalid", "level");
  }
  CLUSE_CO_CHECK(fields.check());
  const auto view = co_await backend.services->notifications.set_level(*call.actor, std::move(kind), id, level);
  co_return answered(view);
}

Task<Reply> read_workspace_level(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto reply = co_await read_level(backend, std::move(call), "workspace", id);
  co_return reply;
}

Task<Reply> change_workspace_level(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "workspace_not_found"));
  auto reply = co_await change_level(backend, std::move(call), "workspace", id);
  co_return reply;
}

Task<Reply> read_document_level(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto reply = co_await read_level(backend, std::move(call), "document", id);
  co_return reply;
}

Task<Reply> change_document_level(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  auto reply = co_await change_level(backend, std::move(call), "document", id);
  co_return reply;
}

// A mail program posts here by itself (RFC 8058); whoever opens the link reads a page with a button, since scanners of
// mail open links too.
Task<Reply> show_unsubscribe(Backend, Call call) {
  net::Response response = net::Response::empty(303);
  response.with("Location", "/desabonnement/" + call.parameters.at(0));
  co_return response;
}

Task<Reply> unsubscribe(Backend backend, Call call) {
  const auto ended = co_await backend.services->notifications.unsubscribe(call.parameters.at(0));
  if (!ended) co_return std::unexpected(domain::Refusal(ended.error()));
  const boost::json::object body{{"class", to_text(*ended)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/notifications", Access::signed_in, 0, list_notifications},
    {"POST", "/api/v1/notifications/read", Access::signed_in, kJsonBytesMax, mark_notifications},
    {"DELETE", "/api/v1/notifications/{id}", Access::signed_in, 0, dismiss_notification},
    {"POST", "/api/v1/notifications/{id}/restore", Access::signed_in, kJsonBytesMax, restore_notification},
    {"GET", "/api/v1/me/notifications", Access::signed_in, 0, read_settings},
    {"PUT", "/api/v1/me/notifications", Access::signed_in, kJsonBytesMax, change_settings},
    {"GET", "/api/v1/workspaces/{id}/notifications", Access::signed_in, 0, read_workspace_level},
    {"PUT", "/api/v1/workspaces/{id}/notifications", Access::signed_in, kJsonBytesMax, change_workspace_level},
    {"GET", "/api/v1/documents/{id}/notifications", Access::signed_in, 0, read_document_level},
    {"PUT", "/api/v1/documents/{id}/notifications", Access::signed_in, kJsonBytesMax, change_document_level},
    {"GET", "/api/v1/notifications/unsubscribe/{token}", Access::anyone, 0, show_unsubscribe},
    {"POST", "/api/v1/notifications/unsubscribe/{token}", Access::anyone, kJsonBytesMax, unsubscribe},
};

}  // namespace

boost::json::object to_json(const domain::Shown& shown) {
  return {{"id", shown.id.to_string()},
          {"class", to_text(shown.importance)},
          {"kind", shown.kind},
          {"plugin", shown.plugin.empty() ? boost::json::value(nullptr) : boost::json::value(shown.plugin)},
          {"title", shown.title},
          {"title_language",
           shown.title_language.empty() ? boost::json::value(nullptr) : boost::json::value(shown.title_language)},
          {"text", shown.text},
          {"url", shown.url.empty() ? boost::json::value(nullptr) : boost::json::value(shown.url)},
          {"times", shown.times},
          {"at", to_rfc3339(shown.at)},
          {"read", shown.read_at.has_value()}};
}

std::span<const Route> notification_routes() {
  return kRoutes;
}

}  // namespace cluse::api
