// What people propose about an entry, and what the secretariat makes of it, field by field.
#include "routes.h"
#include "shared.h"

#include "../model/values.h"
#include "../model/words.h"
#include "changes.h"

#include <algorithm>
#include <set>

namespace annuaires::routes {
namespace {

constexpr int kOpenOfOneMax = 50;

struct Stored {
  Id id = 0;
  std::optional<Id> entry;
  Id directory = 0;
  std::string by, via, state, note, reason, decided_by;
  Moment at = 0;
  std::optional<Moment> decided_at;
  Value items;
};

constexpr std::string_view kColumns =
    "id, entry, directory, by, via, at, state, note, items, reason, decided_by, decided_at";

Stored stored(const Value& row) {
  const auto& c = row.items();
  return {c[0].as<Id>(),
          c[1].get<Id>(),
          c[2].as<Id>(),
          c[3].get_or<std::string>(""),
          c[4].as<std::string>(),
          c[6].as<std::string>(),
          c[7].as<std::string>(),
          c[9].as<std::string>(),
          c[10].get_or<std::string>(""),
          c[5].as<Moment>(),
          c[11].get<Moment>(),
          Value::from_json(c[8].as<std::string>()).value_or(Value::array())};
}

Stored load(Context& context, Tx& tx, Id id) {
  const auto rows = tx.all("SELECT " + std::string(kColumns) + " FROM change WHERE id = ?1", id);
  if (rows.empty()) throw Failure(404, "not_found", "change");
  Stored change = stored(rows.front());
  if (!context.may_manage() && change.by != context.user()) throw Failure(404, "not_found", "change");
  return change;
}

Value label_of(const Directory& directory, const std::string& key) {
  const Field* field = directory.field(key);
  return field == nullptr ? Value() : field->label;
}

// What a reader may not see of the entry is not told by its change either: "now" and "before" are left out.
Value view(Context& context, Tx& tx, const Stored& change) {
  const Directory& directory = context.directory(tx, change.directory);
  std::optional<Entry> entry;
  if (change.entry) entry = load_entry(tx, *change.entry);
  Value items = Value::array();
  bool is_stale = false;
  for (const Value& item : change.items.items()) {
    const auto key = item["field"].as<std::string>();
    const Field* field = directory.field(key);
    const bool shows =
        entry && (field == nullptr || sees(context.reader_of(*entry), audience_of(directory, *entry, *field)));
    const Value now = shows ? entry->value(key) : Value();
    is_stale = is_stale || (shows && item["state"].as<std::string>() == "open" && now != item["before"]);
    items.add({{"field", key},
               {"label", label_of(directory, key)},
               {"before", shows ? item["before"] : Value()},
               {"now", now},
               {"after", item["after"]},
               {"state", item["state"]}});
  }
  Value ref;
  if (entry)
    ref = Value{{"id", entry->id}, {"name", name_of(*entry)}, {"kind", entry->kind}, {"directory", directory.slug}};
  return {{"id", change.id},
          {"entry", ref},
          {"directory", directory.slug},
          {"by", who(context, change.by)},
          {"via", change.via},
          {"at", iso(change.at)},
          {"state", change.state},
          {"note", change.note},
          {"items", items},
          {"reason", change.reason},
          {"decided_by", who(context, change.decided_by)},
          {"decided_at", change.decided_at ? Value(iso(*change.decided_at)) : Value()},
          {"stale", is_stale}};
}

std::set<std::string> fields_of(const Value& list) {
  std::set<std::string> all;
  for (const Value& one : list.items())
    if (const auto key = one.get<std::string>()) all.insert(*key);
  return all;
}

// Marks the items; the values that were accepted.
Value decide(Stored& change, const std::set<std::string>& accept, const std::set<std::string>& refuse) {
  Value items = Value::array(), values = Value::map();
  bool is_open = false, is_accepted = false;
  for (Value item : change.items.items()) {
    const auto key = item["field"].as<std::string>();
    if (item["state"].as<std::string>() == "open" && accept.contains(key)) {
      item.set("state", "accepted");
      values.set(key, item["after"]);
    } else if (item["state"].as<std::string>() == "open" && refuse.contains(key)) {
      item.set("state", "refused");
    }
    is_open = is_open || item["state"].as<std::string>() == "open";
    is_accepted = is_accepted || item["state"].as<std::string>() == "accepted";
    items.add(std::move(item));
  }
  change.items = std::move(items);
  if (!is_open) change.state = is_accepted ? "done" : "refused";
  return values;
}

// The entry with what was accepted; a new one where a whole entry was proposed.
std::optional<Entry> apply(Context& context, Tx& tx, Stored& change, const Value& values) {
  if (values.entries().empty()) return std::nullopt;
  const Directory& directory = context.directory(tx, change.directory);
  Entry entry;
  if (change.entry) entry = load_entry(tx, *change.entry);
  else {
    entry.directory = directory.id;
    entry.kind = directory.about;
    entry.visibility = directory.visibility;
    set_due(directory, entry, context.now());
  }
  const Value before = entry.data;
  take_values(context, tx, directory, entry, values);
  const bool is_own = !entry.account.empty() && entry.account == change.by;
  if (is_own || change.via == "link") set_due(directory, entry, context.now());
  keep(context, tx, entry,
       {change.entry ? "changed" : "created", differences(before, entry.data), "#" + std::to_string(change.id)});
  change.entry = entry.id;
  return entry;
}

void store(Context& context, Tx& tx, const Stored& change) {
  tx.run(
      "UPDATE change SET entry = ?2, state = ?3, items = ?4, reason = ?5, decided_by = ?6, decided_at = ?7 WHERE id = "
      "?1",
      change.id, change.entry ? Value(*change.entry) : Value(), change.state, change.items.to_json(), change.reason,
      context.user(), context.now());
}

void check_room(Context& context, Tx& tx) {
  const auto open = tx.one<int>("SELECT count(*) FROM change WHERE by = ?1 AND state = 'open'", context.user());
  if (open >= kOpenOfOneMax && !context.may_manage()) throw Failure(429, "too_many_changes");
}

}  // namespace

Id propose(Context& context, Tx& tx, const Directory& directory, const Entry* entry, const Value& body,
           std::string_view via) {
  const auto note = body["note"].get_or<std::string>("");
  if (note.size() > 2000) throw Failure(422, "value_too_long", "note");
  Entry wanted;
  if (entry != nullptr) wanted = *entry;
  else wanted.directory = directory.id, wanted.kind = directory.about;
  const Value before = wanted.data;
  if (!body["values"].is_null() || entry == nullptr) take_values(context, tx, directory, wanted, body["values"]);
  Value items = Value::array();
  const Value differing = differences(before, wanted.data);
  for (Value item : differing.items()) {
    const Field* field = directory.field(item["field"].as<std::string>());
    const Audience reach =
        field == nullptr || entry == nullptr ? Audience::everybody : audience_of(directory, *entry, *field);
    // Nobody changes what he does not see.
    if (via == "account" && entry != nullptr && !sees(context.reader_of(*entry), reach))
      throw Failure(422, "field_unknown", item["field"].as<std::string>());
    item.set("state", "open");
    items.add(std::move(item));
  }
  if (items.items().empty() && note.empty()) throw Failure(422, "field_missing", "values");
  return tx.one<Id>(
      "INSERT INTO change (entry, directory, by, via, at, state, note, items) VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, "
      "?7) RETURNING id",
      entry == nullptr ? Value() : Value(entry->id), directory.id,
      context.user().empty() ? Value() : Value(context.user()), via, context.now(), note, items.to_json());
}

Response propose_change(Context& context, const Request& request) {
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    const Entry entry = seen_entry(context, tx, id_param(request, "entry"));
    check_room(context, tx);
    const Id id = propose(context, tx, context.directory(tx, entry.directory), &entry, body, "account");
    return Response::json({{"change", view(context, tx, load(context, tx, id))}}, 201);
  });
}

