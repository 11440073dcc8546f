#include "server/domain/identity/access_requests.h"

#include "server/domain/identity/identities.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/organisations/mandate_rows.h"
#include "server/domain/rights/watched_database.h"
#include "server/domain/text.h"
#include "server/domain/workspaces/members.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kNameMax = 120;
constexpr std::size_t kOrganisationMax = 200;

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

std::string locale_of(const std::string& language) {
  return language == "de" ? "de-CH" : "fr-FR";
}

Result<AccessForm> clean(const AccessForm& raw) {
  AccessForm form;
  CLUSE_TRY(name, clean_line(raw.name, "name", kNameMax));
  CLUSE_TRY(email, clean_email(raw.email, "email"));
  CLUSE_TRY(organisation, clean_line(raw.organisation, "organisation", kOrganisationMax, !raw.organisation_id));
  CLUSE_TRY(message, clean_text(raw.message, "message", kRequestMessageMax));
  form = {name, email, raw.organisation_id, organisation, message, raw.language == "de" ? "de" : "fr"};
  return form;
}

Result<void> check_room(storage::Snapshot& snapshot, bool waiting, std::size_t max) {
  const auto count = snapshot.one("SELECT COUNT(*) FROM access_request WHERE is_waiting = ?", {waiting});
  if (static_cast<std::size_t>(count->integer(0)) < max) return {};
  return fail(Errc::too_many, "too_many_requests", "too many requests wait for the secretariat");
}

Result<void> check_may(storage::Snapshot& snapshot, const Actor& actor) {
  CLUSE_TRY(allowed, rights::permissions(snapshot, actor.person_id, rights::kInstance));
  if (allowed.has(rights::Permission::people_invite) && allowed.has(rights::Permission::people_manage)) return {};
  return fail(Errc::denied, "denied");
}

void note_requested(storage::Transaction& tx, Id id, const std::string& name, const std::string& email,
                    const Place& place, Instant now) {
  journal::append(tx, {{{}, {}, place.request_id},
                       journal::Verb::access_requested,
                       journal::ObjectKind::access_request,
                       id,
                       {},
                       now,
                       {{"name", name}, {"email", email}}});
}

#define CLUSE_REQUEST_SELECT                                                                                           \
  "SELECT r.id, r.provider, r.name, r.email, COALESCE(o.name, r.organisation), r.created_at, r.issuer, r.subject, "    \
  "r.ui_locale, r.message, r.organisation_id, r.confirmed_at, EXISTS (SELECT 1 FROM account a WHERE a.email_folded = " \
  "r.subject AND r.issuer = '') FROM access_request r LEFT JOIN organisation o ON o.id = r.organisation_id "

struct Waiting {
  AccessRequest request;
  oidc::Answer answer;  ///< of the provider, if one knows her
  std::string ui_locale;
};

Waiting waiting_from(const storage::Row& row) {
  Waiting waiting;
  AccessRequest& request = waiting.request;
  request.id = row.id(0);
  request.provider = row.text(1);
  request.name = row.text(2);
  request.email = row.text(3);
  request.organisation = row.text(4);
  request.created_at = row.instant(5);
  waiting.ui_locale = row.text(8);
  request.language = waiting.ui_locale.starts_with("de") ? "de" : "fr";
  request.message = row.text(9);
  request.organisation_id = row.id_or_null(10);
  request.email_confirmed = !row.is_null(11);
  request.has_account = row.flag(12);
  waiting.answer.issuer = row.text(6);
  waiting.answer.subject = row.text(7);
  waiting.answer.name = request.name;
  waiting.answer.email = request.email;
  return waiting;
}

Result<Waiting> find_waiting(storage::Snapshot& snapshot, Id id) {
  const auto row = snapshot.one(CLUSE_REQUEST_SELECT "WHERE r.id = ? AND r.is_waiting = 1", {id});
  if (!row) return fail(Errc::not_found, "access_request_not_found");
  return waiting_from(*row);
}

