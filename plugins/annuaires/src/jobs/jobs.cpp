#include "jobs.h"

#include "../model/words.h"
#include "../routes/reminders.h"
#include "../services.h"

#include <algorithm>

namespace annuaires::jobs {
namespace {

constexpr std::int64_t kIndexAtOnce = 100, kProjectAtOnce = 400;
constexpr Moment kHour = 3'600'000, kSoon = 1'000;

}  // namespace

void index(Context& context) {
  std::vector<Entry> entries;
  context.read([&](Tx& tx) {
    const auto sequence = tx.one_if<std::int64_t>("SELECT value FROM setting WHERE name = 'indexed'").value_or(0);
    const auto after = tx.one_if<Id>("SELECT value FROM setting WHERE name = 'indexed_id'").value_or(0);
    std::vector<Id> ids;
    for (const auto& row : tx.all("SELECT id FROM entry WHERE (sequence, id) > (?1, ?2) ORDER BY sequence, id LIMIT ?3",
                                  sequence, after, kIndexAtOnce))
      ids.push_back(row.items()[0].as<Id>());
    entries = load_entries(tx, ids);
    for (const Entry& entry : entries)
      services::put_into_search(context.app().host(), context.directory(tx, entry.directory), entry,
                                context.reference(tx));
  });
  if (entries.empty()) return;
  context.write([&](Tx& tx) {
    tx.run("REPLACE INTO setting (name, value) VALUES ('indexed', ?1), ('indexed_id', ?2)", entries.back().sequence,
           entries.back().id);
    if (entries.size() == static_cast<std::size_t>(kIndexAtOnce))
      context.app().schedule(context.call(), "index", "", context.now());
  });
}

void project(Context& context, const Value& body) {
  const Id after = context.write([&](Tx& tx) {
    const Directory& directory = context.directory(tx, body["directory"].as<Id>());
    std::vector<Id> ids;
    for (const auto& row : tx.all("SELECT id FROM entry WHERE directory = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                                  directory.id, body["after"].as<Id>(), kProjectAtOnce))
      ids.push_back(row.items()[0].as<Id>());
    auto entries = load_entries(tx, ids);
    // Who may see what has changed: to a telephone and to the search that is a change of each entry.
    if (!entries.empty()) {
      const auto sequence =
          tx.one<std::int64_t>("UPDATE setting SET value = value + 1 WHERE name = 'sequence' RETURNING value");
      for (Entry& entry : entries) entry.sequence = sequence;
    }
    project_again(tx, directory, context.reference(tx), entries);
    return ids.size() == static_cast<std::size_t>(kProjectAtOnce) ? ids.back() : 0;
  });
  if (after != 0)
    context.app().schedule(context.call(), "project", std::to_string(body["directory"].as<Id>()), context.now(),
                           {{"directory", body["directory"]}, {"after", after}});
  else context.app().schedule(context.call(), "index", "", context.now());
}

void reminders(Context& context) {
  const int sent = routes::remind(context);
  const Moment next = sent >= routes::kRemindAtOnce ? context.now() + kSoon : (context.now() / kHour + 1) * kHour;
  context.app().schedule(context.call(), "reminders", "", next);
}

void tell(Context& context, const Value& body) {
  services::Letter letter;
  context.read([&](Tx& tx) {
    const auto rows = tx.all(
        "SELECT c.by, c.state, c.reason, c.entry, d.slug, d.name FROM change c JOIN directory d ON d.id = c.directory "
        "WHERE c.id = ?1",
        body["change"]);
    if (rows.empty() || rows.front().items()[0].is_null()) return;
    const auto& c = rows.front().items();
    letter.person = c[0].as<std::string>();
    letter.key = c[1].as<std::string>() == "refused" ? "annuaires.change_refused" : "annuaires.change_done";
    letter.url = "/e/org.cluse.annuaires/" + c[4].as<std::string>() +
                 (c[3].is_null() ? "" : "/" + std::to_string(c[3].as<Id>()));
    std::string name;
    if (const auto entry = c[3].get<Id>()) name = in(name_of(load_entry(tx, *entry)), "fr");
    letter.arguments = {
        {"name", name.empty() ? in(Value::from_json(c[5].as<std::string>()).value_or(Value::map()), "fr") : name},
        {"reason", c[2]}};
  });
  if (!letter.person.empty()) services::send(context.app().host(), letter);
}

void forget_person(Context& context, const Value& notice) {
  const auto person = notice["object"].get_or<std::string>("");
  if (person.empty()) return;
  context.write([&](Tx& tx) {
    std::vector<Id> ids;
    for (const auto& row : tx.all("SELECT id FROM entry WHERE account = ?1", person))
      ids.push_back(row.items()[0].as<Id>());
    for (Entry& entry : load_entries(tx, ids)) {
      entry.account.clear();
      const Event event{"changed",
                        Value::array({Value{{"field", "@account"}, {"before", nullptr}, {"after", nullptr}}}), ""};
      save_entry(tx, context.directory(tx, entry.directory), context.reference(tx), entry, event, context.author());
    }
    tx.run("UPDATE change SET by = NULL WHERE by = ?1", person);
    tx.run("UPDATE change SET decided_by = NULL WHERE decided_by = ?1", person);
    tx.run("UPDATE counterpart SET by = NULL WHERE by = ?1", person);
    for (const std::string table : {"history", "batch", "import"})
      tx.run("UPDATE " + table + " SET by = '' WHERE by = ?1", person);
    tx.run(
        "UPDATE history SET changes = replace(changes, json_quote(?1), 'null') WHERE instr(changes, json_quote(?1)) > "
        "0",
        person);
    tx.run("UPDATE entry SET consent = json_remove(consent, '$.by') WHERE json_extract(consent, '$.by') = ?1", person);
  });
}

}  // namespace annuaires::jobs
