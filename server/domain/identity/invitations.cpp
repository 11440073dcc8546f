#include "server/domain/identity/invitations.h"

#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/text.h"
#include "server/domain/workspaces/members.h"

#include <utility>

namespace cluse::domain {
namespace {

struct Stored {
  Invitation invitation;
  std::string email_folded;
  std::optional<Id> accepted_by;
  std::optional<Id> organisation_id;  ///< set by whoever invited: where the person belongs
  NewMandate mandate;                 ///< with a function: what she gets there
};

Result<Stored> find_stored(storage::Snapshot& snapshot, const std::string& token) {
  const auto row = snapshot.one(
      "SELECT i.id, i.workspace_id, w.name, i.role, i.invited_by, i.email, i.expires_at, i.email_folded, "
      "i.accepted_by, "
      "i.organisation_id, i.function, i.first_day, i.last_day, i.name FROM invitation i LEFT JOIN workspace w ON w.id "
      "= i.workspace_id WHERE i.token_hash = ?",
      {hash_token(token)});
  if (!row) return fail(Errc::not_found, "invitation_not_found");
  Stored stored;
  stored.invitation.id = row->id(0);
  stored.invitation.workspace_id = row->id_or_null(1);
  stored.invitation.workspace_name = row->text_or(2, "");
  if (!row->is_null(3)) stored.invitation.role = parse_role(row->text(3));
  stored.invitation.invited_by = PeopleReader(snapshot).find(row->id(4));
  if (!row->is_null(5)) stored.invitation.email = row->text(5);
  stored.invitation.expires_at = row->instant(6);
  stored.email_folded = row->text_or(7, "");
  stored.accepted_by = row->id_or_null(8);
  stored.organisation_id = row->id_or_null(9);
  stored.mandate.function = row->text_or(10, "");
  stored.mandate.first_day = row->text_or(11, "");
  stored.mandate.last_day = row->text_or(12, "");
  stored.invitation.name = row->text_or(13, "");
  stored.invitation.function = stored.mandate.function;
  stored.invitation.organisation_id = stored.organisation_id;
  return stored;
}

bool is_over(const Stored& stored, Instant now) {
  return stored.accepted_by || stored.invitation.expires_at <= now;
}

Result<Stored> find_open(storage::Snapshot& snapshot, const std::string& token, Instant now) {
  CLUSE_TRY(stored, find_stored(snapshot, token));
  if (is_over(stored, now)) return fail(Errc::gone, "invitation_over");
  return stored;
}

// Uses the invitation up and lets `person` into its workspace.
void use(storage::Transaction& tx, const Stored& stored, Id person, Instant now, const std::string& request_id) {
  const auto& invitation = stored.invitation;
  tx.run("UPDATE invitation SET accepted_at = ?, accepted_by = ? WHERE id = ?", {now, person, invitation.id});
  const journal::Author by{person, {}, request_id};
  journal::append(tx, {by,
                       journal::Verb::invitation_accepted,
                       journal::ObjectKind::invitation,
                       invitation.id,
                       invitation.workspace_id,
                       now,
                       {}});
  // What whoever invited has said stands confirmed; a mandate that she holds meanwhile stays as it is.
  if (stored.organisation_id)
    tx.run("UPDATE person SET organisation_id = ?, organisation_confirmed = 1 WHERE id = ?",
           {*stored.organisation_id, person});
  if (stored.organisation_id && !stored.mandate.function.empty()) {
    NewMandate mandate = stored.mandate;
    mandate.organisation_id = *stored.organisation_id;
    if (const auto id = insert_mandate(tx, person, mandate, now))
      journal::append(tx, {by,
                           journal::Verb::mandate_added,
                           journal::ObjectKind::mandate,
                           *id,
                           {},
                           now,
                           {{"function", mandate.function}}});
  }
  if (invitation.workspace_id)
    join(tx, *invitation.workspace_id, person, invitation.role.value_or(Role::reader), now, by);
}

// `invited_to`: what the invitation says goes before what the newcomer says.
Result<Id> organisation_of(storage::Transaction& tx, const Newcomer& newcomer, std::optional<Id> invited_to,
                           Instant now, const journal::Author& by) {
  if (invited_to) return *invited_to;
  if (newcomer.organisation_id) {
    if (tx.one("SELECT 1 FROM organisation WHERE id = ?", {*newcomer.organisation_id}))
      return *newcomer.organisation_id;
    return fail(Errc::invalid, "field_invalid", "no such organisation", "organisation_id");
  }
  if (!newcomer.organisation) return fail(Errc::invalid, "field_missing", "", "organisation");
  CLUSE_TRY(organisation, find_or_add_organisation(tx, *newcomer.organisation, now, "organisation.", by));
  return organisation.id;
}

}  // namespace

Invitations::Invitations(Environment environment, const Sessions& sessions, Accounts& accounts, PasswordHasher& hasher,
                         const Federation& federation, const Steps& steps, InvitationPolicy policy)
    : environment_(environment),
      sessions_(sessions),
      accounts_(accounts),
      hasher_(hasher),
      federation_(federation),
      steps_(steps),
      policy_(policy) {}

Task<Result<MadeInvitation>> Invitations::invite(Actor actor, NewInvitation invitation) {
  if (!invitation.workspace_id && !actor.may(rights::Permission::people_invite)) co_return fail(Errc::denied, "denied");
  if (!invitation.workspace_id && invitation.role)
    co_return fail(Errc::invalid, "field_missing", "a role needs a workspace", "workspace_id");
  if (invitation.workspace_id && !invitation.role) invitation.role = Role::reader;
  if (invitation.email) {
    CLUSE_CO_TRY(email, clean_email(*invitation.email, "email"));
    invitation.email = email;
  }
  auto body = [this, actor, invitation](storage::Transaction& tx) -> Result<MadeInvitation> {
    const Instant now = environment_.clock.now();
    if (invitation.workspace_id) CLUSE_CHECK(require_role(tx, actor, *invitation.workspace_id, Role::manager));
    const auto open =
        tx.one("SELECT COUNT(*) FROM invitation WHERE invited_by = ? AND accepted_at IS NULL AND expires_at > ?",
               {actor.person_id, now});
    if (static_cast<std::size_t>(open->integer(0)) >= policy_.open_per_person_max)
      return fail(Errc::too_many, "too_many_requests", "too many open invitations");
    MadeInvitation made{new_id(now), new_token(), now + policy_.valid_for};
    const auto role = invitation.role ? std::optional(std::string(to_text(*invitation.role))) : std::nullopt;
    const auto email_folded = invitation.email ? std::optional(fold_case(*invitation.email)) : std::nullopt;
    tx.run(
        "INSERT INTO invitation (id, token_hash, workspace_id, role, email, email_folded, invited_by, created_at, "
        "expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {made.id, hash_token(made.token), invitation.workspace_id, role, invitation.email, email_folded,
         actor.person_id, now, made.expires_at});
    journal::Details details;
    if (role) details.emplace_back("role", *role);
    if (invitation.email) details.emplace_back("email", *invitation.email);
    journal::append(tx, {author_of(actor), journal::Verb::invitation_created, journal::ObjectKind::invitation, made.id,
                         invitation.workspace_id, now, std::move(details)});
    return made;
  };
  auto made = co_await environment_.database.write(std::move(body));
  co_return made;
}

