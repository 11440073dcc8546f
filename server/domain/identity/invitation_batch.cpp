#include "server/domain/identity/invitation_batch.h"

#include "server/domain/identity/batch_letters.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"
#include "server/domain/workspaces/members.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cluse::domain {
namespace {

using Outcome = BatchRow::Outcome;

constexpr std::size_t kLineMax = 160;

/// What a row means, once it is known who and what exists.
struct Plan {
  BatchRow row;
  std::string email_folded;
  std::optional<Id> organisation, person, invitation;
  bool wants_mandate = false;
};

Result<void> check_may(storage::Snapshot& snapshot, const Actor& actor, const BatchTarget& target, bool mandates) {
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, rights::kInstance));
  if (!allowed.has(rights::Permission::people_invite)) return fail(Errc::denied, "denied");
  if (mandates && !allowed.has(rights::Permission::people_manage)) return fail(Errc::denied, "denied");
  if (target.workspace_id) CLUSE_CHECK(require_role(snapshot, actor, *target.workspace_id, Role::manager));
  return {};
}

void refuse(Plan& plan, std::string_view code, std::string field) {
  plan.row.outcome = Outcome::refused;
  plan.row.code = code;
  plan.row.field = std::move(field);
}

// Fields by themselves. Cleaned in place.
Result<void> clean(Plan& plan) {
  CsvPerson& person = plan.row.person;
  if (person.email.empty()) return fail(Errc::invalid, "field_missing", "", "email");
  CLUSE_TRY(email, clean_email(person.email, "email"));
  CLUSE_TRY(name, clean_line(person.name, "name", kLineMax, false));
  CLUSE_TRY(function, clean_line(person.function, "function", kLineMax, false));
  person.email = email;
  person.name = name;
  person.function = function;
  plan.email_folded = fold_case(email);
  CLUSE_CHECK(organisations::parse_days(person.first_day, person.last_day));
  const std::string language = fold(person.language);
  person.language = language.starts_with("de") || language.starts_with("all") ? "de" : "fr";
  return {};
}

Result<void> find_organisation(storage::Snapshot& snapshot, Plan& plan) {
  const std::string& name = plan.row.person.organisation;
  if (name.empty()) return {};
  const auto rows = snapshot.all(
      "SELECT id FROM organisation WHERE name_folded = ? OR lower(short_name) = lower(?) LIMIT 2", {fold(name), name});
  if (rows.empty()) return fail(Errc::invalid, "csv_organisation_unknown", name, "organisation");
  if (rows.size() > 1) return fail(Errc::invalid, "csv_organisation_ambiguous", name, "organisation");
  plan.organisation = rows.front().id(0);
  plan.wants_mandate = !plan.row.person.function.empty();
  return {};
}

// Somebody who has an account: what of it is new to her?
Result<void> plan_account(storage::Snapshot& snapshot, Plan& plan, const BatchTarget& target, Instant now) {
  bool news = false;
  if (plan.wants_mandate) {
    const CsvPerson& person = plan.row.person;
    const auto days = organisations::parse_days(person.first_day.empty() ? organisations::today(now) : person.first_day,
                                                person.last_day);
    const auto held = snapshot.one(
        "SELECT 1 FROM mandate WHERE person_id = ? AND organisation_id = ? AND function_folded = ? "
        "AND first_day <= ? AND last_day >= ? LIMIT 1",
        {*plan.person, *plan.organisation, fold(person.function), days->last, days->first});
    // Without days of its own the row says what is so already.
    if (held && !(person.first_day.empty() && person.last_day.empty()))
      return fail(Errc::conflict, "mandate_overlaps", "", "first_day");
    if (held) plan.wants_mandate = false;
    else news = true;
  }
  if (target.workspace_id && !snapshot.one("SELECT 1 FROM workspace_member WHERE workspace_id = ? AND person_id = ?",
                                           {*target.workspace_id, *plan.person}))
    news = true;
  plan.row.outcome = news ? Outcome::add : Outcome::already_here;
  return {};
}

Result<void> plan_row(storage::Snapshot& snapshot, Plan& plan, const BatchTarget& target, bool mail, Instant now) {
  CLUSE_CHECK(clean(plan));
  CLUSE_CHECK(find_organisation(snapshot, plan));
  if (const auto account = snapshot.one("SELECT person_id FROM account WHERE email_folded = ?", {plan.email_folded})) {
    plan.person = account->id(0);
    return plan_account(snapshot, plan, target, now);
  }
  const auto open = snapshot.one(
      "SELECT id, sent_at FROM invitation WHERE email_folded = ? AND accepted_at IS NULL AND expires_at > ? "
      "AND workspace_id IS NOT DISTINCT FROM ? ORDER BY id DESC LIMIT 1",
      {plan.email_folded, now, target.workspace_id});
  plan.row.outcome = Outcome::invite;
  if (!open) return {};
  plan.invitation = open->id(0);
  plan.row.outcome = mail && open->is_null(1) ? Outcome::renew : Outcome::already_invited;
  return {};
}

