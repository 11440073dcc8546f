// The beginning of a document's text as JSON, for screens that show it before the live document is there.

#include "server/api/route.h"
#include "server/api/shapes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace cluse::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kBlocksMax = 200;
constexpr std::size_t kBlocksUnlessTold = 60;

json::value json_of(const crdt::Value& value) {
  struct Shape {
    json::value operator()(std::nullptr_t) const { return nullptr; }
    json::value operator()(bool flag) const { return flag; }
    // Levels and spans are whole: 1 rather than 1E0.
    json::value operator()(double number) const {
      const bool whole = number == std::trunc(number) && std::abs(number) < 1e9;
      return whole ? json::value(static_cast<std::int64_t>(number)) : json::value(number);
    }
    json::value operator()(const std::string& text) const { return json::value(text); }
    json::value operator()(const crdt::ValueList& list) const {
      json::array out;
      for (const auto& each : list) out.push_back(json_of(each));
      return out;
    }
    json::value operator()(const crdt::ValueMap& map) const {
      json::object out;
      for (const auto& [key, each] : map) out[key] = json_of(each);
      return out;
    }
  };
  return std::visit(Shape{}, value.data);
}

// A node as ProseMirror writes it: https://prosemirror.net/docs/ref/#model.Node.toJSON
json::object json_of(const crdt::XmlNode& node) {
  json::object out;
  out["type"] = node.name.empty() ? "text" : node.name;
  if (node.name.empty()) {
    out["text"] = node.text;
    json::array marks;
    for (const auto& [name, value] : node.attributes) {
      json::object mark{{"type", name}};
      if (const auto* map = std::get_if<crdt::ValueMap>(&value.data); map != nullptr && !map->empty())
        mark["attrs"] = json_of(value);
      marks.push_back(std::move(mark));
    }
    if (!marks.empty()) out["marks"] = std::move(marks);
    return out;
  }
  if (!node.attributes.empty()) out["attrs"] = json_of(crdt::Value{node.attributes});
  json::array content;
  for (const auto& child : node.children) content.push_back(json_of(child));
  if (!content.empty()) out["content"] = std::move(content);
  return out;
}

Result<std::size_t> blocks_of(const Call& call) {
  const std::string text = call.query("blocks");
  if (text.empty()) return kBlocksUnlessTold;
  std::size_t blocks = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), blocks);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || blocks == 0 || blocks > kBlocksMax) return fail(Errc::invalid, "field_invalid", "1 to 200", "blocks");
  return blocks;
}

Task<Reply> read_text(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "document_not_found"));
  CLUSE_CO_TRY(blocks, blocks_of(call));
  auto beginning = co_await backend.services->exchange.beginning(*call.actor, id, blocks);
  if (!beginning) co_return std::unexpected(std::move(beginning).error());
  json::array nodes;
  for (const auto& each : beginning->blocks) nodes.push_back(json_of(each));
  const json::object body{{"language", beginning->language}, {"blocks", std::move(nodes)}, {"more", beginning->more}};
  co_return answer(200, body);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/documents/{id}/text", Access::signed_in, 0, read_text},
};

}  // namespace

std::span<const Route> text_routes() {
  return kRoutes;
}

}  // namespace cluse::api
