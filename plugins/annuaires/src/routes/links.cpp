// Who does what where, from when until when; and the chart that it makes.
#include "routes.h"
#include "shared.h"

#include "../model/words.h"

#include <algorithm>
#include <set>

namespace annuaires::routes {
namespace {

constexpr int kChartNodesMax = 2000;

struct Fields {
  Value function = Value::map();
  std::string policy;
  Value since, until;
};

Value day_field(const Value& body, std::string_view key, std::vector<Problem>& problems) {
  if (body[key].is_null()) return nullptr;
  const auto day = read_day(body[key].get_or<std::string>(""));
  if (!day) problems.push_back({std::string(key), "date_wrong"});
  return day ? Value(*day) : Value();
}

void take(Fields& fields, const Value& body) {
  std::vector<Problem> problems;
  const auto has = [&body](std::string_view key) {
    return std::ranges::any_of(body.entries(), [key](const auto& entry) { return entry.first == key; });
  };
  if (has("function"))
    fields.function = body["function"].is_map() ? both(body["function"]["fr"].get_or<std::string>(""),
                                                       body["function"]["de"].get_or<std::string>(""))
                                                : both(body["function"].get_or<std::string>(""), "");
  if (fields.function.to_json().size() > 1000) problems.push_back({"function", "value_too_long"});
  if (has("policy")) fields.policy = body["policy"].get_or<std::string>("");
  if (fields.policy.size() > 60) problems.push_back({"policy", "value_too_long"});
  if (has("from")) fields.since = day_field(body, "from", problems);
  if (has("until")) fields.until = day_field(body, "until", problems);
  if (!fields.since.is_null() && !fields.until.is_null() &&
      fields.until.as<std::string>() < fields.since.as<std::string>())
    problems.push_back({"until", "date_wrong"});
  if (!problems.empty()) throw Failure(std::move(problems));
}

// An organisation that lies in itself, however far around.
bool closes_circle(Tx& tx, Id part, Id whole) {
  return !tx.all(
                "WITH RECURSIVE up (id) AS (SELECT ?2 UNION SELECT l.other FROM link l JOIN up ON l.one = up.id WHERE "
                "l.kind = 'part_of')"
                " SELECT 1 FROM up WHERE id = ?1",
                part, whole)
              .empty();
}

Value view(Context& context, Tx& tx, Id entry, Id link) {
  const Value all = links_of(context, tx, entry);
  const auto found =
      std::ranges::find_if(all.items(), [&](const Value& one) { return one["id"].get_or<Id>(0) == link; });
  return found == all.items().end() ? Value() : *found;
}

Value change_of(std::string_view kind, const Value& before, const Value& after) {
  return Value::array({Value{{"field", "@link." + std::string(kind)}, {"before", before}, {"after", after}}});
}

Value as_value(const Fields& fields, Id other) {
  return {{"other", other},
          {"function", fields.function},
          {"policy", fields.policy},
          {"from", fields.since},
          {"until", fields.until}};
}

struct Stored {
  std::string kind;
  Id one = 0, other = 0;
  Fields fields;
};

Stored load(Tx& tx, Id link) {
  const auto rows = tx.all("SELECT kind, one, other, function, policy, since, until FROM link WHERE id = ?1", link);
  if (rows.empty()) throw Failure(404, "not_found", "link");
  const auto& c = rows.front().items();
  return {c[0].as<std::string>(),
          c[1].as<Id>(),
          c[2].as<Id>(),
          {Value::from_json(c[3].as<std::string>()).value_or(Value::map()), c[4].as<std::string>(), c[5], c[6]}};
}

struct Chart {
  Value nodes = Value::array();
  std::set<Id> shown;
};

void add_organisations(Context& context, Tx& tx, Chart& chart, std::optional<Id> root, const std::string& on) {
  const auto rank = static_cast<int>(context.reader().audience);
  // Every organisation of the tree, with what it lies in on that day; without a root: those that have links at all.
  const auto rows = tx.all(
      "WITH RECURSIVE tree (id) AS (SELECT e.id FROM entry e WHERE (?1 = 0 AND e.kind = 'organisation' AND e.id IN "
      "(SELECT other FROM link))"
      " OR e.id = ?1 UNION SELECT l.one FROM link l JOIN tree ON l.other = tree.id WHERE l.kind = 'part_of'"
      " AND (l.since IS NULL OR l.since <= ?2) AND (l.until IS NULL OR l.until >= ?2))"
      " SELECT e.id, e.name, (SELECT l.other FROM link l WHERE l.one = e.id AND l.kind = 'part_of' AND (l.since IS "
      "NULL OR l.since <= ?2)"
      " AND (l.until IS NULL OR l.until >= ?2) AND e.id <> ?1 ORDER BY l.id LIMIT 1)"
      " FROM entry e JOIN tree ON tree.id = e.id WHERE e.state = 'published' AND e.audience <= ?3 AND e.kind = "
      "'organisation'"
      " ORDER BY e.sort_key LIMIT ?4",
      root.value_or(0), on, rank, kChartNodesMax);
  for (const auto& row : rows) chart.shown.insert(row.items()[0].as<Id>());
  for (const auto& row : rows) {
    const auto& c = row.items();
    const auto parent = c[2].get<Id>();
    chart.nodes.add({{"id", c[0]},
                     {"kind", "organisation"},
                     {"name", Value::from_json(c[1].as<std::string>()).value_or(Value::map())},
                     {"parent", parent && chart.shown.contains(*parent) ? Value(*parent) : Value()},
                     {"function", nullptr},
                     {"policy", nullptr},
                     {"from", nullptr},
                     {"until", nullptr}});
  }
}

void add_persons(Context& context, Tx& tx, Chart& chart, const std::string& on) {
  const auto rank = static_cast<int>(context.reader().audience);
  Value ids = Value::array();
  for (const Id id : chart.shown) ids.add(id);
  const auto rows = tx.all(
      "SELECT e.id, e.name, l.other, l.function, l.policy, l.since, l.until FROM link l JOIN entry e ON e.id = l.one"
      " WHERE l.kind = 'function' AND l.other IN (SELECT value FROM json_each(?1)) AND (l.since IS NULL OR l.since <= "
      "?2)"
      " AND (l.until IS NULL OR l.until >= ?2) AND e.state = 'published' AND e.audience <= ?3 ORDER BY e.sort_key "
      "LIMIT ?4",
      ids.to_json(), on, rank, kChartNodesMax);
  for (const auto& row : rows) {
    const auto& c = row.items();
    chart.nodes.add({{"id", c[0]},
                     {"kind", "person"},
                     {"name", Value::from_json(c[1].as<std::string>()).value_or(Value::map())},
                     {"parent", c[2]},
                     {"function", Value::from_json(c[3].as<std::string>()).value_or(Value::map())},
                     {"policy", c[4]},
                     {"from", c[5]},
                     {"until", c[6]}});
  }
}

}  // namespace

Response make_link(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Entry one = seen_entry(context, tx, id_param(request, "entry"));
    const Entry other = seen_entry(context, tx, body["other"].get_or<Id>(0));
    const auto kind = body["kind"].get_or<std::string>("");
    const bool fits =
        !other.is_person() && other.id != one.id &&
        (kind == "part_of" ? !one.is_person()
                           : (kind == "function" || kind == "member") && (one.is_person() || kind == "member"));
    if (!fits || (kind == "part_of" && closes_circle(tx, one.id, other.id))) throw Failure(422, "field_wrong", "kind");
    Fields fields;
    take(fields, body);
    const auto id = tx.one<Id>(
        "INSERT INTO link (kind, one, other, function, policy, since, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " RETURNING id",
        kind, one.id, other.id, fields.function.to_json(), fields.policy, fields.since, fields.until);
    keep(context, tx, one, {"linked", change_of(kind, nullptr, as_value(fields, other.id)), ""});
    return Response::json({{"link", view(context, tx, one.id, id)}}, 201);
  });
}

