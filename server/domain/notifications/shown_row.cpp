// From a row to what is shown: names are read now, so that who was renamed or erased is called as she is.

#include "server/domain/notifications/shown.h"
#include "server/domain/notifications/words.h"
#include "server/domain/records/personal_data.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace cluse::domain::notifications {
namespace {

std::string text_at(const boost::json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

// Who is gone stands in the rows under a name in both languages.
std::string name_in(const std::string& name, const std::string& language) {
  constexpr std::string_view kErased = kErasedName;
  constexpr auto kBar = kErased.find(" / ");
  if (name != kErased) return name;
  return std::string(language == "de" ? kErased.substr(kBar + 3) : kErased.substr(0, kBar));
}

std::vector<std::string> names_of(storage::Snapshot& snapshot, const std::string& actors, const std::string& language) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < actors.size();) {
    const std::size_t end = std::min(actors.find(' ', at), actors.size());
    if (const auto row = snapshot.one("SELECT name FROM person WHERE id = ?", {actors.substr(at, end - at)}))
      names.push_back(name_in(row->text(0), language));
    at = end + 1;
  }
  return names;
}

void read_object(storage::Snapshot& snapshot, const std::string& kind, const std::string& id, Shown& shown,
                 Said& said) {
  if (kind == "document") {
    const auto row = snapshot.one(
        "SELECT d.title, d.language, w.name FROM document d JOIN workspace w ON w.id = d.workspace_id WHERE d.id = ?",
        {id});
    if (!row) return;
    shown.title = row->text(0);
    shown.title_language = row->text(1);
    said.workspace = row->text(2);
  } else if (kind == "workspace") {
    if (const auto row = snapshot.one("SELECT name FROM workspace WHERE id = ?", {id})) shown.title = row->text(0);
    said.is_workspace = true;
  } else if (kind == "access_request") {
    if (const auto row = snapshot.one("SELECT name FROM access_request WHERE id = ?", {id})) said.name = row->text(0);
  } else if (kind == "mandate") {
    const auto row = snapshot.one(
        "SELECT m.function, o.name, m.last_day FROM mandate m JOIN organisation o ON o.id = m.organisation_id "
        "WHERE m.id = ?",
        {id});
    if (!row) return;
    said.name = row->text(0) + ", " + row->text(1);
    said.day = row->text(2);
  }
}

std::string role_named(storage::Snapshot& snapshot, const std::string& role, const std::string& language) {
  if (!Id::parse(role)) return role;
  const auto row = snapshot.one("SELECT name_fr, name_de FROM access_role WHERE id = ?", {role});
  return row ? row->text(language == "de" ? 1 : 0) : std::string();
}

// A plugin has said it in both languages already.
void read_plugin(const boost::json::value& args, const std::string& language, Shown& shown) {
  const auto* object = args.if_object();
  const auto* words = object == nullptr ? nullptr : object->if_contains(language);
  if (words == nullptr) return;
  shown.title = text_at(*words, "subject");
  shown.text = text_at(*words, "body");
}

}  // namespace

Shown shown_from(storage::Snapshot& snapshot, const storage::Row& row, const std::string& language) {
  Shown shown;
  shown.id = row.id(0);
  shown.importance = parse_class(row.text(1)).value_or(Class::info);
  shown.kind = row.text(2);
  shown.plugin = row.text(3);
  shown.url = row.text(7);
  shown.times = row.integer(9);
  shown.at = row.instant(10);
  shown.read_at = row.instant_or_null(11);
  boost::system::error_code wrong;
  const auto args = boost::json::parse(row.text(4), wrong);
  if (!shown.plugin.empty()) {
    read_plugin(args, language, shown);
    return shown;
  }
  Said said;
  said.kind = shown.kind;
  said.language = language;
  said.people = names_of(snapshot, row.text(8), language);
  said.times = shown.times;
  said.role = role_named(snapshot, text_at(args, "role"), language);
  said.scope = text_at(args, "scope");
  read_object(snapshot, row.text(5), row.text(6), shown, said);
  if (shown.title.empty()) shown.title = title_of(said);
  shown.text = sentence_of(said);
  return shown;
}

}  // namespace cluse::domain::notifications