// What the secretariat says of where she belongs stands confirmed.
Result<void> give_place(storage::Transaction& tx, const Actor& actor, Id person, const AccessDecision& decision,
                        Instant now) {
  if (!decision.organisation_id) return {};
  if (!tx.one("SELECT 1 FROM organisation WHERE id = ?", {*decision.organisation_id}))
    return fail(Errc::invalid, "field_invalid", "no such organisation", "organisation_id");
  tx.run("UPDATE person SET organisation_id = ?, organisation_confirmed = 1 WHERE id = ?",
         {*decision.organisation_id, person});
  if (decision.function.empty()) return {};
  const NewMandate mandate{*decision.organisation_id, decision.function, Quality::technician, Seat::titular,
                           decision.first_day,        decision.last_day};
  CLUSE_TRY(id, insert_mandate(tx, person, mandate, now));
  journal::append(tx, {author_of(actor),
                       journal::Verb::mandate_added,
                       journal::ObjectKind::mandate,
                       id,
                       {},
                       now,
                       {{"function", mandate.function}}});
  return {};
}

}  // namespace

AccessRequests::AccessRequests(Environment environment, Accounts& accounts, Letters& letters,
                               AccessRequestPolicy policy)
    : environment_(environment),
      accounts_(accounts),
      letters_(letters),
      policy_(policy),
      by_place_(policy.per_place_max, policy.window),
      by_address_(policy.per_address_max, policy.address_window) {}

