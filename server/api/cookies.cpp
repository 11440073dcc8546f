#include "server/api/cookies.h"

#include "server/domain/identity/steps.h"

namespace cluse::api {
namespace {

std::string cookie_of(const std::string& name, std::string_view value, bool tls, std::chrono::seconds lifetime) {
  std::string cookie(name);
  cookie.append("=").append(value).append("; Path=/; Max-Age=").append(std::to_string(lifetime.count()));
  // Lax: a provider sends people back with a link, and then the cookie must be there.
  cookie.append("; HttpOnly; SameSite=Lax");
  if (tls) cookie.append("; Secure");
  return cookie;
}

}  // namespace

std::string_view cookie_name(bool tls) {
  return tls ? "__Host-cluse_session" : "cluse_session";
}

std::string session_cookie(std::string_view token, bool tls, std::chrono::seconds lifetime) {
  return cookie_of(std::string(cookie_name(tls)), token, tls, lifetime);
}

std::string removed_cookie(bool tls) {
  return session_cookie("", tls, std::chrono::seconds(0));
}

std::string step_cookie_name(std::string_view kind, bool tls) {
  return (tls ? "__Host-cluse_" : "cluse_") + std::string(kind);
}

std::string step_cookie(std::string_view kind, std::string_view sealed, bool tls) {
  return cookie_of(step_cookie_name(kind, tls), sealed, tls,
                   std::chrono::duration_cast<std::chrono::seconds>(domain::kStepValidFor));
}

std::string removed_step_cookie(std::string_view kind, bool tls) {
  return cookie_of(step_cookie_name(kind, tls), "", tls, std::chrono::seconds(0));
}

}  // namespace cluse::api
