#include "server/domain/notifications/notifications.h"

#include "server/domain/documents/documents.h"
#include "server/domain/notifications/rows.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cluse::domain {
namespace {

using namespace notifications;  // NOLINT(google-build-using-namespace): this file is about nothing else

constexpr std::string_view kUnsubscribe = "notifications.unsubscribe";

// A page ends at a time and an id: what arrives meanwhile moves nothing.
struct Place {
  std::int64_t at = 0;
  Id id;
};

std::optional<Place> parse_place(const std::string& text) {
  const auto bar = text.find('.');
  Place place;
  if (bar == std::string::npos) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + bar, place.at);
  const auto id = Id::parse(text.substr(bar + 1));
  if (read.ec != std::errc() || read.ptr != text.data() + bar || !id) return std::nullopt;
  place.id = *id;
  return place;
}

NotificationPage read_page(storage::Snapshot& snapshot, const Actor& actor, const NotificationQuery& query,
                           const std::optional<Place>& after, Instant now) {
  std::string condition = query.unread_only ? "n.read_at IS NULL" : "";
  std::vector<storage::Value> values;
  if (after) {
    condition +=
        std::string(condition.empty() ? "" : " AND ") + "(n.updated_at < ? OR (n.updated_at = ? AND n.id < ?))";
    values = {after->at, after->at, after->id};
  }
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, Notifications::kPageMax);
  NotificationPage page;
  page.items = read_shown(snapshot, actor, now, condition, values, static_cast<int>(limit) + 1);
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = std::to_string(page.items.back().at.ms) + '.' + page.items.back().id.to_string();
  }
  page.unread = count_unread(snapshot, actor, now);
  return page;
}

// The time of a mark is its name: two marks of one person never have the same.
Instant mark_time(storage::Snapshot& snapshot, Id person, Instant now) {
  const auto last = snapshot.one("SELECT MAX(read_at) FROM notification WHERE person_id = ?", {person});
  const auto at = last->instant_or_null(0);
  return at && *at >= now ? Instant{at->ms + 1} : now;
}

Marked marked(storage::Snapshot& snapshot, const Actor& actor, std::int64_t changed, Instant at, Instant now) {
  return {changed > 0 ? at.ms : 0, count_unread(snapshot, actor, now)};
}

Result<std::vector<std::string>> path_for(storage::Snapshot& snapshot, const Actor& actor, const std::string& kind,
                                          Id id) {
  if (kind == "workspace") {
    CLUSE_CHECK(access(snapshot, actor, id));
    return std::vector<std::string>{id.to_string()};
  }
  CLUSE_TRY(about, access_document(snapshot, actor, id));
  return around(snapshot, id.to_string(), about.workspace_id.to_string());
}

Result<LevelView> view_level(storage::Snapshot& snapshot, const Actor& actor, const std::string& kind, Id id) {
  CLUSE_TRY(path, path_for(snapshot, actor, kind, id));
  LevelView view;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto row = snapshot.one(
        "SELECT l.level, l.object_kind, COALESCE(d.title, w.name, '') FROM notification_level l "
        "LEFT JOIN document d ON d.id = l.object_id LEFT JOIN workspace w ON w.id = l.object_id "
        "WHERE l.person_id = ? AND l.object_id = ?",
        {actor.person_id, path[i]});
    if (!row) continue;
    const auto level = parse_level(row->text(0)).value_or(kLevelByDefault);
    if (i == 0) {
      view.own = level;
      continue;
    }
    view.inherited = level;
    view.from_kind = row->text(1);
    view.from_id = path[i];
    view.from_name = row->text(2);
    break;
  }
  return view;
}

Result<Actor> actor_of(storage::Snapshot& snapshot, Id person) {
  const auto row = snapshot.one(
      "SELECT ui_locale FROM person WHERE id = ? AND erased_at IS NULL AND suspended_at IS NULL", {person});
  if (!row) return fail(Errc::not_found, "person_not_found");
  Actor actor;
  actor.person_id = person;
  actor.locale = row->text(0);
  return actor;
}

}  // namespace

