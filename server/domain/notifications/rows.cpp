#include "server/domain/notifications/rows.h"

#include <algorithm>

namespace cluse::domain::notifications {
namespace {

constexpr int kFoldersMax = 100;

// The latest first; ids have no spaces.
std::string with_actor(const std::string& actors, const std::optional<Id>& by) {
  if (!by) return actors;
  const std::string id = by->to_string();
  std::string out = id;
  std::size_t named = 1;
  for (std::size_t at = 0; at < actors.size();) {
    const std::size_t end = std::min(actors.find(' ', at), actors.size());
    const std::string each = actors.substr(at, end - at);
    if (each != id && !each.empty() && named++ < kActorsShown) out += ' ' + each;
    at = end + 1;
  }
  return out;
}

std::string_view mail_for(const NewNotification& made, const MailSettings& settings, bool has_mail) {
  if (!has_mail || !made.by_mail) return "none";
  switch (settings.of(made.importance)) {
    case MailChoice::at_once: return "soon";
    case MailChoice::daily: return "daily";
    case MailChoice::never: break;
  }
  return "none";
}

bool join_line(storage::Transaction& tx, const NewNotification& made, Instant now) {
  if (made.group.empty()) return false;
  const auto row = tx.one(
      "SELECT id, actors, object_id FROM notification WHERE person_id = ? AND group_key = ? AND read_at IS NULL AND "
      "dismissed_at IS NULL",
      {made.person, made.group});
  if (!row) return false;
  const bool is_another = row->text(2) != made.subject.id && made.together;
  const Subject& subject = is_another ? *made.together : made.subject;
  tx.run(
      "UPDATE notification SET actors = ?, times = times + 1, updated_at = ?, object_kind = ?, object_id = ?, url = ? "
      "WHERE id = ?",
      {with_actor(row->text(1), made.by), now, subject.kind, subject.id, subject.url, row->text(0)});
  return true;
}

void forget_oldest(storage::Transaction& tx, Id person) {
  tx.run(
      "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE person_id = ? "
      "ORDER BY updated_at DESC, id DESC LIMIT 100 OFFSET ?)",
      {person, kPerPersonMax});
}

}  // namespace

void add(storage::Transaction& tx, const NewNotification& made, bool has_mail, Instant now) {
  if (join_line(tx, made, now)) return;
  const std::string_view mail = mail_for(made, read_settings(tx, made.person), has_mail);
  tx.run(
      "INSERT INTO notification (id, person_id, class, kind, plugin_id, args, object_kind, object_id, url, actors, "
      "times, group_key, created_at, updated_at, mail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
      {new_id(now), made.person, to_text(made.importance), made.kind, made.plugin, made.args, made.subject.kind,
       made.subject.id, made.subject.url, with_actor("", made.by), made.group, now, now, mail});
  forget_oldest(tx, made.person);
}

Subject document_subject(Id workspace, const std::string& document) {
  return {"document", document, "/espaces/" + workspace.to_string() + "/documents/" + document};
}

Subject workspace_subject(Id workspace) {
  return {"workspace", workspace.to_string(), "/espaces/" + workspace.to_string()};
}

MailSettings read_settings(storage::Snapshot& snapshot, Id person) {
  MailSettings settings;
  const auto row = snapshot.one(
      "SELECT action_mail, info_mail, digest_hour, digest_day FROM notification_setting WHERE person_id = ?", {person});
  if (!row) return settings;
  settings.action = parse_mail_choice(row->text(0)).value_or(settings.action);
  settings.info = parse_mail_choice(row->text(1)).value_or(settings.info);
  settings.digest_hour = static_cast<int>(row->integer(2));
  settings.digest_day = row->text(3);
  return settings;
}

void write_settings(storage::Transaction& tx, Id person, const MailSettings& settings) {
  tx.run(
      "INSERT INTO notification_setting (person_id, action_mail, info_mail, digest_hour, digest_day) "
      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET action_mail = excluded.action_mail, "
      "info_mail = excluded.info_mail, digest_hour = excluded.digest_hour, digest_day = excluded.digest_day",
      {person, to_text(settings.action), to_text(settings.info), settings.digest_hour, settings.digest_day});
}

void settle_mail(storage::Transaction& tx, Id person, const MailSettings& settings) {
  for (const Class each : {Class::action, Class::info}) {
    const MailChoice choice = settings.of(each);
    const std::string_view mail = choice == MailChoice::at_once ? "soon"
                                  : choice == MailChoice::daily ? "daily"
                                                                : "none";
    tx.run("UPDATE notification SET mail = ? WHERE person_id = ? AND class = ? AND mail <> 'none'",
           {mail, person, to_text(each)});
  }
}

std::vector<std::string> around(storage::Snapshot& snapshot, const std::string& document,
                                const std::string& workspace) {
  std::vector<std::string> path;
  std::string at = document;
  for (int depth = 0; depth < kFoldersMax && !at.empty(); ++depth) {
    path.push_back(at);
    const auto row = snapshot.one("SELECT parent_id FROM document WHERE id = ?", {at});
    at = row ? row->text_or(0, "") : "";
  }
  path.push_back(workspace);
  return path;
}

std::map<Id, Level> levels_on(storage::Snapshot& snapshot, const std::vector<std::string>& path) {
  std::map<Id, Level> levels;
  // From the outside in, so that the nearest is what stays.
  for (auto object = path.rbegin(); object != path.rend(); ++object)
    for (const auto& row :
         snapshot.all("SELECT person_id, level FROM notification_level WHERE object_id = ?", {*object}))
      levels[row.id(0)] = parse_level(row.text(1)).value_or(kLevelByDefault);
  return levels;
}

std::vector<Id> people_of_holder(storage::Snapshot& snapshot, std::string_view kind, const std::string& id) {
  std::vector<Id> people;
  const auto add_all = [&](std::string_view sql, storage::Parameters values) {
    for (const auto& row : snapshot.all(sql, values))
      if (std::ranges::find(people, row.id(0)) == people.end()) people.push_back(row.id(0));
  };
  if (kind == "person") {
    if (const auto person = Id::parse(id)) people.push_back(*person);
  } else if (kind == "mandate") {
    add_all("SELECT person_id FROM mandate WHERE id = ?", {id});
  } else if (kind == "organisation") {
    add_all("SELECT id FROM person WHERE organisation_id = ? AND organisation_confirmed = 1 LIMIT ?",
            {id, kHolderPeopleMax});
    add_all("SELECT DISTINCT person_id FROM mandate WHERE organisation_id = ? LIMIT ?", {id, kHolderPeopleMax});
  } else if (kind == "group") {
    for (const auto& row :
         snapshot.all("SELECT member_kind, member_id FROM access_group_member WHERE group_id = ? LIMIT ?",
                      {id, kHolderPeopleMax}))
      for (const Id each : people_of_holder(snapshot, row.text(0), row.text(1)))
        if (std::ranges::find(people, each) == people.end()) people.push_back(each);
  }
  if (people.size() > static_cast<std::size_t>(kHolderPeopleMax)) people.resize(kHolderPeopleMax);
  return people;
}

}  // namespace cluse::domain::notifications
