#include "server/domain/notifications/shown.h"

#include "server/domain/notifications/words.h"
#include "server/domain/organisations/days.h"
#include "server/domain/rights/watched_database.h"

#include <algorithm>

namespace cluse::domain::notifications {
namespace {

void append(std::vector<storage::Value>& to, const std::vector<storage::Value>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

std::string language_of(std::string_view locale) {
  return locale.starts_with("de") ? "de" : "fr";
}

Visible::Visible(storage::Snapshot& snapshot, const Actor& actor, Instant now) {
  using rights::Permission;
  const WorkspaceFilter may(snapshot, actor);
  const auto& instance = may.reach().instance;
  const bool decides = instance.has(Permission::people_invite) && instance.has(Permission::people_manage);
  sql_ =
      "n.person_id = ? AND n.dismissed_at IS NULL AND (n.object_kind IN ('', 'person') OR "
      "(n.object_kind = 'document' AND EXISTS (SELECT 1 FROM document d JOIN workspace w ON w.id = d.workspace_id "
      "WHERE d.id = n.object_id AND d.trashed_at IS NULL AND " +
      may.documents() +
      ")) OR (n.object_kind = 'workspace' AND EXISTS (SELECT 1 FROM workspace w WHERE w.id = n.object_id AND " +
      may.workspaces() +
      ")) OR (n.object_kind = 'access_request' AND ? = 1 AND EXISTS (SELECT 1 FROM access_request r WHERE r.id = "
      "n.object_id AND r.is_waiting = 1)) OR (n.object_kind = 'invitation' AND EXISTS (SELECT 1 FROM invitation i "
      "WHERE i.id = n.object_id AND i.accepted_at IS NULL AND i.expires_at > ?)) OR (n.object_kind = 'mandate' AND "
      "EXISTS (SELECT 1 FROM mandate m WHERE m.id = n.object_id AND m.person_id = n.person_id AND m.last_day >= ? AND "
      "m.last_day < ?)))";
  values_.emplace_back(actor.person_id);
  append(values_, may.document_values());
  append(values_, may.workspace_values());
  values_.emplace_back(decides ? 1 : 0);
  values_.emplace_back(now);
  values_.emplace_back(organisations::today(now));
  values_.emplace_back(organisations::kStill);
}

std::vector<Shown> read_shown(storage::Snapshot& snapshot, const Actor& actor, Instant now,
                              const std::string& condition, const std::vector<storage::Value>& values, int limit) {
  const Visible visible(snapshot, actor, now);
  std::vector<storage::Value> all = visible.values();
  append(all, values);
  all.emplace_back(limit);
  std::vector<Shown> shown;
  const std::string language = language_of(actor.locale);
  for (const auto& row : snapshot.all("SELECT " + std::string(kShownColumns) + " FROM notification n WHERE " +
                                          visible.sql() + (condition.empty() ? "" : " AND " + condition) +
                                          " ORDER BY n.updated_at DESC, n.id DESC LIMIT ?",
                                      storage::Parameters(all)))
    shown.push_back(shown_from(snapshot, row, language));
  return shown;
}

std::int64_t count_unread(storage::Snapshot& snapshot, const Actor& actor, Instant now) {
  const Visible visible(snapshot, actor, now);
  std::vector<storage::Value> values = visible.values();
  values.emplace_back(kUnreadCounted);
  return snapshot
      .one("SELECT COUNT(*) FROM (SELECT n.id FROM notification n WHERE " + visible.sql() +
               " AND n.read_at IS NULL LIMIT ?) counted",
           storage::Parameters(values))
      ->integer(0);
}

}  // namespace cluse::domain::notifications
