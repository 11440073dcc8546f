#include "server/domain/notifications/producer.h"

#include "server/domain/journal/verb.h"
#include "server/domain/notifications/rows.h"
#include "server/domain/organisations/days.h"
#include "server/domain/rights/watched_database.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace cluse::domain::notifications {
namespace {

using journal::Verb;

constexpr std::string_view kCursor = "notifications.cursor";

struct Event {
  std::int64_t sequence = 0;
  std::optional<Id> by, workspace;
  std::string verb, object_kind, object;
};

/// What one transaction writes, and whom it concerns.
class Writing {
 public:
  Writing(storage::Transaction& tx, bool has_mail, Instant now, Produced& produced)
      : tx_(tx), has_mail_(has_mail), now_(now), produced_(produced) {}

  void tell(Id person, NewNotification made) {
    if (made.by == person) return;  // she knows
    made.person = person;
    add(tx_, made, has_mail_, now_);
    produced_.people.insert(person);
  }
  [[nodiscard]] storage::Transaction& tx() const { return tx_; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  storage::Transaction& tx_;
  const bool has_mail_;
  const Instant now_;
  Produced& produced_;
};

std::string json_of(const boost::json::object& args) {
  return boost::json::serialize(args);
}

// Whoever follows what is around the document, and whoever made it unless she wants to hear nothing.
void tell_followers(Writing& writing, const Event& event, NewNotification made, Level everybody_from) {
  const auto path = around(writing.tx(), event.object, event.workspace->to_string());
  auto levels = levels_on(writing.tx(), path);
  if (everybody_from == Level::mine) {
    const auto row = writing.tx().one("SELECT created_by FROM document WHERE id = ?", {event.object});
    const auto maker = row ? row->id_or_null(0) : std::nullopt;
    if (maker && !levels.contains(*maker)) levels[*maker] = Level::mine;
    std::erase_if(levels, [&](const auto& each) { return each.second == Level::mine && each.first != maker; });
  }
  for (const auto& [person, level] : levels)
    if (level >= everybody_from) writing.tell(person, made);
}

NewNotification about_document(const Event& event, std::string kind) {
  NewNotification made;
  made.kind = std::move(kind);
  made.subject = document_subject(*event.workspace, event.object);
  made.group = made.kind + ' ' + event.object;
  made.by = event.by;
  return made;
}

void on_document_created(Writing& writing, const Event& event) {
  if (!event.workspace) return;
  // An import of a hundred files is one line.
  auto made = about_document(event, "document.created");
  made.group = "document.created in " + event.workspace->to_string();
  made.together = workspace_subject(*event.workspace);
  tell_followers(writing, event, std::move(made), Level::everything);
}

void on_document_changed(Writing& writing, const Event& event) {
  if (!event.workspace) return;
  tell_followers(writing, event, about_document(event, "document.edited"), Level::mine);
  if (event.verb != journal::to_text(Verb::document_edited)) return;
  // Her translation says what the source no longer says.
  for (const auto& row :
       writing.tx().all("SELECT document_id, created_by FROM twin WHERE source_id = ?", {event.object})) {
    const auto translator = row.id_or_null(1);
    if (!translator) continue;
    auto made = about_document(event, "twin.stale");
    made.subject = document_subject(*event.workspace, row.text(0));
    made.subject.url += "?avec=" + event.object;
    made.group = "twin.stale " + row.text(0);
    writing.tell(*translator, std::move(made));
  }
}

Subject subject_of_scope(storage::Snapshot& snapshot, const std::string& kind, const std::string& id) {
  const auto parsed = Id::parse(id);
  if (kind == "workspace" && parsed) return workspace_subject(*parsed);
  if (kind == "document") {
    const auto row = snapshot.one("SELECT workspace_id FROM document WHERE id = ?", {id});
    if (row) return document_subject(row->id(0), id);
  }
  return {"", "", "/espaces"};
}

void on_grant(Writing& writing, const Event& event) {
  const auto row = writing.tx().one(
      "SELECT holder_kind, holder_id, scope_kind, scope_id, role FROM access_grant WHERE id = ?", {event.object});
  if (!row) return;
  NewNotification made;
  made.kind = "access.given";
  made.args = json_of({{"role", row->text(4)}, {"scope", row->text(2)}});
  made.subject = subject_of_scope(writing.tx(), row->text(2), row->text(3));
  made.by = event.by;
  for (const Id person : people_of_holder(writing.tx(), row->text(0), row->text(1))) writing.tell(person, made);
}

void on_member(Writing& writing, const Event& event) {
  const auto person = Id::parse(event.object);
  if (!person || !event.workspace) return;
  const auto row = writing.tx().one("SELECT role FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                                    {*event.workspace, *person});
  if (!row) return;
  NewNotification made;
  made.kind = "access.given";
  made.args = json_of({{"role", row->text(0)}, {"scope", "workspace"}});
  made.subject = workspace_subject(*event.workspace);
  made.by = event.by;
  writing.tell(*person, std::move(made));
}

// Everybody who can decide on requests, however she came by the right.
std::vector<Id> secretaries(storage::Snapshot& snapshot) {
  std::vector<Id> people;
  for (const auto& row : snapshot.all("SELECT id FROM person WHERE is_admin = 1")) people.push_back(row.id(0));
  for (const auto& row :
       snapshot.all("SELECT DISTINCT holder_kind, holder_id FROM access_grant WHERE scope_kind = 'instance'"))
    for (const Id each : people_of_holder(snapshot, row.text(0), row.text(1)))
      if (std::ranges::find(people, each) == people.end()) people.push_back(each);
  std::erase_if(people, [&](Id person) {
    const auto may = rights::permissions(snapshot, person, rights::kInstance);
    return !may || !may->has(rights::Permission::people_invite) || !may->has(rights::Permission::people_manage);
  });
  return people;
}

void on_access_requested(Writing& writing, const Event& event) {
  NewNotification made;
  made.importance = Class::action;
  made.kind = "access.requested";
  made.subject = {"access_request", event.object, "/administration/demandes"};
  for (const Id person : secretaries(writing.tx())) writing.tell(person, made);
}

// Who has an account already is told inside too; the link is in the mail alone, so no second one goes out.
void on_invited(Writing& writing, const Event& event) {
  const auto row = writing.tx().one(
      "SELECT a.person_id FROM invitation i JOIN account a ON a.email_folded = i.email_folded WHERE i.id = ?",
      {event.object});
  if (!row) return;
  NewNotification made;
  made.importance = Class::action;
  made.kind = "invitation.received";
  made.subject = {"invitation", event.object, ""};
  made.by = event.by;
  made.by_mail = false;
  writing.tell(row->id(0), std::move(made));
}

void on_invitation_accepted(Writing& writing, const Event& event) {
  const auto row = writing.tx().one("SELECT invited_by FROM invitation WHERE id = ?", {event.object});
  const auto inviter = row ? row->id_or_null(0) : std::nullopt;
  if (!inviter || !event.by) return;
  NewNotification made;
  made.importance = Class::quiet;
  made.kind = "invitation.accepted";
  made.group = "invitation.accepted";
  if (event.workspace) {
    made.subject = workspace_subject(*event.workspace);
    made.subject.url += "/membres";
    made.group += " " + made.subject.id;
  }
  made.by = event.by;
  writing.tell(*inviter, std::move(made));
}

void on_event(Writing& writing, const Event& event) {
  const auto verb = journal::parse_verb(event.verb);
  if (!verb) return;
  switch (*verb) {
    case Verb::document_created:
    case Verb::document_imported: return on_document_created(writing, event);
    case Verb::document_edited:
    case Verb::document_renamed: return on_document_changed(writing, event);
    case Verb::grant_added: return on_grant(writing, event);
    case Verb::member_added:
    case Verb::member_role_changed: return on_member(writing, event);
    case Verb::access_requested: return on_access_requested(writing, event);
    case Verb::invitation_created: return on_invited(writing, event);
    case Verb::invitation_accepted: return on_invitation_accepted(writing, event);
    default: return;
  }
}

std::vector<Event> read_events(storage::Snapshot& snapshot, std::int64_t after) {
  std::vector<Event> events;
  for (const auto& row : snapshot.all("SELECT sequence, actor_id, workspace_id, verb, object_kind, object_id "
                                      "FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
                                      {after, kEventsPerStep}))
    events.push_back(
        {row.integer(0), Id::parse(row.text(1)), Id::parse(row.text(2)), row.text(3), row.text(4), row.text(5)});
  return events;
}

std::optional<std::int64_t> read_cursor(storage::Snapshot& snapshot) {
  const auto row = snapshot.one("SELECT value FROM setting WHERE key = ?", {kCursor});
  if (!row) return std::nullopt;
  const std::string text = row->text(0);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void write_cursor(storage::Transaction& tx, std::int64_t sequence) {
  tx.run("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
         {kCursor, std::to_string(sequence)});
}

Produced produce(storage::Transaction& tx, bool has_mail, Instant now) {
  Produced produced;
  const auto cursor = read_cursor(tx);
  const std::int64_t end = tx.one("SELECT COALESCE(MAX(sequence), 0) FROM journal")->integer(0);
  // A backup that was brought back is behind its cursor only if somebody mixed two states: start anew, tell nobody.
  if (!cursor || *cursor > end) {
    write_cursor(tx, end);
    return produced;
  }
  const auto events = read_events(tx, *cursor);
  if (events.empty()) return produced;
  Writing writing(tx, has_mail, now, produced);
  for (const Event& event : events) {
    on_event(writing, event);
    if (event.workspace)
      produced.happened.push_back(
          {*event.workspace, event.verb, event.object_kind, event.object, event.by ? event.by->to_string() : ""});
  }
  write_cursor(tx, events.back().sequence);
  produced.more = events.size() == static_cast<std::size_t>(kEventsPerStep);
  return produced;
}

std::string days_later(Instant now, int days) {
  return organisations::today(now + std::chrono::hours(24) * days);
}

}  // namespace

Result<Produced> Producer::step() {
  // Looks first: most of the time there is nothing, and the writer is left alone.
  auto look = environment_.database.read_now([](storage::Snapshot& snapshot) -> Result<bool> {
    const auto cursor = read_cursor(snapshot);
    const auto end = snapshot.one("SELECT COALESCE(MAX(sequence), 0) FROM journal")->integer(0);
    return !cursor || *cursor != end;
  });
  if (!look) return std::unexpected(std::move(look).error());
  if (!*look) return Produced{};
  const Instant now = environment_.clock.now();
  const bool has_mail = has_mail_;
  return environment_.database.write_now(
      [has_mail, now](storage::Transaction& tx) -> Result<Produced> { return produce(tx, has_mail, now); });
}

Result<Produced> Producer::remind() {
  const Instant now = environment_.clock.now();
  const bool has_mail = has_mail_;
  return environment_.database.write_now([has_mail, now](storage::Transaction& tx) -> Result<Produced> {
    Produced produced;
    Writing writing(tx, has_mail, now, produced);
    // Its line is its own memory: whoever dismissed or read it is not told again, until another last day is set.
    for (const auto& row :
         tx.all("SELECT m.id, m.person_id, m.last_day FROM mandate m WHERE m.last_day >= ? AND m.last_day <= ? AND "
                "NOT EXISTS (SELECT 1 FROM notification n WHERE n.person_id = m.person_id AND "
                "n.group_key = 'mandate.ending ' || m.id || ' ' || m.last_day) ORDER BY m.last_day LIMIT ?",
                {organisations::today(now), days_later(now, kMandateNoticeDays), kEventsPerStep})) {
      NewNotification made;
      made.importance = Class::action;
      made.kind = "mandate.ending";
      made.subject = {"mandate", row.text(0), "/compte"};
      made.group = "mandate.ending " + row.text(0) + ' ' + row.text(2);
      writing.tell(row.id(1), std::move(made));
    }
    return produced;
  });
}

}  // namespace cluse::domain::notifications
