// What plugins show in the browser: the list of their modules, the files of these, and the frame for those that are
// not trusted. A file's address names its content; it is nobody's secret, and needs no session.

#include "server/api/client_words.h"
#include "server/api/frame/frame_script.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/plugin/host.h"

#include <string>
#include <utility>

namespace cluse::api {
namespace {

// A frame of no origin fetches modules and types as a stranger: they must say that strangers may.
void open_to_frames(net::Response& response) {
  response.with("Access-Control-Allow-Origin", "*").with("Cross-Origin-Resource-Policy", "cross-origin");
}

bool is_for(const plugin::UiPart& part, const std::optional<domain::Actor>& actor) {
  if (part.slot == "portal") return true;
  if (!actor || actor->must_add_factor) return false;
  return part.slot != "admin" || actor->is_admin;
}

boost::json::value address_of(const plugin::Extension& one, const std::string& file) {
  if (file.empty()) return nullptr;
  return boost::json::value("/x/" + one.id + "/~" + one.bundle->hash() + "/" + file);
}

boost::json::object to_json(const plugin::Extension& one, std::string_view language,
                            const std::optional<domain::Actor>& actor) {
  const auto& texts = one.bundle->messages(language);
  boost::json::array parts;
  for (std::size_t at = 0; at < one.ui.size(); ++at) {
    const plugin::UiPart& part = one.ui[at];
    if (!is_for(part, actor)) continue;
    parts.push_back({{"slot", part.slot},
                     {"name", texts.contains(part.name) ? texts.find(part.name)->second : part.name},
                     {"module", address_of(one, part.module)},
                     {"style", address_of(one, part.style)},
                     {"icon", part.icon.empty() ? boost::json::value(nullptr) : boost::json::value(part.icon)},
                     {"index", at}});
  }
  boost::json::object messages;
  for (const auto& [key, words] : texts) messages[key] = words;
  const auto name = one.name.find(std::string(language));
  return {{"id", one.id},
          {"version", one.version},
          {"name", name == one.name.end() ? one.id : name->second},
          {"trusted", one.is_trusted},
          {"ui", std::move(parts)},
          {"messages", std::move(messages)}};
}

Task<Reply> list_extensions(Backend backend, Call call) {
  const bool is_german = choose_language(call.request.header("Accept-Language")) == Language::de;
  boost::json::array all;
  if (backend.plugins != nullptr) {
    // Who is trusted is read from files: not on a shard.
    auto work = [plugins = backend.plugins]() -> Result<std::vector<plugin::Extension>> {
      return plugins->extensions();
    };
    auto found = co_await backend.services->environment.workers.run(std::move(work));
    if (!found) co_return std::unexpected(std::move(found).error());
    for (const auto& one : *found) {
      auto shown = to_json(one, is_german ? "de" : "fr", call.actor);
      if (!shown["ui"].as_array().empty()) all.push_back(std::move(shown));
    }
  }
  const boost::json::object body{{"extensions", std::move(all)}};
  net::Response response = answer(200, body);
  response.with("Vary", "Accept-Language");
  co_return response;
}

Task<Reply> get_file(Backend backend, Call call) {
  if (backend.plugins == nullptr) co_return fail(Errc::not_found, "plugin_route_not_found");
  const auto bundle = backend.plugins->ui(call.parameters[0], call.parameters[1]);
  const plugin::UiFile* file = bundle ? bundle->find(call.parameters[2]) : nullptr;
  if (file == nullptr) co_return fail(Errc::not_found, "plugin_route_not_found");
  net::Response response{200, {}, file->octets};
  response.with("Content-Type", std::string(file->type)).with("Cache-Control", "public, max-age=31536000, immutable");
  // Opened as a page of its own it is nothing.
  response.with("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
  open_to_frames(response);
  co_return response;
}

Task<Reply> get_frame(Backend backend, Call call) {
  // The id stands in the page: only one that is installed, whose characters are known.
  const std::string& id = call.parameters[0];
  if (backend.plugins == nullptr || !backend.plugins->has(id)) co_return fail(Errc::not_found, "plugin_not_found");
  const std::string page = "<!doctype html><html><head><meta charset=\"utf-8\"><title>" + id +
                           "</title></head><body><div id=\"root\" class=\"cl-root\"></div><script type=\"module\" "
                           "src=\"/x/" +
                           id + "/~frame.js\"></script></body></html>\n";
  net::Response response{200, {}, page};
  response.with("Content-Type", "text/html; charset=utf-8").with("Cache-Control", "no-cache");
  response.with(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
      "connect-src blob: data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-scripts; "
      "require-trusted-types-for 'script'");
  response.with("Cross-Origin-Resource-Policy", "same-origin");
  co_return response;
}

Task<Reply> get_frame_script(Backend, Call) {
  net::Response response{200, {}, std::string(frame_script())};
  response.with("Content-Type", "text/javascript; charset=utf-8").with("Cache-Control", "no-cache");
  open_to_frames(response);
  co_return response;
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/extensions", Access::anyone, 0, list_extensions},
    {"GET", "/x/{plugin}/~frame", Access::anyone, 0, get_frame},
    {"GET", "/x/{plugin}/~frame.js", Access::anyone, 0, get_frame_script},
    {"GET", "/x/{plugin}/~{bundle}/{path*}", Access::anyone, 0, get_file},
};

}  // namespace

std::span<const Route> extension_routes() {
  return kRoutes;
}

}  // namespace cluse::api
