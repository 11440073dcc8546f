// The map, the territories behind it, and the words that directories share.
#include "routes.h"
#include "shared.h"

#include "../model/words.h"
#include "../store/directories.h"
#include "../text/fold.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr std::size_t kTerritoriesMax = 1000, kShapesMax = 1'000'000;
constexpr std::string_view kKinds[] = {"commune", "epci", "departement", "canton", "region", "territoire"};

bool is_kind(std::string_view kind) {
  return std::ranges::find(kKinds, kind) != std::end(kKinds);
}

Value view(const Territory& one) {
  return {{"code", one.code},
          {"kind", one.kind},
          {"name", one.name},
          {"country", one.country},
          {"parent", one.parent.empty() ? Value() : Value(one.parent)},
          {"population", one.population}};
}

Territory read(const Value& one) {
  Territory out{one["code"].get_or<std::string>(""),
                one["kind"].get_or<std::string>(""),
                one["country"].get_or<std::string>(""),
                one["parent"].get_or<std::string>(""),
                one["aliases"].get_or<std::string>(""),
                both(one["name"]["fr"].get_or<std::string>(""), one["name"]["de"].get_or<std::string>("")),
                one["population"]};
  const bool is_right = out.code.starts_with(out.kind + ":") && out.code.size() <= 60 && is_kind(out.kind) &&
                        (out.country == "FR" || out.country == "CH" || out.country.empty()) &&
                        !out.name.entries().empty() && out.name.to_json().size() <= 600 && out.aliases.size() <= 600;
  if (!is_right) throw Failure(422, "territory_unknown", out.code);
  return out;
}

// Without counts, for who is told the words alone.
Value option(std::string_view key, const Value& label, const Value& counts) {
  Value one = {{"key", key}, {"label", label}};
  if (!counts.is_null()) one.set("count", counts[key].get_or<std::int64_t>(0));
  return one;
}

Value option_list(std::span<const Word> words, const Value& counts) {
  Value list = Value::array();
  for (const Word& word : words) list.add(option(word.key, label(word), counts));
  return list;
}

Value option_list(const Reference& reference, std::string_view name, const Value& counts) {
  Value list = Value::array();
  if (const auto found = reference.lists.find(name); found != reference.lists.end())
    for (const Option& one : found->second) list.add(option(one.key, one.label, counts));
  return list;
}

// `counts`: as `count_facets` made them, or null.
Value vocabulary(const Reference& reference, const Value& counts) {
  return {{"policies", option_list(reference, "policies", counts["policies"])},
          {"competences", option_list(reference, "competences", counts["competences"])},
          {"levels", option_list(level_words(), counts["level"])},
          {"languages", option_list(language_words(), counts["languages"])},
          {"countries", option_list(country_words(), counts["country"])}};
}

}  // namespace

Response show_map(Context& context, const Request& request) {
  const Query query = query_of(context, request);
  const std::string layer = request.query("layer").empty() ? "all" : request.query("layer");
  if (layer != "all" && !is_kind(layer)) throw Failure(400, "query_wrong", "layer");
  return context.read([&](Tx& tx) {
    const Reference& reference = context.reference(tx);
    Value areas = Value::array();
    std::int64_t placed = 0;
    // A layer counts all that lies within its areas; without one each entry stands where it says.
    const Value counted =
        count_territories(tx, query, layer == "all" ? "territory" : "within", layer == "all" ? "" : layer + ":");
    for (const Value& one : counted.items()) {
      const auto found = reference.territories.find(one["code"].as<std::string>());
      const bool is_known = found != reference.territories.end();
      areas.add({{"code", one["code"]},
                 {"name", is_known ? found->second.name : both(one["code"].as<std::string>(), "")},
                 {"count", one["count"]},
                 {"countries", is_known ? Value::array({found->second.country}) : Value::array()}});
      placed += one["count"].as<std::int64_t>();
    }
    Query whole = query;
    whole.limit = 1;
    const auto total = find(tx, whole).total;
    return Response::json({{"layer", layer},
                           {"areas", areas},
                           {"total", total},
                           {"elsewhere", std::max<std::int64_t>(0, total - placed)}});
  });
}

