#include "server/domain/organisations/organisation_rows.h"

#include "server/base/assert.h"
#include "server/base/civil_date.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/text.h"

#include <algorithm>
#include <set>

namespace cluse::domain {
namespace {

using organisations::Days;

constexpr std::size_t kNameMax = 120;
constexpr std::size_t kShortNameMax = 40;
constexpr std::size_t kKindMax = 60;

#define CLUSE_ORGANISATION_COLUMNS "o.id, o.name, o.short_name, o.country, o.kind"

Organisation organisation_from(const storage::Row& row, std::size_t at) {
  return {row.id(at), row.text(at + 1), row.text(at + 2), row.text(at + 3), row.text(at + 4)};
}

std::optional<Organisation> find_organisation(storage::Snapshot& snapshot, std::optional<Id> id) {
  if (!id) return std::nullopt;
  const auto row = snapshot.one("SELECT " CLUSE_ORGANISATION_COLUMNS " FROM organisation o WHERE o.id = ?", {*id});
  return row ? std::optional(organisation_from(*row, 0)) : std::nullopt;
}

std::vector<Organisation> children_of(storage::Snapshot& snapshot, Id id) {
  std::vector<Organisation> children;
  for (const auto& row : snapshot.all("SELECT " CLUSE_ORGANISATION_COLUMNS
                                      " FROM organisation o WHERE o.parent_id = ? ORDER BY o.name_folded, o.id",
                                      {id}))
    children.push_back(organisation_from(row, 0));
  return children;
}

std::vector<Membership> memberships_from(const std::vector<storage::Row>& rows, const std::string& today) {
  std::vector<Membership> memberships;
  for (const auto& row : rows)
    memberships.push_back({row.id(0), organisation_from(row, 3), organisations::shown_first(row.text(1)),
                           organisations::shown_last(row.text(2)), Days{row.text(1), row.text(2)}.holds(today)});
  std::ranges::stable_partition(memberships, [](const Membership& each) { return each.is_current; });
  return memberships;
}

std::vector<RegistryNumber> numbers_of(storage::Snapshot& snapshot, Id id) {
  std::vector<RegistryNumber> numbers;
  for (const auto& row :
       snapshot.all("SELECT kind, number FROM organisation_number WHERE organisation_id = ? ORDER BY kind", {id}))
    if (const auto kind = registry::parse_kind(row.text(0))) numbers.push_back({*kind, row.text(1)});
  return numbers;
}

// Walks up from `parent`: whoever meets `self` there would be above herself.
Result<void> check_parent(storage::Snapshot& snapshot, Id self, std::optional<Id> parent) {
  int depth = 0;
  for (std::optional<Id> at = parent; at; ++depth) {
    if (*at == self) return fail(Errc::conflict, "organisation_cycle", "", "parent_id");
    if (depth >= kOrganisationDepthMax) return fail(Errc::conflict, "organisation_too_deep", "", "parent_id");
    const auto row = snapshot.one("SELECT parent_id FROM organisation WHERE id = ?", {*at});
    if (!row) return fail(Errc::invalid, "field_invalid", "no such parent", "parent_id");
    at = row->id_or_null(0);
  }
  return {};
}

// Everything that `body` is a member of within `days`, by whatever way: `self` may not be among it.
Result<void> check_membership_cycle(storage::Snapshot& snapshot, Id self, Id body, const Days& days) {
  std::set<Id> seen;
  std::vector<Id> open{body};
  while (!open.empty()) {
    const Id at = open.back();
    open.pop_back();
    if (at == self) return fail(Errc::conflict, "organisation_cycle", "", "body_id");
    if (!seen.insert(at).second) continue;
    for (const auto& row : snapshot.all("SELECT body_id FROM organisation_membership WHERE organisation_id = ? "
                                        "AND first_day <= ? AND last_day >= ?",
                                        {at, days.last, days.first}))
      open.push_back(row.id(0));
  }
  return {};
}

Result<void> check_membership_overlap(storage::Snapshot& snapshot, Id organisation, Id body, const Days& days,
                                      Id self) {
  const auto other = snapshot.one(
      "SELECT 1 FROM organisation_membership WHERE organisation_id = ? AND body_id = ? "
      "AND first_day <= ? AND last_day >= ? AND id <> ? LIMIT 1",
      {organisation, body, days.last, days.first, self});
  if (other) return fail(Errc::conflict, "membership_overlaps", "", "first_day");
  return {};
}

std::string field_of(registry::NumberKind kind) {
  return "numbers." + std::string(registry::code_of(kind));
}

// Each number checked and normalised, a SIRET against the SIREN beside it.
Result<std::vector<registry::Number>> checked(const std::vector<RegistryNumber>& numbers) {
  std::vector<registry::Number> good;
  for (const auto& [kind, text] : numbers) {
    if (std::ranges::find(kOrganisationNumbers, kind) == std::end(kOrganisationNumbers) ||
        std::ranges::find(good, kind, &registry::Number::kind) != good.end())
      return fail(Errc::invalid, "field_invalid", "not a register of organisations, or twice", field_of(kind));
    auto number = registry::parse(kind, text);
    if (!number) return std::unexpected(number.error().to_error(field_of(kind)));
    good.push_back(std::move(*number));
  }
  const auto siren = std::ranges::find(good, registry::NumberKind::siren, &registry::Number::kind);
  const auto siret = std::ranges::find(good, registry::NumberKind::siret, &registry::Number::kind);
  if (siren != good.end() && siret != good.end() && registry::siren_of(*siret) != siren->normalised)
    return fail(Errc::invalid, "registry_numbers_differ", "", field_of(registry::NumberKind::siret));
  return good;
}

Result<void> write_numbers(storage::Transaction& tx, Id id, const std::vector<RegistryNumber>& numbers) {
  CLUSE_TRY(good, checked(numbers));
  tx.run("DELETE FROM organisation_number WHERE organisation_id = ?", {id});
  for (const auto& number : good) {
    const auto kind = registry::code_of(number.kind);
    if (tx.one("SELECT 1 FROM organisation_number WHERE kind = ? AND number = ?", {kind, number.normalised}))
      return fail(Errc::conflict, "registry_number_taken", number.normalised, field_of(number.kind));
    tx.run("INSERT INTO organisation_number (organisation_id, kind, number) VALUES (?, ?, ?)",
           {id, kind, number.normalised});
  }
  return {};
}

}  // namespace

Result<OrganisationDetail> organisation_detail(storage::Snapshot& snapshot, Id id, const std::string& today) {
  const auto row = snapshot.one(
      "SELECT " CLUSE_ORGANISATION_COLUMNS ", o.territory_id, o.parent_id FROM organisation o WHERE o.id = ?", {id});
  if (!row) return fail(Errc::not_found, "organisation_not_found");
  OrganisationDetail detail;
  detail.organisation = organisation_from(*row, 0);
  const auto day = parse_civil_date(today);
  CLUSE_ASSERT(day.has_value(), "today is a day");
  if (const auto unit = row->id_or_null(5)) detail.territory = territories::find(snapshot, *unit, *day);
  detail.parent = find_organisation(snapshot, row->id_or_null(6));
  detail.children = children_of(snapshot, id);
  detail.numbers = numbers_of(snapshot, id);
  detail.bodies =
      memberships_from(snapshot.all("SELECT s.id, s.first_day, s.last_day, " CLUSE_ORGANISATION_COLUMNS
                                    " FROM organisation_membership s JOIN organisation o ON o.id = s.body_id "
                                    "WHERE s.organisation_id = ? ORDER BY o.name_folded, s.first_day DESC, s.id",
                                    {id}),
                       today);
  detail.members =
      memberships_from(snapshot.all("SELECT s.id, s.first_day, s.last_day, " CLUSE_ORGANISATION_COLUMNS
                                    " FROM organisation_membership s JOIN organisation o ON o.id = s.organisation_id "
                                    "WHERE s.body_id = ? ORDER BY o.name_folded, s.first_day DESC, s.id",
                                    {id}),
                       today);
  PeopleReader people(snapshot);
  for (auto& mandate : mandates_in(snapshot, id, today))
    if (auto person = people.find(mandate.person_id)) detail.mandates.push_back({std::move(*person), mandate});
  return detail;
}

Result<void> update_organisation(storage::Transaction& tx, Id id, const OrganisationContent& content) {
  CLUSE_TRY(name, clean_line(content.name, "name", kNameMax));
  CLUSE_TRY(short_name, clean_line(content.short_name, "short_name", kShortNameMax, false));
  CLUSE_TRY(kind, clean_line(content.kind, "kind", kKindMax, false));
  if (content.country != "F" && content.country != "CH") return fail(Errc::invalid, "field_invalid", "", "country");
  const std::string folded = fold(name);
  if (tx.one("SELECT 1 FROM organisation WHERE name_folded = ? AND country = ? AND id <> ?",
             {folded, content.country, id}))
    return fail(Errc::conflict, "organisation_taken", "", "name");
  if (content.territory_id && !tx.one("SELECT 1 FROM territorial_unit WHERE id = ?", {*content.territory_id}))
    return fail(Errc::invalid, "field_invalid", "no such territory", "territory_id");
  CLUSE_CHECK(check_parent(tx, id, content.parent_id));
  const auto changed = tx.run(
      "UPDATE organisation SET name = ?, name_folded = ?, short_name = ?, country = ?, kind = ?, territory_id = ?, "
      "parent_id = ? WHERE id = ?",
      {name, folded, short_name.empty() ? name : short_name, content.country, kind, content.territory_id,
       content.parent_id, id});
  if (changed == 0) return fail(Errc::not_found, "organisation_not_found");
  return write_numbers(tx, id, content.numbers);
}

Result<Id> insert_membership(storage::Transaction& tx, Id organisation, const NewMembership& membership, Instant now) {
  CLUSE_TRY(days, organisations::parse_days(membership.first_day, membership.last_day));
  if (!find_organisation(tx, organisation)) return fail(Errc::not_found, "organisation_not_found");
  if (!find_organisation(tx, membership.body_id))
    return fail(Errc::invalid, "field_invalid", "no such organisation", "body_id");
  const auto count = tx.one("SELECT COUNT(*) FROM organisation_membership WHERE organisation_id = ?", {organisation});
  if (static_cast<std::size_t>(count->integer(0)) >= kMembershipsPerOrganisationMax)
    return fail(Errc::conflict, "too_many_memberships");
  const Id id = new_id(now);
  CLUSE_CHECK(check_membership_overlap(tx, organisation, membership.body_id, days, id));
  CLUSE_CHECK(check_membership_cycle(tx, organisation, membership.body_id, days));
  tx.run(
      "INSERT INTO organisation_membership (id, organisation_id, body_id, first_day, last_day) VALUES (?, ?, ?, ?, ?)",
      {id, organisation, membership.body_id, days.first, days.last});
  return id;
}

Result<void> update_membership(storage::Transaction& tx, Id organisation, Id membership,
                               const std::optional<std::string>& first_day,
                               const std::optional<std::string>& last_day) {
  CLUSE_TRY(days, organisations::parse_days(first_day, last_day));
  const auto row = tx.one("SELECT body_id FROM organisation_membership WHERE id = ? AND organisation_id = ?",
                          {membership, organisation});
  if (!row) return fail(Errc::not_found, "membership_not_found");
  CLUSE_CHECK(check_membership_overlap(tx, organisation, row->id(0), days, membership));
  CLUSE_CHECK(check_membership_cycle(tx, organisation, row->id(0), days));
  tx.run("UPDATE organisation_membership SET first_day = ?, last_day = ? WHERE id = ?",
         {days.first, days.last, membership});
  return {};
}

}  // namespace cluse::domain
