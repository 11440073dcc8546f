#include "server/domain/notifications/post.h"

#include "server/base/assert.h"
#include "server/base/log.h"
#include "server/domain/calendar/zone.h"
#include "server/domain/notifications/rows.h"
#include "server/domain/organisations/days.h"

#include <algorithm>
#include <utility>

namespace cluse::domain::notifications {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

const calendar::Zone& zone() {
  static const auto kZone = calendar::Zone::find("Europe/Paris");
  CLUSE_ASSERT(kZone.has_value(), "the tables of time zones are there");
  return *kZone;
}

// Midnight at the end of the day: hours are counted back from it, since clocks change in the small hours.
std::int64_t midnight(Instant now) {
  return zone().end_of(zone().date_of(now)).ms + 1;
}

std::vector<Id> ids_of(const std::vector<storage::Row>& rows) {
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.id(0));
  return ids;
}

bool is_over_limit(storage::Snapshot& snapshot, Id person, Instant now) {
  const auto count =
      snapshot.one("SELECT COUNT(DISTINCT mailed_at) FROM notification WHERE person_id = ? AND mailed_at > ?",
                   {person, now.ms - kDayMs});
  return count->integer(0) >= kMailsPerDayMax;
}

// What waits for this mail, whether or not it will be in it.
std::vector<Id> waiting(storage::Snapshot& snapshot, Id person, bool is_digest) {
  return ids_of(snapshot.all("SELECT id FROM notification WHERE mail = ? AND person_id = ? ORDER BY updated_at, id",
                             {is_digest ? "daily" : "soon", person}));
}

Result<MailDraft> draft_for(storage::Snapshot& snapshot, Id person, bool is_digest, Instant now) {
  MailDraft draft;
  draft.is_digest = is_digest;
  draft.ids = waiting(snapshot, person, is_digest);
  const auto row = snapshot.one(
      "SELECT p.name, p.ui_locale, a.email FROM person p JOIN account a ON a.person_id = p.id WHERE p.id = ? AND "
      "p.suspended_at IS NULL AND p.erased_at IS NULL",
      {person});
  if (!row) return draft;
  Actor actor;
  actor.person_id = person;
  actor.locale = row->text(1);
  draft.to_name = row->text(0);
  draft.language = language_of(actor.locale);
  draft.to = row->text(2);
  draft.lines = read_shown(snapshot, actor, now, "n.read_at IS NULL AND n.mail = ?", {is_digest ? "daily" : "soon"},
                           kPerPersonMax);
  if (draft.lines.size() == 1) {
    const auto object =
        snapshot.one("SELECT object_kind, object_id FROM notification WHERE id = ?", {draft.lines[0].id});
    draft.thread = object->text(0) + ' ' + object->text(1);
    draft.importance = draft.lines[0].importance;
  } else {
    draft.thread = "notifications " + person.to_string();
    draft.importance = is_digest ? Class::info : Class::action;
  }
  draft.more = static_cast<std::int64_t>(draft.lines.size()) - static_cast<std::int64_t>(kMailLinesMax);
  draft.more = std::max<std::int64_t>(draft.more, 0);
  if (draft.lines.size() > kMailLinesMax) draft.lines.resize(kMailLinesMax);
  return draft;
}

}  // namespace

Result<std::vector<Id>> Post::due_soon(Instant now) const {
  return environment_.database.read_now([now](storage::Snapshot& snapshot) -> Result<std::vector<Id>> {
    return ids_of(snapshot.all(
        "SELECT DISTINCT person_id FROM notification WHERE mail = 'soon' AND created_at <= ? ORDER BY 1 LIMIT ?",
        {now - kMailGrace, kMailPeoplePerRound}));
  });
}

// Once a day, from the chosen hour on, and only with what was there at that hour: nothing is late, nothing comes twice.
Result<std::vector<Id>> Post::due_digests(Instant now) const {
  const std::int64_t end = midnight(now);
  const std::string today = organisations::today(now);
  return environment_.database.read_now([now, end, today](storage::Snapshot& snapshot) -> Result<std::vector<Id>> {
    return ids_of(snapshot.all(
        "SELECT DISTINCT person_id FROM (SELECT n.person_id, n.created_at, COALESCE(s.digest_day, '') AS digest_day, "
        "? - (24 - COALESCE(s.digest_hour, ?)) * ? AS due FROM notification n LEFT JOIN notification_setting s ON "
        "s.person_id = n.person_id WHERE n.mail = 'daily') waiting WHERE due <= ? AND created_at <= due AND "
        "digest_day < ? ORDER BY 1 LIMIT ?",
        {end, MailSettings().digest_hour, kHourMs, now, today, kMailPeoplePerRound}));
  });
}

Result<bool> Post::send(Id person, bool is_digest, Instant now) const {
  if (!is_digest) {
    auto over = environment_.database.write_now([person, now](storage::Transaction& tx) -> Result<bool> {
      if (!is_over_limit(tx, person, now)) return false;
      tx.run("UPDATE notification SET mail = 'daily' WHERE person_id = ? AND mail = 'soon'", {person});
      return true;
    });
    if (!over) return over;
    if (*over) return false;
  }
  CLUSE_TRY(draft, environment_.database.read_now([=](storage::Snapshot& snapshot) -> Result<MailDraft> {
    return draft_for(snapshot, person, is_digest, now);
  }));
  bool sent = false;
  if (!draft.lines.empty()) {
    draft.unsubscribe = centre_.unsubscribe_token(person, draft.importance);
    const auto put = settings_.outbox->put(to_message(draft, settings_));
    // An address that cannot be written to will not be one tomorrow; anything else is tried again.
    if (!put && put.error().code != "mail_address_wrong") return std::unexpected(put.error());
    if (!put) log_warning("notification_not_mailed", {{"person", person.to_string()}, {"why", put.error().detail}});
    sent = put.has_value();
  }
  CLUSE_CHECK(settle(person, draft, now));
  return sent;
}

Result<void> Post::settle(Id person, const MailDraft& draft, Instant now) const {
  return environment_.database.write_now([&draft, person, now](storage::Transaction& tx) -> Result<void> {
    const std::optional<Instant> mailed = draft.lines.empty() ? std::nullopt : std::optional(now);
    for (const Id id : draft.ids)
      tx.run("UPDATE notification SET mail = 'none', mailed_at = ? WHERE id = ?", {mailed, id});
    if (!draft.is_digest) return {};
    MailSettings settings = read_settings(tx, person);
    settings.digest_day = organisations::today(now);
    write_settings(tx, person, settings);
    return {};
  });
}

Result<std::size_t> Post::round() {
  if (settings_.outbox == nullptr || !settings_.outbox->is_on()) return 0;
  const Instant now = environment_.clock.now();
  std::size_t sent = 0;
  CLUSE_TRY(soon, due_soon(now));
  for (const Id person : soon) {
    CLUSE_TRY(done, send(person, false, now));
    sent += done ? 1 : 0;
  }
  CLUSE_TRY(daily, due_digests(now));
  for (const Id person : daily) {
    CLUSE_TRY(done, send(person, true, now));
    sent += done ? 1 : 0;
  }
  return sent;
}

}  // namespace cluse::domain::notifications
