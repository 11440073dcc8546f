// Bringing in a file, a piece at a time: every row is looked at, then taken, and can all be taken back.
#include "jobs.h"

#include "../model/values.h"
#include "../routes/shared.h"
#include "../store/imports.h"
#include "../store/undo.h"
#include "../text/fold.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace annuaires::jobs {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t kAtOnce = 500;             ///< rows of one transaction
constexpr std::chrono::milliseconds kPiece{600};  ///< of work before others have their turn
constexpr std::size_t kUndoAtOnce = 500;

/// What rows of a piece may be like, looked up at once.
struct Known {
  std::map<std::string, std::vector<Id>> emails, phones, names;
};

std::string json_list(const std::set<std::string>& all) {
  Value list = Value::array();
  for (const auto& one : all) list.add(one);
  return list.to_json();
}

void look_up(Tx& tx, Id directory, const std::string& column, const std::set<std::string>& keys,
             std::map<std::string, std::vector<Id>>& into) {
  if (keys.empty()) return;
  // The plus keeps it from going through a whole directory instead.
  for (const auto& row : tx.all("SELECT " + column + ", id FROM entry WHERE " + column +
                                    " IN (SELECT value FROM json_each(?1)) AND +directory = ?2"
                                    " AND +state IN ('published', 'draft')",
                                json_list(keys), directory))
    into[row.items()[0].as<std::string>()].push_back(row.items()[1].as<Id>());
}

struct Keys {
  std::string email, phone, name;
};

Keys keys_of_row(const Directory& directory, const Value& values, const Reference& reference) {
  Entry entry;
  entry.directory = directory.id;
  entry.kind = directory.about;
  entry.data = values;
  Projection projection = project(directory, entry, reference);
  return {std::move(projection.email_key), std::move(projection.phone_key), std::move(projection.name_key)};
}

bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

Value matches_of(const Import& import, const Keys& keys, const Known& known) {
  Value list = Value::array();
  std::set<Id> seen;
  const auto add = [&](std::string_view why, const std::map<std::string, std::vector<Id>>& all,
                       const std::string& key) {
    if (!has(import.match, why) || key.empty()) return;
    if (const auto found = all.find(key); found != all.end())
      for (const Id id : found->second)
        if (seen.insert(id).second) list.add({{"id", id}, {"why", why}});
  };
  add("email", known.emails, keys.email);
  add("phone", known.phones, keys.phone);
  add("name", known.names, keys.name);
  return list;
}

// The organisations that the cells of this piece name, by the keys of their names.
std::map<std::string, Id> organisations_named(Tx& tx, const Import& import, const Directory& directory,
                                              std::span<const Cells> rows) {
  std::set<std::string> keys;
  for (std::size_t i = 0; i < import.columns.size(); ++i) {
    const Field* field = directory.field(import.columns[i].field);
    if (field == nullptr || field->type != Type::organisation) continue;
    for (const Cells& row : rows)
      if (i < row.size() && !row[i].empty()) keys.insert(name_key(row[i]));
  }
  std::map<std::string, Id> found;
  if (keys.empty()) return found;
  for (const auto& row : tx.all("SELECT name_key, min(id) FROM entry WHERE name_key IN (SELECT value FROM "
                                "json_each(?1)) AND kind = 'organisation'"
                                " AND state = 'published' GROUP BY name_key",
                                json_list(keys)))
    found.emplace(row.items()[0].as<std::string>(), row.items()[1].as<Id>());
  return found;
}

Value problems_to_value(const std::vector<Problem>& problems) {
  Value list = Value::array();
  for (const Problem& problem : problems) list.add({{"field", problem.field}, {"code", problem.code}});
  return list;
}

std::string state_of(const Meant& meant, const Value& matches) {
  if (!meant.problems.empty()) return "problem";
  if (matches.items().empty()) return "new";
  return matches.items().size() == 1 ? "matched" : "ambiguous";
}

