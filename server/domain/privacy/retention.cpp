#include "server/domain/privacy/retention.h"

#include "server/domain/journal/lookup.h"

#include <algorithm>
#include <numeric>

namespace cluse::domain {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLinksKept = std::chrono::hours(24);

milliseconds milliseconds_of(std::chrono::days days) {
  return std::chrono::duration_cast<milliseconds>(days);
}

std::string counting(ClockId id) {
  switch (id) {
    case ClockId::sessions: return "SELECT COUNT(*) FROM session";
    case ClockId::places: return "SELECT COUNT(*) FROM known_place";
    case ClockId::links: return "SELECT COUNT(*) FROM sign_in_link";
    case ClockId::invitations:
      return "SELECT (SELECT COUNT(*) FROM invitation WHERE email IS NOT NULL) + (SELECT COUNT(*) FROM access_request)";
    case ClockId::opened: return "SELECT COUNT(*) FROM recently_opened";
    case ClockId::notifications: return "SELECT COUNT(*) FROM notification";
    case ClockId::devices: break;
  }
  return "SELECT COUNT(*) FROM journal WHERE body IS NOT NULL AND erased_by IS NULL AND verb = 'session.started'";
}

// Details of events whose time has come: the device of a sign-in, the address of an invitation that nobody took.
std::vector<std::int64_t> old_details(storage::Snapshot& snapshot, journal::Verb verb, Instant before) {
  std::vector<std::int64_t> sequences;
  for (const auto& row :
       snapshot.all("SELECT sequence FROM journal WHERE body IS NOT NULL AND erased_by IS NULL AND verb = ? "
                    "AND at <= ? LIMIT ?",
                    {journal::to_text(verb), before, kSweepRowsMax}))
    sequences.push_back(row.integer(0));
  return sequences;
}

void add_details_of(storage::Snapshot& snapshot, Id object, std::vector<std::int64_t>& sequences) {
  for (const auto& row :
       snapshot.all("SELECT sequence FROM journal WHERE body IS NOT NULL AND erased_by IS NULL AND object_id = ? "
                    "AND sequence IN " +
                        std::string(journal::kEventsOf),
                    {object, object, object, object}))
    sequences.push_back(row.integer(0));
}

// What nobody answered and nobody can any more, with the details of the events about it.
struct Lapsed {
  std::vector<Id> ids;
  std::vector<std::int64_t> details;
};

/// `sql` selects ids, of at most `LIMIT ?`, older than the first `?`.
Lapsed lapsed(storage::Snapshot& snapshot, std::string_view sql, Instant before) {
  Lapsed found;
  for (const auto& row : snapshot.all(sql, {before, kSweepRowsMax})) {
    found.ids.push_back(row.id(0));
    add_details_of(snapshot, row.id(0), found.details);
  }
  return found;
}

constexpr std::string_view kLapsedInvitations =
    "SELECT id FROM invitation WHERE accepted_at IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?";
constexpr std::string_view kLapsedRequests =
    "SELECT id FROM access_request WHERE created_at <= ? ORDER BY created_at LIMIT ?";

std::int64_t take(storage::Transaction& tx, const std::string& table, const std::string& key, const std::string& column,
                  Instant before) {
  return tx.run("DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table + " WHERE " +
                    column + " <= ? LIMIT ?)",
                {before, kSweepRowsMax});
}

journal::Details details_of(const Swept& swept) {
  journal::Details details;
  for (std::size_t i = 0; i < swept.size(); ++i)
    if (swept[i] > 0) details.emplace_back(kClocks[i], std::to_string(swept[i]));
  return details;
}

std::int64_t total(const Swept& swept) {
  return std::accumulate(swept.begin(), swept.end(), std::int64_t{0});
}

std::vector<DormantAccount> dormant_accounts(storage::Snapshot& snapshot, Instant before) {
  std::vector<DormantAccount> dormant;
  for (const auto& row :
       snapshot.all("SELECT id, name, email, seen FROM (SELECT p.id AS id, p.name AS name, a.email AS email, COALESCE("
                    "acted.at, p.created_at) AS seen FROM person p JOIN account a ON a.person_id = p.id LEFT JOIN "
                    "(SELECT actor_id, MAX(at) AS at FROM journal GROUP BY actor_id) acted ON acted.actor_id = p.id) s "
                    "WHERE seen <= ? ORDER BY seen, id LIMIT ?",
                    {before, kDormantShown}))
    dormant.push_back({row.id(0), row.text(1), row.text(2), row.instant(3)});
  return dormant;
}

}  // namespace