Task<Result<Invitation>> Invitations::find(std::string token) {
  auto body = [token = std::move(token),
               now = environment_.clock.now()](storage::Snapshot& snapshot) -> Result<Invitation> {
    CLUSE_TRY(stored, find_open(snapshot, token, now));
    return stored.invitation;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Accepted>> Invitations::accept(Actor actor, std::string token) {
  auto body = [this, actor, token = std::move(token)](storage::Transaction& tx) -> Result<Accepted> {
    const Instant now = environment_.clock.now();
    CLUSE_TRY(profile, profile_of(tx, actor.person_id, actor.mandate_id, organisations::today(now)));
    CLUSE_TRY(stored, find_stored(tx, token));
    if (stored.accepted_by == actor.person_id) return Accepted{profile, stored.invitation.workspace_id, std::nullopt};
    if (is_over(stored, now)) return fail(Errc::gone, "invitation_over");
    if (!stored.email_folded.empty() && stored.email_folded != fold_case(profile.email))
      return fail(Errc::denied, "invitation_other_email");
    use(tx, stored, actor.person_id, now, actor.request_id);
    return Accepted{profile, stored.invitation.workspace_id, std::nullopt};
  };
  auto accepted = co_await environment_.database.write(std::move(body));
  if (accepted && accepted->workspace_id)
    environment_.live.person_access_changed(*accepted->workspace_id, actor.person_id);
  co_return accepted;
}

Result<Accepted> Invitations::join_as_newcomer(storage::Transaction& tx, const Newcomer& newcomer,
                                               const std::string& token, const std::string& hash,
                                               const Place& place) const {
  const Instant now = environment_.clock.now();
  CLUSE_TRY(stored, find_open(tx, token, now));
  if (!stored.email_folded.empty() && stored.email_folded != fold_case(newcomer.email))
    return fail(Errc::denied, "invitation_other_email", "", "email");
  const journal::Author by{{}, {}, place.request_id};
  CLUSE_TRY(organisation, organisation_of(tx, newcomer, stored.organisation_id, now, by));
  const NewPerson person{newcomer.name, newcomer.function, newcomer.email, newcomer.ui_locale, organisation, hash,
                         false};
  CLUSE_TRY(id, add_person(tx, person, now, by));
  Proof proof;
  if (!newcomer.identity.empty()) {
    CLUSE_TRY(stranger, federation_.stranger(newcomer.identity));
    CLUSE_CHECK(steps_.use_up(tx, stranger.step));
    CLUSE_TRY(identity, link_identity(tx, {id, {}, place.request_id}, id, stranger.answer, stranger.provider, now));
    proof = {.method = "identity",
             .identity = identity,
             .provider_session = stranger.answer.session,
             .logout_hint = stranger.logout_hint};
  }
  use(tx, stored, id, now, place.request_id);
  CLUSE_TRY(opened, sessions_.open(tx, id, place, "", proof));
  return Accepted{opened.profile, stored.invitation.workspace_id, opened};
}

Task<Guarded<Accepted>> Invitations::accept_as_newcomer(Newcomer newcomer, std::string token, Place place) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0)
    co_return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
  // A bad token must not cost a password hash.
  auto known = co_await find(token);
  if (!known) co_return std::unexpected(Refusal(known.error()));
  CLUSE_CO_CHECK(clean_ui_locale(newcomer.ui_locale));
  CLUSE_CO_TRY(email, clean_email(newcomer.email, "email"));
  newcomer.email = email;
  std::string hash;
  if (newcomer.identity.empty()) {
    CLUSE_CO_CHECK(accounts_.check_password(newcomer.password));
    auto hashed = co_await hasher_.hash(newcomer.password);
    if (!hashed) co_return std::unexpected(Refusal(hashed.error()));
    hash = *hashed;
  }
  auto body = [this, newcomer, token, place, hash](storage::Transaction& tx) -> Result<Accepted> {
    return join_as_newcomer(tx, newcomer, token, hash, place);
  };
  auto accepted = co_await environment_.database.write(std::move(body));
  if (!accepted) co_return std::unexpected(Refusal(accepted.error()));
  co_return std::move(*accepted);
}

}  // namespace cluse::domain
