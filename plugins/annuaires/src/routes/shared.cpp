#include "shared.h"

#include "../model/values.h"
#include "../model/words.h"
#include "../services.h"

#include <algorithm>
#include <charconv>

namespace annuaires {
namespace {

constexpr std::string_view kOwnPage = "/e/org.cluse.annuaires/";

std::optional<std::int64_t> whole(std::string_view digits) {
  std::int64_t value = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || at != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool has(const Value& map, std::string_view key) {
  return std::ranges::any_of(map.entries(), [key](const auto& entry) { return entry.first == key; });
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// The name of a filter in an address, and of its facet.
constexpr std::pair<std::string_view, std::string_view> kFilters[] = {
    {"country", "country"},        {"level", "level"},        {"policy", "policies"},
    {"competence", "competences"}, {"language", "languages"}, {"territory", "within"}};

void take_page(const Request& request, Query& query) {
  query.limit = number_query(request, "limit", 50, 1, kPageMax);
  query.offset = number_query(request, "offset", 0, 0, kOffsetMax);
  const std::string cursor = request.query("cursor");
  if (cursor.empty()) return;
  const auto value = whole(cursor.starts_with('@') ? std::string_view(cursor).substr(1) : cursor);
  if (!value || *value < 0) throw Failure(400, "query_wrong", "cursor");
  if (cursor.starts_with('@')) query.offset = static_cast<int>(std::min<std::int64_t>(*value, kOffsetMax));
  else query.after = *value;
}

}  // namespace

Id id_param(const Request& request, std::string_view name) {
  const auto value = whole(request.param(name));
  if (!value || *value <= 0) throw Failure(404, "not_found", std::string(name));
  return *value;
}

int number_query(const Request& request, std::string_view name, int otherwise, int min, int max) {
  const std::string text = request.query(name);
  if (text.empty()) return otherwise;
  const auto value = whole(text);
  if (!value) throw Failure(400, "query_wrong", std::string(name));
  return static_cast<int>(std::clamp<std::int64_t>(*value, min, max));
}

Query query_of(Context& context, const Request& request) {
  Query query;
  query.audience = context.reader().audience;
  query.words = request.query("q");
  query.kind = request.query("kind");
  query.sort = request.query("sort");
  for (const auto& [name, field] : kFilters)
    if (auto values = split(request.query(name)); !values.empty()) query.facets[std::string(field)] = std::move(values);
  for (const auto& [name, value] : request.queries().entries())
    if (name.starts_with("f.") && name.size() > 2)
      if (auto values = split(value.as<std::string>()); !values.empty()) query.facets[name] = std::move(values);
  if (const auto organisation = whole(request.query("organisation"))) query.organisation = *organisation;
  take_page(request, query);
  const std::string state = request.query("state");
  if (!context.may_manage()) return query;
  if (state == "archived" || state == "draft" || state == "all") query.state = state;
  if (!request.query("stale").empty()) query.due_before = context.now();
  query.bounced = !request.query("bounced").empty();
  return query;
}

Value who(Context& context, const std::string& id) {
  if (id.empty()) return nullptr;
  // A history names the same few people again and again; each caller has names of his own to see.
  const std::string key = "person " + context.user() + " " + id;
  if (const auto known = context.app().counted(key)) return *known;
  Value person = services::person(context.app().host(), context.call(), id);
  context.app().keep_count(key, person);
  return person;
}

std::vector<Value> rows_of(Context& context, Tx& tx, std::span<const Entry> entries) {
  std::vector<Id> organisations;
  for (const Entry& entry : entries)
    if (const auto id = entry.value("organisation").get<Id>()) organisations.push_back(*id);
  const auto refs = refs_of(tx, organisations, context.reader().audience);
  std::vector<Value> rows;
  for (const Entry& entry : entries) {
    const auto ref = refs.find(entry.value("organisation").get_or<Id>(0));
    rows.push_back(row_view(context.directory(tx, entry.directory), entry, context.reference(tx),
                            context.reader_of(entry), ref == refs.end() ? Value() : ref->second));
  }
  return rows;
}

Value links_of(Context& context, Tx& tx, Id entry) {
  Value list = Value::array();
  const auto rows = tx.all(
      "SELECT id, kind, one, other, function, policy, since, until FROM link WHERE one = ?1 OR other = ?1"
      " ORDER BY until IS NOT NULL, until DESC, since DESC, id",
      entry);
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.items()[2].as<Id>()), ids.push_back(row.items()[3].as<Id>());
  const auto refs = refs_of(tx, ids, context.reader().audience);
  const std::string today = day_of(context.now());
  for (const auto& row : rows) {
    const auto& c = row.items();
    const auto one = refs.find(c[2].as<Id>()), other = refs.find(c[3].as<Id>());
    if (one == refs.end() || other == refs.end()) continue;
    const auto since = c[6].get_or<std::string>(""), until = c[7].get_or<std::string>("");
    list.add({{"id", c[0]},
              {"kind", c[1]},
              {"person", c[1].as<std::string>() == "part_of" ? Value() : one->second},
              {"part", c[1].as<std::string>() == "part_of" ? one->second : Value()},
              {"organisation", other->second},
              {"function", Value::from_json(c[4].as<std::string>()).value_or(Value::map())},
              {"policy", c[5]},
              {"from", c[6]},
              {"until", c[7]},
              {"current", (since.empty() || since <= today) && (until.empty() || until >= today)}});
  }
  return list;
}

Value shown_counterparts(Context& context, Tx& tx, const Value::Array& rows, const std::optional<Value>& level) {
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.items()[1].as<Id>()), ids.push_back(row.items()[2].as<Id>());
  const auto refs = refs_of(tx, ids, context.reader().audience);
  Value list = Value::array();
  for (const auto& row : rows) {
    const auto& c = row.items();
    const auto a = refs.find(c[1].as<Id>()), b = refs.find(c[2].as<Id>());
    if (a == refs.end() || b == refs.end()) continue;
    Value one = {{"id", c[0]},
                 {"a", a->second},
                 {"b", b->second},
                 {"policy", c[3]},
                 {"state", c[4]},
                 {"score", c[5]},
                 {"reasons", Value::from_json(c[6].as<std::string>()).value_or(Value::array())},
                 {"by", who(context, c[7].get_or<std::string>(""))},
                 {"at", iso(c[8].as<Moment>())},
                 {"note", c[9]}};
    if (level) one.set("level", *level);
    list.add(std::move(one));
  }
  return list;
}

Value counterparts_of(Context& context, Tx& tx, const Entry& entry) {
  const bool sees_all = context.may_manage() || context.is_concerned(entry);
  const auto rows = tx.all(
      "SELECT id, a, b, policy, state, score, reasons, by, at, note FROM counterpart WHERE (a = ?1 OR b = ?1)"
      " AND (?2 OR state = 'confirmed') ORDER BY state, score DESC, id",
      entry.id, sees_all);
  return shown_counterparts(context, tx, rows, entry.value("level"));
}

Value entry_view(Context& context, Tx& tx, const Entry& entry) {
  const Directory& directory = context.directory(tx, entry.directory);
  const Reader reader = context.reader_of(entry);
  const bool manages = context.may_manage(), concerned = context.is_concerned(entry);
  Value view = rows_of(context, tx, std::span(&entry, 1)).front();
  int hidden = 0;
  view.set("values", visible_values(directory, entry, reader, hidden));
  view.set("hidden", hidden);
  view.set("visibility", to_text(entry.visibility));
  view.set("audience", to_text(audience_of(directory, entry)));
  view.set("links", links_of(context, tx, entry.id));
  view.set("counterparts", counterparts_of(context, tx, entry));
  view.set("version", entry.version);
  view.set("created_at", iso(entry.created_at));
  view.set("check_due_at", entry.due_at ? Value(iso(*entry.due_at)) : Value());
  view.set("merged_into", entry.merged_into ? Value(*entry.merged_into) : Value());
  view.set("url", std::string(kOwnPage) + directory.slug + "/" + std::to_string(entry.id));
  const bool is_open = directory.is_public && audience_of(directory, entry) == Audience::everybody;
  view.set("public_url", is_open ? Value("/x/org.cluse.annuaires/public/entries/" + entry.uid) : Value());
  view.set("may", {{"edit", manages},
                   {"propose", !context.user().empty()},
                   {"check", manages || concerned},
                   {"consent", entry.is_person() && (manages || concerned)},
                   {"history", manages || concerned}});
  if (!manages && !concerned) return view;
  view.set("field_visibility", entry.field_visibility);
  view.set("account", who(context, entry.account));
  view.set("consent", entry.consent);
  view.set("mail", entry.mail);
  return view;
}

Response entry_answer(const Value& view, int status) {
  Response response = Response::json({{"entry", view}}, status);
  response.headers.emplace_back("etag", "\"" + std::to_string(view["version"].get_or<std::int64_t>(0)) + "\"");
  return response;
}

Entry seen_entry(Context& context, Tx& tx, Id id) {
  auto found = load_entries(tx, std::span(&id, 1));
  if (found.empty()) throw Failure(404, "not_found", "entry");
  Entry& entry = found.front();
  const Directory& directory = context.directory(tx, entry.directory);
  const bool is_kept = entry.state == "published" || context.may_manage() || context.is_concerned(entry);
  if (!is_kept || !sees(context.reader_of(entry), audience_of(directory, entry)))
    throw Failure(404, "not_found", "entry");
  return std::move(entry);
}

void keep(Context& context, Tx& tx, Entry& entry, const Event& event) {
  keep(context, tx, entry, event, context.author());
}

void keep(Context& context, Tx& tx, Entry& entry, const Event& event, const Author& author) {
  save_entry(tx, context.directory(tx, entry.directory), context.reference(tx), entry, event, author);
  context.app().schedule(context.call(), "index", "", author.at);
}

void take_values(Context& context, Tx& tx, const Directory& directory, Entry& entry, const Value& given) {
  std::vector<Problem> problems;
  if (!given.is_map()) throw Failure(400, "field_wrong", "values");
  for (const auto& [key, value] : given.entries()) {
    const Field* field = directory.field(key);
    if (key == "name" || key == "given" || key == "family") entry.data.set(key, checked_name(key, value, problems));
    else if (field == nullptr) problems.push_back({key, "field_unknown"});
    else entry.data.set(key, checked(*field, value, context.reference(tx), problems));
    if (field == nullptr || field->type != Type::organisation || value.is_null()) continue;
    const auto kind =
        tx.one_if<std::string>("SELECT kind FROM entry WHERE id = ?1 AND state <> 'merged'", value.get_or<Id>(0));
    if (kind != "organisation") problems.push_back({key, "organisation_unknown"});
  }
  Value kept = Value::map();
  for (const auto& [key, value] : entry.data.entries())
    if (!value.is_null()) kept.set(key, value);
  entry.data = std::move(kept);
  // What an old entry lacked before does not stand in the way of putting something else right.
  for (auto& problem : problems_of(directory, entry))
    if (entry.id == 0 || problem.field == "name" || problem.field == "family" || has(given, problem.field))
      problems.push_back(std::move(problem));
  if (!problems.empty()) throw Failure(std::move(problems));
}

std::vector<Problem> problems_of(const Directory& directory, const Entry& entry) {
  std::vector<Problem> problems;
  if (in(name_of(entry), "fr").empty()) problems.push_back({entry.is_person() ? "family" : "name", "field_missing"});
  for (const Field& field : directory.fields)
    if (field.required && !field.archived && entry.value(field.key).is_null())
      problems.push_back({field.key, "field_missing"});
  return problems;
}

void set_due(const Directory& directory, Entry& entry, Moment now) {
  entry.checked_at = now;
  entry.due_at.reset();
  if (directory.review_months > 0) entry.due_at = add_months(now, directory.review_months);
}

}  // namespace annuaires