Response show_shapes(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    const auto rows = tx.all(
        "SELECT (SELECT value FROM setting WHERE name = 'shapes'), (SELECT value FROM setting WHERE name = "
        "'shapes_at')");
    const auto shapes = rows.front().items()[0].get<std::string>();
    if (!shapes) throw Failure(404, "no_shapes");
    const std::string tag = "\"" + std::to_string(rows.front().items()[1].get_or<std::int64_t>(0)) + "\"";
    if (request.header("if-none-match") == tag) return Response{304, {{"etag", tag}}, {}};
    return Response{200,
                    {{"content-type", "application/json"}, {"etag", tag}, {"cache-control", "private, max-age=3600"}},
                    *shapes};
  });
}

Response set_shapes(Context& context, const Request& request) {
  context.must_manage();
  if (request.raw().size() > kShapesMax) throw Failure(413, "value_too_long");
  const auto read = Value::from_json(request.raw(), {2U << 20, 32, 1'000'000});
  if (!read || (*read)["type"].get_or<std::string>("") != "Topology") throw Failure(422, "field_wrong", "type");
  return context.write([&](Tx& tx) {
    tx.run("REPLACE INTO setting (name, value) VALUES ('shapes', ?1)", request.raw());
    tx.run("REPLACE INTO setting (name, value) VALUES ('shapes_at', ?1)", context.now());
    return Response::empty();
  });
}

Response list_territories(Context& context, const Request& request) {
  const auto tokens = words(fold(request.query("q")));
  const std::string kind = request.query("kind");
  const auto limit = static_cast<std::size_t>(number_query(request, "limit", 20, 1, 3000));
  return context.read([&](Tx& tx) {
    const Reference& reference = context.reference(tx);
    Value list = Value::array();
    for (const auto& [code, one] : reference.territories) {
      if (!kind.empty() && one.kind != kind) continue;
      const std::string folded =
          " " + fold(in(one.name, "fr") + " " + in(one.name, "de") + " " + one.aliases + " " + code);
      const bool fits = std::ranges::all_of(
          tokens, [&](const std::string& token) { return folded.find(" " + token) != std::string::npos; });
      if (fits) list.add(view(one));
      if (list.items().size() >= limit) break;
    }
    return Response::json({{"territories", list.is_null() ? Value::array() : list}});
  });
}

Response set_territories(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  const auto& given = body["territories"].items();
  if (given.empty() || given.size() > kTerritoriesMax) throw Failure(422, "field_wrong", "territories");
  std::vector<Territory> all;
  for (const Value& one : given) all.push_back(read(one));
  return context.write([&](Tx& tx) {
    save_territories(tx, all);
    context.app().forget();
    return Response::json({{"saved", all.size()}});
  });
}

Response show_vocabulary(Context& context, const Request&) {
  Query query;
  query.audience = context.reader().audience;
  return context.read([&](Tx& tx) {
    const std::string key = "vocabulary " + std::to_string(static_cast<int>(query.audience));
    auto counts = context.app().counted(key);
    if (!counts) context.app().keep_count(key, *(counts = count_facets(tx, query)));
    return Response::json(vocabulary(context.reference(tx), *counts));
  });
}

// All the words, in use or not, and how often none of them: that would tell of entries that are not open.
Response show_open_vocabulary(Context& context, const Request&) {
  return context.read([&](Tx& tx) {
    Response response = Response::json(vocabulary(context.reference(tx), Value()));
    response.headers.emplace_back("cache-control", "public, max-age=300");
    return response;
  });
}

Response set_vocabulary(Context& context, const Request& request) {
  context.must_manage();
  const std::string list = request.param("list");
  if (list != "policies" && list != "competences") throw Failure(404, "not_found", "list");
  Field field;
  field.key = list;
  const Value body = request.body();
  // The rules of a field's options are those of these lists.
  const auto read = read_fields(Value::array(
      {Value{{"key", list}, {"type", "choices"}, {"label", {{"fr", list}}}, {"options", body["options"]}}}));
  return context.write([&](Tx& tx) {
    save_vocabulary(tx, list, read.front().options);
    context.app().forget();
    Value options = Value::array();
    for (const Option& one : read.front().options) options.add({{"key", one.key}, {"label", one.label}});
    return Response::json({{"options", options}});
  });
}

}  // namespace annuaires::routes
