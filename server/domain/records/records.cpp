#include "server/domain/records/records.h"

#include "server/domain/identity/actor.h"
#include "server/domain/journal/lookup.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace cluse::domain {
namespace {

constexpr int kExportPage = 2'000;

/// A WHERE clause and its values, grown together.
struct Filter {
  std::string sql = "WHERE 1 = 1";
  std::vector<storage::Value> values;
  void add(std::string_view condition, std::initializer_list<storage::Value> more) {
    sql.append(" AND ").append(condition);
    values.insert(values.end(), more.begin(), more.end());
  }
};

Filter filter_of(const JournalQuery& query) {
  Filter filter;
  if (query.person) filter.add("(j.actor_id = ? OR j.object_id = ?)", {*query.person, *query.person});
  if (query.object) filter.add("j.object_id = ?", {*query.object});
  if (query.workspace) filter.add("j.workspace_id = ?", {*query.workspace});
  if (query.verb) filter.add("j.verb = ?", {to_text(*query.verb)});
  if (query.from) filter.add("j.at >= ?", {*query.from});
  if (query.to) filter.add("j.at < ?", {*query.to});
  if (query.before) filter.add("j.sequence < ?", {*query.before});
  return filter;
}

std::optional<Id> id_of(const storage::Row& row, std::size_t at) {
  return Id::parse(row.text(at));
}

constexpr std::string_view kColumns =
    "SELECT j.sequence, j.at, j.verb, j.object_kind, j.actor_id, j.hat_id, j.object_id, j.workspace_id, j.request_id, "
    "COALESCE(doc.title, per.name, org.name, ter.name, own.name, ''), COALESCE(w.name, ''), j.body, j.erased_by ";
constexpr std::string_view kEvents = "FROM journal j ";
constexpr std::string_view kListed = "FROM journal_lookup l JOIN journal j ON j.sequence = l.sequence ";
// At most one of the joins finds a name: an id belongs to one kind.
constexpr std::string_view kNames =
    "LEFT JOIN document doc ON doc.id = j.object_id LEFT JOIN person per ON per.id = j.object_id "
    "LEFT JOIN organisation org ON org.id = j.object_id LEFT JOIN territory ter ON ter.id = j.object_id "
    "LEFT JOIN workspace own ON own.id = j.object_id LEFT JOIN workspace w ON w.id = j.workspace_id ";

using Rows = std::vector<storage::Row>;

Rows latest(storage::Snapshot& snapshot, std::string_view from, Filter filter, std::string_view order,
            std::int64_t limit) {
  filter.values.emplace_back(limit);
  const std::string sql = std::string(kColumns).append(from).append(kNames) + filter.sql + " ORDER BY " +
                          std::string(order) + " DESC LIMIT ?";
  return snapshot.all(sql, storage::Parameters(std::span<const storage::Value>(filter.values)));
}

// Of one id: first what is not in the lookup yet, event by event, then what is.
Rows latest_of(storage::Snapshot& snapshot, Id id, const Filter& filter, std::int64_t limit) {
  Filter fresh = filter, listed = filter;
  const std::int64_t entered = journal::entered_up_to(snapshot);
  fresh.add("j.sequence > ?", {entered});
  Rows rows = latest(snapshot, kEvents, std::move(fresh), "j.sequence", limit);
  const auto left = limit - std::ssize(rows);
  if (left == 0) return rows;
  listed.add("l.id = ? AND l.sequence <= ?", {id, entered});
  for (auto& row : latest(snapshot, kListed, std::move(listed), "l.sequence", left)) rows.push_back(std::move(row));
  return rows;
}

Rows rows_of(storage::Snapshot& snapshot, const JournalQuery& query) {
  const Filter filter = filter_of(query);
  if (query.object) return latest_of(snapshot, *query.object, filter, query.limit + 1);
  if (query.person) return latest_of(snapshot, *query.person, filter, query.limit + 1);
  return latest(snapshot, kEvents, filter, "j.sequence", query.limit + 1);
}

JournalEntry entry_from(const storage::Row& row, PeopleReader& people) {
  JournalEntry entry;
  entry.sequence = row.integer(0);
  entry.at = row.instant(1);
  entry.verb = row.text(2);
  entry.object_kind = row.text(3);
  entry.actor = people.find(id_of(row, 4), id_of(row, 5));
  entry.hat = id_of(row, 5);
  entry.object = id_of(row, 6);
  entry.workspace = id_of(row, 7);
  entry.request = row.text(8);
  entry.object_name = row.text(9);
  entry.workspace_name = row.text(10);
  entry.details = row.text_or(11, "");
  entry.details_erased = !row.is_null(12);
  return entry;
}

}  // namespace

Task<Result<JournalPage>> Records::page(Actor actor, JournalQuery query) {
  if (!actor.may(rights::Permission::journal_read)) co_return fail(Errc::denied, "denied");
  if (query.limit < 1 || query.limit > kJournalPageMax) co_return fail(Errc::invalid, "field_invalid", "", "limit");
  auto body = [query](storage::Snapshot& snapshot) -> Result<JournalPage> {
    const auto rows = rows_of(snapshot, query);
    JournalPage page;
    PeopleReader people(snapshot);
    for (const auto& row : rows) page.entries.push_back(entry_from(row, people));
    if (std::ssize(page.entries) > query.limit) {
      page.entries.pop_back();
      page.before = page.entries.back().sequence;
    }
    return page;
  };
  auto page = co_await environment_.database.read(std::move(body));
  co_return page;
}

Task<Result<journal::Verdict>> Records::verify(Actor actor, std::optional<journal::KnownHead> known) {
  if (!actor.may(rights::Permission::journal_read)) co_return fail(Errc::denied, "denied");
  // Shared with the closures, which run one after the other; one that runs again goes on where it was.
  const auto verifier = std::make_shared<journal::Verifier>(std::move(known));
  for (bool more = true; more;) {
    auto body = [verifier](storage::Snapshot& snapshot) -> Result<bool> { return verifier->next(snapshot); };
    auto walked = co_await environment_.database.read(std::move(body));
    if (!walked) co_return std::unexpected(std::move(walked).error());
    more = *walked;
  }
  co_return verifier->verdict();
}

Task<Result<std::string>> Records::export_lines(Actor actor) {
  if (!actor.may(rights::Permission::journal_read)) co_return fail(Errc::denied, "denied");
  auto note = [actor, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    if (journal::head_of(tx).sequence > kJournalExportMax) return fail(Errc::too_large, "journal_too_long");
    journal::append(
        tx, {author_of(actor), journal::Verb::journal_exported, journal::ObjectKind::instance, {}, {}, now, {}});
    return {};
  };
  auto noted = co_await environment_.database.write(std::move(note));
  if (!noted) co_return std::unexpected(std::move(noted).error());
  std::string lines;
  for (std::int64_t last = 0;;) {
    auto body = [last](storage::Snapshot& snapshot) -> Result<std::vector<journal::Record>> {
      return journal::read_records(snapshot, last, kExportPage);
    };
    auto records = co_await environment_.database.read(std::move(body));
    if (!records) co_return std::unexpected(std::move(records).error());
    if (records->empty()) break;
    for (const auto& record : *records) lines += journal::to_json_line(record);
    last = records->back().sequence;
  }
  co_return lines;
}

}  // namespace cluse::domain