Task<Result<std::vector<Organisation>>> AccessRequests::form_organisations() {
  if (!policy_.is_open) co_return fail(Errc::not_found, "access_requests_off");
  if (!policy_.shows_organisations) co_return std::vector<Organisation>();
  auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<Organisation>> {
    std::vector<Organisation> all;
    for (const auto& row : snapshot.all("SELECT id, name, short_name, country, kind FROM organisation "
                                        "ORDER BY name_folded, id LIMIT ?",
                                        {kFormOrganisationsMax}))
      all.push_back({row.id(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    return all;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

// The row is written for every address, so that what an observer can measure is one; for an address that has an account
// it is the letter that differs, and nobody confirms the row.
Result<AccessRequests::Noted> AccessRequests::note(storage::Transaction& tx, const AccessForm& form,
                                                   const Place& place) const {
  const Instant now = environment_.clock.now();
  const bool asks = letters_.is_on();
  const std::string subject = fold_case(form.email), token = new_token();
  tx.run("DELETE FROM access_request WHERE is_waiting = 0 AND token_until <= ?", {now});
  if (form.organisation_id && !tx.one("SELECT 1 FROM organisation WHERE id = ?", {*form.organisation_id}))
    return fail(Errc::invalid, "field_invalid", "no such organisation", "organisation_id");
  const auto account = tx.one("SELECT 1 FROM account WHERE email_folded = ?", {subject});
  const auto known = tx.one("SELECT is_waiting FROM access_request WHERE issuer = '' AND subject = ?", {subject});
  Noted noted{{new_id(now).to_string(), form.name, form.email, form.language, RequestLetter::Kind::confirm, token, "",
               now + policy_.confirm_within},
              asks};
  if (known && known->flag(0)) noted.letter.kind = RequestLetter::Kind::waits;
  if (account) noted.letter.kind = RequestLetter::Kind::has_account;
  // Whoever waits is left as she asked first: a stranger cannot put other words into her mouth. A row is written all
  // the same.
  if (known && known->flag(0)) {
    tx.run("UPDATE access_request SET created_at = created_at WHERE issuer = '' AND subject = ?", {subject});
    return noted;
  }
  if (!known) CLUSE_CHECK(check_room(tx, !asks, policy_.waiting_max));
  tx.run("DELETE FROM access_request WHERE issuer = '' AND subject = ?", {subject});
  const Id id = new_id(now);
  tx.run(
      "INSERT INTO access_request (id, provider, issuer, subject, name, email, organisation, ui_locale, created_at, "
      "organisation_id, message, is_waiting, token_hash, token_until) VALUES (?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?)",
      {id, subject, form.name, form.email, form.organisation, locale_of(form.language), now, form.organisation_id,
       form.message, !asks, hash_token(token), now + policy_.confirm_within});
  if (!asks) note_requested(tx, id, form.name, form.email, place, now);
  return noted;
}

Task<Guarded<void>> AccessRequests::submit(AccessForm raw, Place place) {
  if (!policy_.is_open) co_return fail(Errc::not_found, "access_requests_off");
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  CLUSE_CO_TRY(form, clean(raw));
  const Instant now = environment_.clock.now();
  if (const auto wait = by_place_.try_once(place.address, now); wait.count() > 0) co_return too_many(wait);
  // Past it she has letters enough, each of which works.
  if (by_address_.try_once(fold_case(form.email), now).count() > 0) co_return Guarded<void>();
  auto body = [this, form = form, place](storage::Transaction& tx) -> Result<Noted> { return note(tx, form, place); };
  auto noted = co_await environment_.database.write(std::move(body));
  if (!noted) co_return std::unexpected(Refusal(std::move(noted).error()));
  if (noted->send) letters_.send_request(noted->letter);
  co_return Guarded<void>();
}

Result<void> AccessRequests::confirm_in(storage::Transaction& tx, const std::string& token, const Place& place) const {
  const Instant now = environment_.clock.now();
  const auto row = tx.one("SELECT id, name, email, is_waiting, token_until FROM access_request WHERE token_hash = ?",
                          {hash_token(token)});
  if (!row) return fail(Errc::not_found, "link_not_found");
  if (row->flag(3)) return {};
  if (row->instant(4) <= now) return fail(Errc::gone, "link_over");
  CLUSE_CHECK(check_room(tx, true, policy_.waiting_max));
  tx.run("UPDATE access_request SET is_waiting = 1, confirmed_at = ? WHERE id = ?", {now, row->id(0)});
  note_requested(tx, row->id(0), row->text(1), row->text(2), place, now);
  return {};
}

Task<Guarded<void>> AccessRequests::confirm(std::string token, Place place) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  auto body = [this, token = std::move(token), place](storage::Transaction& tx) -> Result<void> {
    return confirm_in(tx, token, place);
  };
  auto done = co_await environment_.database.write(std::move(body));
  if (!done) co_return std::unexpected(Refusal(std::move(done).error()));
  accounts_.unknock(place);
  co_return Guarded<void>();
}

Task<Result<std::vector<AccessRequest>>> AccessRequests::list(Actor actor) {
  auto body = [actor](storage::Snapshot& snapshot) -> Result<std::vector<AccessRequest>> {
    CLUSE_CHECK(check_may(snapshot, actor));
    std::vector<AccessRequest> all;
    for (const auto& row : snapshot.all(
             CLUSE_REQUEST_SELECT "WHERE r.is_waiting = 1 ORDER BY r.created_at, r.id LIMIT ?", {kRequestsShown}))
      all.push_back(waiting_from(row).request);
    return all;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Result<LetIn> AccessRequests::grant_in(storage::Transaction& tx, const Actor& actor, Id request,
                                       const AccessDecision& decision, RequestLetter* letter) const {
  const Instant now = environment_.clock.now();
  CLUSE_CHECK(check_may(tx, actor));
  CLUSE_TRY(waiting, find_waiting(tx, request));
  const std::string& address = decision.email.empty() ? waiting.request.email : decision.email;
  if (address.empty()) return fail(Errc::invalid, "field_missing", "", "email");
  CLUSE_TRY(email, clean_email(address, "email"));
  CLUSE_TRY(given, clean_line(decision.name, "name", kNameMax, false));
  std::string name = given.empty() ? waiting.request.name : given;
  if (name.empty()) name = email;
  for (const auto& space : decision.spaces) CLUSE_CHECK(require_role(tx, actor, space.workspace, Role::manager));
  CLUSE_TRY(id, add_person(tx, {name, "", email, waiting.ui_locale, std::nullopt, "", false}, now, author_of(actor)));
  CLUSE_CHECK(give_place(tx, actor, id, decision, now));
  for (const auto& space : decision.spaces) join(tx, space.workspace, id, space.role, now, author_of(actor));
  const bool by_provider = !waiting.request.provider.empty();
  if (by_provider) {
    CLUSE_CHECK(link_identity(tx, author_of(actor), id, waiting.answer, waiting.request.provider, now));
    tx.run("UPDATE identity SET last_used_at = NULL WHERE person_id = ?", {id});
  }
  tx.run("DELETE FROM access_request WHERE id = ?", {request});
  LetIn in{*PeopleReader(tx).find(id), "", false};
  *letter = {request.to_string(),          name, email, waiting.request.language,
             RequestLetter::Kind::granted, "",   "",    now + policy_.welcome_valid_for};
  if (!by_provider) {
    in.token = new_token();
    letter->token = in.token;
    tx.run(
        "INSERT INTO sign_in_link (id, token_hash, person_id, purpose, created_at, expires_at) "
        "VALUES (?, ?, ?, 'password', ?, ?)",
        {new_id(now), hash_token(in.token), id, now, letter->expires_at});
  }
  journal::append(tx, {author_of(actor),
                       journal::Verb::access_granted,
                       journal::ObjectKind::access_request,
                       request,
                       {},
                       now,
                       {{"name", name}, {"email", email}}});
  return in;
}

Task<Result<LetIn>> AccessRequests::grant(Actor actor, Id request, AccessDecision decision) {
  if (decision.spaces.size() > kRequestWorkspacesMax) co_return fail(Errc::invalid, "field_too_long", "", "workspaces");
  RequestLetter letter;
  auto body = [this, actor, request, decision = std::move(decision), letter = &letter](
                  storage::Transaction& tx) -> Result<LetIn> { return grant_in(tx, actor, request, decision, letter); };
  auto in = co_await environment_.database.write(std::move(body));
  if (!in || !letters_.is_on()) co_return in;
  const auto sent = co_await letters_.put_request(std::move(letter));
  in->was_sent = sent.has_value();
  // A link that a letter carries is nobody else's to see.
  if (sent) in->token.clear();
  co_return in;
}

Task<Result<void>> AccessRequests::refuse(Actor actor, Id request, std::string raw) {
  CLUSE_CO_TRY(words, clean_text(raw, "message", kRequestMessageMax));
  auto body = [actor, request, words = words,
               now = environment_.clock.now()](storage::Transaction& tx) -> Result<RequestLetter> {
    CLUSE_CHECK(check_may(tx, actor));
    CLUSE_TRY(waiting, find_waiting(tx, request));
    const AccessRequest& asked = waiting.request;
    tx.run("DELETE FROM access_request WHERE id = ?", {request});
    journal::Details details{{"name", asked.name}, {"email", asked.email}};
    if (!words.empty()) details.emplace_back("reason", words);
    journal::append(tx, {author_of(actor),
                         journal::Verb::access_refused,
                         journal::ObjectKind::access_request,
                         request,
                         {},
                         now,
                         std::move(details)});
    // An address that nobody has proven may be anybody's: it gets no letter.
    const bool answers = asked.email_confirmed && !words.empty();
    return RequestLetter{request.to_string(),
                         asked.name,
                         answers ? asked.email : std::string(),
                         asked.language,
                         RequestLetter::Kind::refused,
                         "",
                         words,
                         now + std::chrono::hours(7 * 24)};
  };
  auto letter = co_await environment_.database.write(std::move(body));
  if (!letter) co_return std::unexpected(std::move(letter).error());
  if (!letter->email.empty()) letters_.send_request(*letter);
  co_return Result<void>();
}

}  // namespace cluse::domain