Task<Result<NotificationPage>> Notifications::list(Actor actor, NotificationQuery query) {
  std::optional<Place> after;
  if (!query.after.empty()) {
    after = parse_place(query.after);
    if (!after) co_return fail(Errc::invalid, "field_invalid", "", "after");
  }
  auto body = [actor, query, after,
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<NotificationPage> {
    return read_page(snapshot, actor, query, after, now);
  };
  auto page = co_await environment_.database.read(std::move(body));
  co_return page;
}

Task<Result<NotificationPage>> Notifications::brief(Id person, std::size_t limit) {
  auto body = [person, limit, now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<NotificationPage> {
    CLUSE_TRY(actor, actor_of(snapshot, person));
    return read_page(snapshot, actor, {true, "", limit}, std::nullopt, now);
  };
  auto page = co_await environment_.database.read(std::move(body));
  co_return page;
}

Task<Result<Marked>> Notifications::mark(Actor actor, std::vector<Id> ids, bool read) {
  if (ids.size() > kMarkedMax) co_return fail(Errc::invalid, "field_too_long", "", "ids");
  auto body = [actor, ids, read, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Marked> {
    const Instant at = mark_time(tx, actor.person_id, now);
    std::int64_t changed = 0;
    for (const Id id : ids)
      changed +=
          read ? tx.run("UPDATE notification SET read_at = ? WHERE id = ? AND person_id = ? AND read_at IS NULL",
                        {at, id, actor.person_id})
               : tx.run("UPDATE notification SET read_at = NULL WHERE id = ? AND person_id = ?", {id, actor.person_id});
    return marked(tx, actor, read ? changed : 0, at, now);
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (done) environment_.live.notified({actor.person_id});
  co_return done;
}

Task<Result<Marked>> Notifications::mark_all(Actor actor) {
  auto body = [actor, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Marked> {
    const Instant at = mark_time(tx, actor.person_id, now);
    const auto changed =
        tx.run("UPDATE notification SET read_at = ? WHERE person_id = ? AND read_at IS NULL", {at, actor.person_id});
    return marked(tx, actor, changed, at, now);
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (done) environment_.live.notified({actor.person_id});
  co_return done;
}

Task<Result<Marked>> Notifications::undo(Actor actor, std::int64_t undo) {
  auto body = [actor, undo, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Marked> {
    tx.run("UPDATE notification SET read_at = NULL WHERE person_id = ? AND read_at = ?", {actor.person_id, undo});
    return marked(tx, actor, 0, now, now);
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (done) environment_.live.notified({actor.person_id});
  co_return done;
}

Task<Result<Marked>> Notifications::dismiss(Actor actor, Id id, bool gone) {
  auto body = [actor, id, gone, now = environment_.clock.now()](storage::Transaction& tx) -> Result<Marked> {
    const std::optional<Instant> at = gone ? std::optional(now) : std::nullopt;
    if (tx.run("UPDATE notification SET dismissed_at = ? WHERE id = ? AND person_id = ?", {at, id, actor.person_id}) ==
        0)
      return fail(Errc::not_found, "notification_not_found");
    return marked(tx, actor, 0, now, now);
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (done) environment_.live.notified({actor.person_id});
  co_return done;
}

Task<Result<MailSettings>> Notifications::settings(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<MailSettings> {
    return read_settings(snapshot, actor.person_id);
  };
  auto settings = co_await environment_.database.read(std::move(body));
  co_return settings;
}

Task<Result<MailSettings>> Notifications::change_settings(Actor actor, MailSettings wanted) {
  if (wanted.digest_hour < kDigestHourMin || wanted.digest_hour > kDigestHourMax)
    co_return fail(Errc::invalid, "field_invalid", "", "digest_hour");
  auto body = [actor, wanted](storage::Transaction& tx) -> Result<MailSettings> {
    MailSettings settings = wanted;
    settings.digest_day = read_settings(tx, actor.person_id).digest_day;
    write_settings(tx, actor.person_id, settings);
    settle_mail(tx, actor.person_id, settings);
    return settings;
  };
  auto settings = co_await environment_.database.write(std::move(body));
  co_return settings;
}

Task<Result<LevelView>> Notifications::level(Actor actor, std::string kind, Id id) {
  auto body = [actor, kind, id](storage::Snapshot& snapshot) -> Result<LevelView> {
    return view_level(snapshot, actor, kind, id);
  };
  auto view = co_await environment_.database.read(std::move(body));
  co_return view;
}

Task<Result<LevelView>> Notifications::set_level(Actor actor, std::string kind, Id id, std::optional<Level> level) {
  auto body = [actor, kind, id, level](storage::Transaction& tx) -> Result<LevelView> {
    CLUSE_CHECK(path_for(tx, actor, kind, id));
    if (level) {
      tx.run(
          "INSERT INTO notification_level (person_id, object_kind, object_id, level) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (person_id, object_id) DO UPDATE SET level = excluded.level",
          {actor.person_id, kind, id, to_text(*level)});
    } else {
      tx.run("DELETE FROM notification_level WHERE person_id = ? AND object_id = ?", {actor.person_id, id});
    }
    return view_level(tx, actor, kind, id);
  };
  auto view = co_await environment_.database.write(std::move(body));
  co_return view;
}

Task<Result<std::vector<Followed>>> Notifications::followed(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<Followed>> {
    std::vector<Followed> followed;
    for (const auto& row :
         snapshot.all("SELECT l.object_kind, COALESCE(d.title, w.name), l.object_id, l.level, d.workspace_id, "
                      "COALESCE(d.kind, '') FROM notification_level l LEFT JOIN document d ON d.id = l.object_id AND "
                      "d.trashed_at IS NULL LEFT JOIN workspace w ON w.id = l.object_id WHERE l.person_id = ? AND "
                      "COALESCE(d.title, w.name) IS NOT NULL ORDER BY 2 LIMIT ?",
                      {actor.person_id, static_cast<std::int64_t>(kFollowedShown)})) {
      const Id id = row.id(2);
      if (!path_for(snapshot, actor, row.text(0), id)) continue;  // she may not know of it any more
      const auto place = row.id_or_null(4);
      Subject subject = place ? document_subject(*place, id.to_string()) : workspace_subject(id);
      if (row.text(5) == "folder") subject.url = "/espaces/" + place->to_string() + "/documents";
      followed.push_back(
          {row.text(0), row.text(1), subject.url, id, parse_level(row.text(3)).value_or(kLevelByDefault)});
    }
    return followed;
  };
  auto followed = co_await environment_.database.read(std::move(body));
  co_return followed;
}

std::string Notifications::unsubscribe_token(Id person, Class importance) const {
  return vault_.seal(kUnsubscribe, person.to_string() + ' ' + std::string(to_text(importance)));
}

Task<Result<Class>> Notifications::unsubscribe(std::string token) {
  const auto text = vault_.unseal(kUnsubscribe, token);
  const auto space = text ? text->find(' ') : std::string::npos;
  const auto person = space == std::string::npos ? std::nullopt : Id::parse(text->substr(0, space));
  const auto importance = person ? parse_class(text->substr(space + 1)) : std::nullopt;
  if (!importance) co_return fail(Errc::not_found, "unsubscribe_link_wrong");
  auto body = [who = *person, which = *importance](storage::Transaction& tx) -> Result<Class> {
    if (!tx.one("SELECT 1 FROM person WHERE id = ? AND erased_at IS NULL", {who}))
      return fail(Errc::not_found, "unsubscribe_link_wrong");
    MailSettings settings = read_settings(tx, who);
    (which == Class::action ? settings.action : settings.info) = MailChoice::never;
    write_settings(tx, who, settings);
    settle_mail(tx, who, settings);
    return which;
  };
  auto done = co_await environment_.database.write(std::move(body));
  co_return done;
}

}  // namespace cluse::domain
