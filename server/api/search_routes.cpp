// Search over everything that the reader may see.

#include "server/api/client_words.h"
#include "server/api/route.h"
#include "server/api/shapes.h"
#include "server/base/time.h"
#include "server/plugin/host.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace cluse::api {
namespace {

namespace json = boost::json;

Result<std::size_t> number_of(const Call& call, const char* name, std::size_t otherwise, std::size_t max) {
  const std::string text = call.query(name);
  if (text.empty()) return otherwise;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || value > max) return fail(Errc::invalid, "field_invalid", "at most " + std::to_string(max), name);
  return value;
}

json::array to_json(const std::vector<domain::search::Run>& runs) {
  json::array out;
  for (const auto& run : runs) out.push_back(json::object{{"text", run.text}, {"hit", run.hit}});
  return out;
}

// Of a plugin: its page is below /e/<id>.
void add_object(json::object& out, const Backend& backend, const domain::search::Object& object, bool german) {
  out["id"] = object.plugin + "/" + object.key;
  out["plugin"] =
      json::object{{"id", object.plugin}, {"name", backend.plugins->name_of(object.plugin, german ? "de" : "fr")}};
  out["object_kind"] = object.kind;
  out["url"] = "/e/" + object.plugin + object.url;
}

json::object to_json(const domain::SearchFinding& finding) {
  json::object out{{"kind", finding.kind}, {"id", finding.id.to_string()}};
  out["title"] = to_json(finding.title);
  out["excerpt"] = to_json(finding.excerpt);
  out["language"] = finding.language.empty() ? json::value(nullptr) : json::value(finding.language);
  out["workspace"] = nullptr;
  if (finding.workspace_id)
    out["workspace"] = json::object{{"id", finding.workspace_id->to_string()}, {"name", finding.workspace_name}};
  out["updated_at"] = finding.updated_at ? json::value(to_rfc3339(*finding.updated_at)) : json::value(nullptr);
  return out;
}

Task<Reply> search(Backend backend, Call call) {
  domain::SearchRequest request;
  request.text = call.query("q");
  request.kind = call.query("kind");
  constexpr std::string_view kKinds[] = {"", "document", "workspace", "person", "organisation", "object"};
  if (std::ranges::find(kKinds, request.kind) == std::end(kKinds))
    co_return fail(Errc::invalid, "field_invalid", "document, workspace, person, organisation or object", "kind");
  CLUSE_CO_TRY(workspace, call.query_id("workspace_id"));
  CLUSE_CO_TRY(limit, number_of(call, "limit", 20, domain::Search::kLimitMax));
  CLUSE_CO_TRY(offset, number_of(call, "offset", 0, domain::Search::kOffsetMax));
  request.workspace = workspace;
  request.limit = limit;
  request.offset = offset;
  auto findings = co_await backend.services->search.find(*call.actor, std::move(request));
  if (!findings) co_return std::unexpected(std::move(findings).error());
  json::array found;
  const bool german = choose_language(call.request.header("Accept-Language")) == Language::de;
  for (const auto& finding : findings->found) {
    const bool is_object = finding.kind == domain::search::kObjectKind;
    // What a plugin that does not run has left behind leads nowhere.
    if (is_object && (backend.plugins == nullptr || backend.plugins->name_of(finding.object.plugin, "fr").empty()))
      continue;
    auto shown = to_json(finding);
    if (is_object) add_object(shown, backend, finding.object, german);
    found.push_back(std::move(shown));
  }
  const json::object body{
      {"found", std::move(found)},
      {"total", findings->total},
      {"instead", findings->instead.empty() ? json::value(nullptr) : json::value(findings->instead)}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/search", Access::signed_in, 0, search},
};

}  // namespace

std::span<const Route> search_routes() {
  return kRoutes;
}

}  // namespace cluse::api