void check_piece(Context& context, Tx& tx, const Import& import, std::span<const Cells> rows, std::int64_t first) {
  const Directory& directory = context.directory(tx, import.directory);
  const Reference& reference = context.reference(tx);
  const auto organisations = organisations_named(tx, import, directory, rows);
  std::vector<Meant> meant;
  std::vector<Keys> keys;
  std::set<std::string> emails, phones, names;
  for (const Cells& row : rows) {
    meant.push_back(meaning_of(import, directory, reference, row, organisations));
    keys.push_back(keys_of_row(directory, meant.back().values, reference));
    if (!keys.back().email.empty()) emails.insert(keys.back().email);
    if (!keys.back().phone.empty()) phones.insert(keys.back().phone);
    if (!keys.back().name.empty()) names.insert(keys.back().name);
  }
  Known known;
  if (has(import.match, "email")) look_up(tx, directory.id, "email_key", emails, known.emails);
  if (has(import.match, "phone")) look_up(tx, directory.id, "phone_key", phones, known.phones);
  if (has(import.match, "name")) look_up(tx, directory.id, "name_key", names, known.names);
  std::string list;
  const auto send = [&] {
    if (list.empty()) return;
    tx.run(
        "REPLACE INTO import_row (import, n, state, data, problems, matches, decision) SELECT ?2, json_extract(value, "
        "'$[0]'),"
        " json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, "
        "'$[4]'),"
        " json_extract(value, '$[5]') FROM json_each(?1)",
        list + "]", import.id);
    list.clear();
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Value matches = matches_of(import, keys[i], known);
    const auto state = state_of(meant[i], matches);
    const Value decision = state == "new" ? Value("create")
                           : state != "matched" || import.on_match == "ask"
                               ? Value()
                               : Value(import.on_match == "skip" ? "skip" : "merge");
    list += list.empty() ? "[" : ",";
    Value::array({first + static_cast<std::int64_t>(i), state, meant[i].values.to_json(),
                  problems_to_value(meant[i].problems).to_json(), matches.to_json(), decision})
        .append_json(list);
    if (list.size() > kBatchOctets) send();
  }
  send();
}

void open_file(Context& context, const Import& import, std::unique_ptr<OpenFile>& file) {
  if (file != nullptr && file->import == import.id) return;
  const auto octets = context.read([&](Tx& tx) { return octets_of(tx, import); });
  auto fresh = std::make_unique<OpenFile>();
  fresh->import = import.id;
  bool is_head = import.header || import.format == "vcard";
  read_source(import, octets, [&](Cells&& cells) {
    if (!std::exchange(is_head, false)) fresh->rows.push_back(std::move(cells));
    return true;
  });
  file = std::move(fresh);
}

// Goes through pieces until its time is over; where to go on, or nothing at the end.
std::optional<std::int64_t> check(Context& context, const Import& import, std::int64_t at,
                                  std::unique_ptr<OpenFile>& file) {
  open_file(context, import, file);
  const auto until = Steady::now() + kPiece;
  const auto count = static_cast<std::int64_t>(file->rows.size());
  if (at == 0) context.write([&](Tx& tx) { tx.run("DELETE FROM import_row WHERE import = ?1", import.id); });
  while (at < count && Steady::now() < until) {
    const auto size = std::min(kAtOnce, count - at);
    context.write([&](Tx& tx) {
      check_piece(context, tx, import,
                  std::span(file->rows).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size)), at + 1);
      tx.run("UPDATE import SET step = 'check', done = ?2, of = ?3 WHERE id = ?1", import.id, at + size, count);
    });
    at += size;
  }
  if (at < count) return at;
  file.reset();
  context.write([&](Tx& tx) {
    tx.run("UPDATE import SET state = 'checked', step = '' WHERE id = ?1 AND state = 'checking'", import.id);
  });
  return std::nullopt;
}

