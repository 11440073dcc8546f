#include "directories.h"

#include "../model/words.h"
#include "../text/fold.h"

#include <algorithm>

namespace annuaires {
namespace {

Value json_of(const Value& column) {
  return Value::from_json(column.get_or<std::string>("null")).value_or(Value());
}

void add_names(Reference& reference, const Territory& territory) {
  for (const std::string_view language : {"fr", "de"})
    if (const auto name = territory.name[language].get<std::string>())
      reference.territory_names.try_emplace(fold(*name), territory.code);
}

}  // namespace

std::vector<Directory> load_directories(Tx& tx) {
  std::vector<Directory> all;
  for (const auto& row :
       tx.all("SELECT id, slug, name, description, about, visibility, is_public, review_months, position,"
              " version, fields FROM directory ORDER BY position, slug")) {
    const auto& c = row.items();
    Directory one;
    one.id = c[0].as<Id>();
    one.slug = c[1].as<std::string>();
    one.name = json_of(c[2]);
    one.description = json_of(c[3]);
    one.about = c[4].as<std::string>();
    one.visibility = read_audience(c[5].as<std::string>()).value_or(Audience::few);
    one.is_public = c[6].as<int>() != 0;
    one.review_months = c[7].as<int>();
    one.position = c[8].as<int>();
    one.version = c[9].as<std::int64_t>();
    one.fields = read_fields(json_of(c[10]));
    all.push_back(std::move(one));
  }
  return all;
}

Reference load_reference(Tx& tx) {
  Reference reference;
  for (const auto& row :
       tx.all("SELECT code, kind, name, country, parent, population, aliases FROM territory ORDER BY code")) {
    const auto& c = row.items();
    Territory one{c[0].as<std::string>(),
                  c[1].as<std::string>(),
                  c[3].as<std::string>(),
                  c[4].as<std::string>(),
                  c[6].as<std::string>(),
                  json_of(c[2]),
                  c[5]};
    add_names(reference, one);
    const std::string code = one.code;
    reference.territories.emplace(code, std::move(one));
  }
  for (const auto& row : tx.all("SELECT list, key, label FROM vocabulary ORDER BY list, position, key")) {
    const auto& c = row.items();
    reference.lists[c[0].as<std::string>()].push_back({c[1].as<std::string>(), json_of(c[2])});
  }
  return reference;
}

void save_directory(Tx& tx, Directory& directory) {
  const bool is_new = directory.id == 0;
  if (is_new) directory.id = tx.one<Id>("SELECT coalesce(max(id), 0) + 1 FROM directory");
  else ++directory.version;
  tx.run(
      "INSERT INTO directory (id, slug, name, description, about, visibility, is_public, review_months, position, "
      "version,"
      " fields) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO UPDATE SET name = ?3,"
      " description = ?4, about = ?5, visibility = ?6, is_public = ?7, review_months = ?8, position = ?9, version = "
      "?10,"
      " fields = ?11",
      directory.id, directory.slug, directory.name.to_json(), directory.description.to_json(), directory.about,
      to_text(directory.visibility), directory.is_public, directory.review_months, directory.position,
      directory.version, fields_to_value(directory.fields).to_json());
}

void save_territories(Tx& tx, const std::vector<Territory>& territories) {
  Value list = Value::array();
  for (const auto& one : territories) {
    const std::string folded = fold(in(one.name, "fr") + " " + in(one.name, "de") + " " + one.aliases);
    list.add(Value::array(
        {one.code, one.kind, one.name.to_json(), one.country, one.parent, one.population, one.aliases, folded}));
  }
  tx.run(
      "REPLACE INTO territory (code, kind, name, country, parent, population, aliases, folded)"
      " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),"
      " json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'), json_extract(value, "
      "'$[6]'),"
      " json_extract(value, '$[7]') FROM json_each(?1)",
      list.to_json());
}

void save_vocabulary(Tx& tx, std::string_view list, const std::vector<Option>& options) {
  tx.run("DELETE FROM vocabulary WHERE list = ?1", list);
  int position = 0;
  for (const Option& option : options)
    tx.run("INSERT INTO vocabulary (list, key, position, label) VALUES (?1, ?2, ?3, ?4)", list, option.key, position++,
           option.label.to_json());
}

}  // namespace annuaires
