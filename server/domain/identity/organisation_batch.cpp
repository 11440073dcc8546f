#include "server/domain/identity/organisation_batch.h"

#include "server/domain/identity/batch_letters.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/days.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/workspaces/members.h"

#include <algorithm>
#include <utility>

namespace cluse::domain {
namespace {

using Outcome = BatchRow::Outcome;

/// Who a row is about: a person, or an invitation that nobody has taken.
struct Plan {
  BatchRow row;
  std::optional<Id> person, invitation;
  bool joins = false;
};

struct Asking {
  const Actor& actor;
  const BatchTarget& target;
  rights::Permissions own;
  bool mail;
  Instant now;
};

Result<rights::Permissions> check_may(storage::Snapshot& snapshot, const Actor& actor, const BatchTarget& target) {
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, rights::kInstance));
  if (!allowed.has(rights::Permission::people_invite) || !allowed.has(rights::Permission::people_manage))
    return fail(Errc::denied, "denied");
  if (target.workspace_id) CLUSE_CHECK(require_role(snapshot, actor, *target.workspace_id, Role::manager));
  return allowed;
}

void refuse(Plan& plan, std::string_view code) {
  plan.row.outcome = Outcome::refused;
  plan.row.code = code;
}

CsvPerson person_of(const storage::Row& row, const std::string& organisation) {
  CsvPerson person;
  person.email = row.text(1);
  person.name = row.text(2);
  person.function = row.text(3);
  person.organisation = organisation;
  person.language = row.text(4).starts_with("de") ? "de" : "fr";
  return person;
}