/// A row that waits to be taken.
struct Waiting {
  std::int64_t n = 0;
  std::string state, decision;
  Value data;
  Id entry = 0;
};

std::vector<Waiting> waiting_rows(Tx& tx, Id import, std::int64_t after) {
  std::vector<Waiting> all;
  for (const auto& row : tx.all("SELECT n, state, decision, data, entry, matches FROM import_row WHERE import = ?1 AND "
                                "n > ?2 ORDER BY n LIMIT ?3",
                                import, after, kAtOnce)) {
    const auto& c = row.items();
    Waiting one{c[0].as<std::int64_t>(), c[1].as<std::string>(), c[2].get_or<std::string>(""),
                Value::from_json(c[3].as<std::string>()).value_or(Value::map()), c[4].get_or<Id>(0)};
    const Value matches = Value::from_json(c[5].as<std::string>()).value_or(Value::array());
    if (one.entry == 0 && matches.items().size() == 1) one.entry = matches.items().front()["id"].get_or<Id>(0);
    all.push_back(std::move(one));
  }
  return all;
}

/// What came of the rows of a piece.
struct Outcome {
  Value list = Value::array();
  void add(std::int64_t n, std::string_view state, Id entry) { list.add(Value::array({n, state, entry})); }
};

void make_new(Context& context, Tx& tx, const Import& import, const std::vector<const Waiting*>& rows,
              const Author& author, Outcome& outcome) {
  const Directory& directory = context.directory(tx, import.directory);
  std::vector<Entry> entries;
  std::vector<Event> events;
  for (const Waiting* row : rows) {
    Entry entry;
    entry.directory = directory.id;
    entry.kind = directory.about;
    entry.visibility = directory.visibility;
    entry.data = row->data;
    set_due(directory, entry, author.at);
    entries.push_back(std::move(entry));
    events.push_back({"imported", Value::array(), import.name});
  }
  save_entries(tx, directory, context.reference(tx), entries, events, author);
  for (std::size_t i = 0; i < rows.size(); ++i) outcome.add(rows[i]->n, "created", entries[i].id);
}

void merge_old(Context& context, Tx& tx, const Import& import, const std::vector<const Waiting*>& rows,
               const Author& author, Outcome& outcome) {
  const Directory& directory = context.directory(tx, import.directory);
  std::vector<Entry> entries;
  std::vector<Event> events;
  std::map<Id, std::size_t> place;  // two rows of a file may mean one entry
  for (const Waiting* row : rows) {
    if (!place.contains(row->entry)) {
      const auto loaded = load_entries(tx, std::span(&row->entry, 1));
      if (loaded.empty() || loaded.front().directory != directory.id || loaded.front().state == "merged") {
        outcome.add(row->n, "skipped", 0);
        continue;
      }
      place[row->entry] = entries.size();
      entries.push_back(loaded.front());
      events.push_back({"changed", Value::array(), import.name});
    }
    Entry& entry = entries[place[row->entry]];
    Value data = combined(entry.data, row->data, import.on_match == "replace" ? "replace" : "fill");
    const Value changes = differences(entry.data, data);
    for (const Value& change : changes.items()) events[place[row->entry]].changes.add(change);
    entry.data = std::move(data);
    outcome.add(row->n, changes.items().empty() ? "unchanged" : "changed", entry.id);
  }
  std::vector<Entry> changed;
  std::vector<Event> what;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (!events[i].changes.items().empty())
      changed.push_back(std::move(entries[i])), what.push_back(std::move(events[i]));
  save_entries(tx, directory, context.reference(tx), changed, what, author);
}

