#include "entries.h"

#include "../text/fold.h"

#include <algorithm>
#include <set>

namespace annuaires {
namespace {

constexpr std::string_view kColumns =
    "id, uid, directory, kind, state, data, visibility, field_visibility, account, consent, version, sequence, "
    "created_at,"
    " updated_at, checked_at, due_at, reminded_at, mail, merged_into";

Value json_of(const Value& column) {
  return Value::from_json(column.get_or<std::string>("null")).value_or(Value());
}

Entry entry_of(const Value& row) {
  const auto& c = row.items();
  Entry entry;
  entry.id = c[0].as<Id>();
  entry.uid = c[1].as<std::string>();
  entry.directory = c[2].as<Id>();
  entry.kind = c[3].as<std::string>();
  entry.state = c[4].as<std::string>();
  entry.data = json_of(c[5]);
  entry.visibility = read_audience(c[6].as<std::string>()).value_or(Audience::few);
  entry.field_visibility = json_of(c[7]);
  entry.account = c[8].get_or<std::string>("");
  entry.consent = json_of(c[9]);
  entry.version = c[10].as<std::int64_t>();
  entry.sequence = c[11].as<std::int64_t>();
  entry.created_at = c[12].as<Moment>();
  entry.updated_at = c[13].as<Moment>();
  entry.checked_at = c[14].get<Moment>();
  entry.due_at = c[15].get<Moment>();
  entry.reminded_at = c[16].get<Moment>();
  entry.mail = c[17].as<std::string>();
  entry.merged_into = c[18].get<Id>();
  return entry;
}

std::string list_of(std::span<const Id> ids) {
  std::string out = "[";
  for (const Id id : ids) out += (out.size() == 1 ? "" : ",") + std::to_string(id);
  return out + "]";
}

template <class T>
Value or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}
Value or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

/// Rows of one table, sent as JSON in as few statements as their size allows.
class Rows {
 public:
  Rows(Tx& tx, std::string_view sql) : tx_(tx), sql_(sql) {}
  void add(const Value& row) {
    list_ += list_.empty() ? "[" : ",";
    row.append_json(list_);
    if (list_.size() > kBatchOctets) send();
  }
  void send() {
    if (list_.empty()) return;
    list_ += "]";
    tx_.run(sql_, std::exchange(list_, {}));
  }