Response change_link(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    const Id id = id_param(request, "link");
    const Stored before = load(tx, id);
    Fields after = before.fields;
    take(after, body);
    tx.run("UPDATE link SET function = ?2, policy = ?3, since = ?4, until = ?5 WHERE id = ?1", id,
           after.function.to_json(), after.policy, after.since, after.until);
    Entry one = seen_entry(context, tx, before.one);
    keep(context, tx, one,
         {"linked", change_of(before.kind, as_value(before.fields, before.other), as_value(after, before.other)), ""});
    return Response::json({{"link", view(context, tx, one.id, id)}});
  });
}

Response remove_link(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    const Id id = id_param(request, "link");
    const Stored before = load(tx, id);
    tx.run("DELETE FROM link WHERE id = ?1", id);
    Entry one = seen_entry(context, tx, before.one);
    keep(context, tx, one, {"unlinked", change_of(before.kind, as_value(before.fields, before.other), nullptr), ""});
    return Response::empty();
  });
}

Response show_chart(Context& context, const Request& request) {
  const std::string asked = request.query("on");
  const auto on = asked.empty() ? day_of(context.now()) : read_day(asked).value_or("");
  if (on.empty()) throw Failure(400, "query_wrong", "on");
  const int root = number_query(request, "root", 0, 0, 1'000'000'000);
  return context.read([&](Tx& tx) {
    Chart chart;
    add_organisations(context, tx, chart, root == 0 ? std::nullopt : std::optional<Id>(root), on);
    add_persons(context, tx, chart, on);
    return Response::json({{"nodes", chart.nodes}, {"root", root == 0 ? Value() : Value(root)}, {"on", on}});
  });
}

}  // namespace annuaires::routes