void apply_piece(Context& context, Tx& tx, const Import& import, const std::vector<Waiting>& rows) {
  const Author author{import.by, context.now(), import.batch};
  std::vector<const Waiting*> fresh, old;
  Outcome outcome;
  for (const Waiting& row : rows) {
    if (row.state != "new" && row.state != "matched" && row.state != "ambiguous") continue;
    if (row.decision == "create") fresh.push_back(&row);
    else if (row.decision == "merge" && row.entry != 0) old.push_back(&row);
    else outcome.add(row.n, "skipped", 0);
  }
  make_new(context, tx, import, fresh, author, outcome);
  merge_old(context, tx, import, old, author, outcome);
  if (outcome.list.items().empty()) return;
  // As an upsert: each row is found by its key, however many there are.
  tx.run(
      "INSERT INTO import_row (import, n, state, data, entry) SELECT ?2, json_extract(value, '$[0]'), "
      "json_extract(value, '$[1]'), '',"
      " nullif(json_extract(value, '$[2]'), 0) FROM json_each(?1) WHERE true"
      " ON CONFLICT (import, n) DO UPDATE SET state = excluded.state, entry = excluded.entry",
      outcome.list.to_json(), import.id);
  tx.run("UPDATE batch SET entries = entries + ?2 WHERE id = ?1", *import.batch, fresh.size() + old.size());
}

std::optional<std::int64_t> apply(Context& context, const Import& import, std::int64_t at) {
  const auto until = Steady::now() + kPiece;
  bool is_over = false;
  while (!is_over && Steady::now() < until)
    context.write([&](Tx& tx) {
      const auto rows = waiting_rows(tx, import.id, at);
      apply_piece(context, tx, import, rows);
      is_over = rows.empty();
      if (!rows.empty()) at = rows.back().n;
      tx.run("UPDATE import SET step = 'apply', done = max(done, ?2) WHERE id = ?1", import.id, at);
    });
  if (!is_over) return at;
  context.write([&](Tx& tx) {
    tx.run("UPDATE import SET state = 'applied', step = '', done = of WHERE id = ?1", import.id);
    context.app().schedule(context.call(), "index", "", context.now());
  });
  return std::nullopt;
}

std::optional<std::int64_t> undo(Context& context, const Import& import, std::int64_t at) {
  const auto until = Steady::now() + kPiece;
  do {
    Undone undone;
    at = context.write([&](Tx& tx) {
      const Id next = undo_some(context, tx, *import.batch, at, kUndoAtOnce, undone);
      tx.run("UPDATE import SET step = 'undo', done = done + ?2, kept = kept + ?3 WHERE id = ?1", import.id,
             undone.entries, undone.kept);
      if (next == 0) {
        tx.run("UPDATE import SET state = 'undone', step = '' WHERE id = ?1", import.id);
        tx.run("UPDATE batch SET undone = 1 WHERE id = ?1", *import.batch);
      }
      return next;
    });
  } while (at != 0 && Steady::now() < until);
  if (at == 0) return std::nullopt;
  return at;
}

void fail(Context& context, Import import, const Failure& why) {
  import.state = "failed";
  import.error = why.what();
  import.step.clear();
  context.write([&](Tx& tx) { save_import(tx, import); });
}

}  // namespace

void import(Context& context, const Value& body, std::unique_ptr<OpenFile>& file) {
  const auto step = body["step"].get_or<std::string>("");
  std::optional<Import> found;
  try {
    found = context.read([&](Tx& tx) { return load_import(tx, body["import"].as<Id>()); });
  } catch (const Failure&) {
    return;  // it was removed meanwhile
  }
  const Import& import = *found;
  const auto at = body["at"].get_or<std::int64_t>(0);
  try {
    std::optional<std::int64_t> next;
    if (step == "check" && import.state == "checking") next = check(context, import, at, file);
    else if (step == "apply" && import.state == "applying") next = apply(context, import, at);
    else if (step == "undo" && import.state == "undoing") next = undo(context, import, at);
    if (next)
      context.app().schedule(context.call(), "import", std::to_string(import.id), context.now(),
                             {{"import", import.id}, {"step", step}, {"at", *next}});
  } catch (const Failure& why) {
    file.reset();
    fail(context, import, why);
  }
}

}  // namespace annuaires::jobs
