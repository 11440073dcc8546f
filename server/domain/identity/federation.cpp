#include "server/domain/identity/federation.h"

#include "server/base/log.h"
#include "server/domain/identity/tokens.h"
#include "server/domain/text.h"

#include <utility>

namespace cluse::domain {
namespace {

constexpr std::size_t kPathMax = 500;
constexpr std::string_view kCallbackPath = "/api/v1/identity/callback";

std::unexpected<Refusal> too_many(std::chrono::seconds wait) {
  return std::unexpected(Refusal(Error{Errc::too_many, "too_many_attempts", "", ""}, wait));
}

template <class T>
std::unexpected<Refusal> refused(Result<T>& result) {
  return std::unexpected(Refusal(std::move(result).error()));
}

bool invitation_is_open(storage::Snapshot& snapshot, const std::string& token, Instant now) {
  return !token.empty() && snapshot.one(
                               "SELECT 1 FROM invitation WHERE token_hash = ? AND accepted_by IS NULL "
                               "AND expires_at > ?",
                               {hash_token(token), now});
}

std::string organisation_words(const oidc::Answer& answer) {
  std::string words;
  for (const std::string& each : answer.organisations) words += (words.empty() ? "" : ", ") + each;
  const auto clean = clean_line(words, "organisation", 200, false);
  return clean ? *clean : std::string();
}

}  // namespace

std::string safe_path(const std::string& path) {
  if (path.size() > kPathMax || !path.starts_with('/')) return "/";
  // What begins with two strokes, of either kind, names another server to a browser.
  if (path.size() > 1 && (path[1] == '/' || path[1] == '\\')) return "/";
  for (const char c : path)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\') return "/";
  return path;
}

Federation::Federation(Environment environment, const Sessions& sessions, const Steps& steps, const Vault& vault,
                       Accounts& accounts, FederationSettings settings)
    : environment_(environment),
      sessions_(sessions),
      steps_(steps),
      vault_(vault),
      accounts_(accounts),
      settings_(std::move(settings)),
      http_(settings_.limits),
      starts_(settings_.starts_per_address_max, settings_.window) {
  for (const auto& provider : settings_.providers)
    providers_.push_back(std::make_unique<oidc::Provider>(provider, http_, environment_.clock));
}

Federation::~Federation() {
  stop();
}

void Federation::stop() {
  http_.stop();
  threads_.stop();
}

Result<oidc::Provider*> Federation::find(const std::string& key) const {
  for (const auto& provider : providers_)
    if (provider->settings().key == key) return provider.get();
  return fail(Errc::not_found, "identity_provider_unknown");
}

oidc::Question Federation::question_of(const boost::json::object& step) const {
  return {settings_.public_url + std::string(kCallbackPath), step_text(step, "state"), step_text(step, "nonce"),
          step_text(step, "verifier"), step_text(step, "language")};
}

Task<Guarded<Departure>> Federation::depart(Departing asked, std::optional<Actor> actor, Place place) {
  CLUSE_CO_TRY(provider, find(asked.provider));
  if (asked.purpose == Purpose::link) {
    if (!actor) co_return fail(Errc::unauthenticated, "not_signed_in");
    CLUSE_CO_CHECK(sessions_.require_proof(*actor));
  }
  if (const auto wait = starts_.try_once(place.address, environment_.clock.now()); wait.count() > 0)
    co_return too_many(wait);
  boost::json::object step{{"provider", asked.provider},
                           {"purpose", asked.purpose == Purpose::link ? "link" : "sign_in"},
                           {"session", actor && asked.purpose == Purpose::link ? actor->session_id.to_string() : ""},
                           {"invitation", asked.invitation.substr(0, 64)},
                           {"return_to", safe_path(asked.return_to)},
                           {"language", asked.language},
                           {"state", new_token()},
                           {"nonce", new_token()},
                           {"verifier", new_token() + new_token() + new_token()}};
  auto work = [provider, question = question_of(step)] { return provider->authorization_url(question); };
  auto url = co_await threads_.run(std::move(work));
  if (!url) co_return refused(url);
  co_return Departure{*url, steps_.seal("oidc", std::move(step))};
}

Task<Result<void>> Federation::spend(boost::json::object step) {
  auto body = [this, step = std::move(step)](storage::Transaction& tx) -> Result<void> {
    return steps_.use_up(tx, step);
  };
  auto spent = co_await environment_.database.write(std::move(body));
  co_return spent;
}

Task<Guarded<Arrival>> Federation::arrive(Callback callback, std::optional<Actor> actor, Place place,
                                          std::string previous) {
  if (const auto wait = accounts_.knock(place); wait.count() > 0) co_return too_many(wait);
  CLUSE_CO_TRY(step, steps_.open("oidc", callback.sealed));
  if (!same_secret(step_text(step, "state"), callback.state))
    co_return fail(Errc::gone, "sign_in_step_over", "another state");
  // Before anything is asked: whatever comes of it, this state has been used.
  auto spent = co_await spend(step);
  if (!spent) co_return refused(spent);
  CLUSE_CO_TRY(provider, find(step_text(step, "provider")));
  if (callback.error == "access_denied") co_return fail(Errc::denied, "identity_cancelled");
  if (!callback.error.empty() || callback.code.empty())
    co_return fail(Errc::denied, "identity_refused", callback.error.substr(0, 100));
  // RFC 9207: an answer that names its issuer names the one that was asked.
  if (!callback.issuer.empty() && callback.issuer != provider->settings().issuer)
    co_return fail(Errc::denied, "identity_token_invalid", "answered by " + callback.issuer.substr(0, 200), "iss");
  auto work = [provider, question = question_of(step), code = callback.code] {
    return provider->exchange(code, question);
  };
  auto answer = co_await threads_.run(std::move(work));
  if (!answer) co_return refused(answer);
  accounts_.unknock(place);
  if (step_text(step, "purpose") == "link") {
    auto linked = co_await link(std::move(step), std::move(*answer), std::move(actor));
    co_return linked;
  }
  auto entered = co_await enter(std::move(step), std::move(*answer), std::move(place), std::move(previous));
  co_return entered;
}

Task<Guarded<Arrival>> Federation::link(boost::json::object step, oidc::Answer answer, std::optional<Actor> actor) {
  // The session that asked, and no other that this browser has had since.
  if (!actor || actor->session_id.to_string() != step_text(step, "session"))
    co_return fail(Errc::gone, "sign_in_step_over", "another session");
  CLUSE_CO_CHECK(sessions_.require_proof(*actor));
  auto body = [this, actor = *actor, answer = std::move(answer),
               provider = step_text(step, "provider")](storage::Transaction& tx) -> Result<Id> {
    return link_identity(tx, author_of(actor), actor.person_id, answer, provider, environment_.clock.now());
  };
  auto linked = co_await environment_.database.write(std::move(body));
  if (!linked) co_return refused(linked);
  Arrival arrival;
  arrival.linked = true;
  arrival.return_to = step_text(step, "return_to");
  co_return arrival;
}

Task<Guarded<Arrival>> Federation::enter(boost::json::object step, oidc::Answer answer, Place place,
                                         std::string previous) {
  auto body = [this, step = std::move(step), answer = std::move(answer), place, previous = std::move(previous)](
                  storage::Transaction& tx) -> Result<Arrival> { return enter_in(tx, step, answer, place, previous); };
  auto arrival = co_await environment_.database.write(std::move(body));
  if (!arrival) co_return refused(arrival);
  if (arrival->signed_in) sessions_.tell(arrival->signed_in->ended);
  co_return std::move(*arrival);
}

Result<Arrival> Federation::enter_in(storage::Transaction& tx, const boost::json::object& step,
                                     const oidc::Answer& answer, const Place& place,
                                     const std::string& previous) const {
  const Instant now = environment_.clock.now();
  CLUSE_TRY(provider, find(step_text(step, "provider")));
  const auto known =
      tx.one("SELECT id, person_id FROM identity WHERE issuer = ? AND subject = ?", {answer.issuer, answer.subject});
  if (!known) return unknown(tx, step, answer, provider->settings(), place);
  tx.run("UPDATE identity SET last_used_at = ? WHERE id = ?", {now, known->id(0)});
  const Proof proof{.method = "identity",
                    .identity = known->id(0),
                    .provider_session = answer.session,
                    .logout_hint = vault_.seal("logout hint", answer.id_token),
                    .strong = provider->settings().second_factor_trusted};
  CLUSE_TRY(signed_in, sessions_.enter(tx, known->id(1), place, previous, proof));
  Arrival arrival;
  arrival.signed_in = std::move(signed_in);
  const std::string invitation = step_text(step, "invitation");
  arrival.return_to = invitation.empty() ? step_text(step, "return_to") : safe_path("/invitation/" + invitation);
  return arrival;
}

Result<Arrival> Federation::unknown(storage::Transaction& tx, const boost::json::object& step,
                                    const oidc::Answer& answer, const oidc::ProviderSettings& provider,
                                    const Place& place) const {
  const Instant now = environment_.clock.now();
  const std::string invitation = step_text(step, "invitation");
  Arrival arrival;
  if (provider.newcomers != oidc::Newcomers::refused && invitation_is_open(tx, invitation, now)) {
    arrival.newcomer = steps_.seal("newcomer", {{"provider", provider.key},
                                                {"issuer", answer.issuer},
                                                {"subject", answer.subject},
                                                {"name", answer.name},
                                                {"email", answer.email},
                                                {"session", answer.session},
                                                {"hint", vault_.seal("logout hint", answer.id_token)}});
    arrival.return_to = safe_path("/invitation/" + invitation);
    return arrival;
  }
  if (provider.newcomers != oidc::Newcomers::request) return fail(Errc::denied, "identity_unknown");
  // Who waits already is told so, however many do; who has not confirmed an address does not wait yet.
  const auto waiting =
      tx.one("SELECT COUNT(*) FROM access_request WHERE is_waiting = 1 AND (issuer <> ? OR subject <> ?)",
             {answer.issuer, answer.subject});
  if (static_cast<std::size_t>(waiting->integer(0)) >= settings_.requests_max)
    return fail(Errc::too_many, "too_many_requests", "too many requests wait for an administrator");
  const auto name = clean_line(answer.name, "name", 120, false), email = clean_line(answer.email, "email", 254, false);
  const Id id = new_id(now);
  const bool is_new =
      tx.run(
          "INSERT INTO access_request (id, provider, issuer, subject, name, email, organisation, ui_locale, "
          "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (issuer, subject) DO NOTHING",
          {id, provider.key, answer.issuer, answer.subject, name ? *name : "", email ? *email : "",
           organisation_words(answer), step_text(step, "language") == "de" ? "de-CH" : "fr-FR", now}) > 0;
  if (is_new)
    journal::append(tx, {{{}, {}, place.request_id},
                         journal::Verb::access_requested,
                         journal::ObjectKind::access_request,
                         id,
                         {},
                         now,
                         {{"name", name ? *name : ""}, {"email", email ? *email : ""}, {"provider", provider.key}}});
  arrival.waits = true;
  return arrival;
}

Result<Stranger> Federation::stranger(const std::string& sealed) const {
  CLUSE_TRY(step, steps_.open("newcomer", sealed));
  Stranger stranger;
  stranger.answer.issuer = step_text(step, "issuer");
  stranger.answer.subject = step_text(step, "subject");
  stranger.answer.name = step_text(step, "name");
  stranger.answer.email = step_text(step, "email");
  stranger.answer.session = step_text(step, "session");
  stranger.provider = step_text(step, "provider");
  stranger.logout_hint = step_text(step, "hint");
  stranger.step = std::move(step);
  return stranger;
}

}  // namespace cluse::domain
