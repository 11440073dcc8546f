// Opposite numbers over the border: proposed by what they do and at which level, confirmed or refused by people.
#include "routes.h"
#include "shared.h"

#include "../model/near.h"
#include "../model/values.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr std::size_t kProposedMax = 10, kCandidatesMax = 2000;
constexpr int kScoreMin = 50, kListMax = 500;

Value reasons_of(const Likeness& likeness) {
  Value list = Value::array();
  for (const Reason& reason : likeness.reasons) list.add({{"code", reason.code}, {"detail", reason.detail}});
  return list;
}

// Entries with a policy of this one's, elsewhere.
std::vector<Entry> candidates(Context& context, Tx& tx, const Entry& entry) {
  Query query;
  query.audience = context.reader().audience;
  query.kind = entry.kind;
  query.facets["policies"] = keys_of(entry.value("policies"));
  const auto countries = keys_of(entry.value("country"));
  std::vector<std::string> others;
  for (const std::string country : {"FR", "CH"})
    if (std::ranges::find(countries, country) == countries.end()) others.push_back(country);
  if (query.facets["policies"].empty() || countries.empty() || others.empty()) return {};
  query.facets["country"] = others;
  return load_entries(tx, find_all(tx, query, kCandidatesMax));
}

void remember(Context& context, Tx& tx, Id one, Id other, const Likeness& likeness) {
  tx.run(
      "INSERT INTO counterpart (a, b, policy, state, score, reasons, at) VALUES (?1, ?2, ?3, 'proposed', ?4, ?5, ?6)"
      " ON CONFLICT (a, b, policy) DO UPDATE SET score = ?4, reasons = ?5 WHERE state = 'proposed'",
      std::min(one, other), std::max(one, other), likeness.policy, likeness.score, reasons_of(likeness).to_json(),
      context.now());
}

Value view(Context& context, Tx& tx, Id id, Id entry) {
  const Value all = counterparts_of(context, tx, load_entry(tx, entry));
  const auto found =
      std::ranges::find_if(all.items(), [id](const Value& one) { return one["id"].get_or<Id>(0) == id; });
  return found == all.items().end() ? Value() : *found;
}

std::string note_of(const Value& body) {
  auto note = body["note"].get_or<std::string>("");
  if (note.size() > kTextMax) throw Failure(422, "value_too_long", "note");
  return note;
}

void note_in_history(Context& context, Tx& tx, Id one, Id other, std::string_view state) {
  Entry entry = load_entry(tx, one);
  const Value changes = Value::array(
      {Value{{"field", "@counterpart"}, {"before", nullptr}, {"after", {{"other", other}, {"state", state}}}}});
  keep(context, tx, entry, {"linked", changes, ""});
}

}  // namespace

Response list_counterparts(Context& context, const Request& request) {
  const std::string state = request.query("state"), policy = request.query("policy");
  const int entry = number_query(request, "entry", 0, 0, 2'000'000'000);
  return context.read([&](Tx& tx) {
    const bool sees_all = context.may_manage();
    const auto rows = tx.all(
        "SELECT id, a, b, policy, state, score, reasons, by, at, note FROM counterpart c WHERE (?1 = '' OR state = ?1)"
        " AND (?2 = '' OR policy = ?2) AND (?3 = 0 OR a = ?3 OR b = ?3) AND (?4 OR state = 'confirmed' OR EXISTS"
        " (SELECT 1 FROM entry e WHERE e.id IN (c.a, c.b) AND e.account = ?5)) ORDER BY state, score DESC, id LIMIT ?6",
        state, policy, entry, sees_all, context.user(), kListMax);
    return Response::json({{"counterparts", shown_counterparts(context, tx, rows)}});
  });
}

Response propose_counterparts(Context& context, const Request& request) {
  return context.write([&](Tx& tx) {
    const Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    const Reference& reference = context.reference(tx);
    std::vector<std::pair<Likeness, Id>> found;
    for (const Entry& other : candidates(context, tx, entry))
      if (Likeness likeness = compare(entry, other, reference); likeness.score >= kScoreMin)
        found.emplace_back(std::move(likeness), other.id);
    std::ranges::sort(found, [](const auto& a, const auto& b) {
      return a.first.score != b.first.score ? a.first.score > b.first.score : a.second < b.second;
    });
    if (found.size() > kProposedMax) found.resize(kProposedMax);
    for (const auto& [likeness, other] : found) remember(context, tx, entry.id, other, likeness);
    const auto rows = tx.all(
        "SELECT id, a, b, policy, state, score, reasons, '', at, '' FROM counterpart WHERE (a = ?1 OR b = ?1)"
        " AND state IN ('proposed', 'confirmed') ORDER BY score DESC, id LIMIT ?2",
        entry.id, kProposedMax);
    return Response::json({{"counterparts", shown_counterparts(context, tx, rows, entry.value("level"))}});
  });
}

Response make_counterpart(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    const Entry a = seen_entry(context, tx, body["a"].get_or<Id>(0)),
                b = seen_entry(context, tx, body["b"].get_or<Id>(0));
    if (a.id == b.id) throw Failure(422, "counterpart_wrong", "b");
    const auto policy = body["policy"].get_or<std::string>("");
    if (policy.size() > 60) throw Failure(422, "value_too_long", "policy");
    const auto likeness = compare(a, b, context.reference(tx));
    const auto id = tx.one<Id>(
        "INSERT INTO counterpart (a, b, policy, state, score, reasons, by, at, note) VALUES (?1, ?2, ?3, 'confirmed', "
        "?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (a, b, policy) DO UPDATE SET state = 'confirmed', by = ?6, at = ?7, note = ?8 RETURNING id",
        std::min(a.id, b.id), std::max(a.id, b.id), policy, likeness.score, reasons_of(likeness).to_json(),
        context.user(), context.now(), note_of(body));
    note_in_history(context, tx, a.id, b.id, "confirmed");
    return Response::json({{"counterpart", view(context, tx, id, a.id)}}, 201);
  });
}

Response decide_counterpart(Context& context, const Request& request) {
  const Value body = request.body();
  const auto state = body["state"].get_or<std::string>("");
  if (state != "confirmed" && state != "refused") throw Failure(422, "field_wrong", "state");
  return context.write([&](Tx& tx) {
    const Id id = id_param(request, "counterpart");
    const auto rows = tx.all("SELECT a, b FROM counterpart WHERE id = ?1", id);
    if (rows.empty()) throw Failure(404, "not_found", "counterpart");
    const Id a = rows.front().items()[0].as<Id>(), b = rows.front().items()[1].as<Id>();
    if (!context.may_manage() && !context.is_concerned(load_entry(tx, a)) && !context.is_concerned(load_entry(tx, b)))
      throw Failure(403, "not_allowed");
    tx.run("UPDATE counterpart SET state = ?2, by = ?3, at = ?4, note = ?5 WHERE id = ?1", id, state, context.user(),
           context.now(), note_of(body));
    note_in_history(context, tx, a, b, state);
    return Response::json({{"counterpart", view(context, tx, id, a)}, {"state", state}});
  });
}

}  // namespace annuaires::routes
