// The journal, what we know about a person, and her erasure.

#include "server/api/route.h"
#include "server/api/shapes.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace cluse::api {
namespace {

Result<std::optional<std::int64_t>> query_number(const Call& call, const std::string& name) {
  const std::string text = call.query(name);
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(Errc::invalid, "field_invalid", "not a number", name);
  return std::optional(value);
}

int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "2026-11-22": that day, in UTC. Plus `days`.
Result<std::optional<Instant>> query_day(const Call& call, const std::string& name, int days) {
  const std::string text = call.query(name);
  if (text.empty()) return std::optional<Instant>();
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const int year = shaped ? digits(text, 0, 4) : -1, month = shaped ? digits(text, 5, 2) : -1,
            day = shaped ? digits(text, 8, 2) : -1;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1 || month < 1 || day < 1 || !date.ok()) return fail(Errc::invalid, "field_invalid", "no date", name);
  const auto since = std::chrono::sys_days(date).time_since_epoch() + std::chrono::days(days);
  return std::optional(Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()});
}

Result<domain::JournalQuery> query_of(const Call& call) {
  domain::JournalQuery query;
  CLUSE_TRY(person, call.query_id("person"));
  CLUSE_TRY(object, call.query_id("object"));
  CLUSE_TRY(workspace, call.query_id("workspace"));
  CLUSE_TRY(from, query_day(call, "from", 0));
  CLUSE_TRY(to, query_day(call, "to", 1));
  CLUSE_TRY(before, query_number(call, "before"));
  CLUSE_TRY(limit, query_number(call, "limit"));
  query.person = person;
  query.object = object;
  query.workspace = workspace;
  query.from = from;
  query.to = to;
  query.before = before;
  if (limit) query.limit = static_cast<int>(std::clamp<std::int64_t>(*limit, 0, domain::kJournalPageMax + 1));
  if (const std::string verb = call.query("verb"); !verb.empty()) {
    query.verb = domain::journal::parse_verb(verb);
    if (!query.verb) return fail(Errc::invalid, "field_invalid", "no such verb", "verb");
  }
  return query;
}

boost::json::object entry_json(const domain::JournalEntry& entry) {
  boost::json::object json{{"sequence", entry.sequence},
                           {"at", to_rfc3339(entry.at)},
                           {"verb", entry.verb},
                           {"actor", to_json_or_null(entry.actor)},
                           {"hat_id", id_or_null(entry.hat)},
                           {"object", nullptr},
                           {"workspace", nullptr},
                           {"request", entry.request},
                           {"details", boost::json::object()},
                           {"details_erased", entry.details_erased}};
  if (entry.object)
    json["object"] = boost::json::object{
        {"kind", entry.object_kind}, {"id", entry.object->to_string()}, {"name", entry.object_name}};
  if (entry.workspace)
    json["workspace"] = boost::json::object{{"id", entry.workspace->to_string()}, {"name", entry.workspace_name}};
  boost::system::error_code malformed;
  if (auto details = boost::json::parse(entry.details, malformed); !malformed && details.is_object())
    json["details"] = std::move(details);
  return json;
}

Task<Reply> list_journal(Backend backend, Call call) {
  CLUSE_CO_TRY(query, query_of(call));
  auto page = co_await backend.services->records.page(*call.actor, query);
  if (!page) co_return std::unexpected(std::move(page).error());
  boost::json::array entries;
  for (const auto& entry : page->entries) entries.push_back(entry_json(entry));
  boost::json::object body{{"events", std::move(entries)}, {"before", nullptr}};
  if (page->before) body["before"] = *page->before;
  co_return answer(200, body);
}

Task<Reply> journal_state(Backend backend, Call call) {
  std::optional<domain::journal::KnownHead> known;
  if (const std::string head = call.query("head"); !head.empty()) {
    known = domain::journal::parse_head(head);
    if (!known) co_return fail(Errc::invalid, "field_invalid", "no head", "head");
  }
  auto verdict = co_await backend.services->records.verify(*call.actor, std::move(known));
  if (!verdict) co_return std::unexpected(std::move(verdict).error());
  boost::json::object body{{"events", verdict->events},
                           {"erased", verdict->erased},
                           {"head", std::to_string(verdict->events) + ":" + verdict->head},
                           {"finding", nullptr}};
  if (verdict->finding)
    body["finding"] = boost::json::object{{"fault", std::string(to_text(verdict->finding->fault))},
                                          {"sequence", verdict->finding->sequence},
                                          {"found_at", verdict->finding->found_at}};
  co_return answer(200, body);
}

net::Response download(std::string body, std::string_view type, std::string_view name) {
  net::Response response = net::Response::empty(200);
  response.with("Content-Type", std::string(type));
  response.with("Content-Disposition", "attachment; filename=\"" + std::string(name) + "\"");
  response.with("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

Task<Reply> export_journal(Backend backend, Call call) {
  auto lines = co_await backend.services->records.export_lines(*call.actor);
  if (!lines) co_return std::unexpected(std::move(lines).error());
  co_return download(std::move(*lines), "text/plain; charset=utf-8", "journal.jsonl");
}

Task<Reply> export_me(Backend backend, Call call) {
  auto exported = co_await backend.services->personal_data.export_mine(*call.actor);
  if (!exported) co_return std::unexpected(std::move(exported).error());
  co_return download(std::move(*exported), "application/json", "cluse.json");
}

Task<Reply> erase_person(Backend backend, Call call) {
  CLUSE_CO_TRY(id, call.id(0, "person_not_found"));
  auto erased = co_await backend.services->personal_data.erase(*call.actor, id);
  if (!erased) co_return std::unexpected(std::move(erased).error());
  co_return net::Response::empty(204);
}

constexpr Route kRoutes[] = {
    {"GET", "/api/v1/journal", Access::signed_in, 0, list_journal},
    {"GET", "/api/v1/journal/state", Access::signed_in, 0, journal_state},
    {"GET", "/api/v1/journal/export", Access::signed_in, 0, export_journal},
    {"GET", "/api/v1/me/export", Access::signed_in, 0, export_me},
    {"POST", "/api/v1/people/{id}/erase", Access::administrator, kJsonBytesMax, erase_person},
};

}  // namespace

std::span<const Route> journal_routes() {
  return kRoutes;
}

}  // namespace cluse::api
