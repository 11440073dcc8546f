// The other half of federation.h: leaving.

#include "server/base/log.h"
#include "server/domain/identity/federation.h"
#include "server/domain/identity/tokens.h"

#include <utility>

namespace cluse::domain {
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

}  // namespace cluse::domain
