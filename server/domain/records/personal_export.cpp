// Everything about a person: see personal_data.h. Each part is a query whose columns carry their names into the JSON.

#include "server/domain/journal/lookup.h"
#include "server/domain/organisations/days.h"
#include "server/domain/records/personal_data.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <initializer_list>
#include <type_traits>

namespace cluse::domain {
namespace {

/// A column: ending in "_at" it is an instant, in "?" a flag.
using Columns = std::initializer_list<std::string_view>;

boost::json::value value_of(const storage::Row& row, std::size_t at, std::string_view name) {
  return std::visit(
      [name](const auto& value) -> boost::json::value {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::int64_t>) {
          if (name.ends_with("_at")) return boost::json::value(to_rfc3339({value}));
          if (name.ends_with('?')) return boost::json::value(value != 0);
          return boost::json::value(value);
        } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, double>) {
          return boost::json::value(value);
        } else {
          return boost::json::value(nullptr);
        }
      },
      row.columns()[at].data());
}

boost::json::object object_of(const storage::Row& row, Columns columns) {
  boost::json::object object;
  std::size_t at = 0;
  for (std::string_view name : columns) {
    auto value = value_of(row, at++, name);
    if (name.ends_with('?')) name.remove_suffix(1);
    object[name] = std::move(value);
  }
  return object;
}

boost::json::array array_of(const std::vector<storage::Row>& rows, Columns columns) {
  boost::json::array array;
  for (const auto& row : rows) array.push_back(object_of(row, columns));
  return array;
}

boost::json::object account_of(storage::Snapshot& snapshot, Id person) {
  const auto row = snapshot.one(
      "SELECT p.id, p.name, p.function, a.email, o.name, p.is_admin, p.ui_locale, p.theme, p.single_keys, "
      "p.created_at, a.password_changed_at, p.suspended_at, p.suspended_reason, p.content_languages, "
      "p.marks_terms FROM person p JOIN account a ON a.person_id = p.id "
      "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = ?",
      {person});
  return object_of(*row, {"id", "name", "function", "email", "organisation", "is_admin?", "ui_locale", "theme",
                          "single_keys?", "created_at", "password_changed_at", "suspended_at", "suspended_reason",
                          "content_languages", "marks_terms?"});
}

// Ways of signing in, and where from.
void add_sign_in(boost::json::object& all, storage::Snapshot& snapshot, Id person) {
  all["sessions"] = array_of(
      snapshot.all("SELECT id, created_at, last_seen_at, device, address FROM session WHERE person_id = ? ORDER BY id",
                   {person}),
      {"id", "created_at", "last_seen_at", "device", "network"});
  all["identities"] =
      array_of(snapshot.all("SELECT id, issuer, subject, label, shown, created_at, last_used_at FROM identity "
                            "WHERE person_id = ? ORDER BY created_at, id",
                            {person}),
               {"id", "issuer", "subject", "label", "shown", "created_at", "last_used_at"});
  all["passkeys"] =
      array_of(snapshot.all("SELECT id, name, credential_id, created_at, last_used_at FROM passkey WHERE person_id = ? "
                            "ORDER BY created_at, id",
                            {person}),
               {"id", "name", "credential", "created_at", "last_used_at"});
  all["app_passwords"] = array_of(
      snapshot.all(
          "SELECT id, name, created_at, last_used_at FROM app_password WHERE person_id = ? ORDER BY created_at",
          {person}),
      {"id", "name", "created_at", "last_used_at"});
  // Not the secret: whoever gets hold of the file must not get hold of the second factor.
  all["second_factor"] =
      array_of(snapshot.all("SELECT created_at FROM second_factor WHERE person_id = ?", {person}), {"created_at"});
  all["known_places"] = array_of(
      snapshot.all("SELECT address_hash, last_at FROM known_place WHERE person_id = ? ORDER BY last_at", {person}),
      {"hash", "last_at"});
}

// What she was told, and what she wants to be told.
void add_notifications(boost::json::object& all, storage::Snapshot& snapshot, Id person) {
  all["notifications"] = array_of(
      snapshot.all("SELECT id, class, kind, plugin_id, args, object_kind, object_id, times, created_at, updated_at, "
                   "read_at, dismissed_at, mailed_at FROM notification WHERE person_id = ? ORDER BY created_at, id",
                   {person}),
      {"id", "class", "kind", "plugin", "words", "object_kind", "object", "times", "created_at", "updated_at",
       "read_at", "dismissed_at", "mailed_at"});
  all["notification_levels"] = array_of(
      snapshot.all(
          "SELECT object_kind, object_id, level FROM notification_level WHERE person_id = ? ORDER BY object_id",
          {person}),
      {"object_kind", "object", "level"});
  all["notification_settings"] =
      array_of(snapshot.all("SELECT action_mail, info_mail, digest_hour FROM notification_setting WHERE person_id = ?",
                            {person}),
               {"action_mail", "info_mail", "digest_hour"});
}