 private:
  Tx& tx_;
  std::string_view sql_;
  std::string list_;
};

constexpr std::string_view kWriteEntry =
    "INSERT INTO entry (id, uid, directory, kind, state, name, sort_key, data, visibility, field_visibility, audience, "
    "account,"
    " consent, level, organisation, name_key, email_key, phone_key, version, sequence, created_at, updated_at, "
    "checked_at,"
    " due_at, reminded_at, mail, merged_into)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), "
    "json_extract(value, '$[3]'),"
    " json_extract(value, '$[4]'), json_extract(value, '$[5]'), json_extract(value, '$[6]'), json_extract(value, "
    "'$[7]'),"
    " json_extract(value, '$[8]'), json_extract(value, '$[9]'), json_extract(value, '$[10]'), json_extract(value, "
    "'$[11]'),"
    " json_extract(value, '$[12]'), json_extract(value, '$[13]'), json_extract(value, '$[14]'), json_extract(value, "
    "'$[15]'),"
    " json_extract(value, '$[16]'), json_extract(value, '$[17]'), json_extract(value, '$[18]'), json_extract(value, "
    "'$[19]'),"
    " json_extract(value, '$[20]'), json_extract(value, '$[21]'), json_extract(value, '$[22]'), json_extract(value, "
    "'$[23]'),"
    " json_extract(value, '$[24]'), json_extract(value, '$[25]'), json_extract(value, '$[26]') FROM json_each(?1) "
    "WHERE true"
    " ON CONFLICT (id) DO UPDATE SET directory = excluded.directory, kind = excluded.kind, state = excluded.state,"
    " name = excluded.name, sort_key = excluded.sort_key, data = excluded.data, visibility = excluded.visibility,"
    " field_visibility = excluded.field_visibility, audience = excluded.audience, account = excluded.account,"
    " consent = excluded.consent, level = excluded.level, organisation = excluded.organisation, name_key = "
    "excluded.name_key,"
    " email_key = excluded.email_key, phone_key = excluded.phone_key, version = excluded.version, sequence = "
    "excluded.sequence,"
    " updated_at = excluded.updated_at, checked_at = excluded.checked_at, due_at = excluded.due_at,"
    " reminded_at = excluded.reminded_at, mail = excluded.mail, merged_into = excluded.merged_into";
constexpr std::string_view kWriteFacet =
    "INSERT OR IGNORE INTO facet_entry (code, entry, audience) SELECT v.id, json_extract(j.value, '$[2]'),"
    " json_extract(j.value, '$[3]') FROM json_each(?1) j CROSS JOIN facet_value v"
    " ON v.field = json_extract(j.value, '$[0]') AND v.value = json_extract(j.value, '$[1]')";
constexpr std::string_view kWriteFacetValue =
    "INSERT OR IGNORE INTO facet_value (field, value) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')"
    " FROM json_each(?1)";
constexpr std::string_view kWriteText =
    "INSERT INTO entry_text (rowid, name, open, members, closed) SELECT json_extract(value, '$[0]'),"
    " json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, "
    "'$[4]')"
    " FROM json_each(?1)";
constexpr std::string_view kWriteHistory =
    "INSERT INTO history (entry, at, by, action, batch, changes, note) SELECT json_extract(value, '$[0]'),"
    " json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, "
    "'$[4]'),"
    " json_extract(value, '$[5]'), json_extract(value, '$[6]') FROM json_each(?1)";

Value entry_row(const Entry& e, const Projection& p) {
  return Value::array({e.id,
                       e.uid,
                       e.directory,
                       e.kind,
                       e.state,
                       p.name.to_json(),
                       p.sort_key,
                       e.data.to_json(),
                       to_text(e.visibility),
                       e.field_visibility.to_json(),
                       static_cast<int>(p.audience),
                       or_null(e.account),
                       e.consent.is_null() ? Value() : Value(e.consent.to_json()),
                       p.level,
                       or_null(p.organisation),
                       p.name_key,
                       or_null(p.email_key),
                       or_null(p.phone_key),
                       e.version,
                       e.sequence,
                       e.created_at,
                       e.updated_at,
                       or_null(e.checked_at),
                       or_null(e.due_at),
                       or_null(e.reminded_at),
                       e.mail,
                       or_null(e.merged_into)});
}

void learn_words(Tx& tx, const std::set<std::string>& seen) {
  Value list = Value::array();
  for (const auto& word : seen) list.add(word);
  const auto fresh =
      tx.all("SELECT j.value FROM json_each(?1) j WHERE NOT EXISTS (SELECT 1 FROM word WHERE word.word = j.value)",
             list.to_json());
  if (fresh.empty()) return;
  auto id = tx.one<Id>("SELECT coalesce(max(id), 0) FROM word");
  Rows rows(
      tx,
      "INSERT INTO word (id, word) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1)");
  Rows pieces(tx,
              "INSERT INTO gram (gram, word) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM "
              "json_each(?1)");
  for (const auto& row : fresh) {
    const auto word = row.items()[0].as<std::string>();
    rows.add(Value::array({++id, word}));
    for (const auto& gram : grams(word)) pieces.add(Value::array({gram, id}));
  }
  rows.send();
  pieces.send();
}

void write_facets(Tx& tx, std::span<const Entry> entries, const std::vector<Projection>& projections) {
  std::set<std::pair<std::string_view, std::string_view>> values;
  for (const Projection& p : projections)
    for (const auto& facet : p.facets) values.emplace(facet.field, facet.value);
  Rows names(tx, kWriteFacetValue), facets(tx, kWriteFacet);
  for (const auto& [field, value] : values) names.add(Value::array({field, value}));
  names.send();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].state == "merged") continue;
    for (const auto& facet : projections[i].facets)
      facets.add(Value::array({facet.field, facet.value, entries[i].id, static_cast<int>(facet.audience)}));
  }
  facets.send();
}

/// Everything that is derived, for entries that have their ids.
void write_all(Tx& tx, const Directory& directory, const Reference& reference, std::span<const Entry> entries,
               bool are_new) {
  if (!are_new) {
    std::vector<Id> ids;
    for (const Entry& entry : entries) ids.push_back(entry.id);
    const auto list = list_of(ids);
    tx.run("DELETE FROM facet_entry WHERE entry IN (SELECT value FROM json_each(?1))", list);
    tx.run("DELETE FROM entry_text WHERE rowid IN (SELECT value FROM json_each(?1))", list);
  }
  Rows rows(tx, kWriteEntry), texts(tx, kWriteText);
  std::vector<Projection> projections;
  std::set<std::string> seen;
  for (const Entry& entry : entries) {
    projections.push_back(project(directory, entry, reference));
    rows.add(entry_row(entry, projections.back()));
  }
  rows.send();
  write_facets(tx, entries, projections);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Projection& p = projections[i];
    if (entries[i].state == "merged") continue;
    texts.add(Value::array({entries[i].id, p.text_name, p.text_open, p.text_members, p.text_closed}));
    for (const auto* text : {&p.text_name, &p.text_open, &p.text_members})
      for (auto& word : words(*text))
        // Numbers are looked for as they are.
        if (word.size() >= 4 && word.size() <= 40 && word.find_first_of("0123456789") == std::string::npos)
          seen.insert(std::move(word));
  }
  texts.send();
  learn_words(tx, seen);
}

std::int64_t next_sequence(Tx& tx) {
  return tx.one<std::int64_t>("UPDATE setting SET value = value + 1 WHERE name = 'sequence' RETURNING value");
}

