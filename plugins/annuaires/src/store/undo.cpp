#include "undo.h"

#include <algorithm>
#include <map>
#include <set>

namespace annuaires {
namespace {

struct Step {
  Id history = 0, entry = 0;
  std::string action;
  Value changes;
  [[nodiscard]] bool made_it() const { return action == "created" || action == "imported"; }
};

std::vector<Step> steps_of(Tx& tx, Id batch, Id before, std::size_t max) {
  std::vector<Step> steps;
  for (const auto& row : tx.all("SELECT id, entry, action, changes FROM history WHERE batch = ?1 AND (?2 = 0 OR id < "
                                "?2) ORDER BY id DESC LIMIT ?3",
                                batch, before, max)) {
    const auto& c = row.items();
    steps.push_back({c[0].as<Id>(), c[1].as<Id>(), c[2].as<std::string>(),
                     Value::from_json(c[3].as<std::string>()).value_or(Value::array())});
  }
  return steps;
}

// The entry as it was, field by field; false where one of them is no longer what the step made of it.
bool take_back(Entry& entry, const Step& step) {
  bool is_whole = true;
  for (const Value& change : step.changes.items()) {
    const auto key = change["field"].get_or<std::string>("");
    if (key == "@state") entry.state = change["before"].get_or<std::string>("published");
    if (key.starts_with('@')) continue;
    if (entry.value(key) == change["after"]) entry.data.set(key, change["before"]);
    else is_whole = false;
  }
  Value kept = Value::map();
  for (const auto& [key, value] : entry.data.entries())
    if (!value.is_null()) kept.set(key, value);
  entry.data = std::move(kept);
  return is_whole;
}

// Of these steps, the entries that somebody touched since.
std::set<Id> touched_since(Tx& tx, const std::vector<Step>& steps, Id batch) {
  Value list = Value::array();
  for (const Step& step : steps) list.add(Value::array({step.entry, step.history}));
  std::set<Id> touched;
  for (const auto& row : tx.all("SELECT DISTINCT h.entry FROM json_each(?1) j CROSS JOIN history h ON h.entry = "
                                "json_extract(j.value, '$[0]') AND h.id > json_extract(j.value, '$[1]')"
                                " WHERE h.batch IS NOT ?2 AND h.action NOT IN ('undone', 'checked')",
                                list.to_json(), batch))
    touched.insert(row.items()[0].as<Id>());
  return touched;
}

}  // namespace

Id undo_some(Context& context, Tx& tx, Id batch, Id before, std::size_t max, Undone& undone) {
  const auto steps = steps_of(tx, batch, before, max);
  std::vector<Id> ids;
  for (const Step& step : steps)
    if (!step.made_it()) ids.push_back(step.entry);
  std::map<Id, Entry> entries;
  for (Entry& entry : load_entries(tx, ids)) entries.emplace(entry.id, std::move(entry));
  const auto touched = touched_since(tx, steps, batch);
  std::vector<Id> made;
  std::map<Id, std::pair<std::vector<Entry>, std::vector<Event>>> by_directory;
  for (const Step& step : steps) {
    if (step.made_it()) {
      ++(touched.contains(step.entry) ? undone.kept : undone.entries);
      if (!touched.contains(step.entry)) made.push_back(step.entry);
      continue;
    }
    const auto found = entries.find(step.entry);
    if (found == entries.end()) continue;
    Entry entry = found->second;
    const Value data = entry.data;
    if (!take_back(entry, step)) ++undone.kept;
    if (step.action == "merged") entry.merged_into.reset();
    ++undone.entries;
    auto& [all, events] = by_directory[entry.directory];
    events.push_back({step.action == "merged" ? "unmerged" : "undone", differences(data, entry.data), ""});
    found->second = entry;
    all.push_back(std::move(entry));
  }
  for (auto& [directory, changed] : by_directory)
    save_entries(tx, context.directory(tx, directory), context.reference(tx), changed.first, changed.second,
                 context.author());
  archive_entries(tx, made, "undone", context.author());
  if (!steps.empty()) context.app().schedule(context.call(), "index", "", context.now());
  return steps.size() < max ? 0 : steps.back().history;
}

}  // namespace annuaires
