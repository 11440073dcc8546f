#include "server/domain/organisations/mandate_rows.h"

#include "server/domain/text.h"

#include <algorithm>

namespace cluse::domain {
namespace {

using organisations::Days;

constexpr std::size_t kFunctionMax = 160;

#define CLUSE_MANDATE_SELECT                                                                 \
  "SELECT m.id, m.person_id, m.function, m.quality, m.seat, m.first_day, m.last_day, o.id, " \
  "o.name, o.short_name, o.country, o.kind FROM mandate m JOIN organisation o ON o.id = m.organisation_id "
#define CLUSE_MANDATE_ORDER \
  "ORDER BY CASE WHEN m.first_day <= ? AND m.last_day >= ? THEN 0 ELSE 1 END, m.first_day DESC, m.id"

Mandate mandate_from(const storage::Row& row, const std::string& today) {
  Mandate mandate;
  mandate.id = row.id(0);
  mandate.person_id = row.id(1);
  mandate.function = row.text(2);
  mandate.quality = parse_quality(row.text(3)).value_or(Quality::technician);
  mandate.seat = parse_seat(row.text(4)).value_or(Seat::titular);
  mandate.first_day = row.text(5);
  mandate.last_day = organisations::shown_last(row.text(6));
  mandate.is_current = Days{row.text(5), row.text(6)}.holds(today);
  mandate.organisation = {row.id(7), row.text(8), row.text(9), row.text(10), row.text(11)};
  return mandate;
}

std::vector<Mandate> mandates_from(const std::vector<storage::Row>& rows, const std::string& today) {
  std::vector<Mandate> mandates;
  mandates.reserve(rows.size());
  for (const auto& row : rows) mandates.push_back(mandate_from(row, today));
  return mandates;
}

struct Cleaned {
  std::string function, folded;
  Days days;
};

Result<Cleaned> cleaned(const NewMandate& mandate, Instant now) {
  CLUSE_TRY(function, clean_line(mandate.function, "function", kFunctionMax));
  const bool is_dated = mandate.first_day && !mandate.first_day->empty();
  CLUSE_TRY(days,
            organisations::parse_days(is_dated ? *mandate.first_day : organisations::today(now), mandate.last_day));
  return Cleaned{function, fold(function), days};
}

Result<void> check_overlap(storage::Snapshot& snapshot, Id person, Id organisation, const Cleaned& clean, Id self) {
  const auto other = snapshot.one(
      "SELECT first_day, last_day FROM mandate WHERE person_id = ? AND organisation_id = ? AND function_folded = ? "
      "AND first_day <= ? AND last_day >= ? AND id <> ? LIMIT 1",
      {person, organisation, clean.folded, clean.days.last, clean.days.first, self});
  if (!other) return {};
  return fail(Errc::conflict, "mandate_overlaps", other->text(0) + " to " + other->text(1), "first_day");
}

}  // namespace

std::string_view to_text(Quality quality) {
  return quality == Quality::elected ? "elected" : "technician";
}

std::string_view to_text(Seat seat) {
  return seat == Seat::substitute ? "substitute" : "titular";
}

std::optional<Quality> parse_quality(std::string_view text) {
  for (const auto quality : {Quality::elected, Quality::technician})
    if (to_text(quality) == text) return quality;
  return std::nullopt;
}

std::optional<Seat> parse_seat(std::string_view text) {
  for (const auto seat : {Seat::titular, Seat::substitute})
    if (to_text(seat) == text) return seat;
  return std::nullopt;
}

std::vector<Mandate> mandates_of(storage::Snapshot& snapshot, Id person, const std::string& today) {
  return mandates_from(
      snapshot.all(CLUSE_MANDATE_SELECT "WHERE m.person_id = ? " CLUSE_MANDATE_ORDER, {person, today, today}), today);
}

std::vector<Mandate> mandates_in(storage::Snapshot& snapshot, Id organisation, const std::string& today) {
  return mandates_from(snapshot.all(CLUSE_MANDATE_SELECT "WHERE m.organisation_id = ? " CLUSE_MANDATE_ORDER,
                                    {organisation, today, today}),
                       today);
}

std::optional<Mandate> find_mandate(storage::Snapshot& snapshot, Id id, const std::string& today) {
  const auto row = snapshot.one(CLUSE_MANDATE_SELECT "WHERE m.id = ?", {id});
  return row ? std::optional(mandate_from(*row, today)) : std::nullopt;
}

std::optional<Id> hat_of_session(storage::Snapshot& snapshot, Id session, const std::string& today) {
  const auto row = snapshot.one(
      "SELECT m.id FROM session s JOIN mandate m ON m.id = s.mandate_id "
      "WHERE s.id = ? AND m.first_day <= ? AND m.last_day >= ?",
      {session, today, today});
  return row ? std::optional(row->id(0)) : std::nullopt;
}

std::optional<Id> first_hat(storage::Snapshot& snapshot, Id person, const std::vector<Mandate>& mandates) {
  const auto row = snapshot.one("SELECT last_mandate_id FROM person WHERE id = ?", {person});
  const auto worn = row ? row->id_or_null(0) : std::nullopt;
  const Mandate* first = nullptr;
  for (const auto& mandate : mandates) {
    if (!mandate.is_current) continue;
    if (mandate.id == worn) return worn;
    if (first == nullptr || mandate.first_day < first->first_day) first = &mandate;
  }
  return first == nullptr ? std::nullopt : std::optional(first->id);
}

Result<Id> insert_mandate(storage::Transaction& tx, Id person, const NewMandate& mandate, Instant now) {
  CLUSE_TRY(clean, cleaned(mandate, now));
  if (!tx.one("SELECT 1 FROM person WHERE id = ?", {person})) return fail(Errc::not_found, "person_not_found");
  if (!tx.one("SELECT 1 FROM organisation WHERE id = ?", {mandate.organisation_id}))
    return fail(Errc::invalid, "field_invalid", "no such organisation", "organisation_id");
  const auto count = tx.one("SELECT COUNT(*) FROM mandate WHERE person_id = ?", {person});
  if (static_cast<std::size_t>(count->integer(0)) >= kMandatesPerPersonMax)
    return fail(Errc::conflict, "too_many_mandates");
  const Id id = new_id(now);
  CLUSE_CHECK(check_overlap(tx, person, mandate.organisation_id, clean, id));
  tx.run(
      "INSERT INTO mandate (id, person_id, organisation_id, function, function_folded, quality, seat, first_day, "
      "last_day, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, person, mandate.organisation_id, clean.function, clean.folded, to_text(mandate.quality),
       to_text(mandate.seat), clean.days.first, clean.days.last, now});
  return id;
}

Result<void> update_mandate(storage::Transaction& tx, Id id, const NewMandate& mandate, Instant now) {
  CLUSE_TRY(clean, cleaned(mandate, now));
  const auto row = tx.one("SELECT person_id, organisation_id FROM mandate WHERE id = ?", {id});
  if (!row) return fail(Errc::not_found, "mandate_not_found");
  CLUSE_CHECK(check_overlap(tx, row->id(0), row->id(1), clean, id));
  tx.run(
      "UPDATE mandate SET function = ?, function_folded = ?, quality = ?, seat = ?, first_day = ?, last_day = ? "
      "WHERE id = ?",
      {clean.function, clean.folded, to_text(mandate.quality), to_text(mandate.seat), clean.days.first, clean.days.last,
       id});
  return {};
}

bool may_stand_in(const Mandate& substitute, const Mandate& titular) {
  return substitute.seat == Seat::substitute && titular.seat == Seat::titular && substitute.is_current &&
         titular.is_current && substitute.organisation.id == titular.organisation.id &&
         fold(substitute.function) == fold(titular.function);
}

}  // namespace cluse::domain
