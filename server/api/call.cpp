#include "server/api/call.h"

#include "server/api/client_words.h"
#include "server/api/cookies.h"

namespace cluse::api {

Result<Id> Call::id(std::size_t index, std::string_view code) const {
  const auto parsed = Id::parse(parameters.at(index));
  if (!parsed) return fail(Errc::not_found, code, "not an id");
  return *parsed;
}

std::string Call::query(const std::string& name) const {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<std::optional<Id>> Call::query_id(const std::string& name) const {
  const std::string text = query(name);
  if (text.empty()) return std::optional<Id>();
  const auto parsed = Id::parse(text);
  if (!parsed) return fail(Errc::invalid, "field_invalid", "not an id", name);
  return parsed;
}

domain::Place Call::place() const {
  return {request.peer, device_words(request.header("User-Agent")), request.id};
}

std::string Call::session_token() const {
  return std::string(request.cookie(cookie_name(request.tls)));
}

}  // namespace cluse::api