Retention::Retention(Environment environment, const SessionPolicy& sessions, milliseconds places,
                     RetentionPolicy policy)
    : environment_(environment), sessions_(sessions), places_(places), policy_(policy) {}

milliseconds Retention::keep(ClockId id) const {
  switch (id) {
    case ClockId::sessions: return sessions_.absolute;
    case ClockId::places: return places_;
    case ClockId::links: return kLinksKept;
    case ClockId::invitations: return milliseconds_of(policy_.invitations);
    case ClockId::opened: return milliseconds_of(policy_.opened);
    case ClockId::notifications: return milliseconds_of(policy_.notifications);
    case ClockId::devices: break;
  }
  return milliseconds_of(policy_.devices);
}

std::vector<RetentionClock> Retention::clocks() const {
  std::vector<RetentionClock> clocks;
  for (std::size_t i = 0; i < kClocks.size(); ++i) {
    const auto id = static_cast<ClockId>(i);
    clocks.push_back({id, std::chrono::ceil<std::chrono::days>(keep(id)), 0});
  }
  return clocks;
}

Task<Result<RetentionView>> Retention::view(Actor actor) {
  if (!actor.is_admin) co_return fail(Errc::denied, "denied");
  auto body = [this, now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<RetentionView> {
    RetentionView view{clocks(), std::nullopt, dormant_accounts(snapshot, now - milliseconds_of(policy_.dormant))};
    for (auto& clock : view.clocks) clock.held = snapshot.one(counting(clock.id))->integer(0);
    const auto last = snapshot.one("SELECT MAX(at) FROM journal WHERE verb = ?",
                                   {journal::to_text(journal::Verb::retention_applied)});
    view.last_sweep = last->instant_or_null(0);
    return view;
  };
  auto view = co_await environment_.database.read(std::move(body));
  co_return view;
}

Swept Retention::sweep_step(storage::Transaction& tx, Instant now) const {
  const auto past = [&](ClockId id) { return now - keep(id); };
  const auto invitations = lapsed(tx, kLapsedInvitations, past(ClockId::invitations));
  const auto requests = lapsed(tx, kLapsedRequests, past(ClockId::invitations));
  auto details = old_details(tx, journal::Verb::session_started, past(ClockId::devices));
  Swept swept{};
  swept[0] = tx.run(
      "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE last_seen_at <= ? OR created_at <= ? LIMIT ?)",
      {now - sessions_.idle, now - sessions_.absolute, kSweepRowsMax});
  swept[1] = take(tx, "known_place", "person_id, address_hash", "last_at", past(ClockId::places));
  swept[2] = take(tx, "sign_in_link", "id", "expires_at", past(ClockId::links));
  for (const Id id : invitations.ids) tx.run("DELETE FROM invitation WHERE id = ?", {id});
  for (const Id id : requests.ids) tx.run("DELETE FROM access_request WHERE id = ?", {id});
  swept[3] = static_cast<std::int64_t>(invitations.ids.size() + requests.ids.size());
  swept[4] = take(tx, "recently_opened", "person_id, document_id", "at", past(ClockId::opened));
  swept[5] = static_cast<std::int64_t>(details.size());
  swept[6] = take(tx, "notification", "id", "updated_at", past(ClockId::notifications));
  if (total(swept) == 0) return swept;
  for (const auto* more : {&invitations.details, &requests.details})
    details.insert(details.end(), more->begin(), more->end());
  const std::int64_t event = journal::append(
      tx, {{}, journal::Verb::retention_applied, journal::ObjectKind::instance, {}, {}, now, details_of(swept)});
  for (const std::int64_t sequence : details) journal::erase_detail(tx, sequence, event);
  return swept;
}

Result<Swept> Retention::sweep_now() const {
  Swept all{};
  const Instant now = environment_.clock.now();
  for (;;) {
    auto step = environment_.database.write_now(
        [this, now](storage::Transaction& tx) -> Result<Swept> { return sweep_step(tx, now); });
    if (!step) return step;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += (*step)[i];
    if (std::ranges::none_of(*step, [](std::int64_t count) { return count >= kSweepRowsMax; })) return all;
  }
}

}  // namespace cluse::domain
