#include "server/oidc/provider.h"

#include "server/base/bytes.h"

#include <openssl/sha.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>

namespace cluse::oidc {
namespace {

using http_client::escaped;

std::unexpected<Error> wrong(std::string why) {
  return fail(Errc::unavailable, "identity_provider_wrong", std::move(why));
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? kDigits[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

Result<boost::json::object> object_of(const http_client::Response& response) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 16;
  auto value = boost::json::parse(response.body, error, {}, options);
  if (error || !value.is_object()) return wrong("not an object of JSON");
  return std::move(value.as_object());
}

bool is_siret_of(const std::string& siret, const std::string& siren) {
  const auto digits = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  return siret.size() == 14 && siren.size() == 9 && digits(siret) && digits(siren) && siret.starts_with(siren);
}

std::string name_of(const boost::json::object& claims) {
  if (auto name = text_of(claims, "name"); !name.empty()) return name;
  const std::string given = text_of(claims, "given_name");
  // ProConnect says usual_name, everybody else family_name.
  std::string family = text_of(claims, "usual_name");
  if (family.empty()) family = text_of(claims, "family_name");
  return given.empty() || family.empty() ? given + family : given + ' ' + family;
}

bool names(const boost::json::object& document, std::string_view list, std::string_view word) {
  const auto texts = texts_of(document, list);
  return std::find(texts.begin(), texts.end(), word) != texts.end();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

std::string challenge_of(const std::string& verifier) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return to_base64url(digest);
}

bool is_among(const std::vector<std::string>& found, const std::vector<std::string>& wanted) {
  for (const std::string& each : found)
    for (const std::string& one : wanted)
      if (each == one || is_siret_of(each, one)) return true;
  return false;
}

Provider::Provider(ProviderSettings settings, const http_client::HttpClient& http, const Clock& clock)
    : settings_(std::move(settings)), http_(http), clock_(clock) {}

Result<http_client::Response> Provider::ask(http_client::Request request) const {
  request.ca_file = settings_.ca_file;
  auto response = http_.fetch(request);
  if (!response) return fail(Errc::unavailable, "identity_provider_down", response.error().detail);
  if (response->status >= 500)
    return fail(Errc::unavailable, "identity_provider_down", request.url + ": " + std::to_string(response->status));
  // What the provider says against a request is never more than a code (RFC 6749, 5.2); the log gets it.
  if (response->status != 200)
    return fail(Errc::denied, "identity_refused",
                request.url + ": " + std::to_string(response->status) + ' ' + response->body.substr(0, 200));
  return std::move(*response);
}

Result<Provider::Metadata> Provider::discover(Instant now) const {
  std::string start = settings_.issuer;
  if (start.ends_with('/')) start.pop_back();
  CLUSE_TRY(response, ask({start + "/.well-known/openid-configuration", {}, {}, {}}));
  CLUSE_TRY(document, object_of(response));
  // Whoever answers must be who was asked (OpenID Connect Discovery, 4.3).
  if (text_of(document, "issuer") != settings_.issuer)
    return wrong("the provider calls itself " + text_of(document, "issuer") + ", not " + settings_.issuer);
  Metadata found;
  found.authorization = text_of(document, "authorization_endpoint");
  found.token = text_of(document, "token_endpoint");
  found.userinfo = text_of(document, "userinfo_endpoint");
  found.end_session = text_of(document, "end_session_endpoint");
  found.jwks = text_of(document, "jwks_uri");
  for (const std::string& url : {found.authorization, found.token, found.jwks})
    if (!http_client::is_allowed(url)) return wrong("an address that is missing or not https: " + url);
  const bool basic = !document.contains("token_endpoint_auth_methods_supported") ||
                     names(document, "token_endpoint_auth_methods_supported", "client_secret_basic");
  found.secret_in_form = !basic;
  const auto* iss = document.if_contains("authorization_response_iss_parameter_supported");
  found.names_issuer = iss != nullptr && iss->is_bool() && iss->as_bool();
  found.read_at = now;
  return found;
}

Result<Provider::Metadata> Provider::metadata() {
  const Instant now = clock_.now();
  {
    const std::scoped_lock lock(mutex_);
    if (metadata_ && metadata_->read_at + kMetadataFresh > now) return *metadata_;
  }
  // Not under the lock: a slow provider must not make those wait who need nothing new from it.
  auto found = discover(now);
  const std::scoped_lock lock(mutex_);
  if (found) metadata_ = *found;
  else if (metadata_ && metadata_->read_at + kKeysKept > now) return *metadata_;
  return found;
}

Result<KeySet> Provider::keys_for(std::string_view token) {
  CLUSE_TRY(known, metadata());
  const std::string kid = kid_of(token);
  const Instant now = clock_.now();
  {
    const std::scoped_lock lock(mutex_);
    const bool fresh = keys_ && keys_read_at_ + kMetadataFresh > now;
    if (fresh && keys_->has(kid)) return *keys_;
    const bool asked_lately = keys_asked_at_.ms != 0 && keys_asked_at_ + kRefetchStep > now;
    if (fresh && asked_lately) return *keys_;
    // The first ones, and those that have grown old, are not asked for because of a token.
    if (fresh) keys_asked_at_ = now;
  }
  auto response = ask({known.jwks, {}, {}, {}});
  auto read = response ? KeySet::parse(response->body) : Result<KeySet>(std::unexpected(response.error()));
  const std::scoped_lock lock(mutex_);
  if (read) {
    keys_ = *read;
    keys_read_at_ = now;
  } else if (keys_ && keys_read_at_ + kKeysKept > now) {
    return *keys_;
  }
  return read;
}

Result<std::string> Provider::authorization_url(const Question& question) {
  CLUSE_TRY(known, metadata());
  std::string url = known.authorization;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "response_type=code&client_id=" + escaped(settings_.client_id) +
         "&redirect_uri=" + escaped(question.redirect_uri) + "&scope=" + escaped(joined(settings_.scopes)) +
         "&state=" + escaped(question.state) + "&nonce=" + escaped(question.nonce) +
         "&code_challenge=" + challenge_of(question.verifier) + "&code_challenge_method=S256" +
         "&ui_locales=" + escaped(question.language);
  if (!settings_.acr_values.empty()) url += "&acr_values=" + escaped(settings_.acr_values);
  return url;
}

Result<Answer> Provider::exchange(const std::string& code, const Question& question) {
  CLUSE_TRY(known, metadata());
  http_client::Request request{known.token, {}, {}, {}};
  request.form = "grant_type=authorization_code&code=" + escaped(code) +
                 "&redirect_uri=" + escaped(question.redirect_uri) + "&code_verifier=" + escaped(question.verifier);
  if (known.secret_in_form) {
    request.form += "&client_id=" + escaped(settings_.client_id) + "&client_secret=" + escaped(settings_.client_secret);
  } else {
    request.headers.push_back("Authorization: Basic " +
                              base64(escaped(settings_.client_id) + ':' + escaped(settings_.client_secret)));
  }
  CLUSE_TRY(response, ask(std::move(request)));
  CLUSE_TRY(tokens, object_of(response));
  const std::string id_token = text_of(tokens, "id_token");
  CLUSE_TRY(keys, keys_for(id_token));
  CLUSE_TRY(claims, verified(id_token, keys));
  CLUSE_CHECK(check_claims(claims, {settings_.issuer, settings_.client_id, question.nonce, clock_.now()}));
  if (wants_more(claims) && !known.userinfo.empty()) {
    CLUSE_TRY(more, userinfo(known, text_of(tokens, "access_token"), text_of(claims, "sub")));
    for (const auto& [name, value] : more)
      if (!claims.contains(name)) claims[name] = value;
  }
  return answer_of(claims, id_token);
}

bool Provider::wants_more(const boost::json::object& claims) const {
  if (name_of(claims).empty() || text_of(claims, "email").empty()) return true;
  for (const std::string& claim : {settings_.organisation_claim, settings_.country_claim})
    if (!claim.empty() && !claims.contains(claim)) return true;
  return false;
}

Result<boost::json::object> Provider::userinfo(const Metadata& known, const std::string& access_token,
                                               const std::string& subject) {
  // A line break in the token would become a header of its own.
  for (const char c : access_token)
    if (static_cast<unsigned char>(c) < 0x21 || c == 0x7f) return wrong("a token that is no token");
  CLUSE_TRY(response, ask({known.userinfo, {"Authorization: Bearer " + access_token}, {}, {}}));
  const bool is_signed = response.content_type == "application/jwt";
  auto read = object_of(response);
  if (is_signed) {
    // ProConnect signs it.
    CLUSE_TRY(keys, keys_for(response.body));
    read = verified(response.body, keys);
  }
  if (!read) return read;
  boost::json::object claims = std::move(*read);
  const auto audience = texts_of(claims, "aud");
  if (is_signed && (text_of(claims, "iss") != settings_.issuer ||
                    std::find(audience.begin(), audience.end(), settings_.client_id) == audience.end()))
    return fail(Errc::denied, "identity_token_invalid", "userinfo of another issuer, or for somebody else", "iss");
  // OpenID Connect Core, 5.3.2: about the same person, or about nobody.
  if (text_of(claims, "sub") != subject)
    return fail(Errc::denied, "identity_token_invalid", "userinfo speaks of somebody else", "sub");
  return claims;
}

Result<Answer> Provider::answer_of(const boost::json::object& claims, const std::string& id_token) const {
  Answer answer;
  answer.issuer = settings_.issuer;
  answer.subject = text_of(claims, "sub");
  answer.name = name_of(claims);
  answer.email = text_of(claims, "email");
  answer.session = text_of(claims, "sid");
  answer.id_token = id_token;
  if (!settings_.organisation_claim.empty()) answer.organisations = texts_of(claims, settings_.organisation_claim);
  if (!settings_.organisations.empty() && !is_among(answer.organisations, settings_.organisations))
    return fail(Errc::denied, "identity_organisation", joined(answer.organisations));
  if (!settings_.countries.empty() && !is_among(texts_of(claims, settings_.country_claim), settings_.countries))
    return fail(Errc::denied, "identity_organisation", "another country", "country");
  return answer;
}

Result<std::optional<std::string>> Provider::end_session_url(const std::string& id_token, const std::string& back,
                                                             const std::string& state) {
  CLUSE_TRY(known, metadata());
  if (!http_client::is_allowed(known.end_session)) return std::nullopt;
  std::string url = known.end_session;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "client_id=" + escaped(settings_.client_id) + "&post_logout_redirect_uri=" + escaped(back) +
         "&state=" + escaped(state);
  if (!id_token.empty()) url += "&id_token_hint=" + escaped(id_token);
  return url;
}

Result<Logout> Provider::logout(const std::string& token) {
  CLUSE_TRY(keys, keys_for(token));
  CLUSE_TRY(claims, verified(token, keys));
  CLUSE_CHECK(check_claims(claims, {settings_.issuer, settings_.client_id, {}, clock_.now()}));
  // OpenID Connect Back-Channel Logout, 2.6: a token of a sign-in is none of a sign-out.
  const auto* events = claims.if_contains("events");
  const bool is_logout = events != nullptr && events->is_object() &&
                         events->as_object().contains("http://schemas.openid.net/event/backchannel-logout");
  Logout logout{text_of(claims, "sub"), text_of(claims, "sid"), text_of(claims, "jti")};
  if (!is_logout || claims.contains("nonce") || logout.token_id.empty() ||
      (logout.subject.empty() && logout.session.empty()))
    return fail(Errc::denied, "identity_token_invalid", "not a token of a logout", "events");
  return logout;
}

}  // namespace cluse::oidc
