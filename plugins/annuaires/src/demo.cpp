#include "demo.h"

#include "demo_data.h"
#include "model/words.h"
#include "routes/shared.h"
#include "store/directories.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace annuaires::demo {
namespace {

using Keys = std::map<std::string, Id>;

void load_reference(Tx& tx, const Value& data) {
  std::vector<Territory> territories;
  for (const Value& one : data["territories"].items())
    territories.push_back({one["code"].as<std::string>(), one["kind"].as<std::string>(),
                           one["country"].as<std::string>(), one["parent"].get_or<std::string>(""),
                           one["aliases"].get_or<std::string>(""), one["name"], one["population"]});
  save_territories(tx, territories);
  for (const auto& [list, options] : data["vocabulary"].entries()) {
    if (!tx.all("SELECT 1 FROM vocabulary WHERE list = ?1 LIMIT 1", list).empty()) continue;
    std::vector<Option> all;
    for (const Value& one : options.items()) all.push_back({one["key"].as<std::string>(), one["label"]});
    save_vocabulary(tx, list, all);
  }
}

std::set<std::string> load_directories(Tx& tx, const Value& data) {
  std::set<std::string> made;
  int position = 0;
  for (const Value& one : data["directories"].items()) {
    const auto slug = one["slug"].as<std::string>();
    ++position;
    if (!tx.all("SELECT 1 FROM directory WHERE slug = ?1", slug).empty()) continue;
    Directory directory;
    directory.slug = slug;
    directory.name = one["name"];
    directory.description = one["description"];
    directory.about = is_about_persons(one["template"].as<std::string>()) ? "person" : "organisation";
    directory.is_public = one["public"].as<bool>();
    directory.visibility = directory.is_public ? Audience::everybody : Audience::members;
    directory.review_months = one["review_months"].as<int>();
    directory.position = position;
    directory.fields = template_fields(one["template"].as<std::string>()).value_or(std::vector<Field>());
    save_directory(tx, directory);
    made.insert(slug);
  }
  return made;
}

// "#key" stands for the entry of that key: organisations come before those who work there.
Value resolved(const Value& values, const Keys& keys) {
  Value out = values;
  const auto organisation = values["organisation"].get_or<std::string>("");
  if (organisation.empty()) return out;
  const auto found = keys.find(organisation.substr(1));
  out.set("organisation", found == keys.end() ? Value() : Value(found->second));
  return out;
}

int load_entries(Context& context, Tx& tx, const Value& data, const std::set<std::string>& made, Keys& keys) {
  int count = 0;
  for (const Value& one : data["entries"].items()) {
    const auto slug = one["directory"].as<std::string>();
    if (!made.contains(slug)) continue;
    const Directory& directory = context.directory(tx, slug);
    Entry entry;
    entry.directory = directory.id;
    entry.kind = one["kind"].get_or<std::string>(directory.about);
    entry.visibility = directory.visibility;
    take_values(context, tx, directory, entry, resolved(one["values"], keys));
    set_due(directory, entry, context.now());
    keep(context, tx, entry, {"created", differences(Value::map(), entry.data), ""});
    keys[one["key"].as<std::string>()] = entry.id;
    ++count;
  }
  return count;
}

void load_links(Tx& tx, const Value& data, const Keys& keys) {
  for (const Value& one : data["links"].items()) {
    const auto from = keys.find(one["one"].as<std::string>()), to = keys.find(one["other"].as<std::string>());
    if (from == keys.end() || to == keys.end()) continue;
    const Value function = one["function"].is_null() ? Value::map() : one["function"];
    tx.run("INSERT INTO link (kind, one, other, function, policy, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", one["kind"],
           from->second, to->second, function.to_json(), one["policy"].get_or<std::string>(""), one["from"]);
  }
}

}  // namespace

Made load(Context& context, Tx& tx) {
  const Value data = Value::from_json(kData).value_or(Value::map());
  load_reference(tx, data);
  const auto made = load_directories(tx, data);
  context.app().forget();
  Keys keys;
  Made out;
  out.directories = static_cast<int>(made.size());
  out.entries = load_entries(context, tx, data, made, keys);
  load_links(tx, data, keys);
  return out;
}

}  // namespace annuaires::demo
