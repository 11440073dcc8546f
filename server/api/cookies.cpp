#include "server/api/cookies.h"

namespace cluse::api {

std::string_view cookie_name(bool tls) {
  return tls ? "__Host-cluse_session" : "cluse_session";
}

std::string session_cookie(std::string_view token, bool tls, std::chrono::seconds lifetime) {
  std::string cookie(cookie_name(tls));
  cookie.append("=").append(token).append("; Path=/; Max-Age=").append(std::to_string(lifetime.count()));
  cookie.append("; HttpOnly; SameSite=Lax");
  if (tls) cookie.append("; Secure");
  return cookie;
}

std::string removed_cookie(bool tls) {
  return session_cookie("", tls, std::chrono::seconds(0));
}

}  // namespace cluse::api
