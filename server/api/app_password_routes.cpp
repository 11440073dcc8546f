// Passwords for programs, of whoever is signed in: listed, made, revoked.

#include "server/api/json_fields.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/base/time.h"

#include <utility>

namespace cluse::api {
namespace {

boost::json::object to_json(const domain::AppPassword& one) {
  return {{"id", one.id.to_string()},
          {"name", one.name},
          {"created_at", to_rfc3339(one.created_at)},
          {"last_used_at",
           one.last_used_at ? boost::json::value(to_rfc3339(*one.last_used_at)) : boost::json::value(nullptr)}};
}

Task<Reply> list_app_passwords(Backend backend, Call call) {
  auto listed = co_await backend.services->app_passwords.list(*call.actor);
  if (!listed) co_return std::unexpected(std::move(listed).error());
  boost::json::array all;
  for (const auto& one : *listed) all.push_back(to_json(one));
  const boost::json::object body{{"app_passwords", std::move(all)}};
  co_return answer(200, body);
}

Task<Reply> add_app_password(Backend backend, Call call) {
  CLUSE_CO_TRY(fields, JsonFields::parse(call.request));
  const std::string name = fields.text("name");
  CLUSE_CO_CHECK(fields.check());
  auto made = co_await backend.services->app_passwords.add(*call.actor, name);
  if (!made) co_return std::unexpected(std::move(made).error());
  boost::json::object body = to_json(made->shown);
  body["secret"] = made->secret;
  net::Response response = answer(201, body);
  response.with("Cache-Control", "no-store");
  co_return response;
}

Task<Reply> remove_app_password(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "app_password_not_found"));
  auto removed = co_await backend.services->app_passwords.remove(*call.actor, id);
  if (!removed) co_return std::unexpected(std::move(removed).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/me/app-passwords", Access::signed_in, 0, list_app_passwords},
    {"POST", "/api/v1/me/app-passwords", Access::signed_in, kJsonBytesMax, add_app_password},
    {"DELETE", "/api/v1/me/app-passwords/{id}", Access::signed_in, 0, remove_app_password},
};

}  // namespace

std::span<const Route> app_password_routes() {
  return kRoutes;
}

}  // namespace cluse::api
