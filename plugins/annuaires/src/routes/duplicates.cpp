// The same one twice: found by name, e-mail and telephone, merged, and parted again.
#include "routes.h"
#include "shared.h"

#include "../store/undo.h"

#include <algorithm>
#include <map>
#include <set>

namespace annuaires::routes {
namespace {

constexpr int kGroupsMax = 200, kGroupMax = 20, kUndoStepsMax = 1000;

struct Group {
  std::set<Id> entries;
  std::set<std::string> why;
};

struct Key {
  std::string_view column, why;
};
constexpr Key kKeys[] = {{"email_key", "email"}, {"phone_key", "phone"}, {"name_key", "name"}};

// Entries that share a key, of one kind; those that somebody said are not the same are left out.
void collect(Tx& tx, const Key& key, Id directory, std::map<std::set<Id>, Group>& groups) {
  const std::string column(key.column);
  const auto rows =
      tx.all("SELECT group_concat(id) FROM (SELECT id, " + column +
                 " AS k, kind FROM entry WHERE state IN ('published', 'draft')"
                 " AND " +
                 column + " IS NOT NULL AND " + column + " <> '' AND (?1 = 0 OR directory = ?1) ORDER BY " + column +
                 ", id)"
                 " GROUP BY k, kind HAVING count(*) BETWEEN 2 AND ?2 LIMIT ?3",
             directory, kGroupMax, kGroupsMax * 3);
  for (const auto& row : rows) {
    std::set<Id> ids;
    std::string_view list = row.items()[0].as<std::string_view>();
    while (!list.empty()) {
      const auto end = std::min(list.find(','), list.size());
      ids.insert(std::stoll(std::string(list.substr(0, end))));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    Group& group = groups[ids];
    group.entries = ids;
    group.why.insert(std::string(key.why));
  }
}

bool is_dismissed(Tx& tx, const std::set<Id>& ids) {
  for (auto a = ids.begin(); a != ids.end(); ++a)
    for (auto b = std::next(a); b != ids.end(); ++b)
      if (tx.all("SELECT 1 FROM not_same WHERE a = ?1 AND b = ?2", *a, *b).empty()) return false;
  return true;
}

int score_of(const Group& group) {
  const int points = (group.why.contains("email") ? 50 : 0) + (group.why.contains("name") ? 40 : 0) +
                     (group.why.contains("phone") ? 30 : 0);
  return std::min(points, 100);
}

// What moves from one entry to another; enough to move it back.
Value move_links(Tx& tx, Id from, Id to) {
  Value moved = Value::array();
  for (const std::string column : {"one", "other"})
    for (const auto& row : tx.all(
             "UPDATE link SET " + column + " = ?2 WHERE " + column + " = ?1 AND one <> ?2 AND other <> ?2 RETURNING id",
             from, to))
      moved.add({{"table", "link"}, {"column", column}, {"id", row.items()[0]}, {"from", from}});
  for (const std::string column : {"a", "b"})
    for (const auto& row : tx.all("UPDATE OR IGNORE counterpart SET " + column + " = ?2 WHERE " + column +
                                      " = ?1 AND a <> ?2 AND b <> ?2 RETURNING id",
                                  from, to))
      moved.add({{"table", "counterpart"}, {"column", column}, {"id", row.items()[0]}, {"from", from}});
  for (const auto& row : tx.all("UPDATE entry SET organisation = ?2, data = json_set(data, '$.organisation', ?2) WHERE "
                                "organisation = ?1 RETURNING id",
                                from, to))
    moved.add({{"table", "entry"}, {"column", "organisation"}, {"id", row.items()[0]}, {"from", from}});
  return moved;
}

void move_back(Tx& tx, const Value& moved) {
  for (const Value& one : moved.items()) {
    const auto table = one["table"].as<std::string>(), column = one["column"].as<std::string>();
    if (table == "entry")
      tx.run("UPDATE entry SET organisation = ?2, data = json_set(data, '$.organisation', ?2) WHERE id = ?1", one["id"],
             one["from"]);
    else if (table == "link" && (column == "one" || column == "other"))
      tx.run("UPDATE link SET " + column + " = ?2 WHERE id = ?1", one["id"], one["from"]);
    else if (table == "counterpart" && (column == "a" || column == "b"))
      tx.run("UPDATE OR IGNORE counterpart SET " + column + " = ?2 WHERE id = ?1", one["id"], one["from"]);
  }
}

std::vector<Entry> entries_to_merge(Context& context, Tx& tx, const Value& body, const Entry& keep) {
  std::vector<Entry> all;
  for (const Value& one : body["merge"].items()) {
    Entry entry = seen_entry(context, tx, one.get_or<Id>(0));
    if (entry.id == keep.id || entry.kind != keep.kind || entry.state == "merged")
      throw Failure(422, "merge_wrong", "merge");
    all.push_back(std::move(entry));
  }
  if (all.empty() || all.size() > kGroupMax) throw Failure(422, "merge_wrong", "merge");
  return all;
}

// Empty fields are filled from the others, in their order; what fits the directory alone.
void fill(const Directory& directory, Entry& into, const Entry& from) {
  for (const auto& [key, value] : from.data.entries()) {
    const bool is_known = directory.field(key) != nullptr || key == "name" || key == "given" || key == "family";
    if (is_known && into.value(key).is_null() && !(key == "name" && !into.value("family").is_null()))
      into.data.set(key, value);
  }
  if (into.account.empty()) into.account = from.account;
}

}  // namespace

Response list_duplicates(Context& context, const Request& request) {
  context.must_manage();
  return context.read([&](Tx& tx) {
    const Id directory = request.query("directory").empty() ? 0 : context.directory(tx, request.query("directory")).id;
    std::map<std::set<Id>, Group> groups;
    for (const Key& key : kKeys) collect(tx, key, directory, groups);
    std::vector<Group> found;
    for (auto& [ids, group] : groups)
      if (!is_dismissed(tx, ids)) found.push_back(std::move(group));
    std::ranges::stable_sort(found, [](const Group& a, const Group& b) { return score_of(a) > score_of(b); });
    Value list = Value::array();
    for (const Group& group : found) {
      if (list.items().size() == kGroupsMax) break;
      Value entries = Value::array(), why = Value::array();
      std::string key;
      for (const Entry& entry : load_entries(tx, std::vector<Id>(group.entries.begin(), group.entries.end()))) {
        entries.add(entry_view(context, tx, entry));
        key += (key.empty() ? "" : "-") + std::to_string(entry.id);
      }
      for (const auto& one : group.why) why.add(one);
      list.add({{"key", key}, {"why", why}, {"score", score_of(group)}, {"entries", entries}});
    }
    return Response::json({{"groups", list}, {"total", found.size()}});
  });
}

Response dismiss_duplicates(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  std::set<Id> ids;
  for (const Value& one : body["entries"].items()) ids.insert(one.get_or<Id>(0));
  if (ids.size() < 2 || ids.size() > kGroupMax || ids.contains(0)) throw Failure(422, "merge_wrong", "entries");
  return context.write([&](Tx& tx) {
    for (auto a = ids.begin(); a != ids.end(); ++a)
      for (auto b = std::next(a); b != ids.end(); ++b) tx.run("INSERT OR IGNORE INTO not_same VALUES (?1, ?2)", *a, *b);
    return Response::empty();
  });
}

Response merge_duplicates(Context& context, const Request& request) {
  context.must_manage();
  const Value body = request.body();
  return context.write([&](Tx& tx) {
    Entry kept = seen_entry(context, tx, body["keep"].get_or<Id>(0));
    auto others = entries_to_merge(context, tx, body, kept);
    const Directory& directory = context.directory(tx, kept.directory);
    Author author = context.author();
    author.batch = tx.one<Id>("INSERT INTO batch (kind, at, by, entries) VALUES ('merge', ?1, ?2, ?3) RETURNING id",
                              author.at, author.by, others.size() + 1);
    const Value before = kept.data;
    Value moved = Value::array();
    for (Entry& other : others) {
      fill(directory, kept, other);
      const Value links = move_links(tx, other.id, kept.id);
      for (const Value& one : links.items()) moved.add(one);
      const std::string state = std::exchange(other.state, "merged");
      other.merged_into = kept.id;
      keep(context, tx, other,
           {"merged", Value::array({Value{{"field", "@state"}, {"before", state}, {"after", "merged"}}}), ""}, author);
    }
    if (!body["values"].is_null()) take_values(context, tx, directory, kept, body["values"]);
    keep(context, tx, kept, {"changed", differences(before, kept.data), ""}, author);
    tx.run("UPDATE batch SET moved = ?2 WHERE id = ?1", *author.batch, moved.to_json());
    return Response::json({{"entry", entry_view(context, tx, kept)}, {"batch", *author.batch}});
  });
}

Response undo_batch(Context& context, const Request& request) {
  context.must_manage();
  return context.write([&](Tx& tx) {
    const Id id = id_param(request, "batch");
    const auto rows = tx.all("SELECT kind, undone, moved FROM batch WHERE id = ?1", id);
    if (rows.empty()) throw Failure(404, "not_found", "batch");
    const auto& c = rows.front().items();
    if (c[1].as<int>() != 0) throw Failure(409, "batch_undone");
    if (c[0].as<std::string>() == "import") {
      const auto import = tx.one_if<Id>("SELECT id FROM import WHERE batch = ?1", id);
      if (!import) throw Failure(404, "not_found", "batch");
      tx.run("UPDATE import SET state = 'undoing', step = 'undo', done = 0 WHERE id = ?1", *import);
      context.app().schedule(context.call(), "import", std::to_string(*import), context.now(),
                             {{"import", *import}, {"step", "undo"}, {"at", 0}});
      return Response::json({{"entries", 0}, {"kept", 0}, {"import", *import}}, 202);
    }
    Undone undone;
    undo_some(context, tx, id, 0, kUndoStepsMax, undone);
    move_back(tx, Value::from_json(c[2].as<std::string>()).value_or(Value::array()));
    tx.run("UPDATE batch SET undone = 1 WHERE id = ?1", id);
    return Response::json({{"entries", undone.entries}, {"kept", undone.kept}});
  });
}

Response list_batches(Context& context, const Request&) {
  context.must_manage();
  return context.read([&](Tx& tx) {
    Value list = Value::array();
    for (const auto& row : tx.all("SELECT id, kind, at, by, entries, undone FROM batch ORDER BY id DESC LIMIT 100")) {
      const auto& c = row.items();
      list.add({{"id", c[0]},
                {"kind", c[1]},
                {"at", iso(c[2].as<Moment>())},
                {"by", who(context, c[3].as<std::string>())},
                {"entries", c[4]},
                {"undone", c[5].as<int>() != 0}});
    }
    return Response::json({{"batches", list}});
  });
}

}  // namespace annuaires::routes