boost::json::object parts_of(storage::Snapshot& snapshot, Id person) {
  boost::json::object all;
  add_sign_in(all, snapshot, person);
  all["contact_details"] = array_of(
      snapshot.all("SELECT kind, value, audience, consented_at FROM contact_detail WHERE person_id = ? ORDER BY kind",
                   {person}),
      {"kind", "value", "audience", "consented_at"});
  all["memberships"] = array_of(
      snapshot.all("SELECT w.id, w.name, m.role, m.joined_at FROM workspace_member m "
                   "JOIN workspace w ON w.id = m.workspace_id WHERE m.person_id = ? ORDER BY m.joined_at, w.id",
                   {person}),
      {"workspace_id", "workspace", "role", "joined_at"});
  all["mandates"] = array_of(
      snapshot.all("SELECT m.id, o.name, m.function, m.quality, m.seat, m.first_day, m.last_day FROM mandate m "
                   "JOIN organisation o ON o.id = m.organisation_id WHERE m.person_id = ? ORDER BY m.first_day, m.id",
                   {person}),
      {"id", "organisation", "function", "quality", "seat", "first_day", "last_day"});
  all["grants"] =
      array_of(snapshot.all("SELECT id, role, scope_kind, scope_id, first_day, last_day, granted_at FROM access_grant "
                            "WHERE holder_kind = 'person' AND holder_id = ? ORDER BY id",
                            {person}),
               {"id", "role", "scope_kind", "scope", "first_day", "last_day", "granted_at"});
  all["groups"] = array_of(
      snapshot.all(
          "SELECT g.id, g.name, m.added_at FROM access_group_member m JOIN access_group g ON g.id = m.group_id "
          "WHERE m.member_kind = 'person' AND m.member_id = ? ORDER BY g.id",
          {person}),
      {"id", "name", "added_at"});
  all["invitations_made"] = array_of(
      snapshot.all("SELECT id, email, role, created_at, expires_at, accepted_at FROM invitation WHERE invited_by = ? "
                   "ORDER BY created_at, id",
                   {person}),
      {"id", "email", "role", "created_at", "expires_at", "accepted_at"});
  all["documents_made"] =
      array_of(snapshot.all("SELECT id, title, language, created_at, trashed_at FROM document WHERE created_by = ? "
                            "ORDER BY created_at, id",
                            {person}),
               {"id", "title", "language", "created_at", "trashed_at"});
  all["images_added"] = array_of(
      snapshot.all("SELECT id, document_id, type, bytes, created_at FROM image WHERE created_by = ? ORDER BY id",
                   {person}),
      {"id", "document_id", "type", "bytes", "created_at"});
  all["recently_opened"] =
      array_of(snapshot.all("SELECT document_id, at FROM recently_opened WHERE person_id = ? ORDER BY at", {person}),
               {"document_id", "opened_at"});
  add_notifications(all, snapshot, person);
  all["journal"] = array_of(
      snapshot.all("SELECT sequence, at, actor_id, verb, object_kind, object_id, workspace_id, request_id, body "
                   "FROM journal WHERE sequence IN " +
                       std::string(journal::kEventsOf) + " ORDER BY sequence",
                   {person, person, person}),
      {"sequence", "event_at", "actor", "verb", "object_kind", "object", "workspace", "request", "details"});
  return all;
}

}  // namespace

Task<Result<std::string>> PersonalData::export_mine(Actor actor) {
  auto body = [actor, now = environment_.clock.now()](storage::Transaction& tx) -> Result<std::string> {
    CLUSE_CHECK(profile_of(tx, actor.person_id, actor.mandate_id, organisations::today(now)));
    journal::append(
        tx,
        {author_of(actor), journal::Verb::person_exported, journal::ObjectKind::person, actor.person_id, {}, now, {}});
    boost::json::object all{
        {"format", "cluse.person.1"}, {"exported_at", to_rfc3339(now)}, {"account", account_of(tx, actor.person_id)}};
    for (auto& [name, part] : parts_of(tx, actor.person_id)) all[name] = std::move(part);
    return boost::json::serialize(all);
  };
  auto exported = co_await environment_.database.write(std::move(body));
  co_return exported;
}

}  // namespace cluse::domain