std::vector<Plan> plan_all(storage::Snapshot& snapshot, const std::vector<CsvPerson>& people, const BatchTarget& target,
                           bool mail, Instant now) {
  std::vector<Plan> plans;
  std::set<std::string> seen;
  for (const auto& person : people) {
    Plan plan;
    plan.row.person = person;
    const auto planned = plan_row(snapshot, plan, target, mail, now);
    if (!planned) refuse(plan, planned.error().code, planned.error().field);
    else if (!seen.insert(plan.email_folded).second) refuse(plan, "csv_duplicate", "email");
    plans.push_back(std::move(plan));
  }
  return plans;
}

NewMandate mandate_of(const Plan& plan) {
  const CsvPerson& person = plan.row.person;
  return {*plan.organisation, person.function, Quality::technician, Seat::titular, person.first_day, person.last_day};
}

Result<void> add_to_account(storage::Transaction& tx, const Actor& actor, const Plan& plan, const BatchTarget& target,
                            Instant now) {
  if (plan.wants_mandate) {
    CLUSE_TRY(id, insert_mandate(tx, *plan.person, mandate_of(plan), now));
    journal::append(tx, {author_of(actor),
                         journal::Verb::mandate_added,
                         journal::ObjectKind::mandate,
                         id,
                         {},
                         now,
                         {{"function", plan.row.person.function}}});
  }
  if (target.workspace_id)
    join(tx, *target.workspace_id, *plan.person, target.role.value_or(Role::reader), now, author_of(actor));
  return {};
}

void insert_invitation(storage::Transaction& tx, const Actor& actor, Plan& plan, const BatchTarget& target, Instant now,
                       Instant expires_at) {
  const CsvPerson& person = plan.row.person;
  plan.row.token = new_token();
  if (plan.invitation) {
    tx.run("UPDATE invitation SET token_hash = ?, expires_at = ? WHERE id = ?",
           {hash_token(plan.row.token), expires_at, *plan.invitation});
    return;
  }
  plan.invitation = new_id(now);
  const auto role =
      target.workspace_id ? std::optional(std::string(to_text(target.role.value_or(Role::reader)))) : std::nullopt;
  tx.run(
      "INSERT INTO invitation (id, token_hash, workspace_id, role, email, email_folded, invited_by, created_at, "
      "expires_at, name, function, organisation_id, first_day, last_day, language) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {*plan.invitation, hash_token(plan.row.token), target.workspace_id, role, person.email, plan.email_folded,
       actor.person_id, now, expires_at, person.name, person.function, plan.organisation, person.first_day,
       person.last_day, person.language});
  journal::append(tx, {author_of(actor),
                       journal::Verb::invitation_created,
                       journal::ObjectKind::invitation,
                       *plan.invitation,
                       target.workspace_id,
                       now,
                       {{"email", person.email}}});
}

bool names_mandates(const std::vector<CsvPerson>& people) {
  return std::ranges::any_of(people, [](const CsvPerson& person) { return !person.organisation.empty(); });
}

std::vector<BatchRow> rows_of(std::vector<Plan> plans) {
  std::vector<BatchRow> rows;
  for (auto& plan : plans) rows.push_back(std::move(plan.row));
  return rows;
}

}  // namespace

Task<Result<std::vector<BatchRow>>> InvitationBatch::preview(Actor actor, std::string csv, BatchTarget target) {
  CLUSE_CO_TRY(people, parse_people_csv(csv));
  auto body = [actor, people = people, target, mail = letters_.is_on(),
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<std::vector<BatchRow>> {
    CLUSE_CHECK(check_may(snapshot, actor, target, names_mandates(people)));
    return rows_of(plan_all(snapshot, people, target, mail, now));
  };
  auto rows = co_await environment_.database.read(std::move(body));
  co_return rows;
}

Task<Result<std::vector<BatchRow>>> InvitationBatch::run(Actor actor, std::string csv, BatchTarget target) {
  CLUSE_CO_TRY(people, parse_people_csv(csv));
  auto body = [actor, people = people, target, mail = letters_.is_on(), now = environment_.clock.now(),
               valid_for = policy_.valid_for](storage::Transaction& tx) -> Result<std::vector<BatchRow>> {
    CLUSE_CHECK(check_may(tx, actor, target, names_mandates(people)));
    auto plans = plan_all(tx, people, target, mail, now);
    for (auto& plan : plans) {
      if (plan.row.outcome == Outcome::add) CLUSE_CHECK(add_to_account(tx, actor, plan, target, now));
      if (plan.row.outcome == Outcome::invite || plan.row.outcome == Outcome::renew)
        insert_invitation(tx, actor, plan, target, now, now + valid_for);
    }
    return rows_of(std::move(plans));
  };
  auto rows = co_await environment_.database.write(std::move(body));
  if (rows && letters_.is_on()) co_await send_batch(environment_, letters_, std::move(actor), &*rows, target, policy_);
  co_return rows;
}

}  // namespace cluse::domain
