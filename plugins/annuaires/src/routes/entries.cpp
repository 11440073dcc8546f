// Lists of entries, one entry, its history.
#include "routes.h"
#include "shared.h"

#include "../model/values.h"
#include "../model/words.h"
#include "../text/fold.h"

#include <algorithm>

namespace annuaires::routes {
namespace {

constexpr int kHistoryMax = 500;

// The words of the reader's that a row does not show already.
void add_extracts(Context& context, Tx& tx, const Page& page, std::span<const Entry> entries,
                  std::vector<Value>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Directory& directory = context.directory(tx, entries[i].directory);
    for (const Field& field : directory.fields) {
      const bool is_words = field.type == Type::text || field.type == Type::long_text || field.type == Type::choices;
      const Value& value = entries[i].value(field.key);
      if (!is_words || field.archived || value.is_null() ||
          !sees(context.reader_of(entries[i]), audience_of(directory, entries[i], field)))
        continue;
      const auto found = extract(shown(field, value, context.reference(tx), context.language()), page.tokens);
      if (!found) continue;
      rows[i].set("extract", *found);
      break;
    }
  }
}

// Facets carry the names of filters: what is sent back is what was shown. Kept under `key`, if it has one.
Value facets_of(Context& context, Tx& tx, const Query& query, const Page& page, const std::string& key) {
  if (const auto kept = context.app().counted(key); kept && !key.empty()) return *kept;
  const Value counted = count_facets(tx, query, page.gathered);
  Value out = Value::map();
  for (const auto& [field, counts] : counted.entries()) {
    const std::string name = field == "policies"      ? "policy"
                             : field == "competences" ? "competence"
                             : field == "languages"   ? "language"
                                                      : field;
    out.set(name, counts);
  }
  if (!key.empty()) context.app().keep_count(key, out);
  return out;
}

std::string count_key(const Query& query) {
  if (!query.words.empty() || query.organisation || query.due_before || query.bounced) return {};
  Value filters = Value::map();
  for (const auto& [field, values] : query.facets) {
    Value list = Value::array();
    for (const auto& value : values) list.add(value);
    filters.set(field, std::move(list));
  }
  return filters.to_json() + " facets " + std::to_string(query.directory.value_or(0)) + " " +
         std::to_string(static_cast<int>(query.audience)) + " " + query.kind + " " + query.state;
}

Response list(Context& context, const Request& request, std::optional<std::string> slug) {
  Query query = query_of(context, request);
  const bool with_facets = request.query("facets") == "1";
  return context.read([&](Tx& tx) {
    if (slug) query.directory = context.directory(tx, *slug).id;
    const std::string key = with_facets ? count_key(query) : "";
    query.wants_gathered = with_facets && !context.app().counted(key);
    const Page page = find(tx, query);
    const auto entries = load_entries(tx, page.ids);
    auto rows = rows_of(context, tx, entries);
    if (!query.words.empty()) add_extracts(context, tx, page, entries, rows);
    Value body = {{"entries", Value(Value::Array(rows.begin(), rows.end()))},
                  {"total", page.total},
                  {"next", page.next.empty() ? Value() : Value(page.next)},
                  {"corrected", page.corrected.empty() ? Value() : Value(page.corrected)}};
    if (with_facets) body.set("facets", facets_of(context, tx, query, page, key));
    return Response::json(body);
  });
}

void check_version(Context& context, Tx& tx, const Value& body, const Entry& entry) {
  const auto version = body["version"].get<std::int64_t>();
  if (!version) throw Failure(422, "field_missing", "version");
  if (*version == entry.version) return;
  Failure conflict(409, "version_conflict");
  conflict.current = entry_view(context, tx, entry);
  throw conflict;
}

void take_settings(const Directory& directory, Entry& entry, const Value& body) {
  if (!body["visibility"].is_null()) {
    const auto visibility = read_audience(body["visibility"].get_or<std::string>(""));
    if (!visibility) throw Failure(422, "field_wrong", "visibility");
    entry.visibility = *visibility;
  }
  for (const auto& [key, value] : body["field_visibility"].entries()) {
    if (directory.field(key) == nullptr) throw Failure(422, "field_unknown", "field_visibility." + key);
    if (!value.is_null() && !read_audience(value.get_or<std::string>("")))
      throw Failure(422, "field_wrong", "field_visibility." + key);
    entry.field_visibility.set(key, value);
  }
  if (const auto account = body["account"].get<std::string>()) entry.account = cut(*account, 200);
  if (const auto state = body["state"].get<std::string>()) {
    if (*state != "published" && *state != "archived" && *state != "draft") throw Failure(422, "field_wrong", "state");
    entry.state = *state;
  }
}

// Everything that a history compares, under one roof; what is no field begins with @.
Value snapshot(const Entry& entry) {
  Value all = entry.data;
  all.set("@visibility", to_text(entry.visibility));
  all.set("@state", entry.state);
  if (!entry.account.empty()) all.set("@account", entry.account);
  for (const auto& [key, value] : entry.field_visibility.entries())
    if (!value.is_null()) all.set("@visibility." + key, value);
  return all;
}

Value consent_of(Context& context, const Value& body) {
  const auto given = body["given"].get<bool>();
  if (!given) throw Failure(422, "field_missing", "given");
  const auto how = body["how"].get_or<std::string>("");
  if (how.size() > kTextMax) throw Failure(422, "value_too_long", "how");
  const auto on =
      body["on"].is_null() ? day_of(context.now()) : read_day(body["on"].get_or<std::string>("")).value_or("");
  if (on.empty() || on > day_of(context.now())) throw Failure(422, "date_wrong", "on");
  return {{"given", *given}, {"scope", Value::array({"public"})}, {"how", how}, {"on", on}, {"by", context.user()}};
}

}  // namespace