Response propose_entry(Context& context, const Request& request) {
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    check_room(context, tx);
    const Id id = propose(context, tx, context.directory(tx, request.param("directory")), nullptr, body, "account");
    return Response::json({{"change", view(context, tx, load(context, tx, id))}}, 201);
  });
}

Response list_changes(Context& context, const Request& request) {
  const std::string state = request.query("state").empty() ? "open" : request.query("state");
  const int limit = number_query(request, "limit", 50, 1, kPageMax),
            after = number_query(request, "cursor", 0, 0, 2'000'000'000);
  return context.read([&](Tx& tx) {
    const Id directory = request.query("directory").empty() ? 0 : context.directory(tx, request.query("directory")).id;
    const std::string own = context.may_manage() ? "" : context.user();
    const std::string where =
        " FROM change WHERE (?1 = 'all' OR state = ?1) AND (?2 = 0 OR directory = ?2) AND (?3 = '' OR by = ?3)";
    const auto total = tx.one<std::int64_t>("SELECT count(*)" + where, state, directory, own);
    const auto rows = tx.all("SELECT " + std::string(kColumns) + where + " AND id > ?4 ORDER BY id LIMIT ?5", state,
                             directory, own, after, limit + 1);
    Value list = Value::array();
    Id last = 0;
    for (const auto& row : rows) {
      if (list.items().size() == static_cast<std::size_t>(limit)) break;
      const Stored change = stored(row);
      last = change.id;
      list.add(view(context, tx, change));
    }
    const bool more = rows.size() > static_cast<std::size_t>(limit);
    return Response::json(
        {{"changes", list}, {"total", total}, {"next", more ? Value(std::to_string(last)) : Value()}});
  });
}

Response show_change(Context& context, const Request& request) {
  return context.read([&](Tx& tx) {
    return Response::json({{"change", view(context, tx, load(context, tx, id_param(request, "change")))}});
  });
}

Response review_change(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  const auto accept = fields_of(body["accept"]), refuse = fields_of(body["refuse"]);
  const auto reason = body["reason"].get_or<std::string>("");
  if (reason.size() > 2000) throw Failure(422, "value_too_long", "reason");
  return context.write([&](Tx& tx) {
    Stored change = load(context, tx, id_param(request, "change"));
    if (change.state != "open") throw Failure(409, "change_closed");
    if (!refuse.empty() && reason.empty()) throw Failure(422, "reason_missing", "reason");
    if (change.items.items().empty()) change.state = "done";
    const Value values = decide(change, accept, refuse);
    if (!reason.empty()) change.reason = reason;
    const auto entry = apply(context, tx, change, values);
    store(context, tx, change);
    if (change.state != "open")
      context.app().schedule(context.call(), "tell", "change " + std::to_string(change.id), context.now(),
                             {{"change", change.id}});
    Value answer = {{"change", view(context, tx, load(context, tx, change.id))}};
    if (entry) answer.set("entry", entry_view(context, tx, *entry));
    return Response::json(answer);
  });
}

Response withdraw_change(Context& context, const Request& request) {
  return context.write([&](Tx& tx) {
    const Stored change = load(context, tx, id_param(request, "change"));
    if (change.by != context.user()) throw Failure(403, "not_allowed");
    if (change.state != "open") throw Failure(409, "change_closed");
    tx.run("UPDATE change SET state = 'withdrawn' WHERE id = ?1", change.id);
    return Response::empty();
  });
}

Response show_me(Context& context, const Request&) {
  return context.read([&](Tx& tx) {
    std::vector<Id> ids;
    for (const auto& row :
         tx.all("SELECT id FROM entry WHERE account = ?1 AND state IN ('published', 'draft') ORDER BY id LIMIT 50",
                context.user()))
      ids.push_back(row.items()[0].as<Id>());
    Value entries = Value::array(), changes = Value::array();
    for (const Entry& entry : load_entries(tx, ids)) entries.add(entry_view(context, tx, entry));
    for (const auto& row :
         tx.all("SELECT " + std::string(kColumns) + " FROM change WHERE by = ?1 ORDER BY id DESC LIMIT 50",
                context.user()))
      changes.add(view(context, tx, stored(row)));
    return Response::json({{"entries", entries}, {"changes", changes}});
  });
}

}  // namespace annuaires::routes
