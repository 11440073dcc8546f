// The other half of federation.h: leaving, and those who wait to be let in.

#include "server/base/log.h"
#include "server/domain/identity/federation.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr int kRequestsShown = 200;

struct Waiting {
  AccessRequest request;
  oidc::Answer answer;
  std::string ui_locale;
};

Result<Waiting> find_waiting(storage::Snapshot& snapshot, Id id) {
  const auto row = snapshot.one(
      "SELECT id, provider, name, email, organisation, created_at, issuer, subject, ui_locale FROM access_request "
      "WHERE id = ?",
      {id});
  if (!row) return fail(Errc::not_found, "access_request_not_found");
  Waiting waiting{{row->id(0), row->text(1), row->text(2), row->text(3), row->text(4), row->instant(5)}, {}, {}};
  waiting.answer.issuer = row->text(6);
  waiting.answer.subject = row->text(7);
  waiting.answer.name = row->text(2);
  waiting.answer.email = row->text(3);
  waiting.ui_locale = row->text(8);
  return waiting;
}

}  // namespace

Task<std::optional<std::string>> Federation::logout_url(Actor actor) {
  struct Found {
    std::string issuer, hint;
  };
  auto body = [actor](storage::Snapshot& snapshot) -> Result<Found> {
    const auto row = snapshot.one(
        "SELECT i.issuer, s.logout_hint FROM session s JOIN identity i ON i.id = s.identity_id WHERE s.id = ?",
        {actor.session_id});
    return row ? Found{row->text(0), row->text_or(1, "")} : Found{};
  };
  auto found = co_await environment_.database.read(std::move(body));
  if (!found || found->issuer.empty()) co_return std::nullopt;
  for (const auto& provider : providers_) {
    if (provider->settings().issuer != found->issuer) continue;
    auto work = [each = provider.get(), hint = vault_.unseal("logout hint", found->hint).value_or(""),
                 back = settings_.public_url + "/"] { return each->end_session_url(hint, back, new_token()); };
    auto url = co_await threads_.run(std::move(work));
    // Without it she is signed out here, which is what was asked.
    if (!url) log_warning("logout_not_passed_on", {{"why", url.error().detail}});
    co_return url ? *url : std::nullopt;
  }
  co_return std::nullopt;
}

Task<Guarded<void>> Federation::log_out(std::string provider, std::string token, Place place) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0)
    co_return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
  CLUSE_CO_TRY(found, find(provider));
  auto work = [each = found, token = std::move(token)] { return each->logout(token); };
  auto logout = co_await threads_.run(std::move(work));
  if (!logout) co_return std::unexpected(Refusal(std::move(logout).error()));
  accounts_.unknock(place);
  auto body = [this, logout = *logout, issuer = found->settings().issuer,
               place](storage::Transaction& tx) -> Result<std::vector<Id>> {
    CLUSE_CHECK(steps_.use_up(tx, "logout " + hash_token(issuer + ' ' + logout.token_id)));
    std::vector<Id> ending;
    for (const auto& row :
         tx.all("SELECT s.id FROM session s JOIN identity i ON i.id = s.identity_id WHERE i.issuer = ? "
                "AND (? = '' OR i.subject = ?) AND (? = '' OR s.provider_session = ?) ORDER BY s.id",
                {issuer, logout.subject, logout.subject, logout.session, hash_token(logout.session)}))
      ending.push_back(row.id(0));
    return sessions_.end_these(tx, {{}, {}, place.request_id}, ending);
  };
  auto ended = co_await environment_.database.write(std::move(body));
  if (!ended) co_return std::unexpected(Refusal(std::move(ended).error()));
  sessions_.tell(*ended);
  co_return Guarded<void>();
}

Task<Result<std::vector<AccessRequest>>> Federation::requests(Actor actor) {
  if (!actor.is_admin) co_return fail(Errc::denied, "denied");
  auto body = [](storage::Snapshot& snapshot) -> Result<std::vector<AccessRequest>> {
    std::vector<AccessRequest> all;
    for (const auto& row : snapshot.all("SELECT id, provider, name, email, organisation, created_at "
                                        "FROM access_request ORDER BY created_at, id LIMIT ?",
                                        {kRequestsShown}))
      all.push_back({row.id(0), row.text(1), row.text(2), row.text(3), row.text(4), row.instant(5)});
    return all;
  };
  auto found = co_await environment_.database.read(std::move(body));
  co_return found;
}

Task<Result<Person>> Federation::grant(Actor actor, Id request, std::string email) {
  if (!actor.is_admin) co_return fail(Errc::denied, "denied");
  auto body = [this, actor, request, email = std::move(email)](storage::Transaction& tx) -> Result<Person> {
    const Instant now = environment_.clock.now();
    CLUSE_TRY(waiting, find_waiting(tx, request));
    const std::string& address = email.empty() ? waiting.request.email : email;
    if (address.empty()) return fail(Errc::invalid, "field_missing", "", "email");
    CLUSE_TRY(clean, clean_email(address, "email"));
    const std::string name = waiting.request.name.empty() ? clean : waiting.request.name;
    const NewPerson person{name, "", clean, waiting.ui_locale, std::nullopt, "", false};
    CLUSE_TRY(id, add_person(tx, person, now, author_of(actor)));
    CLUSE_CHECK(link_identity(tx, author_of(actor), id, waiting.answer, waiting.request.provider, now));
    tx.run("UPDATE identity SET last_used_at = NULL WHERE person_id = ?", {id});
    journal::append(tx, {author_of(actor),
                         journal::Verb::access_granted,
                         journal::ObjectKind::access_request,
                         request,
                         {},
                         now,
                         {{"name", name}, {"email", clean}}});
    return *PeopleReader(tx).find(id);
  };
  auto granted = co_await environment_.database.write(std::move(body));
  co_return granted;
}

Task<Result<void>> Federation::refuse(Actor actor, Id request) {
  if (!actor.is_admin) co_return fail(Errc::denied, "denied");
  auto body = [actor, request, now = environment_.clock.now()](storage::Transaction& tx) -> Result<void> {
    CLUSE_TRY(waiting, find_waiting(tx, request));
    tx.run("DELETE FROM access_request WHERE id = ?", {request});
    journal::append(tx, {author_of(actor),
                         journal::Verb::access_refused,
                         journal::ObjectKind::access_request,
                         request,
                         {},
                         now,
                         {{"name", waiting.request.name}, {"email", waiting.request.email}}});
    return {};
  };
  auto refused = co_await environment_.database.write(std::move(body));
  co_return refused;
}

}  // namespace cluse::domain