Response list_entries(Context& context, const Request& request) {
  return list(context, request, request.param("directory"));
}

Response list_all_entries(Context& context, const Request& request) {
  return list(context, request, std::nullopt);
}

Response quick_search(Context& context, const Request& request) {
  Query query;
  query.audience = context.reader().audience;
  query.words = request.query("q");
  query.limit = number_query(request, "limit", 8, 1, 20);
  query.counts = false;
  return context.read([&](Tx& tx) {
    const Page page = find(tx, query);
    const auto entries = load_entries(tx, page.ids);
    auto rows = rows_of(context, tx, entries);
    add_extracts(context, tx, page, entries, rows);
    return Response::json({{"hits", Value(Value::Array(rows.begin(), rows.end()))},
                           {"corrected", page.corrected.empty() ? Value() : Value(page.corrected)}});
  });
}

Response make_entry(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    const Directory& directory = context.directory(tx, request.param("directory"));
    Entry entry;
    entry.directory = directory.id;
    entry.kind = body["kind"].get_or<std::string>(directory.about);
    if (entry.kind != "person" && entry.kind != "organisation") throw Failure(422, "field_wrong", "kind");
    entry.visibility = directory.visibility;
    if (!body["consent"].is_null()) entry.consent = consent_of(context, body["consent"]);
    take_settings(directory, entry, body);
    take_values(context, tx, directory, entry, body["values"]);
    set_due(directory, entry, context.now());
    keep(context, tx, entry, {"created", differences(Value::map(), snapshot(entry)), ""});
    return entry_answer(entry_view(context, tx, entry), 201);
  });
}

Response show_entry(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    return entry_answer(entry_view(context, tx, seen_entry(context, tx, id_param(request, "entry"))));
  });
}

Response change_entry(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    check_version(context, tx, body, entry);
    const Directory& directory = context.directory(tx, entry.directory);
    const Value before = snapshot(entry);
    const std::string state = entry.state;
    take_settings(directory, entry, body);
    if (!body["values"].is_null()) take_values(context, tx, directory, entry, body["values"]);
    const Value changes = differences(before, snapshot(entry));
    if (changes.items().empty()) return entry_answer(entry_view(context, tx, entry));
    if (before["email"] != entry.value("email")) entry.mail = "ok";
    const bool is_state = state != entry.state;
    keep(context, tx, entry,
         {!is_state                   ? "changed"
          : entry.state == "archived" ? "archived"
                                      : "restored",
          changes, ""});
    return entry_answer(entry_view(context, tx, entry));
  });
}

Response remove_entry(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    if (entry.state == "archived") return Response::empty();
    const Value before = snapshot(entry);
    entry.state = "archived";
    keep(context, tx, entry, {"archived", differences(before, snapshot(entry)), ""});
    return Response::empty();
  });
}

Response set_consent(Context& context, const Request& request) {
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    if (!context.may_manage() && !context.is_concerned(entry)) throw Failure(403, "not_allowed");
    const Value before = entry.consent;
    entry.consent = consent_of(context, body);
    Value changes = Value::array({Value{{"field", "@consent"}, {"before", before}, {"after", entry.consent}}});
    keep(context, tx, entry, {"consent", changes, ""});
    return entry_answer(entry_view(context, tx, entry));
  });
}

Response confirm_entry(Context& context, const Request& request) {
  return context.write([&](Tx& tx) {
    Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    if (!context.may_manage() && !context.is_concerned(entry)) throw Failure(403, "not_allowed");
    set_due(context.directory(tx, entry.directory), entry, context.now());
    entry.reminded_at.reset();
    keep(context, tx, entry, {"checked", Value::array(), ""});
    return entry_answer(entry_view(context, tx, entry));
  });
}

Response show_history(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    const Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    if (!context.may_manage() && !context.is_concerned(entry)) throw Failure(403, "not_allowed");
    const Directory& directory = context.directory(tx, entry.directory);
    Value list = Value::array();
    for (const auto& row : tx.all(
             "SELECT id, at, by, action, batch, changes, note FROM history WHERE entry = ?1 ORDER BY id DESC LIMIT ?2",
             entry.id, kHistoryMax)) {
      const auto& c = row.items();
      Value changes = Value::array();
      const Value all = Value::from_json(c[5].as<std::string>()).value_or(Value::array());
      for (const Value& one : all.items()) {
        Value change = one;
        const Field* field = directory.field(one["field"].get_or<std::string>(""));
        change.set("label", field == nullptr ? Value() : field->label);
        changes.add(std::move(change));
      }
      list.add({{"id", c[0]},
                {"at", iso(c[1].as<Moment>())},
                {"by", who(context, c[2].as<std::string>())},
                {"action", c[3]},
                {"batch", c[4]},
                {"changes", changes},
                {"note", c[6]}});
    }
    return Response::json({{"history", list}});
  });
}

}  // namespace annuaires::routes