Result<void> plan_person(storage::Snapshot& snapshot, const Asking& asking, Plan& plan, bool has_way,
                         bool is_suspended) {
  const auto& target = asking.target;
  if (is_suspended) {
    refuse(plan, "account_suspended");
    return {};
  }
  plan.joins =
      target.workspace_id && !snapshot.one("SELECT 1 FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                                           {*target.workspace_id, *plan.person});
  plan.row.outcome = plan.joins ? Outcome::add : Outcome::already_here;
  if (has_way) return {};
  CLUSE_TRY(hers, rights::permissions(snapshot, *plan.person, rights::kInstance));
  if (!asking.own.includes(hers)) {
    refuse(plan, "denied");
    return {};
  }
  plan.row.is_link = true;
  const bool open = snapshot
                        .one(
                            "SELECT 1 FROM sign_in_link WHERE person_id = ? AND purpose = 'password' AND used_at IS "
                            "NULL AND expires_at > ? LIMIT 1",
                            {*plan.person, asking.now})
                        .has_value();
  if (!open) plan.row.outcome = Outcome::invite;
  else if (!plan.joins) plan.row.outcome = Outcome::already_invited;
  return {};
}

Result<void> add_people(storage::Snapshot& snapshot, const Asking& asking, Id organisation, const std::string& name,
                        std::vector<Plan>& plans) {
  const std::string day = organisations::today(asking.now);
  const auto rows = snapshot.all(
      "SELECT p.id, a.email, p.name, p.function, p.ui_locale, p.suspended_at, "
      "CASE WHEN a.password_hash <> '' OR EXISTS (SELECT 1 FROM identity i WHERE i.person_id = p.id) "
      "OR EXISTS (SELECT 1 FROM passkey k WHERE k.person_id = p.id) THEN 1 ELSE 0 END "
      "FROM person p JOIN account a ON a.person_id = p.id WHERE p.erased_at IS NULL AND p.id IN ("
      "SELECT person_id FROM mandate WHERE organisation_id = ? AND first_day <= ? AND last_day >= ? UNION "
      "SELECT id FROM person WHERE organisation_id = ? AND organisation_confirmed = 1) ORDER BY p.name_folded, p.id "
      "LIMIT ?",
      {organisation, day, day, organisation, kCsvRowsMax + 1});
  for (const auto& row : rows) {
    const Id person = row.id(0);
    if (std::ranges::any_of(plans, [&](const Plan& plan) { return plan.person == person; })) continue;
    Plan plan;
    plan.person = person;
    plan.row.person = person_of(row, name);
    CLUSE_CHECK(plan_person(snapshot, asking, plan, row.flag(6), !row.is_null(5)));
    plans.push_back(std::move(plan));
  }
  return {};
}

void add_invitations(storage::Snapshot& snapshot, const Asking& asking, Id organisation, const std::string& name,
                     std::vector<Plan>& plans) {
  const auto rows = snapshot.all(
      "SELECT i.id, i.email, COALESCE(i.name, ''), COALESCE(i.function, ''), COALESCE(i.language, ''), i.expires_at, "
      "i.sent_at FROM invitation i WHERE i.organisation_id = ? AND i.accepted_at IS NULL AND i.email IS NOT NULL "
      "AND NOT EXISTS (SELECT 1 FROM account a WHERE a.email_folded = i.email_folded) "
      "AND NOT EXISTS (SELECT 1 FROM invitation later WHERE later.email_folded = i.email_folded AND later.id > i.id) "
      "ORDER BY i.email_folded, i.id LIMIT ?",
      {organisation, kCsvRowsMax + 1});
  for (const auto& row : rows) {
    Plan plan;
    plan.invitation = row.id(0);
    plan.row.person = person_of(row, name);
    const bool stands = row.instant(5) > asking.now && (!asking.mail || !row.is_null(6));
    plan.row.outcome = stands ? Outcome::already_invited : Outcome::renew;
    plans.push_back(std::move(plan));
  }
}

Result<std::vector<Plan>> plan_all(storage::Snapshot& snapshot, const Actor& actor,
                                   const std::vector<Id>& organisations, const BatchTarget& target, bool mail,
                                   Instant now) {
  CLUSE_TRY(own, check_may(snapshot, actor, target));
  if (organisations.empty()) return fail(Errc::invalid, "field_missing", "", "organisations");
  if (organisations.size() > kBatchOrganisationsMax) return fail(Errc::invalid, "field_too_long", "", "organisations");
  const Asking asking{actor, target, own, mail, now};
  std::vector<Plan> plans;
  for (const Id organisation : organisations) {
    const auto row = snapshot.one("SELECT name FROM organisation WHERE id = ?", {organisation});
    if (!row) return fail(Errc::invalid, "field_invalid", "no such organisation", "organisations");
    CLUSE_CHECK(add_people(snapshot, asking, organisation, row->text(0), plans));
    add_invitations(snapshot, asking, organisation, row->text(0), plans);
    if (plans.size() > kCsvRowsMax) return fail(Errc::invalid, "csv_too_many_rows");
  }
  for (std::size_t i = 0; i < plans.size(); ++i) plans[i].row.person.line = static_cast<int>(i) + 1;
  return plans;
}

void do_row(storage::Transaction& tx, const Actor& actor, Plan& plan, const BatchTarget& target, Instant now,
            Instant expires_at) {
  auto& row = plan.row;
  if (row.outcome == Outcome::refused) return;
  if (plan.joins)
    join(tx, *target.workspace_id, *plan.person, target.role.value_or(Role::reader), now, author_of(actor));
  if (row.outcome != Outcome::invite && row.outcome != Outcome::renew) return;
  row.token = new_token();
  if (plan.person) {
    tx.run(
        "INSERT INTO sign_in_link (id, token_hash, person_id, purpose, created_at, expires_at) "
        "VALUES (?, ?, ?, 'password', ?, ?)",
        {new_id(now), hash_token(row.token), *plan.person, now, expires_at});
  } else {
    tx.run("UPDATE invitation SET token_hash = ?, expires_at = ?, sent_at = NULL WHERE id = ?",
           {hash_token(row.token), expires_at, *plan.invitation});
  }
  const auto kind = plan.person ? journal::ObjectKind::person : journal::ObjectKind::invitation;
  journal::append(tx, {author_of(actor),
                       journal::Verb::invitation_created,
                       kind,
                       plan.person ? plan.person : plan.invitation,
                       target.workspace_id,
                       now,
                       {{"email", row.person.email}}});
}

std::vector<BatchRow> rows_of(std::vector<Plan> plans) {
  std::vector<BatchRow> rows;
  for (auto& plan : plans) rows.push_back(std::move(plan.row));
  return rows;
}

}  // namespace

Task<Result<std::vector<BatchRow>>> OrganisationBatch::preview(Actor actor, std::vector<Id> organisations,
                                                               BatchTarget target) {
  auto body = [actor, organisations = std::move(organisations), target, mail = letters_.is_on(),
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<std::vector<BatchRow>> {
    CLUSE_TRY(plans, plan_all(snapshot, actor, organisations, target, mail, now));
    return rows_of(std::move(plans));
  };
  auto rows = co_await environment_.database.read(std::move(body));
  co_return rows;
}

Task<Result<std::vector<BatchRow>>> OrganisationBatch::run(Actor actor, std::vector<Id> organisations,
                                                           BatchTarget target) {
  auto body = [actor, organisations = std::move(organisations), target, mail = letters_.is_on(),
               now = environment_.clock.now(),
               valid_for = policy_.valid_for](storage::Transaction& tx) -> Result<std::vector<BatchRow>> {
    CLUSE_TRY(plans, plan_all(tx, actor, organisations, target, mail, now));
    for (auto& plan : plans) do_row(tx, actor, plan, target, now, now + valid_for);
    return rows_of(std::move(plans));
  };
  auto rows = co_await environment_.database.write(std::move(body));
  if (rows && letters_.is_on()) co_await send_batch(environment_, letters_, std::move(actor), &*rows, target, policy_);
  co_return rows;
}

}  // namespace cluse::domain