void name_new_ones(Tx& tx, std::span<Entry> entries, const Author& author) {
  auto id = tx.one<Id>("SELECT coalesce(max(id), 0) FROM entry");
  for (Entry& entry : entries) {
    if (entry.id == 0) {
      entry.id = ++id;
      entry.created_at = author.at;
      entry.version = 0;
    }
  }
  // Random, of the host's: nobody guesses the address of an entry from that of another.
  std::string list = "[";
  for (const Entry& entry : entries)
    if (entry.uid.empty()) list += list.size() == 1 ? "0" : ",0";
  if (list.size() == 1) return;
  const auto made = tx.all("SELECT lower(hex(randomblob(16))) FROM json_each(?1)", list + "]");
  auto next = made.begin();
  for (Entry& entry : entries)
    if (entry.uid.empty()) entry.uid = (next++)->items()[0].as<std::string>();
}

}  // namespace

std::vector<Entry> load_entries(Tx& tx, std::span<const Id> ids) {
  std::map<Id, Entry> found;
  // The rows of one statement have a limit: an entry is rarely over 2 KiB, and may be 300.
  constexpr std::size_t kAtOnce = 500;
  for (std::size_t i = 0; i < ids.size(); i += kAtOnce) {
    const auto part = ids.subspan(i, std::min(kAtOnce, ids.size() - i));
    for (const auto& row :
         tx.all("SELECT " + std::string(kColumns) + " FROM entry WHERE id IN (SELECT value FROM json_each(?1))",
                list_of(part))) {
      Entry entry = entry_of(row);
      found.emplace(entry.id, std::move(entry));
    }
  }
  std::vector<Entry> all;
  for (const Id id : ids)
    if (const auto at = found.find(id); at != found.end()) all.push_back(at->second);
  return all;
}

Entry load_entry(Tx& tx, Id id) {
  auto found = load_entries(tx, std::span(&id, 1));
  if (found.empty()) throw cluse::NotFound("entry");
  return std::move(found.front());
}

std::optional<Id> entry_of_uid(Tx& tx, std::string_view uid) {
  return tx.one_if<Id>("SELECT id FROM entry WHERE uid = ?1", uid);
}

void save_entries(Tx& tx, const Directory& directory, const Reference& reference, std::span<Entry> entries,
                  std::span<const Event> events, const Author& author) {
  if (entries.empty()) return;
  const bool are_new = std::ranges::all_of(entries, [](const Entry& entry) { return entry.id == 0; });
  name_new_ones(tx, entries, author);
  const auto sequence = next_sequence(tx);
  Rows history(tx, kWriteHistory);
  for (Entry& entry : entries) {
    ++entry.version;
    entry.sequence = sequence;
    entry.updated_at = author.at;
  }
  write_all(tx, directory, reference, entries, are_new);
  for (std::size_t i = 0; i < entries.size() && i < events.size(); ++i)
    if (!events[i].action.empty())
      history.add(Value::array({entries[i].id, author.at, author.by, events[i].action, or_null(author.batch),
                                events[i].changes.to_json(), events[i].note}));
  history.send();
}

void save_entry(Tx& tx, const Directory& directory, const Reference& reference, Entry& entry, const Event& event,
                const Author& author) {
  save_entries(tx, directory, reference, std::span(&entry, 1), std::span(&event, 1), author);
}

void archive_entries(Tx& tx, std::span<const Id> ids, std::string_view action, const Author& author) {
  if (ids.empty()) return;
  const auto list = list_of(ids);
  tx.run(
      "UPDATE entry SET state = 'archived', version = version + 1, sequence = ?2, updated_at = ?3"
      " WHERE id IN (SELECT value FROM json_each(?1))",
      list, next_sequence(tx), author.at);
  tx.run("INSERT INTO history (entry, at, by, action, batch) SELECT value, ?2, ?3, ?4, ?5 FROM json_each(?1)", list,
         author.at, author.by, action, or_null(author.batch));
}

void project_again(Tx& tx, const Directory& directory, const Reference& reference, std::span<const Entry> entries) {
  if (!entries.empty()) write_all(tx, directory, reference, entries, false);
}

std::map<Id, Value> refs_of(Tx& tx, std::span<const Id> ids, Audience audience) {
  std::map<Id, Value> all;
  if (ids.empty()) return all;
  const auto rows = tx.all(
      "SELECT e.id, e.name, e.kind, d.slug FROM entry e JOIN directory d ON d.id = e.directory"
      " WHERE e.id IN (SELECT value FROM json_each(?1)) AND e.audience <= ?2",
      list_of(ids), static_cast<int>(audience));
  for (const auto& row : rows) {
    const auto& c = row.items();
    all.emplace(c[0].as<Id>(), Value{{"id", c[0]}, {"name", json_of(c[1])}, {"kind", c[2]}, {"directory", c[3]}});
  }
  return all;
}

}  // namespace annuaires
